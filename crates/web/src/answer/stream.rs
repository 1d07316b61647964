//! Files made while they are sent: a writer on a thread that may wait, and the body that carries its bytes.

use axum::body::{Body, Bytes};
use std::io::Write;

/// Bytes are sent on when so many have gathered.
const CHUNK: usize = 64 * 1024;

/// A writer into the body of an answer; a reader that went away is an error.
pub(crate) struct Chunks {
    send: tokio::sync::mpsc::Sender<std::io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = Bytes::from(std::mem::take(&mut self.buffer));
        self.send
            .blocking_send(Ok(chunk))
            .map_err(|_| std::io::Error::other("the reader went away"))
    }
}

/// The receiving half as a stream.
pub(crate) struct Receiving(pub(crate) tokio::sync::mpsc::Receiver<std::io::Result<Bytes>>);

impl futures_core::Stream for Receiving {
    type Item = std::io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// A body that `write` fills, on a thread of its own. Where it fails, the body breaks off, so that a
/// reader does not take a part for the whole.
pub(crate) fn written<E: std::fmt::Display>(
    write: impl FnOnce(Chunks) -> Result<(), E> + Send + 'static,
) -> Body {
    let (send, receive) = tokio::sync::mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        let out = Chunks {
            send: send.clone(),
            buffer: Vec::with_capacity(CHUNK),
        };
        if let Err(e) = write(out) {
            tracing::warn!(error = %e, "an export ended early");
            let _ = send.blocking_send(Err(std::io::Error::other("the export ended early")));
        }
    });
    Body::from_stream(Receiving(receive))
}
