//! A table of sessions on the embedded engine, and its items as they lie in it.

use dynamap::{Table, direct::Mapping};
use dynamap_local::{
    Local, Request,
    faults::{Faults, Plan},
};
use serde_json::{Value, json};
use session_store::{create_table, model::Sessions};

/// The table's name.
pub(crate) const TABLE: &str = "sessions";

/// An engine with a table of sessions.
pub(crate) struct World {
    /// The engine, past the faults.
    pub(crate) engine: Local,
    /// The engine behind the faults.
    pub(crate) local: Local,
    pub(crate) faults: Faults,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Plan::none()).await
    }

    pub(crate) async fn with(plan: Plan) -> Self {
        let engine = Local::memory().unwrap();
        let (local, faults) = engine.with_faults(plan);
        // What a test draws, and the times of retries, follow the seed of the faults.
        faults.seed().into_iter().for_each(fastrand::seed);
        let world = Self { engine, local, faults };
        let table = Table::<Sessions>::new(world.engine.client(), TABLE);
        assert!(create_table(&table).await.unwrap());
        world
    }

    /// The table for a client of its own, behind the faults.
    pub(crate) fn table(&self) -> Table<Sessions> {
        Table::new(self.local.client(), TABLE)
    }

    /// The table by each mapping.
    pub(crate) fn tables(&self) -> [Table<Sessions>; 2] {
        [self.table(), self.table().with_mapping(Mapping::AttributeValue)]
    }

    /// Writes an item as another program does.
    pub(crate) async fn put_item(&self, item: &Value) {
        self.request("PutItem", &json!({ "TableName": TABLE, "Item": item })).await;
    }

    /// The item of a session, as it is stored.
    pub(crate) async fn item(&self, id: &str) -> Value {
        let key = json!({ "SessionID": { "S": id } });
        let get = json!({ "TableName": TABLE, "Key": key, "ConsistentRead": true });
        self.request("GetItem", &get).await["Item"].take()
    }

    /// Sends a request to the engine, past the SDK and the faults.
    pub(crate) async fn request(&self, operation: &str, body: &Value) -> Value {
        let request = Request::new(operation, body.to_string());
        let response = self.engine.transport().call(request).await.unwrap();
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(response.status, 200, "{body}");
        body
    }

    #[track_caller]
    pub(crate) fn assert_legal(&self) {
        assert!(self.faults.illegal().is_empty(), "{:?}", self.faults.illegal());
    }
}

impl World {
    /// The number of writes that arrived so far.
    pub(crate) fn writes(&self) -> usize {
        let log = self.faults.log();
        log.iter().filter(|request| request.operation == "TransactWriteItems").count()
    }
}
