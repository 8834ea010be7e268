"""Random articles with mathematics, callouts, escaped shortcodes and emoji, as Hugo and as feedmill show them.

Compared are the visible text without spaces, the targets of links and the texts of images.
"""

import argparse
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
PROGRAM = TARGET / "tools" / "sites" / "hugo" / "bin" / "hugo"
BINARY = os.environ.get("FEEDMILL_BINARY") or TARGET / "debug" / "feedmill"

CONFIGURATION = r"""
title = "Bodies"
enableEmoji = true
disableKinds = ["taxonomy", "term", "rss", "sitemap"]
markup.goldmark.renderer.unsafe = true
# feedmill leaves quotation marks as they are.
markup.goldmark.extensions.typographer.disable = true
[markup.goldmark.extensions.passthrough]
enable = true
delimiters.block = [['\[', '\]'], ['$$', '$$']]
delimiters.inline = [['\(', '\)'], ['@@', '@@']]
"""

# No `>` at the beginning of a line: Hugo repeats the marks of a quotation in mathematics.
ATOMS = ["x", "a_{*}", "b^2", "\\{", "\\}", "\\\\", " < ", " > ", "& ", "*", "_", "~", "|", "\\|", "[", "](", "{", "}", "{{", "#", "!", ":smile:", "http://a.b/*c*", "\\alpha ", "1. ", "- ", "+ ", "= ", "'", "\\,", "^", "%", "\\_", "@", "w", "www.a_b.c", "(", ")"]
PAIRS = [("\\[", "\\]"), ("$$", "$$"), ("\\(", "\\)"), ("@@", "@@")]
WORDS = ["word", "**bold**", "*em*", "`code`", "`$$`", "[l](http://x.example/)", "![a](https://x.example/p.png)", "$5", "100%", "snake_case", "a*b", "\\*", "<i>it</i>", "“q”", "中文", "~~d~~", ":tada:", "`{{</* a */>}}`", "{{</* b */>}}"]


def formula(random, between):
    """Mathematics, in one line or over three lines that cannot begin a block."""
    piece = lambda most: "".join(random.choice(ATOMS) for _ in range(random.randint(1, most)))
    open, close = random.choice(PAIRS)
    inner = piece(8)
    if open in ("\\[", "$$") and random.random() < 0.5:
        inner = f"{between}q{inner}{between}z{piece(4)}{between}"
    # Nothing that is a delimiter or a shortcode for Hugo.
    inner = re.sub(r"\{\{(?=\s*[<%/])", "{ ", inner.replace("@", ""))
    # A backslash before the delimiter would escape it.
    return open + re.sub(r"\\$", "", inner) + close


def paragraph(random, between="\n"):
    parts = [formula(random, between) if random.random() < 0.3 else random.choice(WORDS) for _ in range(random.randint(1, 7))]
    return " ".join(parts)


def block(random):
    kind = random.random()
    if kind < 0.7:
        return paragraph(random)
    if kind < 0.8:
        return "> " + paragraph(random, " ")
    if kind < 0.9:
        return "\n".join("- " + paragraph(random, "\n  ") for _ in range(2))
    return "```\n" + paragraph(random) + "\n```"


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
        self.targets += [target] if target else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    root = TARGET / "bodies"
    shutil.rmtree(root, ignore_errors=True)
    for directory in ["site/content/articles", "site/layouts", "feeds"]:
        (root / directory).mkdir(parents=True)
    (root / "site/hugo.toml").write_text(CONFIGURATION)
    for layout in ["home", "section", "page"]:
        (root / f"site/layouts/{layout}.html").write_text("{{ .Content }}")
    (root / "feeds/site.yaml").write_text("title: Bodies\nfeeds: {limit: 100000, max_bytes: 100000000}\n")
    random = Random(options.seed)
    bodies = {}
    for number in range(options.articles):
        bodies[number] = "\n\n".join(block(random) for _ in range(random.randint(1, 4)))
        if options.only in (None, number):
            front = f"---\ntitle: p{number}\ndate: 2026-01-01\n---\n"
            (root / f"site/content/articles/p{number}.md").write_text(front + bodies[number] + "\n")
    subprocess.run([PROGRAM, "--quiet", "--noBuildLock", "-s", root / "site", "-d", root / "public"], check=True, stdout=subprocess.DEVNULL)
    arguments = ["--content", root / "site/content", "--feeds", root / "feeds", "--out", root / "out", "--base-url", "https://bodies.example/"]
    subprocess.run([BINARY, "build", *arguments], check=True, capture_output=True)
    items = json.loads((root / "out/feed.json").read_text())["items"]
    differences = 0
    for item in items:
        number = int(item["title"][1:])
        ours = Visible(item.get("content_html", ""))
        theirs = Visible((root / f"public/articles/p{number}/index.html").read_text())
        if (ours.text, ours.targets) != (theirs.text, theirs.targets):
            differences += 1
            print(f"--- article {number} of seed {options.seed}\n{bodies[number]}")
            print(f"Hugo     {theirs.text} {theirs.targets}\nfeedmill {ours.text} {ours.targets}")
    print(f"{len(items)} articles, {differences} different")
    sys.exit(differences > 0 or not items)


if __name__ == "__main__":
    main()
