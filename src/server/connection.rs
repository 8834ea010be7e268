//! A client connection, between its socket and the HTTP/1 dispatcher of actix-http. It exists
//! because of four properties of that dispatcher. Actix decodes pipelined requests ahead of time,
//! but remembers only for the last one whether it was HEAD, whether the connection is to be closed,
//! and its version: a client that sent HEAD and GET together got a body for HEAD, and every later
//! response was out of step. It times only the first head of a connection, so that a slow second
//! one would keep it open for ever. It copies bodies into a buffer for each connection, so that
//! slow clients of one large document would exhaust a small container. And the copy costs more than
//! the rest of a response. Measured with callgrind, on one connection and with a handler that does
//! nothing else, a 304 takes 17,443 instructions here and 18,518 with actix-http alone, and a gzip
//! response of 17 kB takes 17,076 and 35,824. If the headers were in a map of Actix, it would be
//! 19,562 and 20,379. It relies on details of actix-http, and therefore Cargo.toml pins the
//! version: the dispatcher reads until `Pending` whenever it is woken; with a write buffer of one
//! byte, it writes a head, which ends with an empty line, before it asks for the body; it flushes
//! after each write and until the flush is complete; a body of unknown length without chunking ends
//! when the stream ends; and the hidden method `graceful_shutdown_signal` ends idle connections.
//! The tests of `server` notice if one of these changes.
//!
//! [`ClientConnection`] holds back the bytes after the head of a request until the response is
//! completely sent. It times the later heads, and the wait for them, without a new timer for each.
//! It sends the headers and the body of a response itself, in one system call together with the
//! status line, date and connection headers that Actix writes.

use std::future::ready;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive, Request, Response};
use actix_service::{ServiceFactory, ServiceFactoryExt as _};
use actix_web::body::BoxBody;
use actix_web::dev::{Extensions, fn_service};
use actix_web::rt::time::{Instant, Sleep, sleep};
use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::load::{Limits, SEND_BUFFER, WorkerLoad};
use head::Head;
pub(super) use stream::ClientStream;
pub(super) use turn::{RequestTurn, TurnOwner};

mod head;
mod outgoing;
mod stream;
mod turn;

/// Time limit from the first byte of a request to the end of its head.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a client may go on sending after the last response. If the connection were closed at
/// once, bytes still on their way would reset it and the response could be lost.
const LINGER: Duration = Duration::from_secs(1);

/// How often an idle connection is checked. It is closed at the last check, after 75 to 90 seconds.
/// Proxies close idle connections earlier (nginx, Varnish and AWS: 60 s), so none of them sends a
/// request on a connection that is being closed.
const LOOK: Duration = Duration::from_secs(15);
const LOOKS: u8 = 6;

/// A client that reads nothing of its response for this long is disconnected. The kernel does the
/// same for the data that it holds, see `listen`.
pub(super) const STALLED: Duration = Duration::from_secs(10);

/// Makes Actix write each head at once. It needs no larger buffer, because `ClientConnection` sends
/// the bodies.
const WRITE_BUFFER: usize = 1;

/// Answers the requests of connections. `stopping` ends when no more requests are to be read,
/// `opened` is called with the data of each new connection, and `answer` responds to a request with
/// [`RequestTurn::respond`].
pub(super) fn service<S, T, F>(
    limits: Limits,
    stopping: impl Fn() -> T + 'static,
    opened: impl Fn(&mut Extensions) + 'static,
    answer: impl Fn(Request, Rc<RequestTurn>) -> F + Clone + 'static,
) -> impl ServiceFactory<S, Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    S: Into<ClientStream> + 'static,
    T: Future<Output = ()> + 'static,
    F: Future<Output = Response<BoxBody>> + 'static,
{
    let http = HttpService::build()
        .graceful_shutdown_signal(stopping)
        .keep_alive(KeepAlive::Os)
        .client_request_timeout(PATIENCE)
        .client_disconnect_timeout(LINGER)
        .h1_write_buffer_size(WRITE_BUFFER)
        .on_connect_ext(move |connection: &ClientConnection, data: &mut Extensions| {
            data.insert(Rc::clone(&connection.turn));
            opened(data);
        })
        .h1(fn_service(move |request: Request| {
            let turn = request.conn_data::<Rc<RequestTurn>>().cloned();
            let answered = turn.map(|turn| answer(request, turn));
            async move {
                match answered {
                    Some(answered) => Ok::<_, actix_http::Error>(answered.await),
                    None => Ok(Response::internal_server_error()),
                }
            }
        }));
    let load = WorkerLoad::new(limits);
    let to_connection = move |stream: S| {
        let stream = stream.into();
        let (hurried, peer) = (stream.hurry(), stream.peer());
        ready(hurried.map(|()| (ClientConnection::new(stream, &load), peer)).map_err(DispatchError::Io))
    };
    fn_service(to_connection).and_then(http)
}

