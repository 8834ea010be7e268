//! Asks the hosts of images and attachments, several at once, and each host about one image after the other.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;

use crate::fetch::{self, Answer, Client, Expected, Question};
use crate::lock::lock;
use crate::remote_images::Record;
use crate::site::{ImageSettings, Referer};
use crate::text::{Address, host};

/// How long a host is left alone that refuses requests without saying for how long.
const SHORTEST_PAUSE: Duration = Duration::from_hours(1);
/// How long a host may ask to be left alone. Images are asked about once a day at most.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// An image to ask about.
#[derive(Debug)]
pub(super) struct ImageJob {
    pub url: Address,
    pub expected: Expected,
    /// The page that shows it, which some hosts want as Referer.
    pub page: Address,
    pub before: Option<Record>,
}

/// Hosts that asked for a pause, and until when.
#[derive(Debug, Default)]
pub(super) struct Pauses(Mutex<HashMap<String, Instant>>);

impl Pauses {
    fn add(&self, host: &str, pause: Duration) {
        if let Some(end) = Instant::now().checked_add(pause) {
            lock(&self.0).insert(host.to_owned(), end);
        }
    }

    fn lasts(&self, host: &str) -> bool {
        lock(&self.0).get(host).is_some_and(|end| *end > Instant::now())
    }
}

/// Asks about all images, `most` hosts at once, and passes each answer to `answered`, with the names of the referers that
/// were tried. A host that asks for a pause is left alone for the rest of the run.
pub(super) fn ask_all(
    jobs: Vec<ImageJob>,
    most: usize,
    client: &Client,
    settings: &ImageSettings,
    pauses: &Pauses,
    answered: &(dyn Fn(&ImageJob, Answer, &[&str]) + Sync),
) {
    let hosts = Mutex::new(by_host(jobs));
    let work = || {
        while let Some((host, jobs)) = next(&hosts) {
            ask_host(&host, &jobs, client, settings, pauses, answered);
        }
    };
    let count = lock(&hosts).len().min(most);
    thread::scope(|scope| {
        for number in 1..count {
            // If no more threads may be started, those that run do the work.
            let thread = thread::Builder::new().name(format!("images-{number}"));
            if thread.spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
}

type Hosts = VecDeque<(String, Vec<ImageJob>)>;

fn next(hosts: &Mutex<Hosts>) -> Option<(String, Vec<ImageJob>)> {
    lock(hosts).pop_front()
}

/// Sorts images by host, in the order of the first image of each host.
fn by_host(jobs: Vec<ImageJob>) -> Hosts {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut hosts = Hosts::new();
    for job in jobs {
        let host = host(job.url.as_str()).to_owned();
        let place = *places.entry(host.clone()).or_insert(hosts.len());
        match hosts.get_mut(place) {
            Some((_, jobs)) => jobs.push(job),
            None => hosts.push_back((host, vec![job])),
        }
    }
    hosts
}

fn ask_host(
    host: &str,
    jobs: &[ImageJob],
    client: &Client,
    settings: &ImageSettings,
    pauses: &Pauses,
    answered: &(dyn Fn(&ImageJob, Answer, &[&str]) + Sync),
) {
    let mut is_over = pauses.lasts(host);
    for job in jobs {
        if is_over {
            answered(job, Answer::Busy(None), &[]);
            continue;
        }
        let referers = Referers::of(job, settings);
        let values: Vec<Option<&str>> = referers.0.iter().map(|(_, value)| value.as_deref()).collect();
        let names: Vec<&str> = referers.0.iter().map(|(name, _)| *name).collect();
        let validator = job.before.as_ref().map(|before| before.validator.as_str()).filter(|tag| !tag.is_empty());
        let question = Question { url: &job.url, expected: job.expected, validator, referers: &values };
        let answer = fetch::probe(client, question, Utc::now());
        if let Answer::Busy(pause) = &answer {
            is_over = true;
            pauses.add(host, pause.unwrap_or_default().clamp(SHORTEST_PAUSE, LONGEST_PAUSE));
        }
        answered(job, answer, &names);
    }
}

/// The values of Referer to try for an image, with the names under which `images.facts` remembers them.
struct Referers(Vec<(&'static str, Option<String>)>);

impl Referers {
    fn of(job: &ImageJob, settings: &ImageSettings) -> Self {
        let host = host(job.url.as_str());
        let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        let name = name.map_or(host, |(name, _)| name);
        if let Some(referer) = settings.referer(name) {
            return Self(vec![match referer {
                Referer::None => ("", None),
                Referer::Url(url) => ("", Some(url.as_str().to_owned())),
            }]);
        }
        let scheme = job.url.as_str().split("://").next().unwrap_or("https");
        let mut all = vec![
            ("none", None),
            ("origin", Some(format!("{scheme}://{host}/"))),
            ("article", Some(job.page.as_str().to_owned())),
        ];
        if let Some(before) = &job.before {
            // A stable sort: the one that worked comes first.
            all.sort_by_key(|(name, _)| *name != before.referer);
        }
        Self(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(url: &str) -> ImageJob {
        let page = Address::parse("https://news.example/a/").unwrap();
        ImageJob { url: Address::parse(url).unwrap(), expected: Expected::Image, page, before: None }
    }

    #[test]
    fn images_of_one_host_stay_together_and_in_order() {
        let jobs = ["https://a.example/1", "https://b.example/1", "https://a.example/2"].map(job).into();
        let hosts = by_host(jobs);
        let urls: Vec<Vec<&str>> =
            hosts.iter().map(|(_, jobs)| jobs.iter().map(|job| job.url.as_str()).collect()).collect();
        assert_eq!(urls, [vec!["https://a.example/1", "https://a.example/2"], vec!["https://b.example/1"]]);
    }

    #[test]
    fn the_referer_that_worked_is_tried_first_and_site_yaml_decides_alone() {
        let site = |yaml: &str| crate::site::sample::rules(yaml, crate::generator::plain::PLAIN);
        let rules = site("images: {referer: {\"*.sinaimg.cn\": none, \"b.example\": \"https://sspai.com/\"}}\n");
        let of = |job: &ImageJob| Referers::of(job, &rules.site.images).0;
        let mut known = job("http://a.example:81/x");
        let (none, origin, article) = (
            ("none", None),
            ("origin", Some("http://a.example:81/".to_owned())),
            ("article", Some("https://news.example/a/".to_owned())),
        );
        assert_eq!(of(&known), [none.clone(), origin.clone(), article.clone()]);
        known.before = Some(Record { referer: "article".to_owned(), ..Record::new() });
        assert_eq!(of(&known), [article, none, origin]);
        assert_eq!(of(&job("https://wx1.sinaimg.cn/x")), [("", None)]);
        assert_eq!(of(&job("https://b.example/x")), [("", Some("https://sspai.com/".to_owned()))]);
    }
}
