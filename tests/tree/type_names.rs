//! Finds names that are given to more than one type.

use std::collections::BTreeMap;

use syn::Item;

use crate::none;
use crate::tree::sources;

/// The types that a file declares outside its functions and tests.
fn declared(source: &str) -> Vec<String> {
    let items = syn::parse_file(source).unwrap().items;
    let name = |item: Item| match item {
        Item::Enum(item) => Some(item.ident),
        Item::Struct(item) => Some(item.ident),
        Item::Trait(item) => Some(item.ident),
        Item::Type(item) => Some(item.ident),
        Item::Union(item) => Some(item.ident),
        _ => None,
    };
    items.into_iter().filter_map(name).map(|name| name.to_string()).collect()
}

fn shared(files: &[(String, String)]) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, text) in files {
        for name in declared(text) {
            places.entry(name).or_default().push(path);
        }
    }
    let shared = places.into_iter().filter(|(_, places)| places.len() > 1);
    shared.map(|(name, places)| format!("{name} is a type in {}", places.join(" and in "))).collect()
}

#[test]
fn a_name_means_one_type() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let one = file("a.rs", "struct Body; fn f() { struct Inner; } mod tests { struct Client; }");
    let two = file("b.rs", "pub enum Body { None } struct Inner; struct Client;");
    assert_eq!(shared(&[one, two]), ["Body is a type in a.rs and in b.rs"]);
    none(shared(&sources(&["src"], "rs")));
}
