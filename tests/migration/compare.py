"""Builds corpus sites with Hexo and Hugo, and compares the entries of their feeds with those of feedmill.

    compare.py HEXO HUGO DIRECTORY    HEXO: a directory with Hexo's packages; HUGO: the program; DIRECTORY: for copies

After a migration, subscribers and read marks are kept only if `ids: permalink` gives exactly the ids of the old feed. The
links come from the generators themselves.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "validators"))
from test_server import TestServer  # noqa: E402

CORPUS = HERE.parent.parent.parent / "shared" / "corpus"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = """home: {home}
article_url: site
ids: permalink
presets: [{generator}]
future: show
feeds: {{limit: 1000, max_bytes: 100000000}}
"""

# Site, URL, and the lines of its configuration that affect permalinks.
HEXO = [
    ("hexo-site", "https://hexo.example.org", "permalink: news/:year/:month/:day/:title/\nnew_post_name: :year-:month-:day-:title.md"),
    ("hexo-volantis", "https://example.org/blog", "permalink: :category/:title.html\ntimezone: Asia/Shanghai"),
    ("hexo-wsshow", "https://wsshow.example.org", "permalink: posts/:hash/\nnew_post_name: :title.md"),
    ("hexo-jackzheng", "https://jack.example.org", "permalink: :year/:i_month/:i_day/:name/\npretty_urls: {trailing_index: false, trailing_html: false}"),
    ("hexo-jarvan", "https://jarvan.example.org", "permalink: :post_title/:timestamp.html\nfilename_case: 1"),
    ("hexo-fightinggg", "https://fighting.example.org", "permalink: :title/"),
]
HUGO = [
    ("hugo-grpc", "https://grpc.example.org/", ""),
    ("hugo-grpc", "https://example.org/docs/", "[permalinks]\nen = '/:year/:month/:slug/'\n"),
    ("hugo-digitalgov", "https://digital.example.org/", "[permalinks]\nnews = '/:year/:month/:day/:contentbasename/'\nevents = '/e/:slugorcontentbasename/'\n"),
    ("hugo-k8s-blog", "https://kubernetes.example.org/", "[permalinks]\n[permalinks.page]\nen = '/blog/:year/:month/:day/:slug/'\n"),
]


def of_atom(text):
    """Returns id and link of each entry."""
    root = ElementTree.fromstring(text)
    for entry in root.iter(f"{ATOM}entry"):
        link = next(link for link in entry.iter(f"{ATOM}link") if link.get("rel", "alternate") == "alternate")
        yield entry.findtext(f"{ATOM}id"), link.get("href")


def of_rss(text):
    for item in ElementTree.fromstring(text).iter("item"):
        yield item.findtext("guid"), item.findtext("link")


def ours(content, home, generator, formats=("atom.xml", "rss.xml", "feed.json")):
    """Returns the entries of feedmill's feeds, which must be equal in every format."""
    with TestServer(content, site=SITE.format(home=home.rstrip("/"), generator=generator), arguments=["--drain", "0s"]) as server:
        atom, rss, feed = (server.get(server.url(f"/{name}"))[1].decode() for name in formats)
    entries = [sorted(of_atom(atom)), sorted(of_rss(rss)), sorted((item["id"], item["url"]) for item in json.loads(feed)["items"])]
    if entries[0] != entries[1] or entries[0] != entries[2]:
        raise SystemExit(f"{content}: the formats do not agree")
    return entries[0]


def run(command, directory):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, env={**os.environ, "TZ": "UTC"})
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} in {directory}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def copy(name, room):
    directory = room / name
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(CORPUS / name, directory)
    return directory


def without_calls(directory):
    """Removes calls of missing plugins and themes, which would stop the build. They do not affect permalinks."""
    for article in [*directory.rglob("*.md"), *directory.rglob("*.html")]:
        article.write_bytes(article.read_bytes().replace(b"{%", b"{ %").replace(b"{{", b"{ {"))


