//! Tests of what is removed and what stays as written.

use std::borrow::Cow;

use crate::article::body::{Syntax, code};

fn plain(body: &str) -> Cow<'_, str> {
    super::plain(body, || code::ranges(body, Syntax::Markdown).into())
}

#[test]
fn attribute_lists_of_kramdown_pandoc_and_hugo_are_removed() {
    for (written, left) in [
        ("para\n{: .center}\n\nnext", "para\n\nnext"),
        ("{: #myid}\ntext", "\ntext"),
        ("> quote\n{: .prompt-info }\n", "> quote\n"),
        ("> quote\n> {: .x}\n", "> quote\n"),
        ("| a |\n|---|\n| b |\n{: .table}\n", "| a |\n|---|\n| b |\n"),
        ("![x](a.png){:.img width=\"3 0\"} y", "![x](a.png) y"),
        ("[l](u){:target='_blank'}, {:.x}", "[l](u),"),
        ("# H {#id}\n", "# H<a id=\"id\"></a>\n"),
        ("# H {#id .cls} ##\n", "# H <a id=\"id\"></a> ##\n"),
        ("H {#id}\n===\n", "H<a id=\"id\"></a>\n===\n"),
        ("![x](a){.img width=30}", "![x](a)"),
        ("para\n{.lead}\n", "para\n"),
        ("para\n{class=\"a b\"}\n", "para\n"),
        ("# A\n{:.no_toc}\n\n* TOC\n{:toc}\n\nx", "# A\n\n\nx"),
        ("1. toc\n{:toc .max}\nx", "x"),
        ("{:refdef: style=\"text-align: center;\"}\n![x](y)\n{: refdef}\n", "\n![x](y)\n"),
        ("{::nomarkdown}\n<b>x</b>\n{:/}\n", "\n<b>x</b>\n\n"),
        ("a {::comment}b{:/comment} c {::comment}d\ne{:/} f\n", "a  c \n f\n"),
        ("a\n{: .b\n   #c title=\"d\"}\n\n![x](y){: .b\nwidth=\"3\"} z\n", "a\n\n![x](y) z\n"),
        ("{::comment}\nb\n{:/comment}\nd\n", "\n\nd\n"),
        ("{::options parse_block_html=\"true\" /}\nx", "\nx"),
        ("para\n{: .a\u{a0}.b\u{85}}\n", "para\n"),
    ] {
        assert_eq!(plain(written), left, "{written}");
    }
}

#[test]
fn text_that_resembles_an_extension_stays() {
    for text in [
        "Elixir's {:ok, value} and {:error}",
        "a set {a, b} {#hash} {.x}",
        "`{: .x}` and `a`\n\n```\n{: .x}\n[toc]\n:::\n{/* x */}\n```\n",
        "    {:toc}\n",
        "{:\"x\"}\n\n{: \"}\n\n{:'}\n\n{:=x}\n",
        "[toc-like](x) [TOC of it](y)",
        "1 * [x]: y",
        "import taxes rise\n\nexport of goods",
        "f(x){return y} f(x){y=1}",
        "`{' '}` and `{/* x */}`",
        "{ }\n{}\n{:}\n",
        "a :: b ::: c",
        "{/* never closed",
        "> [!NOTE]\n> a",
        "> [!a](b) [!c]",
        "::ffff:1.2.3.4\n\na\n::std\n\n::a b",
        "a\n\n::before\n\nb",
    ] {
        assert_eq!(plain(text), text, "{text}");
    }
}

#[test]
fn the_placeholder_of_a_table_of_contents_is_removed() {
    for toc in ["[toc]", "[TOC]", "[[toc]]", "[[_TOC_]]", "@[toc]", "${toc}", "{toc}"] {
        assert_eq!(plain(&format!("a\n\n{toc}\n\nb")), "a\n\n\n\nb", "{toc}");
    }
}

#[test]
fn containers_keep_their_titles_and_modules_are_removed() {
    let strong = "<p><strong>T</strong></p>\n\n";
    for (written, left) in [
        ("::: tip T\n**b**\n:::\nx", &*format!("\n{strong}\n**b**\n\n\nx")),
        (":::note\nb\n:::\n", "\n\nb\n\n\n"),
        (":::danger[T]{.x}\nb\n", &format!("\n{strong}\nb\n")),
        ("import X from './x';\nimport 'y.css'\n\nexport const a = () => (\n  b\n)\n\nc", "\n\nc"),
        ("a {/* one */} b{' '}\n{/* two\nlines */} c\n", "a  b \n\n c\n"),
        ("*[HTML]: Hyper\nx", "\nx"),
        ("> [!note]- A *b*\n> c\n", "> **A *b***\n> \n> c\n"),
        ("> [!question]\n> c\n", "> **Question**\n> \n> c\n"),
        ("a\n\n::github{repo=\"a/b\"}\n\n::video[T]{id=x}\n", "a\n\n\n\nT\n"),
    ] {
        assert_eq!(plain(written), left, "{written}");
    }
}

#[test]
fn many_openings_cost_little() {
    let start = std::time::Instant::now();
    for bulk in ["{:", "{: .a ", "{#", "{/*", ":::", "{:a=\"", "{::", "\n{:a", "\n:::", "*[", "\n{::comment}"] {
        plain(&bulk.repeat(10_000));
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
