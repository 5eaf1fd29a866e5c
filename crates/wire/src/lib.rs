//! Generated gRPC code, and the only place where messages meet the ledger.
