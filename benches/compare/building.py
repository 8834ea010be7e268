"""`feedmill build` of all feeds and pages, compressed twice over, against
Hugo's feeds and pages of the same articles, uncompressed."""

import shutil
import subprocess
import time

import articles
import hugo
import peers
from rounds import alternate, faster
from serving import settings

# Each build writes hundreds of thousands of files.
MOST_ROUNDS = 3


def rows(rounds):
    home = articles.make(100_000)
    settings(home, "feeds: {limit: 20}\n")
    pair = alternate(min(rounds, MOST_ROUNDS), lambda: build(home), lambda: hugo.build(home, "pages")[0])
    yield faster("`build` of 100,000 articles with .gz and .br, against Hugo's without", "s", 1.5, *pair, "three times the files, and twice compressed")
    for left in (home / "dist", home / "hugo" / "public"):
        shutil.rmtree(left)


def build(home):
    """Seconds of a build into an empty directory."""
    shutil.rmtree(home / "dist", ignore_errors=True)
    began = time.perf_counter()
    subprocess.run([peers.FEEDMILL, "build", "--log", "text"], cwd=home, check=True, capture_output=True)
    took = time.perf_counter() - began
    assert (home / "dist" / "rss.xml.br").exists(), "nothing is compressed"
    return took
