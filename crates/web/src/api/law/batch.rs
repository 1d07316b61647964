//! Packages as they come, answers as they go: one line of each is held, whatever the length of both.

use super::Options;
use crate::{
    answer::{Receiving, Refused},
    site::Site,
    visitor::Visitor,
};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use symbolon_app::law::{Lines, Question};
use symbolon_law::Rulebook;
use tokio::sync::mpsc::{Sender, channel};

/// How long the next bytes may be waited for.
const IDLE: Duration = Duration::from_secs(30);

pub(super) async fn run(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    body: Body,
) -> Result<Response, Refused> {
    let options: Options = visitor.question(&[])?;
    let question = options.onto(Question::default());
    // An `on` that is no day is said once, not on every line.
    let law = site.app.law.current().map_err(|e| visitor.refuse(e))?;
    let book = question
        .edition()
        .and_then(|e| law.edition(e))
        .and_then(|b| question.package(&b).map(|_| b))
        .map_err(|e| visitor.refuse(e))?;
    let (send, receive) = channel(4);
    let lines = Lines::new(question.on, question.no_remedies);
    tokio::spawn(answer(book, lines, body, send));
    let head = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((head, Body::from_stream(Receiving(receive))).into_response())
}

/// Reads, decides, sends on. It waits where the reader of the answers does not keep up, and ends where
/// either side went away.
async fn answer(
    book: Arc<Rulebook>,
    mut lines: Lines,
    body: Body,
    send: Sender<std::io::Result<Bytes>>,
) {
    let mut stream = body.into_data_stream();
    loop {
        let next = poll_fn(|context| Pin::new(&mut stream).poll_next(context));
        let bytes = match tokio::time::timeout(IDLE, next).await {
            Ok(Some(Ok(bytes))) => Some(bytes),
            Ok(None) => None,
            Ok(Some(Err(_))) | Err(_) => {
                let cut = std::io::Error::other("the packages ended early");
                let _ = send.send(Err(cut)).await;
                return;
            }
        };
        let (end, law) = (bytes.is_none(), Arc::clone(&book));
        let work = tokio::task::spawn_blocking(move || {
            let mut out = vec![];
            match bytes {
                Some(bytes) => lines.take(&law, &bytes, &mut out),
                None => lines.finish(&law, &mut out),
            }
            (lines, out)
        });
        let Ok((back, out)) = work.await else { return };
        lines = back;
        if !out.is_empty() && send.send(Ok(out.into())).await.is_err() {
            return;
        }
        if end {
            return;
        }
    }
}
