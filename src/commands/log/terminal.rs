//! The terminal for progress bars. It writes through the queue of the log, so that a terminal that
//! was stopped with Ctrl-S does not stop a load.

use std::io;
use std::sync::Mutex;

use indicatif::TermLike;
use rustix::termios::tcgetwinsize;

use super::QUEUE;

use crate::lock::lock;

/// Collects what is drawn until a frame is complete.
#[derive(Debug, Default)]
pub(in crate::commands) struct Terminal(Mutex<String>);

impl Terminal {
    fn draw(&self, part: &str) {
        lock(&self.0).push_str(part);
    }

    /// Moves the cursor. Zero is skipped, because terminals treat 0 as 1.
    fn step(&self, n: usize, direction: char) {
        if n > 0 {
            self.draw(&format!("\u{1b}[{n}{direction}"));
        }
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        tcgetwinsize(io::stderr()).map(|size| size.ws_col).ok().filter(|width| *width > 0).unwrap_or(80)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.step(n, 'A');
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.step(n, 'B');
        Ok(())
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.step(n, 'C');
        Ok(())
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.step(n, 'D');
        Ok(())
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.draw(line);
        self.draw("\n");
        Ok(())
    }

    fn write_str(&self, part: &str) -> io::Result<()> {
        self.draw(part);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.draw("\r\u{1b}[2K");
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let frame = std::mem::take(&mut *lock(&self.0));
        QUEUE.push_frame(frame.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_by_zero_writes_nothing() {
        let terminal = Terminal::default();
        terminal.move_cursor_up(0).unwrap();
        terminal.clear_line().unwrap();
        terminal.move_cursor_up(2).unwrap();
        terminal.write_str("x").unwrap();
        assert_eq!(*terminal.0.lock().unwrap(), "\r\u{1b}[2K\u{1b}[2Ax");
    }
}
