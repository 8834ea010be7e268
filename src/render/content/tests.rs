//! Tests of body conversion: the HTML and text that a reader receives for a body.

use super::{Markup, ParsedBody, Reference, below_title, excerpt, html, summary, text};

// The signature allows `None`, but this function always returns a URL.
#[allow(clippy::unnecessary_wraps)]
fn resolve(_: Reference, reference: &str) -> Option<String> {
    let absolute = reference.contains(':');
    Some(if absolute { reference.to_owned() } else { format!("https://e.org/{reference}") })
}

fn of_html(body: &str) -> String {
    shown(body, Markup::HTML)
}

fn of_markdown(body: &str) -> String {
    shown(body, Markup::MARKDOWN)
}

/// Renders a body, and asserts that the HTML that may be kept of it gives the same result.
#[track_caller]
fn shown(body: &str, markup: Markup) -> String {
    let parsed = ParsedBody::new(body, markup);
    parsed.html();
    let (kept, shown) = (parsed.kept(), html(body, markup, &resolve));
    assert_eq!(html(&kept.text(), kept.markup(), &resolve), shown, "{body}");
    shown
}

mod embedded;

const IMG: &str = "referrerpolicy=\"no-referrer\" loading=\"lazy\">";

#[test]
fn an_aggregated_body_keeps_text_and_proxied_images() {
    let body = "<div>   \n<p>连日来</p><img src=\"https://c.dev/?http://h/a.jpeg\" data-size=\"600,800\" referrerpolicy=\"x\">  \n</div>\n   ";
    assert_eq!(
        of_html(body),
        format!("<div>   \n<p>连日来</p><img src=\"https://c.dev/?http://h/a.jpeg\" {IMG}  \n</div>")
    );
}

#[test]
fn markdown_has_tables_tasks_autolinks_and_cjk_emphasis() {
    assert_eq!(of_markdown("**“重要”**的"), "<p><strong>“重要”</strong>的</p>");
    assert_eq!(of_markdown("~~a~~ https://a.b/c"), "<p><del>a</del> <a href=\"https://a.b/c\">https://a.b/c</a></p>");
    assert_eq!(of_markdown("- [x] a\n- [ ] b"), "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>");
    assert!(of_markdown("|a|\n|-|\n|b|").contains("<td>b</td>"));
    assert_eq!(of_markdown("```rs\na\tb\n\nc\n```"), "<pre><code class=\"language-rs\">a\tb\n\nc\n</code></pre>");
}

#[test]
fn footnotes_and_fragments_lead_to_ids_of_the_body() {
    let out = of_markdown("a[^1]\n\n[^1]: b");
    assert!(out.contains("<a id=\"fnref-1\" href=\"https://e.org/#fn-1\">1</a>"), "{out}");
    assert!(out.contains("<li id=\"fn-1\">"), "{out}");
    // An id that is not in this body must be on the article's own page.
    assert_eq!(of_html("<a href='#x'>a</a>"), "<a href=\"https://e.org/#x\">a</a>");
    assert_eq!(of_html("<a name=x>b</a>"), "<a id=\"x\">b</a>");
}

