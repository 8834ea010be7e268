"""A site of hostile articles: everything that is known to break feeds, one cause in each article.

The validators do not know what feedmill should make of them. They only check that every document is valid, and that all
formats have the same entries.
"""

import json
import random
import shutil

SITE = """
title: 'Tom & Jerry''s <Weekly> </b> &copy; AT&T'
description: 'Neues & <b>mehr</b> — Ã©'
home: https://news.example.org/blog/
language: zh_cn
time_zone: Asia/Kathmandu
author: {name: 'Desk (the "best") & Co </a>', email: desk@example.org, url: 'https://例え.jp/关于?a=[1]'}
copyright: '© Example & Sons </p> &copy;'
icon: /icon.webp
feeds: {limit: 100000, max_bytes: 1000000000}
future: show
"""

# As a podcast: everything that feedmill takes from its section is difficult.
PODCAST = SITE + """
podcast:
  title: 'Tom & <b>Jerry</b> &copy; </b>'
  author: 'Desk </a> & Co LONG'
  owner: {name: 'Ann </b> & Co', email: ann@example.org}
  category: [TV & Film/After Shows, Society & Culture, Health & Fitness/Mental Health]
  explicit: true
  type: serial
  locked: false
  image: https://x.example/a.png?a=1&b=2
  funding: [{url: 'https://x.example/?a=1&b=[2]', text: 'Tip & </b> <i>'}, 'https://y.example/é']
""".replace("LONG", "x" * 300)

# Texts that are difficult for formats, parsers or the W3C service.
TEXTS = [
    "plain",
    "R&D &copy; &copy &amp; &amp;amp; &#169; &#xA9; &lt;b&gt; &notit; &nbsp;",
    "a < b > c <b>bold</b> </b> </div> <div> <T> Vec<T> </ b> <!-- c --> <br/>",
    "]]> <![CDATA[ x ]]> ]]]]><![CDATA[>",
    "<?php echo 1 ?> <!DOCTYPE html> <!ENTITY x>",
    "control \u0000\u0001\u0008\u000b\u000c\u001b\u001f\u007f\u0080\u0085\u009f end",
    "noncharacters \ufffd\ufffe\uffff\ufdd0\U0001fffe\U0010ffff end",
    "bidi \u202e\u202d\u2066\u2069\u200f\u061c left",
    "zero \u200b\u200c\u200d\u2060\ufeff width",
    "lines \u2028 and \u2029 and \r\n and \n",
    "astral 🦀👩‍👩‍👧‍👦 𠀀 \U000e0041",
    "combining e\u0301\u0327 " + "a\u0300" * 20,
    "CafÃ© con leche",
    "Â\u00a0space Â© Ã¤Ã¶Ã¼",
    "IRMÃ» and Ã«",
    "words: src=nothing here, SRC='x' y, href=z w, <img src=a b>",
    "quotes \" ' ` “ ” « »",
    "\\ back \\u0041 \\x41 %41 %zz 100% {{ x }} {% y %} ${z}",
    "mail <ann@example.org> and ann@example.org",
    "(unbalanced ) (",
    "   blanks \t around   ",
    "一" * 600,
    "x" * 3000,
    "&" * 300,
    "<" * 300,
    "</p>" * 100,
]

AUTHORS = [
    "Ann",
    "Ann <ann@example.org>",
    "ann@example.org",
    "ann@example.org (Ann)",
    "Ann, Bob and Cy",
    "Ann (the best",
    "Ann) the best",
    "@ann",
    "  ",
    "<b>Ann</b>",
    "Ann & Bob </a> &amp;",
    "Ann\u0008\ufffd",
    "\u0001",
    "Ã© Ann",
    ["Ann", "Bob <bob@example.org>", "Ann", ""],
    {"name": "Cy", "email": "cy@example.org", "url": "https://example.org/~cy?a=b c"},
    {"name": "Cy (x)", "email": "cy@example.org"},
    {"name": "Cy", "email": "cy@localhost"},
    {"name": "Cy", "email": "not an address"},
    {"name": "Cy", "email": "Cy <cy@example.org>"},
    {"name": "Cy", "email": "cy@exämple.org"},
    {"name": "Cy", "email": "cy@[127.0.0.1]"},
    {"name": "Cy", "email": "cy+tag.o'neil@mail.example.museum"},
    {"name": "Cy", "email": ".cy.@example.org", "url": "javascript:alert(1)"},
    {"name": "Cy", "email": "cy@-example-.org", "url": "//example.org"},
    {"name": "Cy", "email": "cy@example.org.", "url": "http://[::1]/cy"},
    {"name": "Cy, Jr; \"C\" <c>", "email": "cy@example.org", "url": "mailto:cy@example.org"},
    {"name": "Cy\\", "email": "cy@example.org", "url": "https://user:pw@exa_mple.org:443/%zz"},
]

