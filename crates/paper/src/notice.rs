//! The notice for the board (公示): who is chosen, until when to object, and how anyone can compute
//! it again. Names are masked before they come here.

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

use crate::{
    Fonts, Lang, PaperError,
    page::{day, hours},
    print,
};

/// The most rows of a notice.
pub const ROWS_MAX: usize = 10_000;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its title.
    pub title: String,
    /// What the programme is called.
    pub programme: String,
    /// The year.
    pub year: i32,
    /// The first day of the notice period; none: it is not published yet.
    pub first: Option<Date>,
    /// The last day on which an objection is taken.
    pub last: Option<Date>,
    /// Where to object.
    pub contact: String,
    /// Who publishes it; empty: it is not said.
    pub unit: String,
    /// Those who are chosen: up to [`ROWS_MAX`].
    pub rows: Vec<NoticeRow>,
    /// The number of the run.
    pub run: u64,
    /// The version of the rulebook.
    pub rulebook: u32,
    /// What was known after this entry.
    pub entry: u64,
    /// SHA-256 of the sheet.
    pub digest: String,
    /// Its language.
    pub lang: Lang,
}

/// One who is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// The place.
    pub place: u32,
    /// The masked name.
    pub name: String,
    /// The home branch.
    pub branch: String,
    /// Minutes on the days.
    pub minutes: i64,
}

/// The words of a notice.
#[derive(Serialize)]
struct Words {
    head: [&'static str; 5],
    period: String,
    object: String,
    total: String,
    signed: [String; 2],
    how: String,
}

fn words(it: &Notice) -> Words {
    let said = |of: Option<Date>| of.map_or_else(String::new, |of| day(of, it.lang));
    let (first, last) = (said(it.first), said(it.last));
    let (run, rulebook, entry, digest) = (it.run, it.rulebook, it.entry, &it.digest);
    match it.lang {
        Lang::Zh => Words {
            head: ["序号", "名次", "姓名", "社区", "服务时长"],
            period: if first.is_empty() {
                "草稿，尚未公示。".to_owned()
            } else {
                format!("公示期：{first}至{last}。")
            },
            object: format!(
                "对公示对象有异议的，请在公示期内提出，注明序号和理由：{}。",
                it.contact
            ),
            total: format!("共 {} 人。", it.rows.len()),
            signed: [it.unit.clone(), first],
            how: format!(
                "评选 {run}，规则集版本 {rulebook}，截至分录 {entry}。评选表可由任何人重新计算，其 SHA-256 为 {digest}。"
            ),
        },
        Lang::En => Words {
            head: ["No.", "Place", "Name", "Branch", "Hours"],
            period: if first.is_empty() {
                "A draft: not published yet.".to_owned()
            } else {
                format!("Notice period: {first} to {last}.")
            },
            object: format!(
                "Whoever objects does so within it, naming the row and the reason: {}.",
                it.contact
            ),
            total: format!("{} in all.", it.rows.len()),
            signed: [it.unit.clone(), first],
            how: format!(
                "Run {run}, rulebook {rulebook}, as of entry {entry}. Anyone can compute the sheet \
                 again; its SHA-256 is {digest}."
            ),
        },
    }
}

fn check(it: &Notice) -> Result<(), PaperError> {
    if ROWS_MAX < it.rows.len() {
        let given = it.rows.len();
        return Err(PaperError::TooMany { what: "rows", given, most: ROWS_MAX });
    }
    Ok(())
}

/// The cells of the rows, as they are read.
fn cells(it: &Notice) -> Vec<[String; 5]> {
    let row = |(no, row): (usize, &NoticeRow)| {
        let hours = hours(row.minutes, it.lang);
        [no.to_string(), row.place.to_string(), row.name.clone(), row.branch.clone(), hours]
    };
    (1..).zip(&it.rows).map(row).collect()
}

const STYLE: &str = "body{font-family:'Noto Serif CJK SC','Source Han Serif SC','Songti SC',SimSun,serif;\
max-width:48rem;margin:3rem auto;padding:0 1.5rem;line-height:1.7;color:#222}\
h1{text-align:center;color:#9c1c1c;letter-spacing:.1em;margin:0 0 .3em}\
p.sub{text-align:center;margin:0 0 2em;color:#555}\
table{border-collapse:collapse;width:100%;margin:1.5em 0}\
th,td{border-bottom:1px solid #ccc;padding:.45em .6em;text-align:left}\
th{border-bottom:2px solid #9c1c1c}\
td:nth-child(1),td:nth-child(2),td:nth-child(5),th:nth-child(1),th:nth-child(2),th:nth-child(5)\
{text-align:right;font-variant-numeric:tabular-nums}\
p.signed{text-align:right;white-space:pre-line}\
footer{font-size:.85em;color:#555;overflow-wrap:anywhere;margin-top:2em}\
@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}}";

/// Writes a notice as a page that needs nothing else.
pub fn notice_html(it: &Notice) -> Result<String, PaperError> {
    check(it)?;
    let words = words(it);
    let language = match it.lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let page: Markup = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (it.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (it.title) }
                p.sub { (it.programme) " · " (it.year) }
                p { (words.period) " " (words.object) }
                table {
                    thead { tr { @for title in words.head { th { (title) } } } }
                    tbody {
                        @for row in cells(it) { tr { @for cell in &row { td { (cell) } } } }
                    }
                }
                p { (words.total) }
                p.signed { (words.signed.join("\n").trim()) }
                footer { (words.how) }
            }
        }
    };
    Ok(page.into_string())
}

/// Sets a notice.
pub fn notice_pdf(fonts: &Fonts, it: &Notice) -> Result<Vec<u8>, PaperError> {
    #[derive(Serialize)]
    struct Facts<'a> {
        lang: Lang,
        title: &'a str,
        programme: &'a str,
        year: i32,
        words: Words,
        rows: Vec<[String; 5]>,
    }
    check(it)?;
    for text in [&it.title, &it.programme, &it.contact, &it.unit] {
        fonts.check(text)?;
    }
    for row in &it.rows {
        fonts.check(&row.name)?;
        fonts.check(&row.branch)?;
    }
    let facts = Facts {
        lang: it.lang,
        title: &it.title,
        programme: &it.programme,
        year: it.year,
        words: words(it),
        rows: cells(it),
    };
    print::pdf(fonts, include_str!("templates/notice.typ"), (&facts, String::new()))
}
