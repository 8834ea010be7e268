"""Damages a directory and the process that serves it at random, while clients poll.

A running process must return only 200 and 304, and must not panic. A build on a full disk must leave the old tree or the
new one. After the damage, every response must equal that of a fresh load. Before this it tests a log that is not read,
clients that read nothing, few threads, and concurrent builds.
"""

import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

import builds
import servers
import pressure
import unread
from servers import TestServer, ask, environment, eventually
from polls import Polls

SEED = int(os.environ.get("CHAOS_SEED", random.randrange(10**6)))
# Enough for CI; use 200 by hand.
BUILDS = int(os.environ.get("CHAOS_BUILDS", 40))
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
BASE = ["--base-url", "http://feeds.example.org"]
# Definitions keep these feeds, whatever happens to the articles.
PATHS = ["/rss.xml", "/atom.xml", "/feed.json", "/", "/feeds.opml", "/feeds.json", "/feeds/all/atom.xml",
         "/categories/c1/rss.xml", "/tags/t1/feed.json", "/categories/c1/"]


class World:
    """The directory, and the damage that can be done to it."""

    def __init__(self, root, chance, may_mount):
        self.root, self.chance, self.may_mount = root, chance, may_mount
        self.count = 0
        (root / "releases").mkdir()
        self.release = self._new_release()
        os.symlink(f"releases/{self.release.name}", root / "content")
        (root / "feeds").mkdir()
        self.site()
        (root / "feeds/all.yaml").write_text("title: All\n")
        (root / "feeds/c1.yaml").write_text("category: C1\n")
        (root / "feeds/t1.yaml").write_text("tag: t1\n")

    def site(self, text="title: Chaos\n"):
        (self.root / "feeds/site.yaml").write_text(text)

    def _article(self):
        self.count += 1
        size = self.chance.choice([10, 200, 4000])
        return (f"---\ntitle: No {self.count}\ndate: 2026-01-{1 + self.count % 28:02}\ncategories: [C{self.count % 3}]\n"
                f"tags: [t{self.count % 2}]\n---\n" + "word " * size)

    def _new_release(self):
        release = self.root / f"releases/r{self.count}"
        (release / "posts").mkdir(parents=True)
        for number in range(30):
            (release / f"posts/n{number}.md").write_text(self._article())
        return release

    def _any(self):
        return self.chance.choice(sorted(self.release.rglob("*.md")) or [self.release / "posts/n0.md"])

    # Each of these may fail on a full disk or without permissions, as in an editor.

    def save(self):
        path = self.release / f"posts/n{self.chance.randrange(40)}.md"
        beside = path.with_suffix(".tmp")
        beside.write_text(self._article())
        beside.replace(path)

    def save_in_place(self):
        self._any().write_text(self._article())

    def save_slowly(self):
        text = self._article()
        with self._any().open("w") as file:
            for at in range(0, len(text), max(1, len(text) // 5)):
                file.write(text[at:at + max(1, len(text) // 5)])
                file.flush()
                time.sleep(0.02)

    def remove(self):
        self._any().unlink()

    def break_front_matter(self):
        self._any().write_bytes(b"---\ntitle: [Bad\n\xff\xfe: {\n---\n")

    def burst(self):
        directory = self.release / f"burst{self.count}"
        directory.mkdir()
        for number in range(60):
            (directory / f"{number}.md").write_text(self._article())
        if self.chance.random() < 0.7:
            shutil.rmtree(directory)

    def rename_directory(self):
        moved = self.release / "moved"
        if moved.exists():
            moved.rename(self.release / f"back{self.count}")
        self.count += 1
        (self.release / "posts").rename(moved)
        (self.release / "posts").mkdir()

    def swap(self):
        old, self.release = self.release, self._new_release()
        link = self.root / "link"
        link.unlink(missing_ok=True)
        os.symlink(f"releases/{self.release.name}", link)
        link.replace(self.root / "content")
        if self.chance.random() < 0.8:
            shutil.rmtree(old, ignore_errors=True)

    def loop(self):
        for name, target in (("self", "."), ("one", "two"), ("two", "one"), ("up", "../../releases")):
            link = self.release / name
            if link.is_symlink():
                link.unlink()
            else:
                os.symlink(target, link)

    def forbid(self):
        path = self.chance.choice([self._any(), self.release / "posts", self.release])
        path.chmod(0)
        time.sleep(self.chance.random())
        path.chmod(0o755 if path.is_dir() else 0o644)

    def vanish(self):
        away = self.root / "away"
        (self.root / "content").rename(away)
        time.sleep(self.chance.random())
        away.rename(self.root / "content")

    def break_rules(self):
        self.site("titel: x\n")
        time.sleep(0.2)
        self.site()

    def other_rules(self):
        limit = self.chance.choice([5, 30, 50])
        self.site(f"title: Chaos\nfeeds: {{limit: {limit}}}\n")

    def fill(self):
        """Fills the disk for a while, and continues to edit."""
        if not self.may_mount:
            return
        filler = self.root / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(b"x" * 65536)
                file.flush()
        for _ in range(3):
            with contextlib.suppress(OSError):
                self.save_in_place()
            with contextlib.suppress(OSError):
                self.save()
        time.sleep(self.chance.random())
        filler.unlink()

    def mend(self):
        """Undoes the damage that prevents articles from being read."""
        (self.root / "filler").unlink(missing_ok=True)
        self.site()
        for path in [self.release, *self.release.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)


class Server:
    """The process, signals to it, and the times at which it could not respond."""

    def __init__(self, root, chance, command):
        self.root, self.chance, self.command = root, chance, command
        self.port = servers.free_port()
        self.down = []
        self.logs = []
        self.start()

    def start(self):
        flags = ["--admin-bind", "off", "--drain", "200ms", "--rescan", "2s", *BASE]
        self.running = TestServer(self.root / "content", self.root / "feeds", *flags, command=self.command,
                         bind=f"127.0.0.1:{self.port}", cwd=self.root)

    def restart(self, sign):
        began = time.monotonic()
        self.running.end(sign)
        self.logs.append(self.running.log())
        # Loading needs the directory, which may be missing at this moment.
        eventually("the server starts again", self._try_start, seconds=30)
        self.down.append((began, time.monotonic()))

    def _try_start(self):
        try:
            self.start()
            return True
        except AssertionError:
            time.sleep(0.1)
            return False

    def kill(self):
        self.restart(signal.SIGKILL)

    def terminate(self):
        self.restart(signal.SIGTERM)

    def pause(self):
        self.running.child.send_signal(signal.SIGSTOP)
        time.sleep(self.chance.random() * 1.5)
        self.running.child.send_signal(signal.SIGCONT)

    def hang_up(self):
        self.running.child.send_signal(signal.SIGHUP)


def tree(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def build_into_full_disk(world, command):
    """Builds on a full disk: the tree must be the old or the new one, and a failure must end with exit code 2."""
    out = world.root / "dist"
    flags = ["--content", world.root / "content", "--feeds", world.root / "feeds", "--out", out, *BASE]
    build = [*command, servers.BINARY, "build", *flags]
    first = subprocess.run(build, env=environment(), capture_output=True, text=True, cwd=world.root)
    if first.returncode != 0:
        assert first.returncode == 2, first.stderr
        return
    before = tree(out)
    filler = world.root / "filler"
    with contextlib.suppress(OSError), filler.open("wb") as file:
        while world.may_mount:
            file.write(b"x" * 16384)
            file.flush()
    for path in sorted(world.release.rglob("*.md"))[:5]:
        path.unlink()
    done = subprocess.run(build, env=environment(), capture_output=True, text=True, cwd=world.root)
    after = tree(out)
    filler.unlink(missing_ok=True)
    if done.returncode == 2:
        assert after == before, "a build that failed changed the tree"
        assert "cannot write" in done.stderr or "cannot" in done.stderr, done.stderr
    else:
        assert done.returncode == 0, done.stderr
    shutil.rmtree(out)


def addresses(port):
    """Returns all paths in feeds.json."""
    paths = set(PATHS)
    for feed in __import__("json").loads(ask(port, "/feeds.json")[2])["feeds"]:
        for kind in ("page", "rss", "atom", "json"):
            if kind in feed:
                paths.add(urllib.parse.urlsplit(feed[kind]).path)
    return sorted(paths)


def agree(server, world, command):
    """Asserts that every response equals that of a fresh load."""
    fresh = TestServer(world.root / "content", world.root / "feeds", "--admin-bind", "off", *BASE, command=command)
    try:
        paths = addresses(fresh.port)

        def equal():
            if addresses(server.port) != paths:
                return False
            return all(ask(server.port, path)[2] == ask(fresh.port, path)[2] for path in paths)

        eventually(f"every feed equals a fresh load:\n{server.running.log()[-3000:]}", equal, seconds=30)
        return len(paths)
    finally:
        fresh.end()


def run(seconds, root, may_mount):
    chance = random.Random(SEED)
    command = NOBODY if os.geteuid() == 0 else []
    world = World(root, chance, may_mount)
    if command:
        subprocess.run(["chown", "-R", "65534:65534", root], check=True)
    server = Server(root, chance, command)
    polls = Polls(server.port, PATHS, threads=4, most=10**6, seconds=seconds + 300)
    harmless = [world.save, world.save, world.save_in_place, world.save_slowly, world.remove, world.break_front_matter]
    harmful = [world.burst, world.rename_directory, world.swap, world.loop, world.forbid, world.vanish,
               world.break_rules, world.other_rules, world.fill, server.kill, server.terminate, server.pause,
               server.hang_up, lambda: build_into_full_disk(world, command)]
    end, done = time.monotonic() + seconds, {}
    try:
        while time.monotonic() < end:
            act = chance.choice(harmless if chance.random() < 0.6 else harmful)
            done[act.__name__] = done.get(act.__name__, 0) + 1
            try:
                act()
            except OSError as error:
                # The edit failed, as it would for an author; the next one tries something else.
                done[type(error).__name__] = done.get(type(error).__name__, 0) + 1
            assert server.running.child.poll() is None, f"the server ended by itself:\n{server.running.log()[-3000:]}"
            time.sleep(chance.random() * 0.1)
        world.mend()
        count = agree(server, world, command)
    finally:
        answers, trouble = polls.finish()
        server.logs.append(server.running.log())
        server.running.end()
    # A stopped or killed process does not respond; a draining one responds until it ends.
    wrong = [each for each in trouble
             if isinstance(each[2], int) or not any(start <= each[1] and each[0] <= stop + 1 for start, stop in server.down)]
    assert not wrong, f"{len(wrong)} wrong responses of a running process, such as {wrong[:5]}"
    for log in server.logs:
        assert not re.search(r"panicked|failed itself|feedmill itself|the updater panicked", log), log[-5000:]
    assert answers.get(200, 0) > seconds and answers.get(304, 0) > seconds, answers
    print(f"chaos: seed {SEED}, {seconds} s, {sum(done.values())} acts, {len(server.down)} restarts, "
          f"{sum(answers.values())} polls, {len(trouble)} met a process that was down; {count} addresses equal a fresh load")


def main():
    seconds = int(sys.argv[1])
    print(f"chaos: seed {SEED}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        # The user nobody must be able to run the binary, wherever the checkout is.
        servers.BINARY = shutil.copy(servers.BINARY, pathlib.Path(name) / "feedmill")
        unread.main()
        pressure.main()
        builds.main(BUILDS, SEED)
        root = pathlib.Path(name) / "disk"
        root.mkdir()
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "tmpfs", root], capture_output=True).returncode == 0
        try:
            run(seconds, root, mounted)
        finally:
            if mounted:
                subprocess.run(["umount", "-l", root], check=False)


if __name__ == "__main__":
    main()
