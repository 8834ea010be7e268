"""Readers from Debian: sfeed parses a document, newsboat subscribes to a server and stores the entries."""

import json
import os
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from readers import seen


def by_sfeed(body, format):
    run = subprocess.run(["sfeed"], input=body, capture_output=True, check=True, timeout=60)
    for line in run.stdout.decode("utf-8").split("\n")[:-1]:
        date, title, link, _, _, id, _, enclosure, *_ = line.split("\t")
        yield seen(id, title, link, int(date) if date else None, [(enclosure, None, None)] if enclosure else [])


class Newsboat:
    """newsboat with a temporary home directory."""

    def __init__(self, addresses):
        self._home = tempfile.TemporaryDirectory(prefix="feedmill-newsboat-")
        home = Path(self._home.name)
        (home / "urls").write_text("".join(f"{address}\n" for address in addresses), encoding="utf-8")
        (home / "config").write_text("reload-threads 1\nmax-items 0\n", encoding="utf-8")
        self.cache = home / "cache.db"
        self._command = ["newsboat", "-q", "-u", home / "urls", "-c", self.cache, "-C", home / "config", "-x", "reload"]

    def reload(self):
        environment = {**os.environ, "HOME": self._home.name, "TERM": "dumb", "XDG_CONFIG_HOME": self._home.name}
        subprocess.run(self._command, env=environment, check=True, capture_output=True, timeout=300)

    def stored(self):
        """Returns the stored entries by id."""
        with sqlite3.connect(self.cache) as store:
            rows = store.execute(
                "select guid, title, url, pubDate, enclosure_url, enclosure_type from rss_item"
            ).fetchall()
        entries = {}
        for guid, title, url, date, enclosure, kind in rows:
            entries[guid] = seen(guid, title, url, date, [(enclosure, None, kind)] if enclosure else [])
        return entries

    def close(self):
        self._home.cleanup()


def statuses(log, since):
    """Returns path and status of the responses in a log of feedmill, from line `since` on."""
    lines = [json.loads(line) for line in log.splitlines()[since:]]
    return [(line["path"], line["status"]) for line in lines if "status" in line]
