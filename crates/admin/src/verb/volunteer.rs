//! `volunteer`: volunteers and their personal data.

use std::str::FromStr;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use lovebank_wire::{scalar, v1};

use super::{changed, done, listed, merge::Merge, need::SetNeed};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Begun, Change, Session},
    show::Part,
    when::date,
    words::Status,
};

/// Volunteers.
#[derive(Debug, Subcommand)]
pub(crate) enum Volunteer {
    /// Register a volunteer, with an empty passbook
    #[command(
        after_help = "Example: lovebank-admin volunteer register 0300000001 --branch NW-01 --name 测试甲"
    )]
    Register(Register),
    /// Show one volunteer
    #[command(after_help = "Example: lovebank-admin volunteer show 0300000001")]
    Show(Which),
    /// Find volunteers by number, name or phone
    #[command(after_help = "Example: lovebank-admin volunteer find 测试")]
    Find(Find),
    /// Show volunteers in the order of their passbooks
    #[command(after_help = "Example: lovebank-admin volunteer list --branch NW --status active")]
    List(List),
    /// Change name, phone, note or birth date; what is not given stays, what is given empty goes
    #[command(
        after_help = "Example: lovebank-admin volunteer update 0300000001 --phone 13800138000"
    )]
    Update(Update),
    /// Move a volunteer to another home branch
    #[command(after_help = "Example: lovebank-admin volunteer move 0300000001 --to NW-02")]
    Move(Move),
    /// Suspend a volunteer, close one, or make one active again
    #[command(after_help = "Example: lovebank-admin volunteer status 0300000001 suspended")]
    Status(SetStatus),
    /// Say how much a volunteer is in need (困难等级)
    #[command(after_help = "Example: lovebank-admin volunteer need 0300000001 3")]
    Need(SetNeed),
    /// One person under two numbers (合并): said by one, confirmed by another
    #[command(subcommand, after_help = "Example: lovebank-admin volunteer merge list --waiting")]
    Merge(Merge),
    /// Erase a volunteer's personal data for ever; the passbook stays (个人信息保护法第47条)
    #[command(after_help = "Example: lovebank-admin volunteer erase 0300000001 --yes")]
    Erase(Erase),
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The volunteer number (义工号)
    number: String,
}

#[derive(Debug, Args)]
pub(crate) struct Register {
    /// The volunteer number (义工号)
    number: String,
    /// The home branch
    #[arg(long, value_name = "CODE")]
    branch: String,
    /// The name (姓名)
    #[arg(long)]
    name: Option<String>,
    /// The phone number
    #[arg(long)]
    phone: Option<String>,
    /// A note
    #[arg(long)]
    note: Option<String>,
    /// The birth date (出生日期)
    #[arg(long, value_parser = date, value_name = "DAY")]
    born: Option<Date>,
    /// The day joined [default: today]
    #[arg(long, value_parser = date)]
    joined: Option<Date>,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Find {
    /// A number, a part of a name, or digits of a phone number
    query: String,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this branch and what is below it
    #[arg(long, value_name = "CODE")]
    branch: Option<String>,
    /// Only of this status
    #[arg(long, value_enum)]
    status: Option<Status>,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The volunteer number (义工号)
    number: String,
    /// The name from now on
    #[arg(long)]
    name: Option<String>,
    /// The phone number from now on
    #[arg(long)]
    phone: Option<String>,
    /// The note from now on
    #[arg(long)]
    note: Option<String>,
    /// The birth date from now on
    #[arg(long, value_name = "DAY")]
    born: Option<Born>,
}

/// A birth date; given empty, none.
#[derive(Debug, Clone, Copy)]
struct Born(Option<Date>);

impl FromStr for Born {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(Self(None)) } else { date(text).map(|it| Self(Some(it))) }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The volunteer number (义工号)
    number: String,
    /// The home branch from now on
    #[arg(long, value_name = "CODE")]
    to: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct SetStatus {
    /// The volunteer number (义工号)
    number: String,
    /// The status from now on
    #[arg(value_enum)]
    status: Status,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The volunteer number (义工号)
    #[arg(required_unless_present = "passbook_no")]
    number: Option<String>,
    /// The number of the passbook instead of the volunteer number
    #[arg(long, value_name = "NO", conflicts_with = "number")]
    passbook_no: Option<u64>,
    /// Yes, for ever
    #[arg(long, required_unless_present = "validate_only")]
    yes: bool,
    #[command(flatten)]
    change: Change,
}

impl Volunteer {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Register(it) => it.run(session).await,
            Self::Show(it) => {
                let found = it.get(session).await?;
                session.show(&[Part::one("volunteer", &found, &session.zone)])?;
                Ok(Exit::Done)
            }
            Self::Find(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Update(it) => it.run(session).await,
            Self::Move(it) => it.run(session).await,
            Self::Status(it) => it.run(session).await,
            Self::Need(it) => it.run(session).await,
            Self::Merge(it) => it.run(session).await,
            Self::Erase(it) => it.run(session).await,
        }
    }
}

impl Which {
    async fn get(self, session: &Session) -> Result<v1::Volunteer, Fail> {
        let request = v1::GetVolunteerRequest { min_seq: 0, volunteer_number: self.number };
        let answer = session.bank.volunteers().get_volunteer(request).await?.into_inner();
        answer.volunteer.ok_or_else(|| Fail::incomplete("volunteer"))
    }
}

