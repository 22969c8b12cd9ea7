use aws_sdk_dynamodb::Client;
use clap::Args;
use dynamap::Table;

use crate::Tables;

/// The names of the tables.
#[derive(Debug, Clone, Args)]
pub struct TableNames {
    /// The shop's table
    #[arg(long, global = true, value_name = "NAME", default_value = "webshop")]
    pub shop: String,

    /// The table of views
    #[arg(long, global = true, value_name = "NAME", default_value = "views")]
    pub views: String,

    /// The table of leases and checkpoints
    #[arg(long, global = true, value_name = "NAME", default_value = "leases")]
    pub leases: String,
}

impl Default for TableNames {
    fn default() -> Self {
        Self { shop: "webshop".to_owned(), views: "views".to_owned(), leases: "leases".to_owned() }
    }
}

impl TableNames {
    /// The tables behind a client.
    #[must_use]
    pub fn tables(&self, client: &Client) -> Tables {
        Tables {
            shop: Table::new(client.clone(), &self.shop),
            views: Table::new(client.clone(), &self.views),
            leases: Table::new(client.clone(), &self.leases),
        }
    }
}
