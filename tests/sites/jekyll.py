"""Random Jekyll sites: posts in directories, collections, defaults, permalinks, dates of all forms, time zones."""

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone

from posts import HOME, Post, Site, write as write_file

ATOM = "{http://www.w3.org/2005/Atom}"
# The feed's authors are the paths of the posts. Categories and tags are not all in the feed.
DUMP = """require 'json'
Jekyll::Hooks.register :site, :post_read do |site|
  site.config['feed'] = (site.config['feed'] || {}).merge('posts_limit' => 100000)
  # Defaults without a type are those of the feeds, too.
  paths = ['feed.xml'] + site.config['collections'].keys.flat_map { |name| ["#{name}.xml", "feed/#{name}.xml"] }
  site.config['defaults'] += paths.map do |path|
    own = {'permalink' => "/#{path}", 'category' => false, 'tags' => false, 'published' => true}
    {'scope' => {'path' => path, 'type' => 'pages'}, 'values' => own}
  end
  posts = site.collections.values.flat_map(&:docs).to_h do |post|
    # Unlike `relative_path`, with the directory of all collections.
    path = post.path.delete_prefix(site.source + '/')
    post.data['author'] = {'name' => path}
    [path, [Array(post.data['categories']).map(&:to_s), Array(post.data['tags']).map(&:to_s)]]
  end
  File.write(File.join(site.source, '_posts.json'), JSON.generate(posts))
end
"""

DIRECTORIES = ["_posts"] * 4 + ["_posts/deep", "_posts/2021/x y", "news/_posts", "Café/Sub dir/_posts", "news/_posts/below", "新媒体/_posts", "a_b/_posts", "_posts/_under", "_posts/x/_under", "_posts/.dot", "_drafts", "news/_drafts", "_hidden/_posts", "#x/_posts"]
NAMES = ["hello", "Hello-World", "新媒体", "Über uns", "C++ & C#", "a.b.c", "x_y", "100%", "it's", "UPPER", "a - b", "Ünï", "plus+sign", "q,w", "é", "at@sign", "dot.", "a%20b", "x#y", "(paren)", "a=b", "semi;colon", "tilde~x", "--dash--", "don’t", "[x]", "a!b"]
EXTENSIONS = ["md"] * 6 + ["markdown", "html", "mkd"]
TITLES = ["Hello World", "新媒体 Test", "It's", "2021", "a / b"]
SLUGS = ["own-slug", "A + B", "q/w", "Ünï Cödé", "新 媒体", "a.b", "UPPER", "a--b", "c#", "per%20cent", "tilde~x", "(paren)", "a,b;c", "it's", "x_y", "a&b", "-x-", "50%", "50%25"]
PERMALINKS = ["/abs/{n}/", "/file/{n}.html", "rel/{n}", "rel/{n}/", "/no-slash/{n}", "/Ünï/{n}/", "/sp ace/{n}/", "/x/{n}/index.html", "/:year/:title-{n}/", "/a%20b/{n}", "/v1.2/{n}.d", "//double//{n}/", "/:categories/{n}/:slug", "/x/../y/{n}", "/{n}/:title.html", "/:collection/{n}:output_ext"]
ZONES = [None, "UTC", "Asia/Shanghai", "America/New_York", "Australia/Adelaide", "Pacific/Auckland", "Asia/Kathmandu", "Europe/Berlin"]
TOKENS = [":year", ":short_year", ":month", ":i_month", ":short_month", ":long_month", ":day", ":i_day", ":y_day", ":w_year", ":week", ":w_day", ":short_day", ":long_day", ":hour", ":minute", ":second", ":categories", ":slugified_categories", ":collection"]
LAST = [":title", ":slug", ":name", ":path"]
STYLES = ["date", "pretty", "ordinal", "weekdate", "none"]
CATEGORIES = ["News", "新媒体", "c d", "C++", "x/y", "Ünï", "a_b", "UPPER"]
TAGS = ["go", "Go Lang", "标签", "a-b", "t.u"]


def yes(random, chance):
    return random.random() < chance


