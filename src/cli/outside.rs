//! The flags of the commands about what is in front of feedmill: `doctor`, `stats` and `edge`.

use std::path::PathBuf;

use clap::Args;

use super::{CompareFormat, EdgeProduct, Places, TableFormat};

/// `feedmill doctor`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
It fetches the feeds of the site, those of the largest other feed, the catalogue, the start page, an image and some
redirects with the headers of Miniflux, FreshRSS, NetNewsWire, newsboat, feedparser, Nextcloud News, Liferea, Feedly and a
browser, and compares the responses with what this program would answer for the same files. It needs the articles and feeds/
of the running site.

That everything passes from one network is no proof against bot walls: they judge the network of a client, its TLS and how
often it asks. Run it from several networks, and look for status 403 and 503 in the log of the proxy.

What it finds:
  challenge           a page that asks for a browser came instead of the document
  blocked             an error status, or no answer at all
  certificate         a certificate that clients do not trust
  redirects           the public URL redirects, or a redirect of feedmill leads elsewhere
  self-link           the feeds name another URL as their own
  rewritten           bytes that no edition had (`byte`: the first that differs)
  stale               a copy that is older than its Cache-Control allows
  vary                Vary: Accept-Encoding is lost, or a coding came that was not accepted
  media-type          another Content-Type
  etag-lost, etag-changed, last-modified-lost
                      validators that do not arrive as they were sent
  no-304              a conditional request gets the document again
  head                HEAD is answered unlike GET
  plain-http, no-ipv6 notes, which do not count for the exit code

Examples:
  feedmill doctor https://feeds.example.org --content source
  feedmill doctor --format json | jq '.findings[] | {code, clients, message}'

Exit codes: 0 no findings, 1 findings, 2 could not run.")]
pub(crate) struct Doctor {
    /// The public URL to check [default: the base URL]
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
    /// Format of the report [default: text]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_FORMAT")]
    pub format: Option<CompareFormat>,
}

/// `feedmill stats`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
It reads logs in the combined format (nginx, Apache, feedmill's own), JSON of Caddy, standard logs of CloudFront, and the
logs of `feedmill --access-log on`, in any order, also compressed with gzip.

Subscribers are the numbers that aggregators such as Feedly give in their User-Agent: the last one within 48 hours of each
document, added for the formats of a feed. Direct readers are the distinct networks (/24 of IPv4, /48 of IPv6) and client
families of the last whole day in UTC, estimated within about 2 %. Anybody can send any User-Agent, so take the numbers as
what clients claim. A client wasted a response if it fetched the same one before, without a 304.

Examples:
  feedmill stats /var/log/nginx/access.log*
  feedmill stats --format json caddy.json | jq '.feeds[] | {feed, direct}'

Exit codes: 0 done, 2 could not run.")]
pub(crate) struct Stats {
    /// Access logs, or such logs compressed with gzip; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Format of the report [default: text]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_FORMAT")]
    pub format: Option<TableFormat>,
}

/// `feedmill edge`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Feed readers are programs. A challenge that asks for a browser ends their subscriptions without a message, and a proxy that
compresses or rewrites makes them fetch every feed again and again. The rules cache as feedmill says, let everything that
readers fetch pass without a challenge (also former URLs from `redirects` of site.yaml), and rewrite nothing.

nginx: server blocks to include in http {}. caddy: a Caddyfile. anubis: a policy file for POLICY_FNAME. cloudflare: JSON, for
each phase the rules to add to its ruleset, by the API or by copying `expression` into the dashboard.

Examples:
  feedmill edge --for nginx --base-url https://feeds.example.org > /etc/nginx/conf.d/feeds.conf
  feedmill edge --for caddy --base-url https://feeds.example.org --upstream http://10.0.0.7:8080

Exit codes: 0 printed, 2 could not run.")]
pub(crate) struct Edge {
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
    /// The program or service in front
    #[arg(long = "for", value_name = "PRODUCT", env = "FEEDMILL_EDGE_FOR")]
    pub product: EdgeProduct,
    /// Where feedmill listens, as the proxy sees it: a URL, or unix:PATH [default: <http://127.0.0.1:8080>]
    #[arg(long, value_name = "URL", env = "FEEDMILL_UPSTREAM")]
    pub upstream: Option<String>,
}
