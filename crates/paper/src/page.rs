//! Words that papers share.

use jiff::civil::Date;

use crate::Lang;

/// A day as people read it.
pub(crate) fn day(it: Date, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", it.year(), it.month(), it.day()),
        Lang::En => it.to_string(),
    }
}

/// Minutes as hours: 12小时30分钟, 12 h 30 min.
pub(crate) fn hours(minutes: i64, lang: Lang) -> String {
    let (hours, rest) = (minutes.div_euclid(60), minutes.rem_euclid(60));
    match (lang, rest) {
        (Lang::Zh, 0) => format!("{hours}小时"),
        (Lang::Zh, rest) => format!("{hours}小时{rest}分钟"),
        (Lang::En, 0) => format!("{hours} h"),
        (Lang::En, rest) => format!("{hours} h {rest} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_read_as_hours() {
        assert_eq!(
            (hours(750, Lang::Zh), hours(720, Lang::En)),
            ("12小时30分钟".into(), "12 h".into())
        );
        assert_eq!(hours(59, Lang::Zh), "0小时59分钟");
    }
}
