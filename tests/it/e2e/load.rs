//! Many readers during many changes: every response is complete, comes from one edition, and matches its tag.

use std::collections::HashMap;
use std::os::unix::fs::symlink;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::driver::{Answer, Connection, Done, Folder, TestServer};

const CONNECTIONS: usize = 64;
const EDITS: usize = 300;
/// The test ends after this time even on a slow machine.
const LONGEST: Duration = Duration::from_secs(15);
/// The number of an article that appears and disappears.
const TEMPORARY: usize = 5;
const FEEDS: [&str; 4] = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml"];
const CODINGS: [&str; 3] = ["identity", "gzip", "br"];

/// Returns the version of each article in a new response; fails if they are not of one state.
type Validate<'a> = &'a (dyn Fn(&str, &Answer) -> Vec<usize> + Sync);

/// A body, and the version of each article in it.
type Known = (Vec<u8>, Vec<usize>);

/// Everything that the readers have received.
#[derive(Default)]
struct Seen {
    /// The body for each tag; there must be only one.
    bodies: Mutex<HashMap<String, Known>>,
    full: AtomicUsize,
    unchanged: AtomicUsize,
}

impl Seen {
    /// Records a response and returns its versions; fails unless it is complete and matches its tag.
    #[track_caller]
    fn take(&self, path: &str, answer: &Answer, validate: Validate) -> Vec<usize> {
        match answer.status {
            304 => {
                self.unchanged.fetch_add(1, Ordering::Relaxed);
                Vec::new()
            }
            200 => {
                self.full.fetch_add(1, Ordering::Relaxed);
                let (tag, body) = (answer.must("etag").to_owned(), answer.decoded());
                let mut bodies = self.bodies.lock().unwrap();
                if let Some((known, versions)) = bodies.get(&tag) {
                    assert!(*known == body, "{path}: two bodies with {tag}");
                    return versions.clone();
                }
                let versions = validate(path, answer);
                bodies.insert(tag, (body, versions.clone()));
                versions
            }
            other => panic!("{path}: {other}"),
        }
    }
}

/// Polls on 64 keep-alive connections while `change` makes one change after another. For no reader may a
/// version decrease.
fn poll_while(server: &TestServer, validate: Validate, mut change: impl FnMut(usize)) -> Seen {
    let (seen, done) = (Seen::default(), AtomicBool::new(false));
    thread::scope(|scope| {
        for at in 0..CONNECTIONS {
            let (seen, done) = (&seen, &done);
            let (path, coding) = (FEEDS[at % FEEDS.len()], CODINGS[at / FEEDS.len() % CODINGS.len()]);
            scope.spawn(move || {
                let mut connection = Connection::open(server.address()).unwrap();
                let (mut tag, mut last) = (String::new(), Vec::<usize>::new());
                while !done.load(Ordering::Relaxed) {
                    // A third of the readers never send validators.
                    let known = if at % 3 == 0 { "" } else { &tag };
                    let headers = [("Accept-Encoding", coding), ("If-None-Match", known)];
                    let answer = connection.ask("GET", path, &headers).unwrap();
                    let now = seen.take(path, &answer, validate);
                    if answer.status == 200 {
                        let went_back = last.iter().zip(&now).any(|(before, now)| now < before);
                        assert!(!went_back, "{path} went back from {last:?} to {now:?}");
                        last = now;
                    }
                    answer.must("etag").clone_into(&mut tag);
                    thread::park_timeout(Duration::from_millis(2));
                }
            });
        }
        let _done = Done(&done);
        let start = Instant::now();
        for number in 1..=EDITS {
            change(number);
            // Spreads the changes over time, so that the polls see many editions.
            thread::park_timeout(Duration::from_millis(20));
            if start.elapsed() > LONGEST {
                break;
            }
        }
    });
    seen
}

fn version(article: usize, version: usize) -> String {
    format!(
        "---\ntitle: {article} {version}\ndate: 2026-01-0{}\ncategories: [x]\n---\n<p>{article} {version}</p>\n",
        article + 1
    )
}

/// The version of each of the five articles that are never removed. The title and the body of an entry must
/// have the same version.
#[track_caller]
fn versions(path: &str, answer: &Answer) -> Vec<usize> {
    let entry = |entry: feed_rs::model::Entry| -> (usize, usize) {
        let (title, body) = (entry.title.unwrap().content, entry.content.unwrap().body.unwrap());
        assert!(body.contains(&format!("<p>{title}</p>")), "{path} mixes {title} with {body}");
        let (article, version) = title.split_once(' ').unwrap();
        (article.parse().unwrap(), version.parse().unwrap())
    };
    let entries = answer.feed().entries.into_iter().map(entry);
    let (articles, versions): (Vec<usize>, Vec<usize>) = entries.filter(|(article, _)| *article != TEMPORARY).unzip();
    assert_eq!(articles, [4, 3, 2, 1, 0], "{path}: {answer}");
    versions
}

