"""Publishes a site to SeaweedFS as several publishers do, and stops them where it hurts. Prints the first finding."""

import hashlib
import html
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zlib

from seaweed import ADMIN, WRITER, Seaweed, free_ports

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "wire"))
from origin import eventually  # noqa: E402

BASE = "https://feeds.example.org"
BUCKET = "feeds"
ARTICLES = 300


def png(number):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    row = b"\0" + bytes([number % 256, number // 256, 7])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row))
        + chunk(b"IEND", b"")
    )


class Site:
    """A directory of articles, in ten categories, each with an image."""

    def __init__(self, directory, articles=ARTICLES):
        self.directory = pathlib.Path(directory)
        self.content, self.feeds = self.directory / "content", self.directory / "feeds"
        self.content.mkdir(parents=True)
        self.feeds.mkdir()
        (self.feeds / "site.yaml").write_text("title: Store\nlanguage: en\nredirects: {/old.xml: /rss.xml}\n")
        for number in range(articles):
            self.write(number)

    def write(self, number, text="", category=None):
        category = category or f"c{number % 10}"
        (self.content / f"{number}.png").write_bytes(png(number))
        (self.content / f"a {number} & b.md").write_text(
            f"---\ntitle: Article {number}\ndate: 2026-01-01 {number // 60 % 24:02}:{number % 60:02}:00\n"
            f"categories: [{category}]\n---\n![]({number}.png)\n\nText {number}. {text}\n"
        )

    def remove(self, number):
        (self.content / f"a {number} & b.md").unlink()

    def copy(self, name):
        other = object.__new__(Site)
        other.directory = self.directory.parent / name
        shutil.copytree(self.directory, other.directory)
        other.content, other.feeds = other.directory / "content", other.directory / "feeds"
        return other


class Publisher:
    def __init__(self, feedmill, seaweed, work):
        self.feedmill, self.seaweed, self.work, self.logs = feedmill, seaweed, pathlib.Path(work), []

    def start(self, site, prefix, *flags, keys=WRITER, port=None, bucket=BUCKET, levels="trace"):
        log = self.work / f"log-{len(self.logs)}"
        self.logs.append(log)
        environment = {
            "PATH": os.environ["PATH"],
            "RUST_LOG": levels,
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{port or self.seaweed.s3}",
            "AWS_ACCESS_KEY_ID": keys[0],
            "AWS_SECRET_ACCESS_KEY": keys[1],
        }
        command = [
            self.feedmill, "build", "--content", site.content, "--feeds", site.feeds, "--base-url", BASE, "--log", "text",
            "--out", f"s3://{bucket}/{prefix}" if prefix is not None else f"{self.work}/dist", *flags,
        ]
        with open(log, "wb") as stderr:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True)
        process.log = log
        return process

    def run(self, *arguments, code=0, **options):
        """Publishes, and returns what it says."""
        process = self.start(*arguments, **options)
        out, _ = process.communicate(timeout=120)
        said = process.log.read_text()
        assert process.returncode == code, (process.returncode, out, said[-2000:])
        return out + said


