//! Fuzzes whole files for every generator: reading must not panic, must not be slow, and must not drop a file
//! without a problem.
//!
//! The first byte selects options: `0` to `4` the generator; 5 more makes flat lists sets; and from `:` to
//! `C` the second line is repeated, because slow input is slow only in bulk. The rest is the file.
#![no_main]

use chrono::{DateTime, Datelike, Utc};
use feedmill::article::{Outcome, ParseOptions, Source, Undated, parse_front_matter, read};
use feedmill::content_path::ContentPath;
use feedmill::generator::Generator;
use feedmill::generator::category::{Directories, Lists};
use feedmill::syntax::date::Zones;
use libfuzzer_sys::fuzz_target;

mod bound;

/// The largest front matter that is allowed, and a little of a body.
const BULK: usize = 70_000;

const GENERATORS: [(Generator, &str, &str); 5] = [
    (feedmill::generator::plain::PLAIN, "notes/2015-05-00-a.fr.md", "UTC"),
    (feedmill::generator::hexo::HEXO, "_posts/a.md", "Asia/Shanghai"),
    (feedmill::generator::jekyll::JEKYLL, "go/_posts/2021-8-4-a.markdown", "America/Chicago"),
    (feedmill::generator::hugo::HUGO, "posts/a/index.zh-cn.md", "Pacific/Apia"),
    (feedmill::generator::zola::ZOLA, "blog/20210804_a.html", "Europe/Dublin"),
];

fn options(choice: usize) -> (ParseOptions, ContentPath) {
    let (generator, place, zone) = GENERATORS[choice % 5];
    let options = ParseOptions {
        generator,
        lists: if choice / 5 % 2 == 0 { Lists::Path } else { Lists::Set },
        directories: if choice / 10 % 2 == 0 { Directories::Silent } else { Directories::Categories },
        zones: Zones { default: zone.parse().unwrap(), ..Zones::default() },
        undated: if generator == feedmill::generator::zola::ZOLA { Undated::Mtime } else { Undated::Last },
        lead_keys: ["headimg", "image.src", "resources", "cover"].map(String::from).into(),
        address_keys: ["slug", "permalink"].map(String::from).into(),
        ..ParseOptions::new(generator)
    };
    (options, ContentPath::new(place))
}

/// Repeats the second line of the file until it has `BULK` bytes.
fn in_bulk(file: &[u8]) -> Vec<u8> {
    let mut lines = file.split_inclusive(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let second = lines.next().unwrap_or_default();
    let times = (BULK / second.len().max(1)).min(BULK / 4);
    [first, &second.repeat(times), &file[first.len() + second.len()..]].concat()
}

fn can_be_written(instant: Option<DateTime<Utc>>) {
    assert!(instant.is_none_or(|instant| (1900..=9999).contains(&instant.year())), "{instant:?}");
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, file)) = bytes.split_first() else {
        return;
    };
    let choice = usize::from(choice.wrapping_sub(b'0'));
    let (options, place) = options(choice);
    let bulk;
    let file = if (10..20).contains(&choice) {
        bulk = in_bulk(file);
        &bulk
    } else {
        file
    };
    let modified = DateTime::from_timestamp(1_628_089_006, 0);
    let source = Source { place: &place, bytes: file, modified };
    let detailed = bound::within(file.len(), || read(&source, &options));
    assert_eq!(bound::within(file.len(), || parse_front_matter(&source, &options)), detailed.skimmed);

    let lines = file.len() + 1;
    for position in detailed.skimmed.problems.iter().filter_map(|problem| problem.position) {
        assert!(position.line >= 1 && position.column >= 1 && position.line as usize <= lines, "{position:?}");
    }
    match &detailed.skimmed.outcome {
        Outcome::Article(article) => {
            assert!(detailed.detail.is_some());
            [article.published, article.updated, article.expires].into_iter().for_each(can_be_written);
            assert!(article.categories.iter().all(|path| !path.is_empty()), "{:?}", article.categories);
        }
        Outcome::Hidden(_) => {}
        Outcome::Broken => assert!(!detailed.skimmed.problems.is_empty(), "dropped without a problem"),
    }
});
