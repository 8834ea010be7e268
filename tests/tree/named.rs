//! Collects the paths and macros that a Rust file uses, from its syntax tree.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use crate::tree::sources;
use crate::{in_files, none};

/// Every path that the code uses, with the groups of `use` expanded, and every macro. Code that is compiled
/// only for tests is skipped.
#[derive(Default)]
pub struct Named {
    pub paths: BTreeSet<String>,
    pub macros: BTreeSet<String>,
    /// Every identifier.
    pub identifiers: BTreeSet<String>,
    /// Every function with a parameter of type `bool`, except `visit_bool`, which is a method of serde.
    pub switched: BTreeSet<String>,
}

impl Named {
    pub fn of(source: &str) -> Self {
        let mut named = Self::default();
        named.visit_file(&syn::parse_file(source).unwrap());
        named
    }

    fn unfold(&mut self, before: &str, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.unfold(&format!("{before}{}::", path.ident), &path.tree),
            syn::UseTree::Name(name) => drop(self.paths.insert(format!("{before}{}", name.ident))),
            syn::UseTree::Rename(name) => drop(self.paths.insert(format!("{before}{}", name.ident))),
            syn::UseTree::Glob(_) => drop(self.paths.insert(format!("{before}*"))),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.unfold(before, item)),
        }
    }

    /// Collects the paths in the arguments of a macro, which syn does not parse.
    fn words(&mut self, tokens: &str) {
        for path in tokens.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            if path.contains("::") {
                self.paths.insert(path.trim_matches(':').to_owned());
            }
        }
    }
}

fn is_of_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return attribute.path().is_ident("test");
        };
        list.path.is_ident("cfg") && list.tokens.to_string() == "test"
    })
}

impl<'ast> Visit<'ast> for Named {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.identifiers.insert(ident.to_string());
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_of_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_of_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_of_tests(&item.attrs) {
            self.unfold("", &item.tree);
        }
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let is_bool = |ty: &syn::Type| matches!(ty, syn::Type::Path(path) if path.path.is_ident("bool"));
        let has_bool =
            signature.inputs.iter().any(|input| matches!(input, syn::FnArg::Typed(input) if is_bool(&input.ty)));
        if has_bool && signature.ident != "visit_bool" {
            self.switched.insert(signature.ident.to_string());
        }
        visit::visit_signature(self, signature);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.insert(parts.join("::"));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if let Some(name) = item.path.segments.last() {
            self.macros.insert(name.ident.to_string());
        }
        // Tokens are printed with spaces between them, string literals unchanged.
        let tokens = item.tokens.to_string().replace(" :: ", "::");
        self.words(&without_texts(&tokens));
        visit::visit_macro(self, item);
    }
}

/// Removes the string literals.
fn without_texts(tokens: &str) -> String {
    let mut kept = String::new();
    let (mut inside, mut escaped) = (false, false);
    for c in tokens.chars() {
        match c {
            '"' if !escaped => inside = !inside,
            _ if inside => {}
            c => kept.push(c),
        }
        escaped = inside && c == '\\' && !escaped;
    }
    kept
}

/// The calls of such a function do not show what `true` means.
#[test]
fn no_function_has_a_boolean_parameter() {
    let switched = |source: &str| Vec::from_iter(Named::of(source).switched);
    assert_eq!(switched("fn f(a: u8, b: bool) {} impl A { fn g(&self, a: bool) {} }"), ["f", "g"]);
    assert!(switched("fn f(a: &dyn Fn(u8) -> bool) -> bool { true } fn visit_bool(a: bool) {}").is_empty());
    none(in_files(&sources(&["src"], "rs"), |_, text| switched(text)));
}
