//! Text that looks like UTF-8 encoded twice: `Ã©` where `é` was meant.
//!
//! The W3C validator warns of it (`BadCharacters`) where a piece of text, as
//! its parser hands it over, holds nothing else beyond ASCII; and a piece may
//! begin and end anywhere. Knows how such pairs look; does not mend them,
//! since an article may speak of nothing else.

/// The places of the second characters of pairs such as `Ã©`.
pub fn encoded_twice(text: &str) -> Vec<usize> {
    let second = text.match_indices(['\u{c2}', '\u{c3}']).map(|(at, first)| at + first.len());
    second.filter(|&at| text[at..].starts_with(|c| matches!(c, '\u{80}'..='\u{bf}'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_found_and_nothing_else() {
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
