"""Posts and configurations for Hexo's permalinks: POSTS by path, CONFIGS by name; MEANT lists the intended differences."""

POSTS = {
    'hello-world.md': 'title: Hello World\ndate: 2013-07-14 17:01:34\ncategories: [foo, bar]\ntags: [x]\nabbrlink: 4a17\nauthor: Ann Lee\nlang: en',
    'lorem/hello-world.md': "title: 'Hello, World: 新媒体! C++ & Ünï'\ndate: 2020-01-02 03:04:05\ncategories:\n- [A b, C]\n- [D]\nabbrlink: aa",
    '2020-01-02-dated.md': 'title: Dated\ndate: 2020-03-04 05:06:07\ncategories: one',
    '2021-11-12-nodate.md': 'title: Nodate\ncategories: [新 媒体, 测试]',
    'sp ace/Ünï 新.md': 'title: Sp\ndate: 2020-01-02\nslug: own-slug\ncategories: C++',
    'nocat.md': 'title: Nocat 100% _x_\ndate: 2020-01-02 23:59:59\nid: 77',
    'perm.md': 'title: perm\ndate: 2020-04-01\npermalink: custom/path',
    'perm2.md': 'title: perm2\ndate: 2020-04-01\npermalink: /中文 x/?a=b#c',
    'perm3.md': 'title: perm3\ndate: 2020-04-01\npermalink: /x/:title/',
    'perm4.md': 'title: perm4\ndate: 2020-04-01\npermalink: https://else.example/x/',
    'deep/er/index.md': 'title: deep index\ndate: 2020-04-01\nlang: fr',
    'map.md': 'title: map\ndate: 2020-04-01\ncategories: [Mapped, Sub]\nnested: {a: b}\nlist: [a, b]\nflag: true\nnum: 1.50',
    'dots.v1.2.md': 'title: dots\ndate: 2020-04-01',
    'name_under__score.md': 'title: under\ndate: 2020-04-01',
}

CONFIGS = {
    'default': '',
    'cat': 'permalink: :category/:title.html\ncategory_map:\n  Mapped: m-x/y\n  one: uno\n',
    'all': 'permalink: :year/:i_month/:i_day/:hour:minute:second/:name/:post_title/\n',
    'hash': 'permalink: p/:hash/:timestamp/\n',
    'keys': 'permalink: :lang/:abbrlink/:author/:nested/:list/:flag/:num/:title.html\npermalink_defaults:\n  lang: zz\n  abbrlink: none\n',
    'under': 'permalink: :year_:month_:day_:title/\n',
    'newname': 'permalink: :year/:title/\nnew_post_name: :year-:month-:day-:title.md\n',
    'newname2': 'permalink: :year/:title/:name/\nnew_post_name: :year/:title.md\n',
    'pretty': 'permalink: :title/index.html\npretty_urls:\n  trailing_index: false\n  trailing_html: true\n',
    'prettyhtml': 'permalink: :title.html\npretty_urls:\n  trailing_index: false\n  trailing_html: false\n',
    'case': 'permalink: :category/:title/\nfilename_case: 1\ndefault_category: none\n',
    'asset': 'permalink: :title/\npost_asset_folder: true\n',
    'weird': 'permalink: posts/:title-:category-:hash\n',
    'colon': 'permalink: /a:title/:unknown/\n',
}

NO_QUERY = "a path in front matter has no query or fragment, so `?` and `#` are encoded"
ABSOLUTE = "an absolute URL is used unchanged"
HOME = "https://example.org"
MEANT = {
    "perm2.md": (NO_QUERY, {"permalink": f"{HOME}/%E4%B8%AD%E6%96%87%20x/%3Fa=b%23c"}),
    "perm4.md": (ABSOLUTE, {"permalink": "https://else.example/x/"}),
}
# Intended differences in one configuration only.
MEANT_IN = {
    "keys": {
        "map.md": (
            "tables and lists are not used in a permalink, numbers keep their spelling",
            {"permalink": f"{HOME}/zz/none/undefined/undefined/undefined/true/1.50/map.html"},
        ),
    },
    "asset": {
        "perm2.md": (NO_QUERY, {"permalink": f"{HOME}/%E4%B8%AD%E6%96%87%20x/%3Fa=b%23c/"}),
        "perm4.md": (ABSOLUTE, {"permalink": "https://else.example/x/"}),
    },
}
