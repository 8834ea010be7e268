//! Responses that block on the disk: article pages, images and attachments.

use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use actix_web::dev::RequestHead;
use actix_web::http::Method;

use super::connection::RequestTurn;
use super::media::{ETag, Opened, Tagged};
use super::request::{RequestHeaders, Verb};
use super::response::{self, Body, Response};
use super::{AppState, document_response, guarded, missing};
use crate::content_path::ContentPath;
use crate::edition::Edition;

/// The headers of a request that blocks. It is GET or HEAD; other methods were answered earlier.
fn request(head: &RequestHead) -> RequestHeaders<'_> {
    RequestHeaders::new(Verb::of(&head.method).unwrap_or(Verb::Get), &head.headers)
}

pub(super) async fn article(
    state: &Arc<AppState>,
    head: &RequestHead,
    edition: Arc<Edition>,
    place: ContentPath,
) -> Response {
    let (shared, same) = (Arc::clone(state), Arc::clone(&edition));
    let found = state.files.run(move || guarded(&shared.count, || (shared.article)(&same, &place))).await;
    let answered = found.ok().flatten().and_then(|found| {
        guarded(&state.count, || match found {
            Some(document) => document_response(state, &request(head), &document, &edition),
            None => missing(&request(head), &edition),
        })
    });
    answered.unwrap_or_else(response::failed)
}

/// Responds with an image or attachment. Its bytes are read by [`read`].
pub(super) async fn media(
    state: &Arc<AppState>,
    head: &RequestHead,
    edition: Arc<Edition>,
    key: Arc<str>,
    turn: Option<&Rc<RequestTurn>>,
) -> Response {
    let (shared, same) = (Arc::clone(state), Arc::clone(&edition));
    let found = state.files.run(move || guarded(&shared.count, || (shared.media)(&same, &key))).await;
    let found = match found.ok().flatten() {
        None => return response::failed(),
        Some(None) => None,
        Some(Some(Opened { file, length, media_type, tag })) => match tag_of(tag, turn).await {
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

/// Waits for an ETag. Stops waiting when the client closes the connection; a client that only shut
/// down its sending side gets a 503 and may retry.
async fn tag_of(tag: ETag, turn: Option<&Rc<RequestTurn>>) -> Result<String, Response> {
    let mut pending = match tag {
        ETag::Known(tag) => return Ok(tag),
        ETag::Pending(receiver) => receiver,
    };
    poll_fn(|context| match Pin::new(&mut pending).poll(context) {
        Poll::Ready(made) => Poll::Ready(made.map_err(|_| response::failed())),
        Poll::Pending if turn.is_some_and(|turn| turn.has_left(context)) => Poll::Ready(Err(response::busy())),
        Poll::Pending => Poll::Pending,
    })
    .await
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
            tracing::warn!(%error, path = head.uri.path(), "an image could not be read");
            response::failed()
        }
        Err(_) => response::failed(),
    }
}
