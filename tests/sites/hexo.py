"""Random Hexo sites: permalinks and names of files by pattern, nested categories, time zones, dates that roll over."""

import json
import os
import shutil
import subprocess

from posts import HOME, TOOLS, Post, Site, write as write_file

PACKAGES = TOOLS / "hexo"
PACKAGE = '{"name": "site", "hexo": {"version": "8.1.2"}, "dependencies": {"hexo": "8", "hexo-renderer-marked": "7"}}'
# The ids and links are those in the feeds of hexo-generator-feed.
DUMP = """
const Hexo = require(process.argv[3] + '/hexo');
const { encodeURL } = require(process.argv[3] + '/hexo-generator-feed/node_modules/hexo-util');
const hexo = new Hexo(process.argv[2], {silent: true});
const path = one => one ? [...path(one.parent && hexo.model('Category').findById(one.parent)), one.name] : [];
hexo.init().then(() => hexo.load()).then(() => {
  const posts = hexo.locals.get('posts').filter(post => post.draft !== true).map(post => ({
    path: 'source/' + post.source, date: post.date.toISOString(), url: encodeURL(post.permalink),
    categories: post.categories.map(path), tags: post.tags.map(tag => tag.name)}));
  process.stdout.write(JSON.stringify(posts));
});
"""

DIRECTORIES = ["_posts"] * 6 + ["_posts/deep", "_posts/2021/x y", "_posts/新媒体", "_posts/a_b/c.d", "_posts/_under", "_posts/x/_under", "_posts/.dot", "_drafts", "_drafts/sub", "page", "_other"]
# Hexo skips a file with a `%` that is no escape.
NAMES = ["hello", "Hello-World", "新媒体", "Über uns", "C++ & C#", "a.b.c", "x_y", "50%25", "it's", "UPPER", "a - b", "Ünï", "plus+sign", "q,w", "é", "at@sign", "a%20b", "x#y", "(paren)", "a=b", "semi;colon", "tilde~x", "--dash--", "don’t", "[x]", "a!b", "a&b"]
EXTENSIONS = ["md"] * 8 + ["markdown", "html", "mkd"]
TITLES = ["Hello World", "新媒体 Test", "It's “odd”", "2021", "a / b", "C++ & C#", "What?!", "Über Straße", "x#y", "100%", "Ænima"]
PERMALINKS = ["/abs/{n}/", "file/{n}.html", "rel/{n}", "no-slash/{n}/", "/Ünï/{n}/", "sp ace/{n}/", "x/{n}/index.html", "/:year/{n}/", "a%20b/{n}", "v1.2/{n}.d", "c#/{n}", "q?x={n}"]
ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Adelaide", "Pacific/Auckland", "Asia/Kathmandu", "Europe/Berlin"]
TOKENS = [":year", ":month", ":i_month", ":day", ":i_day", ":hour", ":minute", ":second", ":category", ":lang", ":timestamp", ":post_title", ":layout"]
LAST = [":title", ":title", ":name", ":hash", ":post_title-:hash"]
NAMED_BY = [":title.md", ":title.md", ":year-:month-:day-:title.md", ":year/:month/:title.md", ":i_month-:i_day-:title.md", ":category/:title.md", ":year:month:day-:title.md"]
CATEGORIES = ["News", "新媒体", "c d", "C++", "x/y", "Ünï", "a_b", "UPPER", "Node.js"]
TAGS = ["go", "Go Lang", "标签", "a-b", "t.u", "C#"]
# In the hours before a change of the clocks Hexo takes the offset behind it. None is in these months.
MONTHS = [1, 2, 5, 6, 7, 8, 12]


def yes(random, chance):
    return random.random() < chance


# Not 2000, because articles without a date get the first second of that year from feedmill.
def date(random, years=(2001, 2025)):
    year, month, day = random.randint(*years), random.choice(MONTHS), random.randint(1, 28)
    hour, minute, second = random.randint(0, 23), random.randint(0, 59), random.randint(0, 59)
    clock, long = f"{hour:02}:{minute:02}", f"{year}-{month:02}-{day:02}"
    usual = [long, f"{long} {clock}:{second:02}", f"{long}T{clock}:{second:02}", f"{long} {clock}", json.dumps(f"{long} {clock}:{second:02}"), json.dumps(f"{long}T{clock}:{second:02}"), json.dumps(long)]
    odd = [f"{year}-{month}-{day}", f"{year}/{month:02}/{day:02}", f"{year}/{month}/{day} {clock}:{second:02}", f"{year}-{month}-{day} {hour}:{minute:02}:{second:02}", f"{long} {clock}:79", f"{long} 25:99:79", f"{year}-02-31", f"{year}-02-31 {clock}:00", f"{year}-04-31 {clock}:00", f"{year}-01-32", f"{year}-13-01", f"{long} 24:00:00", f"{month}/{day}/{year}", f"{long}T{clock}", f"Wed, {day:02} Mar {year} {clock}:00 GMT", f"Mar {day}, {year}"]
    zoned = [f"{long} {clock}:{second:02} {zone}" for zone in ["+08:00", "-11:30", "Z", "+15:00"]] + [json.dumps(f"{long} {clock}:{second:02} +0800"), f"{long}T{clock}:{second:02}+0900"]
    return random.choice(zoned if yes(random, 0.03) else usual * 5 + odd)


def categories(random):
    some = lambda: random.sample(CATEGORIES, random.randint(0, 3))  # noqa: E731
    value = random.choice([some(), some(), random.choice(CATEGORIES), [some(), some()], [some(), random.choice(CATEGORIES)], None, ""])
    return json.dumps(value, ensure_ascii=False)


