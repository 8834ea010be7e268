//! `feedmill edge`: prints rules for a proxy, CDN or bot wall in front of feedmill.
//!
//! All of them follow from one description of the URL space: which URLs feed readers and caches must reach without a
//! challenge, and which must pass unchanged.

use std::process::ExitCode;

use super::load::Loader;
use super::{Failure, log};
use crate::cli::EdgeProduct;
use crate::settings::EdgeSettings;
use crate::site::root_of;
use crate::text::{Address, decode_path, encode_path, host};

mod anubis;
mod caddy;
mod cloudflare;
mod nginx;

/// What the rules are about.
struct EdgeSite {
    /// The public URL; `None` if no base URL is set.
    base: Option<Address>,
    /// Where feedmill listens.
    upstream: Upstream,
    /// Former URLs of feeds below the base URL, which lead to feeds.
    former: Vec<String>,
}

/// Where a proxy reaches feedmill.
enum Upstream {
    Url(Address),
    /// The path of a Unix socket.
    Socket(String),
}

/// How a product compares URL paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PathForm {
    /// Percent-encoded, as in the request.
    Encoded,
    /// Decoded.
    Decoded,
}

impl PathForm {
    fn of(self, path: &str) -> String {
        let decoded = decode_path(path).unwrap_or_else(|| path.to_owned());
        match self {
            Self::Encoded => encode_path(&decoded),
            Self::Decoded => decoded,
        }
    }
}

/// The ends of the URL paths of feeds and of the lists of feeds.
const FEED_ENDS: [&str; 5] = ["/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/feeds.json"];
/// What is below the base URL for programs too: images, enclosures and their style.
const PROGRAM_PATHS: [&str; 1] = ["media/"];

pub(super) fn run(settings: &EdgeSettings) -> Result<ExitCode, Failure> {
    let site = site(settings)?;
    super::tell(&match settings.product {
        EdgeProduct::Nginx => nginx::rules(&site),
        EdgeProduct::Caddy => caddy::rules(&site),
        EdgeProduct::Cloudflare => cloudflare::rules(&site),
        EdgeProduct::Anubis => anubis::rules(&site),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn site(settings: &EdgeSettings) -> Result<EdgeSite, Failure> {
    let upstream = upstream(&settings.upstream)?;
    let places = &settings.places;
    // The rules can be printed on another machine than that of the articles.
    if places.feeds_given || places.feeds.is_dir() {
        let loaded = Loader::new(places, UNSET.to_owned()).rules().map_err(|problems| Failure::of(&problems))?;
        loaded.problems.iter().for_each(log::problem);
        let site = &loaded.rules.site;
        let base = Some(site.identity.base.clone()).filter(|base| base.as_str() != format!("{UNSET}/"));
        let former = site.legacy.redirects.keys().chain(&site.legacy.gone).cloned().collect();
        return Ok(EdgeSite { base, upstream, former });
    }
    let base = match &places.base_url {
        None => None,
        Some(url) => Some(root_of(url).map_err(|(message, help)| Failure::new(format!("{message}; {help}")))?),
    };
    Ok(EdgeSite { base, upstream, former: Vec::new() })
}

fn upstream(text: &str) -> Result<Upstream, Failure> {
    let socket = text.strip_prefix("unix:").filter(|path| path.starts_with('/') && !path.contains(char::is_whitespace));
    let url = || Address::parse(text).filter(|url| url.path() == "/" && url.as_str().starts_with("http"));
    socket.map(|path| Upstream::Socket(path.to_owned())).or_else(|| url().map(Upstream::Url)).ok_or_else(|| {
        Failure::new(format!(
            "`{text}` is not the URL of a server; write it as --upstream http://127.0.0.1:8080, without a path, or as unix:/run/feedmill.sock"
        ))
    })
}

/// The placeholder for a base URL that is not set.
const UNSET: &str = "http://base-url.invalid";

impl EdgeSite {
    /// The host of the public URL, without its port.
    fn host(&self) -> Option<&str> {
        let host = host(self.base.as_ref()?.as_str());
        Some(host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(host, _)| host))
    }

    /// The port in the public URL.
    fn port(&self) -> Option<u16> {
        host(self.base.as_ref()?.as_str()).rsplit_once(':')?.1.parse().ok()
    }

    /// The path of the base URL, with a slash at both ends.
    fn path(&self, form: PathForm) -> String {
        form.of(self.base.as_ref().map_or("/", Address::path))
    }

    /// Former URLs below the base URL.
    fn former(&self, form: PathForm) -> impl Iterator<Item = String> {
        self.former.iter().map(move |from| form.of(from))
    }

    /// A regular expression for the paths that must never get a challenge. All products know this much of the syntax.
    fn open_paths(&self, form: PathForm) -> String {
        let path = escaped(&self.path(form));
        let ends: Vec<String> = FEED_ENDS.iter().map(|end| escaped(&end[1..])).collect();
        let programs = PROGRAM_PATHS.iter().map(|start| format!("{}.*", escaped(start)));
        let former = self.former(form).map(|from| {
            let from = escaped(from.trim_start_matches('/'));
            if from.ends_with('/') { format!("{from}.*") } else { from }
        });
        let others = programs.chain(["robots\\.txt".to_owned()]).chain(former);
        let others: Vec<String> = others.collect();
        format!("^{path}((.*/)?({})|{})$", ends.join("|"), others.join("|"))
    }
}

/// Replaces placeholders in one pass, so that text that is put in is never taken for a placeholder.
fn filled(template: &str, placeholders: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    let next = |rest: &str| {
        let places = placeholders.iter().filter_map(|(name, value)| Some((rest.find(name)?, *name, *value)));
        places.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, name, value)) = next(rest) {
        text.push_str(&rest[..at]);
        text.push_str(value);
        rest = &rest[at + name.len()..];
    }
    text.push_str(rest);
    text
}

/// Escapes what has a meaning in regular expressions.
fn escaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len() + 8);
    for letter in path.chars() {
        if "\\.+*?()|[]{}^$".contains(letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}
