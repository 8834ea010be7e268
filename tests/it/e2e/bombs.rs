//! Hostile articles that are expensive to read or to render, each in a given size.
//!
//! The tests of this directory use them, and `benches/bombs` measures the cost of each.

/// The name of a file, and a recipe for its contents.
pub struct Bomb {
    pub name: &'static str,
    make: Make,
}

enum Make {
    /// Our front matter, followed by this text repeatedly.
    Body(&'static str),
    /// Our front matter, a text, a repeated text, and an end.
    Around(&'static str, &'static str, &'static str),
    /// Our front matter, followed by numbered pieces.
    Numbered(fn(usize) -> String),
    /// A whole file.
    File(fn(usize) -> Vec<u8>),
}

/// The date is later than that of all other articles.
const HEAD: &str = "title: Bomb\ndate: 2026-02-01\ncategories: [bombs]\n";

impl Bomb {
    /// The file in approximately `size` bytes, and never more.
    pub fn bytes(&self, size: usize) -> Vec<u8> {
        let head = format!("---\n{HEAD}---\n\n");
        let within = |before: &str, piece: &str, after: &str| {
            let times = size.saturating_sub(head.len() + before.len() + after.len()) / piece.len();
            format!("{head}{before}{}{after}", piece.repeat(times)).into_bytes()
        };
        let bytes = match &self.make {
            Make::Body(piece) => within("", piece, ""),
            Make::Around(before, piece, after) => within(before, piece, after),
            Make::Numbered(piece) => {
                let mut text = head;
                for number in 0.. {
                    let piece = piece(number);
                    if text.len() + piece.len() > size {
                        break;
                    }
                    text.push_str(&piece);
                }
                text.into_bytes()
            }
            Make::File(make) => make(size),
        };
        assert!(bytes.len() <= size, "{} has {} bytes of {size}", self.name, bytes.len());
        bytes
    }
}

const fn body(name: &'static str, piece: &'static str) -> Bomb {
    Bomb { name, make: Make::Body(piece) }
}

const fn around(name: &'static str, before: &'static str, piece: &'static str, after: &'static str) -> Bomb {
    Bomb { name, make: Make::Around(before, piece, after) }
}

const fn numbered(name: &'static str, piece: fn(usize) -> String) -> Bomb {
    Bomb { name, make: Make::Numbered(piece) }
}

const fn file(name: &'static str, make: fn(usize) -> Vec<u8>) -> Bomb {
    Bomb { name, make: Make::File(make) }
}

/// All bombs: Markdown, HTML, template tags, front matter and binary files.
pub fn all() -> impl Iterator<Item = &'static Bomb> {
    MARKDOWN.iter().chain(HTML).chain(TAGS).chain(FRONT_MATTER).chain(BYTES)
}

const MARKDOWN: &[Bomb] = &[
    file("table-square.md", |size| {
        let side = (size - 200) / 6;
        let (head, rule) = ("|a".repeat(side), "|-".repeat(side));
        format!("---\n{HEAD}---\n\n{head}|\n{rule}|\n{}", "|\n".repeat(side)).into_bytes()
    }),
    around("table-long.md", "|a|b|\n|-|-|\n", "|a|b|\n", ""),
    around("table-wide.md", "|a|b|\n|-|-|\n", "|a", "|\n"),
    body("tables.md", "|a|b|\n|-|-|\n|c|d|\n\n"),
    around("table-ragged.md", "|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|\n|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|\n", "|\n", ""),
    body("lists.md", "- a\n"),
    body("lists-loose.md", "- a\n\n"),
    body("lists-in-lists.md", "- "),
    body("lists-of-tasks.md", "- [ ] a\n"),
    body("lists-numbered.md", "1) a\n1. a\n"),
    numbered("lists-deeper.md", |n| format!("{}- a\n", "  ".repeat(n))),
    body("quotes.md", "> "),
    body("quotes-close.md", ">"),
    numbered("quotes-deeper.md", |n| format!("{}a\n", "> ".repeat(n))),
    body("quotes-and-lists.md", "> - "),
    body("alerts.md", "> [!NOTE]\n> a\n\n"),
    body("brackets.md", "["),
    body("brackets-closed.md", "[a]"),
    body("brackets-open-and-closed.md", "[]"),
    around("brackets-nested.md", "[", "[a](", "b"),
    body("brackets-of-images.md", "![["),
    body("brackets-and-bold.md", "[*a"),
    body("emphasis.md", "*a "),
    body("emphasis-closed.md", "*a*"),
    body("emphasis-mixed.md", "*a **b_c "),
    body("emphasis-right.md", "a** a* "),
    body("emphasis-in-words.md", "a*b_"),
    body("strikethrough.md", "~~a "),
    body("links.md", "[a](b) "),
    body("links-of-titles.md", "[a](<b> \"c\")"),
    body("links-open.md", "[a](<b"),
    around("links-by-reference.md", "[a]: /u 'title'\n\n", "[a] ", "\n"),
    file("links-by-long-reference.md", |size| {
        let long = "a".repeat(size / 2);
        let uses = "[x] ".repeat((size - long.len() - 200) / 4);
        format!("---\n{HEAD}---\n\n[x]: /{long} 'title'\n\n{uses}\n").into_bytes()
    }),
    numbered("references.md", |n| format!("[r{n}]: /u{n} 'title'\n")),
    around("references-open.md", "", "[a]: <b\n", ""),
    numbered("links-to-articles.md", |n| format!("[a](a{n}.md)\n")),
    body("links-bare.md", "www.a.b "),
    body("links-bare-mail.md", "a@b.c "),
    body("links-bare-schemes.md", "http://a "),
    body("words-and-signs.md", "a@a."),
    numbered("images.md", |n| format!("![](i{n}.png)\n")),
    body("images-of-one.md", "![a](b.png)"),
    around("notes.md", "[^a]: b\n\n", "[^a]", "\n"),
    numbered("notes-numbered.md", |n| format!("[^{n}]\n\n[^{n}]: a\n\n")),
    numbered("notes-of-notes.md", |n| format!("[^{n}]: a[^{}]\n\n", n + 1)),
    body("code-spans.md", "`a` "),
    body("code-spans-open.md", "a`"),
    numbered("code-spans-longer.md", |n| format!("{}a", "`".repeat(n % 600))),
    body("fences.md", "```\n```\n"),
    body("fences-open.md", "~~~\na\n\n"),
    body("fences-indented.md", "    a\n\nb\n\n"),
    body("headings.md", "# a\n"),
    around("headings-with-ids.md", "[a](#a)\n\n", "# a\n", ""),
    body("rules.md", "***\n"),
    body("paragraphs.md", "a\n\n"),
    body("lines.md", "a\n"),
    body("lines-broken.md", "a  \n"),
    body("lines-escaped.md", "\\\n"),
    body("escapes.md", "\\*"),
    body("references-of-characters.md", "&amp;"),
    body("references-of-numbers.md", "&#1;"),
    body("ampersands.md", "&"),
    body("quotation-marks.md", "\""),
    body("less-than.md", "<"),
    body("greater-than.md", "a>"),
    body("exclamations.md", "!["),
    body("attributes.md", "{:.a}\n"),
    body("attributes-inline.md", "a{:.a} "),
    body("containers.md", ":::tip\n\n"),
    body("containers-closed.md", ":::tip a\nb\n:::\n"),
    body("abbreviations.md", "*[a]: b\n"),
    body("modules.md", "import a from 'b'\n\n"),
    body("more.md", "<!-- more -->\n"),
    body("more-open.md", "<!-- more "),
    body("more-mdx.md", "{/* a "),
];

const HTML: &[Bomb] = &[
    body("html-b.html", "<b>"),
    body("html-b-text.html", "<b>a"),
    body("html-b-p.html", "<b><p>"),
    body("html-a.html", "<a href=x>"),
    body("html-a-p.html", "<a href=x><p>a"),
    body("html-misnested.html", "<b><i></b></i>"),
    body("html-p.html", "<p>"),
    body("html-p-closed.html", "</p>"),
    body("html-br.html", "<br>"),
    body("html-br-closed.html", "</br>"),
    body("html-div.html", "<div>"),
    body("html-div-text.html", "<div>a</div>"),
    body("html-li.html", "<ul><li>"),
    body("html-table.html", "<table>"),
    body("html-table-text.html", "<table>a"),
    body("html-table-td.html", "<table><td>"),
    around("html-table-b.html", "<table>", "<b>a", ""),
    around("html-td.html", "<table><tr>", "<td>", ""),
    around("html-tr.html", "<table>", "<tr>", ""),
    body("html-heading.html", "<h1><h2>"),
    body("html-span.html", "<span>"),
    body("html-unknown.html", "<x>"),
    body("html-pre.html", "<pre>"),
    body("html-svg.html", "<svg>"),
    body("html-math.html", "<math><mi>"),
    body("html-noscript.html", "<noscript><p>"),
    body("html-iframe.html", "<iframe src=a>"),
    body("html-video.html", "<video src=a></video>"),
    body("html-picture.html", "<picture><source srcset=a>"),
    body("html-textarea.html", "<textarea>"),
    body("html-script.html", "<script>"),
    body("html-style.html", "<style></style>"),
    body("html-comment.html", "<!---->"),
    body("html-comment-open.html", "<!--"),
    body("html-cdata.html", "<![CDATA["),
    body("html-img.html", "<img src=a.png>"),
    numbered("html-imgs.html", |n| format!("<img src=a{n}.png alt=b>")),
    around("html-srcset.html", "<img src=a.png srcset=\"", "a.png 1w, ", "\">"),
    around("html-style-attribute.html", "<p style=\"", "a:b;", "\">a</p>"),
    around("html-attribute.html", "<p title=\"", "a&lt;", "\">a</p>"),
    around("html-attributes.html", "<p ", "a=b ", ">a</p>"),
    file("html-attributes-numbered.html", |size| {
        let attributes: String = (0..).map(|n| format!("a{n}=b ")).take_while(pieces(size - 200)).collect();
        format!("---\n{HEAD}---\n\n<p {attributes}>a</p>").into_bytes()
    }),
    around("html-class.html", "<p class=\"", "a ", "\">a</p>"),
    body("html-id.html", "<p id=a>#"),
    numbered("html-ids.html", |n| format!("<p id=a{n}><a href=#a{n}>a</a>")),
    body("html-references.html", "&lt;"),
    body("html-references-open.html", "&lt"),
    body("html-references-unknown.html", "&x;"),
    body("html-open.html", "<a "),
    body("html-quote-open.html", "<a b=\""),
    body("html-hidden.html", "<p hidden>a"),
    around("html-in-markdown.md", "", "<b>a\n\n", ""),
    around("html-in-markdown-inline.md", "a ", "<b>", ""),
    around("html-in-markdown-blocks.md", "", "<div>\n\n", ""),
    around("html-in-markdown-comments.md", "a ", "<!--", ""),
    around("html-in-markdown-cdata.md", "a ", "<![CDATA[", ""),
    around("html-in-markdown-declarations.md", "a ", "<?", ""),
    around("html-in-markdown-ends.md", "a ", "</b>", ""),
];

const TAGS: &[Bomb] = &[
    body("tags-hugo.md", "{{< a >}}"),
    body("tags-open.md", "{{"),
    body("tags-open-block.md", "{% "),
    body("tags-block.md", "{% a %}"),
    body("tags-note.md", "{% note %}"),
    body("tags-note-closed.md", "{% note %}a{% endnote %}"),
    body("tags-raw.md", "{% raw %}"),
    body("tags-raw-closed.md", "{% raw %}a{% endraw %}"),
    body("tags-code.md", "{% codeblock %}\n"),
    body("tags-tabs.md", "{% tabs a %}<!-- tab b -->"),
    body("tags-of-arguments.md", "{% img a=b c=d %}"),
    around("tags-of-one-with-arguments.md", "{% img ", "a=b ", "%}"),
    body("tags-in-code.md", "`{% raw %}`"),
    body("tags-variable.md", "{{ a }}"),
    body("tags-comment.md", "{# a #}"),
    body("tags-figure.md", "{{< figure src=\"a.png\" >}}"),
    body("tags-secret.md", "{% secret %}a"),
    numbered("tags-post-link.md", |n| format!("{{% post_link a{n} %}}\n")),
    numbered("tags-ref.md", |n| format!("[a]({{{{< ref \"a{n}.md\" >}}}})\n")),
    numbered("tags-named.md", |n| format!("{{% a{n} %}}")),
];

/// Returns a function that takes pieces until `room` bytes are used up.
fn pieces(mut room: usize) -> impl FnMut(&String) -> bool {
    move |piece| {
        let left = room.checked_sub(piece.len());
        room = left.unwrap_or(0);
        left.is_some()
    }
}

fn repeated(before: &str, piece: &str, after: &str, size: usize) -> Vec<u8> {
    let times = (size - before.len() - after.len()) / piece.len();
    format!("{before}{}{after}", piece.repeat(times)).into_bytes()
}

fn counted(before: &str, piece: fn(usize) -> String, after: &str, size: usize) -> Vec<u8> {
    let inner: String = (0..).map(piece).take_while(pieces(size - before.len() - after.len())).collect();
    format!("{before}{inner}{after}").into_bytes()
}

const DATED: &str = "---\ntitle: Bomb\ndate: 2026-02-01\n";
const TOML: &str = "+++\ntitle = 'Bomb'\ndate = 2026-02-01\n";
const JSON: &str = "{\"title\": \"Bomb\", \"date\": \"2026-02-01\", ";

const FRONT_MATTER: &[Bomb] = &[
    file("yaml-tags.md", |size| counted(&format!("{DATED}tags:\n"), |n| format!("- t{n}\n"), "---\na\n", size)),
    file("yaml-tags-in-brackets.md", |size| {
        counted(&format!("{DATED}tags: [x"), |n| format!(", t{n}"), "]\n---\na\n", size)
    }),
    file("yaml-categories.md", |size| {
        counted(&format!("{DATED}categories:\n"), |n| format!("- t{n}\n"), "---\na\n", size)
    }),
    file("yaml-category-paths.md", |size| {
        let path = format!("- [{}]\n", (0..60).map(|n| format!("p{n}")).collect::<Vec<_>>().join(", "));
        let paths: String =
            (0..).map(|n| path.replace("p0", &format!("q{n}"))).take_while(pieces((size - 99).min(60_000))).collect();
        format!("{DATED}categories:\n{paths}---\na\n").into_bytes()
    }),
    file("yaml-long-names.md", |size| {
        let name = "n".repeat((size - 200).min(60_000) / 80);
        let path = (0..60).map(|n| format!("{name}{n}")).collect::<Vec<_>>().join(", ");
        format!("{DATED}categories:\n- [{path}]\n---\na\n").into_bytes()
    }),
    file("yaml-authors.md", |size| {
        counted(&format!("{DATED}authors:\n"), |n| format!("- {{name: n{n}, email: a@b.c}}\n"), "---\na\n", size)
    }),
    file("yaml-photos.md", |size| counted(&format!("{DATED}photos:\n"), |n| format!("- p{n}.png\n"), "---\na\n", size)),
    file("yaml-aliases.md", |size| counted(&format!("{DATED}aliases:\n"), |n| format!("- /a{n}/\n"), "---\na\n", size)),
    file("yaml-keys.md", |size| counted(DATED, |n| format!("k{n}: v\n"), "---\na\n", size)),
    file("yaml-flow-deep.md", |size| repeated(&format!("{DATED}x: "), "[", "\n---\na\n", size)),
    file("yaml-maps-deep.md", |size| repeated(&format!("{DATED}x: "), "{a: ", "\n---\na\n", size)),
    file("yaml-blocks-deep.md", |size| repeated(&format!("{DATED}x:\n"), "- ", "\n---\na\n", size)),
    file("yaml-question-marks.md", |size| repeated(&format!("{DATED}x:\n"), "? ", "\n---\na\n", size)),
    file("yaml-indented.md", |size| {
        let lines: String = (1..).map(|n| format!("{}a:\n", " ".repeat(n))).take_while(pieces(size - 99)).collect();
        format!("{DATED}x:\n{lines}---\na\n").into_bytes()
    }),
    file("yaml-references.md", |size| {
        repeated(&format!("{DATED}a: &a [x,x,x,x,x,x,x,x,x]\nb: ["), "*a, ", "]\n---\na\n", size)
    }),
    file("yaml-merges.md", |size| repeated(&format!("{DATED}a: &a {{b: c}}\n"), "<<: *a\n", "---\na\n", size)),
    file("yaml-title.md", |size| repeated("---\ndate: 2026-02-01\ntitle: ", "bomb ", "\n---\na\n", size)),
    file("yaml-title-quoted.md", |size| repeated("---\ndate: 2026-02-01\ntitle: \"", "bomb\\n ", "\"\n---\na\n", size)),
    file("yaml-title-ligatures.md", |size| repeated("---\ndate: 2026-02-01\ntitle: ", "\u{fdfa}", "\n---\na\n", size)),
    file("yaml-title-tags.md", |size| repeated("---\ndate: 2026-02-01\ntitle: a", "<b>", "\n---\na\n", size)),
    file("yaml-summary.md", |size| repeated(&format!("{DATED}description: "), "words ", "\n---\na\n", size)),
    file("yaml-block.md", |size| repeated(&format!("{DATED}description: |\n"), "  words\n", "---\na\n", size)),
    file("yaml-comment.md", |size| repeated(DATED, "# words\n", "---\na\n", size)),
    file("yaml-tabs.md", |size| repeated(DATED, "\t", "\n---\na\n", size)),
    file("yaml-escapes.md", |size| repeated(&format!("{DATED}x: \""), "\\u", "\"\n---\na\n", size)),
    file("yaml-half-characters.md", |size| repeated(&format!("{DATED}x: \""), "\\ud83e\\udd80", "\"\n---\na\n", size)),
    file("yaml-quotes.md", |size| repeated(&format!("{DATED}x: "), "\"", "\n---\na\n", size)),
    file("yaml-ligature-tags.md", |size| {
        let name = "\u{fdfa}".repeat((size - 99).min(60_000) / 3 / 20);
        format!("{DATED}tags: [{}]\n---\na\n", (0..18).map(|n| format!("{name}{n}")).collect::<Vec<_>>().join(", "))
            .into_bytes()
    }),
    file("yaml-open.md", |size| repeated(DATED, "a: b\n", "", size)),
    file("yaml-open-list.md", |size| repeated(&format!("{DATED}tags: ["), "a, ", "\n---\na\n", size)),
    file("yaml-rules.md", |size| repeated("", "----\n", "", size)),
    file("yaml-without-fence.md", |size| repeated("title: Bomb\ndate: 2026-02-01\n", "- a\n", "---\na\n", size)),
    file("yaml-bad.md", |size| repeated(&format!("{DATED}x: \"\"y\": z\n"), "k: 'v\n", "---\na\n", size)),
    file("toml-tags.md", |size| counted(&format!("{TOML}tags = ['x'"), |n| format!(", 't{n}'"), "]\n+++\na\n", size)),
    file("toml-tags-in-lines.md", |size| {
        counted(&format!("{TOML}tags = [\n"), |n| format!("  't{n}',\n"), "]\n+++\na\n", size)
    }),
    file("toml-dotted.md", |size| repeated(&format!("{TOML}a"), ".a", " = 1\n+++\na\n", size)),
    file("toml-tables.md", |size| repeated(TOML, "[[a]]\n", "+++\na\n", size)),
    file("toml-tables-deep.md", |size| repeated(&format!("{TOML}[a"), ".a", "]\n+++\na\n", size)),
    file("toml-lists-deep.md", |size| repeated(&format!("{TOML}a = "), "[", "\n+++\na\n", size)),
    file("toml-inline-deep.md", |size| repeated(&format!("{TOML}a = "), "{a=", "\n+++\na\n", size)),
    file("toml-keys.md", |size| counted(TOML, |n| format!("k{n} = 1\n"), "+++\na\n", size)),
    file("toml-title.md", |size| repeated("+++\ndate = 2026-02-01\ntitle = 'x", "words ", "'\n+++\na\n", size)),
    file("toml-open.md", |size| repeated(TOML, "a = 'b'\n", "", size)),
    file("json-tags.md", |size| {
        counted(&format!("{JSON}\"tags\": [\"x\""), |n| format!(", \"t{n}\""), "]}\na\n", size)
    }),
    file("json-deep.md", |size| repeated(&format!("{JSON}\"a\": "), "[", "\na\n", size)),
    file("json-maps-deep.md", |size| repeated(&format!("{JSON}\"a\": "), "{\"a\":", "\na\n", size)),
    file("json-deep-closed.md", |size| {
        let deep = (size - 99) / 2;
        format!("{JSON}\"a\": {}{}}}\na\n", "[".repeat(deep), "]".repeat(deep)).into_bytes()
    }),
    file("json-open.md", |size| counted(JSON, |n| format!("\"k{n}\": \"v\", "), "\na\n", size)),
    file("json-keys.md", |size| counted(&format!("{JSON}\"x\": 1"), |n| format!(", \"k{n}\": 1"), "}\na\n", size)),
    file("json-title.md", |size| repeated("{\"date\": \"2026-02-01\", \"title\": \"x", "words ", "\"}\na\n", size)),
    file("json-without-braces.md", |size| {
        counted(";;;\n\"title\": \"Bomb\"", |n| format!(", \"k{n}\": 1"), "\n;;;\na\n", size)
    }),
    file("headers-tags.md", |size| {
        counted("Title: Bomb\nDate: 2026-02-01\nTags: x", |n| format!(", t{n}"), "\n\na\n", size)
    }),
    file("headers.md", |size| counted("Title: Bomb\nDate: 2026-02-01\n", |n| format!("K{n}: v\n"), "\na\n", size)),
    file("headers-folded.md", |size| repeated("Title: Bomb\nDate: 2026-02-01\nSummary: x\n", " y\n", "\na\n", size)),
    file("nikola.md", |size| {
        counted(".. title: Bomb\n.. date: 2026-02-01\n.. tags: x", |n| format!(", t{n}"), "\n\na\n", size)
    }),
    file("references.lctt.md", |size| {
        counted("[#]: subject: (Bomb)\n", |n| format!("[#]: k{n}: (v)\n"), "\na\n", size)
    }),
];

const BYTES: &[Bomb] = &[
    body("bytes-word.md", "a"),
    body("bytes-words.md", "words "),
    body("bytes-spaces.md", " "),
    body("bytes-tabs.md", "\t"),
    body("bytes-line-ends.md", "\n"),
    body("bytes-carriage-returns.md", "\r"),
    body("bytes-both-line-ends.md", "a\r\n\r\n"),
    body("bytes-zeros.md", "\0"),
    body("bytes-controls.md", "\u{1}\u{1b}"),
    body("bytes-chinese.md", "水"),
    body("bytes-ligatures.md", "\u{fdfa}"),
    around("bytes-marks.md", "a", "\u{301}", ""),
    body("bytes-families.md", "👩\u{200d}"),
    body("bytes-encoded-twice.html", "Ã©"),
    body("bytes-text.html", "words "),
    file("bytes-without-title.md", |size| repeated("", "a\n\n", "", size)),
    file("bytes-without-title.html", |size| repeated("", "<p>a", "", size)),
    file("bytes-no-utf8.md", |size| [format!("{DATED}---\n").as_bytes(), &vec![0xff; size - 99]].concat()),
    file("bytes-utf16.md", |size| {
        let text = format!("{DATED}---\n{}", "水".repeat((size - 200) / 2));
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(units).collect()
    }),
    file("bytes-utf16-halves.md", |size| {
        let text = format!("{DATED}---\n").encode_utf16().collect::<Vec<_>>();
        let halves = vec![0xd800; (size - 200) / 2];
        [0xff, 0xfe].into_iter().chain(text.into_iter().chain(halves).flat_map(u16::to_le_bytes)).collect()
    }),
];
