//! `import hours`: all files are read before the first is sent; what came of every row is told
//! even where a later file fails.

mod judge;
mod plan;
mod rejects;
mod stream;
mod told;

use std::{collections::BTreeMap, fs, path::PathBuf};

use lovebank_wire::v1;

use crate::{
    cli::Format,
    fail::{Exit, Fail},
    import::verdict::Judged,
    progress::Progress,
    session::Session,
    show::no_workbook,
    verb::ImportHours,
};
use plan::Plan;

/// How many files are named in a remark.
const NAMED: usize = 5;

/// What came of a file.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) file: String,
    pub(crate) rows: Vec<Judged>,
    /// Whether all of it was taken in before this run.
    pub(crate) before: bool,
    /// Header texts of columns that were not read.
    pub(crate) unread: Vec<String>,
    /// Rows of empty cells passed over.
    pub(crate) blank: usize,
    /// Where its rejected rows are.
    pub(crate) rejects: Option<PathBuf>,
}

/// Takes the sheets in, in order.
pub(crate) async fn run(session: &Session, it: &ImportHours) -> Result<Exit, Fail> {
    if session.format == Format::Xlsx {
        return Err(no_workbook());
    }
    let plans = plan::plans(session, it)?;
    if let Some(directory) = &it.rejects {
        fs::create_dir_all(directory).map_err(|err| Fail::file(directory, &err))?;
    }
    let steps: usize = plans.iter().map(|plan| plan.parts.len()).sum();
    let progress = Progress::of(session, u64::try_from(steps).unwrap_or(u64::MAX));
    let mut sending =
        Sending { session, it, taken: Vec::new(), registered: 0, resumed: false, failed: None };
    for plan in &plans {
        sending.file(plan, &progress).await;
    }
    progress.end();
    sending.end()
}

/// A run, file after file.
struct Sending<'a> {
    session: &'a Session,
    it: &'a ImportHours,
    taken: Vec<Taken>,
    registered: u64,
    /// Whether a connection broke, and with it perhaps an answer was lost.
    resumed: bool,
    /// Why it stopped; what comes after is read, but not sent.
    failed: Option<Fail>,
}

