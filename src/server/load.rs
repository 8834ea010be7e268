//! How much memory the connections of one worker hold, and which of them are
//! cut when that is too much.
//!
//! A client that reads slowly costs what its socket holds, which counts in the
//! cgroup, and what waits behind the socket. Without a bound, a hundred such
//! clients end a small container. There is no quota per client address, since a
//! proxy is one address for many clients.
//!
//! All of this belongs to one worker, which is one thread, so that a request
//! costs no lock.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use bytes::Bytes;

/// `SO_SNDBUF` of a connection.
pub(super) const SEND_BUFFER: usize = 64 * 1024;
/// What the kernel makes of it: twice as much, since it counts its own
/// structures too (socket(7)), and the last write is taken whole.
const IN_KERNEL: usize = 3 * SEND_BUFFER;
/// An answer up to here is never refused.
const SMALL: u64 = 32 * 1024;
/// With less progress than in this time a connection may be cut in favour of
/// another.
const SLOW: Duration = Duration::from_secs(1);

/// What the connections of one worker may be and hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub connections: usize,
    /// Bytes in sockets, and waiting behind them.
    pub bytes: usize,
}

/// All connections of one worker.
#[derive(Debug)]
pub(super) struct WorkerLoad {
    limits: Limits,
    bytes: Cell<usize>,
    connections: RefCell<Vec<Rc<Facts>>>,
    /// Documents that connections hold, by their first byte: how many do, and
    /// the bytes of the document, which count once.
    documents: RefCell<HashMap<usize, (usize, usize)>>,
    /// A task waits until there are few enough connections.
    is_waiting: Cell<bool>,
}

#[derive(Debug)]
struct Facts {
    /// Where it is among the connections of its worker.
    at: Cell<usize>,
    /// When the client last asked for something or took something.
    progress: Cell<Instant>,
    /// Bytes that the socket holds at most.
    in_kernel: Cell<usize>,
    /// Whether the present answer counted before it was sent.
    is_admitted: Cell<bool>,
    /// Bytes of its own that wait behind the socket.
    waiting: Cell<usize>,
    /// The document that waits behind the socket.
    document: Cell<Option<usize>>,
    /// Its last answer is sent, and the client has not closed it yet.
    is_over: Cell<bool>,
    is_cut: Cell<bool>,
    /// Wakes the task of the connection.
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

    /// Counts one more connection. Beyond the limit the one that has made no
    /// progress for longest is cut.
    pub(super) fn connect(self: &Rc<Self>) -> ConnectionLoad {
        let mut connections = self.connections.borrow_mut();
        let facts = Rc::new(Facts {
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

    /// Cuts slow connections until there are few enough. At the limit no new
    /// one is accepted, whose coming would give the occasion.
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

    /// Makes room for so many bytes; says whether there is room.
    fn make_room(&self, bytes: usize) -> bool {
        while self.bytes.get() + bytes > self.limits.bytes {
            if !self.cut_one(Facts::holds) {
                // One answer is sent whatever its size.
                return self.bytes.get() == 0;
            }
        }
        true
    }

    /// Cuts, of the connections that are meant, one that is over, or the one
    /// that has made no progress for longest; says whether there was one.
    fn cut_one(&self, is_meant: impl Fn(&Facts) -> bool) -> bool {
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

    /// Counts nothing more of this connection.
    fn release(&self, facts: &Facts) {
        self.let_go(facts);
        self.subtract(facts.in_kernel.take());
    }

    /// Nothing waits behind the socket any more.
    fn let_go(&self, facts: &Facts) {
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

impl Facts {
    fn holds(&self) -> bool {
        self.in_kernel.get() > 0 || self.waiting.get() > 0 || self.document.get().is_some()
    }
}

/// One connection, counted until this is dropped.
#[derive(Debug)]
pub(super) struct ConnectionLoad {
    worker: Rc<WorkerLoad>,
    facts: Rc<Facts>,
}

/// What waits behind a socket.
#[derive(Debug, Clone, Copy)]
pub(super) enum Waiting {
    /// Bytes of this connection's own.
    Own(usize),
    /// A document that connections share: its first byte, and its length.
    Document { first: usize, length: usize },
}

impl Waiting {
    pub(super) fn document(bytes: &Bytes) -> Self {
        Self::Document { first: bytes.as_ptr() as usize, length: bytes.len() }
    }
}

impl ConnectionLoad {
    /// Whether it is to end for the sake of others.
    pub(super) fn is_cut(&self) -> bool {
        self.facts.is_cut.get()
    }

    /// Whom to wake when it is to end.
    pub(super) fn belongs_to(&self, context: &Context<'_>) {
        let mut task = self.facts.task.borrow_mut();
        if task.is_none() {
            *task = Some(context.waker().clone());
        }
    }

    /// Whether a body of this length may be sent, of which this would wait
    /// behind a socket that is full. If so it counts from now on.
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

    /// A client asked for something. Whether its socket is empty is worth
    /// knowing: the clients of this worker hold much, and it may hold some.
    pub(super) fn request(&self) -> bool {
        let worker = &self.worker;
        let is_in_doubt = worker.bytes.get() > worker.limits.bytes / 2 && self.facts.in_kernel.get() > 0;
        if !is_in_doubt {
            self.emptied();
        }
        is_in_doubt
    }

    /// The client has taken all that its socket held.
    pub(super) fn emptied(&self) {
        self.facts.progress.set(Instant::now());
        self.worker.subtract(self.facts.in_kernel.take());
    }

    /// The socket took so many bytes.
    pub(super) fn sent(&self, bytes: usize) {
        if !self.facts.is_admitted.get() {
            let before = self.facts.in_kernel.get();
            let after = (before + bytes).min(IN_KERNEL);
            self.facts.in_kernel.set(after);
            self.worker.add(after - before);
        }
        self.facts.progress.set(Instant::now());
    }

    /// Its last answer is sent.
    pub(super) fn over(&self) {
        self.facts.is_over.set(true);
    }

    /// The server was slow, not the client.
    pub(super) fn waited(&self) {
        self.facts.progress.set(Instant::now());
    }

    /// The socket takes no more, and this waits behind it.
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
        // The slowest goes, which may be this one.
        worker.make_room(0);
    }

    /// All of an answer is in the socket.
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
