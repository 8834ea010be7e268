//! Tests of which text is mathematics, and that Markdown leaves it as it is.

use super::*;
use crate::article::body::html::{self, Token, Tokens};
use crate::article::body::{Markup, Syntax, Templates};

const EVERYWHERE: MathDelimiters<'_> = MathDelimiters { has_dollars: false, passthrough: &[] };
const DOLLARS: MathDelimiters<'_> = MathDelimiters { has_dollars: true, passthrough: &[] };

/// The HTML of a body.
fn html_of(body: &str, templates: Templates, delimiters: &MathDelimiters<'_>) -> String {
    let markup = Markup { syntax: Syntax::Markdown, templates };
    let kept = kept(&ParsedBody::new(body, markup), delimiters);
    ParsedBody::new(&kept, markup).into_html().trim_end().to_owned()
}

fn text_of(body: &str, delimiters: &MathDelimiters<'_>) -> String {
    let html = html_of(body, Templates::Unknown, delimiters);
    let texts = Tokens::new(&html).filter_map(|token| match token {
        Token::Text(text) => Some(html::decode(text).into_owned()),
        _ => None,
    });
    texts.collect::<String>().trim().to_owned()
}

#[test]
fn the_text_between_two_dollar_signs_is_kept_everywhere() {
    for formula in [
        "\\{ x < y \\}",
        "a \\\\ b",
        "f_{*}(x)*g_{*}(y)",
        "a<b>c, d&e, &f; \\&",
        "x_1 ~~y~~ **z** `q [l] ![i] <j@k.l> http:",
        "\\|x\\| {:.a} {#b} {{c}} {d}",
        "\n\\begin{matrix}\n1 & 2 \\\\\n3 & 4\n\\end{matrix}\n",
        "\na\n= b\n- c\n+ d\n# e\n> f\n1. g\n2) h\n===\n---\n::: i\n|j|\n<div>\n",
        "\n  a\n      b\n",
        ":smile: :a::b:",
    ] {
        let body = format!("before\n\n$${formula}$$ after *em*\n");
        let text: Vec<String> =
            format!("$${formula}$$ after em").lines().map(|line| line.trim_start().to_owned()).collect();
        assert_eq!(text_of(&body, &EVERYWHERE), format!("before\n{}", text.join("\n")), "{formula}");
    }
    let links = "$$x_1 [l](u) ![i](j) https://x.y/*z*$$";
    assert_eq!(text_of(links, &DOLLARS), links);
}

#[test]
fn dollar_signs_in_prose_are_no_mathematics_on_a_site_without_it() {
    for (body, html) in [
        (
            "$$ see [link](https://a.org) for **help** $$",
            "<p>$$ see <a href=\"https://a.org\">link</a> for <strong>help</strong> $$</p>",
        ),
        (
            "Bash: $$ is the PID and *emphasis* of $$ here",
            "<p>Bash: $$ is the PID and <em>emphasis</em> of $$ here</p>",
        ),
        ("$$ a_b = *c* $$ and $$*d*$$", "<p>$$ a_b = *c* $$ and $$*d*$$</p>"),
    ] {
        assert_eq!(html_of(body, Templates::Unknown, &EVERYWHERE), html);
    }
    assert_eq!(text_of("a $$ *b* $$", &DOLLARS), "a $$ *b* $$");
}

#[test]
fn formulas_that_are_blocks_may_contain_blank_lines() {
    let body = "$$\na\n\n    b\n\n\\{c\\}\n$$\n\n- x\n\n  $$\n  \\{d\n\n  e\\}\n  $$\n";
    assert_eq!(
        html_of(body, Templates::Liquid, &EVERYWHERE).replace('\n', " "),
        "<p>$$ a b \\{c\\} $$</p> <ul> <li> <p>x</p> <p>$$ \\{d e\\} $$</p> </li> </ul>"
    );
    assert_eq!(text_of("a $$ *b*\n\n*c* $$", &EVERYWHERE), "a $$ b\nc $$");
}

#[test]
fn formulas_in_quotations_and_tables_stay_in_them() {
    let quoted = "> $$\n> a\n> \\{b\\}\n> > c\n> $$\n\n| a | b |\n|---|---|\n| $$\\|x_*y_*\\|$$ | *b* |\n";
    assert_eq!(
        html_of(quoted, Templates::Unknown, &EVERYWHERE).replace('\n', " "),
        "<blockquote> <p>$$ a \\{b\\} &gt; c $$</p> </blockquote> <table> <thead> <tr> <th>a</th> <th>b</th> </tr> \
         </thead> <tbody> <tr> <td>$$\\|x_*y_*\\|$$</td> <td><em>b</em></td> </tr> </tbody> </table>"
    );
    // Prices.
    let prices = "| a | b |\n|---|---|\n| $$ | *b* $$ |\n";
    assert!(html_of(prices, Templates::Unknown, &EVERYWHERE).contains("<td><em>b</em> $$</td>"));
}