LANGUAGES = """cmn yue wuu nan en_US zh-cn zh_Hant_TW EN iw jp english i-default x-klingon qq xyz en-us-x-very-long-subtag
und mul tlh fil sr-Latn-RS de-CH-1996 zh--cn -en en- 中文 zh;q=0.5 C en.UTF-8 *""".split() + ["", "en, fr", " fr "]

ADDRESSES = [
    "http://localhost/a.png",
    "http://localhost:4000/a.png",
    "http://[::1]/a.png",
    "http://[2001:db8::1]:8080/a.png",
    "http://127.0.0.1/a.png",
    "http://1.2.3/a.png",
    "http://intranet/a.png",
    "https://my_bucket.s3.example.org/a.png",
    "https://user:secret@example.org/a.png",
    "https://example.org./a.png",
    "https://-example.org/a.png",
    "https://example.org:8443/a.png",
    "https://EXAMPLE.org:443/A.PNG",
    "https://例え.jp/图 片.png",
    "https://exämple.org/ä.png?ö=ü#ß",
    "https://example.org/a b.png",
    "https://example.org/a|b^c`d{e}[f]\"g<h>i\\j.png",
    "https://example.org/%zz/%/100%.png",
    "https://example.org/a.png?x=[1]&y={2}&amp;z=3|4",
    "https://example.org/?url=http://x.example/b.webp",
    "https://example.org/a.php?name=x.svg",
    "https://example.org",
    "https://example.org?x.png",
    "//example.org/a.png",
    "///a.png",
    "http:a.png",
    "http:///a.png",
    "HTTP://example.org/a.png",
    "magnet:?xt=urn:btih:abc",
    "ipfs://bafy/a.png",
    "did:plc:abc",
    "at://x/y",
    "javascript:alert(1)",
    "vbscript:x",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:text/html,<script>x</script>",
    "mailto:a@example.org",
    "tel:+123",
    "ftp://example.org/a.png",
    "file:///etc/passwd",
    "blob:https://example.org/x",
    "urn:isbn:123",
    "tag:example.org,2020:x",
    "#fragment",
    "?query",
    "",
    " https://example.org/blanks.png ",
    "https://example.org/new\nline.png",
    "https://example.org/tab\t.png",
    "https://example.org/\u0008\u202e.png",
    "https://" + "a" * 70 + ".example.org/a.png",
    "https://example.org/" + "é" * 400 + ".png",
    "https://xn--nxasmq6b/a.png",
    "https://example.org/a'b(c)!*.png",
]

IDS = [
    "https://old.example.org/?p=17",
    "HTTP://Old.Example.org:80/a/../b",
    "http://old.example.org",
    "http://old.example.org?p=1",
    "http://old.example.org/%7euser/%e4",
    "http://old.example.org/%zz",
    "http://old.example.org/a b",
    "http://old.example.org/中",
    "tag:example.org,2020:x",
    "tag:Example.org,2020:x",
    "tag:example.org:80,2020-01-01:x",
    "tag:example.org:x",
    "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
    "urn:uuid:nonsense",
    "urn:x",
    "urn:isbn:0451450523",
    "urn:a/b:c",
    "magnet:?xt=x",
    "did:plc:z",
    "javascript:alert(1)",
    "12345",
    "1",
    "a/b.md",
    "C:\\x",
    "a:b",
    "mailto:a@example.org",
    "\u0001",
    "  ",
    "https://old.example.org/same",
    "https://old.example.org/same",
]

DATES = [
    "0001-01-01",
    "1000-01-01",
    "1899-12-31 23:59:59",
    "1970-01-01",
    "1989-12-31",
    "1990-01-01",
    "2000-02-29",
    "2099-12-31",
    "9999-12-31 23:59:59",
    "10000-01-01",
    "-0044-03-15",
    "2016-12-31T23:59:60Z",
    "2020-01-01T00:00:00.123456789Z",
    "2020-01-01 00:00:00 +0545",
    "2020-01-01 00:00:00 -9900",
    "Invalid Date",
    "0",
    "1e99",
    "99999999999999999999",
]

TYPES = ["audio/mpeg", "audio", "audio/", "/mpeg", "audio/mp3 x", "audio/mpeg; codecs=\"a b\"", "äudio/mp3", "a/b/c", "", "<x>/y"]
LENGTHS = [0, 1, -1, "12", "1,024", "12MB", "", None, 18446744073709551615, 1.5]

