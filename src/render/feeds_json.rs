//! Renders the catalogue as JSON for programs (`feeds.json`).
//!
//! The keys are a public contract: all of them are always present, and a value that is unknown is `null`.

use serde::Serialize;

use super::instant;
use crate::feed::{Address, Catalogue, Format, Language, Listing, Text};

#[derive(Serialize)]
struct CatalogueJson<'a> {
    version: u32,
    site: SiteJson<'a>,
    feeds: Vec<CatalogueEntryJson<'a>>,
}

#[derive(Serialize)]
struct SiteJson<'a> {
    title: &'a str,
    home: &'a str,
}

#[derive(Serialize)]
struct CatalogueEntryJson<'a> {
    kind: &'static str,
    /// Only for a term of a further taxonomy.
    #[serde(skip_serializing_if = "Option::is_none")]
    taxonomy: Option<&'a str>,
    path: Vec<&'a str>,
    /// Only on sites with several languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    title: &'a str,
    page: &'a str,
    rss: Option<String>,
    atom: Option<String>,
    json: Option<String>,
    count: usize,
    updated: Option<String>,
}

/// Returns the bytes of `feeds.json`.
pub(crate) fn render(catalogue: &Catalogue) -> Vec<u8> {
    let several = catalogue.listings.iter().any(|listing| listing.key.language.is_some());
    let document = CatalogueJson {
        version: 1,
        site: SiteJson { title: catalogue.masthead.title.as_str(), home: catalogue.masthead.home.as_str() },
        feeds: catalogue.listings.iter().map(|listing| feed(listing, several.then_some(&listing.language))).collect(),
    };
    // Strings and numbers under fixed keys cannot fail to serialize.
    serde_json::to_vec(&document).expect("writing to memory")
}

fn feed<'a>(listing: &'a Listing, language: Option<&'a Language>) -> CatalogueEntryJson<'a> {
    let document = |format: Format| {
        let is_offered = listing.addresses.formats.contains(&format);
        is_offered.then(|| Address::as_str(&listing.addresses.document(format)).to_owned())
    };
    CatalogueEntryJson {
        kind: listing.key.kind().as_str(),
        taxonomy: listing.taxonomy.as_ref().map(Text::as_str),
        path: listing.names.iter().map(Text::as_str).collect(),
        language: language.map(Language::as_str),
        title: listing.title.as_str(),
        page: listing.addresses.page.as_str(),
        rss: document(Format::Rss),
        atom: document(Format::Atom),
        json: document(Format::Json),
        count: listing.count,
        updated: listing.updated.map(instant::rfc3339),
    }
}

#[cfg(test)]
mod tests {
    use super::super::opml::tests::catalogue;
    use super::*;

    #[test]
    fn every_key_is_always_present() {
        let json: serde_json::Value = serde_json::from_slice(&render(&catalogue())).unwrap();
        assert_eq!(json["version"], 1);
        assert_eq!(json["site"]["home"], "https://news.example.org/");
        let feeds = json["feeds"].as_array().unwrap();
        let keys = ["kind", "path", "title", "page", "rss", "atom", "json", "count", "updated"];
        for feed in feeds {
            assert_eq!(feed.as_object().unwrap().keys().collect::<Vec<_>>(), keys);
        }
        assert_eq!(feeds[0]["path"], serde_json::json!([]));
        assert_eq!(feeds[0]["json"], "https://feeds.example.org/feed.json");
        assert_eq!(feeds[0]["updated"], "2021-08-04T14:56:46Z");
        let tag = feeds.last().unwrap();
        assert_eq!((tag["kind"].as_str(), tag["path"][0].as_str()), (Some("tag"), Some("<T> & \"C++\"")));
        assert_eq!(
            (&tag["rss"], &tag["json"], &tag["updated"]),
            (&serde_json::Value::Null, &serde_json::Value::Null, &serde_json::Value::Null)
        );
        assert_eq!(tag["atom"], "https://feeds.example.org/tag/atom.xml");
    }
}
