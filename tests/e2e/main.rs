//! End-to-end tests: they run the program and check what the documentation promises. Each module covers one
//! feature, each test one promise. The tests use the command line, the files of authors and operators, and
//! HTTP; they use nothing of the library.

mod driver;

mod access_log;
mod admin;
mod base_address;
mod bodies;
mod bombs;
mod budget;
mod build;
mod categories;
mod check;
mod coming_over;
mod conditional;
mod custom_feeds;
mod dashboard;
mod due;
mod encodings;
mod expensive;
mod first_run;
mod formats;
mod half_written;
mod health;
mod identity;
mod lead_image;
mod limits;
mod load;
mod media;
mod mentions;
mod locked;
mod methods;
mod no_false_404;
mod order;
mod outlines;
mod outside;
mod pages;
mod people_and_tags;
mod printable;
mod readers;
mod redirects;
mod restart;
mod sample;
mod slow_clients;
mod stop;
mod swaps;
mod strange_requests;
mod unread_log;
mod watching;
mod watching_feeds;
#[cfg(target_os = "linux")]
mod watching_limits;
mod watching_under_load;
mod well_formed;
