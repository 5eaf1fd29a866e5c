//! How far it is: a bar where a person looks on, a line now and then elsewhere, nothing where
//! quiet was asked for.

use std::{
    io::IsTerminal as _,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{out, session::Session};

/// How often a line is written where nobody sees a bar.
const EVERY: Duration = Duration::from_secs(5);

/// How far something is.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    lines: bool,
    told: Mutex<Instant>,
}

impl Progress {
    /// Of so many steps.
    pub(crate) fn of(session: &Session, steps: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let draw = !session.quiet && terminal;
        let target = if draw { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(steps), target);
        let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} {wide_msg}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Self { bar, lines: !session.quiet && !terminal, told: Mutex::new(Instant::now()) }
    }

    /// Some steps further.
    pub(crate) fn further(&self, steps: u64) {
        self.bar.inc(steps);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if self.lines && EVERY <= told.elapsed() {
            *told = Instant::now();
            let (at, of) = (self.bar.position(), self.bar.length().unwrap_or_default());
            out::complain(format!("{at}/{of} {}", self.bar.message()).trim_end());
        }
    }

    /// Says what is being done.
    pub(crate) fn at(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// Says a line that stays.
    pub(crate) fn line(&self, text: &str) {
        if self.lines {
            out::complain(text);
        } else {
            self.bar.println(text);
        }
    }

    /// No further.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
