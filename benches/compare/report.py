"""benches/RESULTS.md: the table of this comparison, between its two marks.

Lines are kept by the row they are of, so that a run of some rows leaves the
others as they were. What stands outside the marks is others' and stays.
"""

import datetime
import json
import os
import re

from peers import ROOT, WORK

RESULTS = ROOT / "benches" / "RESULTS.md"
BEGIN, END = "<!-- benches/compare -->", "<!-- /benches/compare -->"
ORDER = ["serving", "loading", "example", "building", "idle", "demand"]


def keep(name, row, versions):
    """Puts a line into the table, in the place of the one of the same figure."""
    kept = WORK / "lines.json"
    lines = json.loads(kept.read_text()) if kept.exists() else {}
    told = {"line": row.line(), "on": f"{datetime.date.today()}", "of": versions["feedmill"], "load": os.getloadavg()[1]}
    lines.setdefault(name, {})[re.sub(r"\d+ kB", "", row.figure)] = told
    kept.write_text(json.dumps(lines, indent=1))
    write(lines, versions)


def write(lines, versions):
    ordered = [told for name in ORDER for told in lines.get(name, {}).values()]
    text = "\n".join(
        [
            BEGIN,
            "## Beside nginx, Hugo, Hexo and plain reading",
            "",
            "Made by `benches/compare/run`. Each pair ran in turn in one run; a ratio is the median of its rounds, with"
            " the least and the greatest. Believe ratios, not times.",
            "",
            f"Machine: {versions['machine']}. nginx {versions['nginx']}, Hugo {versions['hugo']},"
            f" Hexo {versions['hexo']}, rustc {versions['rustc']}. Measured {span(ordered)}.",
            *busy(ordered),
            "",
            "| figure | bar | ratio | feedmill | the other | met |",
            "| --- | --- | --- | --- | --- | --- |",
            *[told["line"] for told in ordered],
            END,
        ]
    )
    before = RESULTS.read_text() if RESULTS.exists() else "# Results\n\n"
    if BEGIN in before:
        start, end = before.index(BEGIN), before.index(END) + len(END)
        RESULTS.write_text(before[:start] + text + before[end:])
    else:
        RESULTS.write_text(before.rstrip("\n") + "\n\n" + text + "\n")


def busy(ordered):
    """What else the machine did, if it did: a comparison alone is a load of two."""
    load = max(told.get("load", 0) for told in ordered)
    if load > 3:
        words = "The machine had other work meanwhile, which strikes one of a pair and not the other: the load was up to"
        yield f"\n{words} {load:.0f} on {os.cpu_count()} cores."


def span(ordered):
    """When, and of which commits."""
    days, commits = sorted({told["on"] for told in ordered}), sorted({told["of"] for told in ordered})
    return f"{' to '.join(dict.fromkeys([days[0], days[-1]]))} at {', '.join(commits)}"
