//! A server that runs in a thread of its own, and how it is stopped.
//!
//! Everything around it is plain threads: only in here is there a runtime.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use actix_web::dev::{Extensions, Server, ServerHandle};
use actix_web::rt::System;

/// A server that runs until it is stopped.
#[derive(Debug)]
pub struct Running {
    handle: ServerHandle,
    connections: Connections,
}

/// How a stop went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Everybody got their answer.
    Clean,
    /// Somebody was still taking theirs when the time was up.
    CutShort,
}

/// How many connections are open. Actix looks once a second whether all are
/// closed, which is longer than a stop takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Connections(Arc<(Mutex<usize>, Condvar)>);

/// Lives as long as its connection.
struct Connection {
    connections: Connections,
    closed: Box<dyn Fn()>,
}

impl Connections {
    fn count(&self) -> MutexGuard<'_, usize> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection until its data is dropped.
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

/// What is done when a server has ended.
pub type Ended = Box<dyn Fn() + Send>;

/// Calls even when a panic is the end.
struct AtEnd(Ended);

impl Drop for AtEnd {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Running {
    /// Runs what `build` makes in a thread of this name. Calls `ended` when it
    /// ends for whatever reason: a program whose listener is gone must not go on
    /// as if it were ready.
    pub(super) fn start(
        name: &str,
        connections: Connections,
        ended: Ended,
        build: impl FnOnce() -> io::Result<Server> + Send + 'static,
    ) -> io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let serve = move || {
            let _ended = AtEnd(ended);
            System::new().block_on(async move {
                match build() {
                    Ok(server) => {
                        // Who started it may have gone: then nobody will stop it either.
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

    /// Stops accepting, closes connections that are idle, and waits at most
    /// `grace` for the answers that are under way. What is left then ends
    /// with the program.
    pub fn stop(self, grace: Duration) -> Stopped {
        // The order is given by the call; its future only tells the end.
        drop(self.handle.stop(true));
        let changed = &self.connections.0.1;
        let waited = changed.wait_timeout_while(self.connections.count(), grace, |count| *count > 0);
        let (count, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *count == 0 { Stopped::Clean } else { Stopped::CutShort }
    }
}
