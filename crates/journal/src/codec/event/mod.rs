//! What happened: every event and its stored message.

mod read;
mod reward;
mod write;
