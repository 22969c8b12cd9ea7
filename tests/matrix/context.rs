use super::{
    case::CaseFailure,
    model::Shop,
    target::{Target, table_name},
};
use aws_sdk_dynamodb::{Client, types::StreamViewType};
use dynamap::{Mapping, Table, TableSchema};
use std::sync::{Arc, Mutex, PoisonError};

/// The place of one case: the table of all cases with partitions of its own, and tables of its own.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) target: Target,
    /// The table of all cases.
    pub(super) table: Table<Shop>,
    /// The partition of this case in it, which no other case has.
    pub(super) shop: String,
    mapping: Mapping,
    made: Arc<Mutex<Vec<String>>>,
}

impl Context {
    pub(super) fn new(target: &Target, table: &str, case: &str, mapping: Mapping) -> Self {
        let shop = format!("{case}-{mapping:?}");
        let table = Table::new(target.client.clone(), table).with_mapping(mapping);
        Self { target: target.clone(), table, shop, mapping, made: Arc::default() }
    }

    /// A table of this case, which is deleted after it.
    pub(super) async fn own_table<S: TableSchema>(&self) -> Result<Table<S>, CaseFailure> {
        let table = self.named();
        table.create_table_if_absent().send().await?;
        Ok(table)
    }

    /// The same with a stream.
    pub(super) async fn streamed_table<S: TableSchema>(
        &self,
        view: StreamViewType,
    ) -> Result<Table<S>, CaseFailure> {
        let table = self.named();
        table.create_table_if_absent().stream(view).send().await?;
        Ok(table)
    }

    /// A table that is not there yet, and is deleted after the case if it is then.
    pub(super) fn named<S: TableSchema>(&self) -> Table<S> {
        let name = table_name();
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
        Table::new(self.target.client.clone(), name).with_mapping(self.mapping)
    }

    /// The table of all cases by another client.
    pub(super) fn table_of(&self, client: Client) -> Table<Shop> {
        Table::new(client, self.table.name()).with_mapping(self.mapping)
    }

    /// Deletes the tables of the case. One that cannot be deleted stays.
    pub(super) async fn clean_up(self) {
        let made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        for name in made {
            let _ = self.target.client.delete_table().table_name(name).send().await;
        }
    }
}
