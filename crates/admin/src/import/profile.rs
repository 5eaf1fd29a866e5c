//! Profiles: which column of which sheet means what, and how its cells are written.

use super::civil::DateForm;
use super::exports;
use super::sheet::{HoursForm, VolunteerForm};

/// What a column can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// 义工号, or an e-mail address.
    Volunteer,
    /// 姓名
    Name,
    /// 活动名称
    Activity,
    /// 服务类别
    Category,
    /// 服务地点
    Place,
    /// 服务开展日期
    Date,
    /// 签到时间
    Start,
    /// 签退时间
    End,
    /// 服务时长, in the profile's [`HoursForm`].
    Hours,
    /// 录入人
    Recorder,
    /// 证明人
    Attestor,
    /// How the row stands in the system it comes from.
    State,
}

impl Field {
    /// The word a mapping file uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Volunteer => "volunteer",
            Self::Name => "name",
            Self::Activity => "activity",
            Self::Category => "category",
            Self::Place => "place",
            Self::Date => "date",
            Self::Start => "start",
            Self::End => "end",
            Self::Hours => "hours",
            Self::Recorder => "recorder",
            Self::Attestor => "attestor",
            Self::State => "state",
        }
    }
}

/// Where a sheet has a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// Under any of these header texts, compared as [`super::fold::header`] folds them.
    Header(Vec<String>),
    /// In this column, from 1: sheets without a header.
    Number(usize),
}

/// One column of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it means.
    pub field: Field,
    /// Where it is.
    pub at: At,
    /// False when the same profile also knows sheets without it.
    pub required: bool,
}

/// One way of keeping a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Of a sheet without a header: how many cells a row has. `None` with a header.
    pub width: Option<usize>,
    /// How days are written.
    pub dates: Vec<DateForm>,
    /// How the time served is written.
    pub hours: HoursForm,
    /// How volunteers are written.
    pub volunteer: VolunteerForm,
    /// The only state of a row that counts, where rows have a state.
    pub counted: Option<&'static str>,
    /// Whether a volunteer has an activity on a day once in a file: where the system it comes from
    /// keeps every transfer, the bank would take the second for a correction of the first.
    pub once: bool,
}

impl Profile {
    /// The names of the profiles that need no mapping file.
    pub const NAMES: [&'static str; 4] = ["shenzhen", "nss", "timeoverflow", "komunitin"];

    /// One of [`Profile::NAMES`].
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "shenzhen" => Some(Self::shenzhen()),
            "nss" => Some(Self::nss()),
            "timeoverflow" => Some(exports::timeoverflow()),
            "komunitin" => Some(exports::komunitin()),
            _ => None,
        }
    }

    /// Shenzhen's import sheet: 8 columns with 活动名称, or 9 without it but with 录入人 and
    /// 证明人. The header tells which; without 活动名称 the caller names the activity. Where the
    /// street adds 服务类别, which sets the coefficient, or 服务地点, they are read too.
    pub fn shenzhen() -> Self {
        let column = |field, required, headers: &[&str]| Column {
            field,
            required,
            at: At::Header(headers.iter().map(|text| (*text).to_owned()).collect()),
        };
        let day = ["服务开展日期(yyyy/MM/dd)", "服务开展日期(yyyy-MM-dd)", "服务开展日期"];
        Self {
            name: "shenzhen".to_owned(),
            columns: vec![
                column(Field::Volunteer, true, &["义工号"]),
                column(Field::Name, false, &["姓名"]),
                column(Field::Activity, false, &["活动名称"]),
                column(Field::Category, false, &["服务类别"]),
                column(Field::Place, false, &["服务地点"]),
                column(Field::Date, true, &day),
                column(Field::Start, true, &["签到时间(HH:mm)", "签到时间"]),
                column(Field::End, true, &["签退时间(HH:mm)", "签退时间"]),
                // Never by its stem alone: 服务时长(单位:分钟) must not be read as hours.
                column(Field::Hours, true, &["服务时长(单位:小时)", "服务时长(小时)", "服务时长"]),
                column(Field::Recorder, false, &["录入人"]),
                column(Field::Attestor, false, &["证明人"]),
            ],
            width: None,
            dates: DateForm::YEAR_FIRST.to_vec(),
            hours: HoursForm::Decimal,
            volunteer: VolunteerForm::Number,
            counted: None,
            once: false,
        }
    }

    /// A university programme's batches: no header; volunteer's e-mail, event, hours.
    pub fn nss() -> Self {
        let column = |field, number| Column { field, required: true, at: At::Number(number) };
        Self {
            name: "nss".to_owned(),
            columns: vec![
                column(Field::Volunteer, 1),
                column(Field::Activity, 2),
                column(Field::Hours, 3),
            ],
            width: Some(3),
            dates: Vec::new(),
            hours: HoursForm::Decimal,
            volunteer: VolunteerForm::Email,
            counted: None,
            once: false,
        }
    }

    /// One line that tells a person whether a sheet is of this profile.
    pub fn outline(&self) -> String {
        let columns: Vec<_> =
            self.columns.iter().filter(|c| c.required).map(Column::label).collect();
        let header = if self.width.is_some() { "no header: " } else { "" };
        format!("{} ({header}{})", self.name, columns.join(", "))
    }
}

impl Column {
    /// What a person looks for: the header text, or the number with its meaning.
    pub fn label(&self) -> String {
        match &self.at {
            At::Header(texts) => texts.first().cloned().unwrap_or_default(),
            At::Number(number) => format!("{number} {}", self.field.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_profile_is_there_and_says_what_it_is() {
        for name in Profile::NAMES {
            assert!(Profile::by_name(name).unwrap().outline().starts_with(name));
        }
        assert_eq!(Profile::by_name("other"), None);
        assert_eq!(Profile::nss().outline(), "nss (no header: 1 volunteer, 2 activity, 3 hours)");
    }
}
