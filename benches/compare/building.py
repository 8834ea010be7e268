"""Compares `feedmill build` of all feeds and pages, with .gz and .br, with Hugo's feeds and pages of the same articles,
uncompressed."""

import itertools
import os
import shutil

import articles
import hugo
import peers
from loading import read
from rounds import alternate, faster
from serving import settings

# Each build writes hundreds of thousands of files.
MOST_ROUNDS = 3

WHY = "three times the files, each compressed twice: half of the time is compression"


def rows(rounds):
    home = articles.make(100_000)
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
    pair = alternate(min(rounds, MOST_ROUNDS), ours, theirs)
    yield faster("`build` of 100,000 articles with .gz and .br, against Hugo's without", "s", 1.5, *pair, WHY)
    shutil.rmtree(built)


def settled(work, *arguments):
    """Runs `work` after all earlier writes have reached the disk."""
    os.sync()
    return work(*arguments)


def build(home, out):
    """Returns the seconds of a build into a new directory."""
    took = peers.seconds(peers.FEEDMILL, "build", "--log", "text", "--out", out, cwd=home, capture_output=True)
    assert (out / "rss.xml.br").exists(), "nothing is compressed"
    return took
