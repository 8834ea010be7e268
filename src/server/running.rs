//! Runs a server in its own thread and stops it.
//!
//! The rest of the program uses plain threads; only this thread has an async runtime.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::Duration;

use actix_web::dev::{Extensions, Server, ServerHandle};
use actix_web::rt::System;

use crate::lock::{lock, recover};

#[derive(Debug)]
pub(crate) struct Running {
    handle: ServerHandle,
    connections: Connections,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// All responses were sent.
    Clean,
    /// Some responses were not complete when the time was up.
    CutShort,
}

/// Counts open connections. Actix checks only once a second whether all are closed, which is longer
/// than a stop may take.
#[derive(Debug, Clone, Default)]
pub(super) struct Connections(Arc<(Mutex<usize>, Condvar)>);

/// Counts one connection until it is dropped.
struct Connection {
    connections: Connections,
    closed: Box<dyn Fn()>,
}

impl Connections {
    fn count(&self) -> MutexGuard<'_, usize> {
        lock(&self.0.0)
    }

    /// Counts a connection until its `data` is dropped, and then calls `closed`.
    pub(super) fn opened(&self, data: &mut Extensions, closed: impl Fn() + 'static) {
        *self.count() += 1;
        data.insert(Connection { connections: self.clone(), closed: Box::new(closed) });
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut count = self.connections.count();
        *count -= 1;
        if *count == 0 {
            self.connections.0.1.notify_all();
        }
        drop(count);
        (self.closed)();
    }
}

/// Called when a server has ended.
pub(crate) type OnEnd = Box<dyn Fn() + Send>;

/// Calls the function when dropped, so that it is called after a panic too.
struct AtEnd(OnEnd);

impl Drop for AtEnd {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Running {
    /// Runs the server that `build` returns in a thread with this name. Calls `ended` when the
    /// server ends for any reason, because a program without its listener must not continue as if
    /// it were ready.
    pub(super) fn start(
        name: &str,
        connections: Connections,
        ended: OnEnd,
        build: impl FnOnce() -> io::Result<Server> + Send + 'static,
    ) -> io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let serve = move || {
            let _ended = AtEnd(ended);
            System::new().block_on(async move {
                match build() {
                    Ok(server) => {
                        // If the receiver is gone, the caller has gone too, and will not stop the
                        // server.
                        let _ = sender.send(Ok(server.handle()));
                        if let Err(error) = server.await {
                            tracing::error!(%error, "the server ended by itself");
                        }
                    }
                    Err(error) => drop(sender.send(Err(error))),
                }
            });
        };
        thread::Builder::new().name(name.to_owned()).spawn(serve)?;
        let handle = receiver.recv().map_err(|_| io::Error::other("the server's thread ended early"))??;
        Ok(Self { handle, connections })
    }

    /// Stops accepting connections, closes idle ones, and waits at most `grace` for responses that
    /// are being sent. The rest is cut off when the program ends.
    pub(crate) fn stop(self, grace: Duration) -> Stopped {
        // The call itself stops the server; the future only signals the end.
        drop(self.handle.stop(true));
        let changed = &self.connections.0.1;
        let waited = changed.wait_timeout_while(self.connections.count(), grace, |count| *count > 0);
        let (count, _) = recover(waited);
        if *count == 0 { Stopped::Clean } else { Stopped::CutShort }
    }
}