ELEMENTS = """a abbr acronym address applet area article aside audio b base bdi bdo big blockquote body br button canvas
caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption
figure font footer form frame frameset h1 h2 h3 head header hgroup hr html i iframe image img input ins kbd keygen label
legend li link listing main map mark marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup
option output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp script search section select slot
small source spacer span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time
title tr track tt u ul var video wbr xmp o:p my-element g path mi mtext annotation-xml foreignObject""".split()
ATTRIBUTES = [
    "", " id=x", " class=x", " style='position:fixed;background:url(x)'", " onclick=x", " href='#x'", " href=' java\tscript:x'",
    " src=x.png", " srcset='a 1x'", " title='&copy=1 \"x\" Ã©'", " a=1 a=2", " =x", " '", " data-x=y", " width=100%", " xlink:href=x",
    " xmlns=x", " é=1", " align='\x01'", " cite='a b'", " colspan=x", " lang=xx_YY", " type=checkbox checked", " hidden",
]
PIECES = [
    "text", " ", "\n", "\n\n", "x < y & z", "&copy", "&#0;", "&#x80;", "&#xD800;", "&#x110000;", "&nope;", "<", "</", "<>", "</>",
    "<!-- a -- b -->", "<!--", "<![CDATA[x]]>", "]]>", "<?php x ?>", "<?import x>", "<!DOCTYPE html>", "\x00", "\x0b", "\x85",
    "\ufffd", "\ufeff", "\u2028", "Ã©", "Â\u00a0", "<a href=", "<b", "`", "* ", "| a | b |\n|---|---|\n| c | d |\n", "[x](<y z>)",
    "![i](j \"k\")", "<http://a.example/b>", "1. ", "> ", "    code", "```\n", "[^1]", "[^1]: note\n", "{{< x >}}", "{% y %}",
]
# Elements for which HTML has rules of nesting.
NESTING = "p div a b i table tr td th tbody ul li dl dt dd ruby rt rp select option form button h1 h2 details summary figure pre span font caption colgroup col".split()


def _soup(dice):
    """A body of random elements."""
    parts = []
    for _ in range(dice.randint(2, 14)):
        kind = dice.random()
        if kind < 0.35:
            parts.append(dice.choice(PIECES))
        else:
            name = dice.choice(NESTING if kind < 0.7 else ELEMENTS)
            opening = f"<{name}{dice.choice(ATTRIBUTES) if kind > 0.6 else ''}{dice.choice(['>', '>', '>', '/>'])}"
            parts.append(opening if dice.random() < 0.65 else f"</{name}>")
    return "".join(parts)


def articles(soups=1500):
    """Yields each article: its path, its front matter as a dictionary, its body."""
    for number, text in enumerate(TEXTS):
        yield f"title/{number}.md", {"title": text, "date": "2020-01-01"}, "body"
        yield f"summary/{number}.md", {"title": "s", "date": "2020-01-01", "description": text}, "body"
        yield f"tag/{number}.md", {"title": "t", "date": "2020-01-01", "tags": [text, "x"], "categories": [text]}, "body"
        yield f"body/{number}.md", {"title": "b", "date": "2020-01-01"}, text
        yield f"body/{number}.html", {"title": "b", "date": "2020-01-01"}, f"<p title=\"{text}\">{text}</p>"
        yield f"untitled/{number}.html", {"date": "2020-01-01"}, f"<p>{text}"
        yield f"alt/{number}.md", {"title": "i", "image": {"path": "https://i.example.org/a.png", "alt": text}}, ""
    for number, author in enumerate(AUTHORS):
        yield f"author/{number}.md", {"title": "a", "date": "2020-01-01", "author": author}, "body"
    for number, language in enumerate(LANGUAGES):
        yield f"language/{number}.md", {"title": "l", "date": "2020-01-01", "lang": language}, "body"
    for number, address in enumerate(ADDRESSES):
        yield f"image/{number}.md", {"title": "i", "date": "2020-01-01", "headimg": address}, "body"
        audio = {"url": address, "type": "audio/mpeg", "length": 5}
        yield f"audio/{number}.md", {"title": "e", "date": "2020-01-01", "enclosure": audio}, "body"
        yield f"link/{number}.html", {"title": "k"}, f"<a href='{address}'>x</a><img src=\"{address}\" alt=x><q cite={address}>y"
        yield f"permalink/{number}.md", {"title": "p", "date": "2020-01-01", "permalink": address, "url": address}, "body"
    for number, name in enumerate(IDS):
        yield f"id/{number}.md", {"title": "d", "date": "2020-01-01", "id": name}, "body"
    for number, date in enumerate(DATES):
        yield f"date/{number}.md", {"title": "w", "date": date}, "body"
        yield f"updated/{number}.md", {"title": "w", "date": "2020-01-01", "updated": date}, "body"
    for number, kind in enumerate(TYPES):
        audio = {"url": "https://a.example.org/e.mp3", "type": kind, "length": LENGTHS[number % len(LENGTHS)]}
        yield f"type/{number}.md", {"title": "m", "date": "2020-01-01", "enclosure": audio}, "body"
    for number, body in enumerate(["", " \n ", "<!-- nothing -->", "<script>x</script>", "<img src=x.png>", "&nbsp;", "\u00ad", "<img src=a.png alt='the src=b c'>"]):
        yield f"empty/{number}.html", {}, body
        yield f"empty/{number}.md", {"date": "2020-01-01", "title": " "}, body
    for name in ELEMENTS:
        body = "".join(f"<{name}{attribute}>x</{name}>" for attribute in ATTRIBUTES)
        yield f"element/{name.replace(':', '-')}.html", {"title": name, "date": "2020-01-01"}, f"{body}<{name}>y</{name}/><{name}/>z</{name}><{name}>"
    dice = random.Random(4)
    for number in range(soups):
        yield f"soup/{number}.{dice.choice(['md', 'html'])}", {"title": f"soup {number}", "date": "2020-01-01"}, _soup(dice)


