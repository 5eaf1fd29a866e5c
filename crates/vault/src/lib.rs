//! Personal data, apart from the journal: durable, searchable, erasable.
