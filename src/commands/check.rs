//! `feedmill check`: reads everything and reports every problem.
//!
//! The problems go to standard output in the requested format, sorted by file and position; other
//! facts and the totals go to standard error. An invalid site.yaml is reported like any other
//! problem, and the articles are then read with the default settings.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::limits::CacheBudget;
use super::load::{self, Loaded, Loader};
use super::problems::{ProblemOrigin, path_of};
use super::progress::Progress;
use super::{Failure, UNABLE, clock, left_out, log, tell, threads};
use crate::cli::ReportFormat;
use crate::diagnostic::{Code, Problem, Severity};
use crate::disk::{ContentFiles, FileSnapshot};
use crate::library::Library;
use crate::settings::{CheckSettings, Depth, FailsOn, Verbosity};
use crate::text::nearest;

mod deep;
mod facts;
pub(super) mod github;
mod json;
mod missing;
pub(super) mod place;
mod remote_images;
mod sarif;
mod text;

use place::LastRead;

/// The base URL if none is set; `check` binds no address.
const BOUND: &str = "http://127.0.0.1:8080";

/// A problem and the path of its file, relative to the current directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Located {
    problem: Problem,
    path: PathBuf,
}

pub(super) fn run(settings: &CheckSettings) -> Result<ExitCode, Failure> {
    super::take_signals();
    if let Some(code) = &settings.explain {
        return tell(&explain(code)?).map(|()| ExitCode::SUCCESS);
    }
    threads::start_loading("checking")?;
    load::find_content(&settings.places)?;
    // Most problems do not depend on the time.
    let now = clock::now().unwrap_or_else(|sentence| {
        log::say(&sentence);
        clock::earliest()
    });
    let mut loader = Loader::new(&settings.places, BOUND.to_owned());
    if loader.rules().is_err() {
        loader.suppose_silence();
    }
    let cache_budget = CacheBudget::apply();
    let mut snapshot = FileSnapshot::keeping(cache_budget.files);
    let progress = Progress::of_load();
    let (loaded, library) =
        load::begin(&mut loader, &mut snapshot, now, &|done, of| progress.at(done, of), &mut |_| ())?;
    drop(progress);
    let mut loaded = loaded;
    loaded.problems.extend(left_out::no_articles(&loaded, &library));
    let mut found = locate(settings, &loaded, &library, &snapshot.files(&loaded.scan_config));
    let groups = missing::group(&loaded, &mut found);
    tell(&match settings.format {
        ReportFormat::Text if io::stdout().is_terminal() => {
            text::annotated(&found, if log::is_coloured(&io::stdout()) { text::Ink::Colours } else { text::Ink::Black })
        }
        ReportFormat::Text => text::plain(&found),
        ReportFormat::Json => json::report(&found),
        ReportFormat::Sarif => sarif::report(&found),
        ReportFormat::Github => github::report(&found),
    })?;
    if settings.places.verbosity == Verbosity::Quiet {
        return Ok(verdict(&found, settings.fails_on));
    }
    let facts = facts::report(&loaded, &library, &found, groups, cache_budget);
    if are_one_stream() {
        // For example in `feedmill check 2>&1 | less`: wait for the reader, and drop nothing.
        log::flush();
        tell(&facts)?;
    } else {
        log::print(&facts);
    }
    Ok(verdict(&found, settings.fails_on))
}

/// Whether standard output and standard error are the same file.
fn are_one_stream() -> bool {
    let [out, err] = [rustix::fs::fstat(io::stdout()), rustix::fs::fstat(io::stderr())];
    matches!((out, err), (Ok(out), Ok(err)) if (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino))
}

