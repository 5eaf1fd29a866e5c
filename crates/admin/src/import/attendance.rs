//! Sheets that say who was there: a sign-in list, or a list of participants. Unlike sheets of
//! hours they may have gaps, for gaps are what is looked for.

use jiff::civil::Date;

use super::{
    Choice, Source,
    civil::{DateForm, date, interval, time},
    error::SheetError,
    fault::Fault,
    fold,
    header::Layout,
    is_blank, pick,
    profile::{At, Column, Field, Profile},
    row::{DAY_MINUTES_MAX, check_flaws, check_shape},
    sheet::{HoursForm, Stated, VolunteerForm, hours, volunteer},
    table::Record,
};

/// A row of such a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendee {
    /// The line of the file, from 1; none of what the bank knows.
    pub line: Option<usize>,
    /// The volunteer number.
    pub number: String,
    /// The name, where the sheet has one.
    pub name: Option<String>,
    /// The day, where the sheet has one.
    pub date: Option<Date>,
    /// When it began, in minutes of the day.
    pub start: Option<i64>,
    /// When it ended.
    pub end: Option<i64>,
    /// How long it took: between the times, or as stated.
    pub minutes: Option<i64>,
}

/// A row that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The line of the file, from 1.
    pub line: usize,
    /// Why.
    pub fault: Fault,
}

/// A sheet, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Its rows.
    pub rows: Vec<Attendee>,
    /// Rows that were not understood.
    pub malformed: Vec<Unread>,
    /// Header texts of columns that mean nothing here.
    pub unread: Vec<String>,
    /// Whether it says when people came.
    pub has_start: bool,
    /// Whether it says when people went.
    pub has_end: bool,
}

/// Reads a sheet, below its titles, by the names of its columns.
pub fn read(bytes: &[u8]) -> Result<Attendance, SheetError> {
    let source = Source::open(bytes, None)?;
    let (profile, layout, delimiter) = pick(&source.views(), &Choice::Profile(profile()))?;
    let mut attendance = Attendance {
        has_start: layout.at(Field::Start).is_some(),
        has_end: layout.at(Field::End).is_some(),
        ..Attendance::default()
    };
    for record in source.rows(delimiter, layout.width)?.into_iter().skip(layout.head) {
        if is_blank(&record) {
            continue;
        }
        let sound = check_flaws(&profile, &layout, &record).map_err(|(_, fault)| fault);
        match sound.and_then(|()| attendee(&layout, &record)) {
            Ok(it) => attendance.rows.push(it),
            Err(fault) => attendance.malformed.push(Unread { line: record.line, fault }),
        }
    }
    attendance.unread = layout.unread;
    Ok(attendance)
}

/// The columns that such sheets have; only the volunteer must be there.
fn profile() -> Profile {
    let column = |field, texts: &[&str]| Column {
        field,
        required: field == Field::Volunteer,
        at: At::Header(texts.iter().map(|it| (*it).to_owned()).collect()),
    };
    let day =
        ["服务开展日期(yyyy/MM/dd)", "服务开展日期(yyyy-MM-dd)", "服务开展日期", "日期", "date"];
    let start = ["签到时间(HH:mm)", "签到时间", "签到", "开始时间", "sign_in", "check_in", "start"];
    let end = ["签退时间(HH:mm)", "签退时间", "签退", "结束时间", "sign_out", "check_out", "end"];
    Profile {
        name: "attendance".to_owned(),
        columns: vec![
            column(Field::Volunteer, &["义工号", "志愿者编号", "volunteer_number", "number"]),
            column(Field::Name, &["姓名", "name"]),
            column(Field::Date, &day),
            column(Field::Start, &start),
            column(Field::End, &end),
            column(Field::Hours, &["服务时长(单位:小时)", "服务时长(小时)", "服务时长", "hours"]),
        ],
        width: None,
        dates: DateForm::YEAR_FIRST.to_vec(),
        hours: HoursForm::Decimal,
        volunteer: VolunteerForm::Number,
        counted: None,
        once: false,
    }
}

