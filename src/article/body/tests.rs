//! Tests of the facts that are extracted from bodies before they are rendered.

use super::{Markup, MoreMark, ParsedBody, Syntax, before_more, first_heading, has_words, references, syntax};

fn sources(body: &str) -> Vec<String> {
    let found = references(&ParsedBody::new(body, Markup::HTML)).0;
    found.into_iter().map(|image| image.src.into()).collect()
}

#[test]
fn a_markdown_file_that_is_one_block_element_is_html() {
    assert_eq!(syntax("md", "<div>   \n<p>a\n\n    b</p>\n</div>\n   "), Syntax::Html);
    assert_eq!(syntax("md", "<div>a</div>\n\n**b**"), Syntax::Markdown);
    assert_eq!(syntax("md", "<div>a</div>\n<div>b</div>"), Syntax::Markdown);
    assert_eq!(syntax("md", "<b>a</b>"), Syntax::Markdown);
    assert_eq!(syntax("HTM", "*a*"), Syntax::Html);
}

#[test]
fn every_form_of_lazy_loading_yields_the_real_source() {
    for (html, src) in [
        ("<img src='data:image/gif;base64,R0' data-src='a.png'>", "a.png"),
        ("<img data-original=a.png>", "a.png"),
        ("<img src=/img/loading.gif data-lazy-src=a.png>", "a.png"),
        ("<img src='' data-srcset='a.png 1x, b.png 2x'>", "a.png"),
        ("<img srcset='a.png 300w, b.png 600w'>", "b.png"),
        ("<img src=1x1.gif><noscript><img src=a.png></noscript>", "a.png"),
        ("<img data-src=a.png><noscript><img src=a.png></noscript>", "a.png"),
        ("<noscript><img src=a.png></noscript><img data-src=a.png>", "a.png"),
        ("<picture><source srcset='a.png 1x'><img></picture>", "a.png"),
        ("<IMG SRC = 'a.png?x=1&amp;y=2' data-src=b.png>", "a.png?x=1&y=2"),
        ("<img src=loading-dock.jpg>", "loading-dock.jpg"),
        ("<img src='data:,' data-lazy=a.png>", "a.png"),
        ("<img src=x.svg class='post lazyload' data-url=a.png>", "a.png"),
        ("<img data-cfsrc=a.png style='display: none'>", "a.png"),
        ("<img file=a.png zoomfile=b.png>", "b.png"),
        ("<img src=a.png data-url=true data-image='300,200'>", "a.png"),
        ("<img src=a.png class=lazy>", "a.png"),
    ] {
        assert_eq!(sources(html), [src], "{html}");
    }
}

#[test]
fn placeholders_and_tracking_pixels_are_not_images() {
    for html in [
        "<img src='data:image/png;base64,AA'>",
        "<img src=/x/blank.gif>",
        "<img src=spacer.gif>",
        "<img src=1x1.png>",
        "<img src=https://t.example/x.gif width=1 height=1>",
        "<img src=https://t.example/x.gif width=0 height=0>",
        "<img src=https://t.example/x.gif width=1px height=1px>",
        "<img src=https://t.example/x.gif style='width: 1px; HEIGHT:1px'>",
        "<img src=https://t.example/x.gif style='display: none'>",
        "<img src=https://t.example/x.gif hidden>",
        "<img>",
        "<script>'<img src=a.png>'</script>",
        "<!-- <img src=a.png> -->",
    ] {
        assert!(sources(html).is_empty(), "{html}");
    }
}

#[test]
fn images_of_markdown_and_tags_are_found_in_order() {
    let body = "![one](a.png) ![two][r]\n\n{% asset_img c.png 300 200 \"Three\" %}\n\n{% img left /d.png %}\n\n\
                {{< figure src=\"e.png\" alt=\"five\" >}}\n\n`![no](no.png)`\n\n```\n{% img /no.png %}\n```\n\n[r]: b.png\n";
    let found = references(&ParsedBody::new(body, Markup::MARKDOWN)).0;
    let shown: Vec<_> = found.iter().map(|image| (&*image.src, &*image.alt)).collect();
    assert_eq!(shown, [("a.png", "one"), ("b.png", "two"), ("c.png", "Three"), ("/d.png", ""), ("e.png", "five")]);
    assert_eq!((found[2].width, found[2].height), (Some(300), Some(200)));
}

#[test]
fn sizes_are_in_pixels_or_ignored() {
    let size = |html| {
        let found = references(&ParsedBody::new(html, Markup::HTML)).0;
        (found[0].width, found[0].height)
    };
    assert_eq!(size("<img src=a data-size='600,800'>"), (Some(600), Some(800)));
    assert_eq!(size("<img src=a data-size=600x800>"), (Some(600), Some(800)));
    assert_eq!(size("<img src=a width=60px height='50%'>"), (Some(60), None));
}

fn above(body: &str) -> Option<&str> {
    before_more(&ParsedBody::new(body, Markup::MARKDOWN), MoreMark::Bare)
}

#[test]
fn the_more_mark_counts_only_outside_code() {
    assert_eq!(above("a\n<!--  MORE-->\nb"), Some("a\n"));
    assert_eq!(above("<p>a</p>\n\n    <!--more-->\n<p>b"), Some("<p>a</p>\n\n    "));
    assert_eq!(above("`<!-- more -->`"), None);
    assert_eq!(above("```\n<!-- more -->\n```\nb"), None);
    assert_eq!(above("<!-- moreover -->"), None);
    assert_eq!(above("a\n<!-- truncate -->\nb"), Some("a\n"));
    assert_eq!(above("a\n{/* truncate */}\nb"), Some("a\n"));
    assert_eq!(above("a {/* b */}\n{/*more*/}"), Some("a {/* b */}\n"));
}

#[test]
fn the_first_heading_is_plain_text() {
    let heading = |body, markup| first_heading(&ParsedBody::new(body, markup));
    assert_eq!(heading("## a\n# *B* &amp; `c`\n", Markup::MARKDOWN).as_deref(), Some("B & c"));
    assert_eq!(heading("T\n===\n", Markup::MARKDOWN).as_deref(), Some("T"));
    assert_eq!(heading("<h1 id=x>a<br>\n<b>b</b></h1>", Markup::HTML).as_deref(), Some("a b"));
    assert_eq!(heading("```\n# no\n```\n", Markup::MARKDOWN), None);
}

#[test]
fn a_comment_has_no_words() {
    assert!(!has_words("<!-- more -->\n<!-- open"));
    assert!(has_words("<!-- a --> b") && has_words("a <!-- b -->"));
}

#[test]
fn html_is_kept_only_if_it_has_text() {
    for (written, kept) in
        [("-----\n", "-----\n"), ("<p></p>", "<p></p>"), ("*a* and more words", "<p><em>a</em> and more words</p>\n")]
    {
        let body = ParsedBody::new(written, Markup::MARKDOWN);
        body.html();
        assert_eq!(&*body.kept().text(), kept);
    }
}
