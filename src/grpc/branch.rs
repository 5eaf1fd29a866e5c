//! `BranchService`.

use std::collections::BTreeMap;

use lovebank_ledger::{Account, BranchNo, BranchYear, Event, Ledger, Purpose, Refusal, Verb};
use lovebank_wire::{
    message,
    page::{self, Page},
    request, scalar, status,
    v1::{self, branch_service_server::BranchService},
};
use tonic::{Request, Response, Status};

use super::door::{Caller, Door, read_seq, receipt};

#[derive(Debug, Clone)]
pub(super) struct Branches(pub(super) Door);

#[tonic::async_trait]
impl BranchService for Branches {
    async fn create_branch(
        &self,
        call: Request<v1::CreateBranchRequest>,
    ) -> Result<Response<v1::CreateBranchResponse>, Status> {
        let caller = self.0.enter(&call, Verb::CreateBranch)?;
        let message = call.into_inner();
        let command = request::create_branch(&message)?;
        let made = caller.submit("CreateBranch", &message, command).await?;
        let ledger = caller.bank.reader.ledger();
        let mut branch = None;
        if let Event::BranchCreated(it) = &made.entry.event {
            branch = Some(message::branch(&ledger, it));
        }
        Ok(Response::new(v1::CreateBranchResponse { receipt: Some(receipt(&made)), branch }))
    }

    async fn rename_branch(
        &self,
        call: Request<v1::RenameBranchRequest>,
    ) -> Result<Response<v1::RenameBranchResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RenameBranch)?;
        let message = call.into_inner();
        let command = request::rename_branch(&message)?;
        let made = caller.submit("RenameBranch", &message, command).await?;
        Ok(Response::new(v1::RenameBranchResponse { receipt: Some(receipt(&made)) }))
    }

    async fn get_branch(
        &self,
        call: Request<v1::GetBranchRequest>,
    ) -> Result<Response<v1::GetBranchResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadBranches)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let ledger = caller.bank.reader.ledger();
        let no = known(&ledger, "branch_code", &message.branch_code)?;
        let branch = ledger.branch(no).map(|it| message::branch(&ledger, it));
        Ok(Response::new(v1::GetBranchResponse { read_seq: read_seq(&ledger), branch }))
    }

    async fn list_branches(
        &self,
        call: Request<v1::ListBranchesRequest>,
    ) -> Result<Response<v1::ListBranchesResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadBranches)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let size = scalar::page_size(message.page_size)?;
        let cleared =
            v1::ListBranchesRequest { branch_code: message.branch_code.clone(), ..<_>::default() };
        let question = page::question("ListBranches", &cleared);
        let begin = Page::parse(&message.page_token, &question)?.map_or(0, |it| it.cursor);
        let ledger = caller.bank.reader.ledger();
        let top = within(&ledger, &message.branch_code)?;
        let mut rest = ledger.branches().filter(|it| begin < it.no.get());
        let below = |it: BranchNo| top.is_none_or(|top| ledger.ancestry(it).any(|up| up == top));
        let page: Vec<_> = rest.by_ref().filter(|it| below(it.no)).take(size).collect();
        let last = page.last().map_or(0, |it| it.no.get());
        let more = page.len() == size && rest.any(|it| below(it.no));
        let seq = read_seq(&ledger);
        let next = Page { seq, cursor: last, detail: Vec::new() };
        Ok(Response::new(v1::ListBranchesResponse {
            read_seq: seq,
            branches: page.into_iter().map(|it| message::branch(&ledger, it)).collect(),
            next_page_token: if more { next.token(&question) } else { String::new() },
        }))
    }

    async fn get_branch_totals(
        &self,
        call: Request<v1::GetBranchTotalsRequest>,
    ) -> Result<Response<v1::GetBranchTotalsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadBranches)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let ledger = caller.bank.reader.ledger();
        let top = known(&ledger, "branch_code", &message.branch_code)?;
        let counts = |it: BranchNo| {
            it == top || message.include_below && ledger.ancestry(it).any(|up| up == top)
        };
        let mut years: BTreeMap<i16, BranchYear> = BTreeMap::new();
        for (_, year, it) in ledger.branch_years().filter(|it| counts(it.0)) {
            let sum = years.entry(year).or_default();
            sum.minutes = sum.minutes.plus(it.minutes).unwrap_or_default();
            sum.points = sum.points.plus(it.points).unwrap_or_default();
        }
        let years = years.into_iter().map(|(year, it)| v1::YearTotal {
            year: i32::from(year),
            minutes: it.minutes.get(),
            points: Some(scalar::to_points(it.points)),
        });
        Ok(Response::new(v1::GetBranchTotalsResponse {
            read_seq: read_seq(&ledger),
            years: years.collect(),
            accounts: accounts(&ledger, counts),
        }))
    }
}

fn accounts(ledger: &Ledger<'_>, counts: impl Fn(BranchNo) -> bool) -> Vec<v1::BankAccount> {
    let mut sums: BTreeMap<Purpose, lovebank_ledger::Balance> = BTreeMap::new();
    for (account, it) in ledger.accounts() {
        if let Account::Bank(branch, purpose) = account
            && counts(branch)
        {
            let sum = sums.entry(purpose).or_default();
            sum.minutes = sum.minutes.plus(it.minutes).unwrap_or_default();
            sum.points = sum.points.plus(it.points).unwrap_or_default();
        }
    }
    sums.into_iter().map(|(purpose, it)| message::bank_account(purpose, it)).collect()
}

/// The branch of a code.
pub(super) fn known(ledger: &Ledger<'_>, field: &str, code: &str) -> Result<BranchNo, Status> {
    let branch = request::branch_code(field, code)?;
    let found = ledger.branch_by_code(&branch).map(|it| it.no);
    found.ok_or(Refusal::BranchUnknown { branch }).map_err(status::refused_read)
}

/// The branch of a code, or none where it is empty.
pub(super) fn within(ledger: &Ledger<'_>, code: &str) -> Result<Option<BranchNo>, Status> {
    if code.is_empty() { Ok(None) } else { known(ledger, "branch_code", code).map(Some) }
}

/// Whether the caller may see who is recognised in a branch, or, where it is none, in the bank.
pub(super) fn may_read(
    caller: &Caller,
    ledger: &Ledger<'_>,
    branch: Option<BranchNo>,
) -> Result<(), Status> {
    let authority = caller.authority(ledger)?;
    let verb = Verb::ReadRecognition;
    match branch {
        Some(it) => authority.on_branch(verb, it).map_err(status::refused_read),
        None if authority.in_bank(verb) => Ok(()),
        None => Err(status::refused_read(Refusal::BankWideOnly { verb })),
    }
}
