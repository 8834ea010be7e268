"""Unusual pages for Hugo: P by path below the site; MEANT lists those that feedmill reads differently on purpose."""

P = {}


def p(name, text):
    P[name] = text


def y(name, front, body="\nBody text.\n"):
    p(name, f"---\n{front}\n---\n{body}")


def t(name, front, body="\nBody text.\n"):
    p(name, f"+++\n{front}\n+++\n{body}")


y("posts/a.md", "title: a\ndate: 2020-01-01T10:00:00Z\ncategories: [A, B]\ntags: one two")
y("posts/upper.md", "Title: upper\nDate: 2020-01-02\nTags: [a]\nCategories: C\nThumbnail: /x.png")
t("posts/toml.md", 'title = "toml"\ndate = 2020-01-03T10:00:00+08:00\ncategories = ["x"]\n[extra]\na=1')
t("posts/toml2.md", "title = 'toml2'\ndate = 2020-01-03\ntags = ['a','b']")
t("posts/toml3.md", "title = 'toml3'\ndate = 2020-01-03T10:00:00\ntags = 'a b'")
t("posts/toml4.md", "title = 'toml4'\ndate = '2020-01-03 10:20:30'\n")
t("posts/toml5.md", "title = '''multi\nline'''\ndate = 2020-01-03 10:20:30Z\n")
p("posts/json.md", '{\n "title": "json", "date": "2020-01-04", "categories": ["j"]\n}\n\nBody')
p("posts/blank.md", "\n\n---\ntitle: blank\ndate: 2020-01-05\n---\nbody")
p("posts/bom.md", "\ufeff---\ntitle: bom\ndate: 2020-01-05\n---\nbody")
p("posts/crlf.md", "---\r\ntitle: crlf\r\ndate: 2020-01-05\r\n---\r\nbody\r\n")
p("posts/trail.md", "--- \ntitle: trail\ndate: 2020-01-05\n---  \nbody\n")
p("posts/comment.md", "<!--\n---\ntitle: en\ndate: 2019-01-01\n---\n-->\n\n---\ntitle: zh\ndate: 2020-01-05\n---\nbody\n")
p("posts/nofm.md", "# heading\n\ntext\n")
p("posts/2020-02-03-named.md", "---\ntitle: named\n---\nbody")
y("posts/notitle.md", "date: 2020-01-06","# Some H1\n\ntext")
y("posts/no-title_here again.md", "date: 2020-01-06")
DATES = """2020-03-01
2020-03-01T10:20:30Z
2020-03-01T10:20:30+08:00
2020-03-01T10:20:30-0800
2020-03-01 10:20:30
2020-03-01 10:20:30 +0000
2020-03-01 10:20:30 +08:00
2020-03-01 10:20:30+08:00
2020-03-01 10:20:30Z
2020-03-01T10:20:30
2020-03-01T10:20:30.123Z
2020-03-01T10:20:30.123456789+08:00
2020-03-01 10:20:30.000000000 +00:00
2020-03-01T10:20Z
2020-03-01 10:20
2020-03-01T10:20
2020-3-1
2020-3-1 10:20:30
Mon, 02 Jan 2006 15:04:05 MST
Mon, 02 Jan 2006 15:04:05 GMT
Mon, 02 Jan 2006 15:04:05 -0700
Mon Jan  2 15:04:05 2006
Mon Jan  2 15:04:05 MST 2006
02 Jan 2006
02 Jan 06 15:04 MST
2 January 2006
15 Oct 2023
January 2, 2006
Jan 2, 2006
2020-03-01 10:20:30 +0800 CST
2020-03-01 10:20:30 -0400
2020-03-01 9:05:00 -0400
1583058030
'2020-03-01'
'2020-03-01T10:20:30Z'
20200301
2020/03/01
2020-03
2020
Monday, 02-Jan-06 15:04:05 MST
2020-03-01T10:20:30 +08:00
Thu, 1 Apr 2021 10:00:00 +0000
"""
for i, d in enumerate(DATES.strip("\n").split("\n")):
    y(f"dates/d_{i:03}.md", f"title: 'date {i}'\ndate: {d}")
