//! `feedmill stats`: counts subscribers and readers from access logs.

use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;

use super::left_out::counted;
use super::{Failure, log, threads};
use crate::audience::{Audience, AudienceBounds};
use crate::cli::TableFormat;
use crate::disk;
use crate::settings::StatsSettings;
use lines::{LogLayout, ParsedLine, parsed};

mod json_line;
mod lines;
pub(super) mod report;

/// How much of a log is read at once.
const BLOCK: usize = 8 << 20;
/// How files of gzip begin.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// How files begin that are no text and would look like logs without any request.
const FOREIGN: [(&[u8], &str); 5] = [
    (&[0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd"),
    (&[0xfd, b'7', b'z', b'X'], "compressed with xz"),
    (b"BZh", "compressed with bzip2"),
    (&[0xff, 0xfe], "UTF-16"),
    (&[0xfe, 0xff], "UTF-16"),
];
/// The bytes that tell these apart.
const LONGEST_MARK: u64 = 4;
/// Longer lines are skipped.
const LONGEST_LINE: usize = 1 << 20;

/// What was read.
#[derive(Debug, Default)]
struct LinesRead {
    layout: LogLayout,
    lines: usize,
    /// Lines that name a feed but are in no known format.
    unknown: usize,
}

pub(super) fn run(settings: &StatsSettings) -> Result<ExitCode, Failure> {
    super::take_signals();
    threads::start_loading("counting")?;
    let mut audience = Audience::new(AudienceBounds::Log);
    let (mut lines, mut unknown) = (0, 0);
    for path in &settings.files {
        let progress = read(path, &mut audience)
            .map_err(|error| Failure::new(format!("`{}` cannot be read: {}", path.display(), disk::reason(&error))))?;
        lines += progress.lines;
        unknown += progress.unknown;
    }
    let report = audience.report_of_log();
    if unknown > 0 && report.day.is_none() {
        return Err(Failure::new(
            "this is not an access log that feedmill knows; it reads the combined format, Caddy's JSON, CloudFront's standard logs and those of `feedmill --access-log on`",
        ));
    }
    if unknown > 0 {
        let lines = counted(unknown, "line that names", "lines that name");
        log::say(&format!("skipped {lines} a feed, in no known format"));
    }
    super::tell(&match settings.format {
        TableFormat::Text => report::text(&report, lines),
        TableFormat::Json => report::json(&report),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path, audience: &mut Audience) -> io::Result<LinesRead> {
    let mut progress = LinesRead::default();
    if path == Path::new("-") {
        read_plain(io::stdin().lock(), audience, &mut progress)?;
    } else {
        read_plain(disk::named_file(path)?, audience, &mut progress)?;
    }
    Ok(progress)
}

/// Reads a log that may be compressed with gzip, as rotated logs are.
fn read_plain(mut log: impl Read, audience: &mut Audience, lines: &mut LinesRead) -> io::Result<()> {
    let mut start = Vec::new();
    io::copy(&mut log.by_ref().take(LONGEST_MARK), &mut start)?;
    if let Some((_, format)) = FOREIGN.iter().find(|(mark, _)| start.starts_with(mark)) {
        return Err(io::Error::other(format!("it is {format}; pass its text on, as in `… | feedmill stats -`")));
    }
    let is_gzip = start.starts_with(GZIP);
    let mut whole = start.as_slice().chain(log);
    if is_gzip {
        read_all(&mut MultiGzDecoder::new(whole), audience, lines)
    } else {
        read_all(&mut whole, audience, lines)
    }
}

fn read_all(log: &mut dyn Read, audience: &mut Audience, progress: &mut LinesRead) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    let mut held = 0;
    loop {
        let read = match log.read(&mut block[held..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        held += read;
        if read > 0 && held < BLOCK {
            continue;
        }
        let end = memchr::memrchr(b'\n', &block[..held]).map_or(0, |at| at + 1);
        // The last line may have no line break. A line that fills the block is none.
        let end = if read == 0 || held - end > LONGEST_LINE { held } else { end };
        count(&block[..end], audience, progress);
        block.copy_within(end..held, 0);
        held -= end;
        if read == 0 {
            return Ok(());
        }
    }
}

/// Parses whole lines with all threads, and counts them in their order.
fn count(block: &[u8], audience: &mut Audience, progress: &mut LinesRead) {
    // A header of CloudFront says what the lines below it hold.
    let has_header = memchr::memmem::find(block, b"#Fields:").is_some();
    let parts = if has_header { 1 } else { rayon::current_num_threads() * 2 };
    let layout = &progress.layout;
    let parsed: Vec<_> = split(block, parts).into_par_iter().map(|part| parse(part, layout.clone())).collect();
    for part in parsed {
        part.polls.iter().for_each(|line| audience.observe(&line.poll()));
        progress.lines += part.lines;
        progress.unknown += part.unknown;
        progress.layout = part.layout;
    }
}

/// Divides lines into parts of about the same length.
fn split(block: &[u8], parts: usize) -> Vec<&[u8]> {
    let (mut rest, mut found) = (block, Vec::with_capacity(parts));
    let length = block.len() / parts.max(1) + 1;
    while !rest.is_empty() {
        let after = length.min(rest.len());
        let end = memchr::memchr(b'\n', &rest[after..]).map_or(rest.len(), |at| after + at + 1);
        let (part, others) = rest.split_at(end);
        found.push(part);
        rest = others;
    }
    found
}

/// The lines of a part of a log.
struct ParsedPart<'a> {
    polls: Vec<lines::LoggedPoll<'a>>,
    lines: usize,
    unknown: usize,
    layout: LogLayout,
}

fn parse(part: &[u8], layout: LogLayout) -> ParsedPart<'_> {
    let mut found = ParsedPart { polls: Vec::new(), lines: 0, unknown: 0, layout };
    for line in part.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        found.lines += 1;
        match parsed(line, &mut found.layout) {
            ParsedLine::Poll(poll) => found.polls.push(poll),
            ParsedLine::Unknown => found.unknown += 1,
            ParsedLine::Other => {}
        }
    }
    found
}
