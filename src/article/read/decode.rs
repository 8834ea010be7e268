//! Decodes the bytes of a file to text.

use std::borrow::Cow;

use super::Source;
use crate::diagnostic::{Code, Position, Problem};

/// Decodes a file to text with `\n` as line ending. Files are UTF-8, or UTF-16 if they start with its byte order mark.
pub(super) fn decode<'a>(source: &Source<'a>, problems: &mut Vec<Problem>) -> Cow<'a, str> {
    let bytes = source.bytes;
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text: Cow<'a, str> = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes).into(),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes).into(),
        _ => match simdutf8::compat::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(text) => text.into(),
            Err(error) => {
                let mut text = String::from_utf8_lossy(bytes).into_owned();
                // Each invalid byte became a replacement character of three bytes.
                text.truncate(
                    text.floor_char_boundary(usize::try_from(crate::article::MAX_BYTES).unwrap_or(usize::MAX)),
                );
                let position = Position::at(
                    &text,
                    text.char_indices().find(|(_, c)| *c == '\u{fffd}').map_or(error.valid_up_to(), |(at, _)| at),
                );
                problems.push(
                    Problem::new(source.place.shared(), Code::Encoding, "the file is not UTF-8 here")
                        .at(position)
                        .help("save the file as UTF-8"),
                );
                text.into()
            }
        },
    };
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}
