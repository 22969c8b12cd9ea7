//! The operations that get malformed answers, and what they told.

use crate::model::Shop;
use crate::{reads, tables, vector_indexes, writes};
use dynamap::{Error, Table};

macro_rules! operations {
    ($($name:ident: $module:ident::$run:ident, $kind:ident;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Operation {
            $($name,)*
        }

        impl Operation {
            pub(crate) const ALL: [Self; [$(stringify!($name)),*].len()] = [$(Self::$name),*];

            pub(crate) fn kind(self) -> Kind {
                match self {
                    $(Self::$name => Kind::$kind,)*
                }
            }

            pub(crate) async fn run(self, run: &Run) -> Told {
                // In boxes: the future of all of them would be large.
                match self {
                    $(Self::$name => Box::pin($module::$run(run)).await,)*
                }
            }
        }
    };
}

operations! {
    Get: reads::get, Read;
    GetAbsent: reads::get_absent, Read;
    Exists: reads::exists, Read;
    Query: reads::query, Read;
    QueryPages: reads::query_pages, Read;
    QueryItems: reads::query_items, Read;
    Keys: reads::keys, Read;
    Collection: reads::collection, Read;
    Assemble: reads::assemble, Read;
    Scan: reads::scan, Read;
    ScanPages: reads::scan_pages, Read;
    ParallelScan: reads::parallel_scan, Read;
    Search: reads::search, Read;
    SearchKeys: reads::search_keys, Read;
    Hydrate: reads::hydrate, Read;
    BatchGet: reads::batch_get, Read;
    BatchGetMixed: reads::batch_get_mixed, Read;
    BatchGetTables: reads::batch_get_tables, Read;
    TransactGet: reads::transact_get, Read;
    Dump: reads::dump, Read;
    WaitUntilActive: reads::wait_until_active, Read;
    WaitUntilSearchable: reads::wait_until_searchable, Read;
    StreamArn: reads::stream_arn, Read;
    Put: writes::put, Write;
    Create: writes::create, Write;
    CreateTaken: writes::create_taken, Refused;
    Replace: writes::replace, Write;
    Update: writes::update, Write;
    Delete: writes::delete, Write;
    CreateVersioned: writes::create_versioned, Write;
    Save: writes::save, Write;
    SaveStale: writes::save_stale, Refused;
    Modify: writes::modify, Write;
    Transactional: writes::transactional, Write;
    TransactWrite: writes::transact_write, Write;
    TransactTaken: writes::transact_taken, Refused;
    BatchWrite: writes::batch_write, Write;
    BatchWriteTables: writes::batch_write_tables, Write;
    Load: writes::load, Write;
    CreateTable: writes::create_table, Write;
    AddVectorIndex: vector_indexes::add, Write;
    RemoveVectorIndex: vector_indexes::remove, Write;
    EnableStream: writes::enable_stream, Write;
    UpdateThroughput: writes::update_throughput, Write;
    DescribeTable: reads::describe, Read;
    Verify: tables::verify, Read;
    UpdateTable: tables::update, Write;
    DeleteTable: tables::delete, Write;
}

/// What an operation does to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
    /// A write whose condition is not true.
    Refused,
}

/// What an operation told its caller.
#[derive(Debug)]
#[allow(dead_code, reason = "the texts are shown by `Debug`")]
pub(crate) enum Told {
    /// What is true: what a read gave is in the table, and what was written is there.
    True,
    /// What is not.
    Untrue(String),
    /// That nobody knows.
    Unknown,
    /// That a condition is not true.
    Refused,
    /// Another error, after which nothing was written.
    Failed(String),
    /// As that: the answer was to the wrong question.
    Odd(String),
}

impl Told {
    pub(crate) fn of_read<T: PartialEq + std::fmt::Debug>(read: Result<T, Error>, expected: &T) -> Self {
        match read {
            Ok(read) if read == *expected => Self::True,
            Ok(read) => Self::Untrue(format!("{read:?}")),
            Err(error @ Error::Decode(_)) => Self::Odd(error.to_string()),
            Err(error) => Self::Failed(error.to_string()),
        }
    }

    /// What a write told, which is true if `holds` what it was to write.
    pub(crate) fn of_write<T>(written: Result<T, Error>, holds: bool) -> Self {
        match written {
            Ok(_) if holds => Self::True,
            Ok(_) => Self::Untrue("it is not written".to_owned()),
            Err(Error::Unknown(_)) => Self::Unknown,
            Err(Error::ConditionFailed(_) | Error::VersionConflict(_) | Error::TransactionCanceled(_)) => {
                Self::Refused
            }
            Err(error) => Self::Failed(error.to_string()),
        }
    }
}

/// A run of an operation.
pub(crate) struct Run {
    /// The shop whose answers are malformed.
    pub(crate) shop: Table<Shop>,
    /// The same shop, whose answers are not.
    pub(crate) plain: Table<Shop>,
    /// The archive beside them, whose answers are malformed as well, and the same without.
    pub(crate) archive: Table<Shop>,
    pub(crate) plain_archive: Table<Shop>,
    /// Another for each run.
    pub(crate) number: u64,
}
