//! Kramdown's blocks of HTML, tables and URLs as ordinary Markdown.

use super::ordinary;
use crate::article::body::{Markup, ParsedBody};

fn html(written: &str) -> String {
    ParsedBody::new(&ordinary(written), Markup::MARKDOWN).html().replace('\n', "")
}

#[test]
fn a_block_of_html_ends_with_its_element() {
    for (written, shown) in [
        ("<div>\n<p>a</p>\n\n    <p>b</p>\n</div>\n**c**", "<div><p>a</p>    <p>b</p></div><p><strong>c</strong></p>"),
        ("<div>**a**</div> **b**\nc", "<div>**a**</div><p><strong>b</strong>c</p>"),
        ("<hr>\n# a\n<hr/>\n*b*", "<hr><h1 id=\"a\">a</h1><hr/><p><em>b</em></p>"),
        ("<div>\n<pre>a\n\n\nb</pre>\n</div>\n*c*", "<div><pre>a&#10;&#10;b</pre></div><p><em>c</em></p>"),
        ("<div>\n\n```\n<p>\n\na\n```\n</div>", "<div><pre><code>&lt;p&gt;a</code></pre></div>"),
        ("a\n<b>b</b>\nc", "<p>a<b>b</b>c</p>"),
    ] {
        assert_eq!(html(written), shown, "{written}");
    }
}

#[test]
fn a_line_of_inline_elements_begins_a_paragraph() {
    for (written, shown) in [
        ("<br>\n**a**", "<p><br> <strong>a</strong></p>"),
        ("<img src=\"a.png\">\n\\[a\\] *b*", "<p><img src=\"a.png\"> [a] <em>b</em></p>"),
        ("<br>\n## a", "<br><h2 id=\"a\">a</h2>"),
        ("<br>\n- a\n- b", "<br><ul><li>a</li><li>b</li></ul>"),
        (
            "<aside markdown=\"1\">\n  <img src=\"a.png\">\n  \\[a\\]\n</aside>",
            "<aside markdown=\"1\"><p><img src=\"a.png\"> [a]</p></aside>",
        ),
        ("<br>\n\n*a*", "<br><p><em>a</em></p>"),
    ] {
        assert_eq!(html(written), shown, "{written}");
    }
}

#[test]
fn a_table_has_the_columns_of_its_header() {
    let html = html("a | b | c\n-- | --\n1 | 2 | 3");
    assert!(html.starts_with("<table>") && html.contains("<td>3</td>"), "{html}");
    for written in [
        "<div>\na\n</div>\n{: hidden=\"\"}\n*b*",
        "<br>\n{: hidden=\"\"}",
        "a | b\n--- | ---\n1 | 2",
        "a\n---\n",
        "a | b\n\n---\n",
        "| a |\n|---|\n",
    ] {
        assert_eq!(ordinary(written), written);
    }
}

#[test]
fn urls_may_contain_spaces() {
    for (written, left) in [
        ("![a](/x y/b c.png)", "![a](/x%20y/b%20c.png)"),
        ("[a](/x y.html \"t u\") b", "[a](/x%20y.html \"t u\") b"),
        ("[a]( /x y_(z).html )", "[a](/x%20y_(z).html )"),
        ("`[a](b c)` [a](b) [c](<d e>) (f g)", "`[a](b c)` [a](b) [c](<d e>) (f g)"),
    ] {
        assert_eq!(ordinary(written), left);
    }
}

#[test]
fn many_elements_without_an_end_cost_little() {
    let start = std::time::Instant::now();
    for bulk in ["<div>\n\n", "<br>\n", "<div>\n\n</div>\n", "a | b\n-- | -- | --\n", "[a](", "<p>\n\n<div>\n"] {
        ordinary(&bulk.repeat(20_000));
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
