//! Rejects front matter that would stall the YAML parser: deep nesting, and aliases that multiply.
//!
//! The checks look only at bytes, so they may reject valid YAML, but only with more brackets or aliases than any real
//! file has.

/// Maximum nesting depth, because the YAML parser takes quadratic time
/// (docs/decisions/dependencies.md#nested-flow-collections-take-quadratic-time). The parsers of TOML and JSON have
/// their own limits.
const MOST_DEPTH: usize = 32;

/// Maximum number of aliases, and of bytes if each alias repeated the whole block. No real file has aliases. Nested
/// aliases multiply: eight of them produce eighteen times the block, and 20,000 take minutes.
const MOST_ALIASES: usize = 8;
const MOST_REPEATED: usize = 32 * 1024;

/// Returns the offset at which the nesting is too deep. Brackets in a quotation that is the whole value are text; all
/// other brackets count.
pub(crate) fn too_deep(block: &str) -> Option<usize> {
    // Fast path for nearly all files, which have too few brackets and hyphens.
    let all = |bytes: [u8; 2]| block.bytes().filter(|byte| bytes.contains(byte)).count();
    if all(*b"[{") <= MOST_DEPTH && all(*b"-?") <= MOST_DEPTH {
        return None;
    }
    let mut depth = 0_usize;
    // Whether nothing is open at the start of the line, so that a quotation there is one. Within a list the same
    // characters may have another meaning.
    let mut clear = true;
    for line in block.lines() {
        let start = line.as_ptr() as usize - block.as_ptr() as usize;
        let counted = if clear { before_quotation(line) } else { line };
        let mut here = 0_usize;
        for (at, byte) in counted.bytes().enumerate() {
            match byte {
                b'[' | b'{' => (depth, here) = (depth + 1, here + 1),
                b']' | b'}' => {
                    clear &= here > 0;
                    (depth, here) = (depth.saturating_sub(1), here.saturating_sub(1));
                }
                b'"' | b'\'' => clear &= at > 0 && counted.as_bytes()[at - 1].is_ascii_alphanumeric(),
                // A comment may hide the end of a list.
                b'#' => clear &= here == 0,
                _ => {}
            }
            if depth > MOST_DEPTH {
                return Some(start + at);
            }
        }
        clear &= here == 0;
        // Lists within lists that begin on the same line: `- - -`.
        let markers =
            line.split(' ').take_while(|mark| matches!(*mark, "" | "-" | "?")).filter(|mark| !mark.is_empty());
        if markers.count() > MOST_DEPTH {
            return Some(start);
        }
    }
    None
}

/// Returns the part of a line whose brackets count. This is the whole line unless its value is a single quotation.
fn before_quotation(line: &str) -> &str {
    let line = line.trim_end_matches(' ');
    let Some(open) = line.find(['"', '\'']) else {
        return line;
    };
    let (before, quoted) = line.split_at(open);
    let item = before.trim_start_matches([' ', '-']).is_empty() && before.ends_with("- ");
    let key = before.strip_suffix(' ').map(|before| before.trim_end_matches(' ')).and_then(|key| key.strip_suffix(':'));
    let key =
        key.is_some_and(|key| key.trim_start().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')));
    let quote = &quoted[..1];
    let whole = match quoted[1..].strip_suffix(quote) {
        Some(inside) if quote == "'" => !inside.replace("''", "").contains('\''),
        Some(inside) => is_one_text(inside),
        None => false,
    };
    if (item || key) && whole { before } else { line }
}

/// Whether no unescaped quote ends the text in double quotes early.
fn is_one_text(inside: &str) -> bool {
    let mut bytes = inside.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return false,
            b'\\' if bytes.next().is_none() => return false,
            _ => {}
        }
    }
    true
}

/// Returns the offset of the first alias beyond the limit.
pub(crate) fn too_many_aliases(block: &str) -> Option<usize> {
    let most = MOST_ALIASES.min(MOST_REPEATED / block.len().max(1));
    block
        .contains('&')
        .then(|| block.match_indices('*').filter(|&(at, _)| is_alias(block, at)).nth(most))?
        .map(|(at, _)| at)
}

/// Whether the `*` at this offset may begin an alias: it is at the start of a value and before a name. Emphasis such
/// as `*word*` is text.
fn is_alias(block: &str, at: usize) -> bool {
    let before = block[..at].trim_end_matches([' ', '\t']).bytes().next_back();
    let starts = before.is_none_or(|before| b"\n:-,[{?".contains(&before));
    let rest = block[at + 1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let named = rest.len() < block.len() - at - 1;
    starts && named && !rest.starts_with('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_a_quotation_that_is_the_whole_value_are_text() {
        let many = "{[".repeat(100);
        for block in [
            format!("title: '{many}'\ntags: [a, b]\n"),
            format!("title: \"{many} \\\"x\\\\\"  \n"),
            format!("author: It's me\ntags: [a]\n- '{many} it''s'\n"),
            "x: '['\n".repeat(40),
            format!("rule: {}\n", "-".repeat(80)),
        ] {
            assert_eq!(too_deep(&block), None, "{block}");
        }
    }

    #[test]
    fn brackets_in_an_apparent_quotation_count() {
        let many = "[".repeat(100);
        for block in [
            format!("a: [x ', {many} , ' ]\n"),
            format!("a: [ # ]\nb: 'x', {many} '\n"),
            format!("a: [ # ]\n x\nb: '{many}'\n"),
            format!("[ \"]\", \"\nb: '\", {many} , '\n"),
            format!("a: \"\nb: '\", {many} , '\n"),
            format!("a: 'x' 'y {many} '\n"),
            format!("a: \"x\\\" {many}\n"),
            format!("a: b 'x {many} '\n"),
            format!("a-'x {many}'\n"),
            format!("{} x\n", "- ".repeat(40)),
        ] {
            assert!(too_deep(&block).is_some(), "{block}");
        }
    }

    #[test]
    fn aliases_that_multiply_are_rejected() {
        let laughs: String =
            (1..9).fold(String::new(), |laughs, i| laughs + &format!("a{i}: &a{i} [{}*a0]\n", "*a0,".repeat(8)));
        assert!(too_many_aliases(&format!("a0: &a0 [x]\n{laughs}")).is_some());
        let wide = format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(10_000), "*a,".repeat(3));
        assert!(too_many_aliases(&wide).is_some());
    }

    #[test]
    fn a_few_aliases_and_any_emphasis_are_accepted() {
        assert_eq!(too_many_aliases("a: &a Ann\nb: *a\nc:\n  <<: *a\nd: [*a, *a]\n"), None);
        let stars =
            "excerpt: |\n  R &D is *so* good\n".to_owned() + &"  *very*, *very*: *very* good\n  * x\n".repeat(30);
        assert_eq!(too_many_aliases(&stars), None);
    }
}
