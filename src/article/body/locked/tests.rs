//! Tests of which parts are locked and which only resemble locked ones.

use super::super::{Markup, Syntax, Templates};
use super::{LockEnd, without};

fn left(templates: Templates, body: &str) -> String {
    without(body, || Markup { syntax: Syntax::Markdown, templates }).0.into_owned()
}

const ALL: [Templates; 6] = [
    Templates::Liquid,
    Templates::Nunjucks,
    Templates::GoShortcodes,
    Templates::Tera,
    Templates::Unknown,
    Templates::None,
];

/// The template languages that expand tags.
const RUNNING: [Templates; 5] =
    [Templates::Liquid, Templates::Nunjucks, Templates::GoShortcodes, Templates::Tera, Templates::Unknown];

#[test]
fn a_locked_part_is_removed_in_every_syntax() {
    for (begin, end) in [
        ("{{% hugo-encryptor \"pw\" %}}", "{{% /hugo-encryptor %}}"),
        ("{{<secret>}}", "{{</secret>}}"),
        ("{{< Password x=\"y\" >}}", "{{< / password >}}"),
        ("{{% protect %}}", "{{< /protect >}}"),
        ("{% secret %}", "{% endsecret %}"),
        ("{%- SECRET 'a\nb' -%}", "{%- EndSecret -%}"),
        ("{% my_private_part %}", "{% end_my-private-part %}"),
        ("{% locked %}", "{% end locked %}"),
        ("{% encrypt %}", "{% /encrypt %}"),
        ("{% secret(key=\"x\") %}", "{% end %}"),
        ("{% secret(key=\"x\") %}", "{% endsecret %}"),
        ("{% secret() %}{% note(a=1) %}inner{% end %}", "{% end %}"),
        ("{% secret %}{% secret %}inner{% endsecret %}", "{% endsecret %}"),
        ("{% secret %}{% private %}{% endsecret %}", "{% endprivate %}"),
        ("{% secret %}{% if x %}", "{% endif %}{% endsecret %}"),
    ] {
        for templates in RUNNING {
            assert_eq!(left(templates, &format!("a {begin}HIDDEN\n\nHIDDEN{end} b")), "a  b", "{templates:?} {begin}");
        }
    }
    for (begin, end) in [
        ("<!-- valaxy-encrypt-start:pass-word -->", "<!-- valaxy-encrypt-end -->"),
        ("<!--secret-->", "<!--/secret-->"),
        ("<!-- Secret -->", "<!-- endsecret -->"),
        ("<!-- secret hint=\"x\" -->", "<!-- end secret -->"),
        ("<!-- begin private -->", "<!-- private:end -->"),
        ("<!-- #region private -->", "<!-- #endregion private -->"),
        ("<!-- private_start -->", "<!-- private_end -->"),
        ("<!-- private note of mine -->", "<!-- /private -->"),
        ("{/* secret */}", "{/* /secret */}"),
        ("\n::: encrypt key=x\n", "\n:::\n"),
        ("\n:::: {.note .private}\n::: tip\n:::\n", "\n::::\n"),
        ("\n> :::Protected[Title]\n", "\n> :::\n"),
        ("\n:::secret\n", "\n:::\n"),
        ("\n:::{secret} Title\n", "\n:::\n"),
        ("\n::: {.note key=\"a b\" .Secret-part}\n", "\n:::\n"),
        ("\n::: {.locked#part1}\n", "\n:::\n"),
        ("\n::: {.password=x}\n", "\n:::\n"),
        ("[secret]", "[/secret]"),
        ("[Private=ann]", "[/PRIVATE]"),
        ("[password pw=\"x\"]", "[/ password ]"),
        ("[my_secret level='1']", "[/my-secret]"),
        ("[secret](hint: none) [b]x[/b]", "[/secret]"),
        ("[protected][protected]inner[/protected]", "[/protected]"),
        ("{::encrypt key=\"x\"}", "{:/encrypt}"),
        ("{::secret}{::comment}inner{:/}", "{:/}"),
        ("<hugo-encryptor>", "</hugo-encryptor>"),
        ("<Encrypt password='x'>", "</encrypt >"),
        ("<secret><secret>inner</secret>", "</secret>"),
    ] {
        for templates in ALL {
            let shown = left(templates, &format!("a {begin}HIDDEN\n\nHIDDEN{end} b"));
            let shown: Vec<&str> = shown.split_whitespace().filter(|word| *word != ">").collect();
            assert_eq!(shown, ["a", "b"], "{templates:?} {begin}");
        }
    }
    let nunjucks = "a {# secret #}HIDDEN{# endsecret #}b";
    assert_eq!(left(Templates::Nunjucks, nunjucks), "a b");
}

#[test]
fn a_locked_part_without_an_end_extends_to_the_end_of_the_body() {
    for begin in [
        "{{% hugo-encryptor \"pw\" %}}",
        "{{< secret >}}",
        "{% secret %}",
        "{% secret() %}{% note() %}x{% end %}",
        "{% secret %}{% endprivate %}",
        "{% secret %}{% raw %}{% endsecret %}{% endraw %}",
    ] {
        for templates in [Templates::Liquid, Templates::Nunjucks, Templates::Unknown] {
            assert_eq!(left(templates, &format!("a {begin}\nHIDDEN\n\nHIDDEN")), "a ", "{templates:?} {begin}");
        }
    }
    for begin in
        ["<!-- secret -->", "<!-- encrypt-start -->", "<!-- secret:pw -->", "<hugo-encryptor>", "<secret password=x>"]
    {
        assert_eq!(left(Templates::Unknown, &format!("a {begin}\nHIDDEN\n\nHIDDEN")), "a ", "{begin}");
    }
    assert_eq!(left(Templates::Unknown, "a\n::: secret\nHIDDEN\n\n::: tip\n:::\nHIDDEN"), "a\n");
    let (_, locked) = without("a\n{% secret %}b", || Markup::MARKDOWN);
    let locked = locked.unwrap();
    assert_eq!((locked.at, &*locked.name, locked.ended), (2, "secret", LockEnd::No));
    let (_, locked) = without("a\n{% secret %}b{% endsecret %}{% private %}", || Markup::MARKDOWN);
    assert_eq!(locked.unwrap().ended, LockEnd::Yes);
}

