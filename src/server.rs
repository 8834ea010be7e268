//! The server: a request comes in, the current edition is asked, an answer
//! goes out.
//!
//! Knows HTTP and Actix. Opens no file by itself: what lies outside the
//! edition (article pages, images) is asked of functions that the program
//! hands in. Nothing a client sends is trusted, and no header but those of
//! `request` changes an answer.

use std::future::ready;
use std::io;
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive, Request, Response as HttpResponse};
use actix_service::ServiceFactoryExt as _;
use actix_web::body::BoxBody;
use actix_web::dev::{Extensions, RequestHead, Server, fn_service};
use actix_web::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::rt::net::TcpStream;

use crate::article::Place;
use crate::document::{Document, Keep};
use crate::edition::{Edition, Found};
use crate::publisher::Publisher;
use connection::{ClientConnection, RequestTurn};
use format_label::FormatLabel;
use health::Phase;
use load::{Limits, WorkerLoad};
use request::{RequestHeaders, Verb};
use response::{Body, Response};

mod access_log;
pub mod admin;
mod response;
mod request;
mod condition;
mod counters;
pub mod static_headers;
mod format_label;
mod blocking;
mod connection;
mod headers;
pub mod health;
pub mod listen;
mod load;
mod media;
pub mod negotiate;
mod pool;
mod range;
mod running;

pub use access_log::AccessLog;
pub use counters::{Counters, Figures, Kind, PanicSite};
pub use health::Health;
pub use media::{Opened, Tag};
pub use pool::Pool;
pub use running::{Ended, Running, Stopped};

/// Finds the page of an article as its file is now. May touch the disk.
pub type Article = Box<dyn Fn(&Edition, &Place) -> Option<Arc<Document>> + Send + Sync>;

/// Opens an image by its key below `/media/`. May touch the disk.
pub type Images = Box<dyn Fn(&Edition, &str) -> Option<Opened> + Send + Sync>;

/// All that requests are answered from.
pub struct AppState {
    /// What is published.
    pub publisher: Arc<Publisher>,
    /// Article pages.
    pub article: Article,
    /// Images.
    pub media: Images,
    /// Threads that wait for the disk.
    pub files: Arc<Pool>,
    /// For `/healthz` and `/readyz`.
    pub health: Arc<Health>,
    /// What is counted.
    pub count: Arc<Counters>,
    /// Whether requests are logged.
    pub access_log: AccessLog,
}

/// How much is done at once.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Threads that answer.
    pub workers: usize,
    /// Open connections. Beyond, the one that has been idle for longest is
    /// closed, or the next ones wait to be accepted.
    pub connections: usize,
    /// Bytes of answers that clients have not taken yet.
    pub answers: usize,
}

/// Longer addresses are refused unread; ours end far below.
const LONGEST_ADDRESS: usize = 8192;
/// Of one worker, Actix's own bound.
const MOST_CONNECTIONS: usize = 25_600;
/// From the first byte of a request to the last of its head.
const PATIENCE: Duration = Duration::from_secs(5);
/// Heads are written as soon as they are made: bodies are sent behind them by
/// the gate, and only images come through Actix's buffer, piece by piece.
const WRITE_BUFFER: usize = 1;
/// Connections of a worker beyond its limit, while others are being closed.
const BEYOND: usize = 16;

