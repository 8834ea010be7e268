//! The report for code scanning: SARIF 2.1.0, in which every problem code is a rule.

use serde_json::{Value, json};

use super::{Located, uri};
use crate::diagnostic::{Code, Severity};
use crate::text::{encode_path, printable_json};

pub(super) fn report(found: &[Located]) -> String {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "feedmill",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            // Our columns count characters; the default of SARIF is UTF-16 code units.
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    printable_json(&format!("{log:#}\n")).into_owned()
}

fn rule(code: Code) -> Value {
    let explanation = code.explanation();
    let first = explanation.split_inclusive(". ").next().unwrap_or(explanation).trim_end();
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": first},
        "fullDescription": {"text": explanation},
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

fn result(Located { problem, path }: &Located) -> Value {
    let text = match &problem.help {
        Some(help) => format!("{}; {help}", problem.message),
        None => problem.message.clone(),
    };
    let uri = encode_path(&uri(path));
    let uri = if uri.starts_with('/') { format!("file://{uri}") } else { uri };
    let mut place = json!({"artifactLocation": {"uri": uri}});
    if let Some(position) = problem.position {
        place["region"] = json!({"startLine": position.line, "startColumn": position.column});
    }
    json!({
        "ruleId": problem.code.as_str(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == problem.code),
        "level": level(problem.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_names_its_rule_and_its_position() {
        let log: Value = serde_json::from_str(&report(&super::super::tests::sample())).unwrap();
        let run = &log["runs"][0];
        let result = &run["results"][1];
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "front-matter");
        assert_eq!(result["level"], "error");
        assert_eq!(result["message"]["text"], "no value: here, 100%; write one");
        assert_eq!(
            result["locations"][0]["physicalLocation"],
            json!({"artifactLocation": {"uri": "content/posts/a.md"}, "region": {"startLine": 3, "startColumn": 7}})
        );
        let other = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(*other, json!({"artifactLocation": {"uri": "content/b%20c.md"}}));
    }
}
