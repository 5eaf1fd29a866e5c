//! Registering the volunteers of a list.

use std::{collections::HashSet, path::PathBuf};

use clap::Args;
use lovebank_wire::{scalar, v1};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Builder;

use super::remark_unread;
use crate::{
    fail::{Exit, Fail},
    import::{
        list::{Column, List},
        sheet::{self, VolunteerForm},
        table,
    },
    session::{Begun, Change, Session},
    show::{Column as Shown, Done, Items, Part, narrow, number},
    verb::proven,
    when::date,
};

/// The most volunteers of one request.
const MOST: usize = 1000;

#[derive(Debug, Args)]
pub(crate) struct ImportVolunteers {
    /// The list
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Home branch of rows that name none
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    branch: String,
    /// The sheet of a workbook, by its name or number [default: the only one that is not empty]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// One that is refused refuses all [default: each for itself]
    #[arg(long)]
    atomic: bool,
    #[command(flatten)]
    change: Change,
}

/// What a column of the list means, and the headers it may have.
const COLUMNS: [Column; 8] = [
    ("number", &["number", "volunteer_number", "义工号"]),
    ("branch", &["branch", "branch_code", "社区"]),
    ("name", &["name", "姓名"]),
    ("phone", &["phone", "电话"]),
    ("note", &["note", "备注"]),
    ("joined", &["joined", "注册日期"]),
    ("born", &["born", "birth_date", "出生日期"]),
    ("same_as", &["same_as", "same_person_as", "同一人义工号"]),
];

/// Two numbers of one person.
struct Same {
    /// Which row says so.
    index: u32,
    number: String,
    into: String,
}

const MERGES: &[Shown] = &[
    narrow("number", "number", "义工号"),
    narrow("into", "same person as", "同一人义工号"),
    narrow("outcome", "outcome", "结果"),
    narrow("merge_no", "merge", "合并号"),
    narrow("message", "message", "说明"),
];

const LIKELY: &[Shown] = &[
    narrow("number", "number", "义工号"),
    narrow("other", "may be the same person as", "疑似同一人"),
    narrow("other_passbook_no", "passbook", "存折号"),
    narrow("command", "to propose it", "提出合并的命令"),
];

