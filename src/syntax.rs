//! What an author may write, whatever the generator: front matter and dates.
//!
//! Everything here takes text and returns values. Which keys and formats count
//! is decided by the callers in `generator` and `article`.

pub mod date;
pub mod front_matter;
