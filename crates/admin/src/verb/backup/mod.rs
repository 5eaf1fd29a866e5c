//! `backup`: files from which a bank can be restored.

mod create;
mod look;
mod told;
mod vault;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lovebank_vault::VaultKey;

use crate::{
    fail::{Exit, Fail},
    out,
    session::Session,
    show::{Column, Part, narrow},
};

pub(super) use look::from_the_first;
pub(super) use told::{bad_backup, bad_vault, vault_unfit, vault_unopened};

/// Backups.
#[derive(Debug, Subcommand)]
pub(crate) enum Backup {
    /// Back up the journal to a file, and the vault, sealed, to another beside it
    #[command(after_help = create::HELP)]
    Create(create::Create),
    /// Read backups whole, in order, and say whether they hold
    #[command(
        after_help = "Example: lovebank-admin backup verify full.backup monday.backup monday.backup.vault\nExit code 4: a file does not hold, or a vault is of another history."
    )]
    Verify(look::Verify),
    /// Show what backups say of themselves; only verify proves it
    #[command(after_help = "Example: lovebank-admin backup show full.backup")]
    Show(look::Show),
    /// Make the pair of keys that seals the vault and opens it
    #[command(after_help = "Example: lovebank-admin backup key --out vault.key")]
    Key(Key),
}

#[derive(Debug, Args)]
pub(crate) struct Key {
    /// File for the half that opens; keep it off the bank's machine, twice
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Backup {
    /// Whether no bank is asked.
    pub(crate) fn is_of_files(&self) -> bool {
        !matches!(self, Self::Create(_))
    }

    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Create(it) => it.run(session).await,
            Self::Verify(it) => it.run(session),
            Self::Show(it) => it.run(session),
            Self::Key(it) => it.run(session),
        }
    }
}

impl Key {
    fn run(self, session: &Session) -> Result<Exit, Fail> {
        const COLUMNS: &[Column] = &[
            narrow(
                "vault_recipient",
                "vault_recipient, for the bank's settings",
                "设置项 vault_recipient",
            ),
            narrow("key_file", "key that opens", "解密密钥"),
        ];
        let key = VaultKey::generate().map_err(|err| Fail::local(&err))?;
        let recipient = key.recipient().to_string();
        let text = format!(
            "# Opens the vaults that a Love Bank sealed to {recipient}\n\
             # 打开爱心银行加密备份的个人信息库。请离线保管两份。\n{}\n",
            key.reveal()
        );
        out::file(&self.out, text.as_bytes())?;
        let row = vec![recipient.into(), self.out.display().to_string().into()];
        session.show(&[Part::row("key", COLUMNS, row)])?;
        session.remark(
            "keep the key file off the bank's machine, in two places: without it no vault opens \
             again; the recipient is no secret",
            "密钥文件请离线保管两份：丢失后备份的个人信息库再也打不开；公钥不必保密",
        );
        Ok(Exit::Done)
    }
}
