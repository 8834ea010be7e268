//! `feedmill init`: writes a first `feeds/site.yaml` with the settings that were detected, and explains the others.
//!
//! It asks nothing and overwrites nothing. What it writes changes no feed: every value is the one that was in use without
//! the file, so that an operator can begin with a file that says what happens.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::load::{self, Loader, SITE_FILES};
use super::{Failure, tell};
use crate::generator::Generator;
use crate::generator::legacy_feeds::Preset;
use crate::settings::{PlaceSettings, Verbosity};
use crate::site::{Origin, Site};
use crate::text::Address;

pub(super) fn run(places: &PlaceSettings) -> Result<ExitCode, Failure> {
    let mut places = places.clone();
    if places.content_origin == Origin::Default
        && !places.content.is_dir()
        && let Some((likely, _)) = load::likely_content()
    {
        places.content = PathBuf::from(likely);
        places.content_origin = Origin::Named;
    }
    // It may not exist yet.
    places.feeds_given = false;
    load::find_content(&places)?;
    let path = places.feeds.join(SITE_FILES[0]);
    if let Some(there) = SITE_FILES.iter().map(|name| places.feeds.join(name)).find(|path| path.exists()) {
        return Err(Failure::new(format!("`{}` exists, and init overwrites nothing", there.display())));
    }
    let mut loader = Loader::new(&places, "http://127.0.0.1:8080".to_owned());
    let loaded = loader.rules().map_err(|problems| Failure::of(&problems))?;
    let site = &loaded.rules.site;
    let base = places.base_url.is_some().then_some(&site.identity.base);
    write(&places.feeds, &path, &text(site, &loaded.generator, base))
        .map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", path.display())))?;
    if places.verbosity == Verbosity::Quiet {
        return Ok(ExitCode::SUCCESS);
    }
    let content = match places.content_origin {
        Origin::Default => String::new(),
        Origin::Named => format!(" --content {}", places.content.display()),
    };
    let feeds =
        if places.feeds == Path::new("feeds") { String::new() } else { format!(" --feeds {}", places.feeds.display()) };
    let next = if base.is_some() { "" } else { "set `base_url` in it, then " };
    tell(&format!(
        "wrote {} ({})\n{next}look at your feeds: feedmill{content}{feeds} --open\n",
        path.display(),
        loaded.generator
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn write(directory: &Path, path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    // Fails if another program has created the file in the meantime.
    File::create_new(path)?.write_all(text.as_bytes())
}

/// A scalar of YAML, in one line.
fn scalar(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    serde_yaml::to_string(&line).map_or_else(|_| String::new(), |yaml| yaml.trim_end().to_owned())
}

/// The file. `reason` is the detected generator with its evidence, `base` the public URL if it is known.
fn text(site: &Site, reason: &str, base: Option<&Address>) -> String {
    let base = base.map_or_else(
        || "# base_url: https://feeds.example.org".to_owned(),
        |base| format!("base_url: {}", scalar(base.as_str())),
    );
    let mut text = format!(
        "\
# Settings of the site, written by `feedmill init`. Every key is optional. Lines that begin with # are examples and
# defaults. Changes take effect when you save the file; `feedmill check` finds mistakes.

# The public URL of the feeds, as subscribers see it. Set it before you publish: every URL begins with it.
{base}
# The web site that the feeds belong to.
# home: https://www.example.org

"
    );
    let identity = &site.identity;
    let taken = |key: &str| site.taken.iter().any(|(known, _)| *known == key);
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    line(format!("title: {}", scalar(&identity.title)));
    line(if taken("description") {
        format!("description: {}", scalar(&identity.description))
    } else {
        "# description: One sentence about the site.".to_owned()
    });
    line(match &identity.language {
        Some(language) => format!("language: {}", language.as_str()),
        None => "# language: en                    # of articles without `lang`".to_owned(),
    });
    line(match &identity.author {
        Some(author) => {
            let mut keys = format!("author: {{name: {}", flow(&author.name));
            for (key, value) in [("email", author.email.as_deref()), ("url", author.url.as_ref().map(Address::as_str))]
            {
                if let Some(value) = value {
                    let _ = write!(keys, ", {key}: {}", flow(value));
                }
            }
            keys + "}"
        }
        None => "# author: {name: Example Desk, email: desk@example.org}".to_owned(),
    });
    let zone = site.options.zones.default.name();
    line("# The time zone of all dates that name none.".to_owned());
    // Never in force: it would count for dates that the generator reads in another zone.
    line(format!(
        "# time_zone: {}        # default: by the rules of the generator",
        if zone == "UTC" { "Europe/Berlin" } else { zone }
    ));
    line("\n# How the directory is read; detected:".to_owned());
    let generator = site.options.generator;
    let evidence = reason.split_once(": ").map_or(reason, |(_, evidence)| evidence);
    line(format!("dialect: {}                   # {}", generator.as_str(), evidence.replace(['\n', '\r'], " ")));
    line("# exclude: [\"notes/**\"]".to_owned());
    line(legacy(generator));
    line(
        "\
# Each feed has the newest 30 articles with their full text, and at most 1 MiB.
# feeds: {limit: 30, content: full}
# Ids distinguish your sites if readers may subscribe to more than one; any text, chosen once.
# site_id: \"\""
            .to_owned(),
    );
    text
}

/// A scalar inside braces.
fn flow(text: &str) -> String {
    serde_json::Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string()
}

/// The keys for subscribers of the feeds that the generator made.
fn legacy(generator: Generator) -> String {
    let Some(preset) = Preset::of(generator) else {
        return "\n# URLs that have moved:\n# redirects: {/old.xml: /rss.xml}\n".to_owned();
    };
    format!(
        "
# The URLs that feeds of this generator had lead to the new ones.
presets: [{preset:?}]
# If the site has subscribers already, these keep the ids of its articles, so that none comes up as unread. Check that
# with `feedmill compare` and a copy of the old feed.
# article_url: site
# ids: permalink
# feed_ids: permalink
"
    )
}
