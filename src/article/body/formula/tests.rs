//! Tests that every formula is shown once and with its structure.

use super::readable;

#[test]
fn a_formula_is_shown_once_as_its_tex() {
    let math = "<math><semantics><mrow><mi>x</mi></mrow><annotation encoding=\"application/x-tex\">x^2 &lt; \
                \\frac{1}{3}</annotation></semantics></math>";
    let katex = format!(
        "<span class=\"katex\"><span class=\"katex-mathml\">{math}</span><span class=\"katex-html\" \
         aria-hidden=\"true\"><span class=\"base\">x<span>2</span></span></span></span>"
    );
    let code = "<code>x^2 &lt; \\frac{1}{3}</code>";
    let rendered = "<span class=\"MathJax_Preview\">x</span><div class=\"MathJax_Display\"><span class=\"MathJax\" \
                    data-mathml=\"&lt;math>&lt;/math>\"><nobr>x</nobr></span></div>";
    for (html, shown) in [
        (math.to_owned(), code.to_owned()),
        (katex.clone(), code.to_owned()),
        (format!("a<span class=\"katex-display\">{katex}</span>b"), format!("a\n{code}\nb")),
        (
            format!(
                "<mjx-container><mjx-math>x</mjx-math><mjx-assistive-mml>{math}</mjx-assistive-mml></mjx-container>"
            ),
            code.to_owned(),
        ),
        ("<math alttext='x_1'><mi>x</mi></math>".to_owned(), "<code>x_1</code>".to_owned()),
        ("<script type='math/tex'>a<b</script>".to_owned(), "<code>a&lt;b</code>".to_owned()),
        (format!("{rendered}<script type=\"math/tex; mode=display\">a</script>"), "\n<code>a</code>\n".to_owned()),
        (
            "<span class=\"MathJax\" data-mathml='&lt;math>&lt;mi>x&lt;/mi>&lt;/math>'>x x</span>".to_owned(),
            "x".to_owned(),
        ),
        (
            "<div class=katex><p>words</p><math><mi>x</mi></math></div>".to_owned(),
            "<div class=katex><p>words</p>x</div>".to_owned(),
        ),
        (
            "<div class=MathJax>a <math><mi>x</mi></math> b <math><mi>y</mi></math></div>".to_owned(),
            "<div class=MathJax>a x b y</div>".to_owned(),
        ),
        ("<script>katex</script><span class=katex>".to_owned(), "<script>katex</script><span class=katex>".to_owned()),
    ] {
        assert_eq!(readable(&html), shown, "{html}");
    }
}

#[test]
fn a_formula_without_tex_is_text() {
    let sum = "<mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>";
    for (mathml, text) in [
        ("<mfrac><mn>1</mn><mn>3</mn></mfrac>", "1/3"),
        (&format!("<mfrac>{sum}<mn>7</mn></mfrac>"), "(a+b)/7"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x^2"),
        (&format!("<msup>{sum}{sum}</msup>"), "(a+b)^(a+b)"),
        ("<mstyle><msub><mi>x</mi><mn>1</mn></msub></mstyle>", "x_1"),
        ("<mi>a</mi><mo>&lt;</mo><mi>b</mi>", "a&lt;b"),
        (&format!("<msqrt>{sum}</msqrt>"), "√(a+b)"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√(a+b)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "root(3, x)"),
        (
            "<mo>(</mo><mtable><mtr><mtd>1</mtd><mtd>2</mtd></mtr><mtr><mtd>3</mtd><mtd>4</mtd></mtr></mtable><mo>)</mo>",
            "(1, 2; 3, 4)",
        ),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>", "∑_(i=1)^n"),
        (
            "<mover><mi>x</mi><mo>¯</mo></mover><mspace width=\"1em\"/><mi>sin</mi><mo>\u{2061}</mo><mi>y</mi>",
            "x¯ siny",
        ),
        ("<mfrac><msup><mi>x</mi><mn>2</mn></msup><mfrac><mn>1</mn><mn>2</mn></mfrac></mfrac>", "x^2/(1/2)"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
    ] {
        assert_eq!(readable(&format!("<math>{mathml}</math>")), text, "{mathml}");
    }
}

#[test]
fn many_elements_cost_little() {
    let start = std::time::Instant::now();
    for bulk in ["<math>", "<math><mfrac>", "<span class=katex>", "<span class=MathJax></span>", "</math>", "<msup>x"] {
        readable(&format!("<math>{}</math>", bulk.repeat(20_000)));
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
