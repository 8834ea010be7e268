"""Articles with mathematics, callouts, escaped shortcodes and emoji, and Hugo's HTML of them."""

import os
import re
import subprocess
from pathlib import Path

PROGRAM = Path(os.environ["CARGO_TARGET_DIR"]) / "tools" / "sites" / "hugo" / "bin" / "hugo"

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


def body(random):
    return "\n\n".join(block(random) for _ in range(random.randint(1, 4)))


def publish(root, bodies):
    for directory in ["site/content/articles", "site/layouts"]:
        (root / directory).mkdir(parents=True)
    (root / "site/hugo.toml").write_text(CONFIGURATION)
    for layout in ["home", "section", "page"]:
        (root / f"site/layouts/{layout}.html").write_text("{{ .Content }}")
    for number, text in bodies.items():
        front = f"---\ntitle: p{number}\ndate: 2026-01-01\n---\n"
        (root / f"site/content/articles/p{number}.md").write_text(front + text + "\n")
    command = [PROGRAM, "--quiet", "--noBuildLock", "-s", root / "site", "-d", root / "public"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return {number: (root / f"public/articles/p{number}/index.html").read_text() for number in bodies}