impl Sending<'_> {
    async fn file(&mut self, plan: &Plan, progress: &Progress) {
        progress.at(&plan.label);
        let (mut answers, mut before) = (Vec::new(), false);
        if self.failed.is_none() {
            let sent = stream::send(self.session, plan, progress).await;
            // Where the connection broke, an answer may have been lost.
            let unrecorded = sent.refused && !sent.resumed && sent.answers.is_empty();
            self.failed = sent.failed.map(|it| self.stopped(plan, it, unrecorded));
            self.resumed |= sent.resumed;
            before = sent.all_before;
            // What an earlier run registered is told again; after a broken connection, so is what
            // this one did.
            let earlier = |it: &v1::ImportHoursResponse| {
                !sent.resumed && it.receipt.is_some_and(|it| it.replayed)
            };
            let fresh = sent.answers.iter().filter(|it| !earlier(it));
            let registered = fresh.map(|it| u64::from(it.registered));
            self.registered = registered.fold(self.registered, u64::saturating_add);
            answers = sent.answers;
        }
        let rows = judge::rows(self.session.lang, &plan.sheet, answers);
        let rejects = self.rejects(plan, &rows);
        let (unread, blank) = (plan.sheet.unread.clone(), plan.sheet.blank);
        let file = plan.label.clone();
        self.taken.push(Taken { file, rows, before, unread, blank, rejects });
    }

    /// Writes the rejects of a sheet that was sent to its end: of another, nobody knows them all.
    fn rejects(&mut self, plan: &Plan, rows: &[Judged]) -> Option<PathBuf> {
        let directory = self.it.rejects.as_deref().filter(|_| self.failed.is_none())?;
        match rejects::write(directory, plan, rows) {
            Ok(None) => {
                if let Some(left) = rejects::left(directory, plan) {
                    let (file, left) = (&plan.label, left.display());
                    self.session.remark(
                        &format!("{file} has no rejects; {left} is of an earlier run"),
                        &format!("{file} 没有退回的行；{left} 是以前留下的"),
                    );
                }
                None
            }
            Ok(path) => path,
            Err(fail) => {
                // The rows are recorded, so that they are told all the same.
                self.failed = Some(fail);
                None
            }
        }
    }

    fn stopped(&self, plan: &Plan, fail: Fail, unrecorded: bool) -> Fail {
        let (english, chinese) = if !self.it.commit {
            ("nothing was recorded", "未登记任何内容")
        } else if unrecorded {
            ("no row of it was recorded", "其中没有任何行被登记")
        } else {
            (
                "what was answered is recorded, and perhaps more; give the same files again to go on",
                "已答复的行已登记，可能还有更多；请用同样的文件再导入一次以继续",
            )
        };
        fail.told(
            &format!("{}: not sent to its end ({english}): ", plan.label),
            &format!("{}：未全部送达（{chinese}）：", plan.label),
        )
    }

    fn end(self) -> Result<Exit, Fail> {
        let Self { session, it, taken, registered, resumed, failed } = self;
        let told = Fail::unless_enough(told::tell(session, it, &taken, registered));
        if 0 < registered {
            let (least, least_zh) = if resumed { ("at least ", "至少") } else { ("", "") };
            session.remark(
                &format!("{least}{registered} volunteers registered on the way"),
                &format!("同时登记志愿者{least_zh} {registered} 人"),
            );
        }
        remark_before(session, &taken);
        remark_unread(session, &taken);
        for (path, it) in taken.iter().filter_map(|it| Some((it.rejects.as_ref()?, it))) {
            let (file, path) = (&it.file, path.display());
            session.remark(
                &format!("{file}: its rejected rows are in {path}, the reasons beside them"),
                &format!("{file}：退回的行在 {path}，原因在旁边的文件里"),
            );
        }
        if !it.commit {
            session.remark(
                "rehearsed, nothing recorded: add --commit to record",
                "仅试运行，未登记：加 --commit 才会登记",
            );
            if 1 < taken.len() {
                session.remark(
                    "each file was rehearsed by itself: a later one may depend on an earlier",
                    "各文件分别试运行：后面的文件可能依赖前面的文件",
                );
            }
        }
        let mend = taken.iter().flat_map(|it| &it.rows).any(|it| it.verdict.needs_mending());
        match failed {
            Some(fail) => Err(fail),
            None => told.map(|()| if mend { Exit::Rejected } else { Exit::Done }),
        }
    }
}

/// Says what stands in the files and was not read: it may be what somebody relies on.
fn remark_unread(session: &Session, taken: &[Taken]) {
    let mut unread: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for it in taken.iter().filter(|it| !it.unread.is_empty()) {
        unread.entry(&it.unread).or_default().push(&it.file);
    }
    for (columns, files) in unread {
        let (columns, files) = (columns.join(", "), named(&files));
        session.remark(
            &format!("columns that are not read: {columns} ({files})"),
            &format!("未读取的列：{columns}（{files}）"),
        );
    }
    let blank = taken.iter().map(|it| it.blank).fold(0_usize, usize::saturating_add);
    if 0 < blank {
        session.remark(
            &format!("{blank} rows of empty cells were passed over"),
            &format!("跳过空行 {blank} 行"),
        );
    }
}

/// The first of some files.
fn named(files: &[&str]) -> String {
    let (some, more) = files.split_at(files.len().min(NAMED));
    format!("{}{}", some.join(", "), if more.is_empty() { "" } else { ", …" })
}

/// Says which files changed nothing, since their verdicts are those of the first time.
fn remark_before(session: &Session, taken: &[Taken]) {
    let before: Vec<&str> =
        taken.iter().filter(|it| it.before).map(|it| it.file.as_str()).collect();
    if before.is_empty() {
        return;
    }
    let (count, names) = (before.len(), named(&before));
    session.remark(
        &format!(
            "taken in before, nothing changes; the verdicts are those of the first time: \
             {count} of {} files ({names})",
            taken.len()
        ),
        &format!(
            "此前已导入，没有变化，所列为首次导入的判定：{} 个文件中的 {count} 个（{names}）",
            taken.len()
        ),
    );
}