/// Serves the public addresses on this listener until it is stopped; calls
/// `ended` when it is over.
pub fn run(listener: TcpListener, state: AppState, size: Size, ended: Ended) -> io::Result<Running> {
    let state = Arc::new(state);
    let workers = size.workers.max(1);
    let connections = (size.connections / workers).clamp(1, MOST_CONNECTIONS);
    let limits = Limits { connections, bytes: size.answers / workers };
    let connections = running::Connections::default();
    let opened = connections.clone();
    Running::start("server", connections, ended, move || {
        // What `HttpServer` of actix-web does, but for the gate; and without an `App`: there is nothing to route, since
        // the edition knows every address.
        let server = Server::build()
            .workers(workers)
            .max_concurrent_connections(limits.connections + BEYOND)
            .worker_max_blocking_threads(1)
            // Signals are the program's.
            .disable_signals();
        let stopping = server.graceful_shutdown_signal();
        let server = server.listen("feeds", listener, move || {
            let (state, count) = (Arc::clone(&state), Arc::clone(&state.count));
            let (opened, stopping) = (opened.clone(), stopping.clone());
            let answers = fn_service(move |request: Request| {
                let state = Arc::clone(&state);
                async move { Ok::<_, actix_http::Error>(serve(&state, &request).await) }
            });
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .keep_alive(KeepAlive::Os)
                .client_request_timeout(PATIENCE)
                .client_disconnect_timeout(connection::LINGER)
                .h1_write_buffer_size(WRITE_BUFFER)
                .on_connect_ext(move |connection: &ClientConnection, data: &mut Extensions| {
                    data.insert(Rc::clone(&connection.turn));
                    count.connected();
                    let count = Arc::clone(&count);
                    opened.opened(data, move || count.disconnected());
                })
                .h1(answers);
            let load = WorkerLoad::new(limits);
            let to_connection = move |stream: TcpStream| {
                // Answers leave in one write, so there is nothing to wait for.
                let nodelay = stream.set_nodelay(true);
                ready(nodelay.map(|()| (ClientConnection::new(stream, &load), None)).map_err(DispatchError::Io))
            };
            fn_service(to_connection).and_then(http)
        })?;
        Ok(server.run())
    })
}

/// What a request came to before anything waits.
enum Step {
    Done(Kind, Response),
    Article(Arc<Edition>, Place),
    Media(Arc<Edition>, Arc<str>),
}

async fn serve(state: &Arc<AppState>, request: &Request) -> HttpResponse<BoxBody> {
    let began = state.access_log.begin();
    let head = request.head();
    let step =
        guarded(&state.count, || judge(state, head)).unwrap_or_else(|| Step::Done(Kind::Other, response::failed()));
    let turn = request.conn_data::<Rc<RequestTurn>>();
    let (kind, mut response) = match step {
        Step::Done(kind, response) => (kind, response),
        Step::Article(edition, place) => (Kind::Article, blocking::article(state, head, edition, place).await),
        Step::Media(edition, key) => (Kind::Media, blocking::media(state, head, edition, key, turn).await),
    };
    let is_refused = head.method == Method::GET
        && turn.is_some_and(|turn| !turn.admits(response.body.length(), response.body.waiting()));
    response = if is_refused { response::busy() } else { blocking::read(state, head, response).await };
    let bytes = match Verb::of(&head.method) {
        Some(Verb::Head) => 0,
        _ => response.body.length(),
    };
    let (status, reason) = (response.status, response.reason);
    let format_label = if status.is_success() || status == StatusCode::NOT_MODIFIED {
        FormatLabel::of(kind, head.uri.path())
    } else {
        FormatLabel::Other
    };
    state.count.answered(kind, format_label, status, reason, bytes);
    if let Some(began) = began {
        let agent = head.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        let (method, path) = (&head.method, head.uri.path());
        access_log::write(began, &access_log::Line { method, path, agent, kind, status, bytes, reason });
    }
    let mut response = respond(head, response, turn.map(|turn| (turn, &state.files)));
    if let Some(turn) = turn {
        if is_refused || request::is_last(head) {
            response.head_mut().set_connection_type(ConnectionType::Close);
            turn.end();
        } else {
            turn.pass();
        }
    }
    response
}

/// Says once of each feed that is over its budget, as soon as that is known.
pub fn tell_squeezed(edition: &Edition) {
    for path in edition.newly_over_budget() {
        tracing::info!("the feed /{path} is over max_bytes: its oldest entries carry summaries or are left out");
    }
}

