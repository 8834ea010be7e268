//! Parses Hexo's configuration: <https://hexo.io/docs/configuration>.

use super::permalink_config::{Letters, NameKeys, PermalinkConfig, Trailing};
use crate::generator::math::MathSettings;
use crate::generator::settings::{GeneratorSettings, author, directory, first, first_element, limit, map, text};
use crate::generator::site_context::Publishes;
use crate::generator::{SiteContext, exclude};
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

pub(crate) fn parse(fields: &Fields) -> GeneratorSettings {
    let letters = match text(fields.get("filename_case")).as_deref() {
        Some("1") => Letters::Small,
        Some("2") => Letters::Capital,
        _ => Letters::Kept,
    };
    let is_set = |key: &str| fields.get(key).and_then(Value::as_bool) == Some(true);
    let new_post_name = text(fields.get("new_post_name"));
    GeneratorSettings {
        title: first(fields, &["title"]),
        description: first(fields, &["description", "subtitle"]),
        language: first_element(fields.get("language")),
        time_zone: first(fields, &["timezone"]),
        feed_limit: limit(fields.get("feed.limit")),
        future: fields.get("future").and_then(Value::as_bool),
        author: author(fields.get("author"), text(fields.get("email"))),
        exclude: excluded(fields),
        permalink: text(fields.get("permalink")),
        permalink_config: PermalinkConfig {
            defaults: map(fields.get("permalink_defaults")),
            default_category: text(fields.get("default_category")),
            category_map: map(fields.get("category_map")),
            tag_map: map(fields.get("tag_map")),
            letters,
            new_post_name: new_post_name.clone(),
            trailing: trailing(fields),
            asset_folders: is_set("post_asset_folder"),
        },
        site_context: SiteContext {
            math: MathSettings::parse(fields),
            locked_tags: locked_tags(fields.get("encrypt.tags")),
            publishes: Publishes { unpublished: is_set("render_drafts"), ..Publishes::default() },
            name_keys: NameKeys::of(new_post_name),
            source: directory(fields.get("source_dir")).filter(|source| source != "source"),
            ..SiteContext::default()
        },
        ..GeneratorSettings::default()
    }
}

/// The tags whose articles hexo-blog-encrypt encrypts. The value is a list of names, a list of tables with a `name`,
/// or a table of passwords by name.
fn locked_tags(value: Option<&Value>) -> Vec<Name> {
    let named = |value: &Value| match value {
        Value::Map(inside) if inside.get("name").is_some() => vec![text(inside.get("name"))],
        Value::Map(inside) => inside.0.iter().map(|(name, _)| Some(name.clone())).collect(),
        value => vec![text(Some(value))],
    };
    let names = value.into_iter().flat_map(Value::elements).flat_map(named);
    names.flatten().filter_map(|name| Name::new(&name)).collect()
}

fn trailing(fields: &Fields) -> Trailing {
    let cuts = |key: &str| fields.get(key).and_then(Value::as_bool) == Some(false);
    match (cuts("pretty_urls.trailing_index"), cuts("pretty_urls.trailing_html")) {
        (false, false) => Trailing::Whole,
        (true, false) => Trailing::NoIndex,
        (false, true) => Trailing::NoExtension,
        (true, true) => Trailing::Bare,
    }
}

/// Hexo's globs, which are relative to `source`.
fn excluded(fields: &Fields) -> Vec<String> {
    let mut globs = Vec::new();
    // With asset folders, only files with the extension of `new_post_name` are posts.
    if fields.get("post_asset_folder").and_then(Value::as_bool) == Some(true) {
        let name = text(fields.get("new_post_name"));
        let posts = name.as_deref().and_then(|name| name.rsplit_once('.')).map_or("md", |(_, extension)| extension);
        let others = ["md", "markdown", "mkd", "mkdn", "html", "htm"].into_iter().filter(|other| *other != posts);
        globs.extend(others.map(|other| format!("**/*.{other}")));
    }
    // Hexo compares `ignore` with whole paths from the root of the disk.
    let ignored = exclude::texts(fields.get("ignore")).filter(|glob| glob.starts_with("**"));
    for glob in exclude::texts(fields.get("skip_render")).chain(ignored) {
        // In Hexo `!` includes files that another pattern excludes, which `exclude` cannot express.
        if glob.starts_with('!') {
            continue;
        }
        let glob = glob.trim_start_matches("./").trim_start_matches('/');
        let glob = glob.strip_prefix("source/").unwrap_or(glob);
        exclude::add(&mut globs, glob.to_owned());
        if !glob.starts_with("**") {
            exclude::add(&mut globs, format!("source/{glob}"));
        }
        if let Some(below) = glob.strip_prefix("_posts/") {
            exclude::add(&mut globs, below.to_owned());
        }
    }
    globs
}
