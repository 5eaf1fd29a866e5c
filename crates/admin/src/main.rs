//! The command line of a Love Bank.
fn main() {}