/// Returns all problems, sorted by file and position, with the paths of their files.
fn locate(settings: &CheckSettings, loaded: &Loaded, library: &Library, files: &ContentFiles) -> Vec<Located> {
    let of_rules = loaded.problems.iter().cloned().chain(library.feed_problems()).map(|problem| {
        let path = path_of(&problem, ProblemOrigin::Rules, &settings.places);
        Located { problem, path }
    });
    let shown = match settings.depth {
        Depth::Shown => Vec::new(),
        Depth::Everything => {
            deep::problems(library, files, &loaded.scan_config.options, &Progress::new("rendering", "files"))
        }
    };
    let of_articles =
        library.reports().cloned().chain(library.conflicts()).chain(remote_images::problems(library)).chain(shown).map(
            |problem| {
                let path = files.article_path(&crate::content_path::ContentPath::new(&problem.file));
                // An absolute path would be useless in another checkout.
                let content = std::path::absolute(&settings.places.content).unwrap_or_default();
                let path = path.strip_prefix(content).map(|below| settings.places.content.join(below)).unwrap_or(path);
                Located { problem, path }
            },
        );
    let mut found: Vec<Located> = of_rules.chain(of_articles).collect();
    let mut last_read = LastRead::default();
    for located in &mut found {
        last_read.complete(located);
    }
    found.sort();
    found.dedup();
    found
}

fn verdict(found: &[Located], fails_on: FailsOn) -> ExitCode {
    let fails = |severity| match fails_on {
        FailsOn::Errors => severity == Severity::Error,
        FailsOn::Warnings => severity >= Severity::Warning,
    };
    if found.iter().any(|located| fails(located.problem.severity)) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn explain(name: &str) -> Result<String, Failure> {
    if name == "all" {
        return Ok(Code::ALL.iter().map(|code| explained(*code)).collect::<Vec<_>>().join("\n"));
    }
    if let Some(code) = Code::named(name) {
        return Ok(explained(code));
    }
    let nearest = nearest(name, Code::ALL.iter().map(|code| code.as_str()));
    let nearest = nearest.map(|code| format!("; did you mean `{code}`?")).unwrap_or_default();
    Err(Failure::new(format!(
        "there is no problem code `{name}`{nearest} `feedmill check --explain all` lists all codes"
    )))
}

fn explained(code: Code) -> String {
    format!("{} ({})\n  {}\n", code.as_str(), code.severity().as_str(), code.explanation())
}

/// A path for tools: relative to the current directory if possible.
fn uri(path: &Path) -> String {
    let path = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let path = path.strip_prefix(".").unwrap_or(path);
    path.to_string_lossy().into_owned()
}

const _: () = assert!(UNABLE == 2, "the documented exit code is 2");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Position;

    pub(super) fn sample() -> Vec<Located> {
        let error = Problem::new("posts/a.md", Code::FrontMatter, "no value: here, 100%")
            .at(Position { line: 3, column: 7 })
            .help("write one");
        let warning = Problem::new("b c.md", Code::SlugTaken, "two\nlines\u{1b}[31m");
        vec![
            Located { problem: warning, path: "content/b c.md".into() },
            Located { problem: error, path: "content/posts/a.md".into() },
        ]
    }

    #[test]
    fn an_unknown_code_gets_the_nearest_one_as_a_suggestion() {
        let message = explain("front-mater").unwrap_err().sentences.concat();
        assert!(message.contains("did you mean `front-matter`?"), "{message}");
        assert!(explain("slug-taken").unwrap().starts_with("slug-taken (warning)\n"));
    }

    #[test]
    fn all_codes_are_explained_at_once() {
        let all = explain("all").unwrap();
        for code in Code::ALL {
            assert!(all.lines().any(|line| line.starts_with(&format!("{} (", code.as_str()))), "{all}");
        }
    }

    #[test]
    fn a_note_never_fails_the_check() {
        let note = Problem { severity: Severity::Note, ..sample()[0].problem.clone() };
        let notes = [Located { problem: note, path: "content/b c.md".into() }];
        assert_eq!(verdict(&notes, FailsOn::Errors), ExitCode::SUCCESS);
        assert_eq!(verdict(&notes, FailsOn::Warnings), ExitCode::SUCCESS);
    }

    #[test]
    fn warnings_fail_only_on_request() {
        let warnings = &sample()[..1];
        assert_eq!(verdict(warnings, FailsOn::Errors), ExitCode::SUCCESS);
        assert_eq!(verdict(warnings, FailsOn::Warnings), ExitCode::FAILURE);
        assert_eq!(verdict(&sample(), FailsOn::Errors), ExitCode::FAILURE);
    }
}