#[test]
fn a_self_closing_tag_removes_only_itself() {
    for tag in [
        "{{< private-link />}}",
        "{{< private-link href=\"/x/\" />}}",
        "{{<secret/>}}",
        "{{% secret text='HIDDEN' /%}}",
        "{{ secret(text=\"HIDDEN\") }}",
        "<secret-box />",
        "[private-link url=\"/x/\" /]",
    ] {
        assert_eq!(left(Templates::Unknown, &format!("a {tag} b")), "a  b", "{tag}");
    }
    // A slash may be the end of an argument.
    assert_eq!(left(Templates::GoShortcodes, "a {{< private-link https://x.y/>}} b"), "a ");
}

#[test]
fn ordinary_articles_do_not_change() {
    for body in [
        "The secret of private passwords is protected and encrypted.",
        "{{ secret }} {{ page.private }} ${{ secrets.TOKEN }}",
        "{% if private %}a{% endif %}{% assign secret = 1 %}{% include secret.html %}",
        "{{< ref \"private.md\" >}}{{< figure src=\"secret.png\" >}}",
        "{{</* secret */>}} x {{</* /secret */>}}",
        "{{/* secret() */}} {%/* secret() */%} x {%/* end */%}",
        "mysql -u <user> -p<password> and <your-secret-key>, <private@example.org>, <https://secret.example>",
        "<!-- secret sauce: nobody knows --> b <!-- private, don't tell -->",
        "<!-- REMARK: private stuff --> b",
        "## Heading {#secret-santa}\n\ntext",
        "::: tip Private\nb\n:::\n",
        "a {% endsecret %}{{< /private >}}<!-- /secret --></secret> b",
        "{: .secret }\nb\n{: .secret}\n\n*b*{:.private #password}\n\n{:secret: .private}\n{::comment}b{:/comment}\n{:/}",
        "::: {.note title=\"very private\" #secret}\nb\n:::\n",
        "::: {.note title=\"the secret plan\"}\nb\n:::\n",
        "[private] beta, [password](/reset), ![secret](a.png), [[Secret plans]] and [secret][1]\n\n[secret]: https://a.b",
        "- [ ] secret\n- [x] private\n\n[^secret] b [/secret] b",
        "\\[secret] b [/secret]",
        "[password](https://a.b) b [/password]",
        "[secret] b [/private]",
        "\\<encrypt> b",
        "a:::secret b",
    ] {
        for templates in ALL {
            assert_eq!(left(templates, body), body, "{templates:?}");
        }
    }
}

#[test]
fn a_tag_in_code_locks_if_its_generator_expands_it() {
    let fenced = "a\n```\n{% secret %}\nHIDDEN\n{% endsecret %}\n```\nb";
    let span = "a `{% secret %}HIDDEN{% endsecret %}` b";
    let hugo = "a\n```\n{{< secret >}}\nHIDDEN\n{{< /secret >}}\n```\nb";
    for (templates, runs) in [
        (Templates::Liquid, [true, true, false]),
        (Templates::Nunjucks, [false, true, false]),
        (Templates::GoShortcodes, [false, false, true]),
        (Templates::Tera, [true, true, false]),
        (Templates::Unknown, [false; 3]),
        (Templates::None, [false; 3]),
    ] {
        for (body, runs) in [fenced, span, hugo].into_iter().zip(runs) {
            assert_eq!(!left(templates, body).contains("HIDDEN"), runs, "{templates:?} {body}");
        }
    }
    for templates in ALL {
        for body in [
            "```\n<!-- secret -->\nb\n<!-- /secret -->\n```",
            "`<encrypt>` b `</encrypt>`",
            "```\n::: secret\nb\n:::\n```",
            "`[secret]` b `[/secret]`",
            "`{::secret}` b `{:/secret}`",
            "{% raw %}{% secret %}{% endraw %} b {% raw %}{% endsecret %}{% endraw %}",
        ] {
            if !body.contains("raw") || !matches!(templates, Templates::GoShortcodes | Templates::Tera) {
                assert_eq!(left(templates, body), body, "{templates:?}");
            }
        }
    }
    // A mark between brackets counts.
    assert_eq!(left(Templates::Unknown, "[secret {% secret %}HIDDEN{% endsecret %}] b"), "[secret ] b");
    // Marks around code lock it.
    let around = "a {% secret %}\n```\nHIDDEN\n```\n{% endsecret %} b";
    assert_eq!(left(Templates::Unknown, around), "a  b");
}

#[test]
fn many_marks_are_read_once() {
    for mark in [
        "{% secret ",
        "{% secret %}",
        "{% secret() %}{% x() %}",
        "{% raw %}{% secret %}",
        "<!-- secret ",
        "<!-- secret x -->",
        "<secret ",
        "<secret>",
        "::: secret\n",
        ": secret :",
        "[secret ",
        "[secret][",
        "[secret]",
        "[x",
        "{::secret}",
        "`{% secret ",
        "{% secret() %}{% endprivate %}",
    ] {
        for templates in RUNNING {
            left(templates, &mark.repeat(5_000));
        }
    }
}
