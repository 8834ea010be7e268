//! Estimates how much memory it takes to parse a body, before a parser sees it, and hands out the permits
//! that parsers wait for.
//!
//! A node of a syntax tree may take a hundred times the bytes of its source, so that two megabytes of
//! brackets take four hundred. Real articles stay below one megabyte.

use std::sync::{Condvar, Mutex, MutexGuard};

use crate::lock::{lock, recover};

/// Maximum cost of one body, in bytes. A more expensive one is shown as text.
pub(crate) const MOST: usize = 8 << 20;

/// Cost below which a parser needs no permit; nearly all articles are below.
const FREE: usize = 256 << 10;

/// Cost below which rendering needs no permit, not counting the parser: thirty articles of ordinary length.
const FREE_RENDERING: usize = 2 << 20;

/// Total memory of what is rendered at one time and needs a permit, not counting the parsers. What needs more
/// runs alone. The parsers that run at one time get a quarter.
pub(crate) const TOGETHER: usize = 16 << 20;

/// Maximum cost of one byte of a body, not counting tables.
const WORST: usize = 450;

/// Bytes of memory for each byte of Markdown, measured with comrak 0.59 (`benches/bombs`). A node has 136
/// bytes, and a line has two nodes.
static WEIGHTS: [u16; 256] = {
    let mut weights = [0; 256];
    let heavy: [(u8, u16); 16] = [
        (b'\n', 450),
        (b'*', 450),
        (b'_', 450),
        (b'~', 450),
        (b'\\', 350),
        (b'@', 300),
        (b'|', 250),
        (b'>', 250),
        (b'[', 200),
        (b']', 200),
        (b'`', 200),
        (b'&', 200),
        (b'<', 200),
        (b'"', 200),
        (b':', 200),
        // From `www.`, because the parser examines every `w`.
        (b'w', 60),
    ];
    let mut at = 0;
    while at < heavy.len() {
        weights[heavy[at].0 as usize] = heavy[at].1;
        at += 1;
    }
    weights
};

/// Returns whether parsing Markdown costs more than is allowed for an article.
pub(crate) fn is_excessive(body: &str) -> bool {
    // Nearly all bodies are short enough to skip the estimate.
    body.len() > MOST / WORST / 2 && of_markdown(body) > MOST
}

/// Returns how many bytes of memory it takes to parse Markdown.
pub(crate) fn of_markdown(body: &str) -> usize {
    let marks: usize = body.bytes().map(|byte| usize::from(WEIGHTS[usize::from(byte)])).sum();
    marks + missing_cells(body) * WORST
}

/// Returns the number of cells that the parser adds to incomplete table rows, which get as many cells as
/// the header has.
fn missing_cells(body: &str) -> usize {
    /// A table with fewer columns grows by no more than a short row costs.
    const FEW: usize = 8;
    let is_rule = |line: &str| line.bytes().all(|byte| b" \t>*+-.)|:0123456789".contains(&byte));
    let (mut columns, mut missing) = (0, 0);
    for line in body.split('\n') {
        if line.trim().is_empty() {
            columns = 0;
            continue;
        }
        if columns == 0 && !line.contains('|') {
            continue;
        }
        let cells = line.bytes().filter(|byte| *byte == b'|').count();
        if cells > FEW && is_rule(line) {
            columns = cells;
        }
        missing += columns.saturating_sub(cells);
    }
    missing
}

/// Returns how many bytes of memory the tree of some HTML takes: 300 for an element, and as many for its
/// attributes.
pub(crate) fn of_html(html: &str) -> usize {
    let weight = |byte| match byte {
        b'<' | b'=' => 200,
        b'&' => 100,
        _ => 4,
    };
    html.bytes().map(weight).sum()
}

/// Waits until a parser may take this many bytes. A small number needs no permit.
pub(crate) fn permit(cost: usize) -> Option<Permit> {
    (cost > FREE).then(|| PARSERS.wait(cost))
}

/// Lowers the total memory of renderings and parsers, for a small container. Called before the first of them.
pub(crate) fn limit(together: usize) {
    PARSERS.limit(together / 4);
    RENDERINGS.limit(together);
}

static PARSERS: Permits = Permits::new(TOGETHER / 4);

/// Waits until a file of this many bytes may be read and processed, which takes up to ten times its size. A
/// file of 2 MiB is processed alone. Ask for this permit before a parser's permit, never while holding one.
pub(crate) fn file_permit(length: u64) -> Option<Permit> {
    rendering_permit(of_file(length))
}

/// Like [`file_permit`], but for a document of several bodies.
pub(crate) fn rendering_permit(cost: usize) -> Option<Permit> {
    rendering_needs_permit(cost).then(|| RENDERINGS.wait(cost))
}

