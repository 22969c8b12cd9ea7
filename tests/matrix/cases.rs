//! What dynamap needs of an engine, topic by topic.

mod batches;
mod capacity;
mod conditions;
mod generated;
mod indexes;
mod lost_answers;
mod pages;
mod queries;
mod scans;
mod streams;
mod tables;
mod time_to_live;
mod transactions;
mod updates;
mod values;
mod versions;
mod writes;

use super::Case;

pub(super) const ALL: &[&[Case]] = &[
    tables::CASES,
    writes::CASES,
    values::CASES,
    conditions::CASES,
    updates::CASES,
    generated::CASES,
    versions::CASES,
    queries::CASES,
    pages::CASES,
    indexes::CASES,
    scans::CASES,
    batches::CASES,
    transactions::CASES,
    lost_answers::CASES,
    time_to_live::CASES,
    capacity::CASES,
    streams::CASES,
];
