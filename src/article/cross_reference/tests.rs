//! Tests of the references of every generator.

use super::*;
use crate::article::body::Markup;

/// Replaces references to these paths. The title of each article is its file name between asterisks.
fn linked(body: &str, from: &str, there: &[&str]) -> String {
    linked_in(Markup::MARKDOWN, body, from, there)
}

fn linked_in(markup: Markup, body: &str, from: &str, there: &[&str]) -> String {
    let from = ContentPath::new(from);
    let parsed = ParsedBody::new(body, markup);
    let text = link(&parsed, &mut |cross_reference| {
        let place = cross_reference.meanings(&from).into_iter().find(|place| there.contains(&place.as_str()))?;
        let address = Address::parse(&format!("https://x.example/{}/", place.page_path()))?;
        Some((address, Text::line(&format!("*{}*", place.stem()))))
    });
    assert_eq!(of(&parsed).is_empty(), *text == *body && !body.contains("gone"), "{body}");
    text.into_owned()
}

#[test]
fn hexo_refers_to_a_post_by_its_slug() {
    let there = ["source/_posts/a/b.md", "source/_posts/c.d.markdown"];
    for (body, text) in [
        ("See {% post_link a/b %}.", "See <a href=\"https://x.example/source/_posts/a/b/\">&#42;b&#42;</a>."),
        (
            "{% post_link a/b 'Its <i> title' true %}",
            "<a href=\"https://x.example/source/_posts/a/b/\">Its &lt;i&gt; title</a>",
        ),
        ("[x]({% post_path c.d %})", "[x](https://x.example/source/_posts/c.d/)"),
        ("[x]({% post_path c.d#top %})", "[x](https://x.example/source/_posts/c.d/#top)"),
        ("{% post_link gone 'words' %}", "{% post_link gone 'words' %}"),
    ] {
        assert_eq!(linked(body, "source/_posts/x.md", &there), text);
    }
    assert_eq!(linked("{% post_link b %}", "x.md", &["b.md"]), "<a href=\"https://x.example/b/\">&#42;b&#42;</a>");
}

#[test]
fn jekyll_refers_to_a_post_by_its_file() {
    let there = ["_posts/2020-01-02-a.md", "news/_posts/2020-01-02-b.html", "_posts/deep/2020-01-02-c.md"];
    for (body, text) in [
        (
            "[x]({{ site.baseurl }}{% post_url 2020-01-02-a %})",
            "[x]({{ site.baseurl }}https://x.example/_posts/2020-01-02-a/)",
        ),
        ("[x]: {% post_url news/2020-01-02-b %}", "[x]: https://x.example/news/_posts/2020-01-02-b/"),
        ("[x]({%- post_url deep/2020-01-02-c -%})", "[x](https://x.example/_posts/deep/2020-01-02-c/)"),
        (
            "<a href=\"{% link _posts/2020-01-02-a.md %}#s\">x</a>",
            "<a href=\"https://x.example/_posts/2020-01-02-a/#s\">x</a>",
        ),
        ("[x]({% post_url 2020-01-02-gone %})", "[x]({% post_url 2020-01-02-gone %})"),
        ("[x]({% post_url 2020-01-02-gone %}#a) #b", "[x]({% post_url 2020-01-02-gone %}) #b"),
        ("<a href=\"{% post_url gone %}#a\">x</a>", "<a href=\"{% post_url gone %}\">x</a>"),
    ] {
        assert_eq!(linked(body, "_posts/2020-01-01-x.md", &there), text);
    }
    let html = linked_in(Markup::HTML, "<a href='{% post_url 2020-01-02-b %}'>x</a>", "news/_posts/x.html", &there);
    assert_eq!(html, "<a href='https://x.example/news/_posts/2020-01-02-b/'>x</a>");
    assert_eq!(
        linked("[x]({% link _posts/2020-01-02-a.md %})", "x.md", &["2020-01-02-a.md"]),
        "[x](https://x.example/2020-01-02-a/)"
    );
}

