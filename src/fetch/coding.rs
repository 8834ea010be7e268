//! Undoes the content coding of a response.

use std::io::{self, Read};

use flate2::read::{MultiGzDecoder, ZlibDecoder};

/// More bytes than any document has.
const MOST: u64 = 256 << 20;

/// Returns the bytes of a body, as they were before the codings of its Content-Encoding; `None` if they are damaged.
pub(super) fn decoded(body: &[u8], codings: &str) -> Option<Vec<u8>> {
    codings.split(',').map(str::trim).rev().try_fold(body.to_vec(), |body, coding| {
        match coding.to_ascii_lowercase().as_str() {
            "" | "identity" => Some(body),
            "gzip" | "x-gzip" => all(MultiGzDecoder::new(&*body)),
            "deflate" => all(ZlibDecoder::new(&*body)),
            "br" => all(brotli::Decompressor::new(&*body, 4096)),
            _ => None,
        }
    })
}

fn all(decoder: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let copied = io::copy(&mut decoder.take(MOST), &mut bytes).ok()?;
    (copied < MOST).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::gzip;

    #[test]
    fn codings_are_undone_from_the_last_to_the_first() {
        let text = "feedmill ".repeat(100).into_bytes();
        let twice = gzip(&gzip(&text)).to_vec();
        assert_eq!(decoded(&twice, "gzip, gzip"), Some(text.clone()));
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut &*text, &mut compressed, &brotli::enc::BrotliEncoderParams::default()).unwrap();
        assert_eq!(decoded(&compressed, "BR"), Some(text.clone()));
        assert_eq!(decoded(&text, ""), Some(text.clone()));
        assert_eq!(decoded(&text, "gzip"), None);
        assert_eq!(decoded(&text, "zstd"), None);
    }
}