y("posts/pubdate.md", "title: pubdate\ndate: 2020-01-01\npublishDate: 2020-02-01\nlastmod: 2020-03-01")
y("posts/published.md", "title: published\npublished: 2020-02-01")
y("posts/onlylastmod.md", "title: onlylastmod\nlastmod: 2020-02-01")
y("posts/modified.md", "title: modified\nmodified: 2020-02-01")
y("posts/expired.md", "title: expired\ndate: 2020-01-01\nexpiryDate: 2021-01-01")
y("posts/expired2.md", "title: expired2\ndate: 2020-01-01\nexpirydate: 2199-01-01")
y("posts/unpub.md", "title: unpub\ndate: 2020-01-01\nunpublishdate: 2021-01-01")
y("posts/future.md", "title: future\ndate: 2199-01-01")
y("posts/futurepub.md", "title: futurepub\ndate: 2020-01-01\npublishDate: 2199-01-01")
y("posts/draft.md", "title: draft\ndate: 2020-01-01\ndraft: true")
y("posts/draftstr.md", "title: draftstr\ndate: 2020-01-01\ndraft: 'true'")
y("posts/headless.md", "title: headless\ndate: 2020-01-01\nheadless: true")
y("bundle/index.md", "title: bundle\ndate: 2020-01-01")
y("bundle/part.md", "title: part\ndate: 2020-01-01")
y("headlessb/index.md", "title: headlessb\ndate: 2020-01-01\nheadless: true")
y("build1.md", "title: build1\ndate: 2020-01-01\nbuild:\n  list: never")
y("build2.md", "title: build2\ndate: 2020-01-01\nbuild:\n  list: local")
y("build3.md", "title: build3\ndate: 2020-01-01\nbuild:\n  render: never")
y("posts/url.md", "title: url\ndate: 2020-01-01\nurl: /my/url/")
y("posts/url2.md", "title: url2\ndate: 2020-01-01\nurl: rel/url.html")
y("posts/url3.md", "title: url3\ndate: 2020-01-01\nurl: /:year/:month/:slug/\nslug: sss")
y("posts/url4.md", "title: url4\ndate: 2020-01-01\nurl: /noext")
y("posts/slug.md", "title: slug\ndate: 2020-01-01\nslug: My Slug Here")
y("posts/slug2.md", "title: slug2\ndate: 2020-01-01\nslug: 中文 Slug!")
y("posts/alias.md", "title: alias\ndate: 2020-01-01\naliases: [/old/]")
y("posts/Ünï Cödé 新闻：x?.md", "title: Ünï Cödé 新闻：x!\ndate: 2020-01-01")
y("posts/With Space & Co.md", "title: With\ndate: 2020-01-01")
y("posts/dots.in.name.md", "title: dots\ndate: 2020-01-01")
y("posts/UPPER Case.md", "title: UP\ndate: 2020-01-01")
y("posts/under_score+plus#hash.md", "title: us\ndate: 2020-01-01")
y("deep/Sub Section/x/y.md", "title: y\ndate: 2020-01-01")
y("deep/_index.md", "title: Deep section")
y("deep/Sub Section/_index.md", "title: Sub")
y("deep/Sub Section/b/index.md", "title: bundle b\ndate: 2020-01-01")
y("root.md", "title: root\ndate: 2020-01-01")
y("posts/html.html", "title: html\ndate: 2020-01-01","<p>x</p>")
y("posts/lang.fr.md", "title: francais\ndate: 2020-01-01")
y("posts/c1.md", "title: c1\ndate: 2020-01-01\ncategories: a b\ntags: [1, 2.0, true, x]")
y("posts/c2.md", "title: c2\ndate: 2020-01-01\ncategory: a\ntag: t")
y("posts/c3.md", "title: c3\ndate: 2020-01-01\ncategories: []\ntags:")
y("posts/c4.md", "title: c4\ndate: 2020-01-01\ncategories: ['', a]\ntags: [a, A, a]")
y("posts/c5.md", "title: c5\ndate: 2020-01-01\ncategories: 2020")
y("posts/c6.md", "title: c6\ndate: 2020-01-01\ntopics: [t]\nsection: s")
y("posts/c7.md", "title: c7\ndate: 2020-01-01\ntaxonomies:\n  categories: [z]")
y("posts/c8.md", "title: c8\ndate: 2020-01-01\nparams:\n  categories: [z]\n  author: Ann")
y("posts/c9.md", "title: c9\ndate: 2020-01-01\ncategories:\n- C/C++\n- 生活&旅游\n- ' sp '")
TITLES = [
    '404',
    '1.10',
    'true',
    'yes',
    '2020-01-01',
    '~',
    "''",
    '012',
    '1_000',
    '0x10',
    '1e3',
    "'it''s'",
    '"q \\" \\u4e2d"',
    '>-\n  fold\n  ed',
    '|\n  lit\n  eral',
    'multi\n  line',
    'a # c',
    '#x',
    '<b>bold</b> &amp; x',
    '*em* _x_ `code`',
    '!!str 12',
    '&x anch',
    '12:30:45',
    '.inf',
    'a\tb',
    '"multi\n  line q"',
    '"col\n  zero"',
    "'{{ x }}'",
    "'[a, b]'",
    'on',
    'NULL',
    '0o17',
    '-5',
    '+5',
    '1,000',
    "'  padded  '",
    'No',
]
for i, k in enumerate(TITLES):
    y(f"titles/t_{i:02}.md", f"title: {k}\ndate: 2020-01-01")
