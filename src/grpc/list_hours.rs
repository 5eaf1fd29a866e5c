//! Activities, records and check-ins, as they are listed.

use lovebank_ledger::{
    Authority, BranchNo, Ledger, PassbookNo, RecordNo, RecordRow, RecordState, Refusal, Verb,
};
use lovebank_wire::{
    kinds, message,
    page::{self, Page},
    request, scalar, status, v1,
};
use tonic::Status;

use super::{
    branch::within,
    door::{Caller, read_seq},
    people::{add_numbers, annotation_of},
    status::unreadable,
};

/// Records that one page looks at, at most: a page may be short and still not be the last.
const LOOKED_AT_MAX: usize = 20_000;

pub(super) fn activity(
    caller: &Caller,
    it: &v1::GetActivityRequest,
) -> Result<v1::GetActivityResponse, Status> {
    let activity = request::activity_no("activity_no", it.activity_no)?;
    let ledger = caller.bank.reader.ledger();
    let known = ledger.activity(activity).ok_or(Refusal::ActivityUnknown { activity });
    let activity = Some(message::activity(&ledger, known.map_err(status::refused_read)?));
    Ok(v1::GetActivityResponse { read_seq: read_seq(&ledger), activity })
}

pub(super) fn activities(
    caller: &Caller,
    it: &v1::ListActivitiesRequest,
) -> Result<v1::ListActivitiesResponse, Status> {
    let size = scalar::page_size(it.page_size)?;
    let cleared =
        v1::ListActivitiesRequest { branch_code: it.branch_code.clone(), ..<_>::default() };
    let question = page::question("ListActivities", &cleared);
    let begin = Page::parse(&it.page_token, &question)?.map_or(u64::MAX, |it| it.cursor);
    let ledger = caller.bank.reader.ledger();
    let top = within(&ledger, &it.branch_code)?;
    let fits = |branch| top.is_none_or(|top| ledger.ancestry(branch).any(|it| it == top));
    let mut rest = ledger.activities().rev().filter(|it| it.no.get() < begin);
    let page: Vec<_> = rest.by_ref().filter(|it| fits(it.branch)).take(size).collect();
    let more = page.len() == size && rest.any(|it| fits(it.branch));
    let seq = read_seq(&ledger);
    let cursor = page.last().map_or(0, |it| it.no.get());
    let next = Page { seq, cursor, detail: Vec::new() };
    Ok(v1::ListActivitiesResponse {
        read_seq: seq,
        activities: page.into_iter().map(|it| message::activity(&ledger, it)).collect(),
        next_page_token: if more { next.token(&question) } else { String::new() },
    })
}

/// Whether the caller may see a record: of a branch within reach, or in a passbook that is.
fn sees(authority: &Authority<'_>, (branch, passbook): (BranchNo, PassbookNo)) -> bool {
    authority.on_branch(Verb::ReadHours, branch).is_ok()
        || authority.on_passbook(Verb::ReadHours, passbook).is_ok()
}

pub(super) async fn record(
    caller: &Caller,
    it: &v1::GetHoursRecordRequest,
) -> Result<v1::GetHoursRecordResponse, Status> {
    let no = request::record_no("record_no", it.record_no)?;
    let (read_seq, mut shown, row, volunteer) = {
        let ledger = caller.bank.reader.ledger();
        let unknown = || status::refused_read(Refusal::RecordUnknown { record: no });
        let row = *ledger.record(no).ok_or_else(unknown)?;
        let branch = ledger.activity(row.activity).ok_or_else(unknown)?.branch;
        let authority = caller.authority(&ledger)?;
        if !sees(&authority, (branch, row.passbook)) {
            let refused = authority.on_passbook(Verb::ReadHours, row.passbook);
            refused.map_err(status::refused_read)?;
        }
        let volunteer = ledger.volunteer(row.passbook).ok_or_else(unknown)?.volunteer;
        let shown = vec![message::record(&ledger, no, &row)];
        (read_seq(&ledger), shown, row, volunteer)
    };
    add_numbers(caller, &mut shown).await?;
    let reader = caller.bank.reader.clone();
    let entry = tokio::task::spawn_blocking(move || reader.entry(row.entry)).await;
    let entry = entry.map_err(|err| unreadable(&err))?.map_err(|err| unreadable(&err))?;
    let annotation = annotation_of(caller, entry.request, (row.index, volunteer)).await?;
    let record = shown.into_iter().next().map(|it| v1::HoursRecord { annotation, ..it });
    Ok(v1::GetHoursRecordResponse { read_seq, record })
}

