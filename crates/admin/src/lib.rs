//! What the command line of a Love Bank is made of.

pub mod cli;
mod client;
mod command;
pub mod import;
mod output;
mod send;
mod verify;

pub use command::run;
