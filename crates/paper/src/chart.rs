//! The chart of a year: hours by month and by branch, for those who would rather look than read.

use serde::Serialize;

use crate::{Fonts, Lang, PaperError, print};

/// The most branches of a chart.
pub const BARS_MAX: usize = 16;

/// What a year comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its title.
    pub title: String,
    /// Minutes of the year.
    pub minutes: i64,
    /// Volunteers who served.
    pub volunteers: u32,
    /// Minutes by month: January first.
    pub months: [i64; 12],
    /// By branch, in the order shown: up to [`BARS_MAX`].
    pub branches: Vec<Bar>,
    /// The entry up to which it is true.
    pub entry: u64,
    /// Its language.
    pub lang: Lang,
}

/// Minutes of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is called.
    pub name: String,
    /// How many.
    pub minutes: i64,
}

/// What the template sees of a bar: how long it is, and what is said beside it.
#[derive(Serialize)]
struct Drawn {
    name: String,
    hours: String,
    permille: i64,
}

#[derive(Serialize)]
struct Facts<'a> {
    lang: Lang,
    title: &'a str,
    subtitle: String,
    by_month: &'static str,
    by_branch: &'static str,
    months: Vec<Drawn>,
    branches: Vec<Drawn>,
    note: String,
}

/// Draws it as a picture (SVG) that needs no font where it is shown.
pub fn chart_svg(fonts: &Fonts, it: &Chart) -> Result<String, PaperError> {
    print::svg(fonts, TEMPLATE, &facts(fonts, it)?)
}

/// Draws it as a PDF of one page.
pub fn chart_pdf(fonts: &Fonts, it: &Chart) -> Result<Vec<u8>, PaperError> {
    print::pdf(fonts, TEMPLATE, (&facts(fonts, it)?, String::new()))
}

const TEMPLATE: &str = include_str!("templates/chart.typ");

fn facts<'a>(fonts: &Fonts, it: &'a Chart) -> Result<Facts<'a>, PaperError> {
    if BARS_MAX < it.branches.len() {
        let given = it.branches.len();
        return Err(PaperError::TooMany { what: "branches", given, most: BARS_MAX });
    }
    fonts.check(&it.title)?;
    it.branches.iter().try_for_each(|it| fonts.check(&it.name))?;
    let (hours, people, entry) = (tenths(it.minutes), grouped(it.volunteers.into()), it.entry);
    let (subtitle, by_month, by_branch, note) = match it.lang {
        Lang::Zh => (
            format!("共 {hours} 小时 · {people} 人"),
            "按月份（小时）",
            "按社区（小时）",
            format!("截至分录 {entry}"),
        ),
        Lang::En => (
            format!("{hours} hours · {people} volunteers"),
            "By month, hours",
            "By branch, hours",
            format!("As of entry {entry}"),
        ),
    };
    let month = |no: usize| match it.lang {
        Lang::Zh => format!("{no}月"),
        Lang::En => no.to_string(),
    };
    let months = (1..).zip(it.months).map(|(no, it)| (month(no), it));
    let branches = it.branches.iter().map(|it| (it.name.clone(), it.minutes));
    Ok(Facts {
        lang: it.lang,
        title: &it.title,
        subtitle,
        by_month,
        by_branch,
        months: drawn(months.collect()),
        branches: drawn(branches.collect()),
        note,
    })
}

/// Bars, each against the longest; what is taken off has none.
fn drawn(bars: Vec<(String, i64)>) -> Vec<Drawn> {
    let most = bars.iter().map(|it| it.1).max().unwrap_or(0).max(1);
    let bar = |(name, minutes): (String, i64)| Drawn {
        name,
        hours: tenths(minutes),
        permille: minutes.max(0).saturating_mul(1000).checked_div(most).unwrap_or(0),
    };
    bars.into_iter().map(bar).collect()
}

/// Minutes as hours with one decimal where there is one, rounded half away from zero, in groups of
/// thousands.
fn tenths(minutes: i64) -> String {
    let tenths = minutes.unsigned_abs().saturating_add(3).div_euclid(6);
    let (whole, rest) = (tenths.div_euclid(10), tenths.rem_euclid(10));
    let text = grouped(whole);
    let sign = if minutes < 0 && tenths != 0 { "-" } else { "" };
    if rest == 0 { format!("{sign}{text}") } else { format!("{sign}{text}.{rest}") }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at != 0 && digits.len().saturating_sub(at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_have_one_decimal_at_most_and_groups_of_thousands() {
        for (minutes, text) in [
            (0, "0"),
            (2, "0"),
            (3, "0.1"),
            (57, "1"),
            (90, "1.5"),
            (60_000, "1,000"),
            (7_407_414, "123,456.9"),
            (-2, "0"),
            (-90, "-1.5"),
        ] {
            assert_eq!(tenths(minutes), text, "{minutes}");
        }
    }

    #[test]
    fn bars_are_measured_against_the_longest() {
        let bars = [("a", 600), ("b", 300), ("c", -60), ("d", 0)];
        let drawn = drawn(bars.map(|(name, minutes)| (name.to_owned(), minutes)).into());
        let told: Vec<_> = drawn.iter().map(|it| it.permille).collect();
        assert_eq!(told, [1000, 500, 0, 0]);
        assert_eq!(super::drawn(vec![("a".to_owned(), 0)])[0].permille, 0);
    }
}