#[test]
fn a_single_dollar_sign_follows_the_rule_of_pandoc() {
    for formula in ["f_{*}(x)*g_{*}(y)", "a<b>c", "\\{x\\}", "x", "a\n\\_b", "5*x*"] {
        assert_eq!(text_of(&format!("a ${formula}$."), &DOLLARS), format!("a ${formula}$."));
    }
    for (body, text) in [
        ("$20 *and* $30", "$20 and $30"),
        ("$ *a*$ $b* $*", "$ a$ $b* $*"),
        ("\\$a *b* c\\$", "$a b c$"),
        ("$a *b*\n\nc$", "$a b\nc$"),
        ("- $5 *b*\n- 6$", "$5 b\n6$"),
        ("a $5 *b*\n# 6$", "a $5 b\n6$"),
        ("`$` *b* `$`", "$ b $"),
        ("$a`b` *c*$", "$ab c$"),
        ("[a](http://x/$b*) *c* https://x/$d*e*$", "a c https://x/$d*e*$"),
        ("a\n\n    $b\n\n*c*$", "a\n$b\n\nc$"),
        ("\\\\(a_*b_*\\\\) \\\\[c \\\\ d\\\\]", "\\(a_*b_*\\) \\[c \\\\ d\\]"),
    ] {
        assert_eq!(text_of(body, &DOLLARS), text, "{body}");
    }
    assert_eq!(text_of("a $*b*$ c", &EVERYWHERE), "a $b$ c");
}

#[test]
fn the_delimiters_of_a_configuration_are_kept_with_their_contents() {
    let pair = |open: &str, close: &str| [open.to_owned(), close.to_owned()];
    let pairs = [pair("$$", "$$"), pair("\\[", "\\]"), pair("\\(", "\\)"), pair("@(", ")@"), pair("$", "$")];
    let delimiters = MathDelimiters { has_dollars: false, passthrough: &pairs };
    for text in ["\\(a_*b_*\\)", "\\[\nc \\\\ [d](e)\n\\]", "@(*f*)@", "$5 *g* $6", "$$\\{h\\}$$"] {
        assert_eq!(text_of(text, &delimiters), text);
    }
    assert_eq!(text_of("\\\\(*a*\\\\)", &delimiters), "\\(a\\)");
    assert_eq!(text_of("\\(\\) *a* \\(b\\)", &delimiters), "() a \\(b\\)");
}

#[test]
fn tags_and_elements_around_and_in_formulas_keep_their_meaning() {
    for (body, templates, html) in [
        ("{{< math >}}\na_*b_*\n{{< /math >}}", Templates::GoShortcodes, "<p>a_*b_*</p>"),
        ("{% katex %}\\{a\\}{% endkatex %}", Templates::Liquid, "<p>\\{a\\}</p>"),
        ("$$\\frac{{a}}{{b_*}}$$ {{ c }}", Templates::Liquid, "<p>$$\\frac{{a}}{{b_*}}$$</p>"),
        ("$$ {% raw %}{{a_*}}*{% endraw %} $$", Templates::Liquid, "<p>$$ {{a_*}}* $$</p>"),
        ("{% raw %}$${{a_*}}*$${% endraw %}", Templates::Nunjucks, "<p>$${{a_*}}*$$</p>"),
        ("<div>\n$$a_*b_*<c$$\n</div>", Templates::Unknown, "<div>\n$$a&#95;&#42;b&#95;&#42;&#60;c$$\n</div>"),
        ("$$ <b>c</b> $$", Templates::Unknown, "<p>$$ <b>c</b> $$</p>"),
        ("$$ a <div hidden>b $$ c", Templates::Unknown, "<p>$$ a </p>"),
        ("$$ <!-- *a* $$ --> *b*", Templates::Unknown, "<p>$$ <!-- *a* $$ --> <em>b</em></p>"),
        ("$$a &lt; b$$", Templates::Unknown, "<p>$$a &lt; b$$</p>"),
    ] {
        assert_eq!(html_of(body, templates, &EVERYWHERE), html, "{body}");
    }
    let code = "{% highlight sh %}\necho $$ \\* $$\n{% endhighlight %}";
    assert_eq!(html_of(code, Templates::Liquid, &DOLLARS), "<pre><code>echo $$ \\* $$\n</code></pre>");
}

#[test]
fn many_delimiters_cost_little() {
    let pairs = [["\\(".to_owned(), "\\)".to_owned()]];
    let delimiters = MathDelimiters { has_dollars: true, passthrough: &pairs };
    for bulk in
        ["$", "$$ ", "$a ", "$a$ ", "$a</b> ", "$$\n", "| $a|", "\\(", "\\\\(", "$a <b ", "$$a\n\n", "]($", "$://"]
    {
        let body = format!("{} x$ x$$ \\)", bulk.repeat(200_000 / bulk.len()));
        let markup = Markup { syntax: Syntax::Markdown, templates: Templates::Unknown };
        // Not the time of other processes.
        let spent = || rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).tv_sec;
        let start = spent();
        kept(&ParsedBody::new(&body, markup), &delimiters);
        assert!(spent() - start < 2, "{bulk:?}: {} s", spent() - start);
    }
}
