"""Hugo sites with their own configuration: CONFIGS and PAGES by name, FILES with further configuration files; MEANT lists
the pages that feedmill reads differently on purpose."""

CONFIGS, PAGES, FILES, MEANT = {}, {}, {}, {}


def site(name, config, pages, files=None):
    CONFIGS[name], FILES[name] = config, files or {}
    PAGES[name] = {path: f"---\n{front}\n---\nbody\n" for path, front in pages.items()}


CASCADE = """[[cascade]]
tags = ["fromsite"]
[cascade.params]
author = "Somebody"
[[cascade]]
draft = true
[cascade.target]
path = "/glob/hid*"
"""
TARGETS = """title: T
cascade:
- categories: [p1]
  target: {path: '/tgt/**/z*'}
- categories: [p2]
  target: {path: '/tgt/q*'}
- tags: [k]
  _target: {kind: page}
- tags: [sec]
  target: {kind: section}
- categories: [p3]
  target: {path: '{/tgt/Br*,/tgt/xx}'}
- categories: [cls]
  target: {path: '/tgt/[ab]c'}
- categories: [alt]
  target: {path: '/tgt/{m,n}?'}
- categories: [blank]
  target: {path: '/tgt/my post'}
- categories: [hyphen]
  target: {path: '/tgt/my-post'}
- categories: [extension]
  target: {path: '/tgt/zz.md'}
- categories: [env]
  target: {environment: production, path: '/tgt/env'}
- tags: [env]
  target: {environment: staging, path: '/tgt/env'}
- categories: [noslash]
  target: {path: 'tgt/no*'}"""
