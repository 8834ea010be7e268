//! A connection as Actix gets to see it: one request at a time, and each in
//! time.
//!
//! Actix decodes requests ahead of their turn and remembers of the last one
//! alone whether it was HEAD, whether the connection is to be closed, and its
//! version. A client that sent HEAD and GET in one go got a body where none
//! may be, and everything after it was out of step. So what comes behind the
//! head of a request waits here until the answer is made. And Actix times the
//! first head of a connection only; the later ones are timed here, and so is
//! the wait for them: Actix would make a timer and throw it away for each.
//!
//! What an answer says leaves from here too, behind the status line, the date
//! and the lines of the connection that Actix writes, in one call of the
//! system. In Actix's map of headers its lines would cost more than all else
//! that an answer needs, and in its buffer the body would be copied, and the
//! buffer would stay as large as long as the connection is open.
//!
//! Knows where a head ends. Knows nothing of what it says.

use std::cell::{Cell, RefCell};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Instant, Sleep, sleep};
use bytes::{Buf as _, Bytes, BytesMut};
use memchr::memchr;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::PATIENCE;

/// How long a client that was told the connection ends may go on sending:
/// closed at once, its answer could be lost to the bytes still on their way.
pub(super) const LINGER: Duration = Duration::from_secs(1);

/// A connection without a request is looked at so often, and let go the last
/// time: after 75 to 90 seconds, longer than proxies keep theirs (nginx,
/// Varnish and AWS: 60 s), so that none sends a request into a connection that
/// is being closed.
const LOOK: Duration = Duration::from_secs(15);
const LOOKS: u8 = 6;

/// Whose turn it is on a connection.
#[derive(Debug, Default)]
pub(super) struct Turn {
    whose: Cell<Whose>,
    waiting: RefCell<Option<Waker>>,
    /// What is still to be sent of the present answer.
    following: RefCell<Rest>,
    /// Who waits for the end of it.
    sending: RefCell<Option<Waker>>,
}

/// What follows on what Actix writes of an answer.
#[derive(Debug, Default, Clone)]
struct Rest {
    /// Its lines, with the empty one at their end.
    lines: Bytes,
    body: Bytes,
}

impl Rest {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.body.is_empty()
    }

    fn advance(&mut self, length: usize) {
        let of_lines = length.min(self.lines.len());
        self.lines.advance(of_lines);
        self.body.advance(length - of_lines);
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The client's, to send a head.
    #[default]
    Client,
    /// The server's, to answer it.
    Server,
    /// Nobody's: this answer is the last.
    Nobody,
}

impl Turn {
    /// The answer is made; the next request may come.
    pub(super) fn pass(&self) {
        self.give(Whose::Client);
    }

    /// The answer is made and is the last; what the client sends now is read
    /// by nobody.
    pub(super) fn end(&self) {
        self.give(Whose::Nobody);
    }

    /// The lines of the answer whose head comes next, with the empty one at
    /// their end.
    pub(super) fn head(&self, lines: Bytes) {
        self.following.borrow_mut().lines = lines;
    }

    /// Its body.
    pub(super) fn follow(self: &Rc<Self>, body: Bytes) -> Following {
        self.following.borrow_mut().body = body;
        Following(Rc::clone(self))
    }

    /// So many bytes of what follows are sent.
    fn sent(&self, length: usize) {
        let mut following = self.following.borrow_mut();
        following.advance(length);
        if following.is_empty() {
            // The last piece would keep the whole of a document alive.
            *following = Rest::default();
            if let Some(waker) = self.sending.take() {
                waker.wake();
            }
        }
    }

