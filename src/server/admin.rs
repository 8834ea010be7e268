//! The admin listener: metrics, status, and `POST /reload`.
//!
//! `commands::serve` starts it before the first load and passes functions that produce the texts.
//! It is for operators and monitoring, so its responses are never cached and not open to other
//! origins.

use std::io;
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use actix_web::dev::RequestHead;
use actix_web::http::header::{ACCEPT, ALLOW, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

use super::counters::prometheus_text;
use super::headers;
use super::health::{self, Health};
use super::response::{self, Body, Response};
use super::running::{Connections, OnEnd, Running};

mod guard;

use guard::AdminHosts;

/// Everything that the admin listener needs.
pub(crate) struct Admin {
    /// State behind `/healthz` and `/readyz`.
    pub health: Arc<Health>,
    /// Returns the text of `/metrics`.
    pub metrics: Box<dyn Fn() -> String + Send + Sync>,
    /// Returns the JSON of `/status`.
    pub status: Box<dyn Fn() -> String + Send + Sync>,
    /// Returns the dashboard for a query, an HTML page with the same facts as `/status`.
    pub page: Box<dyn Fn(&str) -> String + Send + Sync>,
    /// Requests a full rescan and returns at once.
    pub reload: Box<dyn Fn() + Send + Sync>,
}

/// A monitoring system and an operator need only a few connections, and a status can be megabytes
/// long.
const MOST_CONNECTIONS: usize = 64;
const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

const PROMETHEUS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// Serves the admin URLs on this listener until [`Running::stop`] is called. Calls `ended` when the
/// server ends, for whatever reason.
pub(crate) fn run(listener: TcpListener, admin: Admin, ended: OnEnd) -> io::Result<Running> {
    let admin = Arc::new(admin);
    let hosts = AdminHosts::of(listener.local_addr()?);
    let connections = Connections::default();
    let opened = connections.clone();
    Running::start("admin", connections, ended, move || {
        let server = HttpServer::new(move || {
            let admin = Arc::clone(&admin);
            App::new().default_service(web::to(move |request: HttpRequest| {
                let admin = Arc::clone(&admin);
                async move { serve(&admin, hosts, &request) }
            }))
        });
        let server =
            server.workers(1).worker_max_blocking_threads(1).max_connections(MOST_CONNECTIONS).disable_signals();
        let server = server.on_connect(move |_, data| opened.opened(data, || {}));
        Ok(server.listen(listener)?.run())
    })
}

fn serve(admin: &Admin, hosts: AdminHosts, request: &HttpRequest) -> HttpResponse {
    let head = request.head();
    if let Some(reason) = guard::refusal(head, hosts) {
        return sent(plain(StatusCode::FORBIDDEN, reason));
    }
    // A long status blocks this thread, but nothing else needs it.
    let answered = catch_unwind(AssertUnwindSafe(|| response(admin, head)));
    sent(answered.unwrap_or_else(|_| response::failed()))
}

fn sent(response: Response) -> HttpResponse {
    let mut http = HttpResponse::build(response.status);
    for header in response.headers.iter() {
        http.insert_header(header);
    }
    match response.body {
        Body::Bytes(bytes) => http.body(bytes),
        Body::None | Body::Part(_) | Body::File { .. } => http.finish(),
    }
}

fn response(admin: &Admin, head: &RequestHead) -> Response {
    let reads = matches!(head.method, Method::GET | Method::HEAD);
    match head.uri.path() {
        "/reload" if head.method == Method::POST => {
            (admin.reload)();
            plain(StatusCode::ACCEPTED, "looking\n")
        }
        "/reload" => not_allowed("POST"),
        "/" | "/metrics" | "/status" | "/healthz" | "/readyz" if !reads => not_allowed("GET, HEAD"),
        "/metrics" if wants_open_metrics(head) => Response::now(StatusCode::OK, OPEN_METRICS, (admin.metrics)()),
        "/metrics" => Response::now(StatusCode::OK, PROMETHEUS, prometheus_text(&(admin.metrics)())),
        "/status" => Response::now(StatusCode::OK, headers::JSON, (admin.status)()),
        "/" => {
            let query = head.uri.query().unwrap_or_default();
            page((admin.page)(query), if query.is_empty() { Refresh::Regular } else { Refresh::Never })
        }
        "/healthz" => health::alive(),
        "/readyz" => health::ready(&admin.health),
        _ => plain(
            StatusCode::NOT_FOUND,
            "here are / for people, /metrics, /status, /healthz, /readyz and POST /reload\n",
        ),
    }
}

/// Prometheus asks for OpenMetrics. Other collectors ask for nothing, and many know only the older format.
fn wants_open_metrics(head: &RequestHead) -> bool {
    let mut accepted = head.headers.get_all(ACCEPT).filter_map(|line| line.to_str().ok());
    accepted.any(|line| line.contains("application/openmetrics-text"))
}

/// Whether the browser loads the page again by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refresh {
    Regular,
    /// The reader is searching or turning pages.
    Never,
}

/// The seconds after which the browser loads the dashboard again.
const REFRESH: HeaderValue = HeaderValue::from_static("30");

/// The dashboard. Its style is inline; it loads nothing else and runs no script.
fn page(html: String, refresh: Refresh) -> Response {
    let mut response = Response::now(StatusCode::OK, HeaderValue::from_static("text/html; charset=utf-8"), html);
    if refresh == Refresh::Regular {
        response.headers.line(&HeaderName::from_static("refresh"), REFRESH);
    }
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    response.headers.line(&CONTENT_SECURITY_POLICY, policy);
    response
}

fn plain(status: StatusCode, words: &'static str) -> Response {
    Response::now(status, headers::PLAIN, words)
}

fn not_allowed(methods: &'static str) -> Response {
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "this method is not allowed for this URL\n");
    response.headers.line(&ALLOW, methods);
    response
}