def date(random, years=(1995, 2025)):
    year, month, day = random.randint(*years), random.randint(1, 12), random.randint(1, 28)
    hour, minute, second = random.randint(0, 23), random.randint(0, 59), random.randint(0, 59)
    clock = f"{hour:02}:{minute:02}"
    zone = random.choice(["Z", "+08:00", "-11:30", "+14:00", "-0700", "+0530", "UTC", "EST", "+15:00"])
    long = f"{year}-{month:02}-{day:02}"
    forms = [long, f"{long} {clock}", f"{long} {clock}:{second:02}", f"{long}T{clock}:{second:02}", f"{long} {clock}:{second:02} {zone}", f"{long} {clock} {zone}", f"{year}-{month}-{day}", f"{year}-{month}-{day} {hour}:{minute:02}:{second:02}", f"{year}/{month:02}/{day:02} {clock}", f"{long} {clock}:{second:02}.25", f"{year}-02-31", f"{long} 24:00:00", f"{long}T{clock}:{second:02}{random.choice(['Z', '+09:00', '-03:30'])}"]
    text = random.choice(forms[:6] * 3 + forms)
    return random.choice([text, text, json.dumps(text)])


def names(random, pool):
    chosen = random.sample(pool, random.randint(0, 3))
    return random.choice([json.dumps(chosen, ensure_ascii=False), " ".join(chosen), chosen[0] if chosen else "", "".join(f"\n- {name}" for name in chosen)])


def front_matter(random, number):
    lines = []
    for key, chance, make in [
        ("title", 0.9, lambda: json.dumps(random.choice(TITLES), ensure_ascii=False)),
        ("date", 0.6, lambda: date(random)),
        ("slug", 0.15, lambda: json.dumps(f"{number}{random.choice(SLUGS)}", ensure_ascii=False)),
        ("permalink", 0.1, lambda: random.choice(PERMALINKS).replace("{n}", str(number))),
        ("published", 0.08, lambda: random.choice(["true", "false", "no", "", "yes"])),
        ("draft", 0.05, lambda: random.choice(["true", "false"])),
        ("hidden", 0.05, lambda: "true"),
        ("unlisted", 0.03, lambda: "true"),
        ("categories", 0.4, lambda: names(random, CATEGORIES)),
        ("category", 0.15, lambda: random.choice(CATEGORIES)),
        ("tags", 0.4, lambda: names(random, TAGS)),
        ("tag", 0.05, lambda: random.choice(TAGS)),
        ("layout", 0.3, lambda: "post"),
    ]:
        if yes(random, chance):
            lines.append(f"{key}: {make()}\n")
    return lines


def defaults(random):
    sets = []
    for _ in range(random.randint(1, 3)):
        scope = {}
        if yes(random, 0.7):
            scope["path"] = random.choice(["", "_posts", "news", "_posts/deep", "news/_posts", "*/_posts", "_posts/2*", "新媒体", "_posts/2021-*"])
        if yes(random, 0.6):
            scope["type"] = random.choice(["posts", "posts", "pages", "drafts", "post"])
        values = {}
        for key, chance, value in [
            ("categories", 0.4, random.choice([["given"], ["given", "News"], "two words"])),
            ("category", 0.1, "single"),
            ("tags", 0.3, ["preset"]),
            ("permalink", 0.2, random.choice(["/d/:title/", "/:categories/:title.html", "/d/:year/:slug"])),
            ("published", 0.1, False),
            ("hidden", 0.1, True),
            ("title", 0.1, "Default title"),
        ]:
            if yes(random, chance):
                values[key] = value
        sets.append({"scope": scope, "values": values})
    return sets


def pattern(random):
    if yes(random, 0.3):
        return random.choice(STYLES)
    parts = [*random.sample(TOKENS, random.randint(0, 3)), random.choice(LAST)]
    text = "/" + "/".join(parts)
    if yes(random, 0.2):
        text = text.replace("/:", "/p-:", 1)
    return text + random.choice(["/", "/", "", ".html", ":output_ext", "/index.html"])


def collections(random, files, config):
    """Adds collections in the feeds of the site, and others whose documents are pages."""
    above = random.choice(["", "", "all/"])
    if above:
        config["collections_dir"] = above.strip("/")
        for path in [path for path in files if "_posts" in path]:
            files[above + path] = files.pop(path)
    names = random.sample(["notes", "my_docs", "Recipes", "a-b"], random.randint(1, 3))
    declared = config.setdefault("collections", {})
    for name in names:
        declared[name] = {"output": True}
        if yes(random, 0.4):
            declared[name]["permalink"] = random.choice(["/:collection/:name/", "/x/:collection/:title:output_ext", "/:path/", "/y/:year/:slug"])
        for number in range(random.randint(1, 9)):
            folder = random.choice(["", "", "deep/", "x y/z/", "_under/", "a/_b/"])
            day = f"{random.randint(1995, 2025)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
            dated = yes(random, 0.4)
            file = f"{day + '-' if dated else ''}{random.choice(NAMES)}-{name}{number}.{random.choice(['md', 'md', 'html'])}"
            # With an empty `published:` the document is in the feed, but its page does not exist.
            lines = [line for line in front_matter(random, f"{name}{number}") if not line.startswith("date:") and line != "published: \n"]
            if not dated:
                lines.append(f"date: {day}\n")
            text = "---\n" + "".join(lines) + "---\nbody\n"
            files[f"{above}_{name}/{folder}{file}"] = "no front matter\n" if yes(random, 0.1) else text
    named = random.sample(names, random.randint(1, len(names)))
    config["feed"] = {"collections": random.choice([named, {name: {"path": f"/{name}.xml"} for name in named}])}


