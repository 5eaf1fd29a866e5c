//! `token`: who may do what, where.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand, ValueEnum as _};
use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};
use lovebank_wire::v1::{self, grant::Scope};
use serde_json::Value;

use super::{done, listed, remark_on};
use crate::{
    fail::{Exit, Fail},
    pages::Limit,
    session::{Change, Session},
    show::{Column, Part, narrow},
    when::{date, end_of, instant, minute},
    words::Role,
};

/// Tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Issue a token; its secret is told once and never again
    #[command(
        after_help = "Example: lovebank-admin token issue clerk-1 --role clerk --branch NW-01 --out clerk.token\n\
        Several grants: --grant clerk@NW-01 --grant approver@NW; auditor@* is the whole bank, \
        volunteer:0300000001 one's own passbook"
    )]
    Issue(Issue),
    /// Show the tokens that were issued, oldest first
    #[command(after_help = "Example: lovebank-admin token list")]
    List(List),
    /// Revoke a token at once
    #[command(after_help = "Example: lovebank-admin token revoke 2")]
    Revoke(Revoke),
    /// Show what one's own token allows
    #[command(after_help = "Example: lovebank-admin token whoami --token-file clerk.token")]
    Whoami,
}

#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = true, args = ["role", "grants"])]
pub(crate) struct Issue {
    /// The actor: a post rather than a person, up to 64 of A-Z a-z 0-9 . - _
    handle: String,
    /// What the actor may do
    #[arg(long, value_enum)]
    role: Option<Role>,
    /// On this branch and what is below it; without it, in the whole bank
    #[arg(long, value_name = "CODE", requires = "role", conflicts_with = "volunteer")]
    branch: Option<String>,
    /// For the role of a volunteer: whose passbook
    #[arg(long, value_name = "NUMBER", requires = "role")]
    volunteer: Option<String>,
    /// A role and where: clerk@NW-01, auditor@*, volunteer:0300000001; may be repeated
    #[arg(long = "grant", value_name = "ROLE@WHERE", value_parser = grant)]
    grants: Vec<v1::Grant>,
    /// Until when: a day, which then still counts, or "2026-12-31 18:00" [default: until revoked]
    #[arg(long, value_name = "WHEN", value_parser = expiry)]
    expires: Option<Expiry>,
    /// Write the secret to this new file, readable by its owner only, instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    change: Change,
}

/// Until when a token holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expiry {
    Day(Date),
    Minute(DateTime),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Its number
    no: u64,
    #[command(flatten)]
    change: Change,
}

impl Token {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Issue(it) => it.run(session).await,
            Self::List(it) => it.run(session).await,
            Self::Revoke(it) => it.run(session).await,
            Self::Whoami => who_am_i(session).await,
        }
    }
}

fn expiry(text: &str) -> Result<Expiry, String> {
    let told = "write a day as 2026-12-31, or a time as \"2026-12-31 18:00\"";
    let day = date(text).map(Expiry::Day);
    day.or_else(|_| minute(text).map(Expiry::Minute)).map_err(|_| told.to_owned())
}

/// Reads `clerk@NW-01`, `auditor@*` or `volunteer:0300000001`.
fn grant(text: &str) -> Result<v1::Grant, String> {
    let told = "write ROLE@BRANCH, ROLE@* for the whole bank, or volunteer:NUMBER";
    let at = text.find(['@', ':']).ok_or(told)?;
    let (role, place) = text.split_at_checked(at).ok_or(told)?;
    let role = Role::from_str(role, false).map_err(|_| {
        let roles = Role::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
        let roles: Vec<String> = roles.map(|it| it.get_name().to_owned()).collect();
        format!("{role:?} is no role; roles: {}", roles.join(", "))
    })?;
    let scope = match place.split_at_checked(1).ok_or(told)? {
        (_, "") => return Err(told.to_owned()),
        (":", number) => Scope::VolunteerNumber(number.to_owned()),
        (_, "*") => Scope::Bank(true),
        (_, code) => Scope::BranchCode(code.to_owned()),
    };
    Ok(v1::Grant { role: role.into(), scope: Some(scope) })
}

impl Expiry {
    fn message(self, zone: &TimeZone) -> Result<prost_types::Timestamp, Fail> {
        match self {
            Self::Day(day) => end_of(day, zone),
            Self::Minute(at) => instant(at, zone).ok_or_else(|| {
                Fail::usage(
                    format!("--expires {at}: the clocks were changed then; give another time"),
                    format!("--expires {at}：当时正在调整时钟，请换一个时间"),
                )
            }),
        }
    }
}

