//! Whose turn it is on a connection, and what it is about to send: shared by
//! the connection and the requests on it.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;

use super::outgoing::Outgoing;
use crate::server::load::{ConnectionLoad, Waiting};
use crate::server::media::Part;
use crate::server::pool::Pool;

/// Whose turn it is on a connection.
#[derive(Debug)]
pub(in crate::server) struct RequestTurn {
    pub(super) whose: Cell<TurnOwner>,
    pub(super) waiting: RefCell<Option<Waker>>,
    /// What is still to be sent of the present answer.
    pub(super) outgoing: RefCell<Outgoing>,
    /// Who waits for the end of it.
    sending: RefCell<Option<Waker>>,
    /// The client has closed its side, or all of the connection.
    pub(super) left: Cell<bool>,
    /// Who waits for that.
    leaving: RefCell<Option<Waker>>,
    /// What the connection holds.
    pub(super) load: ConnectionLoad,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum TurnOwner {
    /// The client's, to send a head.
    #[default]
    Client,
    /// The server's, to answer it.
    Server,
    /// Nobody's: this answer is the last.
    Nobody,
}

impl RequestTurn {
    pub(super) fn new(load: ConnectionLoad) -> Self {
        Self {
            whose: Cell::default(),
            waiting: RefCell::default(),
            outgoing: RefCell::default(),
            sending: RefCell::default(),
            left: Cell::default(),
            leaving: RefCell::default(),
            load,
        }
    }

    /// The answer is made; the next request may come.
    pub(in crate::server) fn pass(&self) {
        self.give(TurnOwner::Client);
    }

    /// The answer is made and is the last; what the client sends now is read
    /// by nobody.
    pub(in crate::server) fn end(&self) {
        self.give(TurnOwner::Nobody);
    }

    /// Whether the client has left; wakes when it does.
    pub(in crate::server) fn has_left(&self, context: &Context<'_>) -> bool {
        self.leaving.replace(Some(context.waker().clone()));
        self.left.get()
    }

    pub(super) fn leave(&self) {
        self.left.set(true);
        if let Some(waker) = self.leaving.take() {
            waker.wake();
        }
    }

    /// The lines of the answer whose head comes next, with the empty one at
    /// their end.
    pub(in crate::server) fn head(&self, lines: Bytes) {
        self.outgoing.borrow_mut().lines = lines;
    }

    /// Its body: these bytes, and what of a file comes behind them.
    pub(in crate::server) fn follow(self: &Rc<Self>, body: Bytes, rest: Option<(Part, Arc<Pool>)>) -> QueuedBody {
        self.outgoing.borrow_mut().follow(body, rest);
        QueuedBody(Rc::clone(self))
    }

    /// Whether memory allows for a body of this length, of which this would
    /// wait for a slow client.
    pub(in crate::server) fn admits(&self, length: u64, waiting: Waiting) -> bool {
        self.load.admits(length, waiting)
    }

    /// The socket took so many bytes, of which so many are of what follows.
    pub(super) fn sent(&self, all: usize, queued: usize) {
        self.load.sent(all);
        let mut outgoing = self.outgoing.borrow_mut();
        outgoing.advance(queued);
        if outgoing.is_done() {
            self.load.finished();
            if let Some(waker) = self.sending.take() {
                waker.wake();
            }
        }
    }

    fn give(&self, whose: TurnOwner) {
        self.whose.set(whose);
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

/// A body that the gate sends. To Actix it is a stream that says nothing, and
/// ends when all is sent.
pub(in crate::server) struct QueuedBody(Rc<RequestTurn>);

impl MessageBody for QueuedBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.0.outgoing.borrow().is_done() {
            return Poll::Ready(None);
        }
        self.0.sending.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}
