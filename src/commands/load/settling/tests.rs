//! Tests with a simulated clock.

use super::*;
use crate::disk::FeedsRoot;

/// Feeds configurations to `Settling` at times in milliseconds from the start.
struct FakeClock {
    start: Instant,
    settling: Settling,
}

impl FakeClock {
    fn new(accepted: &Configuration) -> Self {
        Self { start: Instant::now(), settling: Settling::new(accepted.clone()) }
    }

    fn see(&mut self, ms: u64, seen: &Configuration) -> SettlingStep {
        self.settling.see(seen, self.start + Duration::from_millis(ms))
    }

    #[track_caller]
    fn waits(&mut self, ms: u64, seen: &Configuration) -> u128 {
        match self.see(ms, seen) {
            SettlingStep::Wait(wait) => wait.as_millis(),
            other => panic!("at {ms} ms: {other:?}"),
        }
    }

    #[track_caller]
    fn settles(&mut self, ms: u64, seen: &Configuration) -> Configuration {
        match self.see(ms, seen) {
            SettlingStep::Settled(configuration) => {
                self.settling.accept(configuration.clone());
                configuration
            }
            other => panic!("at {ms} ms: {other:?}"),
        }
    }
}

/// A configuration of one directory with these files: `_index.md` is the page of a section,
/// `_config.yml` belongs to the generator.
fn configuration(directory: &tempfile::TempDir, files: &[(&str, &str)]) -> Configuration {
    let key = |name: &str| match name {
        name if name.ends_with("_index.md") => ConfigKey::Section(name.to_owned()),
        "_config.yml" => ConfigKey::Generator(1, name.to_owned()),
        name => ConfigKey::Feeds(name.to_owned()),
    };
    let entry = |text: &str| ConfigEntry { path: directory.path().to_owned(), text: Ok(text.into()) };
    Configuration {
        root: RootVersion::of(directory.path()).ok(),
        feeds: FeedsRoot::of(directory.path()).ok(),
        entries: files.iter().map(|(name, text)| (key(name), entry(text))).collect(),
    }
}

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_change_is_used_after_two_seconds_without_another_change() {
    let here = directory();
    let [old, half, whole] = ["a", "b", "bc"].map(|text| configuration(&here, &[("site.yaml", text)]));
    let mut clock = FakeClock::new(&old);
    assert_eq!(clock.see(0, &old), SettlingStep::Same);
    assert_eq!(clock.waits(1000, &half), 2000);
    assert_eq!(clock.waits(2500, &half), 500);
    assert_eq!(clock.waits(2900, &whole), 2000, "another change restarts the wait");
    assert_eq!(clock.settles(4900, &whole), whole);
    assert_eq!(clock.see(5000, &whole), SettlingStep::Same);
}

#[test]
fn a_change_that_is_reverted_is_never_used() {
    let here = directory();
    let [old, empty] = ["a", ""].map(|text| configuration(&here, &[("site.yaml", text)]));
    let mut clock = FakeClock::new(&old);
    clock.waits(0, &empty);
    assert_eq!(clock.see(1900, &old), SettlingStep::Same);
    assert_eq!(clock.waits(2500, &empty), 2000, "the earlier wait is not counted");
}

#[test]
fn a_deletion_is_used_after_ten_seconds_without_the_file() {
    let here = directory();
    let old = configuration(&here, &[("site.yaml", "a"), ("mine.yaml", "b")]);
    let gone = configuration(&here, &[("mine.yaml", "b")]);
    let changed = configuration(&here, &[("mine.yaml", "c")]);
    let mut clock = FakeClock::new(&old);
    assert_eq!(clock.waits(0, &gone), 10_000);
    clock.waits(1000, &changed);
    let both = configuration(&here, &[("site.yaml", "a"), ("mine.yaml", "c")]);
    assert_eq!(clock.settles(3000, &changed), both, "another change does not wait for the deletion");
    assert_eq!(clock.waits(3000, &changed), 7000);
    assert_eq!(clock.settles(10_000, &changed), changed);
}

#[test]
fn a_file_that_is_missing_briefly_keeps_its_content() {
    let here = directory();
    let old = configuration(&here, &[("_config.yml", "a")]);
    let (gone, new) = (configuration(&here, &[]), configuration(&here, &[("_config.yml", "b")]));
    let mut clock = FakeClock::new(&old);
    clock.waits(0, &gone);
    clock.waits(9900, &gone);
    assert_eq!(clock.waits(9950, &new), 2000);
    assert_eq!(clock.settles(12_000, &new), new);
}

#[test]
fn files_that_change_together_are_used_together_after_at_most_ten_seconds() {
    let here = directory();
    let at = |site: &str, other: &str| configuration(&here, &[("site.yaml", site), ("_config.yml", other)]);
    let mut clock = FakeClock::new(&at("a", "a"));
    clock.waits(0, &at("b", "a"));
    clock.waits(1500, &at("b", "b"));
    clock.waits(2500, &at("b", "b"));
    assert_eq!(clock.settles(3500, &at("b", "b")), at("b", "b"));
    // A file that is written every second delays the others, but not for ever.
    for second in 0..10 {
        clock.waits(10_000 + second * 1000, &at("c", &second.to_string()));
    }
    assert_eq!(clock.settles(20_000, &at("c", "9")), at("c", "b"), "the file that is still being written is not used");
}

