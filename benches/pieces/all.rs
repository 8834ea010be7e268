//! The benchmarks: each is prepared once and can be run any number of times. `pieces.rs` measures times,
//! `count.rs` instructions.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::article::body::Markup;
use feedmill::article::{self, ParseOptions, Source};
use feedmill::content_path::ContentPath;
use feedmill::document::{Document, DocumentType, Encoding, Newest};
use feedmill::feed::select::{self, Entries};
use feedmill::key::FeedKey;
use feedmill::library::{ChangeBatch, File, Library};
use feedmill::render;
use feedmill::server::negotiate;
use feedmill::site::{Format, RawSite, Rules, SiteInputs};
use feedmill::syntax::date;
use feedmill::syntax::front_matter;

/// The name of a benchmark, and the code of one run.
pub type Piece = (&'static str, Box<dyn FnMut()>);

const ENTRIES: usize = 30;

/// Keeps the compiler from removing work whose result is not used.
fn doing<T>(mut work: impl FnMut() -> T + 'static) -> Box<dyn FnMut()> {
    Box::new(move || {
        black_box(work());
    })
}

/// All benchmarks.
pub fn all() -> Vec<Piece> {
    let library = library();
    let masthead = Arc::new(select::masthead(&library, None));
    let before = imbl::HashMap::new();
    let feed = select::feed(&library, &FeedKey::SITE, &masthead, &mut Entries::new(&library, &before)).unwrap();
    let rss = render::document(&feed, Format::Rss).bytes(Encoding::Identity);
    let options = library.rules().site.options.clone();
    let zones = options.zones.clone();
    let text = text(0);
    let body = body(0);
    let block = text.clone();
    let fresh = move || {
        let newest = Newest::At(DateTime::<Utc>::UNIX_EPOCH);
        Document::new("/rss.xml", "application/xml", DocumentType::Feed(Format::Rss), newest, rss.to_vec())
    };
    let (gzip, brotli) = (fresh.clone(), fresh);
    let shown = feed.clone();
    vec![
        ("front matter", doing(move || front_matter::parse(&block))),
        ("skim, a whole article", doing(move || parse_front_matter(&text, &options))),
        ("date", doing(move || date::parse("Wed, 04 Aug 2021 14:56:46 GMT", &zones, date::Order::Unclear))),
        (
            "sanitise, 4 kB",
            doing(move || render::content::html(&body, Markup::HTML, &|_: render::content::Reference, _: &str| None)),
        ),
        (
            "select, 30 entries",
            doing(move || select::feed(&library, &FeedKey::SITE, &masthead, &mut Entries::new(&library, &before))),
        ),
        ("render RSS, 30 entries", doing(move || render::document(&feed, Format::Rss))),
        ("render JSON, 30 entries", doing(move || render::document(&shown, Format::Json))),
        ("compress, gzip", doing(move || gzip().bytes(Encoding::Gzip))),
        ("compress, brotli", doing(move || brotli().bytes(Encoding::Brotli))),
        ("negotiate", doing(|| negotiate::encoding(black_box(Some("gzip, deflate, br;q=0.5"))))),
    ]
}

fn parse_front_matter(text: &str, options: &ParseOptions) -> article::Metadata {
    let place = ContentPath::new("c/p.md");
    article::parse_front_matter(&Source { place: &place, bytes: text.as_bytes(), modified: None }, options)
}

/// A body in the form that aggregators write; each one is different.
fn body(number: usize) -> String {
    let paragraph = |at: usize| {
        let character = |word: usize| {
            let one_of_many = u32::try_from((number * 7919 + at * 104_729 + word * 613) % 5000);
            char::from_u32(0x4e00 + one_of_many.unwrap_or_default())
        };
        format!("<p>{}，从不问它去了哪里。</p>", (0..20).filter_map(character).collect::<String>())
    };
    format!(
        "<div>   \n{}<img src=\"https://img.example/{number}.jpeg\">  \n</div>",
        (0..40).map(paragraph).collect::<String>()
    )
}

fn text(number: usize) -> String {
    format!(
        "\n---\ntitle: 'Article {number}'\ncategories: \n - 新闻\n - 科学\n - 分类\nheadimg: 'https://img.example/{number}.jpeg'\n\
         author: 作者\ncomments: false\ndate: Wed, 04 Aug 2021 14:{:02}:46 GMT\n---\n\n{}\n",
        number % 60,
        body(number)
    )
}

/// A library with the articles of one feed.
fn library() -> Library {
    let written = RawSite::parse("site.yaml", "title: Example News\n").unwrap();
    let situation =
        SiteInputs { base_url: Some("https://feeds.example.org/"), ..SiteInputs::new(feedmill::generator::hexo::HEXO) };
    let rules = Arc::new(Rules::new(written.check(situation).unwrap(), BTreeMap::new()));
    let now: DateTime<Utc> = "2026-01-05T12:00:00Z".parse().unwrap();
    let mut batch = ChangeBatch::default();
    for number in 0..ENTRIES {
        let place = ContentPath::new(&format!("c/p{number}.md"));
        let text = text(number);
        let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
        let read = article::read(&source, &rules.site.options);
        batch.articles.insert(place, Some(File::Full(Box::new(read))));
    }
    let (library, _) = Library::empty(rules, now).apply(batch, now);
    assert_eq!((library.published_count(), library.missing().len()), (ENTRIES, 0));
    library
}
