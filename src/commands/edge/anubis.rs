//! A bot policy of Anubis.

use serde_json::json;

use super::{EdgeSite, PathForm};

const RULES: &str = "\
# Written by `feedmill edge --for anubis`: a policy file (POLICY_FNAME).
# The first rule that matches counts, so these are above all others. Feed readers are programs, which solve no challenge:
# one that gets a challenge shows no new articles, and says nothing.
bots:
  - name: feedmill-feeds
    path_regex: REGEX
    action: ALLOW
  # The rules that Anubis has without a policy file. Pages for people may get a challenge.
  - import: (data)/meta/default-config.yaml
";

pub(super) fn rules(site: &EdgeSite) -> String {
    // A text in JSON is one in YAML.
    RULES.replace("REGEX", &json!(site.open_paths(PathForm::Encoded)).to_string())
}