site("cascade", CASCADE, {
    "_index.md": "title: Home\ncascade:\n  categories: [home]",
    "casc/_index.md": "title: C\ncascade:\n  categories: [fromcascade]\n  date: 2019-01-01\n  Tags: [ct]\n  title: CT",
    "casc/x.md": "title: x",
    "casc/notitle.md": "date: 2020-01-01",
    "casc/y.md": "title: y\ncategories: [own]\ntags:",
    "casc/upper.md": "title: upper\nCATEGORIES: own",
    "casc/deep/a.md": "title: a",
    "casc/deep2/_index.md": "title: D2\ncascade:\n  categories: [deep2]",
    "casc/deep2/a.md": "title: d2a\npublishDate: 2018-01-01",
    "casc/bundle/index.md": "title: b",
    "glob/hidden.md": "title: hidden\ndate: 2020-01-02",
    "glob/a/b.md": "title: globab\ndate: 2020-01-02",
    "tgt/_index.md": TARGETS,
    **{f"tgt/{name}.md": f"title: {name}\ndate: 2020-01-03" for name in
       ["z1", "s/z2", "Q2", "brace", "xx", "xy", "ac", "cc", "m1", "my post", "zz", "env", "note"]},
    "build/_index.md": "title: B\ncascade:\n  build: {list: never}",
    "build/a.md": "title: builda\ndate: 2020-01-04",
    "build/b.md": "title: buildb\nbuild: {list: always}\ndate: 2020-01-04",
    "pub/_index.md": "title: P\ncascade:\n  publishDate: 2017-05-05\n  draft: true",
    "pub/a.md": "title: puba\ndraft: false",
    "pub/b.md": "title: pubb",
    "first/_index.md": "title: L\ncascade:\n- categories: [one]\n- categories: [two]",
    "first/a.md": "title: a\ndate: 2020-01-05",
    "exp/_index.md": "title: F\ncascade:\n  expiryDate: 2019-01-01",
    "exp/a.md": "title: fa\ndate: 2018-01-01",
    "dead/_index.md": "title: D\ndraft: true\ndate: 2010-01-01",
    "dead/a.md": "title: indraft\ndate: 2020-01-01",
})
NAMES = {
    "a/2020-02-03-named.md": "title: named\ndate: 2021-01-01\npublishDate: 2022-01-01",
    "a/2020-02-03-noslug.md": "title: noslug\ndate: 2021-01-01",
    "a/2020-02-03.md": "title: only",
    "a/2020-02-03_z.md": "title: under",
    "a/2020-02-03 z2.md": "title: blank",
    "a/2020-02-04-bundle/index.md": "title: bundle",
    "a/2020-02-06-slug.md": "title: ownslug\nslug: own",
    "a/pd.md": "title: pd\npubdate: 2019-01-01",
    "a/plain.md": "title: plain\ndate: 2018-01-01\nlastmod: 2018-02-01",
}
site("names first", '[frontmatter]\ndate = [":filename", ":default"]\npublishDate = ["date"]\n', NAMES)
site("names last", '[frontmatter]\ndate = ["date", ":filename"]\n', NAMES)
site("other keys", '[frontmatter]\ndate = ["myDate", "date"]\npublishDate = ["publishdate", ":filename"]\n', {
    "a/2020-02-07-m3.md": "title: m3",
    "a/m4.md": "title: m4\npublished: 2011-01-01\ndate: 2012-01-01",
    "a/m6.md": "title: m6\npublishDate: 2011-01-01\nmydate: 2012-01-01",
})
TONGUES = {
    "a/post.fr.md": "title: fr\ndate: 2020-01-01",
    "a/other.en.md": "title: en\ndate: 2020-01-01",
    "a/only.zh-cn.md": "title: zhcn\ndate: 2020-01-01",
    "a/jquery.ui.md": "title: ui\ndate: 2020-01-01",
    "b/index.fr.md": "title: bfr\ndate: 2020-01-01",
    "b/index.md": "title: bdef\ndate: 2020-01-01",
    "a/url.fr.md": "title: u1\ndate: 2020-01-01\nurl: /x/y/",
    "a/url2.fr.md": "title: u2\ndate: 2020-01-01\nurl: x/y2/",
    "p/one.fr.md": "title: P One\ndate: 2020-01-01",
    "fr/d/x.md": "title: dir\ndate: 2020-01-01",
    "a/es.es.md": "title: es\ndate: 2020-01-01",
}
SEVERAL = "[languages.en]\nweight = 1\n[languages.FR]\nweight = 2\n[languages.zh-CN]\nweight = 3\n"
site("one language", "", {path: front for path, front in TONGUES.items() if not path.startswith("b/")})
site("languages", f'[permalinks]\np = "/:year/:slug/"\n{SEVERAL}', TONGUES)
site("a disabled language", f"{SEVERAL}[languages.es]\ndisabled = true\n", TONGUES)
site("directories of languages", '[languages.en]\ncontentDir = "content/en"\n[languages.fr]\ncontentDir = "content/fr"\n', {
    "en/d/x.md": "title: endir\ndate: 2020-01-01",
    "fr/d/x.md": "title: frdir\ndate: 2020-01-01",
    "fr/_index.md": "title: F\ncascade: {categories: [fr]}",
})
FILED = {
    "posts/a.md": "title: A\ndate: 2020-01-01\ntopics: [one, two]\nlabels: [x]\ncategories: [none]\ntags: [none]",
    "posts/b.md": "title: B\ndate: 2020-02-03T04:05:06\nTopics: One",
    "posts/c.fr.md": "title: C\ndate: 2020-02-03\nlabels: y",
    "notes/d.md": "title: D\ndate: 2020-01-01\nslug: own",
}
KEYS = '[params]\ncategory_key = "topics"\ntag_key = "labels"\n'
site("taxonomies", f'{KEYS}[taxonomies]\ncategory = "topics"\ntag = "labels"\nseries = "series"\n', FILED)
site("a directory of configuration", f'[permalinks]\nposts = "/old/:slug/"\n{KEYS}', FILED, {
    "config/_default/hugo.yaml": "title: Spread\ntimeZone: Asia/Tokyo\n",
    "config/_default/permalinks.toml": 'posts = "/:year/:month/:slug/"\n',
    "config/_default/languages.toml": "[en]\nweight = 1\n[fr]\nweight = 2\n",
    "config/_default/taxonomies.yaml": "category: topics\ntag: labels\n",
    "config/_default/params.fr.toml": 'description = "en français"\n',
    "config/_default/config.fr.toml": 'title = "français"\n',
    "config/production/permalinks.json": '{"notes": "/n/:slug/"}',
    "config/staging/permalinks.json": '{"notes": "/staging/:slug/"}',
})
site("a directory of configuration alone", "", {**FILED, "posts/b.md": "title: B\ndate: 2020-02-03T04:05:06"}, {
    "config/_default/config.toml": 'title = "x"\n[permalinks]\nnotes = "/one/:slug/"\n',
    "config/_default/permalinks.yaml": "notes: /two/:slug/\nposts: /:sections/:year/:slug/\n",
    "config/_default/cascade.yaml": "tags: [handed]\n",
    "config/_default/frontmatter.toml": 'date = ["date", ":filename"]\n',
})
