//! Obsidian: a vault of notes, opened in the editor of that name. <https://help.obsidian.md/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// Obsidian.
pub const OBSIDIAN: Generator = Generator(&GeneratorRules { key: "obsidian", marks: Marks::NONE, ..plain::OTHER });
