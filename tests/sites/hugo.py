"""Random Hugo sites: nested sections, cascades, permalinks, languages, bundles, time zones."""

import json
import os
import shutil
import subprocess

from posts import HOME, TOOLS, Post, Site, write as write_file

PROGRAM = TOOLS / "hugo" / "bin" / "hugo"
# What is listed and has a link is published. A page that Hugo does not render has none.
DUMP = """[{{ range $i, $page := site.RegularPages }}{{ if $i }},{{ end }}{
"path": {{ .File.Filename | jsonify }}, "url": {{ .Permalink | jsonify }}, "date": {{ .PublishDate.UTC.Format "2006-01-02T15:04:05Z" | jsonify }},
{{ range $name, $key := dict "categories" (site.Params.category | default "categories") "tags" (site.Params.tag | default "tags") -}}
"{{ $name }}": {{ if isset site.Taxonomies $key }}{{ index $page.Params $key | jsonify }}{{ else }}null{{ end }}, {{ end }}
"end": 0}{{ end }}]"""
LAYOUTS = {"home.json": DUMP, **{f"{kind}.html": "x" for kind in ["home", "page", "section", "taxonomy", "term"]}}

SECTIONS = ["posts", "Blog", "新 闻", "notes", "docs v1.2", "café", "a-b", "x_y"]
NAMES = ["hello", "Hello World", "2021-08-04-dated", "新媒体", "Über uns", "C++ & C#", "a.b.c", "x_y", "100%", "tilde~", "it's", "UPPER", "a - b", "Ünï", "plus+sign", "q,w", "é́", "at@sign"]
TITLES = ["Hello World", "新媒体 Test", "A + B", "q/w", "C++ & C#", "What?!", "It's “odd” – really", "Über Straße", "  spaced  out ", "100% sure", "a.b.c", "#hash tag", "2021", "Ends with dot.", "- dash", "x_y_z", "日本語の題", "a / b", "Ænima", "İstanbul"]
SLUGS = ["own-slug", "A + B", "q/w", "Ünï Cödé", "新 媒体", "a.b", "UPPER", "x y", "/lead", "trail/", "50%", "a--b", "c#", "per%20cent", "dot.", "tilde~x", "(paren)", "a,b;c", "it's", "x_y", "a&b"]
URLS = ["/abs/{n}/", "/file/{n}.html", "rel/{n}", "rel/{n}/", "/no-slash/{n}", "/Ünï/{n}/", "/UPPER/{n}/", "/sp ace/{n}/", "/x/{n}/index.html", "/:year/:slug-{n}/", "/a%20b/{n}", "/v1.2/{n}.d", "//double//{n}/"]
ZONES = [None, None, "UTC", "Asia/Shanghai", "America/New_York", "Australia/Adelaide", "Pacific/Auckland", "Asia/Kathmandu"]
TOKENS = [":year", ":month", ":monthname", ":day", ":weekday", ":weekdayname", ":yearday", ":section", ":sections", ":sectionslug", ":sectionslugs", ":title", ":slug", ":filename", ":slugorfilename", ":contentbasename", ":slugorcontentbasename", ":sections[1:]", ":sections[0]", ":sections[last]", ":sections[:last]", ":sections[-1]", ":sectionslugs[1:]", ":06", ":01", ":1", ":Jan", ":02", ":2", ":2006", ":Monday", ":15"]
LAST = [":slug", ":title", ":filename", ":contentbasename", ":slugorcontentbasename", ":slugorfilename"]
CATEGORIES = ["News", "新媒体", "c d", "C++", "x/y", "Ünï"]
TAGS = ["go", "Go Lang", "标签", "a-b", "t.u", "1"]
GLOBS = ["/**", "/{section}/**", "/{section}/*", "/**/h*", "{{/{section}/**,/x/**}}", "/{section}", "/*/*", "/{section}/**/*"]
CODES = ["en", "fr", "zh-cn", "pt-BR"]


def yes(random, chance):
    return random.random() < chance


def toml(value):
    """Writes a value as TOML in one line; JSON is almost that."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def page(random, fields, body="body\n"):
    """Writes front matter in one of Hugo's formats."""
    form = random.choice(["yaml", "yaml", "toml", "json"])
    if form == "json":
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n\n" + body
    if form == "toml":
        return "+++\n" + "".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in fields.items()) + "+++\n" + body
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
    return f"---\n{lines}---\n{body}"


