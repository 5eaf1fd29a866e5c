//! Requests into commands.

use lovebank_ledger::{
    ActivityName, ActivityNo, ActivityRef, BranchCode, BranchName, Category, Command, Evaluation,
    Grade, Handle, HoursItem, ImportHours, ImportPart, ImportRow, Minutes, NamedActivity, NewGrant,
    NewScope, Place, Reason, RecordHours, RecordNo, RowService, Rulebook, Service, TokenHash,
    TokenNo, VolunteerRef,
};

use crate::{
    Fault, Malformed, kinds,
    malformed::Parsed,
    scalar::{self, given, number, optional_text, text},
    v1,
};

/// Looks up whom a volunteer number names, in the words of the caller: the number, or "me".
pub type Resolve<'a> = &'a dyn Fn(&str) -> Result<VolunteerRef, Fault>;

/// The most grants of a token.
pub const GRANTS_MAX: usize = 8;

/// Whom a number names.
pub fn volunteer(field: &str, number: &str, resolve: Resolve<'_>) -> Parsed<VolunteerRef> {
    resolve(number).map_err(|fault| Malformed::new(field, fault))
}

/// The code of a branch.
pub fn branch_code(field: &str, code: &str) -> Parsed<BranchCode> {
    text(field, code, BranchCode::new)
}

/// The code of a branch, or none where it is empty.
pub fn optional_branch_code(field: &str, code: &str) -> Parsed<Option<BranchCode>> {
    optional_text(field, code, BranchCode::new)
}

/// `CreateBranch`.
pub fn create_branch(it: &v1::CreateBranchRequest) -> Parsed<Command> {
    let branch = given("branch", it.branch.as_ref())?;
    let parsed = || {
        Ok(Command::CreateBranch {
            code: branch_code("code", &branch.code)?,
            name: text("name", &branch.name, BranchName::new)?,
            kind: kinds::branch_kind("kind", branch.kind)?,
            parent: optional_branch_code("parent_code", &branch.parent_code)?,
        })
    };
    parsed().map_err(|err: Malformed| err.within("branch"))
}

/// `RenameBranch`.
pub fn rename_branch(it: &v1::RenameBranchRequest) -> Parsed<Command> {
    Ok(Command::RenameBranch {
        branch: branch_code("branch_code", &it.branch_code)?,
        name: text("name", &it.name, BranchName::new)?,
    })
}

/// The number of a record.
pub fn record_no(field: &str, no: u64) -> Parsed<RecordNo> {
    number(field, no, RecordNo::new)
}

fn record_nos(nos: &[u64]) -> Parsed<Vec<RecordNo>> {
    let nos = scalar::batch("record_nos", nos)?.iter().enumerate();
    nos.map(|(index, no)| record_no(&format!("record_nos[{index}]"), *no)).collect()
}

/// The number of an activity.
pub fn activity_no(field: &str, no: u64) -> Parsed<ActivityNo> {
    number(field, no, ActivityNo::new)
}

/// The number of a token.
pub fn token_no(field: &str, no: u64) -> Parsed<TokenNo> {
    number(field, no, TokenNo::new)
}

fn named_activity(it: &v1::Activity) -> Parsed<NamedActivity> {
    let parsed = || {
        Ok(NamedActivity {
            branch: branch_code("branch_code", &it.branch_code)?,
            name: text("name", &it.name, ActivityName::new)?,
            category: optional_text("category", &it.category, Category::new)?,
            place: optional_text("place", &it.place, Place::new)?,
        })
    };
    parsed().map_err(|err: Malformed| err.within("activity"))
}

fn activity(it: Option<&v1::Activity>) -> Parsed<ActivityRef> {
    let it = given("activity", it)?;
    if it.activity_no != 0 {
        return activity_no("activity.activity_no", it.activity_no).map(ActivityRef::No);
    }
    named_activity(it).map(ActivityRef::Named)
}

/// `CreateActivity`.
pub fn create_activity(it: &v1::CreateActivityRequest) -> Parsed<Command> {
    let it = given("activity", it.activity.as_ref())?;
    let window = v1::Interval { start_time: it.start_time, end_time: it.end_time };
    let window = scalar::interval("activity", &window)?;
    Ok(Command::CreateActivity { activity: named_activity(it)?, window })
}

fn day(field: &str, it: &v1::DayMinutes, least: i64) -> Parsed<Service> {
    let date = given("date", it.date.as_ref()).and_then(|it| scalar::date("date", it));
    let date = date.map_err(|err| err.within(field))?;
    let minutes = scalar::day_minutes("minutes", it.minutes, least);
    Ok(Service::day(date, minutes.map_err(|err| err.within(field))?))
}

