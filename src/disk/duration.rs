//! Reads how long a recording lasts from the headers of its file.
//!
//! Supports the formats that podcasts use: MP3, MP4, Ogg, FLAC and WAV. A few kilobytes are read, whatever the size of
//! the file. The crate `lofty` does the same for 340 kB of program, see docs/decisions/podcasts.md#duration.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

/// The length of the tag `ID3v1` at the end of an MP3.
const ID3V1: u64 = 128;
/// A page of Ogg has at most 65,307 bytes.
const OGG_TAIL: usize = 65_536;
/// The most boxes of an MP4 that are looked at.
const MOST_BOXES: usize = 256;
/// Longer recordings are errors in a header.
const LONGEST: f64 = 1e7;

/// Returns the duration in seconds, rounded; `None` if the file does not say, or its format is another. `head` is the
/// beginning of the file.
pub(super) fn seconds(file: &File, head: &[u8], length: u64, media_type: &str) -> Option<u32> {
    let exact = match media_type {
        "audio/mpeg" => mpeg(file, head, length),
        "audio/x-m4a" | "video/mp4" | "video/x-m4v" | "video/quicktime" => mp4(file, length),
        "audio/ogg" | "video/ogg" => ogg(file, head, length),
        "audio/flac" => flac(head),
        "audio/wav" => wav(head, length),
        _ => None,
    }?;
    // The range is checked, so that the value fits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 1 and LONGEST")]
    (0.5..LONGEST).contains(&exact).then(|| exact.round() as u32)
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.first_chunk().map(|chunk| u32::from_be_bytes(*chunk))
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

/// Reads `most` bytes at an offset, or fewer at the end of the file.
fn part(file: &File, at: u64, most: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; most];
    let read = file.read_at(&mut bytes, at).ok()?;
    bytes.truncate(read);
    Some(bytes)
}

fn ratio(count: u64, rate: u32) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a rounded duration needs no more digits")]
    let count = count as f64;
    (rate > 0).then(|| count / f64::from(rate))
}

/// The header of an MPEG audio frame.
struct MpegFrame {
    is_mpeg1: bool,
    is_mono: bool,
    bits_per_second: u32,
    sample_rate: u32,
    samples: u32,
    /// Its length in bytes.
    length: usize,
}

