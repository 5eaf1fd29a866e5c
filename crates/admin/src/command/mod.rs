//! The commands, one after the other.

mod hours;

pub(crate) use hours::timestamp;

use std::{fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use anyhow::Context as _;
use lovebank_wire::v1::{
    self, access_service_client::AccessServiceClient, branch_service_client::BranchServiceClient,
    volunteer_service_client::VolunteerServiceClient,
};

use crate::{
    cli::{BranchCommand, Cli, Command, ImportCommand, Kind, Role, TokenCommand, VolunteerCommand},
    client::{Client, fresh},
    output, send, verify,
};

/// The most items of a page.
pub(crate) const PAGE: u32 = 1000;

/// Does what is asked; the exit code.
pub async fn run(cli: Cli) -> anyhow::Result<u8> {
    let client = Client::connect(&cli).await?;
    match &cli.command {
        Command::Branch(it) => branch(&cli, &client, it).await.map(|()| 0),
        Command::Volunteer(it) => volunteer(&cli, &client, it).await.map(|()| 0),
        Command::Token(it) => token(&cli, &client, it).await.map(|()| 0),
        Command::Hours(it) => hours::hours(&cli, &client, it).await.map(|()| 0),
        Command::Passbook(it) => hours::passbook(&cli, &client, it).await.map(|()| 0),
        Command::Import(ImportCommand::Hours(it)) => send::run(&cli, &client, it).await,
        Command::Verify => verify::run(&client).await,
    }
}

async fn branch(cli: &Cli, client: &Client, command: &BranchCommand) -> anyhow::Result<()> {
    let mut service = BranchServiceClient::new(client.channel.clone());
    match command {
        BranchCommand::Create { code, name, kind, parent } => {
            let kind = match kind {
                Kind::District => v1::BranchKind::District,
                Kind::Street => v1::BranchKind::Street,
                Kind::Community => v1::BranchKind::Community,
            };
            let branch = v1::Branch {
                code: code.clone(),
                name: name.clone(),
                kind: kind.into(),
                parent_code: parent.clone(),
            };
            let message = v1::CreateBranchRequest {
                request_id: fresh(),
                branch: Some(branch),
                ..<_>::default()
            };
            let made = service.create_branch(client.ask(message)).await;
            let made = made.map_err(|err| client.no(&err))?.into_inner();
            print_branches(cli, made.branch.as_slice())
        }
        BranchCommand::List { below } => {
            let mut all = Vec::new();
            let mut page_token = String::new();
            loop {
                let branch_code = below.clone();
                let message = v1::ListBranchesRequest {
                    branch_code,
                    page_size: PAGE,
                    page_token,
                    ..<_>::default()
                };
                let page = service.list_branches(client.ask(message)).await;
                let page = page.map_err(|err| client.no(&err))?.into_inner();
                all.extend(page.branches);
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    return print_branches(cli, &all);
                }
            }
        }
    }
}

fn print_branches(cli: &Cli, branches: &[v1::Branch]) -> anyhow::Result<()> {
    let row = |it: &v1::Branch| {
        let kind = it.kind().as_str_name().trim_start_matches("BRANCH_KIND_").to_lowercase();
        vec![it.code.clone(), it.name.clone(), kind, it.parent_code.clone()]
    };
    let rows: Vec<_> = branches.iter().map(row).collect();
    output::rows(cli.format, &["code", "name", "kind", "parent"], &rows)
}

async fn volunteer(cli: &Cli, client: &Client, command: &VolunteerCommand) -> anyhow::Result<()> {
    let mut service = VolunteerServiceClient::new(client.channel.clone());
    match command {
        VolunteerCommand::Register { number, branch, name, phone } => {
            let person =
                v1::Person { name: name.clone(), phone: phone.clone(), note: String::new() };
            let volunteer = v1::NewVolunteer {
                volunteer_number: number.clone(),
                branch_code: branch.clone(),
                joined: None,
                person: Some(person),
            };
            let message = v1::RegisterVolunteerRequest {
                request_id: fresh(),
                volunteer: Some(volunteer),
                ..<_>::default()
            };
            let made = service.register_volunteer(client.ask(message)).await;
            let made = made.map_err(|err| client.no(&err))?.into_inner();
            print_volunteers(cli, made.volunteer.as_slice())
        }
        VolunteerCommand::Find { query } => {
            let message = v1::FindVolunteersRequest {
                query: query.clone(),
                page_size: PAGE,
                ..<_>::default()
            };
            let found = service.find_volunteers(client.ask(message)).await;
            let found = found.map_err(|err| client.no(&err))?.into_inner();
            print_volunteers(cli, &found.volunteers)
        }
    }
}

