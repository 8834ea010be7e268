"""Runs every validator on every feed of every corpus site, in all formats, and on a site of hostile articles.

    validate.py NPM [SITE…]    NPM: the directory with the npm packages; all sites if none is named

The expected values come from reference.py and w3c, the known limits of the validators from limits.py.
"""

import concurrent.futures
import json
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import listparser

import compare
import desktop
import hostile
import json_feed
import readers
import w3c
import reference
from limits import FORMATS
from test_server import TestServer

HERE = Path(__file__).resolve().parent
# The number of complaints to print for each validator.
PRINTED = 5
# The number of sites of random articles, and of articles in each: no document is larger than the W3C service accepts.
NOISE = (5, 2000)
SITE = "feeds: {limit: 1000, max_bytes: 4500000}\n"


def held(body):
    """Yields each entry of a JSON Feed in the form of readers.py."""
    for item in json.loads(body)["items"]:
        date = item.get("date_published")
        enclosures = [(a["url"], a.get("size_in_bytes"), a["mime_type"]) for a in item.get("attachments", [])]
        seconds = date and int(datetime.fromisoformat(date).timestamp())
        yield readers.seen(item["id"], item.get("title"), item["url"], seconds, enclosures)


class Bench:
    """The validation of one site; `found` has the complaints."""

    def __init__(self, name, npm, server):
        self.name, self.npm, self.server = name, npm, server
        self.found, self.documents, self.entries = [], 0, 0
        self.directory = tempfile.TemporaryDirectory(prefix="feedmill-validators-")

    def complain(self, validator, address, complaints):
        self.found += [(validator, f"{self.name} {address} {validator}: {complaint}") for complaint in complaints]

    def fetch(self, feeds):
        """Yields the documents of each feed: (format, URL, headers, body, file)."""
        for feed in feeds:
            documents = []
            for format in ("json", "rss", "atom"):
                headers, body = self.server.get(feed[format])
                file = Path(self.directory.name) / f"{self.documents}.{format}"
                file.write_bytes(body)
                self.documents += 1
                documents.append((format, feed[format], headers, body, file))
            yield documents

    def validate(self, articles, most=None):
        """Validates the first `most` feeds, or all, and compares them with the articles if these are given."""
        feeds = list(self.fetch(self.server.catalogue()[:most]))
        asked = [{"format": document[0], "path": str(document[4])} for documents in feeds for document in documents]
        node = subprocess.Popen(
            ["node", HERE / "readers.mjs"], cwd=self.npm, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with concurrent.futures.ThreadPoolExecutor() as aside:
            answers = aside.submit(node.communicate, "".join(f"{json.dumps(line)}\n" for line in asked))
            ours = {}
            for documents in feeds:
                entries = list(held(documents[0][3]))
                self.entries += len(entries)
                self.hold(entries, documents[0][1], articles)
                for format, address, headers, body, _ in documents:
                    ours[address] = (format, entries)
                    self.alone(format, address, headers, body, entries)
            lines = answers.result()[0].splitlines()
        if node.returncode != 0 or len(lines) != len(asked):
            raise SystemExit(f"{self.name}: node ended with {node.returncode} after {len(lines)} of {len(asked)}")
        for (format, address, *_), line in zip([d for documents in feeds for d in documents], lines):
            self.of_node(format, address, json.loads(line), ours[address][1])
        self.xmllint([d[4] for documents in feeds for d in documents if d[0] != "json"])
        self.outlines()
        return ours

    def hold(self, entries, address, articles):
        """Compares the entries of a feed with the article files."""
        base = self.server.url("/")
        if articles is not None and address == self.server.url("/feed.json"):
            shown = {entry["id"] for entry in entries}
            due = {id: article for id, article in articles.items() if reference.is_due(article)}
            lost = [article["path"] for id, article in due.items() if id not in shown]
            self.complain("reference", address, [f"{path} is missing" for path in lost])
        for entry in entries if articles is not None else []:
            article = articles.get(entry["id"])
            if article is None:
                self.complain("reference", address, [f"no article has the id {entry['id']} ({entry['title']})"])
            else:
                self.complain("reference", address, reference.validate(entry, article, base))

    def alone(self, format, address, headers, body, entries):
        """Runs the validators in Python, and sfeed, on one document."""
        of_format = json_feed.validate if format == "json" else w3c.validate
        self.complain("json_feed" if format == "json" else "w3c", address, of_format(address, headers["Content-Type"], body))
        for name, read in {**readers.READERS, "sfeed": desktop.by_sfeed}.items():
            if format in FORMATS[name]:
                try:
                    found = list(read(body, format))
                except Exception as error:  # any exception of a reader is a finding
                    self.complain(name, address, [f"{type(error).__name__}: {error}"])
                else:
                    self.complain(name, address, compare.differences(name, format, entries, found))

    def of_node(self, format, address, answer, entries):
        for name, found in answer.items():
            if isinstance(found, dict):
                self.complain(name, address, [found["error"]])
            else:
                self.complain(name, address, compare.differences(name, format, entries, found))

    def xmllint(self, files):
        run = subprocess.run(["xmllint", "--noout", "--nonet", "--huge", *files], capture_output=True, text=True)
        if run.returncode != 0:
            self.complain("xmllint", "", run.stderr.splitlines()[:PRINTED])

    def outlines(self):
        address = self.server.url("/feeds.opml")
        headers, body = self.server.get(address)
        self.complain("w3c", address, w3c.validate(address, headers["Content-Type"], body))
        outline = listparser.parse(body.decode("utf-8"))
        wanted = [feed["rss"] or feed["atom"] or feed["json"] for feed in self.server.catalogue()]
        if outline.bozo:
            self.complain("listparser", address, [str(outline.get("bozo_exception"))])
        if sorted(feed.url for feed in outline.feeds) != sorted(wanted):
            self.complain("listparser", address, [f"{len(outline.feeds)} feeds of {len(wanted)}"])

    def media(self, ours):
        """Downloads the enclosures on our own site, and compares their length and type with the feed."""
        known = {enclosure for _, entries in ours.values() for entry in entries for enclosure in entry["enclosures"]}
        for url, length, kind in sorted(known, key=str):
            if url.startswith(self.server.url("/media/")):
                headers, body = self.server.get(url)
                if (len(body), headers["Content-Type"]) != (length, kind):
                    self.complain("media", url, [f"{len(body)} bytes of {headers['Content-Type']}, not {length} of {kind}"])

    def newsboat(self, ours, format):
        """Subscribes to every feed of a format; from the third reload on, every response must be 304."""
        feeds = {address: entries for address, (kind, entries) in ours.items() if kind == format}
        boat = desktop.Newsboat(feeds)
        boat.reload()
        stored = boat.stored()
        wanted = list({entry["id"]: entry for entries in feeds.values() for entry in entries}.values())
        kept = [stored[entry["id"]] for entry in wanted if entry["id"] in stored]
        # newsboat stores the time of the reload for an entry without a date.
        for one, other in zip(wanted, kept):
            other["date"] = None if one["date"] is None else other["date"]
        self.complain("newsboat", format, compare.differences("newsboat", format, wanted, kept))
        boat.reload()
        before = len(self.server.log().splitlines())
        boat.reload()
        statuses = desktop.statuses(self.server.log(), before)
        wrong = [f"{path} returned {status} at the third reload" for path, status in statuses if status != 304]
        if len(statuses) != len(feeds):
            wrong.append(f"{len(statuses)} requests for {len(feeds)} feeds at the third reload")
        self.complain("newsboat", format, wrong)
        boat.close()


def of_corpus(name, content, dialect, articles, npm):
    site = f"{SITE}dialect: {dialect}\n"
    with TestServer(content, site=site, arguments=["--drain", "0s", "--access-log", "on"]) as server:
        bench = Bench(name, npm, server)
        ours = bench.validate(articles)
        bench.media(ours)
        bench.newsboat(ours, "rss")
        bench.newsboat(ours, "atom")
        return bench.found, bench.documents, bench.entries


def of_hostile(name, articles, most, npm, site=hostile.SITE):
    with tempfile.TemporaryDirectory(prefix="feedmill-hostile-") as directory:
        content = Path(directory) / "content"
        hostile.write(content, articles)
        with TestServer(content, site=site, arguments=["--drain", "0s"]) as server:
            bench = Bench(name, npm, server)
            bench.validate(None, most)
            return bench.found, bench.documents, bench.entries


def main(npm, *only):
    found, documents, entries = [], 0, 0
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as workers:
        jobs = [
            workers.submit(of_corpus, name, content, dialect, articles, npm)
            for name, content, dialect, articles in reference.sites()
            if not only or name in only
        ]
        if not only or "hostile" in only:
            jobs.append(workers.submit(of_hostile, "hostile", list(hostile.articles()), None, npm))
        if not only or "podcast" in only:
            jobs.append(workers.submit(of_hostile, "podcast", list(hostile.episodes()), 1, npm, hostile.PODCAST))
        if not only or "noise" in only:
            for seed in range(NOISE[0]):
                articles = list(hostile.noise(seed, NOISE[1]))
                # Nearly every article has its own tag, so only the feed of the whole site is checked.
                jobs.append(workers.submit(of_hostile, f"noise {seed}", articles, 1, npm))
        for job in jobs:
            complaints, some, more = job.result()
            found, documents, entries = found + complaints, documents + some, entries + more
    counts = {}
    for validator, complaint in found:
        counts[validator] = counts.get(validator, 0) + 1
        if counts[validator] <= PRINTED:
            print(complaint[:600], file=sys.stderr)
    if found:
        counted = ", ".join(f"{validator} {count}" for validator, count in sorted(counts.items()))
        raise SystemExit(f"{len(found)} complaints about {documents} documents: {counted}")
    if not jobs or not entries:
        raise SystemExit("nothing was validated")
    print(f"{documents} documents with {entries} entries of {len(jobs)} sites: no validator has a complaint")


if __name__ == "__main__":
    main(*sys.argv[1:])
