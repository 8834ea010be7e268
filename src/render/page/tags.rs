//! A strict HTML parser for the tests of pages. It accepts only the subset of HTML that the templates
//! write.

use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct PageTag {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
}

impl PageTag {
    pub(crate) fn get(&self, attribute: &str) -> Option<String> {
        self.attributes.get(attribute).cloned()
    }
}

/// Returns the start tags of a page. Panics if the page is not well formed.
pub(crate) fn parse(page: &str) -> Vec<PageTag> {
    const VOID: [&str; 6] = ["meta", "link", "img", "input", "br", "wbr"];
    let (mut tags, mut open, mut rest) = (Vec::new(), Vec::new(), page);
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a stray > in {text}");
        let name_length = after.find([' ', '>']).unwrap();
        let name = &after[..name_length];
        rest = &after[name_length..];
        let mut attributes = BTreeMap::new();
        while !rest.starts_with('>') {
            rest = rest.strip_prefix(' ').unwrap_or_else(|| panic!("attributes of {name} run together: {rest:.60}"));
            let key_length = rest.find(['=', ' ', '>']).unwrap();
            let key = &rest[..key_length];
            rest = &rest[key_length..];
            let mut value = "";
            if let Some(quoted) = rest.strip_prefix("=\"") {
                (value, rest) = quoted.split_once('"').unwrap();
            }
            let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            assert!(attributes.insert(key.to_owned(), value).is_none(), "{name} has {key} twice");
        }
        rest = &rest[1..];
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "wrong end tag");
        } else if !name.starts_with('!') {
            if !VOID.contains(&name) {
                open.push(name);
            }
            tags.push(PageTag { name: name.to_owned(), attributes });
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    tags
}
