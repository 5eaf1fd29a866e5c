//! `import list`, `show` and `undo`: which sheets were taken in, and taking one back.

use clap::Args;
use lovebank_wire::v1;
use tonic::Status;

use crate::{
    fail::{Exit, Fail, may_retry},
    pages::Limit,
    progress::Progress,
    session::{Begun, Session},
    show::Part,
    verb::listed,
    words::ImportState,
};

/// Digits of a batch that are enough to name it, where no other begins so.
const DIGITS_MIN: usize = 4;
/// Bytes of a batch's name.
const KEY_BYTES: usize = 32;

#[derive(Debug, Args)]
pub(crate) struct ListImports {
    /// Only this branch and what is below it
    #[arg(long, value_name = "CODE", default_value = "")]
    branch: String,
    /// Only those that stand so
    #[arg(long, value_enum)]
    state: Option<ImportState>,
    #[command(flatten)]
    limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct ShowImport {
    /// The batch: its name, or the first digits of it
    #[arg(value_name = "BATCH")]
    batch: String,
}

#[derive(Debug, Args)]
pub(crate) struct UndoImport {
    /// The batch: its name, or the first digits of it
    #[arg(value_name = "BATCH")]
    batch: String,
    /// Let passbooks owe the points that are spent or held already
    #[arg(long)]
    book_debts: bool,
    /// Record; without it everything is only rehearsed
    #[arg(long)]
    commit: bool,
    /// Name of the request; the same again changes nothing [default: a fresh one]
    #[arg(long, value_name = "UUID")]
    request_id: Option<uuid::Uuid>,
}

impl ListImports {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let list = self.limit.of(async |page_size, page_token| {
            let request = v1::ListImportsRequest {
                min_seq: 0,
                branch_code: self.branch.clone(),
                state: self.state.map_or(0, Into::into),
                page_size,
                page_token,
            };
            session.bank.hours().list_imports(request).await
        });
        listed(session, "imports", &list.await?)
    }
}

impl ShowImport {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let batch_key = key(session, &self.batch).await?;
        let batch = batch(session, batch_key).await?;
        let mut parts = vec![Part::one("import", &batch, &session.zone)];
        parts.extend(batch.undo.as_ref().map(|it| Part::one("undo", it, &session.zone)));
        session.show(&parts)?;
        Ok(Exit::Done)
    }
}

async fn batch(session: &Session, batch_key: Vec<u8>) -> Result<v1::ImportBatch, Fail> {
    let request = v1::GetImportRequest { min_seq: 0, batch_key };
    let answer = session.bank.hours().get_import(request).await?.into_inner();
    answer.batch.ok_or_else(|| Fail::incomplete("batch"))
}

/// The whole name of a batch.
async fn key(session: &Session, digits: &str) -> Result<Vec<u8>, Fail> {
    let digits = digits.to_ascii_lowercase();
    if digits.len() < DIGITS_MIN || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return Err(Fail::usage(
            format!(
                "{digits}: a batch is named by {DIGITS_MIN} or more of its first digits, 0-9 a-f; see import list"
            ),
            format!(
                "{digits}：批次须写出开头至少 {DIGITS_MIN} 位，由 0-9 a-f 组成；见 import list"
            ),
        ));
    }
    if let Some(whole) = hex::decode(&digits).ok().filter(|it| it.len() == KEY_BYTES) {
        return Ok(whole);
    }
    let all = Limit { limit: usize::MAX }.of(async |page_size, page_token| {
        let request = v1::ListImportsRequest { page_size, page_token, ..<_>::default() };
        session.bank.hours().list_imports(request).await
    });
    let begins = |it: &v1::ImportBatch| hex::encode(&it.batch_key).starts_with(&digits);
    let mut found = all.await?.items.into_iter().filter(begins);
    match (found.next(), found.next()) {
        (Some(batch), None) => Ok(batch.batch_key),
        (None, _) => Err(Fail::error(
            format!("no batch begins with {digits}: see import list"),
            format!("没有以 {digits} 开头的批次：见 import list"),
        )),
        (Some(_), Some(_)) => Err(Fail::usage(
            format!("several batches begin with {digits}: write more digits"),
            format!("有多个批次以 {digits} 开头：请多写几位"),
        )),
    }
}

