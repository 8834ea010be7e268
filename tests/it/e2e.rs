//! End-to-end tests: they run the program and check what the documentation promises. Each module covers one
//! feature, each test one promise. The tests use the command line, the files of authors and operators, and
//! HTTP; they use nothing of the library.

mod access_log;
mod admin;
mod authors_and_tags;
mod base_url;
mod bodies;
mod bombs;
mod budget;
mod build;
mod categories;
mod check;
mod compare;
mod conditional;
mod content_codings;
mod cross_references;
mod custom_feeds;
mod dashboard;
mod detection;
mod expensive;
mod feed_lists;
mod first_run;
mod formats;
mod half_written;
mod health;
mod identity;
mod languages;
mod lead_image;
mod limits;
mod load;
mod locked;
mod media;
mod methods;
mod migration;
mod no_false_404;
mod order;
mod outside;
mod pages;
mod printable;
mod publication;
mod readers;
mod redirects;
mod restart;
mod sample;
mod scheduled;
mod slow_clients;
mod stop;
mod strange_requests;
mod swaps;
mod taxonomies;
mod unread_log;
mod watching;
mod watching_feeds;
#[cfg(target_os = "linux")]
mod watching_limits;
mod well_formed;
