//! What parsing a body costs in memory, estimated before a parser sees it, and the permits that parsers wait for.
//!
//! A node of a syntax tree takes a hundred times the bytes that it was written in, so that two megabytes of brackets
//! come to four hundred. Real articles stay below one megabyte.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The highest cost of one body: a more expensive one is shown as text.
pub const MOST: usize = 8 << 20;

/// What a parser may take without a permit, as nearly all articles do.
const FREE: usize = 256 << 10;

/// What a rendering may take without a permit, parsers aside: thirty articles of an ordinary length.
const FREE_RENDERING: usize = 2 << 20;

/// What all parsers together may take at one moment, those without a permit aside; one that takes more works alone.
const TOGETHER: usize = MOST / 2;

/// What all renderings of large articles together may hold beside their parsers.
const RENDERED_TOGETHER: usize = 16 << 20;

/// No body costs more for each of its bytes, tables aside.
const WORST: usize = 450;

/// Bytes of memory for each byte of Markdown, measured with comrak 0.59 (`benches/bombs`): a node has 136 bytes, a line
/// has two of them.
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
        // Of `www.`: any of them is looked at.
        (b'w', 60),
    ];
    let mut at = 0;
    while at < heavy.len() {
        weights[heavy[at].0 as usize] = heavy[at].1;
        at += 1;
    }
    weights
};

/// Whether Markdown costs more to parse than an article may.
pub fn is_excessive(body: &str) -> bool {
    // Nearly all bodies are too short for that, and need not be read.
    body.len() > MOST / WORST / 2 && of_markdown(body) > MOST
}

/// The bytes of memory that parsing Markdown takes.
pub fn of_markdown(body: &str) -> usize {
    let marks: usize = body.bytes().map(|byte| usize::from(WEIGHTS[usize::from(byte)])).sum();
    marks + missing_cells(body) * WORST
}

/// Cells that rows of tables do not have and that the parser adds to them: a row takes as many as the head has.
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

/// The bytes of memory that the tree of some HTML takes: 300 for an element, as many for its attributes.
pub fn of_html(html: &str) -> usize {
    let weight = |byte| match byte {
        b'<' | b'=' => 200,
        b'&' => 100,
        _ => 4,
    };
    html.bytes().map(weight).sum()
}

/// Waits until a parser may take so many bytes; few are free at once.
pub fn permit(cost: usize) -> Option<Permit> {
    (cost > FREE).then(|| PARSERS.wait(cost))
}

static PARSERS: Permits = Permits::new(TOGETHER);

/// Waits until a file of so many bytes may be read and made into something, which holds it up to ten times over: one of
/// 2 MiB is read alone. Ask for this permit before one of a parser's, never while holding one.
pub fn file_permit(length: u64) -> Option<Permit> {
    rendering_permit(usize::try_from(length).unwrap_or(usize::MAX).saturating_mul(8))
}

/// Like the function above, for a document of several bodies.
pub fn rendering_permit(cost: usize) -> Option<Permit> {
    (cost > FREE_RENDERING).then(|| RENDERINGS.wait(cost))
}

static RENDERINGS: Permits = Permits::new(RENDERED_TOGETHER);

/// Bytes of memory that parallel work shares. Permits are given in the order they are asked for, so that
/// many small ones keep no large one waiting for ever.
#[derive(Debug)]
pub struct Permits {
    most: usize,
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug)]
struct Queue {
    free: usize,
    /// The number that is next to be drawn, and the one that is next to be served.
    drawn: u64,
    served: u64,
}

/// Bytes of memory, given back when this is dropped. One thread must not wait for a second permit of the same kind.
#[derive(Debug)]
pub struct Permit {
    of: &'static Permits,
    cost: usize,
}

impl Permits {
    /// Permits for so many bytes in all.
    pub const fn new(most: usize) -> Self {
        Self { most, queue: Mutex::new(Queue { free: most, drawn: 0, served: 0 }), changed: Condvar::new() }
    }

    /// Waits for so many bytes; for more than there are, until all others are returned.
    pub fn wait(&'static self, cost: usize) -> Permit {
        let cost = cost.min(self.most);
        let mut queue = self.queue();
        let number = queue.drawn;
        queue.drawn += 1;
        let is_early = |queue: &mut Queue| queue.served != number || queue.free < cost;
        queue = self.changed.wait_while(queue, is_early).unwrap_or_else(PoisonError::into_inner);
        queue.free -= cost;
        queue.served += 1;
        drop(queue);
        self.changed.notify_all();
        Permit { of: self, cost }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // A panic between two changes of a number is not possible.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn an_ordinary_article_needs_no_permit_and_a_long_book_is_no_bomb() {
        let paragraph =
            "It was \"the best\" of times, *it was* the [worst](https://x.example/) of times.\n\n".to_owned();
        assert!(of_markdown(&paragraph.repeat(60)) < FREE);
        let book = format!("{}\n\n", "It was the best of times, it was the worst of times. ".repeat(10)).repeat(2_800);
        assert!(book.len() > 1_400_000 && !is_excessive(&book), "{}", of_markdown(&book));
    }

    #[test]
    fn marks_in_bulk_and_tables_that_are_filled_up_are_bombs() {
        for bomb in ["[".repeat(200_000), "a\n\n".repeat(100_000), "&".repeat(100_000)] {
            assert!(is_excessive(&bomb), "{bomb:.20}");
        }
        let square = format!("{}|\n{}|\n{}", "|a".repeat(4000), "|-".repeat(4000), "|\n".repeat(4000));
        assert!(is_excessive(&square), "{}", of_markdown(&square));
        let quoted = format!("> {}|\n> {}|\n{}", "|a".repeat(4000), "|-".repeat(4000), "> |\n".repeat(4000));
        assert!(is_excessive(&quoted));
    }

    #[test]
    fn a_full_table_costs_its_cells_alone() {
        let row = format!("{}|\n", "|a".repeat(20));
        let table = format!("{row}{}|\n{}", "|-".repeat(20), row.repeat(50));
        assert_eq!(missing_cells(&table), 0);
        assert_eq!(missing_cells(&format!("{table}|a|\n\n|a|\n")), 19);
    }

    #[test]
    fn no_more_is_permitted_at_once_than_there_is() {
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
