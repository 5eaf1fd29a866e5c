//! `rulebook`: the numbers of policy.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use lovebank_wire::{scalar, v1};
use serde_json::Value;

use super::proven;
use crate::{
    cli::Format,
    fail::{Exit, Fail},
    session::{Change, Session},
    show::{Column, Part, narrow, text},
    when::{date, shown_date},
};

const ADOPTED: &[Column] = &[narrow("version", "version", "版本")];
/// Who would get another place in a queue, were the rules in force now.
const MOVES: &[Column] = &[
    narrow("reward_no", "reward", "回馈号"),
    narrow("reward_name", "name", "名称"),
    narrow("redemption_no", "redemption", "兑换号"),
    narrow("pool_branch_code", "pool", "公益池"),
    narrow("draw_no", "draw", "领用号"),
    narrow("passbook_no", "passbook", "存折号"),
    narrow("from_rank", "place now", "现名次"),
    narrow("to_rank", "place then", "新名次"),
];

/// The rulebook.
#[derive(Debug, Subcommand)]
pub(crate) enum Rulebook {
    /// Show a rulebook
    #[command(after_help = "Example: lovebank-admin rulebook show --version 2")]
    Show(Show),
    /// Adopt a rulebook from a day on; only tried, it shows who in a queue would move
    #[command(
        after_help = "Example: lovebank-admin rulebook adopt rulebook.toml --from 2027-01-01 --validate-only"
    )]
    Adopt(Adopt),
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Which [default: the one that decides today]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    version: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// The document, in TOML
    file: PathBuf,
    /// The first day it decides [default: today]
    #[arg(long, value_parser = date)]
    from: Option<Date>,
    #[command(flatten)]
    change: Change,
}

impl Rulebook {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Show(it) => it.run(session).await,
            Self::Adopt(it) => it.run(session).await,
        }
    }
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetRulebookRequest { min_seq: 0, version: self.version };
        let answer = session.bank.rulebooks().get_rulebook(request).await?.into_inner();
        let it = answer.rulebook.ok_or_else(|| Fail::incomplete("rulebook"))?;
        let from = shown_date(it.in_force_from.as_ref()).unwrap_or_default();
        match session.format {
            // As a document, so that it can be kept, changed and adopted.
            Format::Table => {
                let version = it.version;
                let english = format!("version {version}, in force from {from}");
                session.remark(&english, &format!("版本 {version}，自 {from} 起生效"));
                session.answer(it.text.as_bytes())?;
            }
            Format::Json | Format::Csv | Format::Xlsx => {
                const COLUMNS: &[Column] = &[
                    narrow("version", "version", "版本"),
                    narrow("in_force_from", "in force from", "生效日期"),
                    narrow("text", "text", "全文"),
                ];
                let row = vec![it.version.into(), from.into(), it.text.into()];
                session.show(&[Part::row("rulebook", COLUMNS, row)])?;
            }
        }
        Ok(Exit::Done)
    }
}

impl Adopt {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let document =
            std::fs::read_to_string(&self.file).map_err(|err| Fail::file(&self.file, &err))?;
        let begun = self.change.begin();
        let request = v1::AdoptRulebookRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            in_force_from: self.from.map(scalar::to_date),
            text: document,
        };
        let answer = begun.end(session.bank.rulebooks().adopt_rulebook(request).await)?;
        let mut parts = vec![Part::row("rulebook", ADOPTED, vec![answer.version.into()])];
        let tried = answer.receipt.as_ref().is_some_and(|it| it.validated_only);
        if tried {
            parts.push(Part::rows("moves", MOVES, answer.moves.iter().map(moved).collect()).base());
        }
        let exit = proven(session, parts, answer.receipt.as_ref())?;
        if tried {
            remark_on_moves(session, &answer);
        }
        Ok(exit)
    }
}

fn moved(it: &v1::QueueMove) -> Vec<Value> {
    let number = |it: u64| if it == 0 { Value::Null } else { it.into() };
    vec![
        number(it.reward_no),
        text(&it.reward_name),
        number(it.redemption_no),
        text(&it.pool_branch_code),
        number(it.draw_no),
        number(it.passbook_no),
        it.from_rank.into(),
        it.to_rank.into(),
    ]
}

/// What an empty or a cut list of moves means.
fn remark_on_moves(session: &Session, answer: &v1::AdoptRulebookResponse) {
    let more = answer.more_moves;
    if answer.moves.is_empty() {
        session.remark("nobody who waits would get another place", "排队者的名次都不会变化");
    } else if more != 0 {
        let english = format!("{more} more would get another place");
        session.remark(&english, &format!("另有 {more} 人的名次会变化"));
    }
}
