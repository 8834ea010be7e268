//! Parses `srcset`, which lists one image in several sizes (HTML standard, section 4.8.4.3.10), and chooses
//! one of them for places that can show only one.
//!
//! References stay as written.

use std::fmt::{self, Display, Formatter};

/// One size of an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SourceCandidate<'a> {
    /// The reference, as written.
    pub src: &'a str,
    pub size: CandidateSize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum CandidateSize {
    /// Width in pixels: `600w`.
    Width(u32),
    /// Pixel density: `2x`; 1 by default.
    Density(f32),
}

impl CandidateSize {
    pub(crate) fn is_width(self) -> bool {
        matches!(self, Self::Width(_))
    }
}

impl Display for CandidateSize {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Width(width) => write!(formatter, "{width}w"),
            Self::Density(density) => write!(formatter, "{density}x"),
        }
    }
}

/// Approximate width in pixels of the column in which readers show images.
const COLUMN: u32 = 800;
/// Maximum number of candidates of one image.
const MOST: usize = 24;

/// Returns the candidates in the order of the text, without invalid ones.
pub(crate) fn candidates(srcset: &str) -> Vec<SourceCandidate<'_>> {
    let mut found = Vec::new();
    let mut rest = srcset;
    while found.len() < MOST {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        // A comma may be part of the URL.
        let (written, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let src = written.trim_end_matches(',');
        let (descriptor, after) = match after.split_once(',') {
            _ if src.len() < written.len() => ("", after),
            Some((descriptor, after)) => (descriptor, after),
            None => (after, ""),
        };
        found.extend(size(descriptor.trim()).map(|size| SourceCandidate { src, size }));
        rest = after;
    }
    found
}

fn size(descriptor: &str) -> Option<CandidateSize> {
    if descriptor.is_empty() {
        return Some(CandidateSize::Density(1.0));
    }
    if let Some(width) = descriptor.strip_suffix('w') {
        return width.parse().ok().filter(|width| *width > 0).map(CandidateSize::Width);
    }
    let density = descriptor.strip_suffix('x')?.parse().ok()?;
    (0.01..100.0).contains(&density).then_some(CandidateSize::Density(density))
}

/// Returns the candidate to show: the smallest that fills a column, otherwise the largest.
pub(crate) fn middle<'a>(candidates: &[SourceCandidate<'a>]) -> Option<&'a str> {
    let width = |candidate: &SourceCandidate| match candidate.size {
        CandidateSize::Width(width) => f64::from(width),
        // An image of density 1 is never too small.
        CandidateSize::Density(density) if density < 1.0 => f64::from(density),
        CandidateSize::Density(density) => f64::from(COLUMN) * f64::from(density),
    };
    let (enough, small): (Vec<_>, Vec<_>) = candidates.iter().partition(|one| width(one) >= f64::from(COLUMN));
    let smallest = enough.into_iter().min_by(|one, other| width(one).total_cmp(&width(other)));
    let largest = || small.into_iter().max_by(|one, other| width(one).total_cmp(&width(other)));
    smallest.or_else(largest).map(|one| one.src)
}

#[cfg(test)]
mod tests {
    use super::CandidateSize::{Density, Width};
    use super::*;

    #[test]
    fn candidates_are_parsed_as_browsers_do() {
        let one = |srcset| {
            let all = candidates(srcset);
            all.into_iter().map(|one| (one.src, one.size)).collect::<Vec<_>>()
        };
        assert_eq!(one("a.png 300w, b.png 600w"), [("a.png", Width(300)), ("b.png", Width(600))]);
        assert_eq!(one(" a.png 1x,b.png 1.5x "), [("a.png", Density(1.0)), ("b.png", Density(1.5))]);
        assert_eq!(one("a.png, b.png 2x"), [("a.png", Density(1.0)), ("b.png", Density(2.0))]);
        // The URLs of image services contain commas.
        assert_eq!(
            one("/w_300,c_fill/a 300w,/w_600/a 600w"),
            [("/w_300,c_fill/a", Width(300)), ("/w_600/a", Width(600))]
        );
        assert_eq!(one("a.png"), [("a.png", Density(1.0))]);
        for nothing in ["", " , ,", "a.png 300q", "a.png 0w", "a.png -1x", "a.png 1e9x", "a.png NaNx", "a.png 300w 2x"]
        {
            assert_eq!(one(nothing), [], "{nothing:?}");
        }
        assert_eq!(candidates(&"a 1x,".repeat(100_000)).len(), MOST);
    }

    #[test]
    fn the_size_that_fits_a_column_is_shown() {
        let table = [
            ("a 320w, b 640w, c 960w, d 1920w", "c"),
            ("d 1920w, c 960w, a 320w", "c"),
            ("a 300w, b 600w", "b"),
            ("b 2x, a 1x", "a"),
            ("a 0.5x, b 0.75x", "b"),
            ("b 2x, a", "a"),
        ];
        for (srcset, wanted) in table {
            assert_eq!(middle(&candidates(srcset)), Some(wanted), "{srcset}");
        }
        assert_eq!(middle(&[]), None);
    }
}
