//! Configuration files for the host of a build: the headers and redirects of `serve`, for nginx and
//! for static hosts.
//!
//! `build` writes them beside the documents. Their contents come from the edition and from the
//! response headers of the server.

use crate::commands::nginx_quoted as quoted;
use crate::edition::{Edition, Found, Redirects};
use crate::server::static_headers::{self, HeaderLines};
use crate::text::{decode_path, encode_path, push};

/// Headers for Netlify, Cloudflare Pages and others.
const HEADERS: &str = "_headers";
pub(super) const REDIRECTS: &str = "_redirects";
/// For an `include` in a `server` block of nginx.
const NGINX: &str = "_nginx.conf";
/// The paths of these files below the output directory.
pub(super) const FILES: [&str; 3] = [HEADERS, REDIRECTS, NGINX];

/// Limits of Cloudflare Pages: redirects, and redirects with a pattern.
const MOST_REDIRECTS: usize = 2_000;
const MOST_PATTERNS: usize = 100;

/// File names of documents. A document has the same headers in every directory.
const NAMES: [&str; 9] = [
    "rss.xml",
    "atom.xml",
    "feed.json",
    "feeds.opml",
    "feeds.json",
    "feed.css",
    "favicon.ico",
    "robots.txt",
    "index.html",
];

/// Media types by file extension, as in the `types` table of nginx.
const MEDIA: [(&str, &str); 25] = [
    ("image/jpeg", "jpg jpeg jpe jfif pjpeg"),
    ("image/png", "png apng"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/x-icon", "ico"),
    ("image/tiff", "tif tiff"),
    ("image/svg+xml", "svg"),
    ("audio/mpeg", "mp3"),
    ("audio/x-m4a", "m4a m4b"),
    ("audio/aac", "aac"),
    ("audio/ogg", "ogg oga opus"),
    ("audio/wav", "wav"),
    ("audio/flac", "flac"),
    ("audio/webm", "weba"),
    ("video/mp4", "mp4"),
    ("video/x-m4v", "m4v"),
    ("video/quicktime", "mov qt"),
    ("video/webm", "webm"),
    ("video/ogg", "ogv"),
    ("video/x-matroska", "mkv"),
    ("application/pdf", "pdf"),
    ("text/vtt", "vtt"),
    ("application/x-subrip", "srt"),
];

/// Media types whose responses have more headers, by file extension.
const GUARDED: [(&str, &str); 3] =
    [("image/svg+xml", "svg"), ("application/epub+zip", "epub"), ("application/zip", "zip|cbz")];

/// The data for all three files.
pub(super) struct HostingFacts<'a> {
    edition: &'a Edition,
    /// The path of the base URL, percent-encoded and decoded.
    base: (String, String),
    documents: Vec<(&'static str, HeaderLines)>,
    /// Media files whose file extension does not match their content.
    odd: Vec<(String, &'static str)>,
    /// Feeds by the parameter `feed` of the start page.
    parameters: Vec<(&'static str, String)>,
}

impl<'a> HostingFacts<'a> {
    pub(super) fn of(edition: &'a Edition, addresses: &[String]) -> Self {
        let named = |name: &&'static str| {
            let end = format!("/{name}");
            let address = match *name {
                "index.html" => edition.base_path(),
                _ => addresses.iter().find(|address| address.ends_with(&end))?,
            };
            match edition.find(address) {
                Found::Document(document) => Some((*name, static_headers::document(&document, edition.feed_cache()))),
                _ => None,
            }
        };
        let library = edition.library();
        let odd = library.media_paths().filter_map(|path| {
            let media_type = library.media(path)?.media_type;
            (by_name(path) != Some(media_type)).then(|| (path.to_string(), media_type))
        });
        let base = edition.base_path().to_owned();
        let decoded = decode_path(&base).unwrap_or_else(|| base.clone());
        Self {
            edition,
            base: (base, decoded),
            documents: NAMES.iter().filter_map(named).collect(),
            odd: odd.collect(),
            parameters: edition.feeds_by_parameter().collect(),
        }
    }

    /// Returns one of [`FILES`]. A site with many feeds has megabytes of redirects, so nothing is kept.
    /// Takes no permit: while the redirects are resolved on all cores, this thread may run another job that needs one.
    pub(super) fn file(&self, name: &str) -> String {
        match name {
            HEADERS => self.headers(),
            REDIRECTS => self.redirects(),
            _ => self.nginx(),
        }
    }

    /// The text of `_headers`. Each rule has one pattern, and no two rules that match the same URL have the same header,
    /// because hosts join the values of a header if several rules match.
    fn headers(&self) -> String {
        let base = &self.base.0;
        let mut text = "# Written by `feedmill build`; each build overwrites it.\n".to_owned();
        let mut rule = |pattern: &str, lines: &HeaderLines| {
            push!(text, "\n{pattern}\n");
            for (name, value) in lines {
                push!(text, "  {name}: {value}\n");
            }
        };
        for (name, lines) in &self.documents {
            if *name == "index.html" {
                // A host that ignores the trailing slash of a pattern applies this rule to feeds
                // too. These headers do no harm there.
                let harmless = ["content-security-policy", "referrer-policy", "x-content-type-options"];
                let lines = lines.iter().filter(|(name, _)| harmless.contains(&name.as_str())).cloned().collect();
                rule(&format!("{base}*/"), &lines);
            } else {
                rule(&format!("{base}*{name}"), lines);
            }
        }
        let common = static_headers::media("image/png");
        rule(&format!("{base}media/*"), &common);
        for (media_type, extensions) in GUARDED {
            let mut guards = static_headers::media(media_type);
            guards.retain(|line| !common.contains(line));
            for extension in extensions.split('|') {
                rule(&format!("{base}media/*.{extension}"), &guards);
            }
        }
        text
    }

    /// The text of `_redirects`. Exact URLs come first, because the first match counts.
    fn redirects(&self) -> String {
        let mut text = "# Written by `feedmill build`; each build overwrites it.\n".to_owned();
        let moves = self.edition.redirects();
        let moved = moves.iter().filter_map(|(from, to)| match to {
            Redirects::Moved(to) => Some((from, to)),
            Redirects::Below(_) | Redirects::Gone => None,
        });
        for (from, to) in moved.take(MOST_REDIRECTS) {
            push!(text, "{} {to} 301\n", encode_path(from));
        }
        let below = moves.iter().filter_map(|(from, to)| match to {
            Redirects::Below(to) => Some((from, to)),
            Redirects::Moved(_) | Redirects::Gone => None,
        });
        for (from, to) in below.take(MOST_PATTERNS) {
            push!(text, "{}* {to}:splat 301\n", encode_path(from));
        }
        text
    }

    fn nginx(&self) -> String {
        let base = &self.base.1;
        let escaped = quoted(&regex::escape(base));
        let mut text = NGINX_START.to_owned();
        for file in [HEADERS, REDIRECTS, NGINX, ".feedmill"] {
            push!(text, "location = /{file} {{ return 404; }}\n");
        }
        for (name, lines) in &self.documents {
            push!(text, "\nlocation ~ \"^{escaped}(?:.*/)?{}$\" {{\n", quoted(&regex::escape(name)));
            located(&mut text, lines);
        }
        push!(text, "\nlocation ^~ {} {{\n    types {{\n", text_of(&format!("{base}media/")));
        for (media_type, extensions) in MEDIA {
            push!(text, "        {media_type} {extensions};\n");
        }
        text.push_str("    }\n");
        add_headers(&mut text, &static_headers::media("image/png"));
        for (media_type, extensions) in GUARDED {
            push!(
                text,
                "    location ~* \"\\.(?:{extensions})$\" {{\n        types {{ {media_type} {}; }}\n",
                extensions.replace('|', " ")
            );
            add_headers(&mut text, &static_headers::media(media_type));
            text.push_str("    }\n");
        }
        text.push_str("}\n");
        for (path, media_type) in &self.odd {
            let address = format!("{base}media/{path}");
            if is_plain(&address) {
                push!(text, "location = {} {{\n", text_of(&address));
                let mut lines = static_headers::media(media_type);
                lines.insert(0, ("content-type".to_owned(), (*media_type).to_owned()));
                located(&mut text, &lines);
            }
        }
        if !self.parameters.is_empty() {
            push!(text, "\nlocation = {} {{\n", text_of(base));
            for (value, to) in &self.parameters {
                push!(text, "    if ($arg_feed = \"{value}\") {{ return 301 \"{}\"; }}\n", self::value(to));
            }
            text.push_str("}\n");
        }
        text.push('\n');
        for (from, to) in self.edition.redirects().iter().filter(|(from, _)| is_plain(from)) {
            match to {
                Redirects::Moved(to) => {
                    push!(text, "location = {} {{ return 301 \"{}\"; }}\n", text_of(from), value(to));
                }
                Redirects::Gone => push!(text, "location = {} {{ return 410; }}\n", text_of(from)),
                Redirects::Below(to) => {
                    let (start, rest) = (quoted(&regex::escape(from)), value(to));
                    push!(
                        text,
                        "location ^~ {} {{ rewrite \"^{start}(.*)$\" \"{rest}$1\" permanent; }}\n",
                        text_of(from)
                    );
                }
            }
        }
        text
    }
}

const NGINX_START: &str = r#"# Written by `feedmill build`; each build overwrites it. Include it in a server block whose root is this directory:
#
#     server {
#         listen 80;
#         root /srv/feeds;
#         include /srv/feeds/_nginx.conf;
#     }
#
# and reload nginx when site.yaml or the names of feeds changed. It needs the module gzip_static, which
# distributions build in; with the brotli module, `brotli_static on;` beside the include serves the .br files too.
index index.html;
gzip_static on;
gzip_vary on;
absolute_redirect off;
if ($request_uri ~ "^([^?]*/)index\.html(?:$|\?)") { return 301 $1; }
location ~ "\.(?:html|xml|json|opml|css|ico|txt)\.(?:gz|br)$" { return 404; }
"#;

/// Writes the rest of a `location` block with these headers, including the media type.
fn located(text: &mut String, lines: &HeaderLines) {
    if let Some((_, media_type)) = lines.iter().find(|(name, _)| name == "content-type") {
        push!(text, "    types {{ }}\n    default_type {};\n", text_of(media_type));
    }
    add_headers(text, lines);
    text.push_str("}\n");
}

fn add_headers(text: &mut String, lines: &HeaderLines) {
    for (name, value) in lines.iter().filter(|(name, _)| name != "content-type") {
        push!(text, "    add_header {name} \"{}\";\n", self::value(value));
    }
}

/// The media type that nginx would choose for this file extension.
fn by_name(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    let is_of = |extensions: &str| extensions.split([' ', '|']).any(|known| known == extension);
    MEDIA.iter().chain(&GUARDED).find(|(_, extensions)| is_of(extensions)).map(|(media_type, _)| *media_type)
}

/// Whether the text fits on one line.
fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// Quotes a text for nginx.
fn text_of(text: &str) -> String {
    format!("\"{}\"", quoted(text))
}

/// Quotes a value in which nginx expands variables. A dollar sign cannot be escaped there, but it
/// can be percent-encoded, because the value is a URL.
fn value(text: &str) -> String {
    quoted(text).replace('$', "%24")
}
