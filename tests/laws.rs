//! The first law: *watching any edits equals reading afresh, document by
//! document.*
//!
//! Batches of edits are made on a real directory. One edition follows the very
//! paths that were touched, another looks at everything; after each batch
//! every document of both must be that of an edition made from the disk at the
//! same moment. Time is a value that moves on between batches.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::cli::LogFormat;
use feedmill::commands::load::{self, Loaded, Loader};
use feedmill::disk::{Hints, Known, LookError};
use feedmill::document::Encoding;
use feedmill::edition::{Edition, Found, Shelf};
use feedmill::library::ChangeBatch;
use feedmill::settings::PlaceSettings;
use feedmill::site::Format;
use proptest::prelude::*;
use tempfile::TempDir;

/// Few names, so that edits meet; `link` leads to one of several directories.
const ARTICLES: &[&str] = &["a.md", "b.md", "x/a.md", "x/b.html", "x/y/a.md", "z/c.md", "é.md", "link/a.md"];
const IMAGES: &[&str] = &["pic.png", "x/pic.png", "x/a/pic.png", "z/pic.png", "link/pic.png"];
const DIRECTORIES: &[&str] = &["x", "x/y", "z", "w", "w/v"];

/// Spellings of one name, names of one slug, a path and its parent.
const CATEGORIES: &[&str] =
    &["[]", "[News]", "[news]", "[NEWS, Local]", "[news, local]", "[事实]", "[实事]", "[[News], [事实, x]]", "[Kept]"];
const TAGS: &[&str] = &["[]", "[one]", "[One]", "[o-ne, two]", "[TWO]", "[two, 事实]", "[实事]"];
const AUTHORS: &[&str] = &["", "author: Ann\n", "author: ANN\n", "author: {name: Bob, email: b@example.org}\n"];
/// Nothing, a URI, a text, and the place of another article.
const IDS: &[&str] = &["", "id: urn:x:same\n", "id: same\n", "id: x/a.md\n", "id: a.md\n"];
const LEADS: &[&str] =
    &["", "headimg: pic.png\n", "headimg: /x/pic.png\n", "headimg: ../pic.png\n", "headimg: https://i.example/a.jpg\n"];
/// What the words say: nothing more, or the name of another article.
const WORDS: &[&str] =
    &["", "{% post_link a %}", "[x](y/c.md)", "[x](../a.md#s)", "[x](@/x/b.md)", "[x]({{< ref \"b\" >}})"];

/// The hour of the first moment.
fn noon() -> DateTime<Utc> {
    "2026-01-05T12:00:00Z".parse().unwrap()
}

