#!/usr/bin/env python3
"""Clocks jump: forwards over articles that are held or expire, back again, to years in which nothing is due, and to
years in which everything is. Whoever serves follows, is never down, and equals a fresh load at that moment."""

import datetime
import pathlib
import tempfile

from mills import Mill, ask, by_clock, environment, eventually
from polls import Polls

BASE = ["--base-url", "http://feeds.example.org"]
PATHS = ["/rss.xml", "/atom.xml", "/feed.json", "/feeds/all/rss.xml", "/"]
SAME = ["etag", "last-modified", "content-type", "cache-control"]
#        a jump, and whether `soon` is due, `brief` has expired, and `old` has been written yet
JUMPS = [("+0", "brief old"), ("+2h", "soon old"), ("+30y", "soon old"), ("-40y", ""), ("-2d", "brief old"), ("+0", "brief old")]


def article(title, date, more=""):
    return f"---\ntitle: {title}\ndate: {date:%Y-%m-%dT%H:%M:%SZ}\n{more}---\nText of {title}.\n"


def titles(port):
    return " ".join(sorted(entry["title"] for entry in __import__("json").loads(ask(port, "/feed.json")[2])["items"]))


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        content, feeds, clock = root / "content", root / "feeds", root / "clock"
        content.mkdir()
        feeds.mkdir()
        (feeds / "all.yaml").write_text("title: All\n")
        clock.write_text("+0\n")
        now = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        (content / "soon.md").write_text(article("soon", now + hour))
        expires = f"expiryDate: {now + hour:%Y-%m-%dT%H:%M:%SZ}\n"
        (content / "brief.md").write_text(article("brief", now - 72 * hour, expires))
        (content / "old.md").write_text(article("old", now - 30 * 24 * hour))
        by_file = environment(**by_clock(file=clock))
        mill = Mill(content, feeds, *BASE, env=by_file)
        polls = Polls(mill.port, PATHS, threads=2, seconds=300, pause=0.01)
        try:
            for number, (jump, wanted) in enumerate(JUMPS):
                beside = root / "beside"
                beside.write_text(f"{jump}\n")
                beside.rename(clock)
                # A clock that was set does not wake anybody: it is looked at now and then.
                wanted = " ".join(sorted(wanted.split()))
                eventually(f"{wanted!r} after {jump}:\n{mill.log()}", lambda: titles(mill.port) == wanted, seconds=45)
                # What is saved at that moment is seen as ever.
                (content / "old.md").write_text(article("old", now - 30 * 24 * hour) + f"Saved {number}.\n")
                fresh = Mill(content, feeds, *BASE, env=by_file)

                def equal():
                    for path in PATHS:
                        ours, theirs = ask(mill.port, path), ask(fresh.port, path)
                        if ours[2] != theirs[2] or [ours[1].get(key) for key in SAME] != [theirs[1].get(key) for key in SAME]:
                            return False
                    return True

                try:
                    eventually(f"it equals a fresh load after {jump}:\n{mill.log()}", equal)
                finally:
                    assert fresh.end() == 0, fresh.log()
                assert ask(mill.port, "/readyz")[0] == 200
            answers, trouble = polls.finish()
        finally:
            polls.finish()
            code = mill.end()
        assert code == 0 and not trouble, (code, trouble[:5])
        assert "panicked" not in mill.log() and "broke" not in mill.log(), mill.log()
        print(f"clock: {len(JUMPS)} jumps under {sum(answers.values())} polls, each followed")


if __name__ == "__main__":
    main()
