//! The report for scripts: a JSON array with one object per problem.

use serde_json::{Value, json};

use super::{Located, uri};
use crate::text::printable_json;

/// Keys without a value are omitted.
pub(super) fn report(found: &[Located]) -> String {
    let problems: Vec<Value> = found
        .iter()
        .map(|Located { problem, path }| {
            let mut object = json!({
                "file": &*problem.file,
                "path": uri(path),
                "severity": problem.severity.as_str(),
                "code": problem.code.as_str(),
                "message": problem.message,
            });
            if let Some(position) = problem.position {
                object["line"] = position.line.into();
                object["column"] = position.column.into();
            }
            if let Some(help) = &problem.help {
                object["help"] = help.as_str().into();
            }
            object
        })
        .collect();
    printable_json(&format!("{:#}\n", Value::Array(problems))).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_an_object() {
        let report: Value = serde_json::from_str(&report(&super::super::tests::sample())).unwrap();
        assert_eq!(report[1]["file"], "posts/a.md");
        assert_eq!((&report[1]["line"], &report[1]["column"]), (&json!(3), &json!(7)));
        assert_eq!(report[0].get("line"), None);
        assert_eq!(report[0]["message"], "two\nlines\u{1b}[31m");
    }
}