#[test]
fn sixty_four_readers_get_complete_responses_while_articles_are_edited() {
    let folder = Folder::new();
    for article in 0..5 {
        folder.write(&format!("{article}.md"), version(article, 0));
    }
    let server = folder.serve();
    let seen = poll_while(&server, &versions, |edit| match edit % 8 {
        0 => folder.write(&format!("{TEMPORARY}.md"), version(TEMPORARY, edit)),
        4 if edit > 4 => folder.remove(&format!("{TEMPORARY}.md")),
        _ => folder.write(&format!("{}.md", edit % 5), version(edit % 5, edit)),
    });
    assert!(seen.full.into_inner() > EDITS && seen.unchanged.into_inner() > EDITS, "too few polls to prove anything");
    assert!(seen.bodies.into_inner().unwrap().len() > 20, "too few states to prove anything");
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

#[test]
fn no_response_mixes_two_releases_while_whole_trees_are_swapped() {
    let folder = Folder::new();
    let release = |number: usize| {
        for article in 0..5 {
            folder.put(&format!("releases/{number}/{article}.md"), version(article, number));
        }
        let beside = folder.path("beside");
        symlink(format!("releases/{number}"), &beside).unwrap();
        std::fs::rename(beside, folder.path("current")).unwrap();
    };
    release(0);
    let server = folder.serve_with(&["--content", "current"]);
    let of_one_release = |path: &str, answer: &Answer| {
        let versions = versions(path, answer);
        assert!(versions.iter().all(|version| *version == versions[0]), "{path} mixes releases: {versions:?}");
        versions
    };
    let last = std::cell::Cell::new(0);
    poll_while(&server, &of_one_release, |number| {
        last.set(number);
        release(number);
    });
    // A directory that is swapped continuously is updated every few seconds, and always when the swaps stop.
    let is_last = |answer: &Answer| versions("/rss.xml", answer)[0] == last.get();
    server.eventually_in(Duration::from_secs(20), "/rss.xml", is_last);
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

#[test]
fn scans_during_which_the_tree_is_swapped_are_discarded_and_the_last_tree_is_found() {
    const ARTICLES: usize = 1500;
    let folder = Folder::new();
    for number in 0..3 {
        let trees = folder.path(&format!("trees/{number}"));
        std::fs::create_dir_all(&trees).unwrap();
        for article in 0..ARTICLES {
            let text = format!("---\ntitle: {article} {number}\ndate: 2026-01-01\ncategories: [x]\n---\n<p>x</p>\n");
            std::fs::write(trees.join(format!("{article}.md")), text).unwrap();
        }
    }
    let swap = |number: usize| {
        let beside = folder.path("beside");
        symlink(format!("trees/{}", number % 3), &beside).unwrap();
        std::fs::rename(beside, folder.path("current")).unwrap();
    };
    swap(0);
    let server = folder.serve_with(&["--content", "current"]);
    let of_one_tree = |path: &str, answer: &Answer| {
        let titles = answer.titles();
        let tree = |title: &String| title.split_once(' ').unwrap().1.to_owned();
        assert!(!titles.is_empty(), "{path}: {answer}");
        let first = tree(&titles[0]);
        assert!(titles.len() == 30 && titles.iter().all(|title| tree(title) == first), "{path} mixes {titles:?}");
        // The three trees follow each other in a circle.
        Vec::new()
    };
    // Ends at another tree than the one it began with.
    let swaps = std::cell::Cell::new(0);
    poll_while(&server, &of_one_tree, |number| {
        swaps.set(number);
        swap(number);
    });
    let last = if swaps.get().is_multiple_of(3) { 1 } else { swaps.get() };
    swap(last);
    let is_last = |answer: &Answer| answer.titles()[0].ends_with(&format!(" {}", last % 3));
    server.eventually_in(Duration::from_secs(20), "/rss.xml", is_last);
    let metrics = server.admin("GET", "/metrics").ok().text();
    let thrown = metrics.lines().find(|line| line.starts_with("feedmill_looks_total{result=\"unsettled\"}")).unwrap();
    assert!(!thrown.ends_with(" 0"), "no scan was discarded, so the test proves nothing\n{metrics}");
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}
