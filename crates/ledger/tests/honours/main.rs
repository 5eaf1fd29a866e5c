//! Honours: `AwardStars`, `RecordHonours`, `RevokeHonour`, `Nominate`, `RunAwards`,
//! `MakeException`, `FileObjection`, `IssueCertificate`. Each is told with what it refuses.
#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests")]

mod bounds;
mod documents;
mod edges;
mod facts;
mod merges;
mod runs;
mod stars;
mod town;
