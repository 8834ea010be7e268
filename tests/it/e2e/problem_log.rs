//! What the log says about problems: at the start, and while the program watches.

use crate::driver::{Folder, article, article_with, png};

fn with_cover(name: &str) -> String {
    article_with("A", "2026-01-01", &format!("cover: {name}\n"))
}

#[test]
fn a_problem_at_the_start_is_logged_with_its_position() {
    let folder = Folder::new();
    folder.write("a.md", with_cover("/gone.png"));
    folder.define("mine.yaml", "title: Mine\nselect: {tags: [nothing]}\n");
    let server = folder.serve();
    server.logs(&["a.md:4:8: the lead image `/gone.png`"]);
    server.logs(&["feeds/mine.yaml:2:17: no published article has the tag `nothing`"]);
}

#[test]
fn many_problems_of_one_kind_at_the_start_are_grouped() {
    let folder = Folder::new();
    for number in 10..22 {
        folder.write(&format!("{number}.md"), with_cover(&format!("/{number}.png")));
    }
    let server = folder.serve();
    server.logs(&["9 more of this kind: 13.md:4:8, 14.md:4:8, 15.md:4:8, 16.md:4:8, 17.md:4:8 and 4 more"]);
    assert_eq!(server.log().matches("the lead image `").count(), 3, "{}", server.log());
    server.logs(&["12 problems"]);
}

#[test]
fn a_warning_that_arises_while_the_program_watches_is_logged_once() {
    let folder = Folder::new();
    folder.write("a.md", with_cover("b.png"));
    folder.write("b.png", png(500, 500));
    let server = folder.serve();
    folder.remove("b.png");
    server.logs(&["a.md:4:8: the lead image `b.png`"]);
    server.logs(&["edition 2: 1 media files, 1 new problem; 1 feed new, 1 article, 1 problem"]);
    folder.define("mine.yaml", "title: Mine\nselect: {tags: [nothing]}\n");
    server.logs(&["feeds/mine.yaml:2:17: no published article has the tag `nothing`"]);
    server.logs(&["edition 3: the configuration changed, 2 new problems; ", "3 problems"]);
    assert_eq!(server.log().matches("the lead image `b.png`").count(), 1, "{}", server.log());
}

#[test]
fn a_change_that_publishes_nothing_says_so() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    server.logs(&["edition 2: 1 skipped, 1 new problem; nothing published, 1 article, 1 problem"]);
    folder.define("site.yaml", "titel: Mine\n");
    server.logs(&["edition 2 stays: 1 new problem, nothing published, 2 problems in all"]);
    assert_eq!(server.admin("POST", "/reload").status, 202);
    server.logs(&["everything was read again: edition 2 stays, because nothing changed"]);
}