#[test]
fn no_active_content_survives() {
    for attack in [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//x/y.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<a href='jav&#x61;script:alert(1)'>x</a>",
        "<a href=' java\tscript:alert(1)'>x</a>",
        "<svg onload=alert(1)>",
        "<iframe src='javascript:alert(1)'></iframe>",
        "<style>@import 'x'</style>",
        "<div style='background:url(javascript:alert(1))'>",
        "<body onload=alert(1)>",
        "<<script>alert(1)//<</script>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<form action=javascript:alert(1)><input type=submit>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<object data='javascript:alert(1)'></object>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<img src=\"x\" alt=\"`><script>alert(1)</script>\">",
        "<base href='javascript:/a'>",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    ] {
        for out in [of_html(attack), of_markdown(attack)] {
            let active = [
                "<script",
                "onerror=",
                "onload=",
                "href=\"java",
                "href=\"data",
                "style=",
                "<iframe",
                "<svg",
                "<form",
                "<meta",
                "<base",
            ];
            // Escaped text and a quoted `alt` are harmless, so check only what is inside a tag.
            let tags: Vec<_> = out.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect();
            let tags = format!("<{}", tags.join("<"));
            let tags = tags.replace("alt=\"`&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"", "");
            assert!(!active.iter().any(|word| tags.contains(word)), "{attack} gave {out}");
        }
    }
}

#[test]
fn an_image_keeps_its_sizes_with_absolute_urls() {
    let of = |tag: &str| of_html(tag);
    assert_eq!(
        of("<img src=a.png srcset='a.png 300w, b,c.png 600w' sizes='(max-width: 4em) 1px, 9vw'>"),
        format!(
            "<img src=\"https://e.org/a.png\" srcset=\"https://e.org/a.png 300w, https://e.org/b%2Cc.png 600w\" sizes=\"100vw\" {IMG}"
        )
    );
    assert_eq!(
        of("<img src=blank.gif data-srcset='a.png, b.png 2x'>"),
        format!("<img src=\"https://e.org/a.png\" srcset=\"https://e.org/a.png 1x, https://e.org/b.png 2x\" {IMG}")
    );
    // Mixed kinds of descriptors, a duplicate size, candidates that are not images.
    assert_eq!(
        of("<img src=a srcset='a 1x, b 600w, c 1x, vbscript:y 4x, data:x 3x, d.png?src=1&amp;b=\"2 2x'>"),
        format!(
            "<img src=\"https://e.org/a\" srcset=\"https://e.org/a 1x, https://e.org/d.png?src&#61;1&amp;b&#61;&quot;2 2x\" {IMG}"
        )
    );
    for none in ["", "data:x 2x", "a 3q", "a -1w"] {
        assert_eq!(of(&format!("<img src=a srcset='{none}'>")), of("<img src=a>"), "{none}");
    }
}

#[test]
fn unclosed_and_unknown_tags_lose_no_text() {
    assert_eq!(of_html("<p>a<p><b>b<p>c"), "<p>a</p><p><b>b</b></p><p>c</p>");
    assert_eq!(of_html("<pre><dependency>\n\t<a>x</dependency></pre>"), "<pre>\n\t<a>x</a></pre>");
    assert_eq!(of_html("a < b & c"), "a &lt; b &amp; c");
    assert_eq!(of_html("<b><p>x</b>y</p>"), "<b></b><p><b>x</b>y</p>");
    assert_eq!(of_html("a <b"), "a &lt;b");
}

#[test]
fn content_moved_out_of_a_table_is_not_nested_in_an_element_of_its_kind() {
    assert_eq!(of_html("<h2>a<table><h1>b</h1></table></h2>"), "<h2>a</h2><h1>b</h1><table></table>");
    assert_eq!(of_html("<li>a<table><li>b</table>"), "<li>a</li><li>b</li><table></table>");
    let link = of_html("<a href=x>a<table><a href=y>b</a></table></a>");
    assert!(!link.contains("</a></a>") && link.matches("<a ").count() == 2, "{link}");
    let plain = "<table><tbody><tr><td title=\"a &quot;b&quot; &amp;\">c</td></tr></tbody></table>";
    assert_eq!(of_html(plain), plain);
}

#[test]
fn rt_is_a_child_of_ruby() {
    assert_eq!(of_html("<ruby>漢<rt>kan</ruby>"), "<ruby>漢<rt>kan</rt></ruby>");
    assert_eq!(of_html("<ruby><b>漢<rt>kan</b></ruby>"), "<ruby><b>漢kan</b></ruby>");
}

#[test]
fn invalid_characters_are_removed_and_seemingly_double_encoded_ones_are_escaped() {
    assert_eq!(of_html("<p title='\u{fdd0}Ã©'>a\u{1fffe}b CafÃ©</p>"), "<p title=\"Ã&#169;\">ab CafÃ&#169;</p>");
}

#[test]
fn the_alternative_text_of_an_image_contains_no_source() {
    let out = of_html("<img src=a.png alt='an img src=b c, SRC=d e'>");
    assert_eq!(out, format!("<img src=\"https://e.org/a.png\" alt=\"an img src&#61;b c, SRC&#61;d e\" {IMG}"));
    assert_eq!(
        of_html("<p>src=x</p><img src=a alt=b>"),
        format!("<p>src=x</p><img src=\"https://e.org/a\" alt=\"b\" {IMG}")
    );
}

#[test]
fn shortcodes_are_expanded_except_in_code() {
    assert_eq!(of_markdown("a {% note x %}b{% endnote %} c"), "<p>a b c</p>");
    assert_eq!(of_markdown("{% raw %}*{{ x }}*{% endraw %}"), "<p><em>{{ x }}</em></p>");
    assert_eq!(
        of_markdown("{% codeblock lang:js %}\n<b>`\n\nc\n{% endcodeblock %}"),
        "<pre><code>&lt;b&gt;`\n\nc\n</code></pre>"
    );
    assert_eq!(of_markdown("`{% raw %}`"), "<p><code>{% raw %}</code></p>");
    assert_eq!(of_markdown("{{< youtube x1 >}}"), embedded::embed("https://www.youtube.com/watch?v=x1", "youtube.com"));
    assert_eq!(
        of_markdown("{{< figure src=\"a.png\" alt=\"b\" >}}\n*c*"),
        format!("<img src=\"https://e.org/a.png\" alt=\"b\" {IMG}\n<p><em>c</em></p>")
    );
}

#[test]
fn attributes_with_unresolvable_urls_are_dropped() {
    let nowhere = |_: Reference, _: &str| None;
    assert_eq!(html("<a href=x>a</a><img src=y alt=z>", Markup::HTML, &nowhere), "<a>a</a>");
}

#[test]
fn quotes_in_titles_and_alternative_texts_survive() {
    assert_eq!(
        of_html("<img src=a alt='say \"x\" &lt; y' title='it&#39;s'>"),
        format!("<img src=\"https://e.org/a\" alt=\"say &quot;x&quot; &lt; y\" title=\"it's\" {IMG}")
    );
}

#[test]
fn characters_that_xml_cannot_represent_are_removed() {
    assert_eq!(of_html("a&#8;\u{1}\u{B}\u{FFFE}\u{FFFD}\u{85}b]]>\0c"), "ab]]&gt;c");
    assert_eq!(text("<p>a\u{8}</p>"), "a");
}

#[test]
fn depth_and_size_are_limited() {
    let deep = of_html(&("<div>".repeat(100_000) + "x"));
    assert_eq!(deep.matches("<div>").count(), 512);
    assert!(deep.contains('x'));
    let long = of_html(&"<p>a</p>".repeat(700_000));
    assert!(long.starts_with("<p>a a a") && long.matches('<').count() == 2);
    assert!(!of_markdown(&">".repeat(100_000)).is_empty());
}

#[test]
fn a_summary_equals_the_excerpt_of_the_whole_text() {
    for body in [
        "<p>one two</p><p>three</p>",
        "<p>天地玄黄\n宇宙洪荒</p><p>日月 盈昃。</p>",
        "<p>a\u{1}b \u{1} c</p>e\u{301}e\u{301} &amp; &lt;&gt; <b>👨‍👩‍👧</b>🇩🇪🇫🇷",
        "<p>see<a id=\"fnref-1\" href=\"#fn-1\">1</a> there</p> ",
        "",
    ] {
        let whole = text(body);
        for limit in 0..=whole.chars().count() + 2 {
            assert_eq!(summary(body, limit), excerpt(&whole, limit), "{limit} of {whole}");
        }
    }
}

#[test]
fn text_separates_blocks_and_excerpts_end_between_words() {
    assert_eq!(text("<p>a<b>b</b></p><p>c &amp;\n d<br>e</p>"), "ab c & d e");
    // In languages without spaces a line end is not a space; a typed one and the end of a paragraph are.
    assert_eq!(text("<p>两回事。</p><p>没有\n遮罩 的 x\n灯</p><p>「あ」</p>い"), "两回事。 没有遮罩 的 x 灯 「あ」 い");
    assert_eq!(text("<p>한국어\n다</p><p>가</p>"), "한국어 다 가");
    assert_eq!(text(&of_markdown("a[^1] b\n\n[^1]: note")), "a b note");
    assert_eq!(excerpt("one two three", 9), "one two…");
    assert_eq!(excerpt("one two", 7), "one two");
    assert_eq!(excerpt("财源街道，加大整治", 6), "财源街道…");
    assert_eq!(excerpt("abc", 0), "");
    for (text, limit, short) in [
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 9, "👨‍👩‍👧‍👦…"),
        ("นี้นี้นี้", 5, "นี้…"),
        ("नमस्ते दुनिया की", 8, "नमस्ते…"),
        ("สวัสดีชาวโลกทุกคน", 10, "สวัสดีชาว…"),
        ("e\u{301}e\u{301}e\u{301}", 4, "e\u{301}…"),
        ("👩🏽‍🚀", 3, "…"),
    ] {
        assert_eq!(excerpt(text, limit), short, "{text}");
    }
    assert_eq!(excerpt("aaaaaaaaaaaaaaaa", 5), "aaaa…");
}

