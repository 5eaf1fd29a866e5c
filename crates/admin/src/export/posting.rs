//! The journal as a table: a row for each posting, and one for each entry that moves nothing.

use lovebank_ledger::{About, Account, Entry, Posting};

use super::{
    Cell, Column, Kind, column, event,
    known::{Known, purpose},
};

/// Its columns.
pub(crate) const POSTINGS: &[Column] = &[
    column("seq", Kind::Whole),
    column("recorded_at", Kind::Instant),
    column("date", Kind::Day),
    column("event", Kind::Text),
    column("actor_no", Kind::Whole),
    column("rulebook_version", Kind::Whole),
    column("posting", Kind::Whole),
    column("passbook_no", Kind::Whole),
    column("branch_code", Kind::Text),
    column("purpose", Kind::Text),
    column("line_no", Kind::Whole),
    column("kind", Kind::Text),
    column("about", Kind::Text),
    column("about_no", Kind::Whole),
    column("minutes", Kind::Whole),
    column("minutes_after", Kind::Whole),
    column("points", Kind::Points),
    column("points_after", Kind::Points),
];

/// Makes the rows of entry after entry.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    known: Known,
}

impl Postings {
    /// The rows of the next entry.
    pub(crate) fn rows(&mut self, entry: &Entry) -> Vec<Vec<Cell>> {
        self.known.take(entry);
        let head = [
            Cell::number(entry.no.get()),
            Cell::Instant(entry.recorded_at),
            Cell::Day(self.known.day(entry.recorded_at)),
            Cell::text(event::word(&entry.event)),
            Cell::number(entry.actor.get()),
            Cell::number(entry.rulebook.get()),
        ];
        let row = |rest: Vec<Cell>| {
            let mut row: Vec<Cell> = head.iter().cloned().chain(rest).collect();
            row.resize(POSTINGS.len(), Cell::Nothing);
            row
        };
        if entry.postings.is_empty() {
            return vec![row(Vec::new())];
        }
        (1..).zip(&entry.postings).map(|(no, it)| row(self.posting(no, it))).collect()
    }

    fn posting(&self, no: i64, it: &Posting) -> Vec<Cell> {
        let (passbook, branch, of) = match it.account {
            Account::Passbook(no) => (Cell::number(no.get()), Cell::Nothing, Cell::Nothing),
            Account::Bank(branch, of) => {
                let code = Cell::maybe(self.known.code(branch), Cell::text);
                (Cell::Nothing, code, Cell::text(purpose(of)))
            }
        };
        let (about, about_no) = it.about.map_or((Cell::Nothing, Cell::Nothing), |it| {
            let (word, no) = about(it);
            (Cell::text(word), Cell::number(no))
        });
        vec![
            Cell::Whole(no),
            passbook,
            branch,
            of,
            Cell::maybe(it.line, |it| Cell::number(it.get())),
            Cell::Text(it.kind.to_string()),
            about,
            about_no,
            Cell::Whole(it.minutes.get()),
            Cell::Whole(it.minutes_after.get()),
            Cell::Points(it.points),
            Cell::Points(it.points_after),
        ]
    }
}

/// What a posting is about, in a word, and its number.
pub(super) fn about(it: About) -> (&'static str, u64) {
    match it {
        About::Record(no) => ("record", no.get()),
        About::Redemption(no) => ("redemption", no.get()),
        About::Gift(no) => ("gift", no.get()),
        About::Draw(no) => ("draw", no.get()),
        About::Help(no) => ("help", no.get()),
        About::Honour(no) => ("honour", no.get()),
        About::Merge(no) => ("merge", no.get()),
    }
}