fn attendee(layout: &Layout, record: &Record) -> Result<Attendee, Fault> {
    check_shape(&record.cells, layout.width).map_err(|(_, fault)| fault)?;
    let cell = |field| {
        let cell = layout.at(field).and_then(|at| record.cells.get(at));
        cell.map_or("", |it| fold::trim(it))
    };
    let filled = |field| Some(cell(field)).filter(|it| !it.is_empty());
    let start = filled(Field::Start).map(time).transpose()?;
    let end = filled(Field::End).map(time).transpose()?;
    let date = filled(Field::Date).map(|it| date(it, &DateForm::YEAR_FIRST)).transpose()?;
    let stated = filled(Field::Hours).map(|it| hours(it, HoursForm::Decimal)).transpose()?;
    let stated = stated.map(Stated::minutes);
    if stated.is_some_and(|it| !(0..=DAY_MINUTES_MAX).contains(&it)) {
        return Err(Fault::DayTooLong { most: DAY_MINUTES_MAX });
    }
    // A check-out past midnight is of the next day, as in sheets of hours.
    let between = match (start, end) {
        (Some(start), Some(end)) => {
            Some(interval(date.unwrap_or(Date::constant(2000, 1, 1)), start, end)?.2)
        }
        (Some(_), None) | (None, _) => None,
    };
    Ok(Attendee {
        line: Some(record.line),
        number: volunteer(cell(Field::Volunteer), VolunteerForm::Number)?,
        name: filled(Field::Name).map(fold::one_line),
        date,
        start,
        end,
        minutes: between.or(stated),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_with_titles_and_gaps_is_read() {
        let text = "社区巡河 签到表,,,,\n序号,义工号,姓名,签到时间,签退时间\n\
                    1,0300000001,甲,09:00,11:30\n2,0300000002,乙,23:30,01:15\n\
                    3,0300000003,丙,09:10,\n4,0300000004,丁,,\n,,,,\n5,4.40307E+17,戊,09:00,10:00\n";
        let read = read(text.as_bytes()).unwrap();
        let minutes: Vec<_> = read.rows.iter().map(|it| it.minutes).collect();
        assert_eq!(minutes, [Some(150), Some(105), None, None]);
        assert_eq!((read.rows[2].start, read.rows[2].end), (Some(550), None));
        assert_eq!(read.rows[3].start, None);
        assert_eq!(read.malformed, [Unread { line: 8, fault: Fault::NumberDestroyed }]);
        assert!(read.has_start && read.has_end && read.unread.is_empty());
    }

    #[test]
    fn a_number_that_excel_keeps_as_a_quantity_is_nobodys() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "义工号").unwrap();
        sheet.write_string(1, 0, "0300000001").unwrap();
        sheet.write_number(2, 0, 300_000_002).unwrap();
        let read = read(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(
            read.rows.iter().map(|it| it.number.as_str()).collect::<Vec<_>>(),
            ["0300000001"]
        );
        assert_eq!(read.malformed, [Unread { line: 3, fault: Fault::NumberIsQuantity }]);
    }

    #[test]
    fn a_list_of_numbers_alone_is_enough() {
        let read = read("number\n0300000001\n".as_bytes()).unwrap();
        assert_eq!((read.rows.len(), read.has_start, read.has_end), (1, false, false));
        assert!(matches!(super::read(b"name\nx\n"), Err(SheetError::NoHeader { .. })));
    }

    #[test]
    fn hours_are_those_of_a_day() {
        let read = read("number,hours\n1,24\n2,24.1\n3,-1\n4,x\n".as_bytes()).unwrap();
        assert_eq!((read.rows.len(), read.malformed.len()), (1, 3));
        assert_eq!(read.rows[0].minutes, Some(1440));
    }
}
