"""Runs caches, readers and redbot against feedmill, one after the other; the first finding ends the run."""

import os
import sys
import tempfile
import time

import caches
import critic
import doctor
import edge
import pings
import polls
from origin import Origin


def main(program):
    with tempfile.TemporaryDirectory(prefix="wire-") as directory:
        origin = Origin(os.path.abspath(program), os.path.join(directory, "origin"))
        origin.start()
        checks = [
            ("redbot", lambda: critic.criticise(origin)),
            ("feedparser", lambda: polls.universal(origin)),
            ("newsboat", lambda: polls.newsboat(origin, os.path.join(directory, "newsboat"))),
            ("CacheControl", lambda: caches.private(origin)),
            ("nginx and Varnish", lambda: caches.shared(origin, os.path.join(directory, "fronts"))),
            ("edge", lambda: edge.checked(origin, os.path.join(directory, "edge"))),
            ("pings", lambda: pings.checked(origin.program, os.path.join(directory, "pings"))),
            ("doctor", lambda: doctor.checked(origin.program, os.path.join(directory, "doctor"))),
        ]
        try:
            for name, check in checks:
                began = time.monotonic()
                check()
                print(f"{name}: passed after {time.monotonic() - began:.1f} s", flush=True)
        except AssertionError as finding:
            sys.exit(f"{name}: {finding}")
        finally:
            if origin.process:
                origin.stop()


if __name__ == "__main__":
    main(sys.argv[1])
