//! The HTTP server: finds the requested document in the current edition and sends it.
//!
//! `commands::serve` starts it with [`run`] and stops it with [`Running::stop`]. The server opens
//! no content file itself: for article pages and images it calls functions in [`AppState`]. A
//! client cannot be trusted, and only the headers listed in `request` affect a response.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use actix_http::error::DispatchError;
use actix_http::{Request, Response as HttpResponse};
use actix_service::ServiceFactory;
use actix_web::body::BoxBody;
use actix_web::dev::{Extensions, RequestHead, Server};
use actix_web::http::header::{CONTENT_LENGTH, HeaderValue, USER_AGENT};
use actix_web::http::{Method, StatusCode};
use bytes::Bytes;

use crate::content_path::ContentPath;
use crate::document::{Document, DocumentType};
use crate::edition::{Edition, Found};
use crate::publisher::Publisher;
use access_log::AccessLine;
use connection::{ClientStream, RequestTurn, TurnOwner};
use format_label::FormatLabel;
use health::Phase;
use listen::Listener;
use load::Limits;
use readers::AnsweredPoll;
use request::{RequestHeaders, Verb};
use response::{Body, Response};

mod access_log;
pub(crate) mod admin;
mod response;
mod request;
mod condition;
mod counters;
pub(crate) mod static_headers;
mod format_label;
mod blocking;
mod connection;
mod headers;
mod hub_counts;
pub(crate) mod health;
pub(crate) mod listen;
mod load;
mod media;
pub mod negotiate;
mod pool;
mod range;
mod readers;
mod running;

pub(crate) use access_log::AccessLog;
pub(crate) use counters::{Counters, DocumentKind, Figures, PanicSite, resident_bytes};
pub(crate) use health::Health;
pub(crate) use hub_counts::{HubCounts, PingOutcome};
pub(crate) use media::{ETag, Opened};
pub(crate) use pool::{Lane, NeedsPermit, Pool};
pub(crate) use readers::{ReaderCount, Readers, TrustedProxies};
pub(crate) use running::{OnEnd, Running, Stopped};

/// Returns the page of an article from the current content of its file, `None` for 404. May access
/// the disk. Fails in the short lane if it may have to wait for a permit.
pub(crate) type ArticleRenderer =
    Box<dyn Fn(&Edition, &ContentPath, Lane) -> Result<Option<Arc<Document>>, NeedsPermit> + Send + Sync>;

/// Opens an image by its key (the path below `/media/`), `None` for 404. May access the disk. Fails in
/// the short lane if it may have to wait for a permit.
pub(crate) type ImageOpener = Box<dyn Fn(&Edition, &str, Lane) -> Result<Option<Opened>, NeedsPermit> + Send + Sync>;

/// Everything that request handlers share.
pub(crate) struct AppState {
    /// Holds the current edition.
    pub publisher: Arc<Publisher>,
    pub article: ArticleRenderer,
    pub media: ImageOpener,
    /// Threads for work that blocks on the disk.
    pub files: Arc<Pool>,
    /// State behind `/healthz` and `/readyz`.
    pub health: Arc<Health>,
    pub count: Arc<Counters>,
    /// Whether requests are logged.
    pub access_log: AccessLog,
    pub proxies: TrustedProxies,
    pub reader_count: ReaderCount,
}

/// Limits on concurrent work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub workers: usize,
    /// Open connections. Above this number the connection that has been idle the longest is closed,
    /// or new ones wait to be accepted.
    pub connections: usize,
    /// Bytes of responses that clients have not read yet.
    pub answers: usize,
}

/// Longest URL that is accepted, in bytes; longer ones get 414. No URL of ours is nearly this long.
const LONGEST_ADDRESS: usize = 8192;
/// Most connections per worker; Actix has the same limit.
const MOST_CONNECTIONS: usize = 25_600;
/// Connections per worker above its limit, for the time in which others are being closed.
const BEYOND: usize = 16;

/// What answers the requests of one listener in one worker.
fn answering<S: Into<ClientStream> + 'static, T: Future<Output = ()> + 'static>(
    limits: Limits,
    state: Arc<AppState>,
    opened: running::Connections,
    stopping: impl Fn() -> T + 'static,
) -> impl ServiceFactory<S, Config = (), Response = (), Error = DispatchError, InitError = ()> {
    let count = Arc::clone(&state.count);
    let answer = move |request: Request, turn: Rc<RequestTurn>| {
        let state = Arc::clone(&state);
        async move { serve(&state, &request, &turn).await }
    };
    let opened = move |data: &mut Extensions| {
        count.connected();
        let count = Arc::clone(&count);
        opened.opened(data, move || count.disconnected());
    };
    connection::service(limits, stopping, opened, answer)
}