#[test]
fn a_text_that_takes_quadratic_time_to_write_is_shown_as_plain_text() {
    let shown = |body: &str| html(body, Markup::HTML, &|_: Reference, _: &str| None);
    let long = shown(&format!("<p>{}<b>a</b></p>", "©".repeat(100_000)));
    assert!(long.starts_with("<p>©©") && !long.contains("<b>"), "{long:.100}");
    // Many such characters are fine in paragraphs of ordinary length.
    let book = shown(&format!("<div>{}</div>", format!("<p>{}<b>a</b></p>", "« © » ".repeat(50)).repeat(300)));
    assert!(book.contains("<b>"));
}

#[test]
fn of_two_equal_ids_the_first_one_stays() {
    assert_eq!(of_markdown("### Custom {#custom}"), "<h3 id=\"custom\">Custom<a></a></h3>");
    assert_eq!(of_html("<p id=a>b</p><p id=a>c</p><a name=a>d</a>"), "<p id=\"a\">b</p><p>c</p><a>d</a>");
}

#[test]
fn a_heading_that_repeats_the_title_is_left_out() {
    assert_eq!(below_title("\n<h1 id=\"a\">A <em>List</em></h1>\n<p>x</p>", "A list"), "\n<p>x</p>");
    assert_eq!(below_title("<h2>A &amp; B</h2><p>x</p>", "A & B"), "<p>x</p>");
    for body in [
        "<h1>Another</h1>x",
        "x <h1>A</h1>",
        "<p>A</p>x",
        "<h3>A</h3>x",
        "<h1><img src=\"a\">A</h1>x",
        "",
        "A",
        "<h1>A</h1>\n",
    ] {
        assert_eq!(below_title(body, "A"), body);
    }
}

#[test]
fn a_summary_does_not_begin_with_a_url_of_its_own() {
    for (html, shown) in [
        ("<p><a href=\"https://a.example/b\">https://a.example/b</a></p><p>Words</p>", "Words"),
        ("<p>https://a.example/b</p>", "https://a.example/b"),
        ("<p>https://a.example/b</p><p>https://c.example/</p>", "https://a.example/b"),
        ("<p>https://a.example/b is good</p><p>x</p>", "https://a.example/b is good x"),
    ] {
        assert_eq!(summary(html, 100), shown);
    }
    assert_eq!(text("<p>https://a.example/b</p><p>Words</p>"), "https://a.example/b Words");
}

#[test]
fn paragraphs_are_apart_in_scripts_without_spaces_and_lines_are_not() {
    assert_eq!(text("<p>生活记录\n系统<br>一</p>\n<p>日记</p>"), "生活记录系统一 日记");
}