/// How good a service was.
pub fn evaluation(field: &str, it: &v1::Evaluation) -> Parsed<Evaluation> {
    let grade = Grade::new(it.grade).ok_or(Fault::OutOfRange { least: 1, most: 5 });
    let grade = grade.map_err(|fault| Malformed::new(format!("{field}.grade"), fault))?;
    let date = given("date", it.date.as_ref()).and_then(|it| scalar::date("date", it));
    Ok(Evaluation { grade, date: date.map_err(|err| err.within(field))? })
}

fn item(field: &str, it: &v1::HoursItem, resolve: Resolve<'_>) -> Parsed<HoursItem> {
    use v1::hours_item::Time;
    let parsed = || {
        let service = match given("time", it.time.as_ref())? {
            Time::Interval(it) => Service::interval(scalar::interval("interval", it)?),
            Time::Day(it) => day("day", it, 1)?,
        };
        let volunteer = volunteer("volunteer_number", &it.volunteer_number, resolve)?;
        let evaluation = it.evaluation.as_ref().map(|it| evaluation("evaluation", it));
        Ok(HoursItem { volunteer, service, evaluation: evaluation.transpose()? })
    };
    parsed().map_err(|err: Malformed| err.within(field))
}

/// `RecordHours`.
pub fn record_hours(it: &v1::RecordHoursRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    Ok(Command::RecordHours(RecordHours {
        activity: activity(it.activity.as_ref())?,
        provenance: kinds::recorded_provenance(it.provenance)?,
        items: vec![item("item", given("item", it.item.as_ref())?, resolve)?],
        mode: lovebank_ledger::BatchMode::Atomic,
    }))
}

/// `BatchRecordHours`.
pub fn batch_record_hours(
    it: &v1::BatchRecordHoursRequest,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let items = scalar::batch("items", &it.items)?.iter().enumerate();
    let items = items.map(|(index, it)| item(&format!("items[{index}]"), it, resolve));
    Ok(Command::RecordHours(RecordHours {
        activity: activity(it.activity.as_ref())?,
        provenance: kinds::recorded_provenance(it.provenance)?,
        items: items.collect::<Parsed<_>>()?,
        mode: scalar::batch_mode(it.mode)?,
    }))
}

/// `ApproveHours`.
pub fn approve_hours(it: &v1::ApproveHoursRequest) -> Parsed<Command> {
    let records = record_nos(&it.record_nos)?;
    Ok(Command::ApproveHours { records, mode: scalar::batch_mode(it.mode)? })
}

/// `RejectHours`.
pub fn reject_hours(it: &v1::RejectHoursRequest) -> Parsed<Command> {
    let records = record_nos(&it.record_nos)?;
    let (reason, mode) = (kinds::given_reason(it.reason)?, scalar::batch_mode(it.mode)?);
    Ok(Command::RejectHours { records, reason, mode })
}

/// `ReverseHours`.
pub fn reverse_hours(it: &v1::ReverseHoursRequest) -> Parsed<Command> {
    let records = record_nos(&it.record_nos)?;
    let (reason, mode) = (kinds::given_reason(it.reason)?, scalar::batch_mode(it.mode)?);
    Ok(Command::ReverseHours { records, reason, mode })
}

/// `CorrectHours`.
pub fn correct_hours(it: &v1::CorrectHoursRequest) -> Parsed<Command> {
    use v1::correct_hours_request::Time;
    let service = match given("time", it.time.as_ref())? {
        Time::Interval(it) => Service::interval(scalar::interval("interval", it)?),
        Time::Day(it) => day("day", it, 1)?,
    };
    Ok(Command::CorrectHours {
        record: record_no("record_no", it.record_no)?,
        activity: it.activity.as_ref().map(|it| activity(Some(it))).transpose()?,
        service,
        reason: kinds::given_reason(it.reason)?,
    })
}

/// `DeductHours`.
pub fn deduct_hours(it: &v1::DeductHoursRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let reason: Reason = kinds::given_reason(it.reason)?;
    Ok(Command::DeductHours {
        volunteer: volunteer("volunteer_number", &it.volunteer_number, resolve)?,
        activity: activity(it.activity.as_ref())?,
        service: day("day", given("day", it.day.as_ref())?, -1440)?,
        reason,
    })
}

/// `EvaluateHours`.
pub fn evaluate_hours(it: &v1::EvaluateHoursRequest) -> Parsed<Command> {
    Ok(Command::EvaluateHours {
        record: record_no("record_no", it.record_no)?,
        evaluation: evaluation("evaluation", given("evaluation", it.evaluation.as_ref())?)?,
    })
}

