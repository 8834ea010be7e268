//! The listeners: error messages for addresses, and the admin listener.

use std::sync::Arc;

use super::status::Status;
use crate::commands::{Failure, log};
use crate::disk::EventQueue;
use crate::server::admin::{self, Admin};
use crate::server::listen::{self, BACKLOG};
use crate::server::{Counters, Health, OnEnd, Running};
use crate::settings::{ADMIN, AdminBind, ServeSettings};

/// Explains why an address cannot be used, and suggests what to do with the flag.
pub(super) fn in_use(flag: &str, address: &str, error: &std::io::Error) -> String {
    use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, InvalidInput, PermissionDenied};
    match error.kind() {
        AddrInUse => {
            format!("{address} is already in use; choose another address with {flag}, such as {flag} :8081")
        }
        PermissionDenied => format!(
            "no permission to listen on {address}: ports below 1024 are reserved; choose another one with {flag}, such as {flag} :8080"
        ),
        AddrNotAvailable => {
            format!("{address} is not an address of this machine; choose one with {flag}, or :PORT for all of them")
        }
        InvalidInput => format!("{error} ({flag})"),
        _ => format!("cannot listen on {address}: {error}; choose an address of this machine with {flag}"),
    }
}

pub(super) fn serve_admin(
    settings: &ServeSettings,
    public: std::net::SocketAddr,
    health: &Arc<Health>,
    count: &Arc<Counters>,
    status: &Arc<Status>,
    event_queue: &EventQueue,
    ended: OnEnd,
) -> Result<Option<Running>, Failure> {
    // Two sockets may be bound to the same address, but only the first one can listen.
    let listener = |address: &str| {
        let bound = listen::bind(address)?;
        if listen::collide(bound.address(), public) {
            return Err(std::io::Error::other(format!("--bind already uses port {}", public.port())));
        }
        Ok((bound.address(), bound.listen(BACKLOG)?))
    };
    let (address, listener) = match &settings.admin {
        AdminBind::Off => return Ok(None),
        AdminBind::At(address) => {
            listener(address).map_err(|error: std::io::Error| Failure::new(in_use("--admin-bind", address, &error)))?
        }
        AdminBind::Default => match listener(ADMIN) {
            Ok(listening) => listening,
            Err(error) => {
                tracing::warn!(
                    "no metrics and no status: cannot listen on {ADMIN}: {error}; choose an address with --admin-bind, or `off`"
                );
                return Ok(None);
            }
        },
    };
    let event_queue = event_queue.clone();
    let admin = Admin {
        health: Arc::clone(health),
        metrics: {
            let (count, health, status) = (Arc::clone(count), Arc::clone(health), Arc::clone(status));
            Box::new(move || {
                count.problems(status.problem_count());
                count.log_dropped(log::dropped());
                count.text(&health)
            })
        },
        status: {
            let status = Arc::clone(status);
            Box::new(move || status.json())
        },
        page: {
            let status = Arc::clone(status);
            Box::new(move || status.page())
        },
        reload: Box::new(move || event_queue.reload()),
    };
    let running = admin::run(listener, admin, ended)
        .map_err(|error| Failure::new(format!("cannot serve the admin address {address}: {error}")))?;
    tracing::info!("admin on http://{address}");
    Ok(Some(running))
}
