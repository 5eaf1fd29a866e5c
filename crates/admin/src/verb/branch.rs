//! `branch`: the tree of organisations.

use clap::{Args, Subcommand};
use lovebank_wire::v1;

use super::{changed, done, listed};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Begun, Change, Session},
    show::Part,
    words::Kind,
};

/// Branches.
#[derive(Debug, Subcommand)]
pub(crate) enum Branch {
    /// Add a branch to the tree
    #[command(
        after_help = "Example: lovebank-admin branch create NW-01 南岭社区 --kind community --parent NW"
    )]
    Create(Create),
    /// Show branches, those above before those below
    #[command(after_help = "Example: lovebank-admin branch list --below NW")]
    List(List),
    /// Give a branch another name
    #[command(after_help = "Example: lovebank-admin branch rename NW-01 南岭村社区")]
    Rename(Rename),
    /// Show a branch, what it organised by year, and its accounts
    #[command(after_help = "Example: lovebank-admin branch show NW --below")]
    Show(Show),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Its code: up to 32 of A-Z a-z 0-9 . - _
    code: String,
    /// Its name
    name: String,
    /// What it is
    #[arg(long, value_enum)]
    kind: Kind,
    /// The code of the branch above it
    #[arg(long, value_name = "CODE")]
    parent: Option<String>,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only this branch and what is below it
    #[arg(long, value_name = "CODE")]
    below: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// Its code
    code: String,
    /// Its name from now on
    name: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its code
    code: String,
    /// With all that is below it
    #[arg(long)]
    below: bool,
}

impl Branch {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Create(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Rename(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
        }
    }
}

impl Create {
    fn request(self, begun: &Begun) -> v1::CreateBranchRequest {
        let (kind, parent_code) = (self.kind.into(), self.parent.unwrap_or_default());
        let branch = v1::Branch { code: self.code, name: self.name, kind, parent_code };
        v1::CreateBranchRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            branch: Some(branch),
        }
    }

    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = self.request(&begun);
        let answer = begun.end(session.bank.branches().create_branch(request).await)?;
        let made = answer.branch.as_ref().map(|it| ("branch", it));
        changed(session, answer.receipt.as_ref(), made)
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.branches();
        let branch_code = self.below.unwrap_or_default();
        let list = self.limit.of(async |page_size, page_token| {
            let branch_code = branch_code.clone();
            let request =
                v1::ListBranchesRequest { min_seq: 0, branch_code, page_size, page_token };
            client.list_branches(request).await
        });
        listed(session, "branches", &list.await?)
    }
}

impl Rename {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RenameBranchRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            branch_code: self.code,
            name: self.name,
        };
        let answer = begun.end(session.bank.branches().rename_branch(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::GetBranchRequest { min_seq: 0, branch_code: self.code.clone() };
        let found = session.bank.branches().get_branch(request).await?.into_inner();
        let branch = found.branch.ok_or_else(|| Fail::incomplete("branch"))?;
        let request = v1::GetBranchTotalsRequest {
            min_seq: 0,
            branch_code: self.code,
            include_below: self.below,
        };
        let answer = session.bank.branches().get_branch_totals(request).await?.into_inner();
        session.show(&[
            Part::one("branch", &branch, &session.zone),
            Part::list("years", &answer.years, &session.zone).base(),
            Part::list("accounts", &answer.accounts, &session.zone),
        ])?;
        Ok(Exit::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_asked_for_as_it_was_typed() {
        let begun = Change::default().begin();
        let create = Create {
            code: "NW-01".to_owned(),
            name: "南岭社区".to_owned(),
            kind: Kind::Community,
            parent: None,
            change: Change::default(),
        };
        let request = create.request(&begun);
        assert_eq!((request.request_id, request.validate_only), (begun.id, false));
        let branch = request.branch.unwrap();
        assert_eq!(branch.kind(), v1::BranchKind::Community);
        assert_eq!((branch.code.as_str(), branch.parent_code.as_str()), ("NW-01", ""));
    }
}
