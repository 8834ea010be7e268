//! Obsidian: a vault of notes, opened in the editor of that name. <https://help.obsidian.md/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, MarkdownExtension, plain};

/// Obsidian.
pub const OBSIDIAN: Generator = Generator(&GeneratorRules {
    key: "obsidian",
    marks: Marks::NONE,
    // `[[Note]]` is a note of this name in any directory.
    refers_by_name: true,
    markdown: &[MarkdownExtension::Mathematics, MarkdownExtension::Remarks],
    ..plain::OTHER
});