pub(super) async fn records(
    caller: &Caller,
    it: &v1::ListHoursRecordsRequest,
) -> Result<v1::ListHoursRecordsResponse, Status> {
    let size = scalar::page_size(it.page_size)?;
    let cleared = v1::ListHoursRecordsRequest {
        min_seq: 0,
        page_size: 0,
        page_token: String::new(),
        ..it.clone()
    };
    let question = page::question("ListHoursRecords", &cleared);
    let begin = Page::parse(&it.page_token, &question)?.map_or(u64::MAX, |it| it.cursor);
    let (read_seq, mut records, next) = {
        let ledger = caller.bank.reader.ledger();
        let selection = Selection::parse(caller, &ledger, it)?;
        let (records, next) = selection.page((begin, size));
        let shown = records.iter().map(|(no, row)| message::record(&ledger, *no, row)).collect();
        (read_seq(&ledger), shown, next)
    };
    let records: &mut Vec<v1::HoursRecord> = &mut records;
    add_numbers(caller, records).await?;
    let next = next.map(|cursor| Page { seq: read_seq, cursor, detail: Vec::new() });
    Ok(v1::ListHoursRecordsResponse {
        read_seq,
        records: std::mem::take(records),
        next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
    })
}

/// Which records are asked for.
struct Selection<'a> {
    ledger: &'a Ledger<'a>,
    authority: Authority<'a>,
    passbook: Option<PassbookNo>,
    top: Option<BranchNo>,
    state: Option<RecordState>,
    activity: Option<lovebank_ledger::ActivityNo>,
}

impl<'a> Selection<'a> {
    fn parse(
        caller: &Caller,
        ledger: &'a Ledger<'a>,
        it: &v1::ListHoursRecordsRequest,
    ) -> Result<Self, Status> {
        let authority = caller.authority(ledger)?;
        let passbook = if it.volunteer_number.is_empty() {
            None
        } else {
            let resolve = caller.resolve();
            let named = request::volunteer("volunteer_number", &it.volunteer_number, &resolve)?;
            let nobody = || authority.nobody(Verb::ReadHours);
            let passbook = ledger.resolve(named).ok_or_else(nobody).and_then(|it| {
                let own = authority.on_passbook(Verb::ReadHours, it);
                if authority.only_as_volunteer(Verb::ReadHours) { own.map(|()| it) } else { Ok(it) }
            });
            Some(passbook.map_err(status::refused_read)?)
        };
        let activity = match it.activity_no {
            0 => None,
            no => Some(request::activity_no("activity_no", no)?),
        };
        let state = match it.state {
            0 => None,
            state => Some(kinds::record_state("state", state)?),
        };
        let top = within(ledger, &it.branch_code)?;
        Ok(Self { ledger, authority, passbook, top, state, activity })
    }

    fn is_within(&self, branch: BranchNo) -> bool {
        self.top.is_none_or(|top| self.ledger.ancestry(branch).any(|it| it == top))
    }

    fn fits(&self, row: &RecordRow) -> bool {
        let Some(branch) = self.ledger.activity(row.activity).map(|it| it.branch) else {
            return false;
        };
        self.state.is_none_or(|it| it == row.state)
            && self.activity.is_none_or(|it| it == row.activity)
            && self.is_within(branch)
            && sees(&self.authority, (branch, row.passbook))
    }

