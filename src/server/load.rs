//! Limits the memory that connections hold, and closes slow connections when there is too little.
//!
//! A client that reads slowly costs the data in its socket, which counts in the cgroup, and the
//! data that waits behind the socket. Without a limit, a hundred such clients would exhaust a small
//! container. There is no quota per client address, because a proxy is one address for many
//! clients.
//!
//! Each worker has its own [`WorkerLoad`]. A worker is one thread, so a request needs no lock.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use bytes::Bytes;

/// `SO_SNDBUF` of a connection.
pub(super) const SEND_BUFFER: usize = 64 * 1024;
/// Memory that the kernel may use for it: twice as much, because it counts its own structures too
/// (socket(7)), and one more write, which it accepts as a whole.
const IN_KERNEL: usize = 3 * SEND_BUFFER;
/// Responses up to this size are never refused.
const SMALL: u64 = 32 * 1024;
/// A connection that made no progress for this long may be closed in favour of another.
const SLOW: Duration = Duration::from_secs(1);

/// Limits for the connections of one worker.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub connections: usize,
    /// Bytes in sockets and waiting behind them.
    pub bytes: usize,
}

#[derive(Debug)]
pub(super) struct WorkerLoad {
    limits: Limits,
    bytes: Cell<usize>,
    connections: RefCell<Vec<Rc<ConnectionFacts>>>,
    /// Documents that wait behind sockets, by the address of their first byte: the number of
    /// connections, and the length, which counts once.
    documents: RefCell<HashMap<usize, (usize, usize)>>,
    /// A task is waiting until there are few enough connections.
    is_waiting: Cell<bool>,
}

#[derive(Debug)]
struct ConnectionFacts {
    /// Index among the connections of the worker.
    at: Cell<usize>,
    /// When the client last sent a request or read something.
    progress: Cell<Instant>,
    /// The most bytes that the socket can hold now.
    in_kernel: Cell<usize>,
    /// Whether the current response was counted before it was sent.
    is_admitted: Cell<bool>,
    /// Bytes of this connection that wait behind the socket.
    waiting: Cell<usize>,
    /// The document that waits behind the socket.
    document: Cell<Option<usize>>,
    /// The last response is sent, and the client has not closed the connection yet.
    is_over: Cell<bool>,
    is_cut: Cell<bool>,
    task: RefCell<Option<Waker>>,
}

impl WorkerLoad {
    pub(super) fn new(limits: Limits) -> Rc<Self> {
        Rc::new(Self {
            limits,
            bytes: Cell::default(),
            connections: RefCell::default(),
            documents: RefCell::default(),
            is_waiting: Cell::default(),
        })
    }

    /// Counts a new connection. Above the limit, the connection that has made no progress for the
    /// longest time is closed.
    pub(super) fn connect(self: &Rc<Self>) -> ConnectionLoad {
        let mut connections = self.connections.borrow_mut();
        let facts = Rc::new(ConnectionFacts {
            at: connections.len().into(),
            progress: Instant::now().into(),
            in_kernel: Cell::default(),
            is_admitted: Cell::default(),
            waiting: Cell::default(),
            document: Cell::default(),
            is_over: Cell::default(),
            is_cut: Cell::default(),
            task: RefCell::default(),
        });
        connections.push(Rc::clone(&facts));
        drop(connections);
        if self.has_too_many() {
            self.cut_one(|_| true);
        }
        ConnectionLoad { worker: Rc::clone(self), facts }
    }

    fn has_too_many(&self) -> bool {
        let connections = self.connections.borrow();
        let most = self.limits.connections;
        connections.len() > most && connections.iter().filter(|facts| !facts.is_cut.get()).count() > most
    }

    /// Closes slow connections until there are few enough. This needs a task, because at the limit
    /// no new connection is accepted that could trigger it.
    pub(super) fn stay_within(self: &Rc<Self>) {
        if self.is_waiting.get() || !self.has_too_many() {
            return;
        }
        self.is_waiting.set(true);
        let worker = Rc::clone(self);
        actix_web::rt::spawn(async move {
            while worker.has_too_many() {
                if !worker.cut_one(|_| true) {
                    sleep(SLOW / 10).await;
                }
            }
            worker.is_waiting.set(false);
        });
    }

    /// Frees memory for this many bytes. Returns whether there is enough.
    fn make_room(&self, bytes: usize) -> bool {
        while self.bytes.get() + bytes > self.limits.bytes {
            if !self.cut_one(ConnectionFacts::holds) {
                // A single response is sent whatever its size.
                return self.bytes.get() == 0;
            }
        }
        true
    }

    /// Closes one of the connections for which `is_meant` holds: one that is over, or else the one
    /// without progress for the longest time. Returns whether one was closed.
    fn cut_one(&self, is_meant: impl Fn(&ConnectionFacts) -> bool) -> bool {
        let connections = self.connections.borrow();
        let meant = connections.iter().filter(|facts| !facts.is_cut.get() && is_meant(facts));
        let Some(slowest) = meant.min_by_key(|facts| (!facts.is_over.get(), facts.progress.get())) else {
            return false;
        };
        if !slowest.is_over.get() && slowest.progress.get().elapsed() < SLOW {
            return false;
        }
        slowest.is_cut.set(true);
        self.release(slowest);
        if let Some(task) = &*slowest.task.borrow() {
            task.wake_by_ref();
        }
        true
    }

    fn add(&self, bytes: usize) {
        self.bytes.set(self.bytes.get() + bytes);
    }

    fn subtract(&self, bytes: usize) {
        self.bytes.set(self.bytes.get() - bytes);
    }

