//! Random articles, and random edits of a real directory: the changes that authors, deployments and accidents
//! make.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::files::{clear, gif, room_for, set_mode, touch};
use super::rules::{RulesEdit, Whole, rules_edit};

/// Few names, so that edits collide. Some of them share a page, and `link` leads to one of several
/// directories.
pub const ARTICLES: &[&str] = &[
    "a.md",
    "a.Md",
    "b.md",
    "x/a.md",
    "x/b.html",
    "x/b.md",
    "x/b.md.md",
    "x/y/a.md",
    "x/y.md",
    "z/c.md",
    "z/Index.md",
    "é.md",
    "link/a.md",
    "a_LOCAL_1.md",
    "a_REMOTE_1.md",
    "2026-01-04-j.md",
    "x/2026-01-03-j.md",
];
pub const IMAGES: &[&str] = &["pic.png", "x/pic.png", "x/a/pic.png", "z/pic.png", "link/pic.png"];
pub const DIRECTORIES: &[&str] = &["x", "x/y", "z", "w", "w/v"];

/// Two spellings of one name, two names with one slug, a name with the former slug of another, a category and its parent.
const CATEGORIES: &[&str] = &[
    "[]",
    "[News]",
    "[news]",
    "[NEWS, Local]",
    "[news, local]",
    "[事实]",
    "[实事]",
    "[[News], [事实, x]]",
    "[Kept]",
    "[重庆, 银行]",
    "[[中青], [崇庆]]",
];
const TAGS: &[&str] = &["[]", "[one]", "[One]", "[o-ne, two]", "[TWO]", "[two, 事实]", "[实事]"];
const AUTHORS: &[&str] = &["", "author: Ann\n", "author: ANN\n", "author: {name: Bob, email: b@example.org}\n"];
/// No id, a draft, a URI, plain text, the path of another article, and the UUIDs of `a.md` and of that text.
const IDS: &[&str] = &[
    "",
    "draft: true\n",
    "id: urn:x:same\n",
    "id: same\n",
    "id: x/a.md\n",
    "id: a.md\n",
    "id: urn:uuid:08f08f18-1e5f-51ea-accf-1a86d495d278\n",
    "id: urn:uuid:6E26AEAD-788F-5CEB-94FC-72263239FA04\n",
];
const LEADS: &[&str] =
    &["", "headimg: pic.png\n", "headimg: /x/pic.png\n", "headimg: ../pic.png\n", "headimg: https://i.example/a.jpg\n"];

/// The body: plain words, or a link to another article.
const WORDS: &[&str] = &[
    "",
    "{% post_link a %}",
    "{% post_link 'Title 1' %}",
    "[x](y/c.md)",
    "[x](../a.md#s)",
    "[x](@/x/b.md)",
    "[x]({{< ref \"b\" >}})",
    "[x](/articles/x/b/) [y](/articles/x/b.md/)",
    "[x](/z/pic.png) [y](nothing.html)",
];

/// An article as an author might write it; the numbers choose from the lists.
#[derive(Debug, Clone)]
pub struct Recipe {
    title: u8,
    /// Hours from noon, for each of date, updated and expires.
    hours: [Option<i8>; 3],
    category: usize,
    tag: usize,
    author: usize,
    id: usize,
    lead: usize,
    words: usize,
}