impl UndoImport {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let batch_key = key(session, &self.batch).await?;
        let known = batch(session, batch_key.clone()).await?;
        let id = self.request_id.unwrap_or_else(uuid::Uuid::new_v4).to_string();
        let begun = Begun { id, validate_only: !self.commit };
        let request = v1::UndoImportRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            batch_key: batch_key.clone(),
            book_debts: self.book_debts,
        };
        let progress = Progress::of(session, u64::from(known.parts));
        let undone = parts(session, request, &progress).await;
        progress.end();
        let (sum, failed) = undone;
        if let Some(status) = failed {
            return Err(stopped(&begun, &sum, &status));
        }
        self.tell(session, &sum, &batch_key).await
    }

    async fn tell(&self, session: &Session, sum: &Sum, batch_key: &[u8]) -> Result<Exit, Fail> {
        let zone = &session.zone;
        let mut shown = vec![Part::one("undone", &sum.all, zone)];
        if self.commit {
            let batch = batch(session, batch_key.to_vec()).await?;
            shown.push(Part::one("import", &batch, zone));
        }
        Fail::unless_enough(session.show(&shown))?;
        if self.commit {
            session.remark(
                "undone; to take the file in again, give import hours another --edition",
                "已撤销；如要重新导入该文件，请在 import hours 中用另一个 --edition",
            );
        } else {
            session.remark(
                "rehearsed, nothing recorded: add --commit to record",
                "仅试运行，未登记：加 --commit 才会登记",
            );
        }
        Ok(Exit::Done)
    }
}

/// All parts together.
#[derive(Debug, Default)]
struct Sum {
    parts: u32,
    all: v1::UndoImportResponse,
    points: rust_decimal::Decimal,
}

impl Sum {
    fn add(&mut self, part: &v1::UndoImportResponse) {
        self.parts = self.parts.saturating_add(1);
        let (all, points) = (&mut self.all, part.points.as_ref());
        all.taken_back = all.taken_back.saturating_add(part.taken_back);
        all.restored = all.restored.saturating_add(part.restored);
        all.minutes = all.minutes.saturating_add(part.minutes);
        all.receipt = part.receipt;
        let points = points.and_then(|it| it.value.parse().ok()).unwrap_or_default();
        self.points = self.points.saturating_add(points);
        all.points = Some(v1::Decimal { value: format!("{:.2}", self.points) });
    }
}

/// What was undone, and why no more was.
async fn parts(
    session: &Session,
    request: v1::UndoImportRequest,
    progress: &Progress,
) -> (Sum, Option<Status>) {
    let mut sum = Sum::default();
    let mut answers = match session.bank.hours().undo_import(request).await {
        Ok(answers) => answers.into_inner(),
        Err(status) => return (sum, Some(status)),
    };
    loop {
        match answers.message().await {
            Ok(Some(part)) => {
                sum.add(&part);
                progress.further(1);
                if part.last {
                    return (sum, None);
                }
            }
            Ok(None) => {
                let ended = "the connection ended before the last part";
                return (sum, Some(Status::unavailable(ended)));
            }
            Err(status) => return (sum, Some(status)),
        }
    }
}

fn stopped(begun: &Begun, sum: &Sum, status: &Status) -> Fail {
    let fail = Fail::from(status.clone());
    if begun.validate_only || sum.parts == 0 && !may_retry(status) {
        return fail.told("nothing was recorded: ", "未登记任何内容：");
    }
    let fail = fail.again_with(&begun.id, status);
    let parts = sum.parts;
    fail.told(
        &format!(
            "{parts} parts were undone, and perhaps more; undo the same batch again to go on: "
        ),
        &format!("已撤销 {parts} 部分，可能还有更多；请再次撤销同一批次以继续："),
    )
}