def front_matter(random, number):
    lines = []
    for key, chance, make in [
        # Without a title Hexo's `:post_title` is empty.
        ("title", 1, lambda: json.dumps(random.choice(TITLES), ensure_ascii=False)),
        ("date", 0.97, lambda: date(random, (2090, 2098)) if yes(random, 0.05) else date(random)),
        ("slug", 0.05, lambda: "own-slug"),
        ("permalink", 0.1, lambda: json.dumps(random.choice(PERMALINKS).replace("{n}", str(number)), ensure_ascii=False)),
        ("published", 0.08, lambda: random.choice(["true", "false", "no", ""])),
        ("draft", 0.05, lambda: random.choice(["true", "false"])),
        ("categories", 0.4, lambda: categories(random)),
        ("category", 0.1, lambda: random.choice(CATEGORIES)),
        ("tags", 0.4, lambda: json.dumps(random.choice([random.sample(TAGS, 2), "go", None]), ensure_ascii=False)),
        ("tag", 0.05, lambda: json.dumps(random.choice(TAGS), ensure_ascii=False)),
        ("lang", 0.2, lambda: random.choice(["en", "zh-CN"])),
        ("layout", 0.1, lambda: random.choice(["post", "photo"])),
    ]:
        if yes(random, chance):
            lines.append(f"{key}: {make()}\n")
    return "".join(lines)


def pattern(random):
    text = "/".join([*random.sample(TOKENS, random.randint(0, 3)), random.choice(LAST)])
    if yes(random, 0.2):
        text = "p-" + text
    return text + random.choice(["/", "/", "", ".html", "/index.html"])


def write(directory, random):
    zone = random.choice(ZONES)
    site = Site(".", environment={"TZ": zone})
    config = {"url": HOME, "title": "T", "updated_option": "empty"}
    if yes(random, 0.7):
        config["timezone"] = random.choice(["", zone, zone])
    for key, chance, make in [
        ("future", 0.4, lambda: yes(random, 0.5)),
        ("permalink", 0.7, lambda: pattern(random)),
        ("new_post_name", 0.4, lambda: random.choice(NAMED_BY)),
        ("filename_case", 0.3, lambda: random.choice([0, 1, 2])),
        ("category_map", 0.3, lambda: {"新媒体": "new-media", "C++": "cpp", "c d": "A/B"}),
        ("tag_map", 0.2, lambda: {"标签": "label"}),
        ("default_category", 0.2, lambda: "none yet"),
        ("permalink_defaults", 0.3, lambda: {"lang": "de"}),
        ("post_asset_folder", 0.3, lambda: True),
        ("pretty_urls", 0.4, lambda: {"trailing_index": yes(random, 0.5), "trailing_html": yes(random, 0.5)}),
        ("render_drafts", 0.15, lambda: yes(random, 0.7)),
        ("titlecase", 0.1, lambda: True),
        ("use_slug_as_post_title", 0.1, lambda: True),
        ("external_link", 0.2, lambda: {"enable": True, "field": "post", "exclude": ""}),
        ("skip_render", 0.2, lambda: random.choice([["_posts/deep/**"], "_posts/*.html", ["**/x_y*"], ["page/**"]])),
        ("ignore", 0.15, lambda: random.choice([["**/deep/**"], "**/*.html", ["_posts/a_b"]])),
        ("exclude", 0.15, lambda: random.choice([["_posts/deep/**"], ["**/*.html"]])),
        ("include", 0.15, lambda: ["_posts/_under/**"]),
    ]:
        if yes(random, chance):
            config[key] = make()
    files = {"_config.yml": json.dumps(config, ensure_ascii=False, indent=1)}
    for number in range(random.randint(30, 80)):
        day = f"{random.randint(2001, 2025)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        prefix = random.choice(["", "", "", day + "-", day[:7].replace("-", "/") + "/", day.replace("-", "") + "-", "3-4-"])
        name = f"{prefix}{random.choice(NAMES)}{random.choice(['', '-', '-x'])}{number}.{random.choice(EXTENSIONS)}"
        files[f"source/{random.choice(DIRECTORIES)}/{name}"] = f"---\n{front_matter(random, number)}---\nbody\n"
    for path, text in files.items():
        write_file(directory / path, text)
    return site


def publish(directory, site):
    modules = PACKAGES.resolve() / "node_modules"
    write_file(directory.parent / "dump.js", DUMP)
    write_file(directory / "package.json", PACKAGE)
    (directory / "node_modules").symlink_to(modules)
    command = ["node", directory.parent / "dump.js", directory.resolve(), modules]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **site.environment})
    if done.returncode != 0:
        raise SystemExit(f"Hexo in {directory}:\n{done.stderr[:3000]}")
    (directory / "node_modules").unlink()
    for name in ("db.json", "package.json", "themes", "scaffolds"):
        shutil.rmtree(directory / name) if (directory / name).is_dir() else (directory / name).unlink(missing_ok=True)
    posts = []
    for post in json.loads(done.stdout):
        nodes = {tuple(path[: length + 1]) for path in post["categories"] for length in range(len(path))}
        found = Post(post["path"], post["url"], post["url"], post["date"][:19] + "Z", nodes, set(post["tags"]))
        if post["date"][:2] == "20" and "2026" <= post["date"][:4] < "2090":
            # Without a date, Hexo uses the time at which the file was made.
            found.url = found.id = found.instant = None
        posts.append(found)
    return posts
