#!/usr/bin/env python3
"""nginx with the files and the configuration of a build responds like `feedmill serve`, path by path.

Compares status, body, the headers that describe it, both content codings, redirects and removed paths.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

from servers import BINARY, ROOT, TestServer, Nginx, ask, environment, free_port, plain

SITE = """
title: Hosted
base_url: http://feeds.example.org/news
redirects: {/old.xml: /rss.xml, /tag/: /tags/, "/a \\"b\\" $c/x.xml": /atom.xml}
gone: [/never.xml]
presets: [hexo, jekyll, wordpress]
"""
SAME = ["content-type", "cache-control", "content-security-policy", "access-control-allow-origin",
        "access-control-expose-headers", "x-content-type-options", "referrer-policy", "content-encoding"]
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>"


def article(title, more=""):
    return f"---\ntitle: {title}\ndate: 2026-01-02\n{more}---\nbody of {title}\n"


def site(root):
    content, feeds = root / "content", root / "feeds"
    for name, text in {
        "posts/a.md": article("A", "categories: [[新媒体, C/C++]]\ntags: [two words, 图, $x]\nauthor: Ada\nimage: pic.png\n"),
        "posts/图 文.md": article("B", "tags: [图]\n"),
        "posts/index.md": article("Index"),
    }.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text(text)
    (content / "posts/pic.png").write_bytes(PNG)
    (content / "posts/drawn.svg").write_bytes(SVG)
    (content / "posts/lies.jpg").write_bytes(PNG)
    feeds.mkdir()
    (feeds / "site.yaml").write_text(SITE)
    (feeds / "mine.yaml").write_text("title: Mine\n")
    return content, feeds


def compare(server, port, path, coding=None):
    headers = {"Accept-Encoding": coding} if coding else {}
    one, other = ask(server.port, path, headers=headers), ask(port, path, headers=headers)
    wrong = [] if one[0] == other[0] else [f"status {one[0]} and {other[0]}"]
    if one[0] == 200:
        wrong += [f"{name}: {one[1].get(name)} and {other[1].get(name)}" for name in SAME
                  if one[1].get(name) != other[1].get(name)]
        if plain(one[1], one[2]) != plain(other[1], other[2]):
            wrong.append("the bodies differ")
    if one[0] == 301:
        here = urllib.parse.urljoin(f"http://feeds.example.org{path}", other[1]["location"])
        if urllib.parse.unquote(one[1]["location"]) != urllib.parse.unquote(here):
            wrong.append(f"to {one[1]['location']} and {here}")
    return [f"{path} ({coding}): {each}" for each in wrong]


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        root.chmod(0o755)
        content, feeds = site(root)
        out = root / "dist"
        flags = ["--content", content, "--feeds", feeds, "--out", out, "--log", "text"]
        subprocess.run([BINARY, "build", *flags], check=True, env=environment(), capture_output=True)
        port = free_port()
        (root / "nginx").mkdir()
        server = TestServer(content, feeds)
        nginx = Nginx(root / "nginx", f"server {{ listen 127.0.0.1:{port}; root {out}; include {out}/_nginx.conf; }}")
        try:
            nginx.ready(port)
            files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
            own = {".feedmill", "_headers", "_redirects", "_nginx.conf"}
            shown = [file for file in files if file not in own and not re.search(r"\.(gz|br)$", file)]
            addresses = ["/" + urllib.parse.quote(re.sub(r"(^|/)index\.html$", r"\1", file)) for file in shown]
            snippet = (out / "_nginx.conf").read_text()
            old = re.findall(r'^location = "((?:[^"\\]|\\.)*)" \{ return', snippet, re.M)
            old = ["/" + urllib.parse.quote(path.replace('\\"', '"').replace("\\\\", "\\").lstrip("/")) for path in old]
            assert len(addresses) > 40 and len(old) > 20, (len(addresses), len(old))
            wrong = []
            for path in addresses:
                wrong += compare(server, port, path) + compare(server, port, path, "gzip")
            below = ["/news/tag/two-words/atom.xml", "/news/index.html", "/news/tags/index.html", "/news/categories"]
            for path in old + below + ["/news/rss.xml.gz", "/news/no/such", "/_headers", "/.feedmill"]:
                wrong += compare(server, port, path)
            validators = ask(port, "/news/rss.xml")[1]
            known = ask(port, "/news/rss.xml", headers={"If-None-Match": validators["etag"]})
            if known[0] != 304:
                wrong.append(f"a known tag was answered with {known[0]}")
        finally:
            nginx.end()
            server.end()
        for each in wrong:
            print(each, file=sys.stderr)
        assert not wrong, f"{len(wrong)} differences"
        print(f"hosted: {len(addresses)} paths and {len(old)} redirects have the responses of serve")


if __name__ == "__main__":
    main()
