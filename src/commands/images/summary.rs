//! The summary of a run: how many images of each host have which answer.

use std::collections::BTreeMap;

use crate::fetch::Answer;
use crate::text::{Address, host, printable, push};

/// The answers of a run, by host.
#[derive(Debug)]
pub(super) struct Summary {
    hosts: BTreeMap<String, BTreeMap<&'static str, Count>>,
    /// Images that need not be asked about yet.
    known: usize,
}

#[derive(Debug, Default)]
struct Count {
    images: usize,
    /// The reason of the first one.
    reason: Option<String>,
}

impl Summary {
    pub(super) fn new(known: usize) -> Self {
        Self { hosts: BTreeMap::new(), known }
    }

    pub(super) fn add(&mut self, url: &Address, answer: &Answer) {
        let (name, reason) = match answer {
            Answer::Image(_) | Answer::Unchanged => ("ok", None),
            Answer::Gone => ("gone", None),
            Answer::NoImage => ("no image", None),
            Answer::Refused => ("refused", None),
            Answer::Busy(_) => ("left for the next run", None),
            Answer::Failed(reason) => ("failed", Some(reason.clone())),
            Answer::Lie(reason) => ("unusable", Some((*reason).to_owned())),
        };
        let count = self.hosts.entry(host(url.as_str()).to_owned()).or_default().entry(name).or_default();
        count.images += 1;
        if count.reason.is_none() {
            count.reason = reason;
        }
    }

    /// Returns one line for each host, and a last one.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for line in self.lines() {
            push!(text, "{}\n", printable(&line));
        }
        text
    }

    /// Logs the lines, unless nothing was asked.
    pub(super) fn log(&self) {
        if !self.hosts.is_empty() {
            self.lines().for_each(|line| tracing::info!("images: {}", printable(&line)));
        }
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let asked: usize = self.hosts.values().flat_map(BTreeMap::values).map(|count| count.images).sum();
        let hosts = self.hosts.iter().map(|(host, counts)| {
            let counts = counts.iter().map(|(name, Count { images, reason })| match reason {
                Some(reason) => format!("{images} {name} ({reason})"),
                None => format!("{images} {name}"),
            });
            format!("{host}: {}", counts.collect::<Vec<_>>().join(", "))
        });
        hosts.chain([format!("{asked} asked about, {} known", self.known)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_has_a_line_with_its_counts_and_the_first_reason() {
        let mut summary = Summary::new(7);
        let mut add = |url: &str, answer| summary.add(&Address::parse(url).unwrap(), &answer);
        add("https://b.example/1", Answer::Unchanged);
        add("https://a.example/1", Answer::Failed("timeout".to_owned()));
        add("https://a.example/2", Answer::Failed("no route".to_owned()));
        add("https://a.example/3", Answer::Gone);
        assert_eq!(summary.text(), "a.example: 2 failed (timeout), 1 gone\nb.example: 1 ok\n4 asked about, 7 known\n");
    }
}
