//! Lines for a person on standard error, and the progress bar below them.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Writes `pilaf: <message>` to standard error. When nobody listens there, nothing is left to do.
pub(crate) fn print_error(message: &impl Display) {
    let _ = writeln!(io::stderr(), "pilaf: {message}");
}

/// Cells of the bar between its brackets.
const CELLS: usize = 30;
/// Drawing more often than this only costs time.
const REFRESH: Duration = Duration::from_millis(50);

/// How far a batch has come: a bar on a terminal, nothing elsewhere.
pub(crate) struct Progress {
    total: usize,
    done: usize,
    failed: usize,
    visible: bool,
    drawn: Option<Instant>,
}

impl Progress {
    /// A bar for `total` items, if `wanted`, there are several, and standard error is a terminal
    /// that can redraw a line.
    pub(crate) fn new(total: usize, wanted: bool) -> Self {
        let capable = io::stderr().is_terminal() && std::env::var_os("TERM") != Some("dumb".into());
        let visible = wanted && total > 1 && capable;
        let mut progress = Self { total, done: 0, failed: 0, visible, drawn: None };
        progress.draw();
        progress
    }

    /// One more item is finished. Its error, if any, becomes a line above the bar.
    pub(crate) fn advance(&mut self, failure: Option<&impl Display>) {
        self.done += 1;
        if let Some(failure) = failure {
            self.failed += 1;
            self.erase();
            print_error(failure);
        }
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= REFRESH);
        if due || failure.is_some() {
            self.draw();
        }
    }

    /// How many failed.
    pub(crate) fn failed(&self) -> usize {
        self.failed
    }

    /// Takes the bar away.
    pub(crate) fn finish(&mut self) {
        self.erase();
        self.visible = false;
    }

    fn draw(&mut self) {
        if self.visible {
            let _ = write!(io::stderr(), "\r{}\x1b[K", self.line());
            self.drawn = Some(Instant::now());
        }
    }

    fn erase(&self) {
        if self.visible {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    fn line(&self) -> String {
        let full = CELLS * self.done / self.total;
        let (bar, rest) = ("#".repeat(full), "-".repeat(CELLS - full));
        let failed = match self.failed {
            0 => String::new(),
            n => format!(", {n} failed"),
        };
        format!("[{bar}{rest}] {}/{}{failed}", self.done, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_up() {
        let mut progress = Progress { total: 3, done: 0, failed: 0, visible: false, drawn: None };
        assert_eq!(progress.line(), "[------------------------------] 0/3");
        progress.done = 1;
        progress.failed = 1;
        assert_eq!(progress.line(), "[##########--------------------] 1/3, 1 failed");
        progress.done = 3;
        assert_eq!(progress.line(), "[##############################] 3/3, 1 failed");
    }
}
