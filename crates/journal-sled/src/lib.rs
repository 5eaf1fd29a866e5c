//! The journal in an embedded sled database, on two mirrors.