def make_hexo_site(directory, packages):
    """Lets Hexo run in a directory: it loads the plugins that package.json names."""
    package = json.loads((packages / "package.json").read_text(encoding="utf-8"))
    (directory / "package.json").write_text(json.dumps({**package, "hexo": {"version": "8.1.2"}}), encoding="utf-8")
    (directory / "node_modules").symlink_to(packages / "node_modules")


def by_hexo(name, home, lines, packages, room):
    directory = copy(name, room)
    if not (directory / "source").exists():
        # The corpus has only the posts of this site.
        posts = room / f"{name}-posts"
        shutil.rmtree(posts, ignore_errors=True)
        directory.rename(posts)
        (directory / "source").mkdir(parents=True)
        posts.rename(directory / "source" / "_posts")
    without_calls(directory)
    root = "/" + home.split("/", 3)[3] + "/" if home.count("/") > 2 else "/"
    config = f"title: {name}\nurl: {home}\nroot: {root}\n{lines}\nfeed: {{type: [atom, rss2], path: [atom.xml, rss2.xml], limit: 0}}\n"
    (directory / "_config.yml").write_text(config, encoding="utf-8")
    make_hexo_site(directory, packages)
    run([packages / "node_modules" / ".bin" / "hexo", "generate", "--silent"], directory)
    public = directory / "public"
    atom, rss = (public / "atom.xml").read_text(), (public / "rss2.xml").read_text()
    theirs = sorted(of_atom(atom))
    if theirs != sorted(of_rss(rss)):
        raise SystemExit(f"{name}: Hexo's formats do not agree")
    shutil.rmtree(public)
    (directory / "node_modules").unlink()
    return theirs, ours(directory / "source" / "_posts", home, "hexo")


def by_hugo(name, home, lines, program, room):
    directory = copy(name, room)
    without_calls(directory)
    for article in directory.rglob("*.md"):
        # Hugo refuses duplicate keys; feedmill uses the last one.
        if re.search(rb"^published:|\A\s*<!--", article.read_bytes(), re.M):
            # Current versions of Hugo stop at such dates, and do not find front matter after a comment.
            article.unlink()
            continue
        article.write_bytes(re.sub(rb"^(expirydate|title|date): .*\n(?=(?:.*\n)*?\1: )", b"", article.read_bytes(), flags=re.M))
    config = f"baseURL = '{home}'\ntitle = '{name}'\ndisableKinds = ['taxonomy', 'term', 'sitemap', '404']\nbuildFuture = true\n[services.rss]\nlimit = -1\n{lines}"
    (directory / "hugo.toml").write_text(config, encoding="utf-8")
    run([program, "--logLevel", "error"], directory)
    theirs = sorted(of_rss((directory / "public" / "index.xml").read_text()))
    shutil.rmtree(directory / "public")
    return theirs, ours(directory / "content", home, "hugo")


def main(packages, program, room):
    packages, room = Path(packages), Path(room)
    found, entries = 0, 0
    jobs = [("Hexo", by_hexo, *site, packages) for site in HEXO] + [("Hugo", by_hugo, *site, program) for site in HUGO]
    for generator, build, name, home, lines, tool in jobs:
        theirs, mine = build(name, home, lines, tool, room)
        for entry in sorted(set(theirs) - set(mine)):
            found += 1
            print(f"{generator} {name}: only {generator} has {entry}", file=sys.stderr)
        for entry in sorted(set(mine) - set(theirs)):
            found += 1
            print(f"{generator} {name}: only feedmill has {entry}", file=sys.stderr)
        entries += len(theirs)
    if found or not entries:
        raise SystemExit(f"{found} differences in {entries} entries")
    print(f"{entries} entries of {len(jobs)} sites have the ids and links that Hexo and Hugo give them")


if __name__ == "__main__":
    main(*sys.argv[1:])
