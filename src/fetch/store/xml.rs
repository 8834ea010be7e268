//! Reads the XML in the answers of a store: listings and errors.

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

/// A page of a listing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ListPage {
    /// Keys and `ETag`s.
    pub(super) objects: Vec<(String, String)>,
    /// The token of the next page.
    pub(super) next: Option<String>,
}

/// Parses a page of a listing. `None` if the body is something else.
pub(super) fn listing(body: &[u8]) -> Option<ListPage> {
    let (mut page, mut key, mut etag) = (ListPage::default(), None, None);
    let mut is_truncated = false;
    let mut is_listing = false;
    elements(body, |name, text| match name {
        "Key" => key = Some(text.to_owned()),
        "ETag" => etag = Some(text.trim_matches('"').to_owned()),
        "Contents" => page.objects.extend(key.take().map(|key| (key, etag.take().unwrap_or_default()))),
        "IsTruncated" => is_truncated = text.trim() == "true",
        "NextContinuationToken" => page.next = Some(text.to_owned()),
        "ListBucketResult" => is_listing = true,
        _ => {}
    })?;
    if !is_truncated {
        page.next = None;
    } else if page.next.is_none() {
        return None;
    }
    is_listing.then_some(page)
}

/// Returns the text of the first element with this name.
pub(super) fn text(body: &[u8], wanted: &str) -> Option<String> {
    let mut found = None;
    elements(body, |name, text| {
        if name == wanted && found.is_none() {
            found = Some(text.to_owned());
        }
    });
    found
}

/// Calls `ended` with the name and the text of each element. `None` if it is not XML.
fn elements(body: &[u8], mut ended: impl FnMut(&str, &str)) -> Option<()> {
    let mut reader = Reader::from_str(str::from_utf8(body).ok()?);
    reader.config_mut().expand_empty_elements = true;
    let mut text = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) => text.clear(),
            Event::Text(part) => text.push_str(&part.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(part) => text.push_str(&part.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(reference) => {
                let name = reference.xml_content(XmlVersion::Implicit1_0);
                match (reference.resolve_char_ref().ok()?, quick_xml::escape::resolve_predefined_entity(&name)) {
                    (Some(character), _) => text.push(character),
                    (None, Some(character)) => text.push_str(character),
                    (None, None) => return None,
                }
            }
            Event::End(end) => {
                ended(end.local_name().as_ref(), &text);
                text.clear();
            }
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_has_keys_with_their_etags_and_the_token_of_the_next_page() {
        let body = r#"<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
            <IsTruncated>true</IsTruncated><Contents><Key>a &amp; b/&#x56fe;.png</Key><ETag>&quot;0a&quot;</ETag><Size>1</Size>
            <Owner><ID/></Owner></Contents><Contents><Key>c</Key><ETag>"0b"</ETag></Contents>
            <NextContinuationToken>t</NextContinuationToken></ListBucketResult>"#;
        let page = listing(body.as_bytes()).unwrap();
        assert_eq!(page.objects, [("a & b/图.png".into(), "0a".into()), ("c".into(), "0b".into())]);
        assert_eq!(page.next.as_deref(), Some("t"));
        assert_eq!(
            listing(b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"),
            Some(ListPage::default())
        );
    }

    #[test]
    fn what_is_no_listing_is_refused() {
        for wrong in ["", "<html></html>", "{}", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"]
        {
            assert_eq!(listing(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn the_code_of_an_error_is_found() {
        let body = b"<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>gone</Message></Error>";
        assert_eq!(text(body, "Code").as_deref(), Some("NoSuchKey"));
        assert_eq!(text(b"Service Unavailable", "Code"), None);
    }
}
