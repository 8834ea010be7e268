//! The listeners: error messages for addresses, and the admin listener.

use std::sync::Arc;

use super::status::Status;
use crate::commands::{Failure, log};
use crate::disk::EventQueue;
use crate::server::admin::{self, Admin};
use crate::server::listen::{self, BACKLOG, Listener, Public, SocketFile};
use crate::server::{Counters, Health, OnEnd, Running};
use crate::settings::{ADMIN, AdminBind, BIND, ServeSettings};

/// Explains why an address cannot be used, and suggests what to do with the flag.
pub(super) fn in_use(flag: &str, address: &str, error: &std::io::Error) -> String {
    use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, InvalidInput, NotFound, PermissionDenied};
    match error.kind() {
        AddrInUse => {
            format!("{address} is already in use; choose another address with {flag}, such as {flag} :8081")
        }
        PermissionDenied | NotFound if listen::unix_path(address).is_some() => {
            format!(
                "no socket can be made at {address}: {error}; choose a path in a directory that feedmill may write, with {flag}"
            )
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

/// The addresses of `--bind`. The default one is bound only if systemd has opened no socket.
pub(super) fn addresses(settings: &ServeSettings, inherited: &[Public]) -> Vec<String> {
    if settings.bind.is_empty() && inherited.is_empty() { vec![BIND.to_owned()] } else { settings.bind.clone() }
}

/// Binds these addresses, after the sockets that systemd has opened.
pub(super) fn bind(inherited: Vec<Public>, addresses: &[String]) -> Result<Vec<Public>, Failure> {
    let mut publics = inherited;
    for address in addresses {
        let bound = listen::public::bind(address);
        publics.push(bound.map_err(|error| Failure::new(in_use("--bind", address, &error)))?);
    }
    Ok(publics)
}

/// Lets all of them listen. The files of Unix sockets are removed when they are dropped.
pub(super) fn listen(publics: Vec<Public>) -> Result<(Vec<Listener>, Vec<SocketFile>), Failure> {
    let (mut listeners, mut files) = (Vec::new(), Vec::new());
    for public in publics {
        let name = public.to_string();
        let address = name.trim_start_matches("http://").to_owned();
        let opened = public.listen(BACKLOG);
        let (listener, file) = opened.map_err(|error| Failure::new(in_use("--bind", &address, &error)))?;
        listeners.push(listener);
        files.extend(file);
    }
    Ok((listeners, files))
}

pub(super) fn serve_admin(
    settings: &ServeSettings,
    publics: &[Public],
    health: &Arc<Health>,
    count: &Arc<Counters>,
    status: &Arc<Status>,
    event_queue: &EventQueue,
    ended: OnEnd,
) -> Result<Option<Running>, Failure> {
    // Two sockets may be bound to the same address, but only the first one can listen.
    let listener = |address: &str| {
        let bound = listen::bind(address)?;
        let public =
            publics.iter().filter_map(Public::address).find(|public| listen::collide(bound.address(), *public));
        if let Some(public) = public {
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
            Box::new(move |query| status.page(query))
        },
        reload: Box::new(move || event_queue.reload()),
    };
    let running = admin::run(listener, admin, ended)
        .map_err(|error| Failure::new(format!("cannot serve the admin address {address}: {error}")))?;
    tracing::info!("admin on http://{address}");
    Ok(Some(running))
}