/// Names the proposal of a row, so that the same list sent again under its name proposes nothing
/// twice, and no two names are alike however the lists are called.
fn proposal_id(list: &str, it: &Same) -> String {
    let Same { number, into, .. } = it;
    let digest = Sha256::digest(format!("lovebank merge of a list 1\n{list}\n{number}\n{into}"));
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Why nothing is proposed for a row that was not registered: its number may be a stranger's.
fn unsure(session: &Session, it: &Same) -> Value {
    let Same { number, into, .. } = it;
    let command = propose_command(number, into);
    let english = format!(
        "this list did not register the number, which may be another person's: look at it with \
         \"volunteer show\", and if it is the same person, run: {command}"
    );
    let chinese = format!(
        "该号码未由此名单注册，可能是他人的：请用 volunteer show 核对，确为同一人则执行：{command}"
    );
    session.lang.pick(english, chinese).into()
}

fn propose_command(number: &str, into: &str) -> String {
    format!("lovebank-admin volunteer merge propose {number} --into {into}")
}

/// Proposes the merges that the list names, one after the other, of those whom the list has
/// registered; whether all were taken.
async fn propose(
    session: &Session,
    begun: &Begun,
    same: Vec<Same>,
    registered: &HashSet<u32>,
) -> Result<(Part, bool), Fail> {
    let mut rows = Vec::new();
    let mut all = true;
    for it in same {
        let (outcome, merge, message) = if !registered.contains(&it.index) {
            all = false;
            ("not-proposed", Value::Null, unsure(session, &it))
        } else if begun.validate_only {
            // Who is not registered yet cannot be asked about.
            ("not-checked", Value::Null, Value::Null)
        } else {
            let taken = propose_one(session, begun, &it).await?;
            all &= taken.is_ok();
            match taken {
                Ok(merge_no) => ("proposed", number(merge_no), Value::Null),
                Err(said) => ("refused", Value::Null, said.into()),
            }
        };
        rows.push(vec![it.number.into(), it.into.into(), outcome.into(), merge, message]);
    }
    Ok((Part::rows("merges", MERGES, rows), all))
}

/// The number of the merge, or why there is none; a failure where that is not known.
async fn propose_one(
    session: &Session,
    begun: &Begun,
    it: &Same,
) -> Result<Result<u64, String>, Fail> {
    let request = v1::ProposeMergeRequest {
        request_id: proposal_id(&begun.id, it),
        validate_only: false,
        volunteer_number: it.number.clone(),
        into_volunteer_number: it.into.clone(),
    };
    let status = match session.bank.merges().propose_merge(request).await {
        Ok(answer) => return Ok(Ok(answer.into_inner().merge_no)),
        Err(status) => status,
    };
    let fail = Fail::from(status.clone()).again_with(&begun.id, &status);
    if fail.again.is_some() {
        return Err(fail);
    }
    Ok(Err(session.lang.pick(fail.english, fail.chinese)))
}

/// Those of the list who may be known under another number, and how that is said.
fn hints(of: &[String], likely: &[v1::LikelyDuplicate]) -> Part {
    let row = |it: &v1::LikelyDuplicate| {
        let known = usize::try_from(it.index).ok().and_then(|at| of.get(at));
        let (own, other) = (known.cloned().unwrap_or_default(), &it.other_volunteer_number);
        let command = propose_command(&own, other);
        vec![own.into(), other.as_str().into(), number(it.other_passbook_no), command.into()]
    };
    Part::rows("likely_duplicates", LIKELY, likely.iter().map(row).collect())
}

impl ImportVolunteers {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let (volunteers, same) = self.read(session)?;
        let of: Vec<String> = volunteers.iter().map(|it| it.volunteer_number.clone()).collect();
        let mode = if self.atomic { v1::BatchMode::Atomic } else { v1::BatchMode::ItemByItem };
        let request = v1::BatchRegisterVolunteersRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteers,
            mode: mode.into(),
        };
        let mut client = session.bank.volunteers();
        let answer = begun.end(client.batch_register_volunteers(request).await)?;
        let registered = answer.registered.iter().map(|it| it.index).collect();
        let done = answer.registered.into_iter().map(|it| {
            let passbook_no = it.passbook_no;
            (it.index, Done { outcome: "registered", passbook_no, ..Done::default() })
        });
        let (told, total) = (answer.likely_duplicates.len(), answer.likely_duplicates_total);
        if told < usize::try_from(total).unwrap_or(usize::MAX) {
            session.remark(
                &format!("{told} likely duplicates of {total} are shown"),
                &format!("疑似重复共 {total} 项，仅显示 {told} 项"),
            );
        }
        let likely = hints(&of, &answer.likely_duplicates);
        let items = Items::new(of, done, answer.refused);
        let (merges, all) = propose(session, &begun, same, &registered).await?;
        let mut parts = vec![items.part(session.lang)];
        parts.extend([merges, likely].into_iter().filter(|it| !it.rows.is_empty()));
        proven(session, parts, answer.receipt.as_ref())?;
        Ok(if all { items.exit() } else { Exit::Rejected })
    }

    fn read(&self, session: &Session) -> Result<(Vec<v1::NewVolunteer>, Vec<Same>), Fail> {
        let bytes = Fail::reading(&self.file)?;
        let list = List::of(&bytes, self.sheet.as_deref(), &COLUMNS);
        let list = list.map_err(|err| Fail::sheet(&self.file.display(), &err))?;
        remark_unread(session, &list);
        let volunteers = list.rows.iter().map(|it| self.volunteer(&list, it));
        let volunteers = volunteers.collect::<Result<Vec<_>, _>>()?;
        if volunteers.is_empty() || MOST < volunteers.len() {
            let (path, count) = (self.file.display(), volunteers.len());
            return Err(Fail::error(
                format!("{path}: {count} rows; a list has 1 to {MOST}: split it"),
                format!("{path}：{count} 行；一张名单 1 至 {MOST} 行，请拆分"),
            ));
        }
        let same = (0..).zip(&list.rows).map(|(index, it)| self.same(&list, (index, it)));
        let same = same.collect::<Result<Vec<_>, _>>()?;
        Ok((volunteers, same.into_iter().flatten().collect()))
    }

    /// What a row says of another number of the same person.
    fn same(&self, list: &List, (index, row): (u32, &table::Record)) -> Result<Option<Same>, Fail> {
        if list.cell(row, "same_as").is_empty() {
            return Ok(None);
        }
        let number = self.number(list, row, "number")?;
        let into = self.number(list, row, "same_as")?;
        Ok(Some(Same { index, number, into }))
    }

    fn number(&self, list: &List, row: &table::Record, column: &str) -> Result<String, Fail> {
        // As sheets of hours are read, so that both mean the same person.
        let number = list.check(row);
        let cell = list.cell(row, column);
        let number = number.and_then(|()| sheet::volunteer(cell, VolunteerForm::Number));
        number.map_err(|fault| {
            let (path, line) = (self.file.display(), row.line);
            Fail::error(
                format!("{path}: line {line}: {}", fault.english()),
                format!("{path}：第 {line} 行：{}", fault.chinese()),
            )
        })
    }

    fn volunteer(&self, list: &List, row: &table::Record) -> Result<v1::NewVolunteer, Fail> {
        let cell = |name: &str| list.cell(row, name).to_owned();
        let volunteer_number = self.number(list, row, "number")?;
        let day = |name: &str, chinese: &str| {
            let given = Some(cell(name)).filter(|it| !it.is_empty());
            let given = given.map(|it| date(&it.replace('/', "-"))).transpose();
            given.map(|it| it.map(scalar::to_date)).map_err(|_| {
                let (path, line, value) = (self.file.display(), row.line, cell(name));
                Fail::error(
                    format!("{path}: line {line}: {name} {value:?} is no day: write 2026-03-01"),
                    format!("{path}：第 {line} 行：{chinese}“{value}”不是日期，请写成 2026-03-01"),
                )
            })
        };
        let joined = day("joined", "注册日期")?;
        let birth_date = day("born", "出生日期")?;
        let branch = Some(cell("branch")).filter(|it| !it.is_empty());
        Ok(v1::NewVolunteer {
            volunteer_number,
            branch_code: branch.unwrap_or_else(|| self.branch.clone()),
            joined,
            person: Some(v1::Person {
                name: cell("name"),
                phone: cell("phone"),
                note: cell("note"),
                birth_date,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_has_a_name_of_its_own() {
        let same =
            |number: &str, into: &str| Same { index: 0, number: number.into(), into: into.into() };
        // Names that are counted, as some callers do.
        let (first, second) =
            ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
        let id = proposal_id(first, &same("03", "01"));
        assert_eq!(id, proposal_id(first, &Same { index: 7, ..same("03", "01") }));
        let others = [
            proposal_id(second, &same("03", "01")),
            proposal_id(first, &same("03", "02")),
            proposal_id(first, &same("04", "01")),
            first.to_owned(),
            second.to_owned(),
        ];
        assert!(!others.contains(&id), "{id} is another's too");
    }
}