/// Serves the public URLs on these listeners until [`Running::stop`] is called. Calls `ended` when
/// the server ends, for whatever reason.
pub(crate) fn run(listeners: Vec<Listener>, state: AppState, size: Size, ended: OnEnd) -> io::Result<Running> {
    let state = Arc::new(state);
    let workers = size.workers.max(1);
    // Each worker has its own limits for each listener.
    let parts = workers * listeners.len().max(1);
    let connections = (size.connections / parts).clamp(1, MOST_CONNECTIONS);
    let limits = Limits { connections, bytes: size.answers / parts };
    let connections = running::Connections::default();
    let opened = connections.clone();
    Running::start("server", connections, ended, move || {
        // There is no `App` of actix-web, because the edition knows every URL and nothing has to be
        // routed.
        let mut server = Server::build()
            .workers(workers)
            .max_concurrent_connections((limits.connections + BEYOND) * listeners.len().max(1))
            .worker_max_blocking_threads(1)
            // The program handles signals itself.
            .disable_signals();
        let signal = server.graceful_shutdown_signal();
        let stopping = move || {
            let signal = signal.clone();
            async move { signal.notified().await }
        };
        for listener in listeners {
            let (state, opened, stopping) = (Arc::clone(&state), opened.clone(), stopping.clone());
            server = match listener {
                Listener::Tcp(listener) => server.listen("feeds", listener, move || {
                    answering(limits, Arc::clone(&state), opened.clone(), stopping.clone())
                }),
                Listener::Unix(listener) => server.listen_uds("feeds", listener, move || {
                    answering(limits, Arc::clone(&state), opened.clone(), stopping.clone())
                }),
            }?;
        }
        Ok(server.run())
    })
}

/// How far a request can be handled without blocking.
enum Step {
    Done(Response),
    Document(Arc<Edition>, Arc<Document>),
    Render(Arc<Edition>),
    Article(Arc<Edition>, ContentPath),
    Media(Arc<Edition>, Arc<str>),
}

async fn serve(state: &Arc<AppState>, request: &Request, turn: &Rc<RequestTurn>) -> HttpResponse<BoxBody> {
    let began = state.access_log.begin();
    let head = request.head();
    let step = guarded(&state.count, || route(state, head)).unwrap_or_else(|| Step::Done(response::failed()));
    let ((kind, format_label), mut response) = match step {
        Step::Done(response) => (NO_LABELS, response),
        Step::Document(edition, document) => {
            (labels(&document), blocking::document(state, head, &edition, document).await)
        }
        Step::Render(edition) => blocking::rendered(state, head, edition, turn).await,
        Step::Article(edition, place) => {
            let response = blocking::article(state, head, edition, place, turn).await;
            ((DocumentKind::Article, FormatLabel::Html), response)
        }
        Step::Media(edition, key) => {
            ((DocumentKind::Media, FormatLabel::Image), blocking::media(state, head, edition, key, turn).await)
        }
    };
    let is_refused = head.method == Method::GET && !turn.admits(response.body.length(), response.body.waiting());
    response = if is_refused { response::busy() } else { blocking::read(state, head, response).await };
    let bytes = match Verb::of(&head.method) {
        Some(Verb::Head) => 0,
        _ => response.body.length(),
    };
    let (status, reason) = (response.status, response.reason);
    let is_found = status.is_success() || status == StatusCode::NOT_MODIFIED;
    let format_label = if is_found { format_label } else { FormatLabel::Other };
    state.count.answered(kind, format_label, status, reason, bytes);
    let agent = head.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let poll = AnsweredPoll::of(head, (kind, status, reason), bytes, || state.proxies.client(head), agent);
    if let Some(poll) = poll.filter(|_| state.reader_count == ReaderCount::On) {
        state.count.readers.polled(poll);
    }
    if let Some(began) = began {
        let line = AccessLine { head, agent, kind, status, bytes, reason, poll };
        state.access_log.write(began, &line, &state.proxies, &state.count.readers);
    }
    let Response { status, mut headers, body, .. } = response;
    if !matches!(body, Body::None) {
        headers.line(&CONTENT_LENGTH, HeaderValue::from(body.length()));
    }
    let is_wanted = head.method != Method::HEAD;
    let (first, rest) = match body {
        Body::Bytes(bytes) if is_wanted => (bytes, None),
        Body::File { first, rest } if is_wanted => {
            (first, (rest.length() > 0).then(|| (rest, Arc::clone(&state.files))))
        }
        Body::None | Body::Bytes(_) | Body::Part(_) | Body::File { .. } => (Bytes::new(), None),
    };
    let next = if is_refused || request::is_last(head) { TurnOwner::Nobody } else { TurnOwner::Client };
    turn.respond(status, headers, first, rest, next)
}

