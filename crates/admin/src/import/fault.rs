//! Why one row is not taken, and how its writer mends it.

use super::sheet::minutes_text;
use super::table::CELL_BYTES_MAX;

const CLOCK_CHANGE: &str = "the clocks were changed then, so that the time does not exist or \
    exists twice; give times before or after it";
const NUMBER_DESTROYED: &str = "Excel turned the number into a quantity and lost digits; \
    set the column to Text and type the number again";

const NUMBER_IS_QUANTITY: &str = "Excel keeps the number as a quantity, so that zeros before it \
    are lost; set the column to Text and type it again, or give it its digits with \
    =TEXT(A2,\"0000000000\")";

/// What is wrong with a row. The code never changes; the sentences may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// More or fewer cells than the sheet has columns: often a comma inside a cell.
    ColumnCount {
        /// Columns of the sheet.
        expected: usize,
        /// Cells of the row.
        seen: usize,
    },
    /// A cell past [`CELL_BYTES_MAX`].
    CellTooLong,
    /// U+FFFD: the text was damaged before it came here.
    CellGarbled,
    /// No volunteer.
    VolunteerMissing,
    /// The profile wants an e-mail address.
    VolunteerNotEmail,
    /// Blanks or control characters inside.
    VolunteerSpaced,
    /// Past the bound of its form.
    VolunteerTooLong {
        /// Most characters.
        most: usize,
    },
    /// `4.40307E+17` or `300207442.0`: Excel took a number for a quantity; digits are lost.
    NumberDestroyed,
    /// A volunteer number that a workbook keeps as a quantity: its leading zeros are lost.
    NumberIsQuantity,
    /// `#REF!` and the like.
    CellError,
    /// A name without a number after it.
    VolunteerWithoutNumber,
    /// In another state than the one that counts.
    NotCounted {
        /// The state that counts.
        counted: &'static str,
    },
    /// The same volunteer, activity and day as an earlier row.
    SameDayAgain {
        /// The earlier row.
        line: usize,
    },
    /// No activity, neither in the row nor from the caller.
    ActivityMissing,
    /// A text past the bank's bound.
    TextTooLong {
        /// Most characters.
        most: usize,
    },
    /// A line break or a control character inside a text.
    TextControl,
    /// More than a day has, either side of zero.
    DayTooLong {
        /// Most minutes.
        most: i64,
    },
    /// No date.
    DateMissing,
    /// Not written in a form of the profile.
    DateForm {
        /// The forms it may have.
        forms: String,
    },
    /// 31 April, or a year nobody means.
    DateImpossible,
    /// A time that the clocks left out or went through twice, or past the bank's calendar.
    ClockChange,
    /// No check-in or check-out.
    TimeMissing,
    /// Not HH:mm.
    TimeForm,
    /// 25:70.
    TimeImpossible,
    /// No hours.
    HoursMissing,
    /// Not a number in the form of the profile.
    HoursForm {
        /// The form it must have.
        form: &'static str,
    },
    /// More than anybody's lifetime.
    HoursRange {
        /// Most hours, either side of zero.
        most: i64,
    },
    /// Check-in and check-out are the same.
    ZeroMinutes,
    /// The times and the stated hours say different things.
    HoursConflict {
        /// Minutes between the times.
        times: i64,
        /// Minutes stated.
        stated: i64,
    },
}

