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

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Instant, Sleep, sleep};
use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::PATIENCE;
use super::load::{SEND_BUFFER, WorkerLoad};
use head::Head;
pub(super) use turn::RequestTurn;
use turn::TurnOwner;

mod head;
mod outgoing;
mod turn;

/// How long a client that was told the connection ends may go on sending:
/// closed at once, its answer could be lost to the bytes still on their way.
pub(super) const LINGER: Duration = Duration::from_secs(1);

/// A connection without a request is looked at so often, and let go the last
/// time: after 75 to 90 seconds, longer than proxies keep theirs (nginx,
/// Varnish and AWS: 60 s), so that none sends a request into a connection that
/// is being closed.
const LOOK: Duration = Duration::from_secs(15);
const LOOKS: u8 = 6;

/// A client that takes nothing of its answer for so long is let go. The kernel
/// does the same for what it holds itself: see `listen`.
pub(super) const STALLED: Duration = Duration::from_secs(10);

/// A connection that hands over one head at a time.
pub(super) struct ClientConnection {
    stream: TcpStream,
    /// Shared with the requests of this connection.
    pub(super) turn: Rc<RequestTurn>,
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
    /// When it is looked again whether the client takes its answer.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl ClientConnection {
    pub(super) fn new(stream: TcpStream, worker: &Rc<WorkerLoad>) -> Self {
        let turn = Rc::new(RequestTurn::new(worker.connect()));
        worker.stay_within();
        Self {
            stream,
            turn,
            ahead: BytesMut::new(),
            head: Head::default(),
            answered: false,
            end: None,
            look: None,
            pause: LOOK,
            looks: 0,
            stalled: None,
        }
    }

    /// An error if this connection is to end for the sake of others.
    fn is_kept(&self, context: &Context<'_>) -> io::Result<()> {
        let load = &self.turn.load;
        load.belongs_to(context);
        if load.is_cut() { Err(self.cut()) } else { Ok(()) }
    }

    /// Closing gives up what the socket still holds: nothing takes it.
    fn cut(&self) -> io::Error {
        // Without it the kernel holds it for a while longer.
        let _ = self.stream.set_zero_linger();
        io::ErrorKind::ConnectionAborted.into()
    }

    /// The socket has no room; an error when that has lasted too long.
    fn stall(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let load = &self.turn.load;
        load.stalled(self.turn.outgoing.borrow().waiting());
        let left = || STALLED.saturating_sub(load.idle());
        let look = self.stalled.get_or_insert_with(|| Box::pin(sleep(left())));
        while look.as_mut().poll(context).is_ready() {
            if left().is_zero() {
                return Poll::Ready(self.cut());
            }
            look.as_mut().reset(Instant::now() + left());
        }
        if load.is_cut() { Poll::Ready(self.cut()) } else { Poll::Pending }
    }

    /// Writes what is there, behind the bytes that Actix has. Gives how many of
    /// these and of all are written.
    fn write(&mut self, context: &mut Context<'_>, head: &[u8]) -> Poll<io::Result<usize>> {
        self.is_kept(context)?;
        let turn = Rc::clone(&self.turn);
        let written = {
            let outgoing = turn.outgoing.borrow();
            Pin::new(&mut self.stream).poll_write_vectored(context, &outgoing.behind(head))?
        };
        match written {
            Poll::Pending => self.stall(context).map(Err),
            Poll::Ready(0) => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Poll::Ready(written) => {
                turn.sent(written, written.saturating_sub(head.len()));
                Poll::Ready(Ok(written))
            }
        }
    }

    /// Whether the client has taken all that its socket held. Linux does not
    /// say it without `unsafe`; but a socket whose buffer is made tiny takes
    /// more only if it holds next to nothing.
    fn is_empty(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let socket = socket2::SockRef::from(&self.stream);
        let mut ready = [PollFd::new(&self.stream, PollFlags::OUT)];
        let request = socket.set_send_buffer_size(1).is_ok() && poll(&mut ready, Some(&Timespec::default())).is_ok();
        let _ = socket.set_send_buffer_size(SEND_BUFFER);
        request && ready[0].revents().contains(PollFlags::OUT)
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
            self.turn.whose.set(TurnOwner::Server);
            if self.turn.load.request() && self.is_empty() {
                self.turn.load.emptied();
            }
            (self.head, self.answered, self.end, self.looks) = (Head::default(), true, None, 0);
        }
        Poll::Ready(Ok(()))
    }

    /// Whether there is something to read behind a request that is being
    /// answered: the next one, or the end.
    fn has_more(&mut self, context: &mut Context<'_>) -> bool {
        let mut first = [0];
        let mut first = ReadBuf::new(&mut first);
        let peeked = self.stream.poll_peek(context, &mut first);
        let is_end = match &peeked {
            Poll::Pending => return false,
            Poll::Ready(Ok(length)) => *length == 0,
            Poll::Ready(Err(_)) => true,
        };
        if is_end && !self.turn.left.get() {
            self.turn.leave();
        }
        true
    }

    /// Reads what nobody wants until the client is done or the time is over.
    fn dismiss(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.turn.outgoing.borrow().is_done() {
            self.turn.load.over();
        }
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

impl AsyncRead for ClientConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.is_kept(context)?;
        match self.turn.whose.get() {
            TurnOwner::Client => self.read(context, buffer),
            TurnOwner::Server => {
                // Actix may have no cause to come again before the next head: what ends the wait for it begins here.
                self.looks = 0;
                self.is_late(context);
                // Who sent nothing ahead, as nearly all, wakes this by sending; only what is here already has to be told
                // when its turn has come.
                let is_here = !self.ahead.is_empty() || self.has_more(context);
                *self.turn.waiting.borrow_mut() = is_here.then(|| context.waker().clone());
                Poll::Pending
            }
            TurnOwner::Nobody => self.dismiss(context),
        }
    }
}

impl AsyncWrite for ClientConnection {
    /// Heads come in one piece, and what follows goes out with them.
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // The empty line stands behind our lines, not behind Actix's.
        let is_open = !self.turn.outgoing.borrow().lines.is_empty();
        let head = bytes.strip_suffix(b"\r\n").filter(|_| is_open).unwrap_or(bytes);
        let written = ready!(self.write(context, head))?;
        Poll::Ready(Ok(if written < head.len() { written } else { bytes.len() }))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let turn = Rc::clone(&self.turn);
        loop {
            let (is_done, has_nothing_here) = {
                let outgoing = turn.outgoing.borrow();
                (outgoing.is_done(), outgoing.has_nothing_here())
            };
            if is_done {
                return Pin::new(&mut self.stream).poll_flush(context);
            }
            if has_nothing_here {
                // What is read before the socket has room would only wait.
                if self.stream.poll_write_ready(context)?.is_pending() {
                    return self.stall(context).map(Err);
                }
                ready!(turn.outgoing.borrow_mut().poll_read(context)).inspect_err(|error| {
                    tracing::warn!(%error, "an image broke off in the middle: it cannot be read");
                })?;
                turn.load.waited();
            }
            ready!(self.write(context, &[]))?;
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