/// Logs each feed that exceeds its byte budget, once, as soon as its size is known.
pub(crate) fn tell_squeezed(edition: &Edition) {
    for path in edition.newly_over_budget() {
        tracing::info!("the feed /{path} is over max_bytes: its oldest entries carry summaries or are left out");
    }
}

/// Runs `work` and returns `None` if it panics, so that the client gets a 500. In Actix a panic
/// would only close the connection.
fn guarded<T>(count: &Counters, work: impl FnOnce() -> T) -> Option<T> {
    // `work` changes nothing in place, so a panic leaves nothing half done.
    let done = catch_unwind(AssertUnwindSafe(work));
    if done.is_err() {
        count.panicked(PanicSite::Request);
        tracing::error!("a request caused a panic; the response was 500");
    }
    done.ok()
}

/// Handles everything that needs no disk access: the method, health checks, and the lookup in the
/// edition.
fn route(state: &AppState, head: &RequestHead) -> Step {
    let done = Step::Done;
    let verb = match Verb::of(&head.method) {
        None => return done(response::method_not_allowed()),
        Some(Verb::Options) => return done(response::options()),
        Some(verb) => verb,
    };
    let length = head.uri.path_and_query().map_or(0, |address| address.as_str().len());
    if length > LONGEST_ADDRESS {
        return done(response::address_too_long());
    }
    let edition = state.publisher.current();
    let path = head.uri.path();
    // Orchestrators do not know the path of the base URL.
    let below = path.strip_prefix(edition.base_path()).or_else(|| path.strip_prefix('/'));
    match below {
        Some("healthz") => return done(health::alive()),
        Some("readyz") => return done(health::ready(&state.health)),
        _ if state.health.phase() == Phase::Clock => return done(response::clock_is_wrong()),
        _ => {}
    }
    let request = RequestHeaders::new(verb, &head.headers);
    if path == edition.base_path()
        && let Some(address) = head.uri.query().and_then(|query| by_parameter(&edition, query))
        && let Some(moved) = response::moved(&address)
    {
        return done(moved);
    }
    let Ok(found) = edition.find_rendered(path) else {
        return Step::Render(edition);
    };
    match found {
        Found::Document(document) => {
            tell_squeezed(&edition);
            Step::Document(edition, document)
        }
        Found::Moved(address) => done(response::moved(&address).unwrap_or_else(|| missing(&request, &edition))),
        Found::Gone => done(response::absent(&request, StatusCode::GONE, &edition.gone())),
        Found::Missing => done(missing(&request, &edition)),
        Found::Article(place) => Step::Article(Arc::clone(&edition), place),
        Found::Media(key) => Step::Media(Arc::clone(&edition), key),
    }
}

/// Returns the URL of the feed that a query such as `feed=rss2` of the start page used to lead to. Feeds of single
/// categories and articles had numbers that feedmill does not know.
fn by_parameter(edition: &Edition, query: &str) -> Option<String> {
    let pairs = || query.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs().find(|(key, _)| *key == "feed")?.1;
    let is_of_part = pairs().any(|(key, _)| matches!(key, "cat" | "category_name" | "tag" | "author" | "p" | "s"));
    let mut known = edition.feeds_by_parameter().filter(|_| !is_of_part);
    known.find(|(known, _)| *known == value).map(|(_, address)| address)
}

const NO_LABELS: (DocumentKind, FormatLabel) = (DocumentKind::Other, FormatLabel::Other);

/// The labels of a document in metrics.
fn labels(document: &Document) -> (DocumentKind, FormatLabel) {
    let kind = match document.kind {
        DocumentType::Feed(_) | DocumentType::Opml => DocumentKind::Feed,
        DocumentType::Page => DocumentKind::Page,
        DocumentType::File => DocumentKind::Other,
    };
    (kind, FormatLabel::of(document.kind))
}

fn missing(request: &RequestHeaders, edition: &Edition) -> Response {
    response::absent(request, StatusCode::NOT_FOUND, &edition.not_found())
}

#[cfg(test)]
mod tests;
