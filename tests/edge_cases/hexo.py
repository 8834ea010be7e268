"""Unusual posts for Hexo: P by path below source/_posts; MEANT lists those that feedmill reads differently on purpose."""

P = {}


def p(name, text):
    P[name] = text


def y(name, front, body="\nBody text.\n"):
    p(name, f"---\n{front}\n---\n{body}")


p("sample.md", "\n---\ntitle: '街道：x'\ncategories: \n - 新媒体\n - 趣头条\n - 分类\nheadimg: 'https://p.example/?http://x.example/a.jpeg'\nthumbnail: 'https://p.example/?http://x.example/a.jpeg'\nauthor: 趣头条\ncomments: false\ndate: Wed, 04 Aug 2021 14:56:46 GMT\n---\n\n<div>   \n<p>text</p>\n</div>\n            ")
p("noopen.md", "title: No open\ndate: 2020-01-02 03:04:05\ntags:\n- a\n- b\n\n---\nbody\n")
p("noopen2.md", "layout: post\ntitle: \"No: open\"\ndate: 2020-01-02\ncomments: true\ncategories: [x]\n---\nbody\n\n---\nmore\n")
p("four.md", "----\ntitle: four\ndate: 2020-01-03\n----\nbody\n---\n")
p("semi.md", ";;;\n\"title\": \"semi\",\n\"date\": \"2020-01-04\",\n\"tags\": [\"a\", 1]\n;;;\nbody")
p("crlf.md", "---\r\ntitle: crlf\r\ndate: 2020-01-05 10:00:00\r\ncategories:\r\n- a\r\n- b\r\n---\r\nbody\r\n")
p("bom.md", "\ufeff---\ntitle: bom\ndate: 2020-01-05 10:00:00\n---\nbody")
p("tabs.md", "---\ntitle: tabs\ndate: 2020-01-05\ncategories:\n\t- a\n\t- b\ntags:\n\t- c\n---\nbody")
p("twice.md", "---\ntitle: twice\ndate: 2020-01-05\n---\n\n---\ntitle: second\n---\nbody")
p("trail.md", "---\ntitle: trail   \ndate: 2020-01-05   \ncategories:   \n- a   \n---\nbody")
y("c_string.md", "title: c string\ndate: 2020-02-01\ncategories: solo, two words")
y("c_singular.md", "title: c singular\ndate: 2020-02-01\ncategory: one\ntag: t")
y("c_both.md", "title: c both\ndate: 2020-02-01\ncategory: one\ncategories: two")
y("c_both_null.md", "title: c both null\ndate: 2020-02-01\ncategory: one\ncategories:")
y("c_nested.md", "title: c nested\ndate: 2020-02-01\ncategories:\n- [Sports, Baseball]\n- [MLB]\n- Play")
y("c_nested_block.md", "title: c nested block\ndate: 2020-02-01\ncategories:\n  - - A\n    - B\n  - - A\n    - C")
y("c_num.md", "title: c num\ndate: 2020-02-01\ncategories: 2024\ntags: [007, 1.0, 1.10, true, 0x10, 1e3]")
y("c_null.md", "title: c null\ndate: 2020-02-01\ncategories: [null, '', a]\ntags: [null, '', b]")
y("c_false.md", "title: c false\ndate: 2020-02-01\ncategories: false\ntags: false")
y("c_date.md", "title: c date\ndate: 2020-02-01\ntags: [2020-01-01]")
y("c_dup.md", "title: c dup\ndate: 2020-02-01\ncategories: [a, a, b]\ntags: [x, X, x]")
y("c_slash.md", "title: c slash\ndate: 2020-02-01\ncategories: [C/C++, 生活&旅游, Node.js, — 资讯]")
y("c_flowtrail.md", "title: c flow trailing\ndate: 2020-02-01\ncategories: [a, b,]\ntags: [ ]")
y("c_map.md", "title: c map\ndate: 2020-02-01\ntags:\n  - a: b")
y("c_space.md", "title: c space\ndate: 2020-02-01\ncategories:\n- ' a '\n- b")
y("Upper.md", "Title: upper\nDate: 2020-02-01\nTags: [a]")
y("t_num.md", "title: 404\ndate: 2020-02-02")
y("t_float.md", "title: 1.10\ndate: 2020-02-02")
y("t_bool.md", "title: true\ndate: 2020-02-02")
y("t_yes.md", "title: yes\ndate: 2020-02-02")
y("t_null.md", "title: ~\ndate: 2020-02-02")
y("t_empty.md", "title: ''\ndate: 2020-02-02")
y("t_missing.md", "date: 2020-02-02","# Heading\n\ntext")
y("t_date.md", "title: 2020-01-01\ndate: 2020-02-02")
y("t_fold.md", "title: >-\n  folded\n  title\ndate: 2020-02-02")
y("t_literal.md", "title: |\n  literal\n  title\ndate: 2020-02-02")
y("t_multi.md", "title: multi\n  line plain\ndate: 2020-02-02")
y("t_dq.md", "title: \"a \\\"quoted\\\" \\u4e2d title\"\ndate: 2020-02-02")
y("t_dqml.md", "title: \"a quoted\n  over lines\"\ndate: 2020-02-02")
y("t_dqml0.md", "title: \"a quoted\nat column zero\"\ndate: 2020-02-02")
y("t_sq.md", "title: 'it''s'\ndate: 2020-02-02")
y("t_comment.md", "title: a title # comment\ndate: 2020-02-02 # c")
y("t_hash.md", "title: C# and F#\ndate: 2020-02-02")
y("t_hash2.md", "title: #5\ndate: 2020-02-02")
y("t_colon.md", "title: a:b http://x.y/z\ndate: 2020-02-02")
y("t_html.md", "title: <b>bold</b> &amp; &lt;x&gt;\ndate: 2020-02-02")
y("t_braces.md", "title: a {{ b }} {% c %}\ndate: 2020-02-02")
y("t_tab.md", "title:\ta tab\ndate:\t2020-02-02")
y("t_inner_tab.md", "title: a\tb\ndate: 2020-02-02")
y("t_tag.md", "title: !!str 12\ndate: 2020-02-02")
y("t_anchor.md", "title: &x anchored\nsubtitle: *x\ndate: 2020-02-02")
y("t_emoji.md", "title: 🎉 emoji “quotes” — dash\ndate: 2020-02-02")
y("t_esc.md", "title: \"\\ttab \\e esc \\x41\"\ndate: 2020-02-02")
y("t_backtick.md", "title: 'a `code` title'\ndate: 2020-02-02")
y("t_list.md", "title: [a, b]\ndate: 2020-02-02")
y("t_excl.md", "title: '!important'\ndate: 2020-02-02")
y("t_qmark.md", "title: What? Yes: no\ndate: 2020-02-02")
y("t_dashes.md", "title: a --- b\ndate: 2020-02-02")
y("t_1_000.md", "title: 1_000\ndate: 2020-02-02")
y("t_012.md", "title: 012\ndate: 2020-02-02")
y("t_inf.md", "title: .inf\ndate: 2020-02-02")
y("t_sexag.md", "title: 12:30:45\ndate: 2020-02-02")
DATES = """2020-03-01
2020-03-01 10:20:30
2020-03-01 10:20
2020-3-1
2020-3-1 1:2:3
2020-3-1 1:2
2020/03/01
2020/03/01 10:20:30
2020/3/1
2020/3/1 1:2:3
2020-03-01T10:20:30
2020-03-01T10:20:30Z
2020-03-01T10:20:30.123Z
2020-03-01T10:20:30+08:00
2020-03-01 10:20:30 +0800
2020-03-01 10:20:30 +08:00
2020-03-01 10:20:30+08:00
2020-03-01 10:20:30 -5
2020-03-01 10:20:30.000000000 +00:00
2020-03-01 9:05:00 -0400
2020-03
2020
20200301
2020-03-01 10
12/25/2020
1/2/2020
1/2/2020 13:14
1-2-2020
12-25-2020
Mar 1, 2020
March 1, 2020 10:20:30
1 Mar 2020
1 March 2020
Sun Mar 01 2020 10:20:30 GMT+0800 (China Standard Time)
Sun, 01 Mar 2020 10:20:30 +0800
Sun, 1 Mar 2020 10:20:30 GMT
Mon, 1 Mar 2020 10:20:30 GMT
Fri Sep  3 11:21:31 2021
2020-03-01 10:20:30 UTC
2020-03-01 10:20:30 GMT
2020-03-01 10:20:30 PST
2020-03-01 10:20:30 EST
2020-03-01 10:20 PM
2020-03-01 1:20 pm
1583058030000
1583058030
'2020-03-01'
"2020-03-01 10:20:30"
'2020-03-01T10:20:30+08:00'
'2020-3-1'
2020.03.01
2020.03.01 10:20:30
2020-02-31
2020-02-31 10:00:00
2020-03-01 24:00:00
2020-03-01 10:20:61
2020-03-01 10:61:00
2020-03-01T10:20:30+0800
2020-03-01T10:20
2020-03-01T1:2:3
2020-03-01t10:20:30z
2020-03-01  10:20:30
2020-03-01	10:20:30
2020-12-1 00:00:00
20-03-01
3/1/20
2020-03-01 (Sunday)
2020-03-01 10:20:30 (edited)
2020-03-01,10:20:30
2020-03-01, 10:20
2020年3月1日
2020-03-01 10：20：30
2099-01-01
1969-12-31
[2020-03-01]
2020-03-01 10:20:30.5
2020-03-01 10:20:30.123456
1st March 2020
Sunday, March 1, 2020
March 2020
2020-3
2020/03
2020-W10
2020-061
now
Sept 1, 2020
2020-Mar-01
01-Mar-2020
Mar-01-2020
2020 Mar 1
20200301T102030Z
20200301T102030
2020-03-01-10-20-30
2020-03-01 10.20.30
2020-03-01 10h20
"""
for i, d in enumerate(DATES.strip("\n").split("\n")):
    y(f"d_{i:03}.md", f"title: \'date {i}\'\ndate: {d}")
