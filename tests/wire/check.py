"""Runs every foreign judge of the wire in turn; the first finding ends it."""

import os
import sys
import tempfile
import time

import caches
import critic
import polls
from origin import Origin


def main(program):
    with tempfile.TemporaryDirectory(prefix="wire-") as directory:
        origin = Origin(os.path.abspath(program), os.path.join(directory, "origin"))
        origin.start()
        judges = [
            ("redbot", lambda: critic.criticise(origin)),
            ("feedparser", lambda: polls.universal(origin)),
            ("newsboat", lambda: polls.newsboat(origin, os.path.join(directory, "newsboat"))),
            ("CacheControl", lambda: caches.private(origin)),
            ("nginx and Varnish", lambda: caches.shared(origin, os.path.join(directory, "fronts"))),
        ]
        try:
            for name, judge in judges:
                began = time.monotonic()
                judge()
                print(f"{name}: content after {time.monotonic() - began:.1f} s", flush=True)
        except AssertionError as finding:
            sys.exit(f"{name}: {finding}")
        finally:
            if origin.process:
                origin.stop()


if __name__ == "__main__":
    main(sys.argv[1])
