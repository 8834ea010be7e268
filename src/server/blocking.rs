//! Responses that take time: documents that are not rendered or compressed yet, article pages, images
//! and attachments.
//!
//! The time is spent in the threads of [`Pool`](super::pool::Pool), because a worker that waits cannot
//! serve its other connections.

use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use actix_web::dev::RequestHead;
use actix_web::http::Method;
use tokio::sync::oneshot;

use super::connection::RequestTurn;
use super::media::{ETag, Opened, Tagged};
use super::pool::{Lane, NeedsPermit};
use super::request::{RequestHeaders, Verb};
use super::response::{self, Body, Response};
use super::{AppState, DocumentKind, FormatLabel, NO_LABELS, guarded, labels, missing};
use crate::content_path::ContentPath;
use crate::document::{Document, Encoding};
use crate::edition::{Edition, Expense, Found};

/// The headers of a request that blocks. It is GET or HEAD; other methods were answered earlier.
fn request(head: &RequestHead) -> RequestHeaders<'_> {
    RequestHeaders::new(Verb::of(&head.method).unwrap_or(Verb::Get), &head.headers)
}

/// Runs `work` in the short lane, and again in the long lane if it needs a permit. Fails with 503 if
/// too many requests wait for permits.
async fn in_lanes<T: Send + 'static>(
    state: &Arc<AppState>,
    turn: &RequestTurn,
    work: impl Fn(&AppState, Lane) -> Result<T, NeedsPermit> + Send + Sync + 'static,
) -> Result<T, Response> {
    let work = Arc::new(work);
    for lane in [Lane::Short, Lane::Long] {
        let (shared, work) = (Arc::clone(state), Arc::clone(&work));
        let work = move || guarded(&shared.count, || work(&shared, lane));
        let receiver = state.files.run_in(lane, work).ok_or_else(response::busy)?;
        let found = match lane {
            // It takes a moment, and a client that shut down its sending side still reads.
            Lane::Short => receiver.await.map_err(|_| response::failed())?,
            Lane::Long => unless_left(receiver, turn).await?,
        };
        match found {
            Some(Ok(found)) => return Ok(found),
            Some(Err(NeedsPermit)) => {}
            None => break,
        }
    }
    Err(response::failed())
}

