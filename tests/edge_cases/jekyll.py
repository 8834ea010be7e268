"""Unusual posts for Jekyll: P by path below the site, POSTS for each of CONFIGS; MEANT lists the intended differences."""

P = {}


def p(name, text):
    P[name] = text


def y(name, front, body="\nBody text.\n"):
    p(name, f"---\n{front}\n---\n{body}")


number = 0


def d(front):
    """Adds a post with the date 2 January 2020 in its name."""
    global number
    number += 1
    y(f"_posts/2020-01-02-p{number:03}.md", front)


for categories in [
    "a b", "[a, b]", "[a b, c]", "", "[]", "a", "2020", "[1, 2]", "true", "'a b' ", '"a, b"', "a, b", "[A, a]", "[a, a]",
    "[[a, b], c]", "[null, a]", "['', a]", "  a   b  ", "C++", "[C/C++, 生活&旅游]", "新媒体 趣头条", "\n- a b\n- c", "~", "1.10",
]:
    d(f"title: x\ncategories: {categories}")
    d(f"title: x\ncategory: {categories}")
    d(f"title: x\ntags: {categories}")
d("title: both\ncategory: a b\ncategories: c d")
d("title: both lists\ncategory: [a, b]\ncategories: [b, c]")
d("title: tag\ntag: one two")
d("title: tag and tags\ntag: one\ntags: two")
y("cat/_posts/2020-01-02-a.md", "title: x\ncategories: own")
y("Cat A/sub/_posts/deep/2020-01-02-b.md", "title: x")
y("cat/_posts/2020-01-02-c.md", "title: x\ncategories: cat other")
DATES = """2020-03-01
2020-03-01 10:20
2020-03-01 10:20:30
2020-03-01 10:20:30 +0800
2020-03-01 10:20:30 +08:00
2020-03-01T10:20:30Z
2020-03-01T10:20:30+08:00
2020-03-01T10:20:30.123Z
2020-3-1
2020-3-1 1:2:3
2020/03/01
2020/3/1 9:05
2020-03-01 9:05:00 -0400
2020-03-01 10:20:30 -5
2020-03-01 10:20:30 EST
2020-03-01 10:20:30 PDT
2020-03-01 10:20:30 UTC
2020-03-01 10:20:30 CET
2020-03-01 10:20 PM
2020-03-01 10:20pm +0800
1 Mar 2020
March 1, 2020
Mar 1 2020 10:20
Sun, 01 Mar 2020 10:20:30 +0800
Sun, 1 Mar 2020 10:20:30 GMT
Mon, 1 Mar 2020 10:20:30 GMT
1/3/2020
25/12/2020
1-3-2020
2020.03.01
20200301
20200301T102030Z
20200301102030
Sun Mar  1 10:20:30 2020
Sun Mar  1 10:20:30 CET 2020
'2020-03-01'
"2020-03-01 10:20:30"
2020-03-01 24:00:00
2020-03-01 10:20:30.000000000 +00:00
2023-01-29 18:30:22 2023 -0800
2020-03-01 10:20:30-0800
2020-03-01T10:20
2020-03-01 10h
2020-060
1st of March 2020
"""
for date in DATES.strip("\n").split("\n"):
    d(f"title: date\ndate: {date}")
for title in [
    "404", "true", "yes", "~", "''", "2020-01-01", "12:30:45", "'it''s'", '"q \\" \\u4e2d"', ">-\n  fold\n  ed", "|\n  lit\n  eral",
    "multi\n  line", "a # c", "#x", "<b>bold</b> &amp; x", "*em* x", "a\tb", '"multi\n  line q"', "[a]", "a: b", "on", "- x",
    "'  padded  '", '"col\n  zero"',
]:
    d(f"title: {title}\ndate: 2020-01-03")
