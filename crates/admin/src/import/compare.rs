//! Who signed in against who was to take part (签到与名单): what differs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::attendance::{Attendance, Attendee};

/// What differs for a volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// On the list, and did not sign in.
    NotSignedIn,
    /// Signed in, and not on the list.
    NotOnList,
    /// Signed in, and never out.
    NotSignedOut,
    /// Signed in for longer than the list says.
    OverTime,
    /// Signed in for less than the list says.
    UnderTime,
}

impl Difference {
    /// Every difference, in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::NotSignedIn, Self::NotOnList, Self::NotSignedOut, Self::OverTime, Self::UnderTime];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not-signed-in",
            Self::NotOnList => "not-on-list",
            Self::NotSignedOut => "not-signed-out",
            Self::OverTime => "over-time",
            Self::UnderTime => "under-time",
        }
    }
}

/// A volunteer for whom something differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// What.
    pub difference: Difference,
    /// Whose number.
    pub number: String,
    /// The name, from whichever list has it.
    pub name: Option<String>,
    /// The day, where both lists have days.
    pub date: Option<Date>,
    /// When the volunteer first signed in, in minutes of the day.
    pub start: Option<i64>,
    /// When the volunteer last signed out.
    pub end: Option<i64>,
    /// Minutes signed in, all pairs together.
    pub signed: Option<i64>,
    /// Minutes on the list.
    pub listed: Option<i64>,
    /// The first line of the sign-in.
    pub signed_line: Option<usize>,
    /// The first line of the list.
    pub listed_line: Option<usize>,
}

/// How two lists compare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Volunteers, or volunteers and days, that stand on either.
    pub people: usize,
    /// What differs, by kind and number.
    pub differs: Vec<Differs>,
}

/// A volunteer, whatever the case of the number, and the day where both lists have days.
type Key = (String, Option<Date>);

/// All rows of one volunteer.
#[derive(Default)]
struct Together<'a> {
    rows: Vec<&'a Attendee>,
}

impl<'a> Together<'a> {
    /// All minutes; none where no row tells any.
    fn minutes(&self) -> Option<i64> {
        let told = self.rows.iter().filter_map(|it| it.minutes);
        told.reduce(i64::saturating_add)
    }

    fn first<T>(&self, of: impl Fn(&'a Attendee) -> Option<T>) -> Option<T> {
        self.rows.iter().find_map(|it| of(it))
    }
}

/// Compares a sign-in with a list; times that differ by no more than `tolerance` agree.
pub fn compare(signed: &Attendance, listed: &Attendance, tolerance: i64) -> Compared {
    let by_day = [signed, listed].iter().all(|it| it.rows.iter().all(|row| row.date.is_some()));
    // Who stands on a sign-in without having signed stands on it in vain.
    let came = signed.rows.iter().filter(|it| !signed.has_start || it.start.is_some());
    let (signed_rows, listed_rows) = (together(came, by_day), together(listed.rows.iter(), by_day));
    let keys: BTreeSet<&Key> = signed_rows.keys().chain(listed_rows.keys()).collect();
    let mut differs = Vec::new();
    for key in &keys {
        let (there, on_list) = (signed_rows.get(*key), listed_rows.get(*key));
        let found = differences(there, on_list, signed.has_end, tolerance);
        differs.extend(found.into_iter().map(|it| differing(it, key, there, on_list)));
    }
    differs.sort_by(|a, b| (a.difference, &a.number).cmp(&(b.difference, &b.number)));
    Compared { people: keys.len(), differs }
}

fn together<'a>(
    rows: impl Iterator<Item = &'a Attendee>,
    by_day: bool,
) -> BTreeMap<Key, Together<'a>> {
    let mut people: BTreeMap<Key, Together<'a>> = BTreeMap::new();
    for row in rows {
        let key = (row.number.to_lowercase(), row.date.filter(|_| by_day));
        people.entry(key).or_default().rows.push(row);
    }
    people
}

