//! Repairs surrogates in the escapes of YAML and JSON.
//!
//! JSON escapes a character outside the basic plane as two surrogates, for example `"\ud83e\udd80"`. JavaScript's YAML
//! parser joins them, while libyaml rejects the whole block. Programs that cut texts leave single surrogates, which
//! parsers of JSON reject. Escapes are replaced wherever they are, because this runs only after the parser rejected the
//! block.

/// How a language escapes a character outside the basic plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// `\U0001F980`
    Yaml,
    /// `\ud83e\udd80`
    Json,
}

/// Writes each surrogate pair as the language requires, and the replacement character for each single surrogate.
/// Returns `None` if nothing changes.
pub(super) fn joined(text: &str, escapes: Escapes) -> Option<String> {
    let mut joined = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\u") {
        let (before, escape) = rest.split_at(at);
        let is_escaped = before.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1;
        let half = half(escape).filter(|_| !is_escaped);
        joined.push_str(before);
        let (written, length) = match (half, escape.get(6..).and_then(self::half)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) if escapes == Escapes::Json => (escape[..12].to_owned(), 12),
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                (format!("\\U{:08X}", 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12)
            }
            (Some(_), _) => ("\\uFFFD".to_owned(), 6),
            (None, _) => ("\\u".to_owned(), 2),
        };
        joined.push_str(&written);
        rest = &escape[length..];
    }
    joined.push_str(rest);
    (joined != text).then_some(joined)
}

/// The surrogate in an escape at the start of a text.
fn half(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogate_pairs_are_joined_and_other_escapes_are_kept() {
        assert_eq!(joined(r#"a: "\ud83e\udd80!" "#, Escapes::Yaml).unwrap(), r#"a: "\U0001F980!" "#);
        assert_eq!(joined(r"\uD83E \udd80\ud800", Escapes::Yaml).unwrap(), r"\uFFFD \uFFFD\uFFFD");
        assert_eq!(joined(r"\ud83e\udd80 \ud800", Escapes::Json).unwrap(), r"\ud83e\udd80 \uFFFD");
        for text in ["", r"\u00e9", r"\\ud83e\\udd80", r"\u", r"\ud8", "\\u字字"] {
            assert_eq!(joined(text, Escapes::Yaml), None, "{text}");
        }
    }
}