t("titles/t_toml_num.md", "title = 404\ndate=2020-01-01")
t("titles/t_toml_esc.md", 'title = "a \\"q\\" \\u4e2d"\ndate=2020-01-01')
y("posts/emptyfm.md", "date: 2020-01-01","")
y("posts/weight.md", "title: weight\nweight: 5")
y("posts/linktitle.md", "title: linktitle\nlinkTitle: LT\ndate: 2020-01-01")
y("posts/summary.md", "title: summary\ndate: 2020-01-01\nsummary: the summary\ndescription: desc")
y("posts/type.md", "title: typed\ndate: 2020-01-01\ntype: page\nlayout: x")
y("2021/03/04/pathdate.md", "title: pathdate")
y("casc/_index.md", "title: C\ncascade:\n  categories: [fromcascade]\n  tags: [ct]\n  author: CA")
y("casc/x.md", "title: cascx\ndate: 2020-01-01")
y("casc/y.md", "title: cascy\ndate: 2020-01-01\ncategories: [own]")
y("cascd/_index.md", "title: C\ncascade:\n- draft: true\n  target:\n    path: '/cascd/hid*'")
y("cascd/hidden.md", "title: cascd hidden\ndate: 2020-01-01")
y("cascd/shown.md", "title: cascd shown\ndate: 2020-01-01")
y("cascb/_index.md", "title: C\ncascade:\n  build:\n    list: never")
y("cascb/hidden.md", "title: cascb hidden\ndate: 2020-01-01")

# Intended differences, with their reasons.
WRITTEN = "numbers keep the spelling of their author"
ZONES = "the abbreviation of a zone counts"
KEYS = "keys for categories of themes and other generators count"
MEANT = {
    "posts/comment.md": ("a comment is allowed before front matter", {"title": "zh", "date": "2020-01-05T00:00:00Z"}),
    "dates/d_018.md": (ZONES, {"date": "2006-01-02T22:04:05Z"}),
    "dates/d_022.md": (ZONES, {"date": "2006-01-02T22:04:05Z"}),
    "dates/d_024.md": (ZONES, {"date": "2006-01-02T22:04:00Z"}),
    "dates/d_039.md": (ZONES, {"date": "2006-01-02T22:04:05Z"}),
    "dates/d_035.md": ("eight digits are a date", {"date": "2020-03-01T00:00:00Z"}),
    "dates/d_038.md": ("a year alone is neither a date nor a second of 1970", {"date": None}),
    "build3.md": ("a page without a URL is not published", None),
    "posts/c1.md": (WRITTEN, {"tags": ["1", "2.0", "true", "x"]}),
    "posts/c2.md": (KEYS, {"categories": [["a"]], "tags": ["t"]}),
    "posts/c4.md": ("tags that differ only in letter case are equal", {"tags": ["a"]}),
    "posts/c6.md": (KEYS, {"categories": [["t"]]}),
    "posts/c7.md": (KEYS, {"categories": [["z"]]}),
    "titles/t_01.md": (WRITTEN, {"title": "1.10"}),
    "titles/t_07.md": (WRITTEN, {"title": "012"}),
    "titles/t_08.md": (WRITTEN, {"title": "1_000"}),
    "titles/t_09.md": (WRITTEN, {"title": "0x10"}),
    "titles/t_23.md": (WRITTEN, {"title": ".inf"}),
    "titles/t_24.md": ("a tab counts as a space", {"title": "a b"}),
    "titles/t_31.md": (WRITTEN, {"title": "0o17"}),
    "titles/t_33.md": (WRITTEN, {"title": "+5"}),
}
