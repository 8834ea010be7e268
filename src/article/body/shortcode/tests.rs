//! Tests of what tags expand to, and of where they stay as they are.

use super::super::{Markup, ParsedBody, Syntax, Templates};
use super::replace;

fn by(templates: Templates, body: &str) -> String {
    replace(&ParsedBody::new(body, Markup { syntax: Syntax::Markdown, templates })).into_owned()
}

#[test]
fn variables_are_expanded_if_their_generator_does_so() {
    use Templates::{GoShortcodes as Hugo, Liquid, None, Nunjucks, Tera as Zola, Unknown};
    for (templates, body, shown) in [
        (Liquid, "a {{ page.title }}b {{x}}c", "a b c"),
        (Nunjucks, "a {{ x | y }}b{# c #}", "a b"),
        (Liquid, "a {# c #}", "a {# c #}"),
        (Unknown, "a {{ page.title }}{{ x }} {{ vue | f }}", "a {{ x }} {{ vue | f }}"),
        (Hugo, "a {{ page.title }} {{ .Site }} {{ f(x) }}", "a {{ page.title }} {{ .Site }} {{ f(x) }}"),
        (Zola, "a {{ x }} {{ f(a=1) }}b", "a {{ x }} b"),
        (None, "a {{ page.title }}{% raw %}", "a {{ page.title }}{% raw %}"),
        (Unknown, "{{ \"/a.png\" | relative_url }} {{ '/b' | url }} {{ site.baseurl }}/c", "/a.png /b /c"),
        (Nunjucks, "{{ url_for('/a.png') }}", "/a.png"),
        (Zola, "{{ get_url(path=\"a.png\") }}", "a.png"),
    ] {
        assert_eq!(by(templates, body), shown, "{templates:?} {body}");
    }
}

#[test]
fn code_does_not_change_except_for_raw_tags() {
    use Templates::{GoShortcodes as Hugo, Liquid, Nunjucks, Tera as Zola, Unknown};
    let fenced = "```\n{% raw %}\n{{ x }}\n{% endraw %}\n```\n";
    let bare = "```\n{{ x }}\n```\n";
    assert_eq!(by(Liquid, fenced), bare);
    for templates in [Nunjucks, Hugo, Unknown, Zola] {
        assert_eq!(by(templates, fenced), fenced, "{templates:?}");
    }
    assert_eq!(by(Nunjucks, "`{% raw %}{{ x }}{% endraw %}`"), "`{{ x }}`");
    assert_eq!(by(Unknown, "`{% raw %}{{ x }}{% endraw %}`"), "`{% raw %}{{ x }}{% endraw %}`");
    assert_eq!(by(Hugo, "`{{</* a */>}}` {{%/* b */%}}"), "`{{< a >}}` {{% b %}}");
    assert_eq!(by(Zola, "`{{/* a() */}}` {%/* b() */%}"), "`{{ a() }}` {% b() %}");
    assert_eq!(by(Liquid, "`{% if %}` `{% raw %}` {{ x }}"), "`{% if %}` `{% raw %}` ");
}

#[test]
fn comments_and_loops_are_removed() {
    for body in [
        "a {% comment %} b {% note %}c{% endnote %} {% endcomment %}d",
        "a {{< comment >}} b {{< /comment >}}d",
        "a {% capture x %}b{% endcapture %}d",
        "a {% for p in site.posts %}* {{ p.title }}{% endfor %}d",
    ] {
        assert_eq!(by(Templates::Liquid, body), "a d", "{body}");
    }
    assert_eq!(by(Templates::Liquid, "a {% comment %} b"), "a  b");
}

#[test]
fn tags_with_a_url_become_links() {
    let link = |address: &str, words: &str| format!("<a href=\"{address}\">{words}</a>");
    for (tag, address, words) in [
        ("{% link A B https://x.y true t %}", "https://x.y", "A B"),
        ("{% btn https://x.y, Text, home %}", "https://x.y", "Text"),
        ("{% btn Text, https://x.y %}", "https://x.y", "Text"),
        ("{% button '/about/',About,fa %}", "/about/", "About"),
        ("{% asset_link a.pdf \"The file\" %}", "a.pdf", "The file"),
        ("{% ghcard a/b %}", "https://github.com/a/b", "a/b"),
        ("{{< button href=\"https://x.y\" >}}Go{{< /button >}}", "https://x.y", "Go"),
    ] {
        assert_eq!(by(Templates::Unknown, &format!("a {tag}")), format!("a {}", link(address, words)), "{tag}");
    }
    for (tag, address) in [
        ("{{ youtube(id=\"a-1\", autoplay=true) }}", "https://www.youtube.com/watch?v=a-1"),
        ("{% include youtube.html id=\"a-1\" %}", "https://www.youtube.com/watch?v=a-1"),
        ("{% include video id=\"1\" provider=\"vimeo\" %}", "https://vimeo.com/1"),
        ("{{< gist ann 7896402 >}}", "https://gist.github.com/ann/7896402"),
        ("{% gist 996818 a.rb %}", "https://gist.github.com/996818"),
        ("{{ gist(url=\"https://x.y/1\") }}", "https://x.y/1"),
        ("{{< tweet user=\"ann\" id=\"1\" >}}", "https://twitter.com/ann/status/1"),
        ("{% codepen ann/abc %}", "https://codepen.io/ann/pen/abc"),
        ("{% iframe https://x.y/p 300 200 %}", "https://x.y/p"),
    ] {
        let frame = format!("a <iframe src=\"{address}\"></iframe>");
        assert_eq!(by(Templates::Unknown, &format!("a {tag}")), frame, "{tag}");
    }
    assert_eq!(
        by(Templates::Unknown, "{{< vimeo id=12 title=\"T\" >}} {% dplayer \"url=https://x.y/a.mp4\" %}"),
        "<iframe src=\"https://vimeo.com/12\" title=\"T\"></iframe> <video src=\"https://x.y/a.mp4\"></video>"
    );
    assert_eq!(by(Templates::Unknown, "{% youtube javascript:alert(1) %}"), "");
}