impl Fault {
    /// A name for scripts that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ColumnCount { .. } => "COLUMN_COUNT",
            Self::CellTooLong => "CELL_TOO_LONG",
            Self::CellGarbled => "CELL_GARBLED",
            Self::VolunteerMissing => "VOLUNTEER_MISSING",
            Self::VolunteerNotEmail => "VOLUNTEER_NOT_EMAIL",
            Self::VolunteerSpaced => "VOLUNTEER_SPACED",
            Self::VolunteerTooLong { .. } => "VOLUNTEER_TOO_LONG",
            Self::NumberDestroyed => "NUMBER_DESTROYED",
            Self::NumberIsQuantity => "NUMBER_IS_QUANTITY",
            Self::CellError => "CELL_ERROR",
            Self::VolunteerWithoutNumber => "VOLUNTEER_WITHOUT_NUMBER",
            Self::NotCounted { .. } => "NOT_COUNTED",
            Self::SameDayAgain { .. } => "SAME_DAY_AGAIN",
            Self::ActivityMissing => "ACTIVITY_MISSING",
            Self::TextTooLong { .. } => "TEXT_TOO_LONG",
            Self::TextControl => "TEXT_CONTROL",
            Self::DayTooLong { .. } => "DAY_TOO_LONG",
            Self::DateMissing => "DATE_MISSING",
            Self::DateForm { .. } => "DATE_FORM",
            Self::DateImpossible => "DATE_IMPOSSIBLE",
            Self::ClockChange => "CLOCK_CHANGE",
            Self::TimeMissing => "TIME_MISSING",
            Self::TimeForm => "TIME_FORM",
            Self::TimeImpossible => "TIME_IMPOSSIBLE",
            Self::HoursMissing => "HOURS_MISSING",
            Self::HoursForm { .. } => "HOURS_FORM",
            Self::HoursRange { .. } => "HOURS_RANGE",
            Self::ZeroMinutes => "ZERO_MINUTES",
            Self::HoursConflict { .. } => "HOURS_CONFLICT",
        }
    }

    /// What is wrong and how to mend it, in English.
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    pub fn english(&self) -> String {
        match self {
            Self::ColumnCount { expected, seen } => format!(
                "the row has {seen} cells, the sheet {expected} columns; \
                 add what is missing or quote a cell that holds a comma"
            ),
            Self::CellTooLong => {
                format!("a cell is longer than {CELL_BYTES_MAX} bytes; shorten it")
            }
            Self::CellGarbled => {
                "a character was lost when the file was saved; type the cell again".into()
            }
            Self::VolunteerMissing => "no volunteer; write the volunteer's number".into(),
            Self::VolunteerNotEmail => "not an e-mail address; write the volunteer's".into(),
            Self::VolunteerSpaced => {
                "blanks or hidden characters inside the number; remove them".into()
            }
            Self::VolunteerTooLong { most } => {
                format!("longer than {most} characters; check the number")
            }
            Self::NumberDestroyed => NUMBER_DESTROYED.into(),
            Self::NumberIsQuantity => NUMBER_IS_QUANTITY.into(),
            Self::CellError => "an error of Excel stands there; mend its formula".into(),
            Self::VolunteerWithoutNumber => {
                "no number in brackets after the name: it is no member, so that nobody served"
                    .into()
            }
            Self::NotCounted { counted } => format!("only what is {counted} counts"),
            Self::SameDayAgain { line } => format!(
                "line {line} has the same volunteer, activity and day, and the bank would take this \
                 row for a correction of it; add the two up, or name the activities apart"
            ),
            Self::ActivityMissing => "no activity; write its name".into(),
            Self::TextTooLong { most } => format!("longer than {most} characters; shorten it"),
            Self::TextControl => "a line break or hidden character inside; remove it".into(),
            Self::DayTooLong { most } => {
                format!("more than the {most} minutes of a day; check the hours, or split the row")
            }
            Self::DateMissing => "no date; write the day of service".into(),
            Self::DateForm { forms } => format!("not a date; write it as {forms}"),
            Self::DateImpossible => "there is no such day; check year, month and day".into(),
            Self::ClockChange => CLOCK_CHANGE.into(),
            Self::TimeMissing => "no time; write check-in and check-out as HH:mm".into(),
            Self::TimeForm => "not a time; write it as HH:mm, without seconds".into(),
            Self::TimeImpossible => {
                "there is no such time; write it between 00:00 and 24:00".into()
            }
            Self::HoursMissing => "no hours; write them".into(),
            Self::HoursForm { form } => format!("not hours; write them as {form}"),
            Self::HoursRange { most } => format!("more than {most} hours; check the number"),
            Self::ZeroMinutes => {
                "check-in and check-out are the same; correct the one that is wrong".into()
            }
            Self::HoursConflict { times, stated } => {
                let (times, stated) = (minutes_text(*times), minutes_text(*stated));
                format!(
                    "the times make {times} but the hours say {stated}; \
                     correct the one that is wrong, or leave the hours empty"
                )
            }
        }
    }

    /// The same in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::ColumnCount { expected, seen } => {
                format!("本行有 {seen} 个单元格，表有 {expected} 列；请补齐，含逗号的内容请加引号")
            }
            Self::CellTooLong => format!("单元格超过 {CELL_BYTES_MAX} 字节，请缩短"),
            Self::CellGarbled => "文件保存时丢失了字符，请重新输入该单元格".into(),
            Self::VolunteerMissing => "缺少志愿者，请填写义工号".into(),
            Self::VolunteerNotEmail => "不是邮箱地址，请填写志愿者的邮箱".into(),
            Self::VolunteerSpaced => "号码中间有空格或隐藏字符，请删除".into(),
            Self::VolunteerTooLong { most } => format!("超过 {most} 个字符，请核对号码"),
            Self::NumberDestroyed => {
                "Excel 把号码当成数值，位数已丢失；请把该列设为“文本”后重新填写号码".into()
            }
            Self::ActivityMissing => "缺少活动，请填写活动名称".into(),
            Self::NumberIsQuantity => {
                "Excel 把号码存为数值，开头的零已丢失；请把该列设为“文本”后重新填写，\
                或用 =TEXT(A2,\"0000000000\") 补足位数"
                    .into()
            }
            Self::CellError => "单元格是 Excel 错误值，请修正公式".into(),
            Self::VolunteerWithoutNumber => "姓名后面没有括号里的编号：不是成员，无人服务".into(),
            Self::NotCounted { counted } => format!("只有状态为 {counted} 的行才计入"),
            Self::SameDayAgain { line } => format!(
                "第 {line} 行是同一人、同一活动、同一天，本行会被当作更正；请合并两行，或用不同的活动名称"
            ),
            Self::TextTooLong { most } => format!("超过 {most} 个字符，请缩短"),
            Self::TextControl => "内容中有换行或隐藏字符，请删除".into(),
            Self::DayTooLong { most } => {
                format!("超过一天的 {most} 分钟，请核对时长，或分成几行填写")
            }
            Self::DateMissing => "缺少日期，请填写服务开展日期".into(),
            Self::DateForm { forms } => format!("不是日期，请写成 {forms}"),
            Self::DateImpossible => "没有这一天，请核对年、月、日".into(),
            Self::ClockChange => {
                "当时正在调整时钟，此时间不存在或出现两次；请写调整之前或之后的时间".into()
            }
            Self::TimeMissing => "缺少时间，请按 HH:mm 填写签到和签退时间".into(),
            Self::TimeForm => "不是时间，请写成 HH:mm，不要写秒".into(),
            Self::TimeImpossible => "没有这个时间，请写在 00:00 到 24:00 之间".into(),
            Self::HoursMissing => "缺少服务时长，请填写".into(),
            Self::HoursForm { form } => format!("不是服务时长，请写成 {form}"),
            Self::HoursRange { most } => format!("超过 {most} 小时，请核对"),
            Self::ZeroMinutes => "签到和签退时间相同，请更正其中一个".into(),
            Self::HoursConflict { times, stated } => {
                let (times, stated) = (minutes_text(*times), minutes_text(*stated));
                format!(
                    "签到签退相差 {times}，服务时长却写 {stated}；请更正错的一个，或把服务时长留空"
                )
            }
        }
    }

    /// Both languages in one line, for a reasons file.
    pub fn message(&self) -> String {
        format!("{} / {}", self.chinese(), self.english())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_names_both_values_in_both_languages() {
        let fault = Fault::HoursConflict { times: 0, stated: 60 };
        assert_eq!(fault.code(), "HOURS_CONFLICT");
        for text in [fault.english(), fault.chinese()] {
            assert!(text.contains("0:00") && text.contains("1:00"), "{text}");
        }
    }
}