#[test]
fn a_new_section_page_is_used_at_once_and_a_changed_one_like_other_files() {
    let here = directory();
    let at = |files: &[(&str, &str)]| configuration(&here, files);
    let mut clock = FakeClock::new(&at(&[("site.yaml", "a")]));
    clock.waits(0, &at(&[("site.yaml", "b")]));
    let seen = at(&[("site.yaml", "b"), ("x/_index.md", "a")]);
    assert_eq!(clock.settles(500, &seen), at(&[("site.yaml", "a"), ("x/_index.md", "a")]));
    assert_eq!(clock.waits(600, &at(&[("site.yaml", "b"), ("x/_index.md", "b")])), 2000);
}

#[test]
fn a_replaced_directory_is_used_with_its_configuration_and_its_deletions() {
    let (here, other) = (directory(), directory());
    let old = configuration(&here, &[("site.yaml", "a"), ("_config.yml", "a")]);
    let new = configuration(&other, &[("site.yaml", "b")]);
    let mut clock = FakeClock::new(&old);
    assert_eq!(clock.waits(0, &new), 2000);
    assert_eq!(clock.settles(2000, &new), new);
    assert_eq!(clock.see(2000, &new), SettlingStep::Same);
}

#[test]
fn a_replaced_directory_waits_two_seconds_even_if_its_configuration_is_unchanged() {
    let (here, other) = (directory(), directory());
    let [old, new, later] =
        [(&here, "a"), (&other, "a"), (&other, "b")].map(|(root, text)| configuration(root, &[("site.yaml", text)]));
    let mut clock = FakeClock::new(&old);
    assert_eq!(clock.waits(0, &new), 2000);
    assert_eq!(clock.waits(1000, &later), 2000, "site.yaml comes later");
    assert_eq!(clock.settles(3000, &later), later);
}

#[test]
fn a_configuration_that_changes_before_its_directory_waits_no_longer_than_the_directory() {
    let (here, other) = (directory(), directory());
    let old = configuration(&here, &[("site.yaml", "a")]);
    let first = configuration(&here, &[("site.yaml", "b")]);
    let then = configuration(&other, &[("site.yaml", "b")]);
    let mut clock = FakeClock::new(&old);
    clock.waits(0, &first);
    assert_eq!(clock.waits(1500, &then), 2000);
    assert_eq!(clock.settles(3500, &then), then);
}

#[test]
fn a_directory_that_is_replaced_repeatedly_is_used_after_four_seconds() {
    let roots: Vec<_> = (0..6).map(|_| directory()).collect();
    let at = |root: usize| configuration(&roots[root], &[("site.yaml", &root.to_string())]);
    let mut clock = FakeClock::new(&at(0));
    for (second, root) in (0..).zip(1..5) {
        clock.waits(second * 1000, &at(root));
    }
    assert_eq!(clock.settles(4000, &at(5)), at(5));
}

#[test]
fn a_directory_that_was_refused_is_tried_again_and_its_changes_settle() {
    let (here, other) = (directory(), directory());
    let [old, empty, half, whole] = [(&here, "a"), (&other, "a"), (&other, "b"), (&other, "c")]
        .map(|(root, text)| configuration(root, &[("site.yaml", text)]));
    let mut clock = FakeClock::new(&old);
    clock.waits(0, &empty);
    for second in 0..30 {
        assert_eq!(clock.see(2000 + second * 1000, &empty), SettlingStep::Settled(empty.clone()));
        let now = clock.start + Duration::from_secs(2 + second);
        clock.settling.refuse(now);
    }
    assert_eq!(clock.waits(32_000, &half), 2000);
    clock.waits(33_000, &whole);
    assert_eq!(clock.settles(35_000, &whole), whole);
}

#[test]
fn a_missing_content_directory_changes_nothing_and_neither_does_its_return() {
    let here = directory();
    let old = configuration(&here, &[("site.yaml", "a"), ("_config.yml", "a")]);
    let gone = Configuration { root: None, ..configuration(&here, &[("site.yaml", "b")]) };
    let mut clock = FakeClock::new(&old);
    clock.waits(0, &gone);
    let kept = configuration(&here, &[("site.yaml", "b"), ("_config.yml", "a")]);
    assert_eq!(clock.settles(2000, &gone), kept);
    assert_eq!(clock.see(60_000, &gone), SettlingStep::Same);
    assert_eq!(clock.see(61_000, &kept), SettlingStep::Same);
}

#[test]
fn replaced_feeds_are_used_with_their_deletions_unless_they_are_empty() {
    let (here, other) = (directory(), directory());
    let old = configuration(&here, &[("site.yaml", "a"), ("mine.yaml", "a")]);
    let with = |files: &[(&str, &str)]| Configuration {
        feeds: FeedsRoot::of(other.path()).ok(),
        ..configuration(&here, files)
    };
    let mut clock = FakeClock::new(&old);
    assert_eq!(clock.waits(0, &with(&[("site.yaml", "a")])), 2000);
    assert_eq!(clock.settles(2000, &with(&[("site.yaml", "a")])), with(&[("site.yaml", "a")]));
    let mut clock = FakeClock::new(&old);
    assert_eq!(clock.waits(0, &with(&[])), 10_000, "an unmounted volume leaves an empty directory");
}
