//! Progress on standard error, and there only if it is a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use throughline_app::Progress;

/// How often the sign of life moves.
const TICK: Duration = Duration::from_millis(100);

/// A line that says what is going on, for as long as it goes on.
pub struct Line {
    bar: Mutex<Option<ProgressBar>>,
    is_terminal: bool,
}

impl Line {
    /// A line that says nothing yet.
    pub fn new() -> Line {
        Line {
            bar: Mutex::new(None),
            is_terminal: stderr().is_terminal(),
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if let Some(bar) = self.bar.lock().ok().and_then(|mut bar| bar.take()) {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Line {
    fn step(&self, what: &str) {
        if !self.is_terminal {
            return;
        }
        let Ok(mut line) = self.bar.lock() else {
            return;
        };
        let bar = line.get_or_insert_with(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        bar.set_message(what.to_owned());
    }
}
