//! The sealed vault, from the bank to a file.

use std::{
    io::{self, Write as _},
    path::Path,
};

use lovebank_vault::check_sealed;
use lovebank_wire::v1;
use tonic::Status;

use super::told::bad_vault;
use crate::{again::Patience, fail::Fail, file::NewFile, progress::Progress, session::Session};

/// Whether it can be had, and kept under that name.
pub(super) async fn begin(session: &Session, path: &Path) -> Result<(), Fail> {
    if path.symlink_metadata().is_ok() {
        return Err(Fail::error(
            format!("{} is there already: nothing is written over", path.display()),
            format!("{} 已存在：不会覆盖", path.display()),
        ));
    }
    let request = v1::SealVaultRequest { min_seq: 0, check_only: true };
    let told =
        async { session.bank.backups().seal_vault(request).await?.into_inner().message().await };
    let told = told.await.map_err(|status| {
        let fail = Fail::from(status);
        if fail.reason.as_deref() == Some("NO_RECIPIENT") {
            return fail.told(
                "the vault is not backed up (with --journal-only it is left out): ",
                "个人信息库未备份（可用 --journal-only 不备份它）：",
            );
        }
        fail
    })?;
    let told = told.ok_or_else(|| Fail::incomplete("a recipient"))?;
    let recipient = told.recipient;
    session.remark(
        &format!("the vault is sealed to {recipient}"),
        &format!("个人信息库加密给 {recipient}"),
    );
    Ok(())
}

/// Fetches it, at least as of an entry; how many bytes it has.
pub(super) async fn fetch(session: &Session, path: &Path, min_seq: u64) -> Result<u64, Fail> {
    let mut file = NewFile::create(path)?;
    let mut patience = Patience::default();
    let progress = Progress::of(session, 0);
    // It is sealed anew each time: what came of one that broke is of no use.
    while let Err(status) = receive(session, min_seq, &mut file).await? {
        let told = ("the vault, from its beginning", "个人信息库，从头开始");
        patience.wait(status, (session, &progress), told).await?;
    }
    progress.end();
    let bytes = file.flush().and_then(|()| file.aside().metadata());
    let bytes = bytes.map_err(|err| Fail::file(path, &err))?.len();
    check_sealed(file.aside()).map_err(|err| bad_vault(&err))?;
    file.keep()?;
    Ok(bytes)
}

/// Receives all of it into a file; a status where the bank did not give it to its end.
async fn receive(
    session: &Session,
    min_seq: u64,
    file: &mut NewFile,
) -> Result<Result<(), Status>, Fail> {
    let aside = file.aside().to_owned();
    let failed = |err: io::Error| Fail::file(&aside, &err);
    file.again().map_err(failed)?;
    let request = v1::SealVaultRequest { min_seq, check_only: false };
    let mut parts = match session.bank.backups().seal_vault(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => return Ok(Err(status)),
    };
    loop {
        match parts.message().await {
            Ok(Some(part)) => file.write_all(&part.sealed).map_err(failed)?,
            Ok(None) => return Ok(Ok(())),
            Err(status) => return Ok(Err(status)),
        }
    }
}
