//! Creating and renaming branches.

use super::{Desk, Outcome};
use crate::{Branch, BranchCode, BranchKind, BranchName, BranchNo, Event, Refusal, Verb};

pub(super) fn create(
    desk: &Desk<'_>,
    (code, name): (&BranchCode, &BranchName),
    kind: BranchKind,
    parent: Option<&BranchCode>,
) -> Outcome {
    let parent = parent.map(|it| desk.branch(it)).transpose()?;
    if desk.ledger.branch_by_code(code).is_some() {
        return Err(Refusal::BranchExists { branch: code.clone() }.into());
    }
    match parent {
        Some(parent) => desk.authority.on_branch(Verb::CreateBranch, parent.no)?,
        None if !desk.authority.in_bank(Verb::CreateBranch) => {
            return Err(Refusal::OutOfScope { branch: code.clone() }.into());
        }
        None => {}
    }
    if parent.is_some_and(|it| kind <= it.kind) {
        return Err(Refusal::BranchOrder { branch: code.clone() }.into());
    }
    let known = u64::try_from(desk.ledger.branches.len()).unwrap_or(u64::MAX);
    let no = BranchNo::new(known.saturating_add(1)).map_err(|_| Refusal::OutOfRange)?;
    let parent = parent.map(|it| it.no);
    let branch = Branch { no, code: code.clone(), name: name.clone(), kind, parent };
    Ok((Event::BranchCreated(branch), Vec::new()))
}

pub(super) fn rename(desk: &Desk<'_>, code: &BranchCode, name: &BranchName) -> Outcome {
    let branch = desk.branch(code)?;
    desk.authority.on_branch(Verb::RenameBranch, branch.no)?;
    if branch.name == *name {
        return Err(Refusal::NothingChanges.into());
    }
    Ok((Event::BranchRenamed { branch: branch.no, name: name.clone() }, Vec::new()))
}
