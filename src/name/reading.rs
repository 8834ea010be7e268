//! Romanises names for slugs: Chinese by words (重庆 is `chong qing`, not `zhong qing`), kana by Hepburn, everything
//! else by deunicode. `docs/decisions/dependencies.md#hashes-dates-slugs` says where the tables come from.
//!
//! Kanji are read as Chinese, even beside kana: there is no small table of their Japanese readings.

/// Lines `WORD SYLLABLE…`, sorted: words that are not read like their characters, and characters that deunicode reads
/// wrongly. A traditional character has the simplified one by which words are found.
const READINGS: &str = include_str!("readings.txt");

/// Likewise, at the beginning of a person's name. The longer lines are no surnames.
const SURNAMES: &str = include_str!("surnames.txt");

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameOf {
    Topic,
    /// A Chinese personal name begins with a surname, which has a reading of its own: 曾 is `zeng`.
    Author,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Kana,
    Other,
}

/// Returns a name in ASCII letters, with any other characters between its words.
pub(super) fn romanize(name: &str, of: NameOf) -> String {
    let mut text = String::with_capacity(name.len() * 2);
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let script = script(first);
        let end = rest.find(|c| self::script(c) != script).unwrap_or(rest.len());
        let run = &rest[..end];
        match script {
            Script::Han if of == NameOf::Author && end == name.len() => text.push_str(&person(run).join(" ")),
            Script::Han => text.push_str(&syllables(run).join(" ")),
            Script::Kana => text.push_str(&hepburn(run)),
            Script::Other => text.push_str(&deunicode::deunicode_with_tofu(run, "-")),
        }
        text.push(' ');
        rest = &rest[end..];
    }
    text
}

fn script(c: char) -> Script {
    match c {
        _ if is_han(c) => Script::Han,
        'ー' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' => Script::Kana,
        _ => Script::Other,
    }
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '々' | '〇' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns the reading of each Chinese character; empty if it is unknown.
pub(super) fn syllables(han: &str) -> Vec<&'static str> {
    let folded = fold(han);
    let mut found: Vec<&str> = Vec::new();
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        let (length, reading) = longest(READINGS, rest).unwrap_or_else(|| {
            let known = deunicode::deunicode_char(first).unwrap_or_default();
            (first.len_utf8(), if first == '々' { found.last().copied().unwrap_or_default() } else { known.trim() })
        });
        if length == first.len_utf8() {
            found.push(reading);
        } else {
            found.extend(reading.split(' '));
        }
        rest = &rest[length..];
    }
    found
}

/// Like [`syllables`], of a personal name. Names of four characters have a surname of two.
fn person(han: &str) -> Vec<&'static str> {
    let folded = fold(han);
    match (folded.chars().count(), longest(SURNAMES, &folded)) {
        (count @ 2..=4, Some((length, surname))) if count < 4 || surname.contains(' ') => {
            surname.split(' ').chain(syllables(&folded[length..])).collect()
        }
        _ => syllables(&folded),
    }
}

/// Replaces traditional characters by the simplified ones that words are written in.
fn fold(han: &str) -> String {
    let simplified = |c: char| {
        let (_, reading) = longest(READINGS, c.encode_utf8(&mut [0; 4]))?;
        reading.chars().next().filter(|first| !first.is_ascii())
    };
    han.chars().map(|c| simplified(c).unwrap_or(c)).collect()
}

/// Returns the length in bytes of the longest word of a table with which a text begins, and its reading.
fn longest<'t>(table: &'t str, text: &str) -> Option<(usize, &'t str)> {
    let mut found = None;
    for (start, c) in text.char_indices() {
        let word = &text[..start + c.len_utf8()];
        let Some(rest) = line_from(table, word).strip_prefix(word) else {
            break;
        };
        if let Some(reading) = rest.strip_prefix(' ') {
            found = Some((word.len(), reading));
        }
    }
    found
}

/// Returns the first line of a sorted text that is not less than `word`.
fn line_from<'t>(text: &'t str, word: &str) -> &'t str {
    let line_at = |at: usize| {
        let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
        let length = memchr::memchr(b'\n', &text.as_bytes()[start..]).unwrap_or(text.len() - start);
        (start, &text[start..start + length])
    };
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let (start, line) = line_at(usize::midpoint(low, high));
        if line < word { low = start + line.len() + 1 } else { high = start }
    }
    line_at(low.min(text.len())).1
}

