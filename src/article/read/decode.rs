//! Decodes the bytes of a file to text.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_16BE, UTF_16LE};

use super::Source;
use crate::diagnostic::{Code, Position, Problem};

/// Decodes a file to text with `\n` as line ending. Files are UTF-8, or UTF-16 if they start with its byte order mark.
/// The encoding of other files is guessed, and reported.
pub(super) fn decode<'a>(source: &Source<'a>, problems: &mut Vec<Problem>) -> Cow<'a, str> {
    let bytes = source.bytes;
    let text: Cow<'a, str> = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE.decode_with_bom_removal(bytes).0,
        [0xfe, 0xff, ..] => UTF_16BE.decode_with_bom_removal(bytes).0,
        _ => {
            let checked = simdutf8::compat::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
            checked.map_or_else(
                |_| {
                    let (text, problem) = guessed(source);
                    problems.push(problem);
                    text.into()
                },
                Cow::Borrowed,
            )
        }
    };
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}

/// Decodes a file that is not UTF-8. A few wrong bytes between characters of UTF-8 are dropped; otherwise the file is in
/// a legacy encoding.
fn guessed(source: &Source<'_>) -> (String, Problem) {
    let mut text = String::from_utf8_lossy(source.bytes).into_owned();
    let (wrong, right) = text.chars().filter(|c| !c.is_ascii()).fold((0, 0), |(wrong, right), c| match c {
        '\u{fffd}' => (wrong + 1, right),
        _ => (wrong, right + 1),
    });
    let problem = |text: &str, first: &dyn Fn(char) -> bool, message: String| {
        let at = Position::at(text, text.find(first).unwrap_or_default());
        Problem::new(source.place.shared(), Code::Encoding, message).at(at).help("save the file as UTF-8")
    };
    let problem = if right >= 2 * wrong {
        problem(&text, &|c| c == '\u{fffd}', "the file is not UTF-8 here".to_owned())
    } else {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(source.bytes, true);
        let encoding = detector.guess(None, Utf8Detection::Deny);
        text = encoding.decode_without_bom_handling(source.bytes).0.into_owned();
        let message = format!("the file is not UTF-8; it is read as {}", encoding.name());
        problem(&text, &|c| !c.is_ascii(), message)
    };
    // Each byte may have become a character of three bytes.
    let most = usize::try_from(crate::article::MAX_BYTES).unwrap_or(usize::MAX);
    text.truncate(text.floor_char_boundary(most));
    (text, problem)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    use super::*;
    use crate::content_path::ContentPath;

    fn decoded(bytes: &[u8]) -> (String, Vec<String>) {
        let mut problems = Vec::new();
        let place = ContentPath::new("a.md");
        let text = decode(&Source { place: &place, bytes, modified: None }, &mut problems).into_owned();
        (text, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn files_in_legacy_encodings_keep_their_letters() {
        let cases: [(&'static Encoding, &str); 6] = [
            (GB18030, "---\ntitle: 街道整治\n---\n财源街道加大整治力度，改善居住环境。\n"),
            (BIG5, "---\ntitle: 臺灣新聞\n---\n這是一篇關於臺灣的文章，內容很長，請慢慢閱讀。\n"),
            (SHIFT_JIS, "---\ntitle: 日本の記事\n---\nこれは日本語の記事です。ゆっくり読んでください。\n"),
            (EUC_KR, "---\ntitle: 한국어 기사\n---\n이것은 한국어로 쓴 기사입니다. 천천히 읽어 주세요.\n"),
            (WINDOWS_1251, "---\ntitle: Новости\n---\nЭто статья на русском языке, и она довольно длинная.\n"),
            (WINDOWS_1252, "---\ntitle: Café\n---\nDer Käse über den Dächern, naïve garçons.\n"),
        ];
        for (encoding, text) in cases {
            let (shown, problems) = decoded(&encoding.encode(text).0);
            assert_eq!(shown, text, "{}", encoding.name());
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].starts_with("a.md:2:"), "{problems:?}");
        }
        let (_, problems) = decoded(b"caf\xe9");
        assert_eq!(problems, ["a.md:1:4: the file is not UTF-8; it is read as windows-1252"]);
    }

    #[test]
    fn a_wrong_byte_does_not_change_the_encoding_of_a_file() {
        let (text, problems) = decoded(b"\xe6\x97\xa5\xe6\x9c\xac \xff\n");
        assert_eq!(text, "日本 \u{fffd}\n");
        assert_eq!(problems, ["a.md:1:4: the file is not UTF-8 here"]);
    }
}
