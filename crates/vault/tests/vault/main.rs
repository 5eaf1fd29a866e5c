//! The vault as the service meets it.

mod annotations;
mod erasure;
mod finding;
mod keeping;
mod opening;
mod sealing;
mod support;
mod sweeping;