def write(directory, random):
    zone, machine = random.choice(ZONES), random.choice(["UTC", "Asia/Tokyo", "America/Sao_Paulo"])
    site = Site(".", environment={"TZ": machine})
    config = {"url": HOME, "title": "T", "plugins": ["jekyll-feed"]}
    if zone:
        config["timezone"] = zone
    for key, chance, make in [
        ("future", 0.4, lambda: yes(random, 0.5)),
        ("permalink", 0.6, lambda: pattern(random)),
        ("defaults", 0.5, lambda: defaults(random)),
        ("exclude", 0.3, lambda: random.sample(["news", "_posts/deep", "*/_posts/below", "新媒体/", "README.md", "a_*", "vendor/bundle/"], 2)),
        ("include", 0.1, lambda: [random.choice(["_hidden", "_under", ".dot"])]),
        # Jekyll takes a named style literally there, and gives every post one address.
        ("collections", 0.1, lambda: {"posts": {"permalink": "/c/" + random.choice(TOKENS) + "/:title" + random.choice(["/", ".html", ""])}}),
    ]:
        if yes(random, chance):
            config[key] = make()
    files = {}
    for number in range(random.randint(30, 80)):
        folder = random.choice(DIRECTORIES)
        day = f"{random.randint(1995, 2025)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        prefix = random.choice([day] * 12 + [day.replace("-0", "-"), day[2:], f"{day[:4]}-02-31", "2095-01-01"]) + "-"
        if folder.endswith("_drafts") or yes(random, 0.03):
            prefix = ""
        name = f"{prefix}{random.choice(NAMES)}{random.choice(['', '-', '-x'])}{number}.{random.choice(EXTENSIONS)}"
        text = "---\n" + "".join(front_matter(random, number)) + "---\nbody\n"
        files[f"{folder}/{name}"] = text
    if yes(random, 0.3):
        collections(random, files, config)
    files["_config.yml"] = json.dumps(config, ensure_ascii=False, indent=1)
    for path, text in files.items():
        write_file(directory / path, text)
    named = config.get("feed", {}).get("collections", [])
    site.notes = {"feeds": {name: named[name]["path"] if isinstance(named, dict) else f"/feed/{name}.xml" for name in named}}
    return site


def publish(directory, site):
    out = directory.parent / "out"
    write_file(directory / "_plugins" / "dump.rb", DUMP)
    command = ["jekyll", "build", "--quiet", "--disable-disk-cache", "--source", directory, "--destination", out]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LANG": "C.UTF-8", **site.environment})
    if done.returncode != 0:
        raise SystemExit(f"Jekyll in {directory}:\n{done.stderr[:3000]}")
    names = json.loads((directory / "_posts.json").read_text())
    posts = []
    # jekyll-feed does not escape addresses.
    feeds = [(out / path.strip("/")).read_text() for path in ["feed.xml", *site.notes["feeds"].values()]]
    feeds = [re.sub(r"&(?!\w+;|#)", "&amp;", feed) for feed in feeds]
    entries = [(feed, entry) for feed in feeds for entry in ElementTree.fromstring(feed).iter(f"{ATOM}entry")]
    for feed, entry in entries:
        path = entry.findtext(f"{ATOM}author/{ATOM}name")
        categories, tags = names[path]
        instant = utc(entry.findtext(f"{ATOM}published"))
        post = Post(path, entry.find(f"{ATOM}link").get("href"), entry.findtext(f"{ATOM}id"), instant)
        if feed is feeds[0]:
            # The feeds of categories and tags have posts alone.
            post.categories, post.tags = {(name,) for name in categories if name}, {tag for tag in tags if tag}
        posts.append(post)
    (directory / "_posts.json").unlink()
    (directory / "_plugins" / "dump.rb").unlink()
    return posts


def utc(text):
    return datetime.fromisoformat(text).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
