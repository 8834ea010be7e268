//! Tests of which elements are hidden, and of where they end.

use super::super::{Markup, ParsedBody, first_heading, references};
use super::{hides_by_style, visible};

#[test]
fn a_style_hides_an_element_in_any_spelling() {
    for style in [
        "display:none",
        "DISPLAY : None",
        "color:red; display: none !important",
        "display:none!IMPORTANT;display:block",
        "display/**/:/* x */none",
        "d\\69splay:none",
        "\\64 isplay:\\6eone",
        "display:\n\tnone;",
        "visibility:hidden",
        "Visibility: Collapse",
        "display:block;display:none",
        "display:none;display:nonsense",
        "background:url(a;b);display:none",
        "content:'a;b';display:none",
    ] {
        assert!(hides_by_style(style), "{style}");
    }
    for style in [
        "",
        "display:block",
        "display:none;display:block",
        "visibility:hidden;visibility:visible",
        "x-display:none",
        "--display:none",
        "content:'display:none'",
        "/* display:none */",
        "background:url(display:none)",
        "display",
    ] {
        assert!(!hides_by_style(style), "{style}");
    }
}

#[test]
fn a_hidden_element_is_removed_with_its_content_only() {
    for (html, shown) in [
        ("a<p hidden>HIDDEN</p>b", "ab"),
        ("a<P HIDDEN=until-found>HIDDEN<b>HIDDEN</b></P>b", "ab"),
        ("a<span style='display:none'>HIDDEN</span>b", "ab"),
        ("a<span style=\"&#100;isplay:none\">HIDDEN</span>b", "ab"),
        ("a<span style='&#100isplay&colon;none'>HIDDEN</span>b", "ab"),
        ("a<my-box hidden>HIDDEN<my-box>HIDDEN</my-box>HIDDEN</my-box>b", "ab"),
        ("a<img hidden src=HIDDEN>b<br hidden>c<hr style=visibility:hidden>d<input hidden>e<wbr hidden>f", "abcdef"),
        ("<p hidden>HIDDEN<p>b", "<p>b</p>"),
        ("<p hidden>HIDDEN<div>b</div>", "<div>b</div>"),
        ("<ul><li hidden>HIDDEN<li>b</ul>", "<ul><li>b</li></ul>"),
        ("<dl><dt hidden>HIDDEN<dd>b</dl>", "<dl><dd>b</dd></dl>"),
        ("<table><tr><td hidden>HIDDEN<td>b</table>", "<table><tbody><tr><td>b</td></tr></tbody></table>"),
        ("<table><tr hidden><td>HIDDEN<tr><td>b</table>", "<table><tbody><tr><td>b</td></tr></tbody></table>"),
        ("<div><span hidden>HIDDEN</div>b", "<div></div>b"),
        ("<div><div hidden>HIDDEN</div>b", "<div>b</div>"),
        ("a<div hidden>HIDDEN<p>HIDDEN", "a"),
        ("a<svg hidden><text>HIDDEN</text></svg>b", "ab"),
        ("a<p hidden/>HIDDEN<p>b", "a<p>b</p>"),
        ("<b hidden>HIDDEN<p>HIDDEN</b>b</p>", "<p>b</p>"),
        ("a<textarea hidden><p>HIDDEN</textarea>b<script hidden>HIDDEN</script>c", "abc"),
        ("<noscript><img hidden src=HIDDEN>a</noscript>b", "<noscript>a</noscript>b"),
        (
            "a &lt; b &amp; c<i hidden>HIDDEN</i> <a href='?x&amp;y'>d</a>",
            "a &lt; b &amp; c <a href=\"?x&amp;y\">d</a>",
        ),
    ] {
        assert_eq!(visible(html), shown, "{html}");
    }
    for html in [
        "<p title=hidden data-hidden=1 aria-hidden=true>a",
        "<p style='color:red'>a<p>hidden style",
        "&lt;p hidden&gt;a",
        "<!-- <p hidden> -->a",
        "<img data-cfsrc=a.png style='display:none'>",
    ] {
        assert_eq!(visible(html), html);
    }
}

#[test]
fn the_rest_is_removed_if_a_tree_would_cost_too_much() {
    for (bulk, shown) in [
        ("<div>".repeat(2000), "a"),
        ("<b>".repeat(500) + &"<p>".repeat(2000), "a"),
        ("<font x=1>".repeat(2000) + &"<p>".repeat(2000), "a"),
        (format!("<p {}>", (1..300).map(|length| "x".repeat(length) + " ").collect::<String>()), "a"),
        ("&amp;".repeat(60_000), "a"),
    ] {
        assert_eq!(visible(&format!("a<p hidden>HIDDEN</p>{bulk}b")), shown, "{}", &bulk[..20]);
    }
}

#[test]
fn hidden_text_appears_in_no_use_of_a_body() {
    let markdown = "shown ![a](a.png)\n\n<div style=\"display: none\">\n\n# HIDDEN\n\n![HIDDEN](HIDDEN.png)\n\n</div>\n\n\
                    # A <span hidden>HIDDEN</span>title\n\ntext <img src=HIDDEN.png hidden> <i style='visibility:hidden'>HIDDEN</i>\n";
    assert!(!ParsedBody::new(markdown, Markup::MARKDOWN).html().contains("HIDDEN"));
    let found = references(&ParsedBody::new(markdown, Markup::MARKDOWN)).0;
    assert_eq!(found.iter().map(|image| &*image.src).collect::<Vec<_>>(), ["a.png"]);
    assert_eq!(first_heading(&ParsedBody::new(markdown, Markup::MARKDOWN)).as_deref(), Some("A title"));
    let html = "<h1 hidden>HIDDEN</h1><h1>title</h1><div hidden><img src=HIDDEN.png></div><img src=a.png>";
    assert_eq!(first_heading(&ParsedBody::new(html, Markup::HTML)).as_deref(), Some("title"));
    assert_eq!(references(&ParsedBody::new(html, Markup::HTML)).0.len(), 1);
}