/// A connection that passes one head at a time to Actix.
struct ClientConnection {
    stream: ClientStream,
    /// Shared with the requests of this connection.
    turn: Rc<RequestTurn>,
    /// Bytes that arrived after the head of the current request.
    ahead: BytesMut,
    head: Head,
    answered: bool,
    /// Ends the time for a head that has begun, or for reading after the last response.
    end: Option<Pin<Box<Sleep>>>,
    /// When to check again whether a request has arrived, and the interval.
    look: Option<Pin<Box<Sleep>>>,
    pause: Duration,
    /// Number of checks since the last request.
    looks: u8,
    /// When to check again whether the client is reading.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl ClientConnection {
    fn new(stream: ClientStream, worker: &Rc<WorkerLoad>) -> Self {
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

    /// Fails if this connection was chosen to be closed in favour of others.
    fn is_kept(&self, context: &Context<'_>) -> io::Result<()> {
        let load = &self.turn.load;
        load.belongs_to(context);
        if load.is_cut() { Err(self.cut()) } else { Ok(()) }
    }

    /// Gives up the data that the socket still holds, because the client does not read it.
    fn cut(&self) -> io::Error {
        // Otherwise the kernel would keep the data for some time.
        self.stream.drop_rest();
        io::ErrorKind::ConnectionAborted.into()
    }

    /// Called when the socket is full. Returns an error if that has lasted too long.
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

    /// Writes `head`, which comes from Actix, followed by our headers and body. Returns the number
    /// of bytes written.
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

    /// Whether the client has read everything that its socket held. On Linux, asking for this needs
    /// `unsafe`; but a socket with a tiny send buffer is writable only if it holds almost nothing.
    fn is_empty(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let socket = socket2::SockRef::from(&self.stream);
        let mut ready = [PollFd::new(&self.stream, PollFlags::OUT)];
        let request = socket.set_send_buffer_size(1).is_ok() && poll(&mut ready, Some(&Timespec::default())).is_ok();
        let _ = socket.set_send_buffer_size(SEND_BUFFER);
        request && ready[0].revents().contains(PollFlags::OUT)
    }

    /// Whether the client has taken too long to begin or to finish a head.
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

    /// Whether this time has passed since the first call.
    fn is_over(&mut self, time: Duration, context: &mut Context<'_>) -> bool {
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(time)));
        end.as_mut().poll(context).is_ready()
    }

    /// Reads a part of a head. Reading nothing means the end of the connection.
    fn read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if self.ahead.is_empty() {
            match Pin::new(&mut self.stream).poll_read(context, buffer) {
                // Actix times the first head, and answers 408.
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

    /// Whether there is something to read after the request that is being answered: another
    /// request, or the end of the connection.
    fn has_more(&mut self, context: &mut Context<'_>) -> bool {
        let peeked = self.stream.poll_peek(context);
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

    /// Reads and discards bytes until the client closes the connection or the time is over.
    fn dismiss(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.turn.load.over();
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
                // Actix may not poll again before the next head, so the timer for that wait is
                // started here.
                self.looks = 0;
                self.is_late(context);
                // Most clients send nothing ahead; their next request wakes this task. Data that is
                // already here does not, so the waker is kept until the response is complete.
                let is_here = !self.ahead.is_empty() || self.has_more(context);
                *self.turn.waiting.borrow_mut() = is_here.then(|| context.waker().clone());
                Poll::Pending
            }
            TurnOwner::Nobody => self.dismiss(context),
        }
    }
}

impl AsyncWrite for ClientConnection {
    /// Actix writes a head in one piece; our headers and body are sent with it.
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // The empty line that ends the head has to follow our headers, so it is removed from
        // Actix's part.
        let is_open = self.turn.outgoing.borrow().has_lines();
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
                // Reading the file before the socket has room would only use memory.
                if self.stream.poll_write_ready(context)?.is_pending() {
                    return self.stall(context).map(Err);
                }
                ready!(turn.outgoing.borrow_mut().poll_read(context)).inspect_err(|error| {
                    tracing::warn!(%error, "an image was truncated, because its file cannot be read");
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
