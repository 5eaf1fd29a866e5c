//! `VolunteerService`, but for what needs the vault: registering and personal data.

use lovebank_ledger::{Command, PassbookNo, VolunteerRef};

use super::{Resolve, branch_code, volunteer};
use crate::{Fault, Malformed, Parsed, both, kinds, scalar::number, v1};

/// `MoveVolunteer`.
pub fn move_volunteer(it: &v1::MoveVolunteerRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let (volunteer, branch) = both(
        volunteer("volunteer_number", &it.volunteer_number, resolve),
        branch_code("branch_code", &it.branch_code),
    )?;
    Ok(Command::MoveVolunteer { volunteer, branch })
}

/// `SetVolunteerStatus`.
pub fn set_volunteer_status(
    it: &v1::SetVolunteerStatusRequest,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let (volunteer, status) = both(
        volunteer("volunteer_number", &it.volunteer_number, resolve),
        kinds::volunteer_status("status", it.status),
    )?;
    Ok(Command::SetVolunteerStatus { volunteer, status })
}

/// `ErasePerson`.
pub fn erase_person(it: &v1::ErasePersonRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let volunteer = match (it.volunteer_number.as_str(), it.passbook_no) {
        ("", no) => VolunteerRef::Passbook(number("passbook_no", no, PassbookNo::new)?),
        (number, 0) => volunteer("volunteer_number", number, resolve)?,
        _ => return Err(Malformed::new("passbook_no", Fault::Surplus)),
    };
    Ok(Command::ErasePerson { volunteer })
}
