//! Profiles of what other time banks export: their transfers, as hours of whoever was paid. Who
//! paid was served, and so vouches for it.
//!
//! | profile | layout seen in |
//! |---|---|
//! | `timeoverflow` | coopdevs/timeoverflow: `app/decorators/report/transfer_decorator.rb` (Date, From, To, Post, Quantity), `display_name_with_uid` of `Member`, `seconds_to_hm`, `config/locales/en.yml` |
//! | `komunitin` | community-exchange-network/komunitin: `mapTransferToCSV` of `accounting/src/server/csv-mappers.ts`, `TransferStates` of `accounting/src/model/transfer.ts` |
//!
//! Neither export says that two transfers of a day for one thing are two: see [`Profile::once`].

use super::civil::DateForm;
use super::profile::{At, Column, Field, Profile};
use super::sheet::{HoursForm, VolunteerForm};

fn column(field: Field, header: &str) -> Column {
    Column { field, required: true, at: At::Header(vec![header.to_owned()]) }
}

/// The transfers of TimeOverflow, in English: `To` is "Name (12)", by the number of the member;
/// the bank itself has none.
pub(super) fn timeoverflow() -> Profile {
    Profile {
        name: "timeoverflow".to_owned(),
        columns: vec![
            column(Field::Date, "Date"),
            column(Field::Attestor, "From"),
            column(Field::Volunteer, "To"),
            column(Field::Activity, "Post"),
            column(Field::Hours, "Quantity"),
        ],
        width: None,
        dates: vec![DateForm::Instant],
        hours: HoursForm::Clock,
        volunteer: VolunteerForm::Uid,
        counted: None,
        once: true,
    }
}

/// The transfers of Komunitin (`transfers.csv`), of a currency that counts hours.
pub(super) fn komunitin() -> Profile {
    Profile {
        name: "komunitin".to_owned(),
        columns: vec![
            column(Field::Date, "created"),
            column(Field::State, "state"),
            column(Field::Hours, "amount"),
            column(Field::Activity, "description"),
            column(Field::Attestor, "payer.code"),
            column(Field::Volunteer, "payee.code"),
        ],
        width: None,
        dates: vec![DateForm::Instant],
        hours: HoursForm::Decimal,
        volunteer: VolunteerForm::Number,
        counted: Some("committed"),
        once: true,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};

    use crate::import::{Choice, Line, Options, RowTime, Sheet, read};

    fn sheet(text: &str) -> Sheet {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let options = Options { zone: Some(zone), ..Options::default() };
        read("a", text.as_bytes(), &Choice::Auto, &options).unwrap()
    }

    fn told(sheet: &Sheet) -> Vec<(usize, String)> {
        let line = |it: &Line| match it {
            Line::Row(it) => {
                let RowTime::Day { date, minutes } = it.time else { panic!("{it:?}") };
                let attestor = it.attestor.as_deref().unwrap_or("-");
                let text = format!("{} {} {date} {minutes} {attestor}", it.volunteer, it.activity);
                (it.line, text)
            }
            Line::Malformed(it) => (it.line, it.fault.code().to_owned()),
        };
        sheet.lines.iter().map(line).collect()
    }

    #[test]
    fn transfers_of_timeoverflow_are_hours_of_whoever_was_paid() {
        let sheet = sheet(
            "Date,From,To,Post,Quantity\n\
             2015-03-01 20:30:00 UTC,Ada (3),Bob (12),Gardening,1:30\n\
             2015-03-02 10:30:00 +0100,Ada (3),Time Bank,Gardening,0:30\n\
             2015-03-02 10:30:00 +0100,Time Bank,Bob (12),Gardening,0:45\n\
             2015-03-02 11:30:00 +0100,Ada (3),Bob (12),Gardening,0:20\n\
             2015-03-02 11:30:00 +0100,Ada (3),Bob (12),,0:20\n",
        );
        assert_eq!(sheet.profile.name, "timeoverflow");
        let told = told(&sheet);
        assert_eq!(told[0], (2, "12 Gardening 2015-03-02 90 Ada (3)".to_owned()));
        assert_eq!(told[1], (3, "VOLUNTEER_WITHOUT_NUMBER".to_owned()));
        // The first and the third fall on one day in Shanghai.
        assert_eq!(told[2], (4, "SAME_DAY_AGAIN".to_owned()));
        assert_eq!(told[3], (5, "SAME_DAY_AGAIN".to_owned()));
        assert_eq!(told[4], (6, "ACTIVITY_MISSING".to_owned()));
        assert_eq!(date(2015, 3, 2).to_string(), "2015-03-02");
    }

    #[test]
    fn only_committed_transfers_of_komunitin_count() {
        let header = "id,created,updated,state,amount,description,hash,authorization,payer.id,\
            payer.code,payee.id,payee.code,user.id\n";
        let row = |state: &str, amount: &str| {
            format!(
                "i,2026-03-01T16:00:00.000Z,2026-03-01T16:00:00.000Z,{state},{amount},Help,h,,\
                 p,ABCD0001,q,ABCD0002,u\n"
            )
        };
        let text = [header, &row("committed", "1.50"), &row("rejected", "1.50")].concat();
        let sheet = sheet(&text);
        assert_eq!(sheet.profile.name, "komunitin");
        let told = told(&sheet);
        assert_eq!(told[0], (2, "ABCD0002 Help 2026-03-02 90 ABCD0001".to_owned()));
        assert_eq!(told[1], (3, "NOT_COUNTED".to_owned()));
        assert!(sheet.unread.contains(&"hash".to_owned()));
    }
}
