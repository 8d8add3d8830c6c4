//! The core room.
