//! What the command line of a Love Bank is made of.
pub mod import;
