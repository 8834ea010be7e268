//! Normalizes the characters of a date to ASCII, and provides a cursor over the result.
//!
//! It handles full-width forms, the Chinese units from year to second, and Unicode spaces.

use std::borrow::Cow;

/// Returns the text in ASCII, never longer than before. For example, `2023年1月2日 10时30分` gives `2023-1-2  10:30 `. A
/// character without an ASCII equivalent becomes `?`, so that it does not separate words.
pub(super) fn plain(text: &str) -> Cow<'_, [u8]> {
    if text.is_ascii() {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut letters = text.chars().map(narrow).peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '年' | '月' => {
                // Some authors put spaces around the units: `2023 年 1 月 2 日`.
                while out.last() == Some(&b' ') {
                    out.pop();
                }
                while letters.next_if_eq(&' ').is_some() {}
                // `2023年8月` ends with the month.
                out.push(if letters.peek().is_some_and(char::is_ascii_digit) { b'-' } else { b' ' });
            }
            '时' | '時' | '点' | '點' | '分' => {
                while letters.next_if_eq(&' ').is_some() {}
                let goes_on = letters.peek().is_some_and(char::is_ascii_digit);
                out.extend_from_slice(match letter {
                    _ if goes_on => b":",
                    '分' => b" ",
                    _ => b":00",
                });
            }
            '日' | '号' | '號' | '秒' => out.push(b' '),
            _ => out.push(u8::try_from(letter).ok().filter(u8::is_ascii).unwrap_or(b'?')),
        }
    }
    Cow::Owned(out)
}

fn narrow(letter: char) -> char {
    match letter {
        // The full-width block contains ASCII in the same order, 0xFEE0 higher.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{2212}' | '\u{2013}' => '-',
        '、' => ',',
        // Editors and browsers leave byte order and direction marks between the parts.
        '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => ' ',
        _ if letter.is_whitespace() => ' ',
        _ => letter,
    }
}

/// A run of digits. `value` saturates at the largest `u64`, `digits` counts all of them.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub value: u64,
    pub digits: usize,
}

impl Number {
    /// The value if it was written with one or two digits.
    pub(super) fn short(self) -> Option<u32> {
        (self.digits <= 2).then(|| u32::try_from(self.value).ok())?
    }
}

/// The rest of the text. Every step takes time linear in what it consumes.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Cursor { rest }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub(super) fn peek_second(&self) -> Option<u8> {
        self.rest.get(1).copied()
    }

    pub(super) fn at_digit(&self) -> bool {
        self.peek().is_some_and(|b| b.is_ascii_digit())
    }

    /// Consumes the longest run of bytes that satisfy the condition.
    pub(super) fn run(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|&b| !belongs(b)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    pub(super) fn blanks(&mut self) -> bool {
        !self.run(|b| b.is_ascii_whitespace()).is_empty()
    }

    pub(super) fn word(&mut self) -> &'a [u8] {
        self.run(|b| b.is_ascii_alphabetic())
    }

    /// Consumes one byte if it is in `set`.
    pub(super) fn one_of(&mut self, set: &[u8]) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        set.contains(first).then(|| {
            self.rest = rest;
            *first
        })
    }

    pub(super) fn number(&mut self) -> Option<Number> {
        let run = self.run(|b| b.is_ascii_digit());
        let value = run.iter().fold(0u64, |sum, b| sum.saturating_mul(10).saturating_add(u64::from(b - b'0')));
        (!run.is_empty()).then_some(Number { value, digits: run.len() })
    }

    /// Consumes the digits after a decimal mark and returns them as billionths; further digits are dropped.
    pub(super) fn billionths(&mut self) -> Option<u32> {
        let run = self.run(|b| b.is_ascii_digit());
        let nine = run.iter().chain(std::iter::repeat(&b'0')).take(9);
        let value = nine.fold(0, |sum, b| sum * 10 + u32::from(b - b'0'));
        (!run.is_empty()).then_some(value)
    }
}
