#!/usr/bin/env python3
"""Replicas are interchangeable. Two copies of a directory, written in another order, with other modification times, in
another time zone and with a clock one hour ahead, give equal bytes and validators for every path. A shared cache in front
of them sends at most two requests to the origin for two thousand polls."""
import datetime
import email.utils
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse

from servers import BINARY, ROOT, TestServer, Process, ask, by_clock, environment, eventually, free_port

BASE = ["--base-url", "http://feeds.example.org"]
SAME = ["content-type", "content-encoding", "etag", "last-modified", "cache-control", "vary"]


def articles(content):
    """Writes the example, and enough further articles that order and equal dates matter."""
    shutil.copytree(ROOT / "content", content)
    for number in range(120):
        day = 1 + number % 9
        text = f"---\ntitle: No {number}\ndate: 2025-03-{day:02}\ncategories: [C{number % 7}]\ntags: [t{number % 5}]\n---\nText {number}.\n"
        (content / f"n{number}.md").write_text(text)
    for number in range(5):
        (content / f"undated{number}.md").write_text(f"---\ntitle: Undated {number}\n---\nText.\n")


def copied_otherwise(source, target):
    """Copies the files in another order and with other modification times."""
    chance = random.Random(9)
    files = sorted(path for path in source.rglob("*") if path.is_file())
    chance.shuffle(files)
    for path in files:
        to = target / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(path.read_bytes())
        moment = chance.randrange(1_000_000_000, 1_700_000_000)
        os.utime(to, (moment, moment))


def addresses(content, feeds, out):
    flags = ["--content", content, "--feeds", feeds, "--out", out, "--log", "text", *BASE]
    subprocess.run([BINARY, "build", *flags], check=True, env=environment(), capture_output=True)
    files = [str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()]
    shown = [file for file in files if not re.search(r"\.(gz|br)$|^(_headers|_redirects|_nginx.conf|\.feedmill)$", file)]
    return sorted("/" + urllib.parse.quote(re.sub(r"(^|/)index\.html$", r"\1", file)) for file in shown)


def compare(one, other, paths):
    for path in paths:
        for coding in (None, "gzip", "br"):
            headers = {"Accept-Encoding": coding} if coding else {}
            first, second = ask(one.port, path, headers=headers), ask(other.port, path, headers=headers)
            assert first[0] == second[0] == 200, (path, first[0], second[0])
            assert first[2] == second[2], f"{path} ({coding}): the bodies differ"
            for name in SAME:
                assert first[1].get(name) == second[1].get(name), (path, coding, name)
        # Each replica knows the validators of the other.
        for validator, condition in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
            if validator in first[1]:
                for server in (one, other):
                    answer = ask(server.port, path, headers={condition: first[1][validator]})
                    known = validator == "etag" or not path.startswith("/media/")
                    assert answer[0] == (304 if known else answer[0]), (path, condition, answer[0])


def asked(server):
    """Returns the number of feed responses of the origin."""
    text = ask(server.admin, "/metrics")[2].decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
               if line.startswith("feedmill_requests_total{") and 'route="feed"' in line)


def behind_varnish(server, directory):
    port = free_port()
    command = ["varnishd", "-F", "-n", str(directory), "-a", f"127.0.0.1:{port}", "-b", f"127.0.0.1:{server.port}",
               "-T", "none", "-s", "malloc,32m", "-p", "thread_pool_min=5"]
    varnish = Process(command)
    try:
        def answers():
            assert varnish.child.poll() is None, varnish.log()
            try:
                return ask(port, "/healthz")[0] == 200
            except OSError:
                return False

        eventually(f"varnish answers:\n{varnish.log()}", answers, seconds=30)
        before, statuses, lock = asked(server), {}, threading.Lock()

        def poll(index):
            for count in range(100):
                coding = {"Accept-Encoding": "gzip"} if (index + count) % 2 else {}
                status = ask(port, "/rss.xml", headers=coding)[0]
                with lock:
                    statuses[status] = statuses.get(status, 0) + 1

        threads = [threading.Thread(target=poll, args=(index,)) for index in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == {200: 2000}, statuses
        times = asked(server) - before
        assert times <= 2, f"the origin was asked {times} times"
        return int(times)
    finally:
        varnish.end()


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        root.chmod(0o755)
        articles(root / "a/content")
        copied_otherwise(root / "a/content", root / "b/content")
        for copy in "ab":
            shutil.copytree(ROOT / "feeds", root / copy / "feeds")
        paths = addresses(root / "a/content", root / "a/feeds", root / "dist")
        assert len(paths) > 250, len(paths)
        one = TestServer(root / "a/content", root / "a/feeds", *BASE, env=environment(TZ="Asia/Shanghai", LANG="C"))
        later = environment(TZ="America/St_Johns", LANG="de_DE.UTF-8", **by_clock("+1h"))
        other = TestServer(root / "b/content", root / "b/feeds", *BASE, env=later)
        hour = datetime.timedelta(hours=1)
        ahead = email.utils.parsedate_to_datetime(other.get("/healthz")[1]["date"]) - datetime.datetime.now(datetime.timezone.utc)
        assert abs(ahead - hour) < datetime.timedelta(minutes=1), f"the clock is ahead by {ahead}"
        try:
            compare(one, other, paths)
            (root / "varnish").mkdir()
            times = behind_varnish(one, root / "varnish")
        finally:
            assert [one.end(), other.end()] == [0, 0], one.log() + other.log()
        print(f"replicas: {len(paths)} paths are equal in three content codings; of 2,000 polls {times} reached the origin")


if __name__ == "__main__":
    main()
