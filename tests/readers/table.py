"""Prints the table of readers and fields: `=` shown as the article says, `-` not shown, else how many of how many.

    table.py NPM [SITE…]    NPM: the directory with the npm packages; all sites if none is named
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import NamedTuple

import hostile
import reference
from fields import FIELDS, READERS
from known import LIMITS
from test_server import PROJECT, TestServer
from w3c import uri

HERE = Path(__file__).resolve().parent
# What is compared of each site: enough to see every kind of article, and few enough for a minute.
SITE = "feeds: {limit: 100, max_bytes: 4500000}\n"
RANDOM = (7, 150)
FORMATS = ("rss", "atom", "json")


class Document(NamedTuple):
    site: str
    format: str
    address: str
    body: bytes
    path: Path


def truth(body):
    """The fields of each entry, by id, from the JSON Feed, which tests/validators compares with the articles."""
    feed = json.loads(body)
    for item in feed["items"]:
        attachments = item.get("attachments", [])
        yield item["id"], {
            "title": item.get("title", ""),
            "author": ", ".join(author["name"] for author in item.get("authors", feed.get("authors", []))),
            "date": int(datetime.fromisoformat(item["date_published"]).timestamp()),
            "language": item.get("language", feed["language"]),
            "categories": item.get("tags", []),
            "link": item["url"],
            "enclosures": [(a["url"], a.get("size_in_bytes"), a["mime_type"]) for a in attachments],
            "duration": attachments[0].get("duration_in_seconds") if attachments else None,
            # An item of JSON must have content, so one without any has its title or summary as `content_text`.
            "content": item.get("content_html"),
        }


def _line(text):
    # RSS has `</div >` in plain text, because the W3C service rejects `</div>`.
    return " ".join(re.sub(r"</(\w+) >", r"</\1>", unescape(text or "")).split())


def _visible(text):
    return "".join(re.sub(r"<[^>]*>", " ", unescape(unescape(text or ""))).split())


def _length(value):
    return int(value) if value not in (None, "") and int(value) > 0 else None


def normal(field, entry, format):
    """The value of a field in a form in which readers and articles are equal; None if there is none."""
    if field in ("url", "length", "type"):
        enclosures = entry.get("enclosures")
        if enclosures is None:
            return None
        # RSS names no host that the W3C service rejects.
        first = [e for e in enclosures if format != "rss" or not uri.playable(e[0])][:1]
        value = first[0][("url", "length", "type").index(field)] if first else None
        return _length(value) if field == "length" else value
    value = entry.get(field)
    if field == "categories":
        return sorted(map(_line, value)) or None if value else None
    if field == "content":
        return _visible(value) or None
    if field == "language":
        return value and value.lower()
    if field == "duration":
        return value and int(value)
    if field == "author" and "@" in (value or ""):
        # XML has no angle brackets around an e-mail address, because the W3C service rejects it.
        value = value.replace("<", " ").replace(">", " ")
    return value if field == "date" else _line(value) or None


class Table:
    """How many entries each reader shows as they are, by format and field."""

    def __init__(self):
        self.cells, self.wrong = {}, []

    def add(self, reader, document, held, found):
        # Some readers drop entries without a title, and Miniflux returns no id.
        found = {entry.get("id") or entry.get("link"): entry for entry in found}
        for id, ours in held.items():
            theirs = found.get(id) or found.get(ours["link"]) or {}
            for field in FIELDS:
                wanted, seen = (normal(field, entry, document.format) for entry in (ours, theirs))
                cell = self.cells.setdefault((reader, document.format), {}).setdefault(field, [0, 0, 0])
                if wanted is None:
                    continue
                cell[0] += 1
                cell[1] += seen is not None
                if seen == wanted:
                    cell[2] += 1
                elif seen is not None and not LIMITS.get((reader, document.format, field)):
                    self.wrong.append(f"{document.site} {reader} {document.format} {field}: {str(seen)[:120]!r} for {str(wanted)[:120]!r}")

    def print(self):
        print("| reader | format | " + " | ".join(FIELDS) + " |")
        print("| --- | --- |" + " --- |" * len(FIELDS))
        for (reader, format), fields in self.cells.items():
            print(f"| {reader} | {format} | " + " | ".join(self._cell(*fields[field]) for field in FIELDS) + " |")

    @staticmethod
    def _cell(total, shown, equal):
        return "=" if equal == total else "-" if not shown else f"{equal}/{total}"


def documents(site, server, directory):
    for format, name in zip(FORMATS, ("rss.xml", "atom.xml", "feed.json")):
        path = directory / f"{site}.{format}"
        path.write_bytes(server.get(server.url(f"/{name}"))[1])
        yield Document(site, format, server.url(f"/{name}"), path.read_bytes(), path)


def by_program(command, documents):
    """What a program says about documents: it reads lines of {"format", "path"} and writes {reader: entries} for each."""
    asked = "".join(f"{json.dumps({'format': d.format, 'path': str(d.path)})}\n" for d in documents)
    run = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=300)
    return map(json.loads, filter(None, run.stdout.split("\n")))


def programs(npm):
    yield ["node", HERE / "fields.mjs"], npm
    if freshrss := os.environ.get("FRESHRSS"):
        yield ["php", HERE / "simplepie.php", freshrss], None
    if miniflux := os.environ.get("MINIFLUX"):
        yield [miniflux], None


def sites(directory):
    yield "example", PROJECT / "content", (PROJECT / "feeds" / "site.yaml").read_text(encoding="utf-8"), ()
    podcast = PROJECT / "examples" / "podcast"
    yield "podcast", podcast / "content", (podcast / "feeds" / "site.yaml").read_text(encoding="utf-8"), ()
    hostile.write(directory / "random", list(hostile.noise(*RANDOM)))
    yield "random", directory / "random", hostile.SITE.replace("100000", "100"), ()
    if reference.CORPUS.is_dir():
        for name, content, dialect, _ in reference.sites():
            yield name, content, f"{SITE}dialect: {dialect}\n", ()


def main(npm, *only):
    table = Table()
    with tempfile.TemporaryDirectory(prefix="feedmill-readers-") as scratch:
        scratch = Path(scratch)
        for name, content, site, arguments in sites(scratch):
            if only and name not in only:
                continue
            with TestServer(content, site=re.sub(r"(?m)^base_url:.*\n", "", site), arguments=["--drain", "0s", *arguments]) as server:
                found = list(documents(name, server, scratch))
                held = dict(truth(found[2].body))
                for document in found:
                    for reader, (read, formats) in READERS.items():
                        if document.format in formats:
                            table.add(reader, document, held, list(read(document)))
                for command, place in programs(npm):
                    run = [str(part) for part in command]
                    os_place = os.getcwd()
                    os.chdir(place or os_place)
                    answers = list(by_program(run, found))
                    os.chdir(os_place)
                    for document, answer in zip(found, answers):
                        for reader, entries in answer.items():
                            if isinstance(entries, dict):
                                raise SystemExit(f"{name} {reader} {document.format}: {entries['error']}")
                            table.add(reader, document, held, entries)
    table.print()
    if table.wrong:
        print("\n".join(table.wrong[:60]), file=sys.stderr)
        raise SystemExit(f"{len(table.wrong)} values are shown differently")


if __name__ == "__main__":
    main(*sys.argv[1:])