fn differences(
    there: Option<&Together<'_>>,
    on_list: Option<&Together<'_>>,
    has_end: bool,
    tolerance: i64,
) -> Vec<Difference> {
    let mut found = Vec::new();
    if there.is_none() {
        found.push(Difference::NotSignedIn);
    }
    if on_list.is_none() {
        found.push(Difference::NotOnList);
    }
    if has_end && there.is_some_and(|it| it.rows.iter().any(|row| row.end.is_none())) {
        found.push(Difference::NotSignedOut);
    }
    let minutes = there.and_then(Together::minutes).zip(on_list.and_then(Together::minutes));
    if let Some((signed, listed)) = minutes {
        if listed.saturating_add(tolerance) < signed {
            found.push(Difference::OverTime);
        }
        // Who never signed out is told of already.
        if signed.saturating_add(tolerance) < listed && !found.contains(&Difference::NotSignedOut) {
            found.push(Difference::UnderTime);
        }
    }
    found
}

fn differing(
    difference: Difference,
    key: &Key,
    there: Option<&Together<'_>>,
    on_list: Option<&Together<'_>>,
) -> Differs {
    let either = || there.into_iter().chain(on_list);
    let written = either().find_map(|it| it.rows.first()).map(|it| it.number.clone());
    Differs {
        difference,
        number: written.unwrap_or_else(|| key.0.clone()),
        name: either().find_map(|it| it.first(|row| row.name.clone())),
        date: key.1,
        start: there.and_then(|it| it.rows.iter().filter_map(|row| row.start).min()),
        end: there.and_then(|it| it.rows.last()).and_then(|it| it.end),
        signed: there.and_then(Together::minutes),
        listed: on_list.and_then(Together::minutes),
        signed_line: there.and_then(|it| it.first(|row| row.line)),
        listed_line: on_list.and_then(|it| it.first(|row| row.line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::attendance::read;

    fn compared(signed: &str, listed: &str) -> Vec<(Difference, String)> {
        let (signed, listed) = (read(signed.as_bytes()).unwrap(), read(listed.as_bytes()).unwrap());
        let differs = compare(&signed, &listed, 15).differs.into_iter();
        differs.map(|it| (it.difference, it.number)).collect()
    }

    fn found(difference: Difference, number: &str) -> (Difference, String) {
        (difference, number.to_owned())
    }

    const LIST: &str = "义工号,姓名,服务时长\n01,甲,2\n02,乙,2\n03,丙,2\n04,丁,2\n05,戊,2\n";

    #[test]
    fn each_difference_is_found_and_nothing_else() {
        let signed = "义工号,签到,签退\n01,09:00,11:00\n02,09:00,\n04,09:00,11:16\n05,09:00,10:44\n\
                      Ｘ9,09:00,11:00\n03,,\n";
        assert_eq!(
            compared(signed, LIST),
            [
                found(Difference::NotSignedIn, "03"),
                found(Difference::NotOnList, "X9"),
                found(Difference::NotSignedOut, "02"),
                found(Difference::OverTime, "04"),
                found(Difference::UnderTime, "05"),
            ]
        );
    }

    #[test]
    fn two_lists_that_agree_have_no_difference_up_to_the_tolerance() {
        let signed = "number,sign_in,sign_out\n01,09:00,11:15\n02,09:00,10:45\n03,09:00,10:00\n\
                      03,10:30,11:30\n04,23:00,01:00\n05,09:00,11:00\n";
        assert_eq!(compared(signed, LIST), []);
        assert_eq!(compared("number\n01\n02\n03\n04\n05\n", LIST), []);
        let shouted = "number\nA@B.CN\n";
        assert_eq!(compared(shouted, "number\na@b.cn\n"), []);
    }

    #[test]
    fn where_both_lists_have_days_each_day_counts() {
        let signed = "number,date,sign_in,sign_out\n01,2026-03-01,09:00,11:00\n";
        let listed = "number,date,hours\n01,2026/03/01,2\n01,2026-03-02,2\n";
        assert_eq!(compared(signed, listed), [found(Difference::NotSignedIn, "01")]);
        assert_eq!(compared(signed, "number,hours\n01,2\n"), []);
    }
}
