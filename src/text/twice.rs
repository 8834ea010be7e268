//! Text that was encoded as UTF-8 twice: `Ã©` where `é` was meant.
//!
//! The W3C validator warns of it (`BadCharacters`), piece by piece as its
//! parser hands text over. Knows how such text looks; does not mend it, since
//! an article may speak of nothing else.

/// The places of the second characters of pairs such as `Ã©`, in pieces of
/// text that hold nothing but such pairs and ASCII.
pub fn encoded_twice(text: &str) -> Vec<usize> {
    // `&`, `<` and `>` are written as references, and line ends stand alone:
    // at each of them the validator's parser begins a new piece.
    let mut found = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(['&', '<', '>', '"', '\'', '\n', '\r']) {
        if !piece.is_ascii() {
            found.extend(of_piece(piece).into_iter().flatten().map(|place| at + place));
        }
        at += piece.len();
    }
    found
}

/// None for a piece that as Latin-1 is no UTF-8.
fn of_piece(piece: &str) -> Option<Vec<usize>> {
    let latin: Option<Vec<u8>> = piece.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    std::str::from_utf8(&latin?).ok()?;
    let second = piece.match_indices(['\u{c2}', '\u{c3}']).map(|(at, first)| at + first.len());
    Some(second.filter(|&at| piece[at..].starts_with(|c| matches!(c, '\u{80}'..='\u{bf}'))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_that_is_utf_8_once_more_is_found() {
        for (text, places) in [
            ("CafÃ© con leche", vec![5]),
            ("Â\u{a0}a & Ã¤Ã¶", vec![2, 10, 14]),
            ("IRMÃ» é", vec![]),
            ("Ã© 字", vec![]),
            ("Ã© <字", vec![2]),
            ("é à ü", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(encoded_twice(text), places, "{text}");
        }
    }
}