y("d_none.md", "title: none")
y("d_null.md", "title: null date\ndate:")
y("2019-05-06-named.md", "title: named")
y("2019-05-06-named-invalid.md", "title: named\ndate: Invalid Date")
y("sub/dir/deep.md", "title: deep\ndate: 2020-04-01")
y("sub/2019-05-06-deep named.md", "title: deep named\ndate: 2020-04-01")
y("sub/ünï cödé 新闻：x.md", "title: Ünï cödé 新闻：x!\ndate: 2020-04-01\ncategories: [Été, 新 媒体。]")
y("perm.md", "title: perm\ndate: 2020-04-01\npermalink: custom/path")
y("perm2.md", "title: perm2\ndate: 2020-04-01\npermalink: /abs/path.html")
y("perm3.md", "title: perm3\ndate: 2020-04-01\npermalink: 中文/路径/")
y("perm4.md", "title: perm4\ndate: 2020-04-01\npermalink: a%20b/")
y("slug.md", "title: slugged\ndate: 2020-04-01\nslug: my-slug\nurl: x\nlink: https://else.example/")
y("abbr.md", "title: abbr\ndate: 2020-04-01\nabbrlink: 4a17b156\nid: 17\nlang: fr\nauthor: Ann")
y("pub_false.md", "title: unpublished\ndate: 2020-04-01\npublished: false")
y("pub_date.md", "title: pubdate\npublished: 2020-04-05\ndate: 2020-04-01")
y("draft_true.md", "title: draft true\ndate: 2020-04-01\ndraft: true")
y("updated.md", "title: updated\ndate: 2020-04-01\nupdated: 2020-05-01 10:00:00")
y("lastmod.md", "title: lastmod\ndate: 2020-04-01\nlastmod: 2020-05-01 10:00:00")
y("dots.in.name.md", "title: dots\ndate: 2020-04-01")
y("html.html", "title: html\ndate: 2020-04-01","<p>x</p>")
y("post.zh-CN.md", "title: lang in name\ndate: 2020-04-01")
y("index.md", "title: index\ndate: 2020-04-01")
y("sub/index.md", "title: sub index\ndate: 2020-04-01")
p("plain.md", "Just text\n\nmore text\n")
p("rule.md", "Intro: hello\n\n-----\n\nrest\n")
p("onlydash.md", "---\n---\nbody\n")
p("aliasbomb.md", "---\ntitle: a\ndate: 2020-01-01\nx: &a [1,2]\ny: *a\n---\nbody")
p("comment.md", "---\n# a comment\ntitle: commented\n\n# other\ndate: 2020-01-01\n---\nbody")
p("dotsend.md", "---\ntitle: dotsend\ndate: 2020-01-01\n...\nbody")
p("indent.md", "---\n title: indent\n date: 2020-01-01\n tags:\n  - a\n---\nbody")
p("emptyline.md", "---\n\ntitle: emptyline\n\ndate: 2020-01-01\n\n---\nbody")
p("photos.md", "---\ntitle: photos\ndate: 2020-01-01\nphotos:\n- /a.png\n- http://x/b.png\n---\nbody")
p("quotedkey.md", "---\n\"title\": quoted key\n'date': 2020-01-01\n---\nbody")
p("flowmap.md", "---\n{title: flow map, date: 2020-01-01, tags: [a]}\n---\nbody")
p("json.md", "---\n{\"title\": \"json in yaml\", \"date\": \"2020-01-01\"}\n---\nbody")
p("dirty.md", "---\ntitle: dirty\ndate: 2020-01-01\n---body directly\n")
p("longfence.md", "-----\ntitle: longfence\ndate: 2020-01-01\n-----\nbody\n---\nx")
p("closespace.md", "---\ntitle: closespace\ndate: 2020-01-01\n---  \nbody\n---\nx")
p("nofinal.md", "---\ntitle: nofinal\ndate: 2020-01-01\n---")
p("seq.md", "---\n- a\n- b\n---\nbody")
p("unopened_list.md", "title: 'unopened: list'\ndate: 2020-01-01\naliases: [\n/old/,\n/older/\n]\ncategories:\n- a\n---\nbody")
p("oneblank.md", "\n---\ntitle: one blank\ndate: 2020-01-01\n---\nbody")
y("folded_tag.md", "title: folded\ndate: 2020-01-01\ntags: >-\n  a b\ncategories: |\n  c d")
p("scalar.md", "---\njust text\n---\nbody")

