//! A message that cannot be understood: which field, what is wrong, and how to mend it.

use std::fmt;

use lovebank_ledger::{BadAmount, BadText, BadTime};

/// The reason of every such error.
pub const REASON: &str = "MALFORMED";

/// A message that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {fault}")]
pub struct Malformed {
    /// The path of the field, as the proto names it: `items[3].interval.end_time`.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is needed and not given.
    Missing,
    /// It is no UUID, or the nil one.
    NotAUuid,
    /// It is no day of the calendar.
    NotADate,
    /// It has seconds, or is outside the years that are kept.
    NotAMinute,
    /// It is not one of the values that can be asked for.
    NotAnOption,
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

/// What parsing comes to.
pub type Parsed<T> = Result<T, Malformed>;

impl Malformed {
    /// A fault of a field.
    pub fn new(field: impl Into<String>, fault: Fault) -> Self {
        Self { field: field.into(), fault }
    }

    /// The same fault, of a field within another.
    pub fn within(mut self, outer: &str) -> Self {
        self.field = format!("{outer}.{}", self.field);
        self
    }

    /// The whole of it in Chinese.
    pub fn chinese(&self) -> String {
        format!("{}：{}", self.field, self.fault.chinese())
    }
}

impl Fault {
    /// The fault in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Missing => "必填".to_owned(),
            Self::NotAUuid => "须为新生成的 UUID，如 7b0c…-…".to_owned(),
            Self::NotADate => "须为真实的日期（年 1970 至 9999、月、日）".to_owned(),
            Self::NotAMinute => "须为整分钟（秒为 0），且在 1970 至 9999 年之间".to_owned(),
            Self::NotAnOption => "不是可选的值".to_owned(),
            Self::OutOfRange { least, most } => format!("须在 {least} 至 {most} 之间"),
            Self::Count { given, most } => format!("给出 {given} 项，须为 1 至 {most} 项"),
            Self::NotAToken => "不是此查询的翻页标记：请从第一页重新开始".to_owned(),
            Self::Text(it) => text_in_chinese(it),
            Self::Time(it) => time_in_chinese(it),
            Self::Amount(it) => match it {
                BadAmount::TooFine { places, .. } => format!("小数最多 {places} 位"),
                BadAmount::OutOfRange { least, most, .. } => format!("须在 {least} 至 {most} 之间"),
            },
            Self::Other { chinese, .. } => chinese.clone(),
        }
    }
}

fn text_in_chinese(it: &BadText) -> String {
    match it {
        BadText::Empty => "不能为空".to_owned(),
        BadText::TooLong { chars, most } => format!("有 {chars} 个字符，最多 {most} 个"),
        BadText::BadCharacter { found, allowed } => format!("含有字符 {found:?}，只允许 {allowed}"),
    }
}

fn time_in_chinese(it: &BadTime) -> String {
    match it {
        BadTime::OutOfRange => "须在 1970 至 9999 年之间".to_owned(),
        BadTime::Backwards => "结束须晚于开始".to_owned(),
        BadTime::TooLong { minutes } => {
            format!("共 {minutes} 分钟，一条记录最多 1440 分钟：请按天分别登记")
        }
        BadTime::UnknownZone(name) => format!("没有时区 {name:?}"),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is needed: give it"),
            Self::NotAUuid => f.write_str("give a fresh UUID, and the same again only for a retry"),
            Self::NotADate => f.write_str("give a real day: year (1970 to 9999), month and day"),
            Self::NotAMinute => f.write_str("give a whole minute (seconds 0), 1970 to 9999"),
            Self::NotAnOption => f.write_str("it is none of the values that can be asked for"),
            Self::OutOfRange { least, most } => write!(f, "give {least} to {most}"),
            Self::Count { given, most } => write!(f, "{given} were given: give 1 to {most}"),
            Self::NotAToken => {
                f.write_str("it is no page token of this question: begin with the first page")
            }
            Self::Text(it) => it.fmt(f),
            Self::Time(it) => it.fmt(f),
            Self::Amount(it) => it.fmt(f),
            Self::Other { english, .. } => f.write_str(english),
        }
    }
}
