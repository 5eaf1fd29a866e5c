//! The service through its front door. One module per story.

mod contention;
mod crash;
mod hours;
mod import;
mod roles;
mod support;
mod tour;