    fn give(&self, whose: Whose) {
        self.whose.set(whose);
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

/// A body that the gate sends. To Actix it is a stream that says nothing, and
/// ends when all is sent.
pub(super) struct Following(Rc<Turn>);

impl MessageBody for Following {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.0.following.borrow().is_empty() {
            return Poll::Ready(None);
        }
        self.0.sending.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

/// A connection that hands over one head at a time.
pub(super) struct Gate {
    stream: TcpStream,
    /// Shared with the requests of this connection.
    pub(super) turn: Rc<Turn>,
    /// What came behind the head that is being answered.
    ahead: BytesMut,
    head: Head,
    answered: bool,
    /// When a head that began, or a farewell, has taken long enough.
    end: Option<Pin<Box<Sleep>>>,
    /// When it is looked again whether a request came, and after how long.
    look: Option<Pin<Box<Sleep>>>,
    pause: Duration,
    /// How often none had come.
    looks: u8,
}

impl Gate {
    pub(super) fn new(stream: TcpStream) -> Self {
        let turn = Rc::default();
        let (ahead, head) = (BytesMut::new(), Head::default());
        Self { stream, turn, ahead, head, answered: false, end: None, look: None, pause: LOOK, looks: 0 }
    }

    /// Whether the client has taken too long to begin a head, or to end it.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        if self.head.began() {
            return self.is_over(PATIENCE, context);
        }
        let look = self.look.get_or_insert_with(|| Box::pin(sleep(self.pause)));
        while look.as_mut().poll(context).is_ready() {
            self.looks += 1;
            if self.looks == LOOKS {
                return true;
            }
            look.as_mut().reset(Instant::now() + self.pause);
        }
        false
    }

    /// Whether the time that began with the first call is over.
    fn is_over(&mut self, time: Duration, context: &mut Context<'_>) -> bool {
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(time)));
        end.as_mut().poll(context).is_ready()
    }

    /// Reads a part of a head; nothing read is the end.
    fn read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if self.ahead.is_empty() {
            match Pin::new(&mut self.stream).poll_read(context, buffer) {
                // The first head is Actix's to time: it answers 408.
                Poll::Pending if self.answered && self.is_late(context) => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) => {}
                other => return other,
            }
        } else {
            let length = self.ahead.len().min(buffer.remaining());
            buffer.put_slice(&self.ahead[..length]);
            self.ahead.advance(length);
        }
        if let Some(length) = self.head.end(&buffer.filled()[before..]) {
            let behind = &buffer.filled()[before + length..];
            if !behind.is_empty() {
                let mut ahead = BytesMut::with_capacity(behind.len() + self.ahead.len());
                ahead.extend_from_slice(behind);
                ahead.extend_from_slice(&self.ahead);
                self.ahead = ahead;
            }
            buffer.set_filled(before + length);
            self.turn.whose.set(Whose::Server);
            (self.head, self.answered, self.end, self.looks) = (Head::default(), true, None, 0);
        }
        Poll::Ready(Ok(()))
    }

    /// Reads what nobody wants until the client is done or the time is over.
    fn dismiss(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut scratch = [0; 4096];
        loop {
            let mut scratch = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.stream).poll_read(context, &mut scratch) {
                Poll::Ready(Ok(())) if !scratch.filled().is_empty() && !self.is_over(LINGER, context) => {}
                Poll::Pending if !self.is_over(LINGER, context) => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}

impl AsyncRead for Gate {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.turn.whose.get() {
            Whose::Client => self.read(context, buffer),
            Whose::Server => {
                // Actix may have no cause to come again before the next head: what ends the wait for it begins here.
                self.looks = 0;
                self.is_late(context);
                // Who sent nothing ahead, as nearly all, wakes this by sending; only what is here already has to be told
                // when its turn has come.
                let is_here = !self.ahead.is_empty() || self.stream.poll_read_ready(context).is_ready();
                *self.turn.waiting.borrow_mut() = is_here.then(|| context.waker().clone());
                Poll::Pending
            }
            Whose::Nobody => self.dismiss(context),
        }
    }
}

impl AsyncWrite for Gate {
    /// Heads come in one piece, and what follows goes out with them.
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let turn = Rc::clone(&self.turn);
        let following = turn.following.borrow().clone();
        if following.is_empty() {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        // The empty line stands behind our lines, not behind Actix's.
        let is_open = !following.lines.is_empty();
        let head = bytes.strip_suffix(b"\r\n").filter(|_| is_open).unwrap_or(bytes);
        let all = [IoSlice::new(head), IoSlice::new(&following.lines), IoSlice::new(&following.body)];
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, &all))?;
        let Some(behind) = written.checked_sub(head.len()) else {
            return Poll::Ready(Ok(written));
        };
        turn.sent(behind);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let turn = Rc::clone(&self.turn);
        loop {
            let following = turn.following.borrow().clone();
            if following.is_empty() {
                return Pin::new(&mut self.stream).poll_flush(context);
            }
            let all = [IoSlice::new(&following.lines), IoSlice::new(&following.body)];
            match ready!(Pin::new(&mut self.stream).poll_write_vectored(context, &all))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => turn.sent(written),
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// How much of a head has come. It ends with an empty line; empty lines before
/// it are passed over, and lines may end without a carriage return (RFC 9112,
/// 2.2), as Actix's parser has it.
#[derive(Debug, Default)]
struct Head {
    line: Line,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// None has anything in it yet.
    #[default]
    Before,
    /// One begins.
    Empty,
    /// One has something in it.
    Begun,
}

impl Head {
    fn began(&self) -> bool {
        self.line != Line::Before
    }

    /// How many of these bytes, which follow those of the call before, belong
    /// to the head, if it ends in them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            if self.line == Line::Begun {
                // Whatever else such a line has in it, only its end matters.
                at += memchr(b'\n', bytes.get(at..)?)?;
            }
            self.line = match (self.line, bytes.get(at)?) {
                (Line::Empty, b'\n') => return Some(at + 1),
                (Line::Begun, b'\n') => Line::Empty,
                (line @ (Line::Before | Line::Empty), b'\r') | (line @ Line::Before, b'\n') => line,
                _ => Line::Begun,
            };
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests;
