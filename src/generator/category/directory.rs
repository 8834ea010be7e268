//! Makes a category of an article's directory, for sites whose authors sort files into directories and for the
//! sections of Hugo and Zola.
//!
//! Directories of the generator (`source`, `_posts`), of a bundle or of a date are not categories.

use super::DEEPEST;
use crate::content_path::ContentPath;
use crate::generator::permalink::sections;
use crate::name::Name;

/// Prepends the category of the directory to `categories`. `path` is the path of the file without its language
/// directory. The directory comes first because Hexo's permalinks use the last category.
pub(crate) fn with_directory(categories: Box<[Box<[Name]>]>, path: &str) -> Box<[Box<[Name]>]> {
    let place = ContentPath::new(path);
    let sections = sections(&place);
    let own = usize::from(sections.first() == Some(&"source"));
    let named = sections[own..].iter().filter(|part| !part.starts_with('_') && !is_date(part)).take(DEEPEST);
    let path: Box<[Name]> = named.filter_map(|part| Name::new(part)).collect();
    if path.is_empty() || categories.contains(&path) {
        return categories;
    }
    std::iter::once(path).chain(categories).collect()
}

/// Whether a directory is part of a date, such as `2021`, `08` or `2021-08`.
fn is_date(directory: &str) -> bool {
    directory.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directories_of_an_article_make_a_nested_category() {
        for (place, path) in [
            ("notes/Rust tips/a.md", "notes/Rust tips"),
            ("posts/2021/08/a/index.md", "posts"),
            ("source/_posts/生活/a.md", "生活"),
            ("news/_posts/tech/2021-08-04-a.md", "news/tech"),
            ("blog/_posts/2021/a.md", "blog"),
            ("source/about/a.md", "about"),
            ("posts/source/a.md", "posts/source"),
            ("2021-08/a.md", ""),
            ("index.md", ""),
            ("a.md", ""),
        ] {
            let found = with_directory(Box::default(), place);
            let spelled = |path: &[Name]| path.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
            let found: Vec<String> = found.iter().map(|path| spelled(path)).collect();
            assert_eq!(found, if path.is_empty() { vec![] } else { vec![path.to_owned()] }, "{place}");
        }
    }

    #[test]
    fn the_directory_comes_before_the_written_categories_and_only_once() {
        let written = |names: [&str; 1]| -> Box<[Name]> { names.iter().filter_map(|name| Name::new(name)).collect() };
        let categories: Box<[Box<[Name]>]> = [written(["b"]), written(["Notes"])].into();
        assert_eq!(
            with_directory(categories.clone(), "x/a.md"),
            [vec![written(["x"])], categories.to_vec()].concat().into()
        );
        assert_eq!(with_directory(categories.clone(), "notes/a.md"), categories);
    }
}
