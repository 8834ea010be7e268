//! A small XML tree for the assertions of tests. Names keep their prefixes, because readers look for certain
//! prefixes.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

#[derive(Default)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// All descendants with this name, in document order.
    pub fn all(&self, name: &str) -> Vec<&Element> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.all(name));
        }
        found
    }

    /// The only descendant with this name.
    #[track_caller]
    pub fn one(&self, name: &str) -> &Element {
        let found = self.all(name);
        assert_eq!(found.len(), 1, "<{name}> below <{}>", self.name);
        found[0]
    }

    /// All children with this name.
    pub fn own(&self, name: &str) -> Vec<&Element> {
        self.children.iter().filter(|child| child.name == name).collect()
    }

    /// The only child with this name.
    #[track_caller]
    pub fn child(&self, name: &str) -> &Element {
        let found = self.own(name);
        assert_eq!(found.len(), 1, "<{name}> in <{}>", self.name);
        found[0]
    }

    #[track_caller]
    pub fn attribute(&self, name: &str) -> &str {
        match self.attributes.get(name) {
            Some(value) => value,
            None => panic!("<{}> has no {name} but {:?}", self.name, self.attributes),
        }
    }
}

/// Parses a document, and fails if it is not well formed.
#[track_caller]
pub fn parse_xml(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in\n{text}")) {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(element(&start)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => {
                open.last_mut().unwrap().text += &text.xml_content(XmlVersion::Implicit1_0);
            }
            Event::CData(data) => {
                open.last_mut().unwrap().text += &data.xml_content(XmlVersion::Implicit1_0);
            }
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref().unwrap() {
                    Some(character) => character.to_string(),
                    None => named(&reference.xml_content(XmlVersion::Implicit1_0)).to_owned(),
                };
                open.last_mut().unwrap().text += &text;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "an element is not closed in\n{text}");
    open.pop().unwrap()
}

#[track_caller]
fn named(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        other => panic!("XML does not define &{other};"),
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap();
        (attribute.key.as_ref().to_owned(), value.into_owned())
    });
    Element { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), ..Element::default() }
}
