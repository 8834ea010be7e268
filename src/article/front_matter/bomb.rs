//! Front matter that would stall a parser, known before one sees it.
//!
//! Knows what is expensive: nesting, and aliases that repeat what they name.
//! Looks at bytes alone, so it can be too strict, at a measure nobody writes.

/// Most brackets within brackets: the YAML parser is quadratic in them
/// (crates.md, trap 11).
const MOST_DEPTH: usize = 32;

/// Most aliases, and most bytes that they may come to if each repeats the
/// whole block. No real file has any, and nested ones multiply: eight come to
/// eighteen times the block, 20,000 to minutes.
const MOST_ALIASES: usize = 8;
const MOST_REPEATED: usize = 32 * 1024;

/// Where brackets are nested too deep, counting those in quotes too.
pub fn too_deep(block: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in block.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MOST_DEPTH {
            return Some(at);
        }
    }
    // Blocks within blocks: as many levels of indentation or of `- - -`.
    block.lines().find_map(|line| {
        let blanks = line.len() - line.trim_start_matches([' ', '-', '?']).len();
        let markers = line[..blanks].bytes().filter(|byte| matches!(byte, b'-' | b'?')).count();
        (markers > MOST_DEPTH).then(|| line.as_ptr() as usize - block.as_ptr() as usize)
    })
}

/// Where YAML has the alias that is one too many.
pub fn too_many_aliases(block: &str) -> Option<usize> {
    let most = MOST_ALIASES.min(MOST_REPEATED / block.len().max(1));
    block
        .contains('&')
        .then(|| block.match_indices('*').filter(|&(at, _)| is_alias(block, at)).nth(most))?
        .map(|(at, _)| at)
}

/// Whether the `*` here can be an alias: at the start of a value, before a
/// name. An emphasised `*word*` is text.
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
    fn aliases_that_multiply_are_too_many() {
        let laughs: String =
            (1..9).fold(String::new(), |laughs, i| laughs + &format!("a{i}: &a{i} [{}*a0]\n", "*a0,".repeat(8)));
        assert!(too_many_aliases(&format!("a0: &a0 [x]\n{laughs}")).is_some());
        let wide = format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(10_000), "*a,".repeat(3));
        assert!(too_many_aliases(&wide).is_some());
    }

    #[test]
    fn a_few_aliases_and_any_emphasis_are_well() {
        assert_eq!(too_many_aliases("a: &a Ann\nb: *a\nc:\n  <<: *a\nd: [*a, *a]\n"), None);
        let stars =
            "excerpt: |\n  R &D is *so* good\n".to_owned() + &"  *very*, *very*: *very* good\n  * x\n".repeat(30);
        assert_eq!(too_many_aliases(&stars), None);
    }
}
