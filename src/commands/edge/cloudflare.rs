//! Rules of Cloudflare, for its API and as expressions for its dashboard.

use serde_json::{Value, json};

use super::{EdgeSite, FEED_ENDS, PROGRAM_PATHS, PathForm};

pub(super) fn rules(site: &EdgeSite) -> String {
    let (open, all) = (open(site), all(site));
    let rule = |description: &str, expression: &str, action: &str, parameters: Value| {
        json!([{
            "description": description,
            "expression": expression,
            "action": action,
            "action_parameters": parameters,
            "enabled": true,
        }])
    };
    let rules = json!({
        // The phases of rulesets, each with the rules to add.
        "http_request_firewall_custom": rule(
            "Feeds without challenges; Bot Fight Mode of free plans must be turned off besides",
            &open,
            "skip",
            json!({
                "ruleset": "current",
                "phases": ["http_ratelimit", "http_request_sbfm", "http_request_firewall_managed"],
                "products": ["bic", "hot", "rateLimit", "securityLevel", "uaBlock", "waf", "zoneLockdown"],
            }),
        ),
        "http_request_cache_settings": rule(
            "Cache as feedmill says (s-maxage, stale-while-revalidate, stale-if-error)",
            &all,
            "set_cache_settings",
            json!({
                "cache": true,
                "edge_ttl": {"mode": "respect_origin"},
                "browser_ttl": {"mode": "respect_origin"},
                "serve_stale": {"disable_stale_while_updating": false},
                "respect_strong_etags": true,
            }),
        ),
        "http_config_settings": rule(
            "No rewriting: every change of a body makes readers fetch it again",
            &all,
            "set_config",
            json!({
                "automatic_https_rewrites": false,
                "bic": false,
                "disable_apps": true,
                "disable_rum": true,
                "disable_zaraz": true,
                "email_obfuscation": false,
                "fonts": false,
                "mirage": false,
                "polish": "off",
                "rocket_loader": false,
                "security_level": "essentially_off",
            }),
        ),
    });
    format!("{rules:#}\n")
}

/// The expression for a host, if there is one.
fn of_host(site: &EdgeSite, expression: &str) -> String {
    match site.host() {
        Some(host) => format!("(http.host eq {} and {expression})", json!(host)),
        None => expression.to_owned(),
    }
}

fn all(site: &EdgeSite) -> String {
    of_host(site, &format!("starts_with(http.request.uri.path, {})", json!(site.path(PathForm::Encoded))))
}

/// Plans without regular expressions have these functions.
fn open(site: &EdgeSite) -> String {
    let path = site.path(PathForm::Encoded);
    let ends = FEED_ENDS.iter().map(|end| format!("ends_with(http.request.uri.path, {})", json!(end)));
    let starts = PROGRAM_PATHS.iter().map(|start| format!("{path}{start}"));
    let starts = starts.map(|start| format!("starts_with(http.request.uri.path, {})", json!(start)));
    let former = site.former(PathForm::Encoded).map(|from| {
        let from = json!(format!("{}{}", path.trim_end_matches('/'), from));
        if from.as_str().is_some_and(|from| from.ends_with('/')) {
            format!("starts_with(http.request.uri.path, {from})")
        } else {
            format!("http.request.uri.path eq {from}")
        }
    });
    let any: Vec<String> = ends.chain(starts).chain(former).collect();
    of_host(site, &format!("({})", any.join(" or ")))
}