# Intended differences, with their reasons. None means that feedmill does not publish the article.
WRITTEN = "numbers and days keep the spelling of their author"
ISO = "text that every reader takes for a date is one, and seconds since 1970 are not milliseconds"
MEANT = {
    "c_num.md": (WRITTEN, {"tags": ["007", "1.0", "1.10", "true", "0x10", "1e3"]}),
    "c_date.md": (WRITTEN, {"tags": ["2020-01-01"]}),
    "c_map.md": ("a colon in a name is text", {"tags": ["a: b"]}),
    "c_dup.md": ("tags that differ only in letter case are equal", {"tags": ["x"]}),
    "Upper.md": ("keys are matched in any letter case", {"title": "upper", "date": "2020-02-01T00:00:00Z", "tags": ["a"]}),
    "t_float.md": (WRITTEN, {"title": "1.10"}),
    "t_date.md": (WRITTEN, {"title": "2020-01-01"}),
    "t_012.md": (WRITTEN, {"title": "012"}),
    "t_inf.md": (WRITTEN, {"title": ".inf"}),
    "t_list.md": ("a list is more readable with spaces", {"title": "a, b"}),
    "t_qmark.md": ("invalid YAML is recovered", {"title": "What? Yes: no", "date": "2020-02-02T00:00:00Z"}),
    "seq.md": ("front matter that is a list does not lose the article", {"title": "seq"}),
    "draft_true.md": ("drafts are hidden, as hexo-generator-feed has it", None),
    "dotsend.md": ("`...` ends front matter, as in Jekyll", {"title": "dotsend", "date": "2020-01-01T00:00:00Z"}),
    "d_021.md": ("a year alone is neither a date nor a second of 1970", {"date": None}),
    "d_022.md": (ISO, {"date": "2020-03-01T00:00:00Z"}),
    "d_045.md": (ISO, {"date": "2020-03-01T10:20:30Z"}),
    "d_065.md": ("a two-digit year after other numbers is ambiguous", {"date": None}),
    "d_089.md": (ISO, {"date": "2020-03-01T00:00:00Z"}),
}