/// Returns kana as they sound. The mark of a long vowel is left out, as on signs and in passports.
fn hepburn(kana: &str) -> String {
    let mut text = String::with_capacity(kana.len());
    let mut is_doubled = false;
    for c in kana.chars() {
        let sound = match deunicode::deunicode_char(c).unwrap_or_default() {
            "si" => "shi",
            "ti" => "chi",
            "tu" => "tsu",
            "hu" => "fu",
            "zi" | "di" => "ji",
            "du" => "zu",
            other => other,
        };
        match c {
            'っ' | 'ッ' => is_doubled = true,
            'ゃ' | 'ゅ' | 'ょ' | 'ャ' | 'ュ' | 'ョ' | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'ァ' | 'ィ' | 'ゥ' | 'ェ'
            | 'ォ' => {
                let vowel = text.pop();
                match (text.chars().last(), vowel) {
                    // シャ is sha, ジュ ju, チョ cho.
                    (Some('h' | 'j'), _) => text.push_str(sound.trim_start_matches('y')),
                    // ウィ is wi, クォ kwo, イェ ye.
                    (None | Some('a' | 'e' | 'i' | 'o' | 'u' | 'k' | 'g'), Some('u')) if !sound.starts_with('y') => {
                        text.push('w');
                        text.push_str(sound);
                    }
                    (None | Some('a' | 'e' | 'i' | 'o' | 'u'), Some('i')) if !sound.starts_with('y') => {
                        text.push('y');
                        text.push_str(sound);
                    }
                    _ => text.push_str(sound),
                }
            }
            _ => {
                if std::mem::take(&mut is_doubled) {
                    let first = if sound.starts_with("ch") { "t" } else { sound.get(..1).unwrap_or_default() };
                    text.push_str(first.trim_start_matches(['a', 'e', 'i', 'o', 'u']));
                }
                text.push_str(sound);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> String {
        super::super::slug(name).unwrap()
    }

    #[test]
    fn chinese_is_read_by_words() {
        let wrong = include_str!("reading/words.txt").lines().filter_map(|line| {
            let (word, expected) = line.split_once(' ').unwrap();
            (read(word) != expected).then(|| format!("{word}: {} instead of {expected}", read(word)))
        });
        assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn tables_are_sorted() {
        for table in [READINGS, SURNAMES] {
            assert!(table.lines().is_sorted() && table.ends_with('\n'));
            for line in table.lines() {
                assert_eq!(line_from(table, line), line);
                assert_eq!(line_from(table, line.split(' ').next().unwrap()), line);
            }
        }
        assert_eq!(line_from(SURNAMES, "龘"), "");
    }

    #[test]
    fn each_character_of_a_word_has_a_syllable() {
        for line in READINGS.lines().skip(1).chain(SURNAMES.lines()) {
            let (word, reading) = line.split_once(' ').unwrap();
            assert_eq!(word.chars().count(), reading.split(' ').count(), "{line}");
            let simplified = word.chars().count() == 1 && fold(word) == reading;
            assert!(simplified || reading.bytes().all(|b| b.is_ascii_lowercase() || b == b' '), "{line}");
            assert_eq!(fold(word) != word, simplified, "{line}");
            assert_eq!(fold(&fold(word)), fold(word), "{line}");
        }
    }

    #[test]
    fn chinese_beside_other_scripts_is_separated() {
        for (name, expected) in [
            ("C语言", "c-yu-yan"),
            ("AI行业", "ai-hang-ye"),
            ("Java重构2020", "java-chong-gou-2020"),
            ("音乐·银行", "yin-yue-yin-hang"),
            ("人人、人人", "ren-ren-ren-ren"),
            ("佐々木", "zuo-zuo-mu"),
        ] {
            assert_eq!(read(name), expected, "{name}");
        }
    }

    #[test]
    fn a_surname_has_its_own_reading_in_authors_only() {
        for (name, author, topic) in [
            ("曾国藩", "zeng-guo-fan", "zeng-guo-fan"),
            ("曾小明", "zeng-xiao-ming", "ceng-xiao-ming"),
            ("單大為", "shan-da-wei", "dan-da-wei"),
            ("沈从文", "shen-cong-wen", "shen-cong-wen"),
            ("区重阳", "ou-chong-yang", "qu-chong-yang"),
            ("尉迟重阳", "yu-chi-chong-yang", "yu-chi-chong-yang"),
            ("盖茨", "gai-ci", "gai-ci"),
            ("区块链", "qu-kuai-lian", "qu-kuai-lian"),
            ("单向街道", "dan-xiang-jie-dao", "dan-xiang-jie-dao"),
            ("查良镛", "zha-liang-yong", "cha-liang-yong"),
            ("曾小明 Zeng", "ceng-xiao-ming-zeng", "ceng-xiao-ming-zeng"),
        ] {
            assert_eq!(super::super::author_slug(name).as_deref(), Some(author), "{name}");
            assert_eq!(read(name), topic, "{name}");
        }
    }

    #[test]
    fn kana_is_read_by_hepburn() {
        for (name, expected) in [
            ("しんぶん", "shinbun"),
            ("きょうと", "kyouto"),
            ("がっこう", "gakkou"),
            ("マッチ", "matchi"),
            ("サーバー", "saba"),
            ("カテゴリ", "kategori"),
            ("ｶﾞｲﾄﾞ", "gaido"),
            ("シェル", "sheru"),
            ("ジャヴァ", "java"),
            ("ファイル", "fairu"),
            ("ウィキ", "wiki"),
            ("クォーク", "kwoku"),
            ("ティーチュートリアル", "tichutoriaru"),
            ("つづく", "tsuzuku"),
            ("イェール", "yeru"),
            ("東京タワー", "dong-jing-tawa"),
            ("日本の旅", "ri-ben-no-lv"),
            ("スター・ウォーズ", "suta-wozu"),
        ] {
            assert_eq!(read(name), expected, "{name}");
        }
    }
}
