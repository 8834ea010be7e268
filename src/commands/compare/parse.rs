//! Parses the feeds of other programs: RSS 0.9 to 2.0, Atom and JSON Feed, as tolerantly as feed readers do.
//!
//! The crates `rss` and `atom_syndication` reject a whole feed for one wrong date or end tag.

use chrono::{DateTime, Utc};
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use serde_json::Value;

use crate::feed::Format;
use crate::syntax::date;
use crate::text::plain;

#[derive(Debug, Clone)]
pub(in crate::commands) struct ParsedFeed {
    pub(in crate::commands) format: Format,
    /// Values of the feed itself, by the names that the report uses.
    pub(in crate::commands) fields: Vec<(&'static str, String)>,
    pub(in crate::commands) entries: Vec<ParsedEntry>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::commands) struct ParsedEntry {
    /// What readers recognise the entry by: its id, else its link, else title and date.
    pub(in crate::commands) id: String,
    pub(in crate::commands) link: String,
    pub(in crate::commands) title: String,
    pub(in crate::commands) date: Option<DateTime<Utc>>,
    pub(in crate::commands) content: String,
}

impl ParsedEntry {
    fn new(id: &str, link: &str, title: &str, date: &str, content: &str) -> Self {
        let (link, title) = (link.trim().to_owned(), collapsed(&plain(title)));
        let id = match (id.trim(), link.as_str()) {
            ("", "") => collapsed(&format!("{title} {date}")),
            ("", link) => link.to_owned(),
            (id, _) => id.to_owned(),
        };
        let date = date::parse(date.trim(), &date::Zones::default(), date::Order::Unclear).ok();
        // No format is required to have fractions of a second.
        let date = date.and_then(|date| DateTime::from_timestamp(date.instant.timestamp(), 0));
        Self { id, link, title, date, content: collapsed(content) }
    }
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Parses a feed of any format, in any charset. The error says what else it is.
pub(in crate::commands) fn feed(bytes: &[u8]) -> Result<ParsedFeed, String> {
    let text = decoded(bytes);
    let text = text.trim_start();
    if text.starts_with('{') {
        let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        return Ok(of_json(&value));
    }
    let root = tree(text)?;
    match &*root.name {
        "rss" | "rdf:RDF" => Ok(of_rss(&root)),
        "feed" => Ok(of_atom(&root)),
        "" => Err("it contains no elements".to_owned()),
        name if name.eq_ignore_ascii_case("html") => Err("it is an HTML page".to_owned()),
        name => Err(format!("its root element is <{name}>")),
    }
}

/// The text, by the byte order mark, else by the charset that its XML declaration names, else UTF-8.
fn decoded(bytes: &[u8]) -> String {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declared = start.split_once("encoding=").map(|(_, rest)| rest.trim_start_matches(['"', '\'']));
    let label = declared.and_then(|rest| rest.split(['"', '\'']).next()).unwrap_or("utf-8");
    let charset = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    charset.decode(bytes).0.into_owned()
}

#[derive(Debug, Default)]
struct XmlElement {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<XmlElement>,
    /// The text, with the markup of elements inside text, for example of XHTML.
    text: String,
}

impl XmlElement {
    fn child(&self, name: &str) -> Option<&XmlElement> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child among these names.
    fn text_of(&self, names: &[&str]) -> &str {
        names.iter().find_map(|name| self.child(name)).map_or("", |child| &child.text)
    }

    fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The target of the first link with a relation.
    fn link(&self, name: &str, relation: &str) -> &str {
        let mut links = self.children.iter().filter(|child| child.name == name);
        let matches = |link: &&XmlElement| match link.attribute("rel") {
            "" => relation == "alternate",
            rel => rel == relation,
        };
        links.find(matches).map_or("", |link| link.attribute("href"))
    }
}

/// Parses XML. End tags that match nothing are skipped, and elements without an end end with their parent.
fn tree(text: &str) -> Result<XmlElement, String> {
    const CONTAINERS: [&str; 7] = ["", "rss", "rdf:RDF", "channel", "item", "feed", "entry"];
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
    let mut open = vec![XmlElement::default()];
    let close = |open: &mut Vec<XmlElement>| {
        if let (Some(child), Some(parent)) = (open.pop(), open.last_mut()) {
            if !CONTAINERS.contains(&&*parent.name) {
                for part in ["<", &child.name, ">", &child.text, "</", &child.name, ">"] {
                    parent.text.push_str(part);
                }
            }
            parent.children.push(child);
        }
    };
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let mut attributes = start.attributes();
                let attributes = attributes.with_checks(false).flatten().map(|attribute| {
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                    (attribute.key.as_ref().to_owned(), value.unwrap_or(attribute.value.clone()).into_owned())
                });
                let attributes = attributes.collect();
                open.push(XmlElement { name: start.name().as_ref().to_owned(), attributes, ..XmlElement::default() });
            }
            Ok(Event::End(end)) => {
                let opened = open.iter().rposition(|element| element.name == end.name().as_ref());
                while opened.is_some_and(|at| at > 0 && open.len() > at) {
                    close(&mut open);
                }
            }
            Ok(Event::Text(text)) => push(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
            Ok(Event::CData(text)) => push(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.xml_content(XmlVersion::Implicit1_0);
                match (reference.resolve_char_ref(), quick_xml::escape::resolve_predefined_entity(&name)) {
                    (Ok(Some(character)), _) => push(&mut open, character.encode_utf8(&mut [0; 4])),
                    (_, Some(character)) => push(&mut open, character),
                    _ => push(&mut open, &format!("&{name};")),
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => return Err(format!("{error} at byte {}", reader.error_position())),
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    Ok(open.remove(0).children.into_iter().next().unwrap_or_default())
}

fn push(open: &mut [XmlElement], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn of_rss(root: &XmlElement) -> ParsedFeed {
    let empty = XmlElement::default();
    let channel = root.child("channel").unwrap_or(&empty);
    // RSS 1.0 has its items beside the channel.
    let items = channel.children.iter().chain(&root.children).filter(|child| child.name == "item");
    let entries = items.map(|item| {
        let guid = item.child("guid");
        let is_permalink = guid.is_some_and(|guid| guid.attribute("isPermaLink") != "false");
        let guid = guid.map_or(item.attribute("rdf:about"), |guid| &guid.text);
        let link = match item.text_of(&["link"]).trim() {
            "" if is_permalink => guid,
            "" => item.link("atom:link", "alternate"),
            link => link,
        };
        let content = item.text_of(&["content:encoded", "description"]);
        let date = item.text_of(&["pubDate", "dc:date", "published", "atom:updated"]);
        ParsedEntry::new(guid, link, item.text_of(&["title", "dc:title"]), date, content)
    });
    let fields = [
        ("title", channel.text_of(&["title"])),
        ("description", channel.text_of(&["description"])),
        ("link", channel.text_of(&["link"])),
        ("self", channel.link("atom:link", "self")),
        ("language", channel.text_of(&["language", "dc:language"])),
        ("copyright", channel.text_of(&["copyright", "dc:rights"])),
        ("image", channel.child("image").map_or("", |image| image.text_of(&["url"]))),
    ];
    ParsedFeed { format: Format::Rss, fields: present(fields), entries: entries.collect() }
}

fn of_atom(root: &XmlElement) -> ParsedFeed {
    let entries = root.children.iter().filter(|child| child.name == "entry").map(|entry| {
        let content = entry.text_of(&["content", "summary"]);
        let date = entry.text_of(&["published", "issued", "updated", "modified"]);
        ParsedEntry::new(
            entry.text_of(&["id"]),
            entry.link("link", "alternate"),
            entry.text_of(&["title"]),
            date,
            content,
        )
    });
    let fields = [
        ("id", root.text_of(&["id"])),
        ("title", root.text_of(&["title"])),
        ("description", root.text_of(&["subtitle", "tagline"])),
        ("link", root.link("link", "alternate")),
        ("self", root.link("link", "self")),
        ("language", root.attribute("xml:lang")),
        ("copyright", root.text_of(&["rights", "copyright"])),
        ("image", root.text_of(&["logo", "icon"])),
    ];
    ParsedFeed { format: Format::Atom, fields: present(fields), entries: entries.collect() }
}

fn of_json(feed: &Value) -> ParsedFeed {
    let text = |value: &Value, names: &[&str]| {
        let found = names.iter().map(|name| &value[*name]).find(|value| !value.is_null());
        found.map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let items = feed["items"].as_array().into_iter().flatten().map(|item| {
        let content = text(item, &["content_html", "content_text", "summary"]);
        let [id, link, title] = ["id", "url", "title"].map(|name| text(item, &[name]));
        ParsedEntry::new(&id, &link, &title, &text(item, &["date_published", "date_modified"]), &content)
    });
    let field = |name| text(feed, &[name]);
    let fields = [
        ("title", field("title")),
        ("description", field("description")),
        ("link", field("home_page_url")),
        ("self", field("feed_url")),
        ("language", field("language")),
        ("image", field("icon")),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    ParsedFeed { format: Format::Json, fields: present(fields), entries: items.collect() }
}

fn present<const N: usize>(fields: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    fields.into_iter().map(|(name, value)| (name, collapsed(value))).filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<(String, String, Option<i64>)> {
        let feed = feed(text.as_bytes()).unwrap();
        feed.entries.into_iter().map(|entry| (entry.id, entry.title, entry.date.map(|date| date.timestamp()))).collect()
    }

    #[test]
    fn an_entry_without_an_id_is_known_by_its_link_else_by_title_and_date() {
        let items = [
            "<guid> a </guid><link>l</link><title>A &amp;amp; <b>B</b></title><pubDate>Thu, 01 Jan 1970 00:00:09 GMT</pubDate>",
            "<link>l</link><title><![CDATA[x]]></title><dc:date>1970-01-01T00:00:09.5Z</dc:date>",
            "<title>x  &nbsp;y</title><pubDate>soon</pubDate>",
        ];
        let rss = format!("<rss><channel><item>{}</item></channel></rss>", items.join("</item><item>"));
        let expected = [("a", "A & B", Some(9)), ("l", "x", Some(9)), ("x y soon", "x y", None)];
        assert_eq!(entries(&rss), expected.map(|(id, title, date)| (id.to_owned(), title.to_owned(), date)));
        let json = r#"{"items": [{"id": 7, "url": "l"}, {"url": "m", "date_modified": "1970-01-01T00:00:09Z"}]}"#;
        assert_eq!(entries(json), [("7", None), ("m", Some(9))].map(|(id, date)| (id.to_owned(), String::new(), date)));
    }

    #[test]
    fn rss_1_and_atom_0_3_are_feeds_too() {
        let rdf = "<rdf:RDF><channel><title>T</title></channel><item rdf:about='a'><link>l</link></item></rdf:RDF>";
        assert_eq!(entries(rdf), [("a".to_owned(), String::new(), None)]);
        let atom = "<feed><tagline>D</tagline><entry><id>i</id><issued>1970-01-01T00:00:09Z</issued></entry></feed>";
        assert_eq!(entries(atom), [("i".to_owned(), String::new(), Some(9))]);
        assert_eq!(feed(atom.as_bytes()).unwrap().fields, [("description", "D".to_owned())]);
    }

    #[test]
    fn broken_feeds_in_old_charsets_are_read_as_far_as_possible() {
        let title = |bytes: &[u8]| feed(bytes).unwrap().fields[0].1.clone();
        assert_eq!(title(b"\xef\xbb\xbf\n<?xml version='1.0'?><rss><channel><title>\xc3\xa9"), "é");
        assert_eq!(title(b"<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><title>\xe9</b></title></p>"), "é");
        let wide: Vec<u8> = "\u{feff}<rss><channel><title>é & x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(title(&wide), "é & x");
        let xhtml = "<feed><entry><link rel='self' href='s'/><link href='l'/><content type='xhtml'><div>a <p>b</p></div></content></entry></feed>";
        let entry = &feed(xhtml.as_bytes()).unwrap().entries[0];
        assert_eq!((&*entry.link, &*entry.content), ("l", "<div>a <p>b</p></div>"));
        for (text, reason) in [
            ("<!doctype html><HTML>", "it is an HTML page"),
            ("", "it contains no elements"),
            ("<opml/>", "its root element is <opml>"),
        ] {
            assert_eq!(feed(text.as_bytes()).unwrap_err(), reason);
        }
    }
}
