//! A Caddyfile.

use super::{EdgeSite, PathForm, Upstream, filled};

const RULES: &str = "\
# Written by `feedmill edge --for caddy`: a Caddyfile.
# Caddy passes feedmill's answers on unchanged, with their Cache-Control, ETag and Vary. There is no `encode`, `templates` or
# `header` here: feedmill compresses by itself, and every change of a body or an ETag makes readers fetch all feeds again.
# Caddy has no cache of its own; 304 answers are cheap. In front of many readers put a CDN, which obeys s-maxage.
# Add --trusted-proxies with the address of this proxy to `feedmill serve`, so that readers are counted by X-Forwarded-For.
SITE {
	log

	# Never put these URLs behind a bot challenge, a CAPTCHA, a login or a limit on requests: feed readers are programs.
	@feeds path_regexp feeds `OPEN`
	handle @feeds {
		reverse_proxy UPSTREAM
	}

	# Health checks are not public.
	@health path HEALTH READY
	handle @health {
		respond 404
	}

	# Pages for people. A bot challenge may be here, and only here.
	handle ALL {
		reverse_proxy UPSTREAM
	}
}
";

pub(super) fn rules(site: &EdgeSite) -> String {
    let address = site.base.as_ref().map_or(":80", |base| {
        let url = base.as_str();
        // Caddy serves a plain host by https, with a certificate that it fetches.
        let origin = &url[..url.len() - base.path().len()];
        origin.strip_prefix("https://").unwrap_or(origin)
    });
    let upstream = match &site.upstream {
        Upstream::Url(url) => url.as_str().trim_end_matches('/').to_owned(),
        Upstream::Socket(path) => format!("unix/{path}"),
    };
    let below = |name: &str| word(&format!("{}{name}", site.path(PathForm::Decoded)));
    filled(
        RULES,
        &[
            ("SITE", address),
            ("UPSTREAM", &upstream),
            // Text in backticks cannot have one, and the expression has another way to write it.
            ("OPEN", &site.open_paths(PathForm::Decoded).replace('`', "\\x60")),
            ("ALL", &below("*")),
            ("HEALTH", &below("healthz")),
            ("READY", &below("readyz")),
        ],
    )
}

/// Quotes a word of a Caddyfile, if it needs that.
fn word(text: &str) -> String {
    if text.contains(|c: char| c.is_whitespace() || "\"`{}\\#".contains(c)) {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        text.to_owned()
    }
}
