//! Finds names that are given to more than one type, and types that only the glossary knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use syn::Item;

use crate::none;
use crate::tree::{root, sources};

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

/// The types in the third column of the tables of a glossary that are not declared.
fn unknown(glossary: &str, types: &BTreeSet<String>) -> Vec<String> {
    let columns = glossary.lines().filter_map(|line| line.strip_prefix('|')?.split('|').nth(2));
    let named = columns.flat_map(|column| column.split('`').skip(1).step_by(2));
    let types_named = named.map(|name| name.split("::").next().unwrap_or(name));
    let is_type = |name: &&str| name.starts_with(|first: char| first.is_uppercase());
    types_named
        .filter(is_type)
        .filter(|name| !types.contains(*name))
        .map(|name| format!("the glossary names `{name}`"))
        .collect()
}

#[test]
fn the_types_of_the_glossary_exist() {
    let types = BTreeSet::from(["Article".to_owned()]);
    let table = "| term | meaning | type | module |\n| a | b `c` | `Article`, `Article::new` | |\n| a | b | `Gone` | |";
    assert_eq!(unknown(table, &types), ["the glossary names `Gone`"]);
    let types = sources(&["src"], "rs").iter().flat_map(|(_, text)| declared(text)).collect();
    none(unknown(&fs::read_to_string(root().join("docs/glossary.md")).unwrap(), &types));
}
