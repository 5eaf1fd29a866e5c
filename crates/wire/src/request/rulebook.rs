//! `RulebookService`.

use jiff::civil::Date;
use lovebank_ledger::{Command, Rulebook};

use crate::{Fault, Malformed, Parsed, both, scalar::optional_date, v1};

/// `AdoptRulebook`; `today` is the day where none is given.
pub fn adopt_rulebook(it: &v1::AdoptRulebookRequest, today: Date) -> Parsed<Command> {
    let rulebook = Rulebook::parse(&it.text).map_err(|err| {
        let (english, chinese) = (err.to_string(), format!("规则无法采用：{}", err.chinese()));
        Malformed::new("text", Fault::Other { english, chinese })
    });
    let from = optional_date("in_force_from", it.in_force_from.as_ref());
    let (from, rulebook) = both(from, rulebook)?;
    Ok(Command::AdoptRulebook { in_force_from: from.unwrap_or(today), rulebook })
}
