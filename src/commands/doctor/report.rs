//! The reports of `doctor`: for people, for scripts and for GitHub Actions.

use serde_json::json;

use super::super::check::github::data;
use super::finding::{DoctorFinding, DoctorFindings};
use super::readers::READERS;
use crate::diagnostic::Severity;
use crate::text::{Address, printable, printable_json, push};

pub(super) fn json(url: &Address, findings: &DoctorFindings) -> String {
    let findings = findings.0.iter().map(|finding| {
        json!({
            "code": finding.code.as_str(),
            "severity": finding.code.severity().as_str(),
            "url": finding.url,
            "clients": finding.clients,
            "message": finding.message,
            "byte": finding.byte,
        })
    });
    let report = json!({ "version": 1, "url": url.as_str(), "findings": findings.collect::<Vec<_>>() });
    printable_json(&format!("{report:#}\n")).into_owned()
}

pub(super) fn text(findings: &DoctorFindings) -> String {
    let mut report = String::new();
    for finding in &findings.0 {
        let (severity, code) = (finding.code.severity().as_str(), finding.code.as_str());
        push!(report, "{severity}: {code}: {}\n", printable(&finding.url));
        push!(report, "  {}{}\n  help: {}\n", seen_by(finding), finding.message, finding.code.help());
    }
    report
}

fn seen_by(finding: &DoctorFinding) -> String {
    match finding.clients.len() {
        0 => String::new(),
        all if all == READERS.len() => "all readers: ".to_owned(),
        _ => format!("{}: ", finding.clients.join(", ")),
    }
}

pub(super) fn github(findings: &DoctorFindings) -> String {
    let mut report = String::new();
    for finding in &findings.0 {
        let command = match finding.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let text = format!("{}: {}{} ({})", finding.url, seen_by(finding), finding.message, finding.code.help());
        push!(report, "::{command} title={}::{}\n", finding.code.as_str(), data(&text));
    }
    report
}

pub(super) fn total(findings: &DoctorFindings, requests: usize) -> String {
    let found = findings.0.iter().filter(|finding| finding.code.severity() > Severity::Note).count();
    let found = match found {
        0 => "no fault".to_owned(),
        1 => "1 fault".to_owned(),
        found => format!("{found} faults"),
    };
    let readers = READERS.len();
    format!("{found}, in {requests} requests as {readers} readers; bot walls may treat other networks differently")
}
