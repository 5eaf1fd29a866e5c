//! What the command line of a Love Bank is made of.

mod again;
mod amount;
mod chinese;
mod cli;
mod client;
mod entries;
mod export;
mod fail;
mod file;
pub mod import;
mod out;
mod pages;
mod progress;
mod run;
mod send;
mod session;
mod show;
mod stopped;
mod verb;
mod when;
mod words;

pub use run::run;
