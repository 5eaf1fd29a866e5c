//! One run of the command line: the bank it calls and the person it answers.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;
use tonic::{Response, Status};
use uuid::Uuid;

use crate::{
    cli::{Format, Globals, Lang},
    client::{Bank, Caller},
    fail::Fail,
    out,
    progress::Progress,
    show::{Part, no_workbook},
};

/// What every command is given.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) bank: Bank,
    pub(crate) format: Format,
    pub(crate) lang: Lang,
    pub(crate) zone: TimeZone,
    pub(crate) quiet: bool,
    save: Option<PathBuf>,
}

impl Session {
    /// Connects as who calls; where nobody does, no bank need be there.
    pub(crate) async fn begin(globals: Globals, caller: Caller) -> Result<Self, Fail> {
        let zone = crate::when::zone(&globals.zone)?;
        can_be_saved(&globals)?;
        let bank = Bank::connect(&globals, caller).await?;
        let Globals { format, lang, quiet, save, .. } = globals;
        Ok(Self { bank, format, lang, zone, quiet, save })
    }

    /// Answers in the form asked for.
    pub(crate) fn show(&self, parts: &[Part]) -> Result<(), Fail> {
        self.answer(&crate::show::render(parts, self.format, self.lang)?)
    }

    /// Answers with these bytes, once: into the file that was named, or to standard output.
    pub(crate) fn answer(&self, bytes: &[u8]) -> Result<(), Fail> {
        match &self.save {
            Some(path) => out::file(path, bytes),
            None => out::answer(bytes),
        }
    }

    /// Of commands that answer bit by bit, for as long as one listens.
    pub(crate) fn must_print(&self) -> Result<(), Fail> {
        if self.format == Format::Xlsx {
            return Err(no_workbook());
        }
        if self.save.is_some() {
            return Err(Fail::usage(
                "this command answers bit by bit: leave out --save and use > FILE",
                "此命令陆续输出：请不要用 --save，改用 > 文件",
            ));
        }
        Ok(())
    }

    /// Says something beside the answer.
    pub(crate) fn remark(&self, english: &str, chinese: &str) {
        if !self.quiet {
            out::complain(self.lang.pick(english, chinese));
        }
    }

    /// Says something beside the answer while something is under way.
    pub(crate) fn remark_beside(&self, progress: &Progress, english: &str, chinese: &str) {
        progress.line(self.lang.pick(english, chinese));
    }
}

/// Before anything is changed: that the answer can be written where it is wanted.
fn can_be_saved(it: &Globals) -> Result<(), Fail> {
    match &it.save {
        Some(path) if path.exists() => {
            let path = path.display();
            Err(Fail::usage(
                format!("--save {path}: it is there already; nothing is written over"),
                format!("--save {path}：文件已存在，不会覆盖"),
            ))
        }
        None if it.format == Format::Xlsx && out::is_terminal() => Err(Fail::usage(
            "a workbook is no text: give --save FILE",
            "工作簿不是文本：请用 --save 指定文件",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Options of commands that change the bank.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(crate) struct Change {
    /// Name of the request; the same again changes nothing [default: a fresh one]
    #[arg(long, value_name = "UUID")]
    request_id: Option<Uuid>,
    /// Only check, record nothing
    #[arg(long)]
    pub(crate) validate_only: bool,
}

impl Change {
    /// The change under its final name.
    pub(crate) fn begin(&self) -> Begun {
        let id = self.request_id.unwrap_or_else(Uuid::new_v4);
        Begun { id: id.to_string(), validate_only: self.validate_only }
    }
}

/// A change on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Begun {
    pub(crate) id: String,
    pub(crate) validate_only: bool,
}

impl Begun {
    /// The answer, or a failure that says how to try again safely.
    pub(crate) fn end<T>(&self, answer: Result<Response<T>, Status>) -> Result<T, Fail> {
        match answer {
            Ok(answer) => Ok(answer.into_inner()),
            Err(status) => Err(Fail::from(status.clone()).again_with(&self.id, &status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_the_name_it_is_given() {
        let id = "6f2c1f0e-98a5-4f0e-8b1f-1d5f8f1d2a11";
        let given = Change { request_id: Some(id.parse().unwrap()), validate_only: true };
        assert_eq!(given.begin(), Begun { id: id.to_owned(), validate_only: true });
        let fresh = Change::default();
        assert_ne!(fresh.begin().id, fresh.begin().id);
    }

    #[test]
    fn a_change_that_may_have_happened_says_how_to_ask_again() {
        let begun = Change::default().begin();
        let lost: Result<Response<()>, _> = Err(Status::unavailable("gone"));
        let again = begun.end(lost).unwrap_err().again.unwrap();
        assert_eq!((again.request_id, again.unknown), (begun.id.clone(), true));
        let refused: Result<Response<()>, _> = Err(Status::not_found("no"));
        assert_eq!(begun.end(refused).unwrap_err().again, None);
    }
}
