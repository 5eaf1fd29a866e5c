//! What happened: every event and its stored message.

mod read;
mod write;
