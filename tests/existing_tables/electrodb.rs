//! ElectroDB 3.9.3: `__edb_e__` is the entity, the parts of keys are named and in lower case, and values are not.

use crate::{MAPPINGS, forms::epoch_millis, item, table, unchanged};
use dynamap::{Attribute, Entity, Index, TableSchema};
use jiff::Timestamp;
use std::{collections::BTreeSet, convert::Infallible, fmt, str::FromStr};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = "__edb_e__", indexes(ByStatus))]
struct Tasks;

#[derive(Index)]
#[dynamap(table = Tasks, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByStatus;

/// A text that keys have in lower case.
#[derive(Debug, Clone, PartialEq, Attribute)]
struct Folded(String);

impl fmt::Display for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_lowercase())
    }
}

impl FromStr for Folded {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Tasks, name = "task")]
#[dynamap(pk = "$taskapp#team_{team}", sk = "$task_1#project_{project}#task_{task}")]
#[dynamap(index = ByStatus, pk = "$taskapp#status_{status}", sk = "$task_1#points_{points}")]
struct Task {
    #[dynamap(plain)]
    team: Folded,
    #[dynamap(plain)]
    project: Folded,
    #[dynamap(plain)]
    task: Folded,
    status: Status,
    #[dynamap(plain)]
    points: u32,
    tags: BTreeSet<String>,
    comments: Vec<Comment>,
    done: bool,
    #[dynamap(rename = "createdAt", with = epoch_millis)]
    created_at: Timestamp,
    #[dynamap(rename = "__edb_v__")]
    model_version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Attribute)]
#[dynamap(rename_all = "lowercase")]
enum Status {
    Open,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Comment {
    user: String,
    body: String,
}

const TASK: &str = r##"{"team":{"S":"Green"},"task":{"S":"T-1"},"project":{"S":"Core"},"status":{"S":"open"},"points":{"N":"13"},
    "tags":{"SS":["a","b"]},"comments":{"L":[{"M":{"user":{"S":"Ada"},"body":{"S":"Hi"}}}]},"done":{"BOOL":false},
    "createdAt":{"N":"1764500000123"},"pk":{"S":"$taskapp#team_green"},"sk":{"S":"$task_1#project_core#task_t-1"},
    "gsi1pk":{"S":"$taskapp#status_open"},"gsi1sk":{"S":"$task_1#points_13"},"__edb_e__":{"S":"task"},"__edb_v__":{"S":"1"}}"##;

fn folded(text: &str) -> Folded {
    Folded(text.to_owned())
}

#[tokio::test]
async fn an_item_is_read_and_written_again() {
    let task: Task = unchanged(&item(TASK)).await;
    assert_eq!((task.team, task.status, task.points), (folded("Green"), Status::Open, 13));
}

#[tokio::test]
async fn it_is_found_by_its_keys_and_moves_in_the_index() {
    for mapping in MAPPINGS {
        let tasks = table::<Tasks>(mapping, &item(TASK)).await;
        let key = || Task::key(folded("GREEN"), folded("core"), folded("T-1"));
        assert!(tasks.exists(key()).await.unwrap());
        let of_team = tasks.query(Task::partition(folded("Green")));
        assert_eq!(of_team.try_collect().await.unwrap().len(), 1);
        tasks.update(key()).apply(Task::STATUS.set(Status::Closed)).await.unwrap();
        assert_eq!(tasks.query(Task::by_status(Status::Open)).count().await.unwrap(), 0);
        let closed = tasks.query(Task::by_status(Status::Closed)).try_collect().await.unwrap();
        assert_eq!(closed[0].team, folded("Green"));
    }
}
