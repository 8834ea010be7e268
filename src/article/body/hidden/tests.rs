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

#[test]
fn hidden_formulas_are_not_shown() {
    for html in [
        "<span class=\"katex\" style=\"display:none\"><math><mi>S</mi></math></span>",
        "<math hidden><mi>S</mi></math>",
        "<span class=MathJax hidden data-mathml='&lt;math>&lt;mi>S&lt;/mi>&lt;/math>'>S</span>",
        "<div hidden><math><mi>S</mi></math></div>",
    ] {
        assert_eq!(ParsedBody::new(html, Markup::HTML).html(), "", "{html}");
    }
}

#[test]
fn a_table_that_is_more_than_code_with_line_numbers_stays_one() {
    let gutter = "<td class=\"gutter\">1</td>";
    for (html, shown) in [
        (
            format!("<table><tr>{gutter}<td hidden><pre>HIDDEN</pre></td><td><pre>a</pre></td></tr></table>"),
            "<table><tbody><tr><td><pre>\na</pre></td></tr></tbody></table>",
        ),
        (
            format!("<table><tr hidden>{gutter}<td><pre>HIDDEN</pre></td></tr></table>"),
            "<table><tbody></tbody></table>",
        ),
        (
            format!("<table><caption>c</caption><tr>{gutter}<td><pre>a</pre></td></tr></table>"),
            "<table><caption>c</caption><tbody><tr><td><pre>\na</pre></td></tr></tbody></table>",
        ),
        (
            "<table><tr><td class=\"ln\">2024</td><td>Total</td></tr></table>".to_owned(),
            "<table><tr><td class=\"ln\">2024</td><td>Total</td></tr></table>",
        ),
    ] {
        assert_eq!(visible(&html), shown, "{html}");
    }
}

#[test]
fn much_furniture_costs_little() {
    let start = std::time::Instant::now();
    let anchors = "<a class=\"anchor\" href=\"#x\">x</a>".repeat(4_000);
    let forms = "<form>a</form><p>words</p>".repeat(4_000);
    let deep = "<div class=gutter>".repeat(300) + &"<b>word</b> <button>Copy</button>".repeat(4_000);
    for html in [format!("<h2>{anchors}</h2>"), forms, deep] {
        visible(&html);
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[test]
fn furniture_is_removed_and_the_text_around_it_stays() {
    for (html, shown) in [
        // Line numbers: Hexo, Chroma as a table and inline, Rouge, Prism, highlight.js.
        (
            "<figure class=\"highlight js\"><table><tr><td class=\"gutter\"><pre><span class=\"line\">1</span><br><span class=\"line\">2</span></pre></td><td class=\"code\"><pre>a<br>2</pre></td></tr></table></figure>",
            "<figure class=\"highlight js\"><pre>\na<br>2</pre></figure>",
        ),
        (
            "<table class=lntable><tr><td class=lntd><pre><code><span class=lnt>1\n</span></code></pre></td><td class=lntd><pre><code class=language-go>1</code></pre></td></tr></table>",
            "<pre>\n<code class=\"language-go\">1</code></pre>",
        ),
        ("<pre><code><span class=ln>12</span>a</code></pre>", "<pre>\n<code>a</code></pre>"),
        (
            "<table class=rouge-table><tr><td class=\"gutter gl\"><pre class=lineno>1\n2\n</pre></td><td class=code><pre>a\nb</pre></td></tr></table>",
            "<pre>\na\nb</pre>",
        ),
        ("<pre>a<span class=line-numbers-rows><span></span></span></pre>", "<pre>\na</pre>"),
        (
            "<pre><table><tr><td class=hljs-ln-numbers>1</td><td>a</td></tr><tr><td class=hljs-ln-numbers>2</td><td>b</td></tr></table></pre>",
            "<pre>\n<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table></pre>",
        ),
        // Anchors of headings.
        ("<h2 id=a>A<a class=headerlink href=#a title=Permalink>¶</a></h2>", "<h2 id=\"a\">A</h2>"),
        ("<h2>A <a href=#a>#</a></h2>", "<h2>A </h2>"),
        ("<h2><a id=a class=anchor aria-hidden=true href=#a><svg></svg></a>A</h2>", "<h2><a id=\"a\"></a>A</h2>"),
        ("<h2>A<a class=hash-link href=#a>Direct link</a> and more</h2>", "<h2>A and more</h2>"),
        ("<h2>A<span aria-hidden=true>link</span> title</h2>", "<h2>A title</h2>"),
        ("<dt>a<a class=headerlink href=#a>¶</a></dt>", "<dt>a</dt>"),
        // Buttons that copy, forms, links to the source.
        ("<pre>a<button class=copy-btn>Copy</button></pre>", "<pre>\na</pre>"),
        ("<div><button aria-label='Copy to clipboard'>⧉</button><pre>a</pre></div>", "<div><pre>\na</pre></div>"),
        ("<div><span class='copy'>复制</span>a</div>", "<div>a</div>"),
        ("<p>a long text</p><form>News: <label>E-mail</label><input><button>Go</button></form>", "<p>a long text</p>"),
        ("<p>a</p><p><a href=https://github.com/o/r/edit/main/a.md>Edit this page</a></p>", "<p>a</p>"),
        ("<p>a</p><p>✏ <b><a href=/o/edit/a.md>在 GitHub 上编辑</a></b></p>", "<p>a</p><p>✏ <b></b></p>"),
        ("<p>a</p><div class=edit-this-page>Found a typo?</div>", "<p>a</p>"),
    ] {
        assert_eq!(visible(html), shown, "{html}");
        assert_eq!(visible(&visible(html)), visible(html), "{html}");
    }
}

#[test]
fn what_resembles_furniture_stays() {
    for html in [
        "<h2><a class=anchor href=#a>The title</a></h2>",
        "<h2><a href=#a>C#</a></h2>",
        "<h2 aria-hidden=true>A title</h2>",
        "<h2><a href=#a><img src=a.png></a></h2>",
        "<table><tr><td class=gutter>word<td>b</table>",
        "<table><tr><td>1<td>2</table>",
        "<p class=copyright>© A</p><p class=copy>Words of an advertisement</p>",
        "<button>Open</button>",
        "<form><p>The whole text of a page</p><input></form>",
        "<p><a href=https://e.example/edit/>The history of the blue pencil</a>",
        "<p>1 <span class=ln>2</span></p>",
        "<p>a <a href=/o/edit/a.md>编辑此页</a></p>",
        "<p>Try the <a href=https://stackblitz.com/edit/x>live editor</a></p>",
        "<p><a href=https://stackblitz.com/edit/x>live editor</a></p>",
        "<p><a href=https://c.org/edit/1>credit page</a></p>",
        "<pre class=copy-btn>a</pre>",
        "<div class=copy-button><code>a</code></div>",
        "<div class=btn-copy><img src=a.png></div>",
        "<div class=btn-copy><a href=https://a.org>a</a></div>",
        "<p class=clipboard>Words</p>",
        "<h2>1. <a class=header-link href=#intro>Introduction</a></h2>",
        "<h2>Go to <a class=anchor href=https://x.org>docs</a></h2>",
        "<h2>Title <a href=#fn1>*</a></h2>",
    ] {
        assert_eq!(visible(html), html);
    }
}
