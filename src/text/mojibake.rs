//! Finds text that looks like UTF-8 encoded twice: `Ã©` where `é` was meant.
//!
//! The W3C validator warns about such text (`BadCharacters`) if a piece of text, as its parser delivers it,
//! contains no other characters beyond ASCII; pieces may begin and end anywhere. This module only finds
//! such pairs and does not repair them, because an article may be about this very subject.

/// Returns the positions of the second characters of pairs such as `Ã©`.
pub(crate) fn encoded_twice(text: &str) -> Vec<usize> {
    let second = text.match_indices(['\u{c2}', '\u{c3}']).map(|(at, first)| at + first.len());
    second.filter(|&at| text[at..].starts_with(|c| matches!(c, '\u{80}'..='\u{bf}'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_such_pairs_are_found() {
        for (text, places) in [
            ("CafÃ© con leche", vec![5]),
            ("Â\u{a0}a & Ã¤Ã¶", vec![2, 10, 14]),
            ("字 Ã©", vec![6]),
            ("é à ü Ã Â", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(encoded_twice(text), places, "{text}");
        }
    }
}
