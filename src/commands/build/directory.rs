//! Writes a build to a directory.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;

use super::changed::ChangedUrls;
use super::hosting::{self, HostingFacts};
use super::outputs::{Output, Outputs};
use super::plan::{self, OutputPlan};
use crate::article::Article;
use crate::commands::Failure;
use crate::commands::pages::LONG;
use crate::commands::progress::Progress;
use crate::digest::digest;
use crate::disk::write::{
    self, DocumentRecord, EarlierFile, EarlierOutput, FileContent, Made, OutputFile, OutputTarget, RenamePhase, Swap,
    TreeContent,
};
use crate::document::{Document, DocumentType, Encoding};
use crate::edition::Inputs;
use crate::library::References;

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
    let program = write::program_digest().ok();
    let tree = OutputTree {
        outputs,
        out,
        plan: &plan,
        hosting: &hosting,
        files: &files,
        earlier: target.earlier().filter(|_| program.is_some()),
        inputs: program.map(|program| outputs.edition.inputs(program)),
        records: plan.files.iter().map(|_| OnceLock::new()).collect(),
    };
    let failed = |error: &dyn std::error::Error| Failure::new(error.to_string());
    let before = match changed {
        Some(_) => write::files(target).map_err(|error| failed(&error))?,
        None => BTreeSet::new(),
    };
    let written = write::write(target, &files, &tree, &|done| progress.at(done, files.len()));
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

/// The files of a build, and what is known about those of the earlier one.
struct OutputTree<'a> {
    outputs: &'a Outputs,
    out: &'a Path,
    plan: &'a OutputPlan,
    hosting: &'a HostingFacts<'a>,
    files: &'a [String],
    earlier: Option<EarlierOutput>,
    /// `None` if the program cannot be told from another one, so that nothing may be kept.
    inputs: Option<Inputs<'a>>,
    /// What the index will say about each file.
    records: Vec<OnceLock<DocumentRecord>>,
}

impl TreeContent for OutputTree<'_> {
    fn earlier(&self, index: usize) -> Option<Vec<EarlierFile>> {
        // A panic is reported when the file is made.
        let record = catch_unwind(AssertUnwindSafe(|| self.unchanged(index))).ok().flatten()?;
        let file = |end, digest| Some(EarlierFile { end, digest: digest? });
        let compressed = [(Encoding::Gzip, record.gzip), (Encoding::Brotli, record.brotli)];
        let compressed = compressed.into_iter().filter_map(|(encoding, digest)| file(plan::end(encoding), digest));
        let files = file("", Some(record.plain)).into_iter().chain(compressed).collect();
        let _ = self.records[index].set(record);
        Some(files)
    }

    fn make(&self, index: usize) -> Made {
        // Nothing is changed in place, so a panic leaves nothing half done.
        catch_unwind(AssertUnwindSafe(|| self.made(index)))
            .unwrap_or_else(|_| Made::Missing("feedmill panicked; please report this bug".to_owned()))
    }

    fn write_index(&self, to: &mut dyn Write) -> io::Result<()> {
        for (path, record) in self.files.iter().zip(&self.records) {
            if let Some(record) = record.get() {
                write::write_record(to, path, record)?;
            }
        }
        Ok(())
    }
}