impl Recipe {
    fn text(&self, noon: DateTime<Utc>) -> String {
        let date = |key: &str, hours: Option<i8>| {
            let instant = hours.map(|hours| noon + TimeDelta::hours(hours.into()));
            instant.map_or_else(String::new, |instant| format!("{key}: {}\n", instant.format("%Y-%m-%d %H:%M:%S")))
        };
        let [published, updated, expires] = self.hours;
        format!(
            "---\ntitle: Title {}\n{}{}{}categories: {}\ntags: {}\n{}{}{}---\nWords {}.\n\n![an image](pic.png)\n",
            self.title,
            date("date", published),
            date("updated", updated),
            date("expires", expires),
            CATEGORIES[self.category],
            TAGS[self.tag],
            AUTHORS[self.author],
            IDS[self.id],
            LEADS[self.lead],
            WORDS[self.words],
        )
    }
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let hours = |none, some| prop_oneof![none => Just(None), some => (-30..8_i8).prop_map(Some)];
    let lists = (0..CATEGORIES.len(), 0..TAGS.len(), 0..AUTHORS.len(), 0..IDS.len(), 0..LEADS.len());
    (0..4_u8, hours(1, 6), hours(3, 1), hours(5, 1), lists, 0..WORDS.len()).prop_map(
        |(title, published, updated, expires, (category, tag, author, id, lead), words)| Recipe {
            title,
            hours: [published, updated, expires.map(i8::abs)],
            category,
            tag,
            author,
            id,
            lead,
            words,
        },
    )
}

/// One change that an author, a deployment or an accident makes.
#[derive(Debug, Clone)]
pub enum Edit {
    Write(usize, Recipe),
    Break(usize),
    Delete(usize),
    Rename(usize, usize),
    Touch(usize),
    RenameDirectory(usize, usize),
    DeleteDirectory(usize),
    Image(usize, u8),
    DeleteImage(usize),
    /// Replaces the symlink `link` in one step, so that it leads to another directory, inside the content
    /// directory or outside.
    Swap(u8),
    /// Takes the right to read a file away, or gives it back.
    Close(usize, bool),
    /// Like `Close`, for a directory.
    CloseDirectory(usize, bool),
    /// Puts a named pipe where an article was.
    Pipe(usize),
    /// Puts a symlink to a device where an article was.
    Device(usize),
    /// Writes a file that is larger than an article may be.
    Huge(usize),
    /// Puts a symlink into a directory that leads to its parent.
    Loop(usize),
    /// Puts a symlink to a file outside where an article was.
    Outside(usize),
    /// Puts a symlink to a directory outside into a directory.
    OutsideDirectory(usize),
    /// Gives the file of an article a second name.
    HardLink(usize, usize),
    /// Edits the hidden directory that `link` may lead to.
    Behind(u8, Recipe),
    /// Changes the configuration.
    Rules(RulesEdit),
}

pub fn edit() -> impl Strategy<Value = Edit> {
    let article = 0..ARTICLES.len();
    let directory = 0..DIRECTORIES.len();
    let image = 0..IMAGES.len();
    prop_oneof![
        10 => (article.clone(), recipe()).prop_map(|(at, recipe)| Edit::Write(at, recipe)),
        1 => article.clone().prop_map(Edit::Break),
        3 => article.clone().prop_map(Edit::Delete),
        3 => (article.clone(), article.clone()).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => article.clone().prop_map(Edit::Touch),
        1 => (article.clone(), any::<bool>()).prop_map(|(at, closed)| Edit::Close(at, closed)),
        1 => (directory.clone(), any::<bool>()).prop_map(|(at, closed)| Edit::CloseDirectory(at, closed)),
        1 => prop_oneof![
            article.clone().prop_map(Edit::Pipe),
            article.clone().prop_map(Edit::Device),
            article.clone().prop_map(Edit::Huge),
            directory.clone().prop_map(Edit::Loop),
        ],
        1 => prop_oneof![
            article.clone().prop_map(Edit::Outside),
            directory.clone().prop_map(Edit::OutsideDirectory),
        ],
        2 => (article.clone(), article.clone()).prop_map(|(from, to)| Edit::HardLink(from, to)),
        2 => (0..2_u8, recipe()).prop_map(|(version, recipe)| Edit::Behind(version, recipe)),
        2 => (directory.clone(), directory.clone()).prop_map(|(from, to)| Edit::RenameDirectory(from, to)),
        1 => directory.prop_map(Edit::DeleteDirectory),
        3 => (image.clone(), 0..3_u8).prop_map(|(at, size)| Edit::Image(at, size)),
        1 => image.prop_map(Edit::DeleteImage),
        2 => (0..3_u8).prop_map(Edit::Swap),
        2 => rules_edit().prop_map(Edit::Rules),
    ]
}