impl Register {
    fn request(self, begun: &Begun) -> v1::RegisterVolunteerRequest {
        let given = Option::unwrap_or_default;
        let person = v1::Person {
            name: given(self.name),
            phone: given(self.phone),
            note: given(self.note),
            birth_date: self.born.map(scalar::to_date),
        };
        let volunteer = v1::NewVolunteer {
            volunteer_number: self.number,
            branch_code: self.branch,
            joined: self.joined.map(scalar::to_date),
            person: Some(person),
        };
        v1::RegisterVolunteerRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer: Some(volunteer),
        }
    }

    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = self.request(&begun);
        let answer = begun.end(session.bank.volunteers().register_volunteer(request).await)?;
        let made = answer.volunteer.as_ref().map(|it| ("volunteer", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

impl Find {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.volunteers();
        let list = self.limit.of(async |page_size, page_token| {
            let query = self.query.clone();
            let request = v1::FindVolunteersRequest { min_seq: 0, query, page_size, page_token };
            client.find_volunteers(request).await
        });
        listed(session, "volunteers", &list.await?)
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.volunteers();
        let branch_code = self.branch.unwrap_or_default();
        let status = self.status.map_or(0, i32::from);
        let list = self.limit.of(async |page_size, page_token| {
            let branch_code = branch_code.clone();
            let request = v1::ListVolunteersRequest {
                min_seq: 0,
                branch_code,
                status,
                page_size,
                page_token,
            };
            client.list_volunteers(request).await
        });
        listed(session, "volunteers", &list.await?)
    }
}

impl Update {
    /// All of the personal data, where some of it changes.
    fn over(self, known: v1::Person) -> v1::Person {
        v1::Person {
            name: self.name.unwrap_or(known.name),
            phone: self.phone.unwrap_or(known.phone),
            note: self.note.unwrap_or(known.note),
            birth_date: match self.born {
                Some(Born(day)) => day.map(scalar::to_date),
                None => known.birth_date,
            },
        }
    }

    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let texts = [&self.name, &self.phone, &self.note];
        if texts.iter().all(|it| it.is_none()) && self.born.is_none() {
            return Err(Fail::usage(
                "say what changes: --name, --phone, --note or --born",
                "请说明要改什么：--name、--phone、--note 或 --born",
            ));
        }
        let volunteer_number = self.number.clone();
        let known = Which { number: self.number.clone() }.get(session).await?;
        let person = Some(self.over(known.person.unwrap_or_default()));
        let request = v1::UpdatePersonRequest { volunteer_number, person };
        let answer = session.bank.volunteers().update_person(request).await?.into_inner();
        let now = answer.volunteer.ok_or_else(|| Fail::incomplete("volunteer"))?;
        session.show(&[Part::one("volunteer", &now, &session.zone)])?;
        Ok(Exit::Done)
    }
}

impl Move {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::MoveVolunteerRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            branch_code: self.to,
        };
        let answer = begun.end(session.bank.volunteers().move_volunteer(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl SetStatus {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::SetVolunteerStatusRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            status: self.status.into(),
        };
        let answer = begun.end(session.bank.volunteers().set_volunteer_status(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Erase {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::ErasePersonRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number.unwrap_or_default(),
            passbook_no: self.passbook_no.unwrap_or(0),
        };
        let answer = begun.end(session.bank.volunteers().erase_person(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volunteer_is_registered_as_typed_with_leading_zeros() {
        let register = Register {
            number: "0300000001".to_owned(),
            branch: "NW-01".to_owned(),
            name: Some("测试甲".to_owned()),
            phone: None,
            note: None,
            born: Some(date("1950-03-02").unwrap()),
            joined: Some(date("2024-02-29").unwrap()),
            change: Change::default(),
        };
        let it = register.request(&Change::default().begin()).volunteer.unwrap();
        assert_eq!(it.volunteer_number, "0300000001");
        assert_eq!(it.joined, Some(v1::Date { year: 2024, month: 2, day: 29 }));
        let person = it.person.unwrap();
        assert_eq!((person.name.as_str(), person.phone.as_str()), ("测试甲", ""));
        assert_eq!(person.birth_date, Some(v1::Date { year: 1950, month: 3, day: 2 }));
    }

    #[test]
    fn an_update_leaves_what_is_not_given_and_empties_what_is_given_empty() {
        let person = |name: &str, phone: &str, note: &str| v1::Person {
            name: name.to_owned(),
            phone: phone.to_owned(),
            note: note.to_owned(),
            birth_date: Some(v1::Date { year: 1950, month: 3, day: 2 }),
        };
        let update = Update {
            number: "1".to_owned(),
            name: None,
            phone: Some("13800138000".to_owned()),
            note: Some(String::new()),
            born: None,
        };
        assert_eq!(update.over(person("测试甲", "1", "old")), person("测试甲", "13800138000", ""));
        let born = |text: &str| {
            let born = Some(text.parse().unwrap());
            let update =
                Update { number: "1".to_owned(), name: None, phone: None, note: None, born };
            update.over(person("测试甲", "1", "old")).birth_date
        };
        assert_eq!(born(""), None);
        assert_eq!(born("1951-12-31"), Some(v1::Date { year: 1951, month: 12, day: 31 }));
    }
}
