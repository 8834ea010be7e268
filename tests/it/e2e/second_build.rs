//! `feedmill build` into a directory that it wrote before: what did not change is kept, and nothing that changed is.

use std::fs;

use super::build::{files, tree};
use crate::driver::{Folder, article_with, png};

const BASE: &str = "https://feeds.example.org";

/// Numbers that look random and are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// A site in which articles refer to each other, to images, and share categories, days and ids.
fn related_site() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", &format!("base_url: {BASE}\ntitle: Example\ndialect: hexo\n"));
    folder.define("mine.yaml", "title: Mine\nselect: {categories: [c1]}\n");
    for number in 0..9 {
        write_related(&folder, number, number, number, number);
    }
    folder.write("posts/pic0.png", png(3, 3));
    folder
}

/// Writes an article that refers to others by name, by URL and by path, and to an image.
fn write_related(folder: &Folder, number: usize, text: usize, title: usize, topic: usize) {
    let (category, tag, day) = (topic % 3, topic % 2, number % 4 + 1);
    let more = format!(
        "categories: [c{category}]\ntags: [t{tag}]\nauthor: Author {category}\n{}",
        ["image: pic0.png\n", "", "image: https://img.example/a.png\n", "id: mine\n"][topic % 4]
    );
    let body = [
        "Plain text.".to_owned(),
        format!("{{% post_link p{} %}}", (number + 1) % 9),
        format!("![a picture](pic{}.png)", number % 2),
        format!("[page](/articles/posts/p{}/), [file](p{}.md)", (number + 2) % 9, (number + 3) % 9),
        "![elsewhere](https://img.example/b.png)".to_owned(),
    ][text % 5]
        .clone();
    let text = article_with(&format!("Title {title}"), &format!("2026-01-{day:02}"), &more);
    folder.write(&format!("posts/p{number}.md"), format!("{text}\n{body}\n\nVersion {text}, {title}, {topic}.\n"));
}

/// Makes one change that a build has to notice.
fn edit(folder: &Folder, numbers: &mut Numbers) -> String {
    let number = numbers.below(9);
    let [one, other, third] = [(); 3].map(|()| numbers.below(20));
    let width = u32::try_from(3 + other).unwrap();
    match numbers.below(9) {
        0 => folder.write(&format!("posts/pic{}.png", one % 2), png(width, 4)),
        1 if folder.content(&format!("posts/p{number}.md")).exists() => folder.remove(&format!("posts/p{number}.md")),
        2 => folder.define(
            "site.yaml",
            &format!(
                "base_url: {BASE}\ntitle: Example {}\ndialect: hexo\nfeeds: {{limit: {}}}\n",
                one % 2,
                3 + other % 3
            ),
        ),
        3 => folder.define("mine.yaml", &format!("title: Mine {}\nselect: {{tags: [t{}]}}\n", one % 2, other % 2)),
        4 => folder.define(
            "images.facts",
            &format!("feedmill images 1\nhttps://img.example/a.png\tok\timage/png\t{}\t3\t3\t\t\t\n", 100 + one),
        ),
        5 => {
            // A file that another program changed, and a damaged index.
            let names: Vec<String> = files(&folder.path("dist")).into_iter().collect();
            let path = folder.path("dist").join(&names[(one * 20 + other) % names.len()]);
            let mut bytes = fs::read(&path).unwrap();
            let at = (third * 97) % bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1;
            }
            fs::remove_file(&path).unwrap();
            fs::write(&path, bytes).unwrap();
        }
        _ => write_related(folder, number, one, other % 12, third),
    }
    format!("{number} {one} {other} {third}")
}

#[test]
fn a_second_build_after_any_change_equals_a_first_one() {
    for seed in 1..=2 {
        let folder = related_site();
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        folder.run(&["build"]).assert_code(0);
        let mut done = Vec::new();
        for turn in 0..10 {
            for _ in 0..=numbers.below(2) {
                done.push(edit(&folder, &mut numbers));
            }
            folder.run(&["build"]).assert_code(0);
            let new = format!("new{turn}");
            folder.run(&["build", "--out", &new]).assert_code(0);
            let (second, first) = (tree(&folder.path("dist")), tree(&folder.path(&new)));
            let differing: Vec<&String> =
                first.keys().chain(second.keys()).filter(|path| first.get(*path) != second.get(*path)).collect();
            assert!(differing.is_empty(), "seed {seed}, turn {turn}, after {done:?}: {differing:?}");
        }
    }
}

#[test]
fn what_did_not_change_is_not_rendered_again() {
    let folder = related_site();
    folder.run(&["build"]).assert_code(0);
    // A page that no build writes, of which the index says that it is right: it stays if it is not rendered.
    let planted = |path: &str| {
        let digest = |bytes: &[u8]| format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes));
        let (file, mark) = (folder.path("dist").join(path), folder.path("dist/.feedmill"));
        let (before, index) = (fs::read(&file).unwrap(), fs::read_to_string(&mark).unwrap());
        assert!(index.contains(&digest(&before)), "{path} is not in the index");
        fs::remove_file(&file).unwrap();
        fs::write(&file, "planted").unwrap();
        fs::write(&mark, index.replace(&digest(&before), &digest(b"planted"))).unwrap();
    };
    let paths =
        ["articles/posts/p0/index.html", "articles/posts/p1/index.html", "tags/t0/rss.xml", "tags/t1/index.html"];
    for path in paths {
        planted(path);
    }
    let kept = || paths.map(|path| fs::read(folder.path("dist").join(path)).unwrap() == b"planted");
    folder.run(&["build"]).assert_code(0);
    assert_eq!(kept(), [true; 4]);
    // p4 has the tag t0 and refers to nothing, and p1 refers to p2 by its title.
    write_related(&folder, 4, 0, 77, 4);
    folder.run(&["build"]).assert_code(0);
    assert_eq!(kept(), [true, false, false, true]);
}
