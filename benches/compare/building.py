"""Compares `feedmill build` of all feeds and pages, with .gz and .br, with Hugo's feeds and pages of the same articles,
uncompressed; and a second build after one changed article with a load."""

import itertools
import os
import shutil

import articles
import hugo
import peers
from loading import listening, read
from rounds import alternate, at_most, faster
from serving import settings

# Each build of 100,000 articles writes hundreds of thousands of files.
MOST_ROUNDS = 3

WHY = "three times the files, each compressed twice: half of the time is compression"
WHY_AGAIN = "the new tree is complete, so that one step replaces the old one: a link for each file, a directory for each page"


def rows(rounds):
    for count, most in ((10_000, rounds), (100_000, MOST_ROUNDS)):
        home = articles.make(count)
        settings(home, "feeds: {limit: 20}\n")
        # Both find the files in the page cache.
        read(home / "hugo" / "content")
        read(home / "content")
        built = home / "built"
        shutil.rmtree(built, ignore_errors=True)
        built.mkdir()
        # Each build gets a new directory, because a file system is slow to reuse the space that it has just
        # freed.
        fresh = (built / str(number) for number in itertools.count())
        ours = lambda: settled(build, home, next(fresh))
        theirs = lambda: settled(hugo.build, home, "pages", next(fresh))[0]
        pair = alternate(min(rounds, most), ours, theirs)
        yield faster(f"`build` of {count:,} articles with .gz and .br, against Hugo's without", "s", 2, *pair, WHY)
        out = next(fresh)
        build(home, out)
        again = (changed(home, number) for number in itertools.count())
        pair = alternate(min(rounds, most), lambda: settled(build, next(again), out), lambda: listening(home))
        figure = f"… second build of {count:,} after one changed article, against `serve` until it listens"
        yield at_most(figure, "s", 2, *pair, WHY_AGAIN)
        shutil.rmtree(built)


def changed(home, number):
    """Gives one article another title and another text. Returns the directory of the site."""
    path = next((home / "content").rglob("*.md"))
    before = path.read_text()
    lines = [line for line in before.splitlines() if not line.startswith(("title:", "<p>Edit "))]
    at = lines.index("---") + 1
    path.write_text("\n".join([*lines[:at], f"title: 'Edit {number}'", *lines[at:], f"<p>Edit {number}</p>", ""]))
    return home


def settled(work, *arguments):
    """Runs `work` after all earlier writes have reached the disk."""
    os.sync()
    return work(*arguments)


def build(home, out):
    """Returns the seconds of a build."""
    took = peers.seconds(peers.FEEDMILL, "build", "--log", "text", "--out", out, cwd=home, capture_output=True)
    assert (out / "rss.xml.br").exists(), "nothing is compressed"
    return took
