//! `BranchService`.

use lovebank_ledger::{BranchName, Command};

use super::{branch_code, optional_branch_code};
use crate::{
    Parsed, both, kinds,
    scalar::{given, text},
    v1,
};

/// `CreateBranch`.
pub fn create_branch(it: &v1::CreateBranchRequest) -> Parsed<Command> {
    let it = given("branch", it.branch.as_ref())?;
    let names = both(branch_code("code", &it.code), text("name", &it.name, BranchName::new));
    let place = both(
        kinds::branch_kind("kind", it.kind),
        optional_branch_code("parent_code", &it.parent_code),
    );
    let ((code, name), (kind, parent)) = both(names, place).map_err(|err| err.within("branch"))?;
    Ok(Command::CreateBranch { code, name, kind, parent })
}

/// `RenameBranch`.
pub fn rename_branch(it: &v1::RenameBranchRequest) -> Parsed<Command> {
    let (branch, name) =
        both(branch_code("branch_code", &it.branch_code), text("name", &it.name, BranchName::new))?;
    Ok(Command::RenameBranch { branch, name })
}