/// A temporary directory with content, and with definitions that feed the edition.
pub struct Home {
    root: Arc<TempDir>,
    /// The dates of articles are written relative to this time.
    noon: DateTime<Utc>,
    rules: Mutex<Whole>,
}

impl Home {
    pub fn new(noon: DateTime<Utc>, dialect: &'static str) -> Self {
        let home = Self { root: Arc::new(tempfile::tempdir().unwrap()), noon, rules: Mutex::new(Whole::new(dialect)) };
        let files = [
            ("feeds/kept.yaml", "category: Kept\nslug: news\n"),
            ("feeds/ann.yaml", "author: Ann\nlimit: 1\norder: updated\n"),
            ("content/.versions/0/a.md", "---\ntitle: Zero\ndate: 2026-01-05\ncategories: [事实]\n---\nzero\n"),
            ("content/.versions/1/a.md", "---\ntitle: One\ndate: 2026-01-05 01:00\nheadimg: pic.png\n---\none\n"),
        ];
        for (path, text) in files {
            Home::put(&home.root.path().join(path), text.as_bytes());
        }
        Home::put(&home.root.path().join("content/.versions/1/pic.png"), &gif(9));
        Home::put(&home.root.path().join("outside/a.md"), b"---\ntitle: Outside\ndate: 2026-01-05\n---\nsecret\n");
        home.mend();
        home
    }

    pub fn root(&self) -> &Arc<TempDir> {
        &self.root
    }

    /// The canonical path, because events use it.
    pub fn content(&self) -> PathBuf {
        fs::canonicalize(self.root.path()).unwrap().join("content")
    }

    /// Writes a file, and returns the directories that had to be created.
    pub fn put(path: &Path, bytes: &[u8]) -> Vec<PathBuf> {
        let made = room_for(path);
        clear(path);
        // A directory of this name may be in the way; then nothing is written.
        let _ = fs::write(path, bytes);
        made
    }