/// `AdoptRulebook`; `today` is the day where none is given.
pub fn adopt_rulebook(it: &v1::AdoptRulebookRequest, today: jiff::civil::Date) -> Parsed<Command> {
    let rulebook = Rulebook::parse(&it.text).map_err(|err| {
        let (english, chinese) = (err.to_string(), format!("规则无法采用：{err}"));
        Malformed::new("text", Fault::Other { english, chinese })
    })?;
    let from = scalar::optional_date("in_force_from", it.in_force_from.as_ref())?;
    Ok(Command::AdoptRulebook { in_force_from: from.unwrap_or(today), rulebook })
}

/// `IssueToken`.
pub fn issue_token(
    it: &v1::IssueTokenRequest,
    hash: TokenHash,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    if it.grants.is_empty() || GRANTS_MAX < it.grants.len() {
        let fault = Fault::Count { given: it.grants.len(), most: GRANTS_MAX };
        return Err(Malformed::new("grants", fault));
    }
    let grants = it.grants.iter().enumerate();
    let grants = grants.map(|(index, it)| {
        grant(it, resolve).map_err(|err| err.within(&format!("grants[{index}]")))
    });
    let expires = it.expire_time.as_ref().map(|it| scalar::timestamp("expire_time", it));
    Ok(Command::IssueToken {
        hash,
        handle: text("handle", &it.handle, Handle::new)?,
        grants: grants.collect::<Parsed<_>>()?,
        expires: expires.transpose()?,
    })
}

fn grant(it: &v1::Grant, resolve: Resolve<'_>) -> Parsed<NewGrant> {
    use v1::grant::Scope;
    let scope = match given("scope", it.scope.as_ref())? {
        Scope::Bank(true) => NewScope::Bank,
        Scope::Bank(false) => return Err(Malformed::new("bank", Fault::NotAnOption)),
        Scope::BranchCode(code) => NewScope::Branch(branch_code("branch_code", code)?),
        Scope::VolunteerNumber(number) => {
            NewScope::Volunteer(volunteer("volunteer_number", number, resolve)?)
        }
        Scope::PassbookNo(no) => {
            let no = number("passbook_no", *no, lovebank_ledger::PassbookNo::new)?;
            NewScope::Volunteer(VolunteerRef::Passbook(no))
        }
    };
    Ok(NewGrant { role: kinds::role("role", it.role)?, scope })
}

/// A part of an import, under its header.
pub fn import_hours(
    header: &v1::ImportHeader,
    part: &v1::ImportPart,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let batch = lovebank_ledger::BatchKey::from_slice(&header.batch_key).ok_or_else(|| {
        let english = "give SHA-256 over the file and the choices, 32 bytes".to_owned();
        let chinese = "须为文件及读取选项的 SHA-256（32 字节）".to_owned();
        Malformed::new("header.batch_key", Fault::Other { english, chinese })
    })?;
    let rows = scalar::batch("part.rows", &part.rows)?.iter().enumerate();
    let rows = rows.map(|(index, it)| {
        import_row(it, resolve).map_err(|err| err.within(&format!("part.rows[{index}]")))
    });
    Ok(Command::ImportHours(ImportHours {
        part: ImportPart { batch, part: part.part, last: part.last },
        branch: branch_code("header.branch_code", &header.branch_code)?,
        opening: header.opening,
        span: header.span.as_ref().map(|it| scalar::span("header.span", it)).transpose()?,
        rows: rows.collect::<Parsed<_>>()?,
    }))
}

fn import_row(it: &v1::ImportRow, resolve: Resolve<'_>) -> Parsed<ImportRow> {
    use v1::import_row::Time;
    let service = match given("time", it.time.as_ref())? {
        Time::Interval(it) => RowService::Interval(scalar::interval("interval", it)?),
        Time::Day(it) => {
            let service = day("day", it, -1440)?;
            match service.time() {
                lovebank_ledger::ServiceTime::Day(date) => RowService::Day(date, service.minutes()),
                lovebank_ledger::ServiceTime::Interval(_)
                | lovebank_ledger::ServiceTime::Span(_) => {
                    return Err(Malformed::new("day", Fault::NotADate));
                }
            }
        }
        Time::TotalMinutes(minutes) => RowService::Total(Minutes::new(*minutes)),
    };
    Ok(ImportRow {
        line: it.line,
        volunteer: volunteer("volunteer_number", &it.volunteer_number, resolve)?,
        name: text("activity", &it.activity, ActivityName::new)?,
        category: optional_text("category", &it.category, Category::new)?,
        place: optional_text("place", &it.place, Place::new)?,
        service,
    })
}
