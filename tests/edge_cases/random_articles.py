"""Random articles: front matter from a grammar of the shapes that occur in real articles, generated from a seed.

Hexo, Jekyll and Hugo share the grammar. It leaves out shapes that stop a generator, or that feedmill reads differently on
purpose (for example numbers keep their spelling: see MEANT in hexo.py and hugo.py).
"""

import json
import random

WORDS = """news Go Rust C++ C# .NET Node.js web-dev my_notes 新媒体 趣头条 分类 编程/掘金 日本語 Été naïve Ünï 100% A&B
AT&T it's O'Reilly "quoted" (draft) [beta] {x} <b>bold</b> <T> &amp; &copy; @home #hash *em* _under_ `code` ~tilde~ —dash–
“smart” ‘single’ 「角」 【標】 ，全角： ？ ！ 🎉 e=mc² http://x.example/a?b=c#d a\\b c:\\d 50/50 x=y $1 ^caret | pipe % ; ? ! … ...
true no null 404 1.10 2020 3rd v1.2.3 - -- --- : :: a:b key:value say: what# a,b , . ' " й ё ß İ ı ﬁ １２３ \u00a0nbsp\u00a0 \u3000wide\u3000 \u200bzero""".split(" ")
WORDS = [word for word in " ".join(WORDS).replace("\n", " ").split(" ") if word]
PLAIN = "news go rust 新媒体 分类 日本語 Été web-dev my_notes Node.js C++ C# 趣头条 100% A&B science tips".split(" ")


class Chance(random.Random):
    def some(self, odds):
        return self.random() < odds

    def words(self, of, least, most):
        return " ".join(self.choice(of) for _ in range(self.randint(least, most)))


def single(text):
    return "'" + text.replace("'", "''") + "'"


