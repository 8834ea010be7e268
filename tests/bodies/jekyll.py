"""Articles with blocks of HTML, tables and URLs with spaces, and Kramdown's HTML of them."""

import json
import subprocess

# The options of Jekyll, but with quotation marks and dashes as they are written.
KRAMDOWN = """
require 'json'
require 'kramdown'
require 'kramdown-parser-gfm'
plain = {hellip: '...', mdash: '---', ndash: '--', laquo: '<<', raquo: '>>', laquo_space: '<< ', raquo_space: ' >>'}
options = {input: 'GFM', hard_wrap: false, smart_quotes: %w[apos apos quot quot], typographic_symbols: plain,
           syntax_highlighter: nil, entity_output: :as_char}
puts JSON.generate(JSON.parse($stdin.read).transform_values { |text| Kramdown::Document.new(text, options).to_html })
"""

WORDS = ["word", "**bold**", "*em*", "`code`", "[l](http://x.example/)", "[l](/a b)", "![a](/p q.png)", "![b](/p.png \"t\")", "\\[x\\]", "\\*", "<i>it</i>", "<b>b</b>", "“q”", "中文", "~~d~~", "snake_case", "100%", "&amp;", "<br>", "<span>s</span>", "<img src=\"/i.png\" alt=\"i\">", "x."]
CELLS = ["a", "**b**", "`c`", "1", "d e"]


def line(random):
    return " ".join(random.choice(WORDS) for _ in range(random.randint(1, 5)))


def paragraph(random):
    # Without markup at the beginning of a line, which could begin a block.
    return "\n".join("t " + line(random) for _ in range(random.randint(1, 2)))


def table(random):
    columns = random.randint(2, 4)
    row = lambda: " | ".join(random.choice(CELLS) for _ in range(columns))  # noqa: E731
    dashes = " | ".join(["---"] * random.randint(2, columns))
    return f"{row()}\n{dashes}\n" + "\n".join(row() for _ in range(2))


def html(random):
    below = random.choice(["", "\n" + paragraph(random), "\n\n" + paragraph(random)])
    inside = random.choice(["<p>x</p>\n\n    <p>y</p>", "\n<p>**x**</p>\n", "<ul>\n  <li>x</li>\n\n  <li>y</li>\n</ul>", "<pre>a\n\n*b*</pre>"])
    return random.choice([
        f"<div>\n{inside}\n</div>{below}",
        f"<section class=\"a\">\n  {inside}</section>{below}",
        f"<hr>{below}",
        f"<br>{below}",
        f"<img src=\"/i.png\" alt=\"i\">{below}",
        f"<pre>a\n\n  **b**</pre>{below}",
        f"<table><tr>\n\n<td>*a*</td>\n</tr></table>{below}",
        f"<div markdown=\"1\">\n{paragraph(random)}\n</div>{below}",
        f"<aside markdown=\"1\">\n  <img src=\"/i.png\" alt=\"i\">\n  {line(random)}\n  <p markdown=\"1\">\n- {line(random)}\n  </p>\n</aside>{below}",
        f"<details><summary>s</summary>\n\n<p>a</p>\n\n</details>{below}",
    ])


def block(random):
    kind = random.random()
    if kind < 0.35:
        return paragraph(random)
    if kind < 0.7:
        return html(random)
    if kind < 0.8:
        return table(random)
    if kind < 0.85:
        return "> " + line(random)
    if kind < 0.9:
        return "\n".join("- t " + line(random) for _ in range(2))
    if kind < 0.95:
        return "## t " + line(random)
    return "```ruby\n<div>\n\n" + line(random) + "\n```"


def body(random):
    return "\n\n".join(block(random) for _ in range(random.randint(1, 4)))


def publish(root, bodies):
    (root / "site/_posts").mkdir(parents=True)
    (root / "site/_config.yml").write_text("title: Bodies\nplugins: [jekyll-feed]\n")
    for number, text in bodies.items():
        (root / f"site/_posts/2026-01-01-p{number}.md").write_text(f"---\ntitle: p{number}\n---\n{text}\n")
    given = json.dumps({number: text + "\n" for number, text in bodies.items()})
    done = subprocess.run(["ruby", "-e", KRAMDOWN], input=given, capture_output=True, text=True, check=True)
    return {int(number): html for number, html in json.loads(done.stdout).items()}