    /// Applies an edit, which may fail, and returns the paths it touched.
    pub fn act(&self, edit: &Edit) -> Vec<PathBuf> {
        let content = self.content();
        let article = |at: usize| content.join(ARTICLES[at]);
        let directory = |at: usize| content.join(DIRECTORIES[at]);
        let (mut affected, path) = match edit {
            Edit::Write(at, recipe) => (Self::put(&article(*at), recipe.text(self.noon).as_bytes()), article(*at)),
            Edit::Break(at) => (Self::put(&article(*at), b"---\nauthor: [\ndate: 'open\n---\n"), article(*at)),
            Edit::Image(at, size) => (Self::put(&content.join(IMAGES[*at]), &gif(*size)), content.join(IMAGES[*at])),
            Edit::Delete(at) => {
                let _ = fs::remove_file(article(*at));
                (vec![], article(*at))
            }
            Edit::DeleteImage(at) => {
                let _ = fs::remove_file(content.join(IMAGES[*at]));
                (vec![], content.join(IMAGES[*at]))
            }
            Edit::DeleteDirectory(at) => {
                let _ = fs::remove_dir_all(directory(*at));
                (vec![], directory(*at))
            }
            Edit::Touch(at) => {
                touch(&article(*at), self.noon.into());
                (vec![], article(*at))
            }
            Edit::Rename(from, to) => Self::rename(&article(*from), article(*to)),
            Edit::RenameDirectory(from, to) => Self::rename(&directory(*from), directory(*to)),
            Edit::Swap(version) => {
                let beside = content.join(".link");
                let target = if *version < 2 { format!(".versions/{version}") } else { "../outside".to_owned() };
                symlink(target, &beside).unwrap();
                // A write may have created a real directory of this name.
                let link = content.join("link");
                if !link.is_symlink() {
                    let _ = fs::remove_dir_all(&link);
                }
                // The rename fails if `link` may not be removed.
                if fs::rename(&beside, &link).is_err() {
                    fs::remove_file(beside).unwrap();
                }
                (vec![], link)
            }
            Edit::Close(at, closed) => {
                set_mode(&article(*at), fs::FileType::is_file, if *closed { 0 } else { 0o644 });
                (vec![], article(*at))
            }
            Edit::CloseDirectory(at, closed) => {
                set_mode(&directory(*at), fs::FileType::is_dir, if *closed { 0 } else { 0o755 });
                (vec![], directory(*at))
            }
            Edit::Pipe(at) => {
                let made = room_for(&article(*at));
                clear(&article(*at));
                let _ = mknodat(CWD, article(*at), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0);
                (made, article(*at))
            }
            Edit::Device(at) => {
                let made = room_for(&article(*at));
                clear(&article(*at));
                let _ = symlink("/dev/zero", article(*at));
                (made, article(*at))
            }
            Edit::Outside(at) => self.link_outside(article(*at)),
            Edit::OutsideDirectory(at) => self.link_outside(directory(*at).join("out")),
            Edit::HardLink(from, to) => Self::hard_link(&article(*from), article(*to)),
            Edit::Behind(version, recipe) => {
                let path = content.join(format!(".versions/{version}/a.md"));
                (Self::put(&path, recipe.text(self.noon).as_bytes()), path)
            }
            Edit::Huge(at) => {
                let made = Self::put(&article(*at), b"---\ntitle: huge\n---\n");
                if let Ok(file) = fs::File::options().append(true).open(article(*at)) {
                    let _ = file.set_len(16 * 1024 * 1024 + 1);
                }
                (made, article(*at))
            }
            Edit::Rules(edit) => return self.rules.lock().unwrap().act(self, edit),
            Edit::Loop(at) => {
                let made = room_for(&directory(*at).join("loop"));
                let _ = symlink("..", directory(*at).join("loop"));
                (made, directory(*at).join("loop"))
            }
        };
        affected.push(path);
        affected
    }

    /// Makes `link` a symlink to the article outside if its name has an extension, otherwise to the directory
    /// of that article.
    fn link_outside(&self, link: PathBuf) -> (Vec<PathBuf>, PathBuf) {
        let made = room_for(&link);
        clear(&link);
        let target = self.root.path().join(if link.extension().is_some() { "outside/a.md" } else { "outside" });
        let _ = symlink(target, &link);
        (made, link)
    }

    fn hard_link(from: &Path, to: PathBuf) -> (Vec<PathBuf>, PathBuf) {
        let made = room_for(&to);
        clear(&to);
        if from != to && fs::symlink_metadata(from).is_ok_and(|metadata| metadata.is_file()) {
            let _ = fs::remove_file(&to);
            let _ = fs::hard_link(from, &to);
        }
        (made, to)
    }

    fn rename(from: &Path, to: PathBuf) -> (Vec<PathBuf>, PathBuf) {
        let mut affected = room_for(&to);
        let _ = fs::rename(from, &to);
        affected.push(from.to_owned());
        (affected, to)
    }

    /// Whether an article has a second name (hard link) in a directory to which no symlink leads. An edit through that
    /// name brings no event, because the directory is never scanned; only the next rescan finds it.
    pub fn has_unwatched_name(&self) -> bool {
        let content = self.content();
        let target = fs::read_link(content.join("link")).unwrap_or_default();
        (0..2).map(|version| format!(".versions/{version}")).any(|directory| {
            let file = fs::metadata(content.join(&directory).join("a.md"));
            target != Path::new(&directory) && file.is_ok_and(|file| file.nlink() > 1)
        })
    }

    /// Writes every configuration file in full, as an interrupted writer does in the end.
    pub fn mend(&self) -> Vec<PathBuf> {
        self.rules.lock().unwrap().mend(self)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Directories without permissions could not be removed.
        for directory in DIRECTORIES {
            let _ =
                fs::set_permissions(self.root.path().join("content").join(directory), Permissions::from_mode(0o755));
        }
    }
}
