//! What is done to the directories of a bank that does not run: the only part that names the engine.

mod audit;
mod engine;
mod place;
mod source;

pub(crate) use audit::Copies;
pub(crate) use engine::Engine;
pub(crate) use place::Place;
pub(crate) use source::{Dirs, Source};
