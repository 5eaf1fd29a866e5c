//! What is done to the directories of a stopped bank: the only part that names the engine.

mod audit;

pub(crate) use audit::Copies;
