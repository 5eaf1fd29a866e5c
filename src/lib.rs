//! The Love Bank service: one writer, one journal, gRPC at the edge.
