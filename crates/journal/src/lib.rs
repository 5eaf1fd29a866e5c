//! The append-only journal: its guarantees, bytes, seals and the suite every engine passes.
