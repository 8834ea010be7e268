"""Random articles as their generators and as feedmill show them.

    bodies.py [--seed N] [--articles N] [--only N] [GENERATOR…]

Compared are the visible text without spaces, the targets of links and the texts of images. Each generator has a module with two
functions:

    body(random) -> str             a random article
    publish(root, bodies) -> dict   the HTML that the generator makes of each, by number; writes the site for feedmill below `root`
"""

import argparse
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from random import Random

TARGET = Path(os.environ["CARGO_TARGET_DIR"])
BINARY = os.environ.get("FEEDMILL_BINARY") or TARGET / "debug" / "feedmill"
GENERATORS = ["hugo", "jekyll", "hexo"]


class Visible(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.text, self.targets = "", []
        self.feed(html)
        self.close()
        self.text = re.sub(r"\s+", "", self.text)

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, name, attributes):
        target = dict(attributes).get({"a": "href", "img": "alt"}.get(name))
        # Links to headings and notes are furniture.
        self.targets += [target] if target and not target.startswith("#") else []


def compare(name, options):
    """Returns whether all articles of a generator are equal."""
    generator = importlib.import_module(name)
    root = TARGET / "bodies" / name
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    random = Random(f"{name} {options.seed}")
    bodies = {number: generator.body(random) for number in range(options.articles)}
    if options.only is not None:
        bodies = {options.only: bodies[options.only]}
    published = generator.publish(root, bodies)
    (root / "feeds").mkdir()
    # The bodies link to pages that do not exist, which are links to the web site then.
    settings = "title: Bodies\nhome: https://home.example/\nfeeds: {limit: 100000, max_bytes: 100000000}\n"
    (root / "feeds/site.yaml").write_text(settings)
    arguments = ["--content", root / "site", "--feeds", root / "feeds", "--out", root / "out", "--base-url", "https://bodies.example/"]
    subprocess.run([BINARY, "build", *arguments], check=True, capture_output=True)
    items = json.loads((root / "out/feed.json").read_text())["items"]
    differences = 0
    for item in items:
        number = int(item["title"][1:])
        ours, theirs = Visible(item.get("content_html", "")), Visible(published[number])
        targets = [[re.sub(r"^https://home\.example", "", target).replace(" ", "%20") for target in one.targets] for one in (ours, theirs)]
        if ours.text != theirs.text or targets[0] != targets[1]:
            differences += 1
            print(f"--- {name}, article {number} of seed {options.seed}\n{bodies[number]}")
            print(f"{name:8} {theirs.text} {targets[1]}\nfeedmill {ours.text} {targets[0]}")
    print(f"{name}: {len(items)} of {len(bodies)} articles, {differences} different", flush=True)
    return differences == 0 and len(items) == len(bodies)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--only", type=int)
    parser.add_argument("generators", nargs="*", default=GENERATORS)
    options = parser.parse_args()
    results = [compare(name, options) for name in options.generators or GENERATORS]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
