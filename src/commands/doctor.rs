//! `feedmill doctor`: asks the public URL as nine readers do, and compares the responses with what this program would
//! answer for the same files.

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, SystemTime};

use super::log::{self, WhenFull};
use super::{Failure, build, clock, images, load, threads};
use crate::cli::CompareFormat;
use crate::disk;
use crate::document::{DocumentType, Encoding};
use crate::edition::{Edition, Found};
use crate::feed::Format;
use crate::fetch::{DirectClient, DirectError, DirectMethod, DirectResponse, lacks_ipv6};
use crate::key::{FeedKey, Kind};
use crate::library::Members;
use crate::server::static_headers;
use crate::settings::DoctorSettings;
use crate::text::{Address, encode_path, host, printable};
use examine::{Examined, ExpectedDocument};
use finding::{DoctorFindings, Fault, FindingCode};
use readers::{FeedReader, READERS, SENDS_HEAD};

mod examine;
mod finding;
mod readers;
mod report;
mod wall;

/// The placeholder for a base URL that is not set.
const UNSET: &str = "http://base-url.invalid";
/// The longest time for one response.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The longest response.
const MOST: u64 = 64 << 20;
/// How long a server may ask for a pause, which is granted once for each request.
const LONGEST_PAUSE: u64 = 10;
/// How long a cache has to replace a copy that is too old, after the request that showed it.
const AGAIN: Duration = Duration::from_secs(2);
/// How many redirects are tried.
const REDIRECTS: usize = 5;

