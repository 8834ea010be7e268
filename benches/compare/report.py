"""Writes the table of this comparison into benches/RESULTS.md, between its two markers.

Lines are kept by figure, so that a run of some rows keeps the others. Text outside the markers is not changed.
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
    """Puts a line into the table, replacing the line of the same figure."""
    kept = WORK / "lines.json"
    lines = json.loads(kept.read_text()) if kept.exists() else {}
    entry = {"line": row.line(), "on": f"{datetime.date.today()}", "of": versions["feedmill"], "load": os.getloadavg()[1]}
    lines.setdefault(name, {})[re.sub(r"\d+ kB", "", row.figure)] = entry
    kept.write_text(json.dumps(lines, indent=1))
    write(lines, versions)


def write(lines, versions):
    ordered = [entry for name in ORDER for entry in lines.get(name, {}).values()]
    text = "\n".join(
        [
            BEGIN,
            "## Comparison with nginx, Hugo, Hexo and plain reading",
            "",
            "Written by `benches/compare/run`. Each pair ran in turn in one run; a ratio is the median of its rounds, with"
            " minimum and maximum. Trust the ratios, not the times.",
            "",
            f"Machine: {versions['machine']}. nginx {versions['nginx']}, Hugo {versions['hugo']},"
            f" Hexo {versions['hexo']}, rustc {versions['rustc']}. Measured {span(ordered)}.",
            *busy(ordered),
            "",
            "| figure | bar | ratio | feedmill | the other | met |",
            "| --- | --- | --- | --- | --- | --- |",
            *[entry["line"] for entry in ordered],
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
    """Yields a remark if the machine was busy: the comparison alone has a load of two."""
    load = max(entry.get("load", 0) for entry in ordered)
    if load > 3:
        words = "The machine was busy with other work, which may affect only one of a pair: the load was up to"
        yield f"\n{words} {load:.0f} on {os.cpu_count()} cores."


def span(ordered):
    """Returns the dates and commits of the lines."""
    days, commits = sorted({entry["on"] for entry in ordered}), sorted({entry["of"] for entry in ordered})
    return f"{' to '.join(dict.fromkeys([days[0], days[-1]]))} at {', '.join(commits)}"