fn print_volunteers(cli: &Cli, volunteers: &[v1::Volunteer]) -> anyhow::Result<()> {
    let row = |it: &v1::Volunteer| {
        let person = it.person.clone().unwrap_or_default();
        let status = it.status().as_str_name().trim_start_matches("VOLUNTEER_STATUS_");
        vec![
            it.volunteer_number.clone(),
            it.passbook_no.to_string(),
            it.branch_code.clone(),
            person.name,
            status.to_lowercase(),
        ]
    };
    let rows: Vec<_> = volunteers.iter().map(row).collect();
    output::rows(cli.format, &["number", "passbook", "branch", "name", "status"], &rows)
}

async fn token(cli: &Cli, client: &Client, command: &TokenCommand) -> anyhow::Result<()> {
    let mut service = AccessServiceClient::new(client.channel.clone());
    match command {
        TokenCommand::Issue { handle, role, branch, volunteer, out } => {
            let message = v1::IssueTokenRequest {
                request_id: fresh(),
                handle: handle.clone(),
                grants: vec![grant(*role, branch.as_deref(), volunteer.as_deref())],
                ..<_>::default()
            };
            let made = service.issue_token(client.ask(message)).await;
            let made = made.map_err(|err| client.no(&err))?.into_inner();
            let no = made.token_no.to_string();
            let Some(path) = out else {
                let row = vec![no, handle.clone(), made.secret];
                return output::rows(cli.format, &["token", "actor", "secret"], &[row]);
            };
            keep(path, &made.secret)?;
            let row = vec![no, handle.clone(), path.display().to_string()];
            output::rows(cli.format, &["token", "actor", "file"], &[row])
        }
        TokenCommand::List => {
            let message = v1::ListTokensRequest { page_size: PAGE, ..<_>::default() };
            let list = service.list_tokens(client.ask(message)).await;
            let list = list.map_err(|err| client.no(&err))?.into_inner();
            let rows: Vec<_> = list.tokens.iter().map(token_row).collect();
            output::rows(cli.format, &["token", "actor", "grants", "revoked"], &rows)
        }
        TokenCommand::Revoke { number } => {
            let message =
                v1::RevokeTokenRequest { request_id: fresh(), token_no: *number, ..<_>::default() };
            let done = service.revoke_token(client.ask(message)).await;
            done.map_err(|err| client.no(&err))?;
            output::rows(
                cli.format,
                &["token", "revoked"],
                &[vec![number.to_string(), "yes".into()]],
            )
        }
    }
}

fn grant(role: Role, branch: Option<&str>, volunteer: Option<&str>) -> v1::Grant {
    use v1::grant::Scope;
    let role = match role {
        Role::Volunteer => v1::Role::Volunteer,
        Role::Clerk => v1::Role::Clerk,
        Role::Approver => v1::Role::Approver,
        Role::AwardOfficer => v1::Role::AwardOfficer,
        Role::Auditor => v1::Role::Auditor,
        Role::Operator => v1::Role::Operator,
    };
    let scope = match (branch, volunteer) {
        (_, Some(number)) => Scope::VolunteerNumber(number.to_owned()),
        (Some(code), None) => Scope::BranchCode(code.to_owned()),
        (None, None) => Scope::Bank(true),
    };
    v1::Grant { role: role.into(), scope: Some(scope) }
}

fn token_row(it: &v1::Token) -> Vec<String> {
    use v1::grant::Scope;
    let grant = |it: &v1::Grant| {
        let role = it.role().as_str_name().trim_start_matches("ROLE_").to_lowercase();
        match &it.scope {
            Some(Scope::BranchCode(code)) => format!("{role}@{code}"),
            Some(Scope::VolunteerNumber(number)) => format!("{role}@{number}"),
            Some(Scope::PassbookNo(no)) => format!("{role}@passbook {no}"),
            Some(Scope::Bank(_)) | None => role,
        }
    };
    let grants: Vec<String> = it.grants.iter().map(grant).collect();
    vec![it.token_no.to_string(), it.handle.clone(), grants.join(" "), it.revoked.to_string()]
}

/// Keeps a secret for its owner's eyes only.
fn keep(path: &Path, secret: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.with_context(|| format!("cannot make {}", path.display()))?;
    writeln!(file, "{secret}").with_context(|| format!("cannot write {}", path.display()))
}
