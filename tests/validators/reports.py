"""Validates `feedmill check --format sarif` with Microsoft's SARIF tool and the schema that comes with it.

    reports.py NPM    NPM: the directory with the npm packages

The site has problems of many kinds. Afterwards faults are planted in the report, to check that they are found.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema

from test_server import binary

SITE = {
    "content/broken.md": "---\nauthor: 'x\ndate: [2026\n---\n",
    "content/rescued.md": "---\ntitle: a\ndate: 2026-01-01\nauthor: @me: x\n---\n",
    "content/large.md": "---\ntitle: a\n" + "key: value\n" * 7000 + "---\n",
    "content/文 1/a#b?.md": "---\ntitle: a\ndate: Invalid Date\ncover: /none.png\nid: urn:x:1\ncategories: [事实]\n---\n",
    "content/same.md": "---\ntitle: b\ndate: 2026-01-01 10:00:00 CST\nid: urn:x:1\ncategories: [实事]\n---\n",
    "feeds/site.yaml": "title: A\nlangage: zh\n",
    "feeds/mine.yaml": "title: Mine\nselect:\n  categorys: [a]\n",
}
# Each fault: description, and the change that plants it in a valid report.
FAULTS = [
    ("the version is older", lambda log: log.update(version="2.0.0")),
    ("a level is unknown", lambda log: log["runs"][0]["results"][0].update(level="fatal")),
    ("columns are counted in bytes", lambda log: log["runs"][0].update(columnKind="bytes")),
    ("a message is a string", lambda log: log["runs"][0]["results"][0].update(message="x")),
    ("a key is unknown", lambda log: log["runs"][0]["results"][0].update(rule="x")),
    ("a rule has no name", lambda log: log["runs"][0]["tool"]["driver"]["rules"][0].pop("id")),
    ("a line is before the first", lambda log: region(log).update(startLine=0)),
    ("a line is text", lambda log: region(log).update(startLine="1")),
    ("a column has no line", lambda log: region(log).pop("startLine")),
    ("a rule index is out of range", lambda log: log["runs"][0]["results"][0].update(ruleIndex=1000)),
    ("a URI is invalid", lambda log: place(log)["artifactLocation"].update(uri="http://[")),
]


def place(log):
    return log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]


def region(log):
    return place(log)["region"]


def report(room):
    """Writes the site to `room`, and returns the report of `check`."""
    for path, text in SITE.items():
        (room / path).parent.mkdir(parents=True, exist_ok=True)
        (room / path).write_text(text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDMILL_")}
    done = subprocess.run([binary(), "check", "--format", "sarif"], cwd=room, capture_output=True, env=environment)
    if done.returncode != 1:
        raise SystemExit(f"check ended with {done.returncode}: {done.stderr.decode()}")
    return json.loads(done.stdout)


def complaints(log, npm, room):
    """Returns the complaints of the schema and the tool about a report."""
    package = Path(npm) / "node_modules" / "@microsoft" / "sarif-multitool-linux"
    schema = json.loads((package / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    found = [f"schema: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(log)]
    file = room / "report.sarif"
    file.write_text(json.dumps(log), encoding="utf-8")
    # The tool runs without ICU, and npm does not make it executable.
    tool = package / "Sarif.Multitool"
    tool.chmod(0o755)
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run([tool, "validate", file], capture_output=True, text=True, env=environment)
    if "Done. 1 files scanned." not in done.stdout:
        raise SystemExit(f"the SARIF tool ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    found += [line.strip() for line in done.stdout.splitlines() if ": error " in line or ": warning " in line]
    # The report has no informationUri, because the project has no public URL yet.
    return [line for line in found if "SARIF2005" not in line or "informationUri" not in line]


def main(npm):
    with tempfile.TemporaryDirectory(prefix="feedmill-validators-") as directory:
        room = Path(directory)
        log = report(room)
        found = complaints(log, npm, room)
        results = log["runs"][0]["results"]
        if found or len({result["ruleId"] for result in results}) < 7:
            raise SystemExit("\n".join([*found, f"{len(found)} complaints about {len(results)} results"]))
        missed = []
        for fault, plant in FAULTS:
            planted = json.loads(json.dumps(log))
            plant(planted)
            if not complaints(planted, npm, room):
                missed.append(fault)
        if missed:
            raise SystemExit(f"not found in a SARIF report: {', '.join(missed)}")
    print(f"a SARIF report of {len(results)} problems is valid, and {len(FAULTS)} planted faults were found")


if __name__ == "__main__":
    main(*sys.argv[1:])