impl MpegFrame {
    fn parse(bytes: &[u8]) -> Option<Self> {
        const MPEG1: [[u32; 14]; 2] = [
            [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
            [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        ];
        const MPEG2: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let [first, second, third, fourth, ..] = *bytes else { return None };
        let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
        // Version 1 and layer 0 do not exist; layer 3 is layer I, which is not in use.
        if first != 0xff || second & 0xe0 != 0xe0 || version == 1 || !matches!(layer, 1 | 2) {
            return None;
        }
        let (is_mpeg1, is_layer3) = (version == 3, layer == 1);
        let at = usize::from(third >> 4).checked_sub(1)?;
        let rates = if is_mpeg1 { &MPEG1[usize::from(is_layer3)] } else { &MPEG2 };
        let bits_per_second = rates.get(at)? * 1000;
        let base = [44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))?;
        let sample_rate = base
            >> match version {
                3 => 0,
                2 => 1,
                _ => 2,
            };
        let samples = if is_layer3 && !is_mpeg1 { 576 } else { 1152 };
        let padding = u32::from(third >> 1 & 1);
        let length = (samples / 8 * bits_per_second / sample_rate + padding) as usize;
        Some(Self { is_mpeg1, is_mono: fourth >> 6 == 3, bits_per_second, sample_rate, samples, length })
    }
}

/// Returns whether a file begins with two frames of MPEG audio.
pub(super) fn is_mpeg_audio(bytes: &[u8]) -> bool {
    let Some(frame) = MpegFrame::parse(bytes) else { return false };
    // A file of one frame is too short to be sure.
    bytes.get(frame.length..).and_then(MpegFrame::parse).is_some_and(|next| next.sample_rate == frame.sample_rate)
}

fn mpeg(file: &File, head: &[u8], length: u64) -> Option<f64> {
    let mut start = 0;
    if head.starts_with(b"ID3") {
        let size = head.get(6..10)?.iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
        start = 10 + size;
    }
    let audio = part(file, start, 8192)?;
    // Some programs leave zeros behind the tag.
    let at = (0..audio.len()).find(|at| {
        let frame = MpegFrame::parse(&audio[*at..]);
        frame.is_some_and(|frame| audio.get(at + frame.length..).is_none_or(|next| MpegFrame::parse(next).is_some()))
    })?;
    let (frame, bytes) = (MpegFrame::parse(&audio[at..])?, &audio[at..]);
    let side = match (frame.is_mpeg1, frame.is_mono) {
        (true, false) => 32,
        (true, true) | (false, false) => 17,
        (false, true) => 9,
    };
    let tag = 4 + side;
    let frames = match bytes.get(tag..tag + 4)? {
        b"Xing" | b"Info" if big(bytes, tag + 4)? & 1 == 1 => big(bytes, tag + 8),
        _ if bytes.get(36..40) == Some(b"VBRI") => big(bytes, 36 + 14),
        _ => None,
    };
    if let Some(frames) = frames.filter(|frames| *frames > 0) {
        return ratio(u64::from(frames) * u64::from(frame.samples), frame.sample_rate);
    }
    // Without that tag the bit rate is constant.
    let has_end = part(file, length.saturating_sub(ID3V1), 3)?.starts_with(b"TAG");
    let end = if has_end { length - ID3V1 } else { length };
    ratio(end.checked_sub(start + at as u64)? * 8, frame.bits_per_second)
}

fn mp4(file: &File, length: u64) -> Option<f64> {
    let (moov, end) = find_box(file, *b"moov", 0, length)?;
    let (header, _) = find_box(file, *b"mvhd", moov, end)?;
    let bytes = part(file, header, 32)?;
    let (scale, count) = match bytes.first()? {
        0 => (big(&bytes, 12)?, u64::from(big(&bytes, 16)?)),
        _ => (big(&bytes, 20)?, u64::from(big(&bytes, 24)?) << 32 | u64::from(big(&bytes, 28)?)),
    };
    ratio(count, scale)
}

/// Returns the start and the end of the content of a box between two offsets.
fn find_box(file: &File, name: [u8; 4], from: u64, end: u64) -> Option<(u64, u64)> {
    let mut at = from;
    for _ in 0..MOST_BOXES {
        let header = part(file, at, 16)?;
        let (size, start) = match big(&header, 0)? {
            0 => (end.checked_sub(at)?, at + 8),
            1 => (u64::from(big(&header, 8)?) << 32 | u64::from(big(&header, 12)?), at + 16),
            size => (u64::from(size), at + 8),
        };
        let next = at.checked_add(size).filter(|next| *next >= start && *next <= end)?;
        if header.get(4..8)? == name {
            return Some((start, next));
        }
        at = next;
    }
    None
}

fn ogg(file: &File, head: &[u8], length: u64) -> Option<f64> {
    let find = |mark: &[u8]| head[..head.len().min(512)].windows(mark.len()).position(|window| window == mark);
    let (rate, skipped) = if let Some(at) = find(b"OpusHead") {
        (48_000, head.get(at + 10..at + 12).map_or(0, |skip| u64::from(skip[0]) | u64::from(skip[1]) << 8))
    } else {
        (little(head, find(b"\x01vorbis")? + 12)?, 0)
    };
    let tail = part(file, length.saturating_sub(OGG_TAIL as u64), OGG_TAIL)?;
    let pages = tail.windows(14).rev().filter(|window| window.starts_with(b"OggS"));
    // A page on which no packet ends has the position -1.
    let position = pages.filter_map(|page| page[6..].first_chunk().map(|chunk| u64::from_le_bytes(*chunk)));
    ratio(position.into_iter().find(|position| *position != u64::MAX)?.checked_sub(skipped)?, rate)
}

fn flac(head: &[u8]) -> Option<f64> {
    // The block STREAMINFO is the first.
    let (high, low) = (big(head, 18)?, big(head, 22)?);
    ratio(u64::from(high & 0xf) << 32 | u64::from(low), high >> 12)
}

fn wav(head: &[u8], length: u64) -> Option<f64> {
    let mut at = 12;
    let mut bytes_per_second = 0;
    for _ in 0..MOST_BOXES {
        let (name, size) = (head.get(at..at + 4)?, little(head, at + 4)?);
        match name {
            b"fmt " => bytes_per_second = little(head, at + 16)?,
            b"data" => return ratio(u64::from(size).min(length - at as u64), bytes_per_second),
            _ => {}
        }
        at = at.checked_add(8 + size as usize + (size as usize & 1))?;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn of(media_type: &str, bytes: &[u8]) -> Option<u32> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let head = &bytes[..bytes.len().min(65_536)];
        seconds(&file, head, bytes.len() as u64, media_type)
    }

    /// A frame of 417 bytes: MPEG 1, layer III, 128 kbit/s, 44,100 Hz, stereo.
    fn frame() -> Vec<u8> {
        let mut frame = vec![0xff, 0xfb, 0x90, 0];
        frame.resize(417, 0);
        frame
    }

    #[test]
    fn an_mp3_of_constant_bit_rate_lasts_as_long_as_its_bytes() {
        // 383 frames of 26 ms.
        let audio = frame().repeat(383);
        assert_eq!(of("audio/mpeg", &audio), Some(10));
        let tag = [b"ID3\x04\0\0\0\0\x01\x00".as_slice(), &[0; 128]].concat();
        let end = [b"TAG".as_slice(), &[0; 125]].concat();
        assert_eq!(of("audio/mpeg", &[&tag[..], &[0; 50], &audio, &end].concat()), Some(10));
        assert!(is_mpeg_audio(&audio) && !is_mpeg_audio(&frame()) && !is_mpeg_audio(b"\xff\xfe<\0h\0t\0"));
    }

    #[test]
    fn an_mp3_of_variable_bit_rate_says_how_many_frames_it_has() {
        for (mark, at, count_at) in [(b"Xing", 36, 44), (b"Info", 36, 44), (b"VBRI", 36, 50)] {
            let mut first = frame();
            first[at..at + 4].copy_from_slice(mark);
            first[at + 7] = 1;
            first[count_at..count_at + 4].copy_from_slice(&2297_u32.to_be_bytes());
            assert_eq!(of("audio/mpeg", &[first, frame()].concat()), Some(60));
        }
    }

    #[test]
    fn other_formats_say_it_in_their_headers() {
        let boxed = |name: &[u8], content: &[u8]| {
            let size = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
            [&size[..], name, content].concat()
        };
        let header = [&[0; 12][..], &1000_u32.to_be_bytes(), &61_400_u32.to_be_bytes(), &[0; 80]].concat();
        let moov = boxed(b"moov", &boxed(b"mvhd", &header));
        let mp4 = [boxed(b"ftyp", b"M4A \0\0\0\0"), boxed(b"mdat", &[7; 99]), moov].concat();
        assert_eq!(of("audio/x-m4a", &mp4), Some(61));
        let fmt = [&[1, 0, 1, 0][..], &8000_u32.to_le_bytes(), &8000_u32.to_le_bytes(), &[1, 0, 8, 0]].concat();
        let wav = [b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0", &fmt[..], b"data", &16_000_u32.to_le_bytes(), &[0; 16_000]];
        assert_eq!(of("audio/wav", &wav.concat()), Some(2));
        let flac = [b"fLaC\0\0\0\x22".as_slice(), &[0; 10], &[0x0a, 0xc4, 0x42, 0xf0], &441_000_u32.to_be_bytes()];
        assert_eq!(of("audio/flac", &flac.concat()), Some(10));
        let page =
            |position: i64, packet: &[u8]| [b"OggS\0\0".as_slice(), &position.to_le_bytes(), &[0; 14], packet].concat();
        let opus = [page(0, b"OpusHead\x01\x02\x38\x01\0\0\0\0"), page(48_000 * 7 + 312, b"x"), page(-1, b"")];
        assert_eq!(of("audio/ogg", &opus.concat()), Some(7));
        let vorbis = [page(0, b"\x01vorbis\0\0\0\0\x02\x44\xac\0\0"), page(44_100 * 3, b"x")];
        assert_eq!(of("audio/ogg", &vorbis.concat()), Some(3));
    }

    #[test]
    fn no_file_is_too_short_or_too_strange() {
        let strange = [b"\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(), vec![0xff; 70_000], vec![0; 70_000]];
        let known = [frame().repeat(3), [b"ID3\x04\0\0\x7f\x7f\x7f\x7f".to_vec(), frame()].concat()];
        for bytes in strange.iter().chain(&known) {
            for media_type in ["audio/mpeg", "video/mp4", "audio/ogg", "audio/flac", "audio/wav", "application/pdf"] {
                for end in (0..bytes.len().min(64)).chain([bytes.len()]) {
                    assert!(of(media_type, &bytes[..end]).is_none_or(|seconds| f64::from(seconds) < LONGEST));
                }
            }
        }
    }
}
