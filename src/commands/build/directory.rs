//! Writes a build to a directory.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::changed::ChangedUrls;
use super::hosting::{self, HostingFacts};
use super::outputs::{Output, Outputs};
use super::plan;
use crate::commands::Failure;
use crate::commands::pages::LONG;
use crate::commands::progress::Progress;
use crate::disk::write::{self, EarlierOutput, FileContent, Made, OutputFile, OutputTarget, RenamePhase, Swap};
use crate::document::{Document, DocumentType, Encoding};

/// The result of a build.
pub(super) struct DirectoryReport {
    /// Files in the directory.
    pub(super) files: usize,
    /// How many of them are as before.
    pub(super) unchanged: usize,
}

/// Writes all outputs. The URLs that changed or went are added to `changed`, if it is given.
pub(super) fn write(
    outputs: &Outputs,
    out: &Path,
    target: &OutputTarget,
    changed: Option<&mut ChangedUrls>,
) -> Result<DirectoryReport, Failure> {
    let plan = outputs.plan();
    let hosting = HostingFacts::of(&outputs.edition, &plan.addresses);
    let files: Vec<String> = plan.files.iter().cloned().chain(hosting::FILES.map(str::to_owned)).collect();
    let progress = Progress::new("writing", "files");
    // The output to replace, whose compressed files are used again.
    let earlier = target.earlier();
    let make = |index: usize| {
        // Nothing is changed in place, so a panic leaves nothing half done.
        let made = || match plan.addresses.get(index) {
            Some(address) => match outputs.output(address) {
                Output::Document(document) => {
                    pieces(&document, &files[index], &plan.companions(index), earlier.as_ref())
                }
                output => made(output, out),
            },
            None => Made::OutputFile(OutputFile {
                content: FileContent::Bytes(hosting.file(&files[index]).into()),
                phase: RenamePhase::Last,
            }),
        };
        catch_unwind(AssertUnwindSafe(made))
            .unwrap_or_else(|_| Made::Missing("feedmill panicked; please report this bug".to_owned()))
    };
    let failed = |error: &dyn std::error::Error| Failure::new(error.to_string());
    let before = match changed {
        Some(_) => write::files(target).map_err(|error| failed(&error))?,
        None => BTreeSet::new(),
    };
    let written = write::write(target, &files, &make, &|done| progress.at(done, files.len()));
    drop(progress);
    let written = written.map_err(|error| failed(&error))?;
    if let Some(changed) = changed {
        written.changed(&files).for_each(|path| changed.add_file(&path));
        let now: BTreeSet<String> = written.paths(&files).collect();
        before.difference(&now).for_each(|path| changed.add_file(path));
    }
    let unplanned = plan.left_out.iter().map(|(path, reason)| (path.clone(), reason.as_str()));
    for (path, reason) in unplanned.chain(written.left_out(&files)) {
        tracing::error!("{path}: left out: {reason}");
    }
    if written.swap == Swap::Piecemeal {
        let out = target.path().display();
        tracing::info!(
            "`{out}` cannot be replaced in one step (is it a mount point?), so its files were replaced one by one"
        );
    }
    Ok(DirectoryReport { files: written.files(), unchanged: written.unchanged() })
}

/// Returns the file of an output that is not a document.
fn made(output: Output, out: &Path) -> Made {
    match output {
        Output::Media(media) => match not_copied(&media.metadata, out) {
            Some(reason) => Made::Missing(reason),
            None => Made::OutputFile(OutputFile { content: FileContent::Copy(media.file), phase: RenamePhase::First }),
        },
        Output::Changed(reason) | Output::Missing(reason) => Made::Missing(reason),
        Output::Document(_) | Output::Nothing => Made::Nothing,
    }
}

/// Why a large file is not copied, if so: it is sparse, and a copy would fill the holes with zeros, or the disk has not
/// enough space.
fn not_copied(metadata: &Metadata, out: &Path) -> Option<String> {
    if let Some(reason) = unfinished(metadata) {
        return Some(reason);
    }
    let length = metadata.len();
    let beside = out.ancestors().find_map(|directory| rustix::fs::statvfs(directory).ok())?;
    let free = beside.f_bavail.saturating_mul(beside.f_frsize);
    (length > LONG && length > free)
        .then(|| format!("it is {} MiB long and there is room for {} MiB", length >> 20, free >> 20))
}

/// Why a large file is not published, if it is sparse: it is an unfinished copy.
pub(super) fn unfinished(metadata: &Metadata) -> Option<String> {
    let (length, on_disk) = (metadata.len(), metadata.blocks() * 512);
    // Some file systems report no allocated blocks.
    (length > LONG && 0 < on_disk && on_disk < length / 2).then(|| {
        let (length, on_disk) = (length >> 20, on_disk >> 20);
        format!(
            "it is {length} MiB long with {on_disk} MiB of data, such as an unfinished copy; copy it again or remove it"
        )
    })
}

/// The files of a document: the plain one and one for each content coding.
fn pieces(document: &Document, path: &str, encodings: &[Encoding], earlier: Option<&EarlierOutput>) -> Made {
    let phase = match document.kind {
        // Feeds link to pages and images, so they are written after them.
        DocumentType::Feed(_) | DocumentType::Opml => RenamePhase::Last,
        DocumentType::Page | DocumentType::File => RenamePhase::First,
    };
    if let Some(earlier) = earlier
        && earlier.read(path).is_some_and(|bytes| bytes == document.bytes(Encoding::Identity))
    {
        for encoding in encodings {
            if let Some(compressed) = earlier.read(&format!("{path}{}", plan::end(*encoding))) {
                document.adopt(*encoding, compressed);
            }
        }
    }
    // A document whose compressed form is longer is never sent compressed, so no file is needed.
    let all =
        [Encoding::Identity].iter().chain(encodings).filter(|encoding| document.worthwhile(**encoding) == **encoding);
    Made::Pieces(
        all.map(|encoding| {
            (plan::end(*encoding), OutputFile { content: FileContent::Bytes(document.bytes(*encoding)), phase })
        })
        .collect(),
    )
}
