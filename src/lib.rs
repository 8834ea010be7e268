//! feedmill turns a directory of articles into feeds and serves them.
//!
//! *Files become articles, articles a library, a library and a definition a
//! feed, a feed a document, and a document an answer.* Data travels one way;
//! nothing turns back.
//!
//! ```text
//! feeds/*.yaml ──── parse ───▶ Site, Definition ─┐
//!                                                ▼
//! content/** ─ scan, read ▶ ChangeBatch ─ apply ▶ Library ─ select ▶ Feed ─ render ▶ Document ─ negotiate ▶ Response
//!     ▲                     path → Option<File>   every article     entries         bytes, encodings,
//!     │                                           and problem       no format yet   validators
//!  notify: "look here"                                  └────────── Edition ──────────┘
//!                                                                      │ swap
//!                                                                   Publisher ◀── every request
//! └──────── disk (effects) ──────┘└──────────────── pure values ───────────────┘└──── server (effects) ────┘
//! ```
//!
//! # What always holds
//!
//! 1. A library is a function of the files (and of the rules and the moment).
//!    The order in which changes came leaves no trace: *watching any edits
//!    equals reading afresh, document by document.* Held by `tests/laws.rs`.
//! 2. The core is pure. Below [`disk`] nothing opens a file, asks the time,
//!    logs or prints; the time comes in as a value. Held by `tests/tidy.rs`.
//! 3. Rendering cannot fail. Whatever a format requires, a [`feed::Feed`] has;
//!    text that XML cannot carry cannot get into one ([`text::Text`]).
//! 4. Nothing is edited in place. The next [`edition::Edition`] is built beside
//!    the current one, shares what did not change, and is swapped in whole.
//! 5. Nothing is invalidated. A document may be forgotten, never outdated: it
//!    belongs to the feed it was rendered from.
//! 6. An article cannot break the site, a definition cannot break the edition
//!    that is served.
//! 7. Events are hints. The watcher says where to look; the disk says what is
//!    there.
//! 8. Cost follows the change: one changed article costs its own reading, a
//!    logarithm of the library and the feeds that show it.
//! 9. Modules use only the layers below. The order below is the order of the
//!    layers and of reading. Held by `tests/tidy.rs`.

// Values.
pub mod diagnostic;
pub mod text;
pub mod name;
pub mod key;
pub mod article;
pub mod site;
pub mod library;
pub mod feed;
pub mod document;
pub mod render;
pub mod edition;
pub mod publisher;
// The world.
pub mod disk;
pub mod server;
pub mod cli;
pub mod settings;
pub mod commands;
