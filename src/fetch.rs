//! Asks the hosts of remote images and attachments, stores objects, checks the public URL, tells hubs: the only module that opens
//! outgoing connections, besides `healthcheck`.
//!
//! [`Client`] sends requests to public addresses only, and to each host one a second; [`probe()`] finds out type, length
//! and size of one file. What is asked and when, and what the answers mean for feeds, is decided by `commands::images`. [`Store`] is a client for object storage, which `commands::build` uses; [`DirectClient`]
//! asks the public URL for `commands::doctor` and hubs for `commands::pings`.

mod client;
mod coding;
mod direct;
mod guard;
mod pace;
mod probe;
mod store;

pub(crate) use client::Client;
pub(crate) use direct::{DirectClient, DirectError, DirectMethod, DirectResponse, lacks_ipv6};
pub(crate) use probe::{Answer, Expected, ProbedImage, Question, probe, retry_after};
pub(crate) use store::{
    MOST_STORED, Object, Payload, Precondition, Store, StoreCredentials, StoreError, StoreLocation, StoreUrlStyle,
    Stored, is_plain_key,
};
