//! Tests of embedded pages, players and images, and of attributes with a meaning.

use super::*;

const THUMBNAIL: &str = "\" alt=\"\" width=\"480\" height=\"360\" referrerpolicy=\"no-referrer\" loading=\"lazy\"><br>";

pub(super) fn embed(address: &str, words: &str) -> String {
    let thumbnail = address.strip_prefix("https://www.youtube.com/watch?v=");
    let thumbnail = thumbnail.map(|id| format!("<img src=\"https://i.ytimg.com/vi/{id}/hqdefault.jpg{THUMBNAIL}"));
    format!("<p class=\"embed\"><a href=\"{address}\">{}{words}</a></p>", thumbnail.unwrap_or_default())
}

#[test]
fn an_embedded_page_is_a_paragraph_with_a_link() {
    let watch = "https://www.youtube.com/watch?v=x1";
    for (html, address, words) in [
        ("<iframe src='https://www.youtube.com/embed/x1?a=b'></iframe>", watch, "youtube.com"),
        ("<iframe src='//www.youtube-nocookie.com/embed/x1' title='A &amp; B'></iframe>", watch, "A &amp; B"),
        ("<lite-youtube videoid=x1 playlabel='Play: A'><a href=x>no</a></lite-youtube>", watch, "Play: A"),
        ("<object><param name=movie value=https://www.youtube.com/v/x1></object>", watch, "youtube.com"),
        ("<iframe data-src=https://player.vimeo.com/video/12?h=ab></iframe>", "https://vimeo.com/12/ab", "vimeo.com"),
        (
            "<iframe src='https://player.bilibili.com/player.html?aid=1&bvid=BV1'></iframe>",
            "https://www.bilibili.com/video/BV1",
            "bilibili.com",
        ),
        (
            "<iframe src='https://www.youtube.com/embed/videoseries?list=PL1'></iframe>",
            "https://www.youtube.com/playlist?list=PL1",
            "youtube.com",
        ),
        (
            "<iframe src='https://www.youtube.com/embed/live_stream?channel=c'></iframe>",
            "https://www.youtube.com/embed/live_stream?channel=c",
            "youtube.com",
        ),
        ("<iframe src=demo.html></iframe>", "https://e.org/demo.html", "e.org"),
        ("<embed src=https://x.example:81/a.swf title=T>", "https://x.example:81/a.swf", "T"),
        ("<object data=a.pdf>Read <b>it</b></object>", "https://e.org/a.pdf", "Read it"),
        (
            "<script src='https://gist.github.com/u/1.js?file=a'></script>",
            "https://gist.github.com/u/1",
            "gist.github.com",
        ),
    ] {
        let html = html.replace("'//", "'https://");
        assert_eq!(of_html(&html), embed(address, words), "{html}");
    }
    // The content of an object is shown in its place if readers can show it.
    assert_eq!(
        of_html("<object data=a.swf><embed src=https://b.example/></object>"),
        embed("https://b.example/", "b.example")
    );
    assert_eq!(of_html("<object data=a><a href=b>c</a></object>"), "<a href=\"https://e.org/b\">c</a>");
    assert_eq!(
        of_html("<object data=a.svg type=image/svg+xml title=T></object>"),
        format!("<img src=\"https://e.org/a.svg\" alt=\"T\" {IMG}")
    );
    assert_eq!(of_html("<iframe src=about:blank></iframe><iframe></iframe>a"), "a");
}

#[test]
fn embedded_pages_never_run_together_with_text() {
    let (x, y) = (embed("https://x.example/", "x.example"), embed("https://y.example/", "y.example"));
    let frame = |host: &str| format!("<iframe src=https://{host}.example/></iframe>");
    let two = format!("{}{}", frame("x"), frame("y"));
    assert_eq!(of_html(&format!("<p>{two}</p>")), format!("{x}{y}"));
    assert_eq!(of_html(&format!("<p>a {two} <br> b</p>c")), format!("<p>a </p>{x}{y} <p>b</p>c"));
    assert_eq!(of_html(&format!("<p>a<b>b{}c</b>d", frame("x"))), format!("<p>a<b>b</b></p>{x}<p>cd</p>"));
    assert_eq!(
        of_html(&format!("<p><a href=z>{}</a> b</p>", frame("x"))),
        format!("<p><a href=\"https://e.org/z\"></a></p>{x}<p>b</p>")
    );
    assert_eq!(of_html(&format!("<p>{}<p>b", frame("x"))), format!("{x}<p>b</p>"));
    assert_eq!(of_html(&format!("<ul><li>a{}b</ul>", frame("x"))), format!("<ul><li>a{x}b</li></ul>"));
    assert_eq!(
        of_html(&format!("<p>a{}<img src=b></p>", frame("x"))),
        format!("<p>a</p>{x}<p><img src=\"https://e.org/b\" {IMG}</p>")
    );
    let summary = text(&of_html(&format!("<p>one {two} two</p><audio src=a.mp3></audio> three")));
    assert_eq!(summary, "one two three");
    assert!(of_html(&format!("<table><tr>{}<td>a</table>", frame("x"))).contains("embed"));
}

