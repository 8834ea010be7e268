//! Width and height of an image as it is shown. Cameras store pictures as the sensor lies, with the orientation in the
//! EXIF block; browsers and readers turn the picture.

/// Returns width and height in pixels, if the first bytes of an image have them.
pub(super) fn pixels(head: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(head).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let is_turned = head.starts_with(b"\xff\xd8") && matches!(orientation(head), Some(5..=8));
    let shown = if is_turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some(shown)
}

/// Returns the value of the EXIF tag `Orientation` of a JPEG.
fn orientation(jpeg: &[u8]) -> Option<u16> {
    let mut rest = jpeg.get(2..)?;
    loop {
        let (&[0xff, marker, high, low], _) = rest.split_first_chunk::<4>()? else {
            return None;
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..2 + length)?;
        match marker {
            0xe1 if segment.starts_with(b"Exif\0\0") => return tag(&segment[6..], 0x0112),
            // The image data begins.
            0xda => return None,
            _ => rest = &rest[2 + length..],
        }
    }
}

/// Returns a 16-bit value in the first directory of a TIFF block (TIFF 6.0, section 2).
fn tag(tiff: &[u8], wanted: u16) -> Option<u16> {
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes = *tiff.get(4..)?.first_chunk::<4>()?;
    let start = if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) } as usize;
    let entries = (0..usize::from(short(start)?)).map(|number| start + 2 + number * 12);
    entries.take_while(|at| *at < tiff.len()).find(|at| short(*at) == Some(wanted)).and_then(|at| short(at + 8))
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
            assert_eq!(pixels(&jpeg(1, is_little)), Some((40, 30)));
            assert_eq!(pixels(&jpeg(3, is_little)), Some((40, 30)));
            assert_eq!(pixels(&jpeg(6, is_little)), Some((30, 40)));
            assert_eq!(pixels(&jpeg(8, is_little)), Some((30, 40)));
        }
    }

    #[test]
    fn no_beginning_of_a_file_is_too_short() {
        let whole = jpeg(6, true);
        for end in 0..whole.len() {
            assert!(orientation(&whole[..end]).is_none_or(|orientation| orientation == 6), "{end}");
        }
        assert_eq!(orientation(&[0xff, 0xd8, 0xff, 0xe1, 0, 0, 0, 0]), None);
    }
}
