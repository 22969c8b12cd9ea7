//! A table with its entities in the forms of other tools: CloudFormation, Terraform, NoSQL Workbench, Markdown, Mermaid and IAM.
//!
//! A [`DataModel`] is made of types that derive [`TableSchema`](crate::TableSchema) and [`Entity`](crate::Entity), so that
//! templates, diagrams and tables of a README say what the code does. No request is sent. What a program does not call, it
//! does not contain.
//!
//! ```
//! use dynamap::{Entity, Index, TableSchema, export::DataModel, op::TableSettings};
//!
//! #[derive(TableSchema)]
//! #[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByStatus), entities(Order))]
//! pub struct Shop;
//!
//! #[derive(Index)]
//! #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = keys_only)]
//! pub struct ByStatus;
//!
//! #[derive(Entity)]
//! #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
//! #[dynamap(index = ByStatus, pk = "STATUS#{status}")]
//! pub struct Order {
//!     pub customer: String,
//!     pub number: u32,
//!     pub status: String,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = TableSettings::new().deletion_protection(true).tag("team", "shop");
//! let model = DataModel::<Shop>::new("shop").settings(settings);
//! assert!(model.cloud_formation().contains(r#""DeletionProtectionEnabled": true"#));
//! assert!(model.terraform().starts_with(r#"resource "aws_dynamodb_table" "shop" {"#));
//! assert_eq!(
//!     model.markdown(),
//!     "\
//! | entity | `pk` | `sk` | gsi1: `gsi1pk` |
//! |---|---|---|---|
//! | `Order` | `CUSTOMER#{customer}` | `ORDER#{number}` | `STATUS#{status}` |
//!
//! | index | partition key | sort key | projection |
//! |---|---|---|---|
//! | gsi1 (global) | `gsi1pk` (S) | | keys only |
//! ",
//! );
//! # Ok(())
//! # }
//! ```

mod cloud_formation;
mod data_model;
mod json;
mod markdown;
mod mermaid;
mod policy;
mod terraform;
mod workbench;

pub use data_model::DataModel;
pub use policy::Policy;