def date(random, years=(1995, 2025)):
    day = f"{random.randint(*years)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    clock = f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}"
    zone = random.choice(["Z", "+08:00", "-11:30", "+14:00", "-07:00"])
    return random.choice([day, f"{day}T{clock}", f"{day}T{clock}{zone}", f"{day} {clock}", f"{day} {clock} {zone.replace('Z', '+0000').replace(':', '')}"])


def build(random):
    return {"list": random.choice(["always", "always", "never", "local"]), "render": random.choice(["always", "always", "never", "link"])}


def fields(random, number, site):
    """Front matter of one page."""
    chosen = {}
    if yes(random, 0.95):
        chosen["title"] = random.choice(TITLES)
    if yes(random, 0.95):
        chosen["date"] = date(random)
    if yes(random, 0.05):
        chosen["date"] = date(random, (2090, 2098))
    for key, chance, make in [
        ("slug", 0.2, lambda: random.choice(SLUGS)),
        ("url", 0.08, lambda: random.choice(URLS).replace("{n}", str(number))),
        ("draft", 0.1, lambda: random.choice([True, False, "true", "false"])),
        ("publishDate", 0.05, lambda: date(random)),
        ("lastmod", 0.1, lambda: date(random)),
        ("expiryDate", 0.04, lambda: date(random, random.choice([(1999, 2005), (2090, 2098)]))),
        ("aliases", 0.05, lambda: [f"/old/{number}/"]),
        ("build", 0.06, lambda: build(random)),
        ("headless", 0.02, lambda: random.choice([True, False])),
        ("weight", 0.1, lambda: number),
        ("type", 0.05, lambda: "other"),
        (site.notes["category"], 0.5, lambda: random.sample(CATEGORIES, random.randint(0, 2))),
        (site.notes["tag"], 0.5, lambda: random.choice([random.sample(TAGS, 2), random.choice(TAGS)])),
    ]:
        if yes(random, chance):
            chosen[key] = make()
    return chosen


def cascade(random, sections):
    entry = {}
    kind = random.choice(["categories", "draft", "build", "slugless", "date", "tags"])
    # The home page, which lists the others, must be rendered, so it may not become a draft either.
    target = {"kind": "page"} if kind in ("build", "draft") else {}
    values = {"categories": ["cascaded"], "draft": True, "build": build(random), "slugless": 1, "date": date(random), "tags": ["handed"]}
    entry[kind] = values[kind]
    if target or yes(random, 0.6):
        glob = random.choice(GLOBS).replace("{section}", random.choice(sections).lower().replace(" ", "-")).replace("{{", "{").replace("}}", "}")
        entry[random.choice(["target", "target", "_target"])] = {"path": glob, **(target or random.choice([{}, {}, {"kind": "page"}]))}
    return entry


def pattern(random):
    parts = ["/".join(random.sample(TOKENS, random.randint(0, 3))), random.choice(LAST)]
    text = "/" + "/".join(part for part in parts if part)
    if yes(random, 0.2):
        text = text.replace("/:", "/p-:", 1)
    return text + random.choice(["/", "/", "", ".html", "/index.html", "-x/"])


