//! Registering the volunteers of a list.

use std::path::PathBuf;

use clap::Args;
use lovebank_wire::{scalar, v1};

use super::remark_unread;
use crate::{
    fail::{Exit, Fail},
    import::{
        list::{Column, List},
        sheet::{self, VolunteerForm},
        table,
    },
    session::{Change, Session},
    show::{Done, Items},
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
const COLUMNS: [Column; 7] = [
    ("number", &["number", "volunteer_number", "义工号"]),
    ("branch", &["branch", "branch_code", "社区"]),
    ("name", &["name", "姓名"]),
    ("phone", &["phone", "电话"]),
    ("note", &["note", "备注"]),
    ("joined", &["joined", "注册日期"]),
    ("born", &["born", "birth_date", "出生日期"]),
];

impl ImportVolunteers {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let volunteers = self.read(session)?;
        let of = volunteers.iter().map(|it| it.volunteer_number.clone()).collect();
        let mode = if self.atomic { v1::BatchMode::Atomic } else { v1::BatchMode::ItemByItem };
        let request = v1::BatchRegisterVolunteersRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteers,
            mode: mode.into(),
        };
        let mut client = session.bank.volunteers();
        let answer = begun.end(client.batch_register_volunteers(request).await)?;
        let done = answer.registered.into_iter().map(|it| {
            let passbook_no = it.passbook_no;
            (it.index, Done { outcome: "registered", passbook_no, ..Done::default() })
        });
        let items = Items::new(of, done, answer.refused);
        proven(session, vec![items.part(session.lang)], answer.receipt.as_ref())?;
        Ok(items.exit())
    }

    fn read(&self, session: &Session) -> Result<Vec<v1::NewVolunteer>, Fail> {
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
        Ok(volunteers)
    }

    fn volunteer(&self, list: &List, row: &table::Record) -> Result<v1::NewVolunteer, Fail> {
        let cell = |name: &str| list.cell(row, name).to_owned();
        // As sheets of hours are read, so that both mean the same person.
        let number = list.check(row);
        let number = number.and_then(|()| sheet::volunteer(&cell("number"), VolunteerForm::Number));
        let volunteer_number = number.map_err(|fault| {
            let (path, line) = (self.file.display(), row.line);
            Fail::error(
                format!("{path}: line {line}: {}", fault.english()),
                format!("{path}：第 {line} 行：{}", fault.chinese()),
            )
        })?;
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