d("date: 2020-01-04")
y("_posts/2020-01-05-the_Quick-BROWN-foX.md", "date: 2020-01-05")
y("_posts/2020-01-05-été-新闻.md", "tags: x")
y("_posts/2020-01-05-a.b.c.md", "tags: x")
y("_posts/20-1-5-short.md", "title: short")
y("_posts/2020-1-5-single.md", "title: single")
y("_posts/2020-01-05-html.html", "title: html", "<p>x</p>")
y("_posts/2020-01-05-md.mkdn", "title: mkdn")
y("_posts/2020-01-05-dots.markdown", "title: dots end")
p("_posts/2020-01-06-dotsend.md", "---\ntitle: dotsend\n...\nbody")
p("_posts/2020-01-06-trail.md", "---  \ntitle: trail\n---  \nbody\n")
p("_posts/2020-01-06-crlf.md", "---\r\ntitle: crlf\r\ncategories: a\r\n---\r\nbody\r\n")
p("_posts/2020-01-06-empty.md", "---\n---\nbody\n")
p("_posts/2020-01-06-rule.md", "---\ntitle: rule\n---\nbody\n\n---\n\nx: y\n---\n")
y("_posts/2020-01-06-false.md", "title: unpublished\npublished: false")
y("_posts/2020-01-06-null.md", "title: null published\npublished:")
y("_posts/2020-01-06-perm.md", "title: perm\npermalink: /own/:year/:title/\nslug: sl")
y("_posts/2020-01-06-perm2.md", "title: perm\npermalink: own/x")
y("_posts/2020-01-06-perm3.md", "title: perm\npermalink: /own/x.html")
y("_posts/2020-01-06-slug.md", "title: slug\nslug: My Slug_x")
y("_posts/2020-01-06-dup.md", "title: one\ntitle: two\ncategories: a\ncategories: b")
y("_posts/sub/2020-01-06-sub.md", "title: sub")
y("_posts/_x/2020-01-06-under.md", "title: under")
y("_posts/.x/2020-01-06-hidden.md", "title: hidden")
y("_drafts/draft.md", "title: draft")
y("_posts/2020-01-06-draft.md", "title: in posts\ndraft: true")

# Posts for permalinks.
POSTS = {
    "_posts/2020-01-02-hello-world.md": "title: Hello\ncategories: [Foo Bar, C++]",
    "_posts/2021-11-12-Under_score.v1.md": "title: Under\ndate: 2021-11-12 13:14:15",
    "news/_posts/2020-12-31-新闻 & Co.md": "title: News\ncategories: Été",
    "_posts/2019-01-01-slug.md": "title: slug\nslug: My Slug_X.y",
    "_posts/2020-03-05-page.html": "title: page",
    "_posts/2018-07-09-own.md": "title: own\npermalink: /own/:categories/:title:output_ext\ncategories: [a, B]",
}
POSTS = {path: f"---\n{front}\n---\nx\n" for path, front in POSTS.items()}
CONFIGS = [
    "permalink: date\n", "permalink: pretty\n", "permalink: ordinal\n", "permalink: weekdate\n", "permalink: none\n",
    "permalink: /:short_year/:i_month/:i_day/:short_month/:long_month/:y_day/:title\n",
    "permalink: /:w_year/:week/:w_day/:short_day/:long_day/:slug/\n",
    "permalink: /:year-:month-:day_:hour:minute:second/:name\n",
    "permalink: /:slugified_categories/:title/index.html\n",
    "permalink: /:collection/:path:output_ext\n",
    "permalink: /x/:categories/:title.html\ncollections:\n  posts:\n    permalink: /c/:title/\n",
    "defaults:\n- scope: {path: '', type: posts}\n  values: {permalink: '/d/:title/', categories: [def], tags: [t]}\n- scope: {path: news}\n  values: {categories: news2, title: Handed}\n",
]

WRITTEN = "numbers, times and words keep the spelling of their author"
CASE = "names that differ only in letter case are equal"
ZONES = "the abbreviation of a zone counts"
AT = "https://example.org"


def post(number):
    return f"_posts/2020-01-02-p{number:03}.md"


MEANT = {
    post(21): (WRITTEN, {"tags": ["2020"]}),
    post(27): (WRITTEN, {"tags": ["true"]}),
    post(37): (CASE, {"categories": [["A"]]}),
    post(38): (CASE, {"categories": [["A"]]}),
    post(39): (CASE, {"tags": ["A"]}),
    post(43): (
        "a list inside a list is not text",
        {"categories": [["a"], ["b"], ["c"]], "permalink": f"{AT}/a/b/c/2020/01/02/p043.html"},
    ),
    post(53): ("several spaces count as one", {"categories": [["a b"]], "permalink": f"{AT}/a%20b/2020/01/02/p053.html"}),
    post(71): (WRITTEN, {"categories": [["1.10"]], "permalink": f"{AT}/1.10/2020/01/02/p071.html"}),
    post(72): (WRITTEN, {"tags": ["1.10"]}),
    post(94): (ZONES, {"date": "2020-03-01T09:20:30Z"}),
    post(111): (ZONES, {"date": "2020-03-01T09:20:30Z"}),
    post(116): ("a zone after a repeated year counts", {"date": "2023-01-30T02:30:22Z"}),
    post(119): ("an invalid time leaves the day", {"date": "2020-03-01T00:00:00Z"}),
    post(120): ("authors do not write the day of the year", {"date": "2020-01-02T00:00:00Z"}),
    post(124): (WRITTEN, {"title": "yes"}),
    post(128): (WRITTEN, {"title": "12:30:45"}),
    post(140): ("a title in brackets is text", {"title": "a"}),
    post(142): (WRITTEN, {"title": "on"}),
    "_posts/2020-01-06-draft.md": ("drafts are hidden, as jekyll-feed has it", None),
}
