//! Derives without a database.
