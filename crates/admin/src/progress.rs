//! How far it is: a bar where a person looks on, a line now and then elsewhere.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{out, session::Session};

/// How far something is.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    plain: bool,
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
        Self { bar, plain: !session.quiet && !terminal }
    }

    /// Some steps further.
    pub(crate) fn further(&self, steps: u64) {
        self.bar.inc(steps);
    }

    /// Says what is being done, beside the bar only.
    pub(crate) fn at(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// Says a line that stays.
    pub(crate) fn line(&self, text: &str) {
        if self.plain {
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