def episodes():
    """Yields articles of a podcast: each text in every key, and entries without a recording."""
    for number, text in enumerate(TEXTS):
        transcript = {"url": f"https://x.example/a.vtt?{text[:10]}", "language": "zh_cn", "rel": text[:50]}
        person = {"name": text, "role": text, "group": text, "img": "https://x.example/a b.png", "href": f"https://x.example/{text[:20]}"}
        episode = {"title": text, "author": text, "type": "full", "explicit": number % 2 == 0, "episode": number, "season": number}
        episode |= {"duration": f"{number}:{number:02}", "person": [text, person], "chapters": f"https://x.example/{text[:10]}"}
        episode |= {"transcript": [transcript, {"url": "https://x.example/a", "type": text[:30]}]}
        front = {"title": text, "date": "2020-01-01", "author": text, "cover": "https://x.example/a.jpg"}
        yield f"episode/{number}.md", front | {"audio": "https://x.example/a.mp3", "podcast": episode}, "body"
        yield f"post/{number}.md", front, text
    for number, address in enumerate(ADDRESSES):
        front = {"title": "e", "date": "2020-01-01", "audio": address, "cover": address, "transcript": address, "chapters": address}
        yield f"address/{number}.md", front | {"podcast": {"image": address}}, "body"


def _noise(dice):
    """A text of random characters, mostly of those that break feeds."""
    parts = []
    for _ in range(dice.randint(0, 8)):
        kind = dice.random()
        if kind < 0.3:
            parts.append(dice.choice(TEXTS)[:40])
        elif kind < 0.6:
            parts.append("".join(chr(dice.randrange(0x20, 0x7F)) for _ in range(dice.randint(1, 6))))
        elif kind < 0.8:
            parts.append(chr(dice.randrange(0, 0x3000)))
        else:
            # Lone surrogates are included, because JSON can escape them.
            parts.append(chr(dice.randrange(0, 0x110000)))
    return "".join(parts)


def noise(seed, count):
    """Yields articles with random texts."""
    dice = random.Random(seed)
    for number in range(count):
        keys = {"title": _noise(dice), "date": f"20{number % 25:02}-01-01", "tags": [_noise(dice)], "author": _noise(dice)}
        if dice.random() < 0.3:
            keys["description"] = _noise(dice)
        yield f"{number}.{dice.choice(['md', 'html'])}", keys, _noise(dice)


def write(directory, articles):
    """Writes the articles below `directory`, which is emptied first. Front matter is JSON, which is valid YAML."""
    shutil.rmtree(directory, ignore_errors=True)
    for path, keys, body in articles:
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in keys.items())
        file.write_bytes(f"---\n{lines}---\n{body}".encode("utf-8", "surrogatepass"))
    # An icon that RSS cannot show, because it is WebP.
    (directory / "icon.webp").write_bytes(b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00\x30\x01\x00\x9d\x01\x2a\x01\x00\x01\x00\x02\x00\x34\x25\xa4\x00\x03\x70\x00\xfe\xfb\x94\x00\x00")