pub(super) fn run(settings: &DoctorSettings) -> Result<ExitCode, Failure> {
    super::take_signals();
    threads::start_loading("checking")?;
    log::start(&settings.places, WhenFull::Wait);
    let now = clock::now().map_err(Failure::new)?;
    load::find_content(&settings.places)?;
    let public = match &settings.url {
        Some(url) => Some(public_url(url)?),
        None => None,
    };
    let bound = public.as_ref().map_or(UNSET, |url| url.as_str().trim_end_matches('/')).to_owned();
    let edition = build::load_at(&settings.places, bound, now)?.1;
    let public = public.unwrap_or_else(|| edition.base().clone());
    if public.as_str().trim_end_matches('/') == UNSET {
        return Err(Failure::new(
            "there is no URL to check; write it as `feedmill doctor https://feeds.example.org`, or set base_url in site.yaml",
        ));
    }
    let client = DirectClient::new("feedmill", images::authorities(&settings.places)?.as_deref(), TIMEOUT, MOST);
    let places = [settings.places.content.as_path(), settings.places.feeds.as_path()];
    let quiet = || SystemTime::now().duration_since(disk::last_change(&places)?).ok();
    let mut visit =
        DoctorVisit { edition, public, client, quiet: &quiet, findings: DoctorFindings::default(), requests: 0 };
    visit.all()?;
    let DoctorVisit { public, findings, requests, .. } = visit;
    super::tell(&match settings.format {
        CompareFormat::Text => report::text(&findings),
        CompareFormat::Json => report::json(&public, &findings),
        CompareFormat::Github => report::github(&findings),
    })?;
    if settings.format != CompareFormat::Json {
        log::say(&report::total(&findings, requests));
    }
    Ok(if findings.is_faulty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn public_url(text: &str) -> Result<Address, Failure> {
    let url = Address::parse(&format!("{}/", text.trim_end_matches('/')));
    url.filter(|url| url.as_str().starts_with("http") && !url.as_str().contains(['?', '#'])).ok_or_else(|| {
        Failure::new(format!("`{text}` is not the public URL of feeds; write it as https://feeds.example.org"))
    })
}

/// The requests of one run, and what they found.
struct DoctorVisit<'a> {
    edition: Edition,
    /// The URL below which everything is asked for.
    public: Address,
    client: DirectClient,
    /// How long the files have not changed.
    quiet: &'a dyn Fn() -> Option<Duration>,
    findings: DoctorFindings,
    requests: usize,
}

impl DoctorVisit<'_> {
    fn all(&mut self) -> Result<(), Failure> {
        let is_plain = self.public.as_str().starts_with("http://");
        let root = self.public.to_string();
        let documents = self.documents();
        // Without a first answer from any reader, there is nothing to compare.
        if let Some(first) = documents.first() {
            match self.reach(first) {
                Ok(()) => {}
                Err(DirectError::Certificate(reason)) => {
                    let fault = Fault::new(FindingCode::Certificate, printable(&reason).into_owned());
                    self.findings.add(&root, None, fault);
                    return Ok(());
                }
                Err(error) => {
                    let host = host(&root);
                    return Err(Failure::new(format!("cannot reach {host}: {error}; check the URL and the network")));
                }
            }
        }
        let mut outdated = Vec::new();
        for expected in &documents {
            outdated.extend(self.document(expected).into_iter().map(|reader| (expected, reader)));
        }
        self.outdated(&outdated);
        self.media();
        self.redirects();
        if is_plain {
            self.findings.add(&root, None, Fault::new(FindingCode::PlainHttp, "the public URL is not https"));
        }
        if lacks_ipv6(&self.public) {
            let message = format!("{} has no IPv6 address", host(&root).split(':').next().unwrap_or_default());
            self.findings.add(&root, None, Fault::new(FindingCode::NoIpv6, message));
        }
        Ok(())
    }

    /// The documents to ask for: the feeds of the site, those of the largest other feed, the catalogue and the start page.
    fn documents(&self) -> Vec<ExpectedDocument> {
        let library = self.edition.library();
        let size = |key: &&FeedKey| library.members(key).map_or(0, Members::len);
        let other = library.keys().filter(|key| key.kind() != Kind::Site).max_by_key(size);
        let formats = &library.rules().site.feeds.formats;
        let feeds = |page: &str| {
            formats.iter().map(|format: &Format| format!("{page}{}", format.file_name())).collect::<Vec<_>>()
        };
        let mut paths = feeds("");
        paths.extend(other.map(|key| feeds(&library.path(key))).into_iter().flatten());
        paths.extend(["feeds.opml".to_owned(), String::new()]);
        paths.iter().filter_map(|below| self.expected(below)).collect()
    }

    fn expected(&self, below: &str) -> Option<ExpectedDocument> {
        let path = format!("{}{below}", self.edition.base_path());
        let Found::Document(document) = self.edition.find(&path) else { return None };
        let headers = static_headers::of_response(&document, self.edition.feed_cache());
        Some(ExpectedDocument { url: self.public.child(below).to_string(), path, document, headers })
    }

    /// Finds out whether any reader gets any answer.
    fn reach(&mut self, expected: &ExpectedDocument) -> Result<(), DirectError> {
        let mut failed = None;
        for reader in &READERS {
            match self.ask(reader, DirectMethod::Head, &expected.url, &[]) {
                Ok(_) => return Ok(()),
                Err(error) => failed = Some(error),
            }
            // Only some walls close the connections of some readers. The network fails for all.
            if matches!(failed, Some(DirectError::Certificate(_))) {
                break;
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Sends a request as a reader does. Waits once if the server asks for a pause.
    fn ask(
        &mut self,
        reader: &FeedReader,
        method: DirectMethod<'_>,
        url: &str,
        more: &[(&'static str, String)],
    ) -> Result<DirectResponse, DirectError> {
        let mut headers: Vec<(&str, &str)> = reader.headers();
        headers.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
        self.requests += 1;
        let response = self.client.send(method, url, &headers)?;
        if response.status != 429 {
            return Ok(response);
        }
        let pause = response.header("retry-after").and_then(|seconds| seconds.trim().parse().ok()).unwrap_or(1);
        if pause > LONGEST_PAUSE {
            return Ok(response);
        }
        thread::sleep(Duration::from_secs(pause));
        self.requests += 1;
        self.client.send(method, url, &headers)
    }

    /// Asks for a document as each reader does, first without conditions, then with the validators that came. Returns the
    /// readers that got a copy which is too old.
    fn document(&mut self, expected: &ExpectedDocument) -> Vec<&'static FeedReader> {
        let quiet = (self.quiet)();
        // With another base URL the server has other bytes in every document.
        let is_misnamed = self.findings.has(FindingCode::SelfLink);
        let of_bytes = [FindingCode::Rewritten, FindingCode::Stale, FindingCode::EtagChanged];
        let mut outdated = Vec::new();
        for reader in &READERS {
            let Some((response, examined)) = self.first_poll(expected, reader, quiet) else { continue };
            if examined.is_stale() && !is_misnamed {
                outdated.push(reader);
            }
            let is_sure =
                |fault: &&Fault| fault.code != FindingCode::Stale && !(is_misnamed && of_bytes.contains(&fault.code));
            for fault in examined.faults.iter().filter(is_sure) {
                self.findings.add(&expected.url, Some(reader.name), fault.clone());
            }
            if let Some(body) = &examined.body {
                self.second_poll(expected, reader, &response, body);
            }
            if std::ptr::eq(reader, SENDS_HEAD)
                && let Ok(head) = self.ask(reader, DirectMethod::Head, &expected.url, &[])
                && let Some(fault) = examine::head_fault(&response, &head)
            {
                self.findings.add(&expected.url, Some(reader.name), fault);
            }
        }
        outdated
    }

    /// Asks again where a copy was too old, because a cache may send such a copy once, while it fetches a new one.
    fn outdated(&mut self, outdated: &[(&ExpectedDocument, &FeedReader)]) {
        if !outdated.is_empty() {
            thread::sleep(AGAIN);
        }
        let quiet = (self.quiet)();
        for (expected, reader) in outdated {
            let Some((_, examined)) = self.first_poll(expected, reader, quiet) else { continue };
            for fault in examined.faults.into_iter().filter(|fault| fault.code == FindingCode::Stale) {
                self.findings.add(&expected.url, Some(reader.name), fault);
            }
        }
    }

    fn first_poll(
        &mut self,
        expected: &ExpectedDocument,
        reader: &FeedReader,
        quiet: Option<Duration>,
    ) -> Option<(DirectResponse, Examined)> {
        match self.ask(reader, DirectMethod::Get, &expected.url, &[]) {
            Ok(response) => {
                let examined = expected.examine(reader, &response, quiet);
                Some((response, examined))
            }
            Err(error) => {
                self.findings.add(&expected.url, Some(reader.name), Fault::no_answer(&error));
                None
            }
        }
    }

    fn second_poll(&mut self, expected: &ExpectedDocument, reader: &FeedReader, first: &DirectResponse, body: &[u8]) {
        let conditions = reader.conditions(first.header("etag"), first.header("last-modified"));
        if conditions.is_empty() {
            return;
        }
        let Ok(again) = self.ask(reader, DirectMethod::Get, &expected.url, &conditions) else { return };
        let message = match again.status {
            200 if again.decoded().as_deref() == Some(body) => {
                "a conditional request gets the same document again".to_owned()
            }
            // The document changed meanwhile.
            200 | 304 => return,
            status => format!("a conditional request gets status {status}"),
        };
        self.findings.add(&expected.url, Some(reader.name), Fault::new(FindingCode::No304, message));
    }

    /// Asks for the beginning of an image or enclosure, which walls against hot links often refuse.
    fn media(&mut self) {
        let Some(url) = self.media_url() else { return };
        for reader in &READERS {
            let range = [("Range", "bytes=0-99".to_owned())];
            let fault = match self.ask(reader, DirectMethod::Get, &url, &range) {
                Ok(response) => wall::challenge(&response, &response.body, DocumentType::File)
                    .map(|evidence| Fault::new(FindingCode::Challenge, evidence))
                    .or_else(|| (!matches!(response.status, 200 | 206)).then(|| Fault::status(response.status))),
                Err(error) => Some(Fault::no_answer(&error)),
            };
            if let Some(fault) = fault {
                self.findings.add(&url, Some(reader.name), fault);
            }
        }
    }

    /// The URL of an image that the feed of the site shows.
    fn media_url(&self) -> Option<String> {
        let format = self.edition.library().rules().site.feeds.formats.first()?.file_name();
        let Found::Document(document) = self.edition.find(&format!("{}{format}", self.edition.base_path())) else {
            return None;
        };
        let text = String::from_utf8_lossy(&document.bytes(Encoding::Identity)).into_owned();
        let start = self.edition.base().child("media/").to_string();
        let at = text.find(&start)?;
        let below = text[at + start.len()..].split(['"', '<', '&', ' ', '\\', '\'']).next()?;
        Some(self.public.child(&format!("media/{below}")).to_string())
    }

    /// Asks for some URLs that feedmill redirects.
    fn redirects(&mut self) {
        if self.findings.has(FindingCode::SelfLink) {
            return;
        }
        let reader = &READERS[0];
        for (from, to) in self.moved() {
            let Ok(response) = self.ask(reader, DirectMethod::Get, &from, &[]) else { continue };
            let base = Address::parse(&from);
            let location = response.header("location").unwrap_or_default();
            let reached = base.and_then(|base| Address::join(&base, &location)).filter(|_| !location.is_empty());
            let is_right = |reached: Address| reached.as_str() == to;
            if !matches!(response.status, 301 | 308) || !reached.is_some_and(is_right) {
                let gets = if location.is_empty() { String::new() } else { format!(" to {}", printable(&location)) };
                let message = format!("status {}{gets}, not 301 to {to}", response.status);
                self.findings.add(&from, None, Fault::new(FindingCode::Redirects, message));
            }
        }
    }

    /// Public URLs that redirect, each with its target.
    fn moved(&self) -> Vec<(String, String)> {
        let (base, base_path) = (self.edition.base().as_str(), self.edition.base_path());
        let of_site = self.edition.library().rules().site.legacy.redirects.keys();
        let of_site = of_site.map(|from| encode_path(from.trim_start_matches('/')));
        let own = ["categories", "tags", "index.html"].map(str::to_owned);
        let moved = of_site.take(REDIRECTS - 1).chain(own).filter_map(|below| {
            let Found::Moved(to) = self.edition.find(&format!("{base_path}{below}")) else { return None };
            // Redirects to other hosts are not changed by the public URL.
            let public = to.strip_prefix(base).map_or_else(|| to.clone(), |to| self.public.child(to).to_string());
            Some((self.public.child(&below).to_string(), public))
        });
        moved.take(REDIRECTS).collect()
    }
}