/// An article as an author might write it; the numbers choose from the lists.
#[derive(Debug, Clone)]
struct Recipe {
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
    fn text(&self) -> String {
        let date = |key: &str, hours: Option<i8>| {
            let instant = hours.map(|hours| noon() + TimeDelta::hours(hours.into()));
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

/// One thing that authors and deployments do.
#[derive(Debug, Clone)]
enum Deed {
    Write(usize, Recipe),
    Break(usize),
    Delete(usize),
    Rename(usize, usize),
    Touch(usize),
    RenameDirectory(usize, usize),
    DeleteDirectory(usize),
    Image(usize, u8),
    DeleteImage(usize),
    /// `link` leads to another directory, in one step.
    Swap(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    let article = 0..ARTICLES.len();
    let directory = 0..DIRECTORIES.len();
    let image = 0..IMAGES.len();
    prop_oneof![
        10 => (article.clone(), recipe()).prop_map(|(at, recipe)| Deed::Write(at, recipe)),
        1 => article.clone().prop_map(Deed::Break),
        3 => article.clone().prop_map(Deed::Delete),
        3 => (article.clone(), article.clone()).prop_map(|(from, to)| Deed::Rename(from, to)),
        1 => article.prop_map(Deed::Touch),
        2 => (directory.clone(), directory.clone()).prop_map(|(from, to)| Deed::RenameDirectory(from, to)),
        1 => directory.prop_map(Deed::DeleteDirectory),
        3 => (image.clone(), 0..3_u8).prop_map(|(at, size)| Deed::Image(at, size)),
        1 => image.prop_map(Deed::DeleteImage),
        2 => (0..3_u8).prop_map(Deed::Swap),
    ]
}

/// The directory, with definitions that rule it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        let files = [
            (
                "feeds/site.yaml",
                "title: Laws\nbase_url: https://feeds.example.org\nfeeds: {limit: 3}\nicon: /pic.png\n",
            ),
            ("feeds/edited.yaml", "title: Edited\norder: updated\nselect: {tags: [one, two]}\n"),
            ("feeds/kept.yaml", "category: Kept\nslug: news\n"),
            ("feeds/ann.yaml", "author: Ann\nlimit: 1\norder: updated\n"),
            ("versions/0/a.md", "---\ntitle: Zero\ndate: 2026-01-05\ncategories: [事实]\n---\nzero\n"),
            ("versions/1/a.md", "---\ntitle: One\ndate: 2026-01-05 01:00\nheadimg: pic.png\n---\none\n"),
        ];
        for (path, text) in files {
            Home::put(&home.0.path().join(path), text.as_bytes());
        }
        Home::put(&home.0.path().join("versions/1/pic.png"), &gif(9));
        fs::create_dir_all(home.0.path().join("versions/2")).unwrap();
        fs::create_dir(home.content()).unwrap();
        home
    }

    /// Resolved, as events name it.
    fn content(&self) -> PathBuf {
        fs::canonicalize(self.0.path()).unwrap().join("content")
    }

    /// Writes a file; the directories that had to be made come back.
    fn put(path: &Path, bytes: &[u8]) -> Vec<PathBuf> {
        let made = room_for(path);
        // A directory may be in the way.
        let _ = fs::write(path, bytes);
        made
    }

    /// Does it, whatever comes of it; the paths it touched come back.
    fn act(&self, deed: &Deed) -> Vec<PathBuf> {
        let content = self.content();
        let article = |at: usize| content.join(ARTICLES[at]);
        let directory = |at: usize| content.join(DIRECTORIES[at]);
        let (mut touched, path) = match deed {
            Deed::Write(at, recipe) => (Self::put(&article(*at), recipe.text().as_bytes()), article(*at)),
            Deed::Break(at) => (Self::put(&article(*at), b"---\nauthor: [\ndate: 'open\n---\n"), article(*at)),
            Deed::Image(at, size) => (Self::put(&content.join(IMAGES[*at]), &gif(*size)), content.join(IMAGES[*at])),
            Deed::Delete(at) => {
                let _ = fs::remove_file(article(*at));
                (vec![], article(*at))
            }
            Deed::DeleteImage(at) => {
                let _ = fs::remove_file(content.join(IMAGES[*at]));
                (vec![], content.join(IMAGES[*at]))
            }
            Deed::DeleteDirectory(at) => {
                let _ = fs::remove_dir_all(directory(*at));
                (vec![], directory(*at))
            }
            Deed::Touch(at) => {
                if let Ok(file) = fs::File::options().append(true).open(article(*at)) {
                    file.set_modified(noon().into()).unwrap();
                }
                (vec![], article(*at))
            }
            Deed::Rename(from, to) => Self::rename(&article(*from), article(*to)),
            Deed::RenameDirectory(from, to) => Self::rename(&directory(*from), directory(*to)),
            Deed::Swap(version) => {
                let beside = content.join(".link");
                symlink(format!("../versions/{version}"), &beside).unwrap();
                // A directory made by a write may stand there.
                let link = content.join("link");
                if !link.is_symlink() {
                    let _ = fs::remove_dir_all(&link);
                }
                fs::rename(beside, &link).unwrap();
                (vec![], link)
            }
        };
        touched.push(path);
        touched
    }

    fn rename(from: &Path, to: PathBuf) -> (Vec<PathBuf>, PathBuf) {
        let mut touched = room_for(&to);
        let _ = fs::rename(from, &to);
        touched.push(from.to_owned());
        (touched, to)
    }

    fn loaded(&self) -> Loaded {
        let places = PlaceSettings {
            content: self.content(),
            feeds: self.0.path().join("feeds"),
            feeds_given: true,
            base_url: None,
            log: LogFormat::Text,
            levels: None,
        };
        let loaded = Loader::new(&places, "http://127.0.0.1".to_owned()).rules().unwrap();
        assert_eq!(loaded.problems, []);
        loaded
    }
}

/// Makes the directories above a path; those that were missing come back.
fn room_for(path: &Path) -> Vec<PathBuf> {
    let parent = path.parent().unwrap();
    let made = parent.ancestors().take_while(|above| !above.exists()).map(Path::to_owned).collect();
    let _ = fs::create_dir_all(parent);
    made
}

/// A GIF of two sizes: what it weighs and what it measures follow `size`.
fn gif(size: u8) -> Vec<u8> {
    let mut bytes = [b"GIF89a".as_slice(), &[size + 1, 0, 1, 0, 0, 0, 0]].concat();
    bytes.resize(bytes.len() + usize::from(size) * 100, 0);
    bytes
}

/// An edition that is kept fresh as `serve` does it.
struct Watched {
    loaded: Loaded,
    known: Known,
    edition: Edition,
}

impl Watched {
    fn new(home: &Home, now: DateTime<Utc>) -> Self {
        let loaded = home.loaded();
        let mut known = Known::new();
        let library = load::first(&loaded, &mut known, now, &|_| {}).unwrap();
        Self { loaded, known, edition: Edition::first(library, Shelf::new(1 << 24)) }
    }

    fn look(&mut self, hints: &Hints, now: DateTime<Utc>) {
        let batch = match self.known.look(&self.loaded.ground, hints, &|_| {}) {
            Ok(look) => look.batch,
            Err(LookError::Unsettled) => return self.look(&Hints::Everything, now),
            Err(error) => panic!("{error}"),
        };
        if !batch.is_empty() {
            self.publish(batch, now);
        }
        if self.edition.library().next_change().is_some_and(|instant| instant <= now) {
            self.publish(ChangeBatch::default(), now);
        }
    }

