//! One connection with its clock: how long the head of a request, its body, and an answer that nobody takes may be
//! waited for. While a request is being answered the clock stands; the request has limits of its own.

use axum::body::Body;
use hyper::body::{Body as Bytewise, Bytes, Frame, Incoming, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// For the whole head of a request, from its first byte.
    pub(crate) head: Duration,
    /// For anything else: the next request, more of a body, the other end taking what is sent.
    pub(crate) idle: Duration,
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Nothing of a request has come.
    Waiting(Instant),
    /// Its head has begun to come.
    Heading(Instant),
    /// It is being answered.
    Busy,
}

/// What a connection is doing, known to its socket and to whoever answers.
#[derive(Debug)]
pub(crate) struct Line {
    times: Times,
    phase: Mutex<Phase>,
    /// Whoever reads while a request is answered, to be told when the clock goes on.
    reader: Mutex<Option<Waker>>,
}

impl Line {
    /// A connection that was just made: its first request begins now.
    pub(crate) fn new(times: Times) -> Arc<Self> {
        Arc::new(Self {
            times,
            phase: Mutex::new(Phase::Heading(Instant::now())),
            reader: Mutex::default(),
        })
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request is there.
    pub(crate) fn busy(&self) {
        *self.phase() = Phase::Busy;
    }

    fn free(&self) {
        *self.phase() = Phase::Waiting(Instant::now());
        let reader = self.reader().take();
        reader.iter().for_each(Waker::wake_by_ref);
    }

    fn reader(&self) -> MutexGuard<'_, Option<Waker>> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Waiting(_)) {
            *phase = Phase::Heading(Instant::now());
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Waiting(since) => Some(since + self.times.idle),
            Phase::Heading(since) => Some(since + self.times.head),
            Phase::Busy => None,
        }
    }
}

/// A clock that is set when something is waited for.
#[derive(Default)]
struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Ready when the moment has come; else whoever waits is woken then.
    fn poll(&mut self, context: &mut Context<'_>, at: Instant) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if sleep.deadline() != at {
            sleep.as_mut().reset(at);
        }
        sleep.as_mut().poll(context)
    }
}

fn late(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what.to_owned())
}

/// A socket that ends itself when it is waited for too long.
pub(crate) struct Timed {
    socket: TcpStream,
    line: Arc<Line>,
    reading: Alarm,
    writing: Alarm,
    /// Since when the other end takes nothing.
    stuck: Option<Instant>,
}

impl Timed {
    pub(crate) fn new(socket: TcpStream, line: Arc<Line>) -> Self {
        Self {
            socket,
            line,
            reading: Alarm::default(),
            writing: Alarm::default(),
            stuck: None,
        }
    }

    fn written<T>(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stuck = None;
            return polled;
        }
        let since = *self.stuck.get_or_insert_with(Instant::now);
        ready!(self.writing.poll(context, since + self.line.times.idle));
        Poll::Ready(Err(late("nobody takes the answer")))
    }
}

impl AsyncRead for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Poll::Ready(read) = Pin::new(&mut self.socket).poll_read(context, buffer) {
            self.line.heard();
            return Poll::Ready(read);
        }
        // First the waker, then the look: what ends between the two wakes again.
        *self.line.reader() = Some(context.waker().clone());
        let Some(deadline) = self.line.deadline() else {
            return Poll::Pending;
        };
        ready!(self.reading.poll(context, deadline));
        Poll::Ready(Err(late("no request came")))
    }
}

impl AsyncWrite for Timed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.written(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.socket).poll_write_vectored(context, parts);
        self.written(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.socket).poll_shutdown(context);
        self.written(context, polled)
    }
}

/// The body of a request, which must go on coming.
pub(crate) struct Sent {
    body: Incoming,
    alarm: Alarm,
    last: Instant,
    idle: Duration,
}

impl Sent {
    pub(crate) fn new(body: Incoming, times: Times) -> Self {
        Self {
            body,
            alarm: Alarm::default(),
            last: Instant::now(),
            idle: times.idle,
        }
    }
}

impl Bytewise for Sent {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.last = Instant::now();
            return Poll::Ready(frame.map(|f| f.map_err(Into::into)));
        }
        let at = self.last + self.idle;
        ready!(self.alarm.poll(context, at));
        Poll::Ready(Some(Err(late("the body stopped coming").into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer; when it is over, the connection waits for the next request.
pub(crate) struct Answered {
    body: Body,
    line: Arc<Line>,
}

impl Answered {
    pub(crate) fn new(body: Body, line: Arc<Line>) -> Self {
        Self { body, line }
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.line.free();
    }
}

impl Bytewise for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