def write(directory, random):
    category, tag = ("topics", "labels") if yes(random, 0.2) else ("categories", "tags")
    site = Site("content", notes={"category": category, "tag": tag})
    sections = random.sample(SECTIONS, random.randint(2, 4))
    config = [f'baseURL = "{random.choice([HOME + "/", HOME])}"', 'title = "T"', 'disableKinds = ["sitemap", "robotstxt", "404"]']
    zone = random.choice(ZONES)
    if zone:
        config.append(f'timeZone = "{zone}"')
    for key, chance in [("buildDrafts", 0.1), ("buildExpired", 0.1), ("disablePathToLower", 0.15), ("removePathAccents", 0.15)]:
        if yes(random, chance):
            config.append(f"{key} = true")
    if yes(random, 0.3):
        config.append(f"uglyURLs = {random.choice(['true', toml({sections[0].lower(): True})])}")
    if yes(random, 0.2):
        config.append("cascade = " + toml([cascade(random, sections) for _ in range(random.randint(1, 2))]))
    if yes(random, 0.6):
        patterns = {section: pattern(random) for section in random.sample(sections, random.randint(1, len(sections)))}
        config.append("permalinks = " + toml(random.choice([patterns, {"page": patterns}])))
    codes, directories = random.sample(CODES, random.randint(2, 4)) if yes(random, 0.4) else ["en"], {}
    if len(codes) > 1:
        config.append(f'defaultContentLanguage = "{codes[0]}"')
        if yes(random, 0.3):
            config.append("defaultContentLanguageInSubdir = true")
        if yes(random, 0.4):
            directories = {code: f"content/{random.choice([code, code.upper(), 'in ' + code])}" for code in codes}
    config += ["[security]", "allowContent = ['.*']", "[outputs]", 'home = ["json", "html"]', "[params]", f'category = "{category}"', f'tag = "{tag}"']
    if category != "categories" or yes(random, 0.1):
        config += ["[taxonomies]", f'category = "{category}"', f'tag = "{tag}"']
    for weight, code in enumerate(codes if len(codes) > 1 else []):
        config += [f"[languages.{code}]", f"weight = {weight + 1}"]
        if code in directories:
            config.append(f'contentDir = "{directories[code]}"')
        if weight > 1 and yes(random, 0.3):
            config.append("disabled = true")
    files = {"hugo.toml": "\n".join(config) + "\n"}
    write_pages(random, site, sections, codes, directories, files)
    for path, text in files.items():
        write_file(directory / path, text)
    return site


def write_pages(random, site, sections, codes, directories, files):
    tops = list(directories.values()) + (["content/stray"] if directories else []) or ["content"]
    for number in range(random.randint(20, 60)):
        section = random.choice(sections)
        # Hugo takes a section for the parent of every directory whose name begins with its name, so none of `NAMES` does.
        below = "/".join([section, *random.choices(["deep", "Er Deep", "2020", "dîr ünï"], k=random.choice([0, 0, 1, 2]))])
        name = f"{random.choice(NAMES)}{random.choice(['', '-', ' '])}{number}"
        suffix = f".{random.choice(codes + ['es']).lower()}" if not directories and yes(random, 0.3 if len(codes) > 1 else 0.05) else ""
        stem = random.choice([name, name, name, f"{name}/index"])
        top = random.choice(tops)
        extension = random.choice(["md", "md", "md", "markdown", "html"])
        files[f"{top}/{below}/{stem}{suffix}.{extension}"] = page(random, fields(random, number, site))
        if stem.endswith("/index") and yes(random, 0.3):
            files[f"{top}/{below}/{name}/part.md"] = page(random, {"title": "part"})
        if yes(random, 0.15):
            inside = {"title": "Section"}
            if yes(random, 0.5):
                inside["cascade"] = random.choice([cascade(random, sections), [cascade(random, sections), cascade(random, sections)]])
            for key, chance, value in [("slug", 0.2, "sec-slug"), ("url", 0.05, f"/moved/{number}/"), ("draft", 0.05, True)]:
                if yes(random, chance):
                    inside[key] = value
            files[f"{top}/{below}/_index.md"] = page(random, inside)


def publish(directory, site):
    out = directory.parent / "out"
    for name, text in LAYOUTS.items():
        write_file(directory / "layouts" / name, text)
    command = [PROGRAM, "--source", directory, "--destination", out, "--logLevel", "error", "--noBuildLock"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TZ": "UTC"})
    if "not a directory" in done.stderr:
        # Two pages have URLs of which one is below the other.
        return None
    if done.returncode != 0:
        raise SystemExit(f"Hugo in {directory}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    posts = []
    for listed in sorted(out.rglob("index.json")):
        for found in json.loads(listed.read_text()):
            if found["url"]:
                path = os.path.relpath(found["path"], (directory / site.content).resolve())
                instant = "none" if found["date"].startswith("0001") else found["date"]
                categories = {(name,) for name in texts(found["categories"])}
                posts.append(Post(path, found["url"], None, instant, categories, set(texts(found["tags"]))))
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(directory / "layouts")
    return posts


def texts(value):
    return [str(one).strip() for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]
