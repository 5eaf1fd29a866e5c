//! Who is recognised, and why (表彰): stars that are reached, and award programmes whose selection
//! anyone can compute again.
//!
//! A selection follows from the programme, an entry number and a cut-off alone: everything it
//! looks at is looked at as of that entry, so that it is the same on any machine on any day.

mod clause;
mod explain;
mod facts;
mod programme;
mod select;
mod sheet;
mod star;

pub use clause::{CLAUSES_MAX, Clause, Judged};
pub use explain::{Drift, Explained, Standing, drift, explain};
pub use facts::{Ages, NEVER, VARIABLES, View};
pub use programme::{PROGRAMMES_MAX, Places, Programme, Rest, Ties};
pub(crate) use programme::{ProgrammeTable, parse_programmes};
pub(crate) use select::is_candidate;
pub use select::{Candidate, Fate, Inputs, Seat, Selection, select};
pub use sheet::{digest, sheet};
pub use star::{Reach, Reaching, SCHEMES_MAX, STARS_MAX, Star, StarCandidate, StarScheme};
pub(crate) use star::{SchemeTable, parse_schemes};
