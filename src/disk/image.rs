//! Detects the media type and the size of an image by its first bytes.
//!
//! Used by `media`, which inspects files. Pixels are not decoded.

use std::fs::File;
use std::io::Cursor;

use super::open;

/// The number of bytes that suffices to find the size in all formats, except in a JPEG with a large EXIF block …
pub(super) const HEAD: u64 = 64 * 1024;
/// … of which this many bytes are read.
const LONG_HEAD: u64 = 512 * 1024;

/// The media type by the first bytes of a file; `None` if it is not an image of a known format.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, with: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(with));
    if at(0, b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Some("image/gif")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if at(4, b"ftyp") && is_avif(bytes) {
        Some("image/avif")
    } else if at(0, b"BM") && bytes.len() > 14 {
        Some("image/bmp")
    } else if at(0, b"\0\0\x01\0") {
        Some("image/x-icon")
    } else if at(0, b"II*\0") || at(0, b"MM\0*") {
        Some("image/tiff")
    } else if is_svg(bytes) {
        Some("image/svg+xml")
    } else {
        None
    }
}

/// Whether the brands of an ISO base media file include AVIF. `mif1` does not suffice, because HEIC uses it as well.
fn is_avif(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let brands = bytes.get(8..length.clamp(8, 256).min(bytes.len())).unwrap_or_default();
    brands.chunks_exact(4).any(|brand| brand == b"avif" || brand == b"avis")
}

/// Whether a file is text with an `<svg` element in its first KiB.
fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let element =
        |window: &[u8]| window.starts_with(b"<svg") && matches!(window[4], b' ' | b'>' | b'\t' | b'\r' | b'\n' | b'/');
    text.starts_with(b"<") && !head.contains(&0) && text.windows(5).any(element)
}

/// Width and height in pixels, if the header has them. Reads more of a JPEG if necessary.
pub(super) fn size(file: &mut File, head: &mut Vec<u8>, media_type: &str) -> Option<(u32, u32)> {
    if media_type == "image/jpeg" && head.len() as u64 == HEAD && imagesize::blob_size(head).is_err() {
        head.extend(open::read(file, LONG_HEAD - HEAD, 0).ok()?);
    }
    image_size(head)
}

/// Returns width and height in pixels as programs show the image, if its first bytes have them.
pub(crate) fn image_size(head: &[u8]) -> Option<(u32, u32)> {
    let found = imagesize::blob_size(head).ok()?;
    let pixels = |count: usize| u32::try_from(count).ok().filter(|count| *count > 0);
    let (width, height) = (pixels(found.width)?, pixels(found.height)?);
    let is_jpeg = head.starts_with(b"\xff\xd8");
    Some(if is_jpeg && is_turned(head) { (height, width) } else { (width, height) })
}

/// Returns whether programs show a JPEG turned by a quarter, as its EXIF orientation demands.
fn is_turned(head: &[u8]) -> bool {
    // Images without the mark of EXIF need no parser.
    let has_exif = head.windows(6).any(|mark| mark == b"Exif\0\0");
    // What was read before an error counts, because the beginning of a file may end within the block.
    let read = || {
        let mut reader = exif::Reader::new();
        let read = reader.continue_on_error(true).read_from_container(&mut Cursor::new(head));
        read.or_else(|error| error.distill_partial_result(|_| ())).ok()
    };
    let exif = has_exif.then(read).flatten();
    let orientation = exif.as_ref().and_then(|exif| exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY));
    orientation.and_then(|field| field.value.get_uint(0)).is_some_and(|orientation| (5..=8).contains(&orientation))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG of 40 by 30 pixels with an orientation, up to its frame header.
    fn jpeg(orientation: u8, is_little: bool) -> Vec<u8> {
        let tiff: &[u8] = if is_little {
            &[b'I', b'I', b'*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
        } else {
            &[b'M', b'M', 0, b'*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
        };
        let app1 = [&[0xff, 0xe1, 0, 8 + u8::try_from(tiff.len()).unwrap()], &b"Exif\0\0"[..], tiff].concat();
        let frame = [0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0];
        [&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0], &app1[..], &frame].concat()
    }

    #[test]
    fn a_picture_that_is_turned_has_its_sides_exchanged() {
        for is_little in [true, false] {
            assert_eq!(image_size(&jpeg(1, is_little)), Some((40, 30)));
            assert_eq!(image_size(&jpeg(3, is_little)), Some((40, 30)));
            assert_eq!(image_size(&jpeg(6, is_little)), Some((30, 40)));
            assert_eq!(image_size(&jpeg(8, is_little)), Some((30, 40)));
        }
    }

    #[test]
    fn no_beginning_of_a_file_is_too_short() {
        let whole = jpeg(6, true);
        for end in 0..whole.len() {
            assert!(image_size(&whole[..end]).is_none_or(|size| size == (30, 40)), "{end}");
        }
        assert!(!is_turned(&[0xff, 0xd8, 0xff, 0xe1, 0, 0, 0, 0]));
    }
}
