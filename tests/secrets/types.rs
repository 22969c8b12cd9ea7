//! All public types, read from the source.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The public types that need no case, and why.
const WITHOUT_A_CASE: &[(&str, &[&str])] = &[
    (
        "they are values of entities, which are the user's to show",
        &[
            "ByteArray",
            "Bytes",
            "EpochSeconds",
            "FromZero",
            "Nullable",
            "Number",
            "Value",
            "Vector",
            "Version",
        ],
    ),
    (
        "they hold counts, units and times",
        &[
            "BackfillProgress",
            "BatchGetProgress",
            "BatchWriteProgress",
            "BudgetBuilder",
            "Capacity",
            "Consumed",
            "DumpProgress",
            "ExpressionSize",
            "InFlight",
            "IndexCapacity",
            "InvalidBudget",
            "InvalidSegmentCount",
            "InvalidThroughput",
            "InvalidThroughputKind",
            "LoadCheckpoint",
            "LoadProgress",
            "MetricsObserver",
            "OperationId",
            "OperationRecord",
            "Reservation",
            "ScanProgress",
            "Score",
            "SearchableProgress",
            "SequenceNumber",
            "ShardMetrics",
            "Throughput",
            "TimeWindow",
            "Units",
            "VectorBytes",
            "VectorIndexCapacity",
        ],
    ),
    (
        "they hold names and texts of the program: those of schemas, templates and fields",
        &[
            "AttributeSchema",
            "Encryption",
            "EntityKey",
            "EntitySchema",
            "EntityShape",
            "FieldTable",
            "Head",
            "IndexProjection",
            "DistanceFunction",
            "IndexSchema",
            "InvalidBatch",
            "InvalidBatchKind",
            "InvalidPart",
            "KeyAttribute",
            "KeyTemplate",
            "MoreThanOne",
            "NotDeleted",
            "NotDeletedKind",
            "PartitionPart",
            "ProjectedAttribute",
            "ProjectionExpression",
            "SchemaDifference",
            "SchemaDifferenceKind",
            "SchemaDifferences",
            "SchemaMismatch",
            "Segment",
            "StampedAttribute",
            "StrictSearch",
            "TableSettings",
            "ThrottlingReason",
            "UniqueConstraint",
            "UniqueField",
            "Variant",
            "VariantField",
            "VariantTag",
            "VectorIndexSchema",
            "VersionStamp",
        ],
    ),
    (
        "they hold ids of shards and workers, and places in shards",
        &["Checkpoint", "Gap", "Lease", "LeaseLost", "StartAt"],
    ),
    (
        "they are one of a few words",
        &[
            "Absence",
            "ConditionFailure",
            "CursorRefusal",
            "DataType",
            "EffectOutcome",
            "EventName",
            "Field",
            "IndexKeyChange",
            "IntegerOutOfRange",
            "InvalidSequenceNumber",
            "InvalidShardCheckpoint",
            "ItemStatus",
            "KeyRole",
            "KnownFault",
            "MalformedCheckpoint",
            "Mapping",
            "NoRandomBytes",
            "NotInView",
            "NumberError",
            "OperationOutcome",
            "PointInTimeRecovery",
            "ReadConsistency",
            "ServiceErrorKind",
            "StampKind",
            "StoredState",
            "TableSetting",
            "TagStyle",
            "ThrottlingCause",
            "VectorError",
            "VectorIndexPhase",
            "WholeWrite",
        ],
    ),
    (
        "they hold nothing, and stand for a type",
        &[
            "AsMember",
            "Beside",
            "Borrowed",
            "EntityAs",
            "KeyReader",
            "LeaseTable",
            "MembersOf",
            "Mixed",
            "Owned",
            "PartOfJointIndexKey",
            "Projected",
            "RawOf",
            "ResultOf",
            "Results",
            "Serde",
            "StatusOf",
            "With",
        ],
    ),
    (
        "they have neither `Debug` nor `Display`",
        &[
            "Counting",
            "Counts",
            "FlatMembers",
            "Flattened",
            "ItemPlace",
            "KeyBytes",
            "KeyOnly",
            "KeysAs",
            "One",
            "Optional",
            "PartWriter",
        ],
    ),
    (
        "they cannot be named outside of dynamap, or only by generated code",
        &[
            "Action",
            "AllUnread",
            "BatchGetSettings",
            "Changed",
            "EncodedEntity",
            "ErasedItem",
            "GetParts",
            "KeyOutcome",
            "MemberHint",
            "Members",
            "RawAttributes",
            "ReadFilter",
            "RequestedItem",
            "RequestedKeys",
            "Term",
            "Unknown",
            "WriteHandle",
            "WriteId",
        ],
    ),
];

pub(crate) fn all_are_covered(shown: &BTreeSet<&'static str>) {
    let public = public_types();
    let excused: BTreeSet<&str> =
        WITHOUT_A_CASE.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let missing: Vec<&String> = public
        .iter()
        .filter(|name| !shown.contains(name.as_str()) && !excused.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "neither a case nor a reason for {missing:?}");
    let unknown: Vec<&&str> = excused.iter().filter(|name| !public.contains(**name)).collect();
    assert!(unknown.is_empty(), "no public types: {unknown:?}");
    let both: Vec<&&str> = excused.iter().filter(|name| shown.contains(**name)).collect();
    assert!(both.is_empty(), "a case and a reason for {both:?}");
    println!(
        "{} public types: {} with a case, {} with a reason",
        public.len(),
        public.len() - excused.len(),
        excused.len()
    );
    assert!(public.len() > 150, "{}", public.len());
}

/// The names of all types that are `pub`, whether or not a user can reach them; not of those without a value.
fn public_types() -> BTreeSet<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("dynamap/src");
    let mut names = BTreeSet::new();
    for file in rust_files(&src) {
        let text = fs::read_to_string(file).unwrap();
        for line in text.split("#[cfg(test)]\nmod tests {").next().unwrap().lines() {
            let line = line.trim_start();
            let declared = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            let Some(declared) = declared.filter(|rest| !rest.ends_with("{}")) else { continue };
            let name: String = declared.chars().take_while(|c| c.is_alphanumeric()).collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
    names
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
