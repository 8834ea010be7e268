//! Recognises the pages of bot walls, which ask for a browser.

use crate::document::DocumentType;
use crate::fetch::DirectResponse;

/// Headers of responses that are a challenge, with a word of their value.
const HEADERS: [(&str, &str); 4] = [
    ("cf-mitigated", "challenge"),
    ("x-amzn-waf-action", "challenge"),
    ("x-amzn-waf-action", "captcha"),
    ("x-vercel-mitigated", "challenge"),
];

/// Words in such pages, in lower case.
const WORDS: [&str; 15] = [
    "/cdn-cgi/challenge-platform/",
    "just a moment...",
    "/.within.website/",
    "anubis_challenge",
    "making sure you&#39;re not a bot",
    "making sure you're not a bot",
    "_incapsula_resource",
    "/.well-known/sgcaptcha",
    "captcha",
    "ddos-guard",
    "datadome",
    "checking your browser",
    "checking if you are human",
    "verify you are human",
    "enable javascript and cookies",
];

/// How much of a page is searched.
const SEARCHED: usize = 256 << 10;

/// Returns what shows that a response is a challenge. A document that is not a page must not be answered with one.
pub(super) fn challenge(response: &DirectResponse, body: &[u8], expected: DocumentType) -> Option<String> {
    let status = response.status;
    let value = |name: &str| response.header(name).unwrap_or_default().to_ascii_lowercase();
    if let Some((name, word)) = HEADERS.iter().find(|(name, word)| value(name).contains(word)) {
        return Some(format!("a challenge (status {status}, {name}: {word})"));
    }
    let start = String::from_utf8_lossy(&body[..body.len().min(SEARCHED)]).to_ascii_lowercase();
    let is_html = value("content-type").contains("html") || start.trim_start().starts_with("<!doctype html");
    if !is_html {
        return None;
    }
    if let Some(word) = WORDS.iter().find(|word| start.contains(**word)) {
        return Some(format!("a page that asks for a browser (status {status}, with `{word}`)"));
    }
    (expected != DocumentType::Page && (200..300).contains(&status))
        .then(|| format!("an HTML page (status {status}) in place of the document"))
}
