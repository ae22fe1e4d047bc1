//! A bar while the work takes long, for a person who looks at a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done by then needs no bar.
const PATIENCE: Duration = Duration::from_millis(400);
const TICK: Duration = Duration::from_millis(100);

/// A bar on the error stream; nothing at all when that is no terminal. It goes away when it is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for work whose steps are called `unit`.
    pub(super) fn new(unit: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(&format!("{{spinner}} {{wide_bar}} {{pos}}/{{len}} {unit}"));
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let late = bar.clone();
        // The thread ends by itself; a bar that is finished by then draws nothing.
        std::thread::spawn(move || {
            std::thread::sleep(PATIENCE);
            if !late.is_finished() {
                late.set_draw_target(ProgressDrawTarget::stderr());
                late.enable_steady_tick(TICK);
            }
        });
        Self { bar }
    }

    /// Shows that `done` steps of `total` are done.
    pub(super) fn show(&self, done: usize, total: usize) {
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
