//! What can be wrong with a field, and how to mend it, in English and Chinese.

use std::fmt;

use lovebank_ledger::{BadAmount, BadText, BadTime};

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is needed and not given.
    Missing,
    /// It is given and must not be.
    Surplus,
    /// It is no UUID, or the nil one.
    NotAUuid,
    /// It is no day of the calendar.
    NotADate,
    /// It has seconds.
    NotAMinute {
        /// The seconds of its minute.
        seconds: i64,
        /// The nanoseconds of its second.
        nanos: i32,
    },
    /// It is outside the years that are kept, or no instant at all.
    NotAnInstant,
    /// It is not one of the values that can be asked for.
    NotAnOption,
    /// It is no decimal number.
    NotADecimal,
    /// It has not the length of a digest.
    NotADigest {
        /// How many bytes were given.
        given: usize,
    },
    /// It is outside its range.
    OutOfRange {
        /// The smallest that can be given.
        least: i64,
        /// The largest that can be given.
        most: i64,
    },
    /// There are none, or more than can be given.
    Count {
        /// How many were given.
        given: usize,
        /// How many can be given.
        most: usize,
    },
    /// It is no page token, or one of another question.
    NotAToken,
    /// It is the token of a list that has changed since.
    Changed,
    /// A text out of bounds.
    Text(BadText),
    /// A time out of bounds.
    Time(BadTime),
    /// An amount out of bounds.
    Amount(BadAmount),
    /// Something else, in words.
    Other {
        /// In English.
        english: String,
        /// In Chinese.
        chinese: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is needed: give it"),
            Self::Surplus => {
                f.write_str("it says again, or otherwise, what is given: leave it out")
            }
            Self::NotAUuid => f.write_str("give a fresh UUID, and the same again only for a retry"),
            Self::NotADate => f.write_str("give a real day: year (1970 to 9999), month and day"),
            Self::NotAMinute { seconds, nanos } => {
                write!(f, "it has {seconds}.{nanos:09} seconds: give a whole minute")
            }
            Self::NotAnInstant => f.write_str("give an instant of the years 1970 to 9999"),
            Self::NotAnOption => f.write_str("it is none of the values that can be asked for"),
            Self::NotADecimal => f.write_str("give digits with at most one point, such as 12.50"),
            Self::NotADigest { given } => write!(f, "it has {given} bytes: give 32, of a SHA-256"),
            Self::OutOfRange { least, most } => write!(f, "give {least} to {most}"),
            Self::Count { given, most } => write!(f, "{given} were given: give 1 to {most}"),
            Self::NotAToken => {
                f.write_str("it is no page token of this question: begin with the first page")
            }
            Self::Changed => {
                f.write_str("the list changed since that page: begin with the first page")
            }
            Self::Text(it) => it.fmt(f),
            Self::Time(it) => it.fmt(f),
            Self::Amount(it) => it.fmt(f),
            Self::Other { english, .. } => f.write_str(english),
        }
    }
}

impl Fault {
    /// The fault in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Missing => "必填".to_owned(),
            Self::Surplus => "与已填内容重复或不符：请留空".to_owned(),
            Self::NotAUuid => "须为新生成的 UUID，仅在重试时使用同一个".to_owned(),
            Self::NotADate => "须为真实的日期（年 1970 至 9999、月、日）".to_owned(),
            Self::NotAMinute { seconds, nanos } => {
                format!("含有 {seconds}.{nanos:09} 秒：须为整分钟")
            }
            Self::NotAnInstant => "须为 1970 至 9999 年之间的时刻".to_owned(),
            Self::NotAnOption => "不是可选的值".to_owned(),
            Self::NotADecimal => "须为数字，最多一个小数点，如 12.50".to_owned(),
            Self::NotADigest { given } => format!("有 {given} 字节：须为 SHA-256 的 32 字节"),
            Self::OutOfRange { least, most } => format!("须在 {least} 至 {most} 之间"),
            Self::Count { given, most } => format!("给出 {given} 项，须为 1 至 {most} 项"),
            Self::NotAToken => "不是此查询的翻页标记：请从第一页重新开始".to_owned(),
            Self::Changed => "名单在翻页期间已有变化：请从第一页重新开始".to_owned(),
            Self::Text(it) => it.chinese(),
            Self::Time(it) => of_time(it),
            Self::Amount(it) => it.chinese(),
            Self::Other { chinese, .. } => chinese.clone(),
        }
    }
}

fn of_time(it: &BadTime) -> String {
    match it {
        BadTime::OutOfRange => "须在 1970 至 9999 年之间".to_owned(),
        BadTime::Backwards => "结束须晚于开始".to_owned(),
        BadTime::TooLong { minutes } => {
            format!("共 {minutes} 分钟，一条记录最多 1440 分钟：请按天分别登记")
        }
        BadTime::UnknownZone(name) => format!("没有时区 {name:?}"),
    }
}