#[test]
fn players_keep_their_files_and_have_a_link_for_readers_without_a_player() {
    for (html, shown) in [
        (
            "<video autoplay title=T><source src=v.mp4 type=video/mp4>no</video>z",
            "<video controls=\"\" title=\"T\"><source src=\"https://e.org/v.mp4\" type=\"video/mp4\"><a href=\"https://e.org/v.mp4\">no</a></video>z",
        ),
        (
            "<video src=v.mp4 poster=p.png width=300></video>",
            "<video controls=\"\" src=\"https://e.org/v.mp4\" poster=\"https://e.org/p.png\" width=\"300\"><a href=\"https://e.org/v.mp4\">v.mp4</a></video>",
        ),
        (
            "<p>a <audio controls src=a.mp3>Get <a href=b.mp3>b</a></audio></p>",
            "<p>a <audio controls=\"\" src=\"https://e.org/a.mp3\">Get <a href=\"https://e.org/b.mp3\">b</a></audio></p>",
        ),
        (
            "<a href=x><audio src=a.mp3></audio></a>",
            "<a href=\"https://e.org/x\"><audio controls=\"\" src=\"https://e.org/a.mp3\"></audio></a>",
        ),
        ("<video><source></video>z", "z"),
        (
            "<p>a</p><video><source src=''><p>See <a href=b>b</a></p></video>z",
            "<p>a</p><p>See <a href=\"https://e.org/b\">b</a></p>z",
        ),
        ("<audio>no <b>player</b></audio>z", "no <b>player</b>z"),
    ] {
        assert_eq!(of_html(html), shown, "{html}");
    }
}

#[test]
fn attributes_with_a_meaning_are_kept() {
    for html in [
        "<p dir=\"rtl\" lang=\"ar\">a</p>",
        "<ol start=\"3\" type=\"a\" reversed=\"\"><li value=\"2\">a</li></ol>",
        "<time datetime=\"2026-01-01\">a</time> <abbr title=\"b\">c</abbr>",
        "<table><tbody><tr><td align=\"right\">a</td></tr></tbody></table>",
        "<pre><code class=\"language-c++\">a</code></pre>",
        "<details open=\"\"><summary>a</summary>b</details>",
    ] {
        assert_eq!(of_html(html), html);
    }
    for (html, shown) in [
        ("<p dir=up class=embed>a</p><bdo dir=rtl>b</bdo>", "<p>a</p><span dir=\"rtl\">b</span>"),
        ("<ol start=x type=disc><li value=1.5>a</ol>", "<ol><li>a</li></ol>"),
        (
            "<table><tr><td style='color: red; TEXT-align:center'>a</table>",
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td style='text-align: center'>a</table>",
            "<table><tbody><tr><td align=\"center\">a</td></tr></tbody></table>",
        ),
        ("<code class='x lang-js,y'>a</code>", "<code class=\"language-js\">a</code>"),
        (
            "<div class='language-rb highlighter-rouge'><pre><code>a</code></pre></div><p><code>b</code>",
            "<div><pre><code class=\"language-rb\">a</code></pre></div><p><code>b</code></p>",
        ),
    ] {
        assert_eq!(of_html(html), shown, "{html}");
    }
}

#[test]
fn a_picture_keeps_its_candidates() {
    let picture = "<picture><source srcset='a.webp 1x, b.webp 2x' type=image/webp media='(min-width: 9em)'><source><img src=a.png></picture>";
    assert_eq!(
        of_html(picture),
        format!(
            "<picture><source srcset=\"https://e.org/a.webp 1x, https://e.org/b.webp 2x\" type=\"image/webp\" media=\"(min-width: 9em)\"><img src=\"https://e.org/a.png\" {IMG}</picture>"
        )
    );
}

#[test]
fn an_image_in_its_own_url_is_kept_if_it_is_small() {
    let image = |length: usize| format!("data:image/png;base64,{}", "A".repeat(length));
    let shown = |src: &str| of_html(&format!("<p><img src=\"{src}\" alt=\"a &amp; b\"></p>"));
    assert_eq!(shown(&image(90)), format!("<p><img src=\"{}\" alt=\"a &amp; b\"></p>", image(90)));
    assert_eq!(shown(&image(40_000)), "<p>a &amp; b</p>");
    for none in ["data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "data:text/html,<b>"]
    {
        assert_eq!(shown(none), "<p></p>", "{none}");
    }
    let lazy = format!("<img src='{}' data-src=a.png>", image(90));
    assert_eq!(of_html(&lazy), format!("<img src=\"https://e.org/a.png\" {IMG}"));
}

#[test]
fn an_image_of_the_site_has_the_size_of_its_file() {
    struct Sized;
    impl super::super::Resolver for Sized {
        fn url(&self, kind: Reference, reference: &str) -> Option<String> {
            resolve(kind, reference)
        }
        fn size(&self, reference: &str) -> Option<(u32, u32)> {
            (reference == "a.png").then_some((30, 40))
        }
    }
    let shown = |body| html(body, Markup::HTML, &Sized);
    assert_eq!(shown("<img src=a.png>"), format!("<img src=\"https://e.org/a.png\" width=\"30\" height=\"40\" {IMG}"));
    assert_eq!(shown("<img src=a.png width=9>"), format!("<img src=\"https://e.org/a.png\" width=\"9\" {IMG}"));
    assert_eq!(shown("<img src=b.png>"), format!("<img src=\"https://e.org/b.png\" {IMG}"));
}

#[test]
fn an_embedded_page_ends_the_link_that_it_is_in_with_all_that_is_open_in_it() {
    assert_eq!(
        of_html("<h2><a href=x> <h2><iframe src=https://b.example/></iframe></h2> y"),
        format!("<h2><a href=\"https://e.org/x\"> <h2></h2></a>{}</h2> y", embed("https://b.example/", "b.example"))
    );
}

#[test]
fn nested_objects_and_players_cost_little() {
    let start = std::time::Instant::now();
    assert_eq!(of_html(&format!("{}a{}", "<video>".repeat(10_000), "</video>".repeat(10_000))), "a");
    let (opened, closed) = ("<object>".repeat(10_000), "</object>".repeat(10_000));
    assert!(of_html(&format!("{opened}<a href=b>c</a>{closed}")).contains("<a href=\"https://e.org/b\">c</a>"));
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