#[test]
fn words_that_tags_format_are_shown() {
    for (tag, words) in [
        ("{% label primary@text %}", "text"),
        ("{% label two words blue %}", "two words"),
        ("{% kbd ⌘ %}{% u 下划 %}", "⌘下划"),
        ("{% span red, a, b %}", "a, b"),
        ("{% checkbox checked, done %}", "☑ done"),
        ("{% checkbox todo %}", "☐ todo"),
        ("{% hideInline 答案,查看 %}", "答案"),
        ("{{< tooltip text=\"pods\" id=\"x\" >}}", "pods"),
        ("{{< qr text=\"https://x.y\" />}}", ""),
    ] {
        assert_eq!(by(Templates::Unknown, tag), words, "{tag}");
    }
}

#[test]
fn quotations_folds_boxes_and_tabs_keep_their_labels() {
    for (body, shown) in [
        (
            "{% blockquote A B, C https://x.y D %}\nq\n{% endblockquote %}\n",
            "<blockquote>\n\n\n\nq\n\n\n<p>— A B, C, <a href=\"https://x.y\">D</a></p>\n</blockquote>\n\n\n",
        ),
        ("{% quote(author=\"V\") %}q{% end %}", "<q>q</q> — V"),
        (
            "{% details Sum up %}\na\n{% enddetails %}",
            "<details><summary>Sum up</summary>\n\n\n\na\n\n\n</details>\n\n",
        ),
        ("{% folding cyan, 查看 %}a{% endfolding %}", "<strong>查看</strong> a"),
        ("{{< details \"S\" >}}a{{< /details >}}", "<strong>S</strong> a"),
        ("{{% notice tip \"T & T\" %}}\na\n{{% /notice %}}", "<p><strong>T &amp; T</strong></p>\n\n\n\na\n"),
        (
            "{% tabs x %}\n<!-- tab One@fa -->\na\n<!-- endtab -->\n{% endtabs %}",
            "\n<p><strong>One</strong></p>\n\na\n<!-- endtab -->\n",
        ),
        ("<!-- tab One -->", "<!-- tab One -->"),
    ] {
        assert_eq!(by(Templates::Unknown, body), shown, "{body}");
    }
}

#[test]
fn many_openings_and_pairs_cost_little() {
    let start = std::time::Instant::now();
    for templates in [Templates::Liquid, Templates::Nunjucks, Templates::Unknown] {
        // All of this is one code span.
        by(templates, &"`{% raw %}`".repeat(100_000));
        by(templates, &format!("`{}endraw`", "{% raw %}".repeat(100_000)));
    }
    for (opening, closing) in [
        ("{% details x %}", "{% enddetails %}"),
        ("{% quote(a=\"b\") %}", "{% end %}"),
        ("{% comment %}", ""),
        ("`{% raw %}`", "`{% endraw %}`"),
        ("`{% raw %}`", ""),
        ("{{< raw >}}", ""),
        ("{{ f(", ") }}"),
        ("`{{</* x ", " */>}}`"),
        ("{% tabs %}<!-- tab ", "-->{% endtabs %}"),
    ] {
        let bulk = opening.repeat(4000) + &closing.repeat(4000);
        for templates in [Templates::Liquid, Templates::Tera, Templates::Unknown] {
            by(templates, &bulk);
        }
    }
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn an_unknown_tag_shows_the_picture_in_any_of_its_arguments() {
    use Templates::{GoShortcodes as Hugo, Liquid, Nunjucks, Tera as Zola};
    for (templates, body, shown) in [
        (Nunjucks, "{% theme_pic left /a.png Words %}", "<img src=\"/a.png\" alt=\"Words\">\n"),
        (Hugo, "{{< myimg \"right\" \"a.jpg\" >}}", "<img src=\"a.jpg\" alt=\"\">\n"),
        (Zola, "{{ themed(light_src=\"a.png\", dark_src=\"b.png\") }}", "<img src=\"a.png\" alt=\"\">\n"),
        (Liquid, "{% if x == \"a.png\" %}b{% endif %}", "b"),
        (Liquid, "{% include a.svg %}", ""),
        (Nunjucks, "{% asset_path a.png %}", "a.png"),
        (Nunjucks, "{% button /a.png, Words %}", "<a href=\"/a.png\">Words</a>\n"),
    ] {
        assert_eq!(by(templates, body), shown, "{body}");
    }
}

#[test]
fn the_title_of_a_code_block_is_a_caption() {
    let body = "{% codeblock app.js lang:js https://x.example/ Source %}\nx\n{% endcodeblock %}";
    let caption = "<p>app.js <a href=\"https://x.example/\">Source</a></p>";
    assert_eq!(by(Templates::Nunjucks, body), format!("\n{caption}\n\n```\nx\n```\n"));
    let plain = "{% codeblock lang:js line_number:false %}\nx\n{% endcodeblock %}";
    assert_eq!(by(Templates::Nunjucks, plain), "\n```\nx\n```\n");
}
