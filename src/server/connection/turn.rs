//! State that a connection shares with its requests: whose turn it is, and what is about to be
//! sent.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use actix_http::Response;
use actix_web::body::{BodySize, BoxBody, MessageBody, None as NoBody};
use actix_web::http::{ConnectionType, StatusCode};
use bytes::Bytes;

use super::outgoing::Outgoing;
use crate::server::headers::Headers;
use crate::server::load::{ConnectionLoad, Waiting};
use crate::server::media::Part;
use crate::server::pool::Pool;

/// State that a connection shares with the request that is being answered.
#[derive(Debug)]
pub(in crate::server) struct RequestTurn {
    pub(super) whose: Cell<TurnOwner>,
    /// Whose turn it is when the response is completely sent; `None` while there is no response.
    next: Cell<Option<TurnOwner>>,
    pub(super) waiting: RefCell<Option<Waker>>,
    /// The part of the current response that has not been sent.
    pub(super) outgoing: RefCell<Outgoing>,
    /// Woken when the response is completely sent.
    sending: RefCell<Option<Waker>>,
    /// The client has shut down its sending side, or closed the connection.
    pub(super) left: Cell<bool>,
    /// Woken when `left` is set.
    leaving: RefCell<Option<Waker>>,
    /// Memory that the connection uses.
    pub(super) load: ConnectionLoad,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum TurnOwner {
    /// The client may send a head.
    #[default]
    Client,
    /// The server responds, until everything is sent.
    Server,
    /// The last response is sent. Anything that the client sends from now on is discarded.
    Nobody,
}

impl RequestTurn {
    pub(super) fn new(load: ConnectionLoad) -> Self {
        Self {
            whose: Cell::default(),
            next: Cell::default(),
            waiting: RefCell::default(),
            outgoing: RefCell::default(),
            sending: RefCell::default(),
            left: Cell::default(),
            leaving: RefCell::default(),
            load,
        }
    }

    /// Whether the client has left. If not, the task is woken when it does.
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

    /// Sends a response: the head that Actix writes, these headers, these bytes and the rest of a file.
    /// `next` says whose turn it is after that.
    pub(in crate::server) fn respond(
        self: &Rc<Self>,
        status: StatusCode,
        headers: Headers,
        body: Bytes,
        rest: Option<(Part, Arc<Pool>)>,
        next: TurnOwner,
    ) -> Response<BoxBody> {
        let mut response = Response::new(status);
        if next == TurnOwner::Nobody {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        // Actix would add a `Transfer-Encoding` of its own.
        response.head_mut().no_chunking(true);
        let is_empty = body.is_empty() && rest.is_none();
        self.outgoing.borrow_mut().set(headers.closed(), body, rest);
        self.next.set(Some(next));
        response.set_body(if is_empty {
            BoxBody::new(NoBody::new())
        } else {
            BoxBody::new(QueuedBody(Rc::clone(self)))
        })
    }

    /// Whether memory allows a body of this length. `waiting` is the part that would stay in memory
    /// if the client is slow.
    pub(in crate::server) fn admits(&self, length: u64, waiting: Waiting) -> bool {
        self.load.admits(length, waiting)
    }

    /// The socket accepted `all` bytes, of which `queued` belong to our headers and body.
    pub(super) fn sent(&self, all: usize, queued: usize) {
        self.load.sent(all);
        let mut outgoing = self.outgoing.borrow_mut();
        outgoing.advance(queued);
        if !outgoing.is_done() {
            return;
        }
        self.load.finished();
        if let Some(waker) = self.sending.take() {
            waker.wake();
        }
        if let Some(whose) = self.next.take() {
            self.whose.set(whose);
            if let Some(waker) = self.waiting.take() {
                waker.wake();
            }
        }
    }
}

/// The body of a response, as Actix sees it. The connection sends the real body; this stream yields
/// nothing and ends when everything is sent.
struct QueuedBody(Rc<RequestTurn>);

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