def double(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def scalar(c, text):
    """A text in a YAML form that mostly gives this text again."""
    form = c.random()
    if form < 0.4 and not text.startswith("&"):
        # A plain scalar, whatever it means. (feedmill recovers an invalid anchor as text.)
        return text
    if form < 0.65:
        return single(text)
    if form < 0.9:
        return double(text)
    if form < 0.94:
        return ">-\n  " + text
    if form < 0.97:
        return "|\n  " + text
    head, _, tail = text.partition(" ")
    return f"{head}\n  {tail}" if tail else text


def title(c, generator):
    odds = c.random()
    if odds < 0.02:
        return None
    if odds < 0.04:
        return ""
    return scalar(c, c.words(WORDS, 1, 7))


def day(c):
    return c.randint(1995, 2026), c.randint(1, 12), c.randint(1, 28)


ZONES = ["", "", "", "Z", " +0000", " +0800", " -0400", "+08:00", " +08:00", " -07:00", "-0330"]
SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def date(c, generator):
    """A date in one of the shapes of real articles."""
    y, m, d = day(c)
    h, n, s = c.randint(0, 23), c.randint(0, 59), c.randint(0, 59)
    zone = c.choice(ZONES)
    shapes = [
        f"{y}-{m:02}-{d:02}",
        f"{y}-{m:02}-{d:02} {h:02}:{n:02}:{s:02}",
        f"{y}-{m:02}-{d:02} {h:02}:{n:02}:{s:02}{zone}",
        f"{y}-{m:02}-{d:02}T{h:02}:{n:02}:{s:02}{zone.replace(' ', '')}",
        f"{y}-{m:02}-{d:02}T{h:02}:{n:02}:{s:02}.{c.randint(0, 999):03}Z",
        f"{y}-{m:02}-{d:02} {h:02}:{n:02}:{s:02}.000000000 +00:00",
        f"{y}-{m:02}-{d:02} {h:02}:{n:02}",
    ]
    if generator != "hugo":
        # Hugo stops at unknown forms.
        shapes += [
            f"{y}/{m:02}/{d:02} {h:02}:{n:02}:{s:02}",
            f"{y}-{m}-{d} {h}:{n:02}:{s:02}",
            f"{y}-{m}-{d}",
            f"{y}/{m}/{d}",
            f"{y}-{m:02}-{d:02} {h}:{n:02}:{s:02} -0400",
            f"{d} {SHORT[m - 1]} {y}",
            f"{SHORT[m - 1]} {d}, {y}",
            f"{d:02} {SHORT[m - 1]} {y} {h:02}:{n:02}:{s:02} GMT",
            f"{SHORT[m - 1]} {d}, {y} {h:02}:{n:02}",
            f"{y}-{m:02}-{d:02} {h:02}:{n:02}:{s:02} UTC",
        ]
    text = c.choice(shapes)
    form = c.random()
    return text if form < 0.7 else single(text) if form < 0.85 else double(text)


def names(c, nested):
    """A value of `categories` or `tags`."""
    odds = c.random()
    if odds < 0.06:
        return c.choice(["", " ", " []", " ''", " null", " ~"])
    if odds < 0.35:
        return " " + scalar(c, c.words(PLAIN, 1, 2))
    of = [c.words(PLAIN, 1, 2) for _ in range(c.randint(1, 4))]
    if odds < 0.6:
        gap = c.choice([", ", ",", " , "])
        return " [" + gap.join(single(one) if c.some(0.4) else double(one) if c.some(0.3) else one for one in of) + "]"
    indent = c.choice(["", "  ", "    ", " "])
    if odds < 0.7 and nested:
        inner = [f"{indent}- [{c.choice(PLAIN)}, {c.choice(PLAIN)}]" for _ in of]
        return "\n" + "\n".join(inner + [f"{indent}- {c.choice(PLAIN)}"] * c.randint(0, 1))
    lines = [f"{indent}-{c.choice([' ', '  '])}{scalar(c, one) if c.some(0.3) else one}" for one in of]
    if any("\n" in line for line in lines):
        lines = [f"{indent}- {one}" for one in of]
    return c.choice([" ", ""]) + "\n" + "\n".join(lines)


def noise(c, generator):
    """A key without effect, or a line without a key."""
    return c.choice([
        "layout: post", "comments: true", "author: Ann Lee", "author: 'Ann: Lee'", "toc: false", "# a remark", "",
        "description: " + scalar(c, c.words(WORDS, 3, 12)), "excerpt: short", "keywords: a, b, c", "cover: false",
        "image:\n  path: /a.png\n  alt: 'x: y'", "thumbnail: /img/a b.png", "headimg: https://x.example/?http://y.example/z",
        "mathjax: true", "password:", "top: 10", "sticky: 1", "copyright: |\n  one\n\n  two", "aliases:\n- /old/\n- /older/",
        "aliases: [\n/old/,\n/older/\n]", "updated: 2025-01-02 03:04:05", "lastmod: 2025-01-02", "x: {a: 1, b: [c, d]}",
        "custom_date: 2001-01-01", "link: http://x.example/", "quote: \"a\n  b\"", "permalink_old: x", "weight: 5", "id: 7",
    ])


def front(c, generator):
    lines = []
    if (text := title(c, generator)) is not None:
        lines.append(f"title: {text}")
    if c.some(0.93):
        lines.append(f"date: {date(c, generator)}")
    if c.some(0.7):
        lines.append("categories:" + names(c, generator == "hexo"))
    elif c.some(0.2) and generator == "jekyll":
        lines.append("category:" + names(c, False))
    if c.some(0.7):
        lines.append("tags:" + names(c, False))
    lines += [noise(c, generator) for _ in range(c.randint(0, 5))]
    if c.some(0.6):
        c.shuffle(lines)
    return [line + c.choice([""] * 9 + [" "]) for line in lines]


BODIES = ["Body text.\n", "\nBody text.\n\n---\n\nMore.\n", "", "No line end", "\n## Second\n\n`code`\n\n---\ntitle: no\n---\n",
          "\n<div>\n<p>x</p>\n</div>\n", "\n    ---\n", "```\n---\n```\n", "+++\nx\n+++\n", "> quote\n\n***\n\n中文。\n"]


def article(c, generator):
    """A whole file."""
    if generator == "hugo" and c.some(0.4):
        return braced(c)
    lines, body = front(c, generator), c.choice(BODIES)
    fence = "---"
    start = end = ""
    if generator == "hexo":
        if c.some(0.1) and lines and lines[0].startswith(("title:", "date:")):
            return "\n".join(lines) + f"\n---\n{body}"
        if c.some(0.05):
            fence = c.choice(["----", "-----"])
    if generator != "jekyll" and c.some(0.1):
        # After two empty lines, Hexo finds no front matter.
        start = c.choice(["\n", "\ufeff"])
    if generator != "hexo" and c.some(0.05):
        end = c.choice([" ", "  ", "\t"])
    text = f"{start}{fence}{end if generator == 'hugo' else ''}\n" + "\n".join(lines) + f"\n{fence}{end}\n{body}"
    return text.replace("\n", "\r\n") if c.some(0.1) else text


def toml_text(c, text):
    """A text in a TOML form that gives this text again."""
    form = c.random()
    if form < 0.7 or "'" in text:
        return double(text)
    return f"'{text}'" if form < 0.9 else f"\"\"\"{text.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}\"\"\""


def toml_date(c):
    """A TOML date, or a string with a date."""
    y, m, d = day(c)
    h, n, s = c.randint(0, 23), c.randint(0, 59), c.randint(0, 59)
    text = c.choice([f"{y}-{m:02}-{d:02}", f"{y}-{m:02}-{d:02}T{h:02}:{n:02}:{s:02}", f"{y}-{m:02}-{d:02} {h:02}:{n:02}:{s:02}"])
    if "T" in text or " " in text:
        text += c.choice(["", "Z", "+08:00", "-07:00", ".123Z", ".123456789+01:00"])
    return text if c.some(0.7) else f'"{text}"'


def braced(c):
    """A file whose front matter is TOML or JSON, as in Hugo and Zola."""
    title, body = c.words(WORDS, 1, 7), c.choice(BODIES)
    lists = {key: [c.words(PLAIN, 1, 2) for _ in range(c.randint(0, 3))] for key in ["categories", "tags"] if c.some(0.7)}
    if c.some(0.3):
        fields = {"title": title, "date": toml_date(c).strip('"').replace(" ", "T"), **lists, "weight": 5, "params": {"a": [1, {}]}}
        return json.dumps(fields, indent=c.choice([None, 1, 2]), ensure_ascii=c.some(0.3)) + "\n" + body
    lines = [f"title = {toml_text(c, title)}", f"date = {toml_date(c)}", c.choice(["draft = false", "# remark", "", "weight = 1"])]
    for key, of in lists.items():
        gap = c.choice([", ", ",", ",\n  "])
        lines.append(f"{key} = [{gap.join(toml_text(c, one) for one in of)}{c.choice(['', ',']) if of else ''}]")
    c.shuffle(lines)
    lines += c.choice([[], ["[params]", "x = 1"], ["[extra]", 'cover = "a.png"'], ["[[resources]]", 'src = "a.png"', "title = 'no'"]])
    text = "+++\n" + "\n".join(lines) + "\n+++\n" + body
    return text.replace("\n", "\r\n") if c.some(0.1) else text


def name(c, generator, number):
    y, m, d = day(c)
    stem = c.choice(["post", "a b", "新闻", "Ünï", "x.y", "UPPER", "under_score", "it's", "C++", "(1)", "a,b"]) + f"-{number}"
    directory = c.choice(["", "", "", "sub/", "sub/deep er/", "2021/03/", "新/"])
    if generator == "jekyll":
        above = c.choice(["", "", "", "", "cat/", "Cat A/sub/"])
        return f"{above}_posts/{directory}{y:04}-{m:02}-{d:02}-{stem}{c.choice(['.md', '.markdown', '.html'])}"
    dated = f"{y:04}-{m:02}-{d:02}-" if c.some(0.2) else ""
    return f"{'posts/' if generator == 'hugo' else ''}{directory}{dated}{stem}.md"


def articles(seed, generator, count):
    """Articles by path."""
    c = Chance(f"{seed} {generator}")
    return {name(c, generator, number): article(c, generator) for number in range(count)}