/// Returns whether reading a file of this many bytes may have to wait for a permit.
pub(crate) fn file_needs_permit(length: u64) -> bool {
    rendering_needs_permit(of_file(length))
}

/// Returns whether rendering at this cost may have to wait for a permit.
pub(crate) fn rendering_needs_permit(cost: usize) -> bool {
    cost > FREE_RENDERING
}

fn of_file(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX).saturating_mul(8)
}

static RENDERINGS: Permits = Permits::new(TOGETHER);

/// An amount of memory shared by parallel work. Permits are given in the order of the requests, so that
/// many small ones do not keep a large one waiting for ever.
#[derive(Debug)]
pub(crate) struct Permits {
    queue: Mutex<TicketQueue>,
    changed: Condvar,
}

#[derive(Debug)]
struct TicketQueue {
    most: usize,
    free: usize,
    /// The next ticket number to hand out, and the next one to be served.
    drawn: u64,
    served: u64,
}

/// A number of bytes, returned when this is dropped. A thread must not wait for a second permit of the same
/// kind.
#[derive(Debug)]
pub(crate) struct Permit {
    of: &'static Permits,
    cost: usize,
}

impl Permits {
    /// Creates permits for `most` bytes in total.
    pub(crate) const fn new(most: usize) -> Self {
        Self { queue: Mutex::new(TicketQueue { most, free: most, drawn: 0, served: 0 }), changed: Condvar::new() }
    }

    /// Waits for `cost` bytes. A request for more than the total waits until all other permits are
    /// returned.
    pub(crate) fn wait(&'static self, cost: usize) -> Permit {
        let mut queue = self.queue();
        let cost = cost.min(queue.most);
        let number = queue.drawn;
        queue.drawn += 1;
        let is_early = |queue: &mut TicketQueue| queue.served != number || queue.free < cost;
        queue = recover(self.changed.wait_while(queue, is_early));
        queue.free -= cost;
        queue.served += 1;
        drop(queue);
        self.changed.notify_all();
        Permit { of: self, cost }
    }

    fn limit(&self, most: usize) {
        let mut queue = self.queue();
        (queue.most, queue.free) = (most, most);
    }

    fn queue(&self) -> MutexGuard<'_, TicketQueue> {
        // The numbers are valid at any time, because no code between two changes can panic.
        lock(&self.queue)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.of.queue().free += self.cost;
        self.of.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn an_ordinary_article_needs_no_permit_and_a_long_book_is_not_excessive() {
        let paragraph =
            "It was \"the best\" of times, *it was* the [worst](https://x.example/) of times.\n\n".to_owned();
        assert!(of_markdown(&paragraph.repeat(60)) < FREE);
        let book = format!("{}\n\n", "It was the best of times, it was the worst of times. ".repeat(10)).repeat(2_800);
        assert!(book.len() > 1_400_000 && !is_excessive(&book), "{}", of_markdown(&book));
    }

    #[test]
    fn many_marks_and_incomplete_wide_tables_are_excessive() {
        for bomb in ["[".repeat(200_000), "a\n\n".repeat(100_000), "&".repeat(100_000)] {
            assert!(is_excessive(&bomb), "{bomb:.20}");
        }
        let square = format!("{}|\n{}|\n{}", "|a".repeat(4000), "|-".repeat(4000), "|\n".repeat(4000));
        assert!(is_excessive(&square), "{}", of_markdown(&square));
        let quoted = format!("> {}|\n> {}|\n{}", "|a".repeat(4000), "|-".repeat(4000), "> |\n".repeat(4000));
        assert!(is_excessive(&quoted));
    }

    #[test]
    fn a_complete_table_costs_only_its_cells() {
        let row = format!("{}|\n", "|a".repeat(20));
        let table = format!("{row}{}|\n{}", "|-".repeat(20), row.repeat(50));
        assert_eq!(missing_cells(&table), 0);
        assert_eq!(missing_cells(&format!("{table}|a|\n\n|a|\n")), 19);
    }

    #[test]
    fn permits_never_exceed_the_total() {
        static PERMITS: Permits = Permits::new(10);
        let (held, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (held, most) = (&held, &most);
                scope.spawn(move || {
                    for turn in 0..50 {
                        let cost = (thread + turn) % 7 + 1;
                        let permit = PERMITS.wait(if cost == 7 { 1000 } else { cost });
                        let now = held.fetch_add(permit.cost, Ordering::Relaxed) + permit.cost;
                        most.fetch_max(now, Ordering::Relaxed);
                        held.fetch_sub(permit.cost, Ordering::Relaxed);
                    }
                });
            }
        });
        assert!((2..=10).contains(&most.into_inner()));
        assert_eq!(PERMITS.queue().free, 10);
    }
}
