//! Builds the style sheet with the site's accent colour.
//!
//! The colour is darkened or lightened until text in this colour has enough contrast to be readable (WCAG
//! 2.2, 1.4.3).

use cssparser::color::parse_hash_color;

use super::words::explain_feeds;
use super::{FEED_CSS, PAGE_CSS};
use crate::text::push;

type Colour = [u8; 3];

/// The default accent colour.
const ACCENT: Colour = [0x0a, 0x7d, 0x5a];

/// The darkest background of the light theme, `--card` in the style sheet.
const LIGHT: Colour = [0xf3, 0xf4, 0xf1];

/// The lightest background of the dark theme, `--card` in the style sheet.
const DARK: Colour = [0x1f, 0x22, 0x24];

/// Returns `feed.css`, the style sheet of pages and feeds, in the accent colour `#rrggbb` or `#rgb`. Any
/// other text means the default colour. A colour that is not legible in the light or dark theme is replaced
/// by the nearest one that is.
pub(crate) fn style_sheet(accent: Option<&str>) -> String {
    let accent = accent.and_then(parse).unwrap_or(ACCENT);
    let mut sheet = String::with_capacity(PAGE_CSS.len() + FEED_CSS.len() + 64);
    push!(
        sheet,
        ":root{{--accent:{};--accent-dark:{}}}\n",
        hex(legible(accent, LIGHT, 0)),
        hex(legible(accent, DARK, 255))
    );
    sheet.push_str(PAGE_CSS);
    sheet.push_str(FEED_CSS);
    sheet.push_str(&explain_feeds());
    sheet
}

fn parse(text: &str) -> Option<Colour> {
    let digits = text.trim().strip_prefix('#')?;
    // With four or eight digits, the colour would be transparent.
    let (red, green, blue, _) = matches!(digits.len(), 3 | 6).then(|| parse_hash_color(digits.as_bytes()).ok())??;
    Some([red, green, blue])
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Mixes `colour` with black or white, as `end` says, until it has enough contrast to `background` for text.
fn legible(colour: Colour, background: Colour, end: u8) -> Colour {
    const STEPS: u16 = 32;
    (0..=STEPS)
        .map(|step| {
            colour.map(|part| {
                let mixed = (u16::from(part) * (STEPS - step) + u16::from(end) * step) / STEPS;
                u8::try_from(mixed).unwrap_or(end)
            })
        })
        .find(|&mixed| contrast(mixed, background) >= 4.5)
        .unwrap_or([end; 3])
}

fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accent_is_legible_in_the_light_and_the_dark_theme() {
        for accent in ["#fff", "#000", "#ffff00", "#00f", "#0a7d5a", "#808080", "#e6162d"] {
            let accent = parse(accent).unwrap();
            assert!(contrast(legible(accent, LIGHT, 0), LIGHT) >= 4.5);
            assert!(contrast(legible(accent, DARK, 255), DARK) >= 4.5);
        }
        assert_eq!(legible(ACCENT, LIGHT, 0), ACCENT, "a legible colour must not change");
    }

    #[test]
    fn an_accent_cannot_inject_a_css_rule() {
        let plain = style_sheet(None);
        assert_eq!(style_sheet(Some("red}body{display:none")), plain);
        assert_eq!(style_sheet(Some("#12345")), plain);
        assert_eq!(style_sheet(Some("#+12345")), plain);
        assert!(style_sheet(Some("#036")).starts_with(":root{--accent:#003366;"));
    }

    /// Returns the values of a custom property in the light and the dark theme.
    fn values(property: &str) -> Vec<Colour> {
        let (screen, _) = PAGE_CSS.split_once("@media print").unwrap();
        let declared = format!("{property}:");
        screen.split(&declared).skip(1).map(|rest| parse(rest.split(';').next().unwrap()).unwrap()).collect()
    }

    #[test]
    fn text_colours_of_the_style_sheet_have_enough_contrast() {
        assert_eq!(values("--card"), [LIGHT, DARK]);
        for background in ["--page", "--card"] {
            for text in ["--ink", "--quiet"] {
                for (background, text) in values(background).into_iter().zip(values(text)) {
                    assert!(contrast(background, text) >= 4.5, "{} on {}", hex(text), hex(background));
                }
            }
        }
    }
}