impl Issue {
    fn grants(&self) -> Vec<v1::Grant> {
        let scope = match (&self.volunteer, &self.branch) {
            (Some(number), _) => Scope::VolunteerNumber(number.clone()),
            (None, Some(code)) => Scope::BranchCode(code.clone()),
            (None, None) => Scope::Bank(true),
        };
        let first = self.role.map(|it| v1::Grant { role: it.into(), scope: Some(scope) });
        first.into_iter().chain(self.grants.iter().cloned()).collect()
    }

    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let expires = self.expires.map(|it| it.message(&session.zone)).transpose()?;
        let request = v1::IssueTokenRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            handle: self.handle.clone(),
            grants: self.grants(),
            expire_time: expires,
        };
        // The file comes first: a secret that cannot be kept is lost.
        let out = self.out.as_deref().filter(|_| !begun.validate_only);
        let kept = out.map(Kept::new).transpose()?;
        let answer = begun.end(session.bank.access().issue_token(request).await)?;
        let told = match kept {
            Some(kept) if !answer.secret.is_empty() => {
                kept.write(&answer.secret).map_err(|why| lost(answer.token_no, why))?;
                Value::Null
            }
            _ if answer.secret.is_empty() => Value::Null,
            Some(_) | None => answer.secret.clone().into(),
        };
        let file = out.filter(|_| !answer.secret.is_empty());
        let file = file.map(|it| it.display().to_string());
        let told_before = answer.secret.is_empty() && !begun.validate_only;
        let printed = !told.is_null();
        let row = vec![answer.token_no.into(), self.handle.into(), told, file.into()];
        let mut parts = vec![Part::row("token", ISSUED, row)];
        parts.extend(answer.receipt.as_ref().map(|it| Part::one("receipt", it, &session.zone)));
        match session.show(&parts) {
            // Whoever closed the pipe has not read the secret, and nobody can read it again.
            Err(why) if printed => return Err(lost(answer.token_no, why)),
            shown => Fail::unless_enough(shown)?,
        }
        remark_on(session, answer.receipt.as_ref());
        if told_before {
            session.remark(
                "the secret was told once; if it is lost, revoke the token and issue another",
                "密文只显示一次；若已丢失，请吊销此令牌后另行签发",
            );
        }
        Ok(Exit::Done)
    }
}

/// A token whose secret nobody has.
fn lost(no: u64, why: Fail) -> Fail {
    let why = if why.exit == Exit::Done {
        Fail::error("whoever read this stopped reading", "读取输出的程序已关闭")
    } else {
        why
    };
    why.told(
        &format!(
            "token {no} was issued, but its secret is lost: revoke it with \
             `lovebank-admin token revoke {no}` and issue another; "
        ),
        &format!(
            "令牌 {no} 已签发，但密文已无法找回：请用 lovebank-admin token revoke {no} 吊销后\
             另行签发；"
        ),
    )
}

const ISSUED: &[Column] = &[
    narrow("token_no", "token", "令牌号"),
    narrow("handle", "handle", "持有人"),
    narrow("secret", "secret", "密文"),
    narrow("file", "file", "文件"),
];

/// A new file for a secret; gone again unless a secret was written.
struct Kept<'a> {
    path: &'a Path,
    file: Option<File>,
}

impl<'a> Kept<'a> {
    fn new(path: &'a Path) -> Result<Self, Fail> {
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = made.map_err(|err| {
            let shown = path.display();
            Fail::error(
                format!("--out {shown}: {err}; no token was issued: give the name of a new file"),
                format!("--out {shown}：{err}；未签发令牌：请换一个新文件名"),
            )
        })?;
        Ok(Self { path, file: Some(file) })
    }

    fn write(mut self, secret: &str) -> Result<(), Fail> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let written = writeln!(file, "{secret}").and_then(|()| file.sync_all());
        written.map_err(|err| Fail::file(self.path, &err))
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        if self.file.is_some() {
            fs::remove_file(self.path).ok();
        }
    }
}

impl List {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut client = session.bank.access();
        let list = self.limit.of(async |page_size, page_token| {
            client.list_tokens(v1::ListTokensRequest { min_seq: 0, page_size, page_token }).await
        });
        listed(session, "tokens", &list.await?)
    }
}

impl Revoke {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let request = v1::RevokeTokenRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            token_no: self.no,
        };
        let answer = begun.end(session.bank.access().revoke_token(request).await)?;
        done(session, answer.receipt.as_ref())
    }
}

async fn who_am_i(session: &Session) -> Result<Exit, Fail> {
    let answer = session.bank.access().who_am_i(v1::WhoAmIRequest {}).await?.into_inner();
    let token = answer.token.ok_or_else(|| Fail::incomplete("token"))?;
    session.show(&[Part::one("token", &token, &session.zone)])?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_written_as_they_are_shown() {
        let read = |text: &str| grant(text).map(|it| (it.role(), it.scope));
        let clerk = Scope::BranchCode("NW-01".to_owned());
        assert_eq!(read("clerk@NW-01"), Ok((v1::Role::Clerk, Some(clerk))));
        assert_eq!(read("auditor@*"), Ok((v1::Role::Auditor, Some(Scope::Bank(true)))));
        let own = Scope::VolunteerNumber("a@b.cn".to_owned());
        assert_eq!(read("volunteer:a@b.cn"), Ok((v1::Role::Volunteer, Some(own))));
        for text in ["clerk", "clerk@", "king@NW", "@NW", ""] {
            assert!(grant(text).is_err(), "{text}");
        }
        assert!(grant("king@NW").unwrap_err().contains("award-officer"));
    }

    #[test]
    fn a_day_of_expiry_still_counts() {
        let zone = crate::when::zone("Asia/Shanghai").unwrap();
        let day = expiry("2026-12-31").unwrap().message(&zone).unwrap();
        let minute = expiry("2027-01-01 00:00").unwrap().message(&zone).unwrap();
        assert_eq!(day, minute);
        assert!(expiry("soon").is_err());
    }
}