class Gateway:
    """nginx before the engine, which treats conditions as other stores do."""

    def __init__(self, work, upstream, conditions):
        work.mkdir()
        self.port = free_ports(1)[0]
        temporary = "".join(f"{kind}_temp_path {work}/{kind};" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        (work / "nginx.conf").write_text(
            f"daemon off; pid {work}/pid; error_log {work}/error.log; events {{}}"
            f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{self.port}; client_max_body_size 100m;"
            f"client_body_buffer_size 10m;"
            f"location / {{ {conditions} proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:{upstream}; }} }} }}"
        )
        self.command = ["nginx", "-e", f"{work}/error.log", "-c", f"{work}/nginx.conf"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, env={"PATH": os.environ["PATH"] + ":/usr/sbin"})
        eventually("nginx", self.is_there, 30)
        return self.port

    def is_there(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def files(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


class Checks:
    def __init__(self, feedmill, work):
        self.work = pathlib.Path(work)
        (self.work / "seaweed").mkdir()
        self.seaweed = Seaweed(self.work / "seaweed")
        self.store = self.seaweed.admin
        self.store.make(BUCKET)
        self.publisher = Publisher(feedmill, self.seaweed, work)
        self.run, self.start = self.publisher.run, self.publisher.start
        self.site, self.small = Site(self.work / "site"), Site(self.work / "small", 20)

    def puts(self, work):
        """How many objects the engine stored during some work."""
        before = self.seaweed.requests()
        result = work()
        after = self.seaweed.requests()
        return after.get("PUT", 0) - before.get("PUT", 0), result

    def built(self, site):
        """What a build writes to a directory, without what only a host of files reads."""
        shutil.rmtree(self.work / "dist", ignore_errors=True)
        self.run(site, None)
        built = files(self.work / "dist")
        for name in ["_headers", "_nginx.conf", ".feedmill"]:
            built.pop(name)
        return {name: bytes for name, bytes in built.items() if not name.endswith((".gz", ".br"))}

    def assert_published(self, site, prefix, more=()):
        """Everything below the prefix is what a build writes, and nothing else."""
        built, keys = self.built(site), self.store.keys(BUCKET, f"{prefix}/")
        found = {key.removeprefix(f"{prefix}/") for key in keys} - {".feedmill"} - set(more)
        assert found == set(built), sorted(found ^ set(built))[:10]
        wrong = [name for name in built if keys[f"{prefix}/{name}"] != hashlib.md5(built[name]).hexdigest()]
        assert not wrong, wrong[:10]

    def assert_sound(self, prefix):
        """No feed in the store names an article or image that is not there."""
        keys = {key.removeprefix(f"{prefix}/") for key in self.store.keys(BUCKET, f"{prefix}/")}
        named = set()
        for key in keys:
            if key.endswith((".xml", "feed.json")):
                # URLs are in HTML, which is escaped in XML.
                body = html.unescape(html.unescape(self.store.get(BUCKET, f"{prefix}/{key}")[2].decode()))
                named |= set(re.findall(rf"{BASE}/((?:articles|media)/[^\"<>\\ ]+)", body))
        paths = {urllib.parse.unquote(name) for name in named}
        missing = {path for path in paths if (path + "index.html" if path.endswith("/") else path) not in keys}
        assert not missing, sorted(missing)[:10]
        return len(named)

    # What can be wrong before anything is published.

    def a_mistake_is_reported_in_a_sentence(self):
        assert "there is no bucket `nowhere`" in self.run(self.site, "a", bucket="nowhere", code=2)
        assert "refused the signature" in self.run(self.site, "a", keys=(WRITER[0], "wrong-secret"), code=2)
        assert "does not know the access key" in self.run(self.site, "a", keys=("UNKNOWN", "wrong-secret"), code=2)
        assert "cannot reach the store at 127.0.0.1:1:" in self.run(self.site, "a", port=1, code=2)
        assert "no credentials for" in self.run(self.site, "a", keys=("", ""), code=2)
        assert not self.store.keys(BUCKET, "a/")

    def files_of_others_are_not_replaced(self):
        self.store.put(BUCKET, "others/rss.xml", b"mine")
        assert "holds files that feedmill did not write, such as `rss.xml`" in self.run(self.site, "others", code=2)
        assert self.store.get(BUCKET, "others/rss.xml")[2] == b"mine"
        # A file with another name stays.
        self.store.put(BUCKET, "beside/mine.txt", b"mine")
        self.run(self.small, "beside")
        self.assert_published(self.small, "beside", more=["mine.txt"])

    # One publisher.

    def the_first_publish_stores_what_a_build_writes(self):
        changed = self.work / "changed"
        self.run(self.site, "one", "--changed", changed)
        self.assert_published(self.site, "one")
        urls = set(changed.read_text().split())
        assert f"{BASE}/articles/a%201%20&%20b/" in urls and f"{BASE}/rss.xml" in urls and f"{BASE}/" in urls, urls
        headers = lambda key: self.store.head(BUCKET, f"one/{key}")[1]
        feed, page, image = headers("rss.xml"), headers("articles/a 1 & b/index.html"), headers("media/1.png")
        assert feed["content-type"].startswith("application/xml") and "max-age=1800" in feed["cache-control"], feed
        assert page["content-type"].startswith("text/html") and page["cache-control"] == "max-age=60", page
        assert image["content-type"] == "image/png" and image["cache-control"] == "max-age=86400", image

    def an_unchanged_publish_puts_nothing(self):
        puts, said = self.puts(lambda: self.run(self.site, "one", "--changed", "-"))
        assert puts == 0 and BASE not in said.split("published")[-1], (puts, said)

    def a_change_costs_its_documents_and_two_manifests(self):
        self.site.write(299, "Changed.")
        puts, _ = self.puts(lambda: self.run(self.site, "one", "--changed", self.work / "changed"))
        urls = (self.work / "changed").read_text().split()
        # The article, and the feeds and pages of the site and of its category, which are all that show it.
        assert f"{BASE}/articles/a%20299%20&%20b/" in urls and f"{BASE}/categories/c9/atom.xml" in urls, urls
        assert len(urls) == 9 and puts == len(urls) + 2, (puts, urls)
        self.assert_published(self.site, "one")

    def dropped_documents_are_deleted_by_a_publish_after_the_time(self):
        self.site.remove(0)
        self.run(self.site, "one", "--keep", "2s", "--changed", self.work / "changed")
        assert f"{BASE}/articles/a%200%20&%20b/" in (self.work / "changed").read_text()
        dropped = ["articles/a 0 & b/index.html", "media/0.png"]
        self.assert_published(self.site, "one", more=dropped)
        self.run(self.site, "one", "--keep", "1h")
        self.assert_published(self.site, "one", more=dropped)
        time.sleep(2.1)
        self.run(self.site, "one", "--keep", "2s")
        self.assert_published(self.site, "one")

    def a_build_without_articles_does_not_replace_one_with_articles(self):
        empty = Site(self.work / "empty", 0)
        assert "add --allow-empty" in self.run(empty, "one", code=2)
        self.assert_published(self.site, "one")

    def documents_are_stored_compressed_or_with_compressed_files_beside(self):
        self.run(self.small, "gzip", "--encoding", "gzip")
        built = self.built(self.small)
        for key, coding in [("rss.xml", "gzip"), ("media/1.png", None)]:
            _, headers, body = self.store.get(BUCKET, f"gzip/{key}")
            assert headers.get("content-encoding") == coding, headers
            assert (zlib.decompress(body, 31) if coding else body) == built[key]
        self.run(self.small, "siblings", "--encoding", "siblings")
        siblings = self.store.keys(BUCKET, "siblings/")
        _, headers, body = self.store.get(BUCKET, "siblings/rss.xml.gz")
        assert zlib.decompress(body, 31) == built["rss.xml"] and headers["content-encoding"] == "gzip"
        assert "siblings/rss.xml.br" in siblings and "siblings/rss.xml" in siblings
        assert self.store.head(BUCKET, "siblings/rss.xml")[1].get("content-encoding") is None

    def a_store_without_conditions_has_a_single_writer(self):
        for prefix, conditions in [
            # As Backblaze answers.
            ("refusing", "if ($http_if_match) { return 501; } if ($http_if_none_match) { return 501; }"),
            # As older stores do, which do not know these headers.
            ("ignoring", 'proxy_set_header If-Match ""; proxy_set_header If-None-Match "";'),
        ]:
            with Gateway(self.work / prefix, self.seaweed.s3, conditions) as port:
                said = self.run(self.small, prefix, port=port, code=2)
                assert "has no conditional writes" in said, said
                assert not self.store.keys(BUCKET, f"{prefix}/")
                self.run(self.small, prefix, "--single-writer", port=port)
                self.assert_published(self.small, prefix)
                puts, _ = self.puts(lambda: self.run(self.small, prefix, "--single-writer", port=port))
                assert puts == 0, puts
                # The manifest says so, and nothing is tried again.
                assert "add --single-writer" in self.run(self.small, prefix, port=port, code=2)

    # Publishers that are stopped.

    def kill_after(self, puts, site, prefix, *flags):
        """Kills a publisher in the middle."""
        before = self.seaweed.requests().get("PUT", 0)
        process = self.start(site, prefix, *flags)
        eventually("puts", lambda: self.seaweed.requests().get("PUT", 0) >= before + puts or process.poll() is not None, 30)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "it was faster than this test"

    def a_killed_publisher_leaves_no_dead_link_and_the_next_one_repairs(self):
        self.kill_after(100, self.site, "killed")
        self.assert_sound("killed")
        said = self.run(self.site, "killed")
        assert "did not come to its end" in said
        put = int(re.search(r"(\d+) put", said).group(1))
        # What was there already is not put again.
        assert put < len(self.built(self.site)) - 60, said
        self.assert_published(self.site, "killed")
        # The same with a change that drops articles.
        other = self.site.copy("other")
        for number in range(1, 100):
            other.write(number, "Other.", category="new")
        for number in range(200, 300):
            other.remove(number)
        self.kill_after(60, other, "killed", "--keep", "0s")
        named = self.assert_sound("killed")
        assert named > 60, named
        self.run(other, "killed", "--keep", "1h", "--changed", self.work / "changed")
        urls = (self.work / "changed").read_text().split()
        # The list has everything since the last complete publish, also what another publisher put.
        assert all(f"{BASE}/articles/a%20{number}%20&%20b/" in urls for number in [*range(1, 100), *range(200, 300)])
        self.run(other, "killed", "--keep", "0s")
        self.assert_published(other, "killed")

    def a_volume_server_may_die_during_a_publish(self):
        before = self.seaweed.requests().get("PUT", 0)
        process = self.start(self.site, "volume")
        eventually("puts", lambda: self.seaweed.requests().get("PUT", 0) >= before + 60, 30)
        self.seaweed.kill("volume3")
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, (out, process.log.read_text()[-2000:])
        self.assert_published(self.site, "volume")

    # Two publishers.

    def two_publishers_of_the_same_content_both_succeed(self):
        both = [self.start(self.site, "same") for _ in range(2)]
        for process in both:
            out, _ = process.communicate(timeout=120)
            assert process.returncode == 0, (out, process.log.read_text()[-2000:])
        self.assert_published(self.site, "same")

    def a_publisher_that_is_overtaken_stops_and_the_other_one_wins(self):
        other = self.site.copy("overtaking")
        for number in range(1, 300):
            other.write(number, "Overtaken.")
        before = self.seaweed.requests().get("PUT", 0)
        slow = self.start(self.site, "taken")
        eventually("puts", lambda: self.seaweed.requests().get("PUT", 0) >= before + 80, 30)
        slow.send_signal(signal.SIGSTOP)
        said = self.run(other, "taken")
        assert "did not come to its end" in said
        slow.send_signal(signal.SIGCONT)
        out, _ = slow.communicate(timeout=120)
        said = slow.log.read_text()
        assert slow.returncode == 2 and "took over" in said, (slow.returncode, out, said[-2000:])
        self.run(other, "taken", "--keep", "0s")
        self.assert_sound("taken")

    def of_two_publishers_of_different_content_one_wins(self):
        other = self.site.copy("different")
        for number in range(1, 300):
            other.write(number, "Different.")
        both = [self.start(self.site, "different"), self.start(other, "different")]
        codes = []
        for process in both:
            out, _ = process.communicate(timeout=120)
            codes.append(process.returncode)
            assert process.returncode in (0, 2), (out, process.log.read_text()[-2000:])
        assert 0 in codes, codes
        self.assert_sound("different")

    # Watching.

    def a_watching_publisher_follows_changes_and_deletes_by_itself(self):
        process = self.start(self.site, "watch", "--watch", "auto", "--keep", "3s")
        eventually("a first publish", lambda: self.store.head(BUCKET, "watch/feeds.json")[0] == 200, 30)
        eventually("its end", lambda: "published" in process.stdout.readline(), 30)
        self.site.write(5, "Watched.")
        self.site.remove(6)
        page = "watch/articles/a 5 & b/index.html"
        start = time.monotonic()
        eventually("the change", lambda: b"Watched" in self.store.get(BUCKET, page)[2], 20)
        took = time.monotonic() - start
        eventually("the deletion", lambda: self.store.head(BUCKET, "watch/articles/a 6 & b/index.html")[0] == 404, 20)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0, process.log.read_text()[-2000:]
        self.assert_published(self.site, "watch")
        print(f"  a change was in the store after {took:.1f} s")

    # Everything that was logged.

    def no_log_has_a_secret_or_a_signed_url(self):
        for log in self.publisher.logs:
            text = log.read_text()
            for secret in [WRITER[1], ADMIN[1], "wrong-secret", "X-Amz", "Signature="]:
                assert secret not in text, (log, secret)
        assert len(self.publisher.logs) > 20

    def close(self):
        self.seaweed.stop()


CHECKS = [
    Checks.a_mistake_is_reported_in_a_sentence,
    Checks.files_of_others_are_not_replaced,
    Checks.the_first_publish_stores_what_a_build_writes,
    Checks.an_unchanged_publish_puts_nothing,
    Checks.a_change_costs_its_documents_and_two_manifests,
    Checks.dropped_documents_are_deleted_by_a_publish_after_the_time,
    Checks.a_build_without_articles_does_not_replace_one_with_articles,
    Checks.documents_are_stored_compressed_or_with_compressed_files_beside,
    Checks.a_store_without_conditions_has_a_single_writer,
    Checks.a_killed_publisher_leaves_no_dead_link_and_the_next_one_repairs,
    Checks.two_publishers_of_the_same_content_both_succeed,
    Checks.a_publisher_that_is_overtaken_stops_and_the_other_one_wins,
    Checks.of_two_publishers_of_different_content_one_wins,
    Checks.a_watching_publisher_follows_changes_and_deletes_by_itself,
    Checks.a_volume_server_may_die_during_a_publish,
    Checks.no_log_has_a_secret_or_a_signed_url,
]


def main():
    feedmill, names = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix="feedmill-store-") as work:
        checks = Checks(feedmill, work)
        try:
            for check in CHECKS:
                if names and check.__name__ not in names:
                    continue
                start = time.monotonic()
                check(checks)
                print(f"{time.monotonic() - start:6.1f} s  {check.__name__.replace('_', ' ')}", flush=True)
        finally:
            checks.close()


main()
