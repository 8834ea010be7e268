"""Concurrent builds of two versions of the content: into one directory, into several, and into a mount point, some killed.
Each must end with one complete tree, and leave no temporary files."""

import concurrent.futures
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time

import servers
from servers import environment

BASE = ["--base-url", "http://feeds.example.org"]
# The shorter a build, the more builds collide at the moment of the exchange.
ARTICLES = 12


def tree(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def write_content(content, words):
    content.mkdir()
    for number in range(ARTICLES):
        # Every second article differs between the versions, so that some files are kept and others replaced.
        text = words if number % 2 else "the same"
        (content / f"a{number}.md").write_text(
            f"---\ntitle: No {number}\ndate: 2026-01-{1 + number % 28:02}\ntags: [t{number % 9}]\n---\n{text} {number}\n")


def build(root, content, out):
    command = [servers.BINARY, "build", "--content", root / content, "--feeds", root / "feeds", "--out", root / out, *BASE,
               "--log", "json"]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=root)


def at_once(root, count, at_a_time, outs, chance, kill):
    """Runs `count` builds, and returns the number of each exit code."""
    codes = {}

    def one(number):
        child = build(root, chance.choice(["one", "two"]), outs[number % len(outs)])
        is_killed = chance.random() < kill
        if is_killed:
            time.sleep(chance.random() * 0.6)
            child.send_signal(signal.SIGKILL)
        stderr = child.communicate()[1].decode(errors="replace")
        if child.returncode == 2:
            assert "another build is writing into" in stderr, stderr
        else:
            assert child.returncode == 0 or (is_killed and child.returncode == -signal.SIGKILL), (child.returncode, stderr)
        assert "left out" not in stderr, stderr
        codes[child.returncode] = codes.get(child.returncode, 0) + 1

    with concurrent.futures.ThreadPoolExecutor(at_a_time) as pool:
        for done in [pool.submit(one, number) for number in range(count)]:
            done.result()
    return codes


def run(count, seed, at_a_time=24):
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "feeds").mkdir()
        (root / "feeds/site.yaml").write_text("title: Builds\n")
        write_content(root / "one", "first words")
        write_content(root / "two", "other words")
        (root / "alone").mkdir()
        whole = []
        for content in ("one", "two"):
            assert build(root, content, f"alone/{content}").wait() == 0
            whole.append(tree(root / "alone" / content))
        assert whole[0] != whole[1]
        (root / "out").mkdir()
        outs = ["out/same", "out/same", "out/left", "out/right"]
        codes = at_once(root, count, at_a_time, outs, chance, kill=0.2)
        for out in sorted(set(outs)):
            assert tree(root / out) in whole, f"{out} is not a complete tree: {len(tree(root / out))} files of {len(whole[0])}"
        # The next build removes the temporary files of killed builds.
        assert build(root, "one", "out/same").wait() == 0
        left = sorted(path.name for path in (root / "out").iterdir())
        assert left == ["left", "right", "same"], left
        inside = in_place(root, max(4, count // 8), at_a_time, chance, whole)
        return codes, inside


def in_place(root, count, at_a_time, chance, whole):
    """Builds into a mount point, which cannot be exchanged: its files are replaced one by one, under a lock."""
    if os.geteuid() != 0:
        return {}
    target = root / "mounted"
    target.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", target], capture_output=True).returncode != 0:
        return {}
    try:
        codes = at_once(root, count, at_a_time, ["mounted"], chance, kill=0.2)
        assert build(root, "two", "mounted").wait() == 0
        assert tree(target) == whole[1], f"{len(tree(target))} files of {len(whole[1])}"
        return codes
    finally:
        subprocess.run(["umount", "-l", target], check=False)


def main(count, seed):
    began = time.monotonic()
    codes, inside = run(count, seed)
    names = {0: "written", 2: "refused", -signal.SIGKILL: "killed"}
    outcomes = [{names[code]: number for code, number in sorted(each.items())} for each in (codes, inside)]
    print(f"builds: seed {seed}, {time.monotonic() - began:.0f} s, in directories {outcomes[0]}, in a mount point {outcomes[1]}; "
          "every tree is complete")
