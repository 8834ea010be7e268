"""Walks the blocks of docs/migrating: a reader that has read the old feeds sees nothing unread after the switch.

    switch.py HEXO HUGO DIRECTORY    HEXO: a directory with Hexo's packages; HUGO: the program; DIRECTORY: for sites

Each site has more posts than its generator's feed shows. The generator writes the old feeds; Zola, which no package
registry has, is replaced by its own template `atom.xml`, filled in here. Then feedmill serves the same directory with the
block as its whole site.yaml, and the reader asks for the old URLs, follows redirects as readers do, and
compares the ids that feedparser gives with those that it has stored.
"""

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from html import escape
from pathlib import Path

import feedparser

from compare import make_hexo_site

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "validators"))
from test_server import TestServer, binary  # noqa: E402

HOME, BASE = "https://www.example.org", "https://feeds.example.org"
POSTS = 45
# Titles and names whose URLs need care; the others are plain.
ODD = {
    30: ("Ünïcode & <markup>", "ünïcode-post"),
    38: ("第一篇文章", "第一篇"),
    41: ("C++ or C#?", "c++-or-c-sharp"),
    44: ("Version 1.10", "version-1.10"),
}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def posts():
    """Yields number, title, name and date; the newest is last."""
    for number in range(POSTS):
        title, name = ODD.get(number, (f"Post {number}", f"post-{number}"))
        yield number, title, name, f"2025-{number // 4 + 1:02}-{number % 4 * 7 + 1:02} {number % 24:02}:30:15"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(command, directory, **environment):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode != 0:
        raise SystemExit(f"{command} in {directory}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def front(title, date, more):
    return f"---\ntitle: '{title}'\ndate: {date}\n{more}---\nBody of {title.split()[0]}.\n"


def categories(number):
    """Categories and tags: some posts have the category `news`, others the tag `rust`."""
    return ("categories: [news]\n" if number % 3 else "") + ("tags: [rust]\n" if number % 2 else "")


def hexo(site, packages):
    write(site / "_config.yml", f"title: Site\nurl: {HOME}\ntimezone: Asia/Shanghai\nfeed: {{type: [atom, rss2], path: [atom.xml, rss2.xml]}}\n")
    for number, title, name, date in posts():
        write(site / "source" / "_posts" / f"{name}.md", front(title, date, categories(number)))
    make_hexo_site(site, packages)
    run([packages / "node_modules" / ".bin" / "hexo", "generate", "--silent"], site, TZ="Asia/Shanghai")
    (site / "node_modules").unlink()
    return "source", site / "public", ["/atom.xml", "/rss2.xml"], lambda name: f"source/_posts/{name}.md"


def jekyll(site, _):
    write(site / "_config.yml", f"title: Site\nurl: {HOME}\ntimezone: Asia/Shanghai\nplugins: [jekyll-feed]\nfeed: {{categories: [news], tags: true}}\n")
    for number, title, name, date in posts():
        write(site / "_posts" / f"{date[:10]}-{name}.md", front(title, f"{date} +0800", categories(number)))
    run(["jekyll", "build", "--quiet", "--destination", site.parent / "jekyll-out"], site, LANG="C.UTF-8")
    return ".", site.parent / "jekyll-out", ["/feed.xml", "/feed/news.xml", "/feed/by_tag/rust.xml"], lambda name: f"_posts/2026-01-01-{name}.md"


def hugo(site, program):
    write(site / "hugo.toml", f"baseURL = '{HOME}/'\ntitle = 'Site'\ntimeZone = 'Asia/Shanghai'\n")
    for number, title, name, date in posts():
        section = "notes" if number % 5 == 0 else "posts"
        write(site / "content" / section / f"{name}.md", front(title, f"'{date}'", categories(number)))
    run([program, "--logLevel", "error"], site)
    return "content", site / "public", ["/index.xml", "/posts/index.xml", "/notes/index.xml", "/categories/news/index.xml", "/tags/rust/index.xml"], lambda name: f"content/posts/{name}.md"


def zola(site, _):
    write(site / "config.toml", f"base_url = '{HOME}'\ntitle = 'Site'\ngenerate_feeds = true\ntaxonomies = [{{name = 'tags', feed = true}}]\n")
    write(site / "content" / "blog" / "_index.md", "+++\ntitle = 'Blog'\n+++\n")
    pages, tagged = [], []
    for number, title, name, date in posts():
        tags = "[taxonomies]\ntags = ['rust']\n" if number % 2 else ""
        # Zola transliterates with its own table, which is not the subject here.
        name = name if re.fullmatch("[a-z0-9-]+", name) else f"odd-{number}"
        write(site / "content" / "blog" / f"{date[:10]}-{name}.md", f"+++\ntitle = '{title}'\n{tags}+++\nBody.\n")
        page = (title, date[:10], f"{HOME}/blog/{name}/")
        pages.append(page)
        if tags:
            tagged.append(page)
    out = site.parent / "zola-out"
    for path, shown in ("atom.xml", pages), ("tags/rust/atom.xml", tagged):
        write(out / path, of_zola(f"{HOME}/{path}", shown))
    return "content", out, ["/atom.xml", "/tags/rust/atom.xml"], lambda name: f"content/blog/2026-01-01-{name}.md"


def of_zola(url, pages):
    """Fills in components/templates/src/builtins/atom.xml of Zola 0.21."""
    entries = "".join(
        f"""<entry xml:lang="en"><title>{escape(title)}</title><published>{date}T00:00:00+00:00</published>
        <updated>{date}T00:00:00+00:00</updated><author><name>Unknown</name></author>
        <link rel="alternate" type="text/html" href="{address}"/><id>{address}</id>
        <content type="html" xml:base="{address}">&lt;p&gt;Body.&lt;/p&gt;</content></entry>"""
        for title, date, address in reversed(pages)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Site</title>
    <link rel="self" type="application/atom+xml" href="{url}"/><link rel="alternate" type="text/html" href="{HOME}"/>
    <updated>2025-12-01T00:00:00+00:00</updated><id>{url}</id>{entries}</feed>"""


def entries(text):
    """Returns the id of the feed, and its entries as a reader that uses feedparser recognises them."""
    parsed = feedparser.parse(text)
    return parsed.feed.get("id"), {entry.get("id") or entry.link for entry in parsed.entries}


def followed(server, path):
    """Requests an old URL as a reader does, which stores where a redirect leads. More than one hop is an error."""
    opener = urllib.request.build_opener(NoRedirect)
    try:
        return opener.open(server.url(path)).read()
    except urllib.error.HTTPError as error:
        if error.code != 301 or not error.headers["Location"].startswith(BASE):
            raise SystemExit(f"{path}: {error.code} {error.headers['Location']}") from None
        return opener.open(server.url(error.headers["Location"].removeprefix(BASE))).read()


def walk(name, block, build, tool, room):
    """Switches one site, and returns what went wrong."""
    site = room / name.lower()
    for old in room.glob(f"{name.lower()}*"):
        shutil.rmtree(old)
    content, out, paths, place = build(site, tool)
    read = {path: (out / path[1:]).read_bytes() for path in paths}
    wrong = []
    for step, published in ("after the switch", 0), ("after a new post", 1):
        if published:
            opening, ending = ("+++\ntitle = 'New'\n", "+++\n") if name == "Zola" else ("---\ntitle: New\ndate: 2026-01-01\n", "---\n")
            more = "" if name == "Zola" else "categories: [news]\ntags: [rust]\n"
            more += "[taxonomies]\ntags = ['rust']\n" if name == "Zola" else ""
            write(site / place("new"), f"{opening}{more}{ending}Body.\n")
        with TestServer(site / content, site=block, arguments=["--drain", "0s"]) as server:
            for path, old in read.items():
                (old_id, known), (new_id, shown) = entries(old), entries(followed(server, path))
                expected = published if "notes" not in path else 0
                if not known or not shown or len(shown - known) != expected:
                    wrong.append(f"{name} {path} {step}: {len(shown - known)} of {len(shown)} unread: {sorted(shown - known)[:3]}")
                elif len(shown) < len(known):
                    wrong.append(f"{name} {path} {step}: {len(shown)} entries of {len(known)}")
                if old_id and b"<rss" not in old and old_id != new_id:
                    wrong.append(f"{name} {path}: the feed's id is {new_id} instead of {old_id}")
    return wrong + compared(site, content, block, out / paths[0][1:])


def compared(site, content, block, old):
    """The command that the manual recommends must say the same: only the new post is unread."""
    write(site / "feeds" / "site.yaml", block)
    command = [binary(), "compare", old, "--content", site / content, "--feeds", site / "feeds"]
    done = subprocess.run(command, capture_output=True, text=True)
    said = done.stdout.splitlines()[-1:]
    return [] if said == ["1 article becomes unread (new), 1 feed changes"] else [f"compare {old}: {said or done.stderr}"]


def main(packages, program, room):
    room = Path(room)
    pages = HERE.parent.parent / "docs" / "migrating"
    wrong = []
    for name, build, tool in ("Hexo", hexo, Path(packages)), ("Jekyll", jekyll, None), ("Hugo", hugo, program), ("Zola", zola, None):
        page = (pages / f"{name.lower()}.md").read_text(encoding="utf-8")
        block = re.search(r"^```yaml\n(.*?)^```", page, re.M | re.S).group(1)
        wrong += walk(name, block, build, tool, room)
    if wrong:
        raise SystemExit("\n".join(wrong))
    print("after the switch to feedmill nothing is unread in readers of Hexo, Jekyll, Hugo and Zola")


if __name__ == "__main__":
    main(*sys.argv[1:])
