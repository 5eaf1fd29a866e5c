//! Builders and generators for tests; never a normal dependency.