    fn publish(&mut self, batch: ChangeBatch, now: DateTime<Utc>) {
        let (library, touched) = self.edition.library().apply(batch, now);
        let (library, touched) = load::complete(library, touched, &mut self.known, &self.loaded.ground, now);
        self.edition = self.edition.next(library, &touched);
    }
}

/// Every address at which an edition has something.
fn addresses(edition: &Edition) -> BTreeSet<String> {
    let library = edition.library();
    let singles = ["", "categories/", "tags/", "authors/", "feeds/", "feeds.opml", "feeds.json", "feed.css"];
    let mut below: BTreeSet<String> = singles.map(str::to_owned).into();
    for (path, _) in edition.feed_paths() {
        below.insert(path.to_owned());
        below.extend(Format::ALL.map(|format| format!("{path}{}", format.file_name())));
    }
    for key in library.keys() {
        let parent = key.parent().map_or_else(
            || key.kind().directory().map(|directory| format!("{directory}/")).unwrap_or_default(),
            |parent| library.path(&parent),
        );
        below.insert(format!("{parent}{}/", library.long_slug(key)));
    }
    for stem in ARTICLES.iter().chain(&["w/a.md", "w/b.md", "w/v/a.md", "w/y/a.md"]) {
        below.insert(format!("articles/{}/", stem.rsplit_once('.').unwrap().0));
    }
    below.extend(IMAGES.iter().map(|image| format!("media/{image}")));
    below.into_iter().map(|below| format!("/{}", below.replace('é', "%C3%A9"))).collect()
}

/// What stands at an address, with its validators.
fn shown(edition: &Edition, address: &str) -> String {
    match edition.find(address) {
        Found::Document(document) => {
            let bytes = document.bytes(Encoding::Identity);
            let text = String::from_utf8_lossy(&bytes);
            format!("{}\n{}\n{:?}\n{}\n{text}", document.media_type, document.etag, document.last_modified, text.len())
        }
        Found::Media(path) => format!("{path}: {:?}", edition.library().image(&path)),
        other => format!("{other:?}"),
    }
}

/// Fails with the first line of the first address at which two editions differ.
fn agree(watched: &Edition, fresh: &Edition, how: &str) -> Result<(), TestCaseError> {
    let all: BTreeSet<String> = &addresses(watched) | &addresses(fresh);
    for address in &all {
        let (one, other) = (shown(watched, address), shown(fresh, address));
        if one == other {
            continue;
        }
        let lines = one.lines().zip(other.lines()).skip(2);
        let (one, other) = lines.filter(|(one, other)| one != other).last().unwrap_or((&one, &other));
        return Err(TestCaseError::fail(format!("{how}: {address}\nwatched: {one}\nafresh:  {other}")));
    }
    let reports = |edition: &Edition| {
        let library = edition.library();
        let hidden: BTreeMap<_, _> = library.hidden().map(|(place, reason)| (place.clone(), reason)).collect();
        let problems: Vec<String> = library.problems().chain(&library.disputes()).map(ToString::to_string).collect();
        format!("{problems:?} {hidden:?} {} {:?}", library.len(), library.missing())
    };
    prop_assert_eq!(reports(watched), reports(fresh), "{}: reports", how);
    prop_assert_eq!(watched.library().next_change(), fresh.library().next_change(), "{}: what is due", how);
    Ok(())
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn watching_any_edits_equals_reading_afresh(
        batches in prop::collection::vec((0..3_i64, prop::collection::vec(deed(), 1..=10)), 1..8)
    ) {
        let home = Home::new();
        let mut now = noon();
        let (mut by_paths, mut by_looks) = (Watched::new(&home, now), Watched::new(&home, now));
        for (hours, deeds) in batches {
            now += TimeDelta::hours(hours);
            let touched: BTreeSet<PathBuf> = deeds.iter().flat_map(|deed| home.act(deed)).collect();
            by_paths.look(&Hints::Paths(touched), now);
            // Files in doubt are looked at again.
            by_paths.look(&Hints::Paths(BTreeSet::new()), now);
            by_looks.look(&Hints::Everything, now);
            let fresh = Watched::new(&home, now);
            agree(&by_paths.edition, &fresh.edition, "by the paths touched")?;
            agree(&by_looks.edition, &fresh.edition, "by looking at everything")?;
        }
    }
}

#[test]
fn editions_that_differ_are_told_apart() {
    let home = Home::new();
    let before = Watched::new(&home, noon());
    assert!(agree(&before.edition, &Watched::new(&home, noon()).edition, "").is_ok());
    for (path, text) in [("a.md", "---\ntitle: x\ndate: 2026-01-01\n---\n"), ("b.md", "---\nauthor: [\n---\n")] {
        Home::put(&home.content().join(path), text.as_bytes());
        assert!(agree(&before.edition, &Watched::new(&home, noon()).edition, "").is_err(), "{path}");
    }
}
