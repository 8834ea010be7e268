//! Licences of sites and articles.

use super::{Address, Text};

/// A licence as an author names it: a URL, a Creative Commons licence, or other words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct License {
    pub text: Text,
    /// The URL of its text; `None` for other words, which only pages show.
    url: Option<Address>,
}

impl License {
    /// Returns `None` for blank text.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_url = text.starts_with("https://") || text.starts_with("http://");
        let url = if is_url { Address::parse(text) } else { creative_commons(text) };
        Some(Self { text: Text::line(text), url }).filter(|license| !license.text.is_empty())
    }

    pub(crate) fn url(&self) -> Option<&Address> {
        self.url.as_ref()
    }
}

/// Returns the URL of a Creative Commons licence by its identifier of the SPDX list, such as `CC-BY-SA-4.0` or
/// `CC-BY-3.0-DE`. Spaces count as hyphens, because the licences themselves are called `CC BY-SA 4.0`.
fn creative_commons(text: &str) -> Option<Address> {
    const KINDS: [&str; 6] = ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"];
    let name = text.to_ascii_lowercase().replace(' ', "-");
    if name == "cc0-1.0" || name == "cc0" {
        return Address::parse("https://creativecommons.org/publicdomain/zero/1.0/");
    }
    let name = name.strip_prefix("cc-")?;
    let (kind, rest) = name.split_at(name.find(|c: char| c.is_ascii_digit())?);
    let kind = KINDS.into_iter().find(|known| kind.strip_suffix('-') == Some(known))?;
    let (version, port) = rest.split_once('-').unwrap_or((rest, ""));
    if !matches!(version, "1.0" | "2.0" | "2.1" | "2.5" | "3.0" | "4.0") {
        return None;
    }
    let is_port = (2..=3).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_lowercase());
    let port = match port {
        "" => String::new(),
        _ if is_port => format!("{port}/"),
        _ => return None,
    };
    Address::parse(&format!("https://creativecommons.org/licenses/{kind}/{version}/{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creative_commons_and_urls_lead_to_the_licence_and_other_words_do_not() {
        for (text, url) in [
            ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
            (" cc by-nc-sa 3.0 ", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
            ("CC-BY-SA-3.0-DE", "https://creativecommons.org/licenses/by-sa/3.0/de/"),
            ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            ("https://example.org/licence", "https://example.org/licence"),
            ("All rights reserved", ""),
            ("CC-BY-9.0", ""),
            ("CC-BY-4.0-<b>", ""),
            ("MIT", ""),
        ] {
            let license = License::new(text).unwrap();
            assert_eq!(license.url.as_ref().map_or("", Address::as_str), url, "{text}");
            assert_eq!(license.text.as_str(), text.trim());
        }
        assert_eq!(License::new("  "), None);
    }
}