    /// Stops counting the memory of this connection.
    fn release(&self, facts: &ConnectionFacts) {
        self.let_go(facts);
        self.subtract(facts.in_kernel.take());
    }

    /// Nothing waits behind the socket any more.
    fn let_go(&self, facts: &ConnectionFacts) {
        self.subtract(facts.waiting.take());
        let Some(document) = facts.document.take() else {
            return;
        };
        let mut documents = self.documents.borrow_mut();
        if let Some((holders, bytes)) = documents.get_mut(&document) {
            *holders -= 1;
            if *holders == 0 {
                self.subtract(*bytes);
                documents.remove(&document);
            }
        }
    }
}

impl ConnectionFacts {
    fn holds(&self) -> bool {
        self.in_kernel.get() > 0 || self.waiting.get() > 0 || self.document.get().is_some()
    }
}

/// The load of one connection, counted until this is dropped.
#[derive(Debug)]
pub(super) struct ConnectionLoad {
    worker: Rc<WorkerLoad>,
    facts: Rc<ConnectionFacts>,
}

/// Data that waits behind a socket.
#[derive(Debug, Clone, Copy)]
pub(super) enum Waiting {
    /// Bytes that belong to this connection alone.
    Own(usize),
    /// A document that connections share: the address of its first byte, and its length.
    Document { first: usize, length: usize },
}

impl Waiting {
    pub(super) fn document(bytes: &Bytes) -> Self {
        Self::Document { first: bytes.as_ptr() as usize, length: bytes.len() }
    }
}

impl ConnectionLoad {
    /// Whether the connection was chosen to be closed in favour of others.
    pub(super) fn is_cut(&self) -> bool {
        self.facts.is_cut.get()
    }

    /// Remembers the task to wake when the connection is to be closed.
    pub(super) fn belongs_to(&self, context: &Context<'_>) {
        let mut task = self.facts.task.borrow_mut();
        if task.is_none() {
            *task = Some(context.waker().clone());
        }
    }

    /// Whether a body of this length may be sent. `waiting` would wait behind the socket if the
    /// client is slow. If the body is admitted, it counts from now on.
    pub(super) fn admits(&self, length: u64, waiting: Waiting) -> bool {
        if length <= SMALL {
            return true;
        }
        let (worker, facts) = (&self.worker, &self.facts);
        let before = facts.in_kernel.get();
        let after = usize::try_from(length).map_or(IN_KERNEL, |length| (before + length).min(IN_KERNEL));
        let waiting = match waiting {
            _ if length <= SEND_BUFFER as u64 => 0,
            Waiting::Own(bytes) => bytes,
            Waiting::Document { first, .. } if worker.documents.borrow().contains_key(&first) => 0,
            Waiting::Document { length, .. } => length,
        };
        let has_room = worker.make_room(after - before + waiting);
        if has_room {
            facts.is_admitted.set(true);
            facts.in_kernel.set(after);
            worker.add(after - before);
        }
        has_room
    }

    /// The client sent a request. Returns whether the caller should check that the socket is empty:
    /// the clients of this worker hold much memory, and this one may hold some of it.
    pub(super) fn request(&self) -> bool {
        let worker = &self.worker;
        let is_in_doubt = worker.bytes.get() > worker.limits.bytes / 2 && self.facts.in_kernel.get() > 0;
        if !is_in_doubt {
            self.emptied();
        }
        is_in_doubt
    }

    /// The client has read everything that its socket held.
    pub(super) fn emptied(&self) {
        self.facts.progress.set(Instant::now());
        self.worker.subtract(self.facts.in_kernel.take());
    }

    /// The socket accepted this many bytes.
    pub(super) fn sent(&self, bytes: usize) {
        if !self.facts.is_admitted.get() {
            let before = self.facts.in_kernel.get();
            let after = (before + bytes).min(IN_KERNEL);
            self.facts.in_kernel.set(after);
            self.worker.add(after - before);
        }
        self.facts.progress.set(Instant::now());
    }

    /// The last response is sent.
    pub(super) fn over(&self) {
        self.facts.is_over.set(true);
    }

    /// The server was slow, not the client, so the time does not count.
    pub(super) fn waited(&self) {
        self.facts.progress.set(Instant::now());
    }

    /// The socket is full, and this data waits behind it.
    pub(super) fn stalled(&self, waiting: Waiting) {
        let (worker, facts) = (&self.worker, &self.facts);
        worker.add(IN_KERNEL - facts.in_kernel.replace(IN_KERNEL));
        match waiting {
            Waiting::Own(bytes) => {
                worker.add(bytes);
                worker.subtract(facts.waiting.replace(bytes));
            }
            Waiting::Document { first, length } if facts.document.get().is_none() => {
                facts.document.set(Some(first));
                let mut documents = worker.documents.borrow_mut();
                let (holders, _) = documents.entry(first).or_insert_with(|| {
                    worker.add(length);
                    (0, length)
                });
                *holders += 1;
            }
            Waiting::Document { .. } => {}
        }
        // Closes the slowest connection, which may be this one.
        worker.make_room(0);
    }

    /// The socket accepted the whole response.
    pub(super) fn finished(&self) {
        self.facts.is_admitted.set(false);
        self.worker.let_go(&self.facts);
    }

    /// How long the client has made no progress.
    pub(super) fn idle(&self) -> Duration {
        self.facts.progress.get().elapsed()
    }
}

impl Drop for ConnectionLoad {
    fn drop(&mut self) {
        self.worker.release(&self.facts);
        let mut connections = self.worker.connections.borrow_mut();
        let at = self.facts.at.get();
        connections.swap_remove(at);
        if let Some(moved) = connections.get(at) {
            moved.at.set(at);
        }
    }
}

#[cfg(test)]
mod tests;