/// Waits for a result. Stops waiting when the client closes the connection; a client that only shut
/// down its sending side gets a 503 and may retry.
async fn unless_left<T>(mut pending: oneshot::Receiver<T>, turn: &RequestTurn) -> Result<T, Response> {
    poll_fn(|context| match Pin::new(&mut pending).poll(context) {
        Poll::Ready(made) => Poll::Ready(made.map_err(|_| response::failed())),
        Poll::Pending if turn.has_left(context) => Poll::Ready(Err(response::busy())),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// Responds with a document. The first client that asks for a content coding waits until the document
/// is compressed, and this time is measured.
pub(super) async fn document(
    state: &Arc<AppState>,
    head: &RequestHead,
    edition: &Edition,
    document: Arc<Document>,
) -> Response {
    let request = request(head);
    let wanted = request.encoding();
    // A 304 needs no compressed body.
    if document.length(wanted).is_none() && !response::is_not_modified(&request, &document) {
        let (shared, same) = (Arc::clone(state), Arc::clone(&document));
        let compress = move || guarded(&shared.count, || compress(&shared, &same, wanted));
        let lane = if document.needs_permit() { Lane::Long } else { Lane::Short };
        let Some(compressed) = state.files.run_in(lane, compress) else {
            return response::busy();
        };
        if !matches!(compressed.await, Ok(Some(()))) {
            return response::failed();
        }
    }
    guarded(&state.count, || response::document(&request, &document, edition.feed_cache()))
        .unwrap_or_else(response::failed)
}

/// Compresses a document unless it is already, and measures the time.
fn compress(state: &AppState, document: &Document, wanted: Encoding) {
    if document.length(wanted).is_none() {
        let start = Instant::now();
        document.bytes(wanted);
        state.count.compressed(start.elapsed());
    }
}

/// Compresses a document at once if it was rendered in the long lane, which may be full afterwards.
fn compress_in(lane: Lane, state: &AppState, document: &Document, wanted: Encoding) {
    if lane == Lane::Long {
        compress(state, document, wanted);
    }
}

/// Responds with a document that has to be rendered.
pub(super) async fn rendered(
    state: &Arc<AppState>,
    head: &RequestHead,
    edition: Arc<Edition>,
    turn: &RequestTurn,
) -> ((DocumentKind, FormatLabel), Response) {
    let (same, path) = (Arc::clone(&edition), head.uri.path().to_owned());
    let wanted = request(head).encoding();
    let found = in_lanes(state, turn, move |state, lane| {
        let found = match same.find_rendered(&path) {
            Ok(found) => found,
            Err(Expense::Large) if lane == Lane::Short => return Err(NeedsPermit),
            Err(_) => same.find(&path),
        };
        if let Found::Document(document) = &found {
            compress_in(lane, state, document, wanted);
        }
        Ok(found)
    });
    match found.await {
        Ok(Found::Document(found)) => {
            super::tell_squeezed(&edition);
            (labels(&found), document(state, head, &edition, found).await)
        }
        // An edition always returns the same for the same path.
        Ok(_) => (NO_LABELS, response::failed()),
        Err(response) => (NO_LABELS, response),
    }
}

/// Responds with the page of an article.
pub(super) async fn article(
    state: &Arc<AppState>,
    head: &RequestHead,
    edition: Arc<Edition>,
    place: ContentPath,
    turn: &RequestTurn,
) -> Response {
    let same = Arc::clone(&edition);
    let wanted = request(head).encoding();
    let found = in_lanes(state, turn, move |state, lane| {
        let found = (state.article)(&same, &place, lane)?;
        if let Some(document) = &found {
            compress_in(lane, state, document, wanted);
        }
        Ok(found)
    });
    match found.await {
        Ok(Some(found)) => document(state, head, &edition, found).await,
        Ok(None) => missing(&request(head), &edition),
        Err(response) => response,
    }
}

/// Responds with an image or attachment. Its bytes are read by [`read`].
pub(super) async fn media(
    state: &Arc<AppState>,
    head: &RequestHead,
    edition: Arc<Edition>,
    key: Arc<str>,
    turn: &RequestTurn,
) -> Response {
    let same = Arc::clone(&edition);
    let found = match in_lanes(state, turn, move |state, lane| (state.media)(&same, &key, lane)).await {
        Err(response) => return response,
        Ok(None) => None,
        Ok(Some(Opened { file, length, media_type, tag })) => match tag_of(tag, turn).await {
            Ok(etag) => Some(Tagged { file, length, media_type, etag }),
            Err(response) => return response,
        },
    };
    let request = request(head);
    let answered = guarded(&state.count, || match found {
        Some(media) => response::media(&request, media),
        None => missing(&request, &edition),
    });
    answered.unwrap_or_else(response::failed)
}

/// Waits for an ETag.
async fn tag_of(tag: ETag, turn: &RequestTurn) -> Result<String, Response> {
    match tag {
        ETag::Known(tag) => Ok(tag),
        ETag::Pending(receiver) => unless_left(receiver, turn).await,
    }
}

/// Reads the first bytes of a file before the head is sent, so that a disk error becomes a 500 and
/// not a truncated body.
pub(super) async fn read(state: &AppState, head: &RequestHead, response: Response) -> Response {
    let mut rest = match &response.body {
        Body::Part(part) if head.method == Method::GET => part.clone(),
        _ => return response,
    };
    match state.files.run(move || rest.read().map(|first| (first, rest))).await {
        Ok(Ok((first, rest))) => Response { body: Body::File { first, rest }, ..response },
        Ok(Err(error)) => {
            tracing::warn!(%error, path = head.uri.path(), "a media file could not be read");
            response::failed()
        }
        Err(_) => response::failed(),
    }
}