impl OutputTree<'_> {
    /// Returns the record of a document that is made of the same as in the earlier build.
    fn unchanged(&self, index: usize) -> Option<DocumentRecord> {
        let (inputs, record) = (self.inputs.as_ref()?, self.earlier.as_ref()?.record(&self.files[index])?);
        let is_same = match self.article(index) {
            Some(article) => {
                let (page, codings) = (inputs.page(article, article.digest), self.plan.companions(index));
                let is_same = |references| digest(&(inputs.complete(page, references), &codings)) == record.inputs;
                References::ALL.into_iter().any(is_same)
            }
            None => self.document_inputs(index) == Some(record.inputs),
        };
        is_same.then_some(*record)
    }

    /// Returns the article whose page a file is.
    fn article(&self, index: usize) -> Option<&Article> {
        let edition = &self.outputs.edition;
        let place = edition.article_at(self.plan.addresses.get(index)?)?;
        edition.library().published(place.as_str()).map(|article| &**article)
    }

    /// Returns the digest of what a document is made of, unless it is the page of an article.
    fn document_inputs(&self, index: usize) -> Option<u128> {
        let inputs = self.inputs.as_ref()?.document(self.plan.addresses.get(index)?)?;
        // Which compressed files may be written depends on the other files.
        Some(digest(&(inputs, self.plan.companions(index))))
    }

    /// Returns the digest of what the page of an article with these references is made of.
    fn page_inputs(&self, index: usize, references: References) -> Option<u128> {
        let (inputs, article) = (self.inputs.as_ref()?, self.article(index)?);
        let page = inputs.complete(inputs.page(article, article.digest), references);
        Some(digest(&(page, self.plan.companions(index))))
    }

    fn made(&self, index: usize) -> Made {
        let Some(address) = self.plan.addresses.get(index) else {
            return Made::OutputFile(OutputFile {
                content: FileContent::Bytes(self.hosting.file(&self.files[index]).into()),
                phase: RenamePhase::Last,
            });
        };
        match self.outputs.output(address) {
            Output::Document(document) => self.pieces(index, &document, self.document_inputs(index)),
            Output::Page(document, references) => {
                let inputs = references.and_then(|references| self.page_inputs(index, references));
                self.pieces(index, &document, inputs)
            }
            Output::Media(media) => match not_copied(&media.metadata, self.out) {
                Some(reason) => Made::Missing(reason),
                None => {
                    Made::OutputFile(OutputFile { content: FileContent::Copy(media.file), phase: RenamePhase::First })
                }
            },
            Output::Changed(reason) | Output::Missing(reason) => Made::Missing(reason),
            Output::Nothing => Made::Nothing,
        }
    }

    /// Returns the files of a document: the plain one and one for each content coding. If the document is known to be
    /// the same as before, its compressed files are used again.
    fn pieces(&self, index: usize, document: &Document, inputs: Option<u128>) -> Made {
        let phase = match document.kind {
            // Feeds link to pages and images, so they are written after them.
            DocumentType::Feed(_) | DocumentType::Opml => RenamePhase::Last,
            DocumentType::Page | DocumentType::File => RenamePhase::First,
        };
        let path = &self.files[index];
        let plain = write::digest_of(&document.bytes(Encoding::Identity));
        if let Some(earlier) = &self.earlier
            && let Some(record) = earlier.record(path).filter(|record| record.plain == plain)
        {
            for (encoding, digest) in [(Encoding::Gzip, record.gzip), (Encoding::Brotli, record.brotli)] {
                let read = |digest| earlier.read(&format!("{path}{}", plan::end(encoding)), digest);
                if let Some(compressed) = digest.and_then(read) {
                    document.adopt(encoding, compressed);
                }
            }
        }
        // A document whose compressed form is longer is never sent compressed, so no file is needed.
        let mut codings = self.plan.companions(index);
        codings.retain(|encoding| document.worthwhile(*encoding) == *encoding);
        let of = |encoding| codings.contains(&encoding).then(|| write::digest_of(&document.bytes(encoding)));
        // Without inputs no file is kept, but its compressed forms are if its bytes are the same.
        let record = DocumentRecord {
            inputs: inputs.unwrap_or_default(),
            plain,
            gzip: of(Encoding::Gzip),
            brotli: of(Encoding::Brotli),
        };
        let _ = self.records[index].set(record);
        let file = |encoding| {
            let content = FileContent::Bytes(document.bytes(encoding));
            (plan::end(encoding), OutputFile { content, phase })
        };
        Made::Pieces([Encoding::Identity].into_iter().chain(codings).map(file).collect())
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