/// A panic in Actix is a closed connection; here it is an answer and a line
/// in the log.
fn guarded<T>(count: &Counters, work: impl FnOnce() -> T) -> Option<T> {
    // What the work sees is never changed in place, so a panic leaves nothing
    // half done behind.
    let done = catch_unwind(AssertUnwindSafe(work));
    if done.is_err() {
        count.panicked(PanicSite::Request);
        tracing::error!("a request made the server panic; it was answered with 500");
    }
    done.ok()
}

/// Everything that needs no disk: methods, then health, then one look into
/// the edition.
fn judge(state: &AppState, head: &RequestHead) -> Step {
    let done = |response| Step::Done(Kind::Other, response);
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
    match path.strip_prefix(edition.base_path()) {
        Some("healthz") => return done(health::alive()),
        Some("readyz") => return done(health::ready(&state.health)),
        _ if state.health.phase() == Phase::Clock => return done(response::clock_is_wrong()),
        _ => {}
    }
    let request = RequestHeaders::new(verb, &head.headers);
    match edition.find(path) {
        Found::Document(document) => {
            tell_squeezed(&edition);
            let kind = match document.keep {
                Keep::Feed => Kind::Feed,
                Keep::Page => Kind::Page,
                Keep::Day => Kind::Other,
            };
            Step::Done(kind, document_response(state, &request, &document, &edition))
        }
        Found::Moved(address) => done(response::moved(&address).unwrap_or_else(|| missing(&request, &edition))),
        Found::Gone => done(response::absent(&request, StatusCode::GONE, &edition.gone())),
        Found::Missing => done(missing(&request, &edition)),
        Found::Article(place) => Step::Article(Arc::clone(&edition), place),
        Found::Media(key) => Step::Media(Arc::clone(&edition), key),
    }
}

/// Whoever asks first for an encoding waits until it is made, which is timed;
/// the others, who are nearly all, look at no clock.
fn document_response(state: &AppState, request: &RequestHeaders, document: &Document, edition: &Edition) -> Response {
    let answered = || response::document(request, document, edition.feed_cache());
    let wanted = negotiate::encoding(request.accept_encoding().as_deref());
    if document.length(wanted).is_some() {
        return answered();
    }
    let start = Instant::now();
    let response = answered();
    // A 304 needs no encoding.
    if document.length(wanted).is_some() {
        state.count.compressed(start.elapsed());
    }
    response
}

fn missing(request: &RequestHeaders, edition: &Edition) -> Response {
    response::absent(request, StatusCode::NOT_FOUND, &edition.not_found())
}

/// Hands an answer to Actix, or all but its status to the gate where there is
/// one.
fn respond(
    head: &RequestHead,
    response: Response,
    connection: Option<(&Rc<RequestTurn>, &Arc<Pool>)>,
) -> HttpResponse<BoxBody> {
    let mut http = HttpResponse::new(response.status);
    let Response { headers: mut lines, body, .. } = response;
    let is_asked_for = Verb::of(&head.method) != Some(Verb::Head);
    let length = body.length();
    let mut follow = |turn: &Rc<RequestTurn>, first, rest| {
        lines.line(&CONTENT_LENGTH, HeaderValue::from(length));
        http.head_mut().no_chunking(true);
        BoxBody::new(turn.follow(first, rest))
    };
    let body = match (body, connection) {
        (Body::None, _) => None,
        (Body::Bytes(bytes), Some((turn, _))) if is_asked_for => Some(follow(turn, bytes, None)),
        (Body::File { first, rest }, Some((turn, files))) if is_asked_for => {
            let rest = (rest.length() > 0).then(|| (rest, Arc::clone(files)));
            Some(follow(turn, first, rest))
        }
        (Body::Bytes(bytes), _) => Some(BoxBody::new(bytes)),
        (Body::Part(_) | Body::File { .. }, _) => Some(BoxBody::new(media::Promised(length))),
    };
    match connection {
        Some((turn, _)) => turn.head(lines.closed()),
        None => {
            for (name, value) in lines.iter() {
                if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
                    http.headers_mut().insert(name, value);
                }
            }
        }
    }
    match body {
        Some(body) => http.set_body(body),
        None => http,
    }
}

#[cfg(test)]
mod tests;
