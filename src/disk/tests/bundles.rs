//! Hugo's leaf bundles, and what happens when their index is added or removed.

use super::*;

fn hugo(site: &mut TempSite) {
    let selection =
        Selection::new(crate::generator::hugo::HUGO, Globs::default(), &site.scan_config.content, &|_| false);
    site.scan_config.selection = Arc::new(selection);
}

#[test]
fn texts_beside_and_below_an_index_are_parts_of_its_article() {
    let mut site = TempSite::new();
    hugo(&mut site);
    for place in ["index.md", "a.md", "posts/_index.md", "posts/b.md", "posts/c/index.md", "posts/c/part.md"] {
        site.article(&format!("content/{place}"), place);
    }
    site.article("content/posts/c/deep/part.md", "part");
    site.article("content/posts/c/deep/er/index.fr.md", "another article");
    site.article("content/posts/d/index.fr.md", "d");
    site.article("content/posts/d/part.md", "part");
    assert_eq!(
        site.everything(),
        ["a.md", "index.md", "posts/b.md", "posts/c/deep/er/index.fr.md", "posts/c/index.md", "posts/d/index.fr.md"]
    );
    let mut plain = TempSite::new();
    plain.article("content/c/index.md", "c");
    plain.article("content/c/part.md", "part");
    assert_eq!(plain.everything(), ["c/index.md", "c/part.md"]);
}

#[test]
fn parts_become_articles_without_their_index_and_parts_again_with_it() {
    for by_hints in [false, true] {
        for index in ["index.md", "index.fr.md"] {
            let mut site = TempSite::new();
            hugo(&mut site);
            let index = &*format!("content/c/{index}");
            let reported = &index["content/".len()..];
            site.article(index, "c");
            site.article("content/c/part.md", "part");
            site.article("content/c/deep/part.md", "part");
            assert_eq!(site.everything(), [reported]);
            let check = |site: &mut TempSite, path: &str, expected: &[&str]| {
                assert_eq!(if by_hints { site.at_paths(&[path]) } else { site.everything() }, expected, "{path}");
                site.agrees();
            };
            site.article("content/c/deep/part.md", "edited");
            check(&mut site, "content/c/deep/part.md", &[]);
            fs::remove_file(site.path(index)).unwrap();
            check(&mut site, index, &["c/deep/part.md", &*format!("-{reported}"), "c/part.md"]);
            site.article(index, "c");
            check(&mut site, index, &["-c/deep/part.md", reported, "-c/part.md"]);
        }
    }
}