#[test]
fn hugo_and_zola_refer_to_a_page_by_its_path() {
    let there = ["content/posts/a.md", "content/posts/b/index.md", "content/c.md"];
    for (body, text) in [
        ("[x]({{< ref \"a.md\" >}})", "[x](https://x.example/content/posts/a/)"),
        ("[x]({{% relref path=\"/posts/b\" lang=\"en\" %}})", "[x](https://x.example/content/posts/b/)"),
        ("[x]({{<ref \"posts/b/index.md#deep\">}})", "[x](https://x.example/content/posts/b/#deep)"),
        ("[x]({{< ref \"../c\" >}})", "[x](https://x.example/content/c/)"),
        (
            "[x](@/posts/a.md#deep) and [y]: @/c.md",
            "[x](https://x.example/content/posts/a/#deep) and [y]: https://x.example/content/c/",
        ),
        ("[x](@/gone.md)", "[x](<>)"),
    ] {
        assert_eq!(linked(body, "content/posts/x.md", &there), text);
    }
}

#[test]
fn a_link_to_the_file_of_an_article_becomes_a_link_to_its_page() {
    let there = ["a/b c(d).md", "e.markdown", "é.md"];
    for (body, text) in [
        ("[x](b%20c(d).md)", "[x](b%20c(d).md)"),
        ("[x](<b%20c(d).md>)", "[x](<b%20c(d).md>)"),
        ("[x](../e.markdown#y 'title')", "[x](https://x.example/e/#y 'title')"),
        ("[x](./../%C3%A9.md)", "[x](https://x.example/%C3%A9/)"),
        ("[x](https://y.example/e.md) [x](//y.example/e.md) [x](mailto:a@b.md)", ""),
        ("[x](../../e.markdown) [x](/images/a.jpg) a.md", ""),
        ("`[x](../e.markdown)`\n\n    [x](../e.markdown)\n", ""),
        ("{% raw %}{% post_url e %}{% endraw %}", ""),
    ] {
        let linked = link(&ParsedBody::new(body, Markup::MARKDOWN), &mut |cross_reference| {
            let place = cross_reference
                .meanings(&ContentPath::new("a/x.md"))
                .into_iter()
                .find(|place| there.contains(&place.as_str()))?;
            Some((Address::parse(&format!("https://x.example/{}/", place.page_path()))?, Text::line("x")))
        });
        assert_eq!(linked, if text.is_empty() { body } else { text });
    }
}

#[test]
fn a_body_without_references_is_not_copied() {
    for body in ["[[a]я [[b]\u{10ffff} [[c", "no names", "prefer a.md, {{ x }} and [y](z.png)", "`{% post_url x %}`"] {
        assert!(matches!(link(&ParsedBody::new(body, Markup::MARKDOWN), &mut |_| None), Cow::Borrowed(_)), "{body}");
    }
}

#[test]
fn a_wiki_link_is_not_a_part_of_another_construct() {
    let there = ["1.md"];
    for body in
        ["[[1]](https://ref.org/one)", "x[[1]] 2[[1]]", "[[1]][ref]", "[[1]]: a", "\\[[1]]", "f()[[1]] a[0][[1]]"]
    {
        assert_eq!(linked(&format!("{body} [[gone]]"), "x.md", &there), format!("{body} [[gone]]"));
    }
    let link = "<a href=\"https://x.example/1/\">1</a>";
    assert_eq!(linked("见[[1]]，([[1]])", "x.md", &there), format!("见{link}，({link})"));
}

#[test]
fn brackets_that_are_never_closed_are_searched_once() {
    let start = std::time::Instant::now();
    for (before, piece, after) in [("[", "[a](", "b"), ("[[", "[a](", "b.md)"), ("", "[[a](<", " "), ("", "]: ", "")] {
        let body = format!("{before}{}{after}", piece.repeat((2 << 20) / piece.len()));
        let linked = link(&ParsedBody::new(&body, Markup::MARKDOWN), &mut |_| {
            Address::parse("https://x.example/").map(|address| (address, Text::line("b")))
        });
        assert_eq!(linked != body, after == "b.md)", "{piece}");
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}