    /// Records that fit, before a number; and where to go on, if there may be more.
    fn page(&self, (begin, size): (u64, usize)) -> (Vec<(RecordNo, RecordRow)>, Option<u64>) {
        // Who sees nobody else is not let walk over everyone.
        let alone = self.authority.only_as_volunteer(Verb::ReadHours);
        let own = self.passbook.or(self.authority.own_passbook().filter(|_| alone));
        let all: Box<dyn Iterator<Item = (RecordNo, &RecordRow)>> = match own {
            Some(no) if self.ledger.person(no) == no => Box::new(self.ledger.records_of(no)),
            // Of a number that was merged, what stands under it.
            Some(no) => Box::new(self.ledger.records_under(no)),
            None if self.state == Some(RecordState::Pending) => Box::new(self.pending(begin)),
            None => Box::new(self.newest_first()),
        };
        let mut found = Vec::new();
        let (mut last, mut looked_at) = (None, 0_usize);
        for (no, row) in all.filter(|it| it.0.get() < begin).take(LOOKED_AT_MAX) {
            if found.len() == size {
                return (found, last);
            }
            last = Some(no.get());
            looked_at = looked_at.saturating_add(1);
            if self.fits(row) {
                found.push((no, *row));
            }
        }
        // Less than the most was all there is.
        (found, last.filter(|_| looked_at == LOOKED_AT_MAX))
    }

    /// What waits for an approver, before a number, newest first: few among all, and looked for
    /// each day.
    fn pending(&self, begin: u64) -> impl Iterator<Item = (RecordNo, &RecordRow)> {
        let waiting = self.ledger.pending().filter(|it| it.1.get() < begin && self.is_within(it.0));
        let waiting = waiting.map(|it| it.1);
        let mut waiting: Vec<RecordNo> = waiting.collect();
        waiting.sort_unstable();
        waiting.into_iter().rev().filter_map(|it| Some((it, self.ledger.record(it)?)))
    }

    fn newest_first(&self) -> impl Iterator<Item = (RecordNo, &RecordRow)> {
        let count = u64::try_from(self.ledger.record_count()).unwrap_or(u64::MAX);
        let numbers = (1..=count).rev().filter_map(|it| RecordNo::new(it).ok());
        numbers.filter_map(|it| Some((it, self.ledger.record(it)?)))
    }
}

pub(super) async fn check_ins(
    caller: &Caller,
    it: &v1::ListCheckInsRequest,
) -> Result<v1::ListCheckInsResponse, Status> {
    let size = scalar::page_size(it.page_size)?;
    let cleared = v1::ListCheckInsRequest { activity_no: it.activity_no, ..<_>::default() };
    let question = page::question("ListCheckIns", &cleared);
    let begin = Page::parse(&it.page_token, &question)?.map_or(0, |it| it.cursor);
    let (seq, page, more) = {
        let ledger = caller.bank.reader.ledger();
        let authority = caller.authority(&ledger)?;
        let fits = |(no, open): &(PassbookNo, lovebank_ledger::OpenCheckIn)| {
            let branch = ledger.activity(open.activity).map(|it| it.branch);
            (it.activity_no == 0 || open.activity.get() == it.activity_no)
                && branch.is_some_and(|branch| sees(&authority, (branch, *no)))
        };
        let mut rest = ledger.check_ins().filter(|it| begin < it.0.get()).filter(fits);
        let page: Vec<_> = rest.by_ref().take(size).collect();
        (read_seq(&ledger), page, rest.next().is_some())
    };
    // Records and check-ins show the number in the same way.
    let bare = page
        .iter()
        .map(|(no, _)| v1::HoursRecord { passbook_no: no.get(), ..v1::HoursRecord::default() });
    let mut numbered: Vec<v1::HoursRecord> = bare.collect();
    add_numbers(caller, &mut numbered).await?;
    let check_ins = page.iter().zip(numbered).map(|((no, open), numbered)| v1::OpenCheckIn {
        volunteer_number: numbered.volunteer_number,
        passbook_no: no.get(),
        activity_no: open.activity.get(),
        since: Some(scalar::minute_to_timestamp(open.at)),
    });
    let cursor = page.last().map_or(0, |it| it.0.get());
    let next = Page { seq, cursor, detail: Vec::new() };
    Ok(v1::ListCheckInsResponse {
        read_seq: seq,
        check_ins: check_ins.collect(),
        next_page_token: if more { next.token(&question) } else { String::new() },
    })
}
