//! Answers that wait for the disk: article pages, images and attachments.

use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use actix_web::dev::RequestHead;
use actix_web::http::Method;

use super::answer::{self, Answer, Body};
use super::asked::{Asked, Verb};
use super::gate::Turn;
use super::media::{Opened, Tag, Tagged};
use super::{Rooms, document_answer, guarded, missing};
use crate::article::Place;
use crate::edition::Edition;

/// The request behind a step: only GET and HEAD come that far.
fn asked(head: &RequestHead) -> Asked<'_> {
    Asked::new(Verb::of(&head.method).unwrap_or(Verb::Get), &head.headers)
}

/// The page of an article.
pub(super) async fn article(rooms: &Arc<Rooms>, head: &RequestHead, edition: Arc<Edition>, place: Place) -> Answer {
    let (room, same) = (Arc::clone(rooms), Arc::clone(&edition));
    let found = rooms.files.run(move || guarded(&room.count, || (room.article)(&same, &place))).await;
    let answered = found.ok().flatten().and_then(|found| {
        guarded(&rooms.count, || match found {
            Some(document) => document_answer(rooms, &asked(head), &document, &edition),
            None => missing(&asked(head), &edition),
        })
    });
    answered.unwrap_or_else(answer::failed)
}

/// An image or attachment; its bytes are read by [`read`].
pub(super) async fn media(
    rooms: &Arc<Rooms>,
    head: &RequestHead,
    edition: Arc<Edition>,
    key: Arc<str>,
    turn: Option<&Rc<Turn>>,
) -> Answer {
    let (room, same) = (Arc::clone(rooms), Arc::clone(&edition));
    let found = rooms.files.run(move || guarded(&room.count, || (room.media)(&same, &key))).await;
    let found = match found.ok().flatten() {
        None => return answer::failed(),
        Some(None) => None,
        Some(Some(Opened { file, length, media_type, tag })) => match tag_of(tag, turn).await {
            Ok(etag) => Some(Tagged { file, length, media_type, etag }),
            Err(answer) => return answer,
        },
    };
    let asked = asked(head);
    let answered = guarded(&rooms.count, || match found {
        Some(media) => answer::media(&asked, media),
        None => missing(&asked, &edition),
    });
    answered.unwrap_or_else(answer::failed)
}

/// A tag, when it is made. A client that leaves meanwhile does not wait for it;
/// one that only sends nothing more may ask again.
async fn tag_of(tag: Tag, turn: Option<&Rc<Turn>>) -> Result<String, Answer> {
    let mut pending = match tag {
        Tag::Known(tag) => return Ok(tag),
        Tag::Pending(receiver) => receiver,
    };
    poll_fn(|context| match Pin::new(&mut pending).poll(context) {
        Poll::Ready(made) => Poll::Ready(made.map_err(|_| answer::failed())),
        Poll::Pending if turn.is_some_and(|turn| turn.has_left(context)) => Poll::Ready(Err(answer::busy())),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// Reads the first bytes of a file before they are promised, so that a failing
/// disk is a 500 and not half an answer.
pub(super) async fn read(rooms: &Rooms, head: &RequestHead, answer: Answer) -> Answer {
    let mut rest = match &answer.body {
        Body::Part(part) if head.method == Method::GET => part.clone(),
        _ => return answer,
    };
    match rooms.files.run(move || rest.read().map(|first| (first, rest))).await {
        Ok(Ok((first, rest))) => Answer { body: Body::File { first, rest }, ..answer },
        Ok(Err(error)) => {
            tracing::warn!(%error, path = head.uri.path(), "an image could not be read");
            answer::failed()
        }
        Err(_) => answer::failed(),
    }
}
