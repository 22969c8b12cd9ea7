//! Tables against their schemas: created with everything, verified, changed and deleted.

mod admin;
mod creation;
mod deletion;
mod difference;
mod export;
mod schemas;
mod update;
