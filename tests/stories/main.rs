//! The service through its front door. One module per story.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]

mod awards;
mod backup;
mod contention;
mod crash;
mod disk_full;
mod expiry;
mod failing;
mod gifts;
mod help;
mod hours;
mod import;
mod merges;
mod operation;
mod priority;
mod process;
mod protocol;
mod recognition;
mod redemption;
mod roles;
mod shelf_contention;
mod support;
mod tour;
mod undo_import;
mod witness;
