//! The table in the forms of other tools.

use clap::{Args, ValueEnum};
use dynamap::{
    export::{DataModel, Policy},
    op::{PointInTimeRecovery, TableSettings},
};
use examples_shared::{Failure, output::Output};

use crate::{
    catalogue,
    model::{Product, ProductGroup, Session, Shop, Stock, User},
};

/// A form of the table.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The form
    #[arg(long)]
    format: Format,
    /// The entity whose calls the IAM policy allows
    #[arg(long, default_value = "product", help_heading = "With --format iam")]
    entity: EntityName,
}

/// The tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A template of CloudFormation, in JSON
    Cloudformation,
    /// A resource of Terraform
    Terraform,
    /// A model of NoSQL Workbench with the built-in catalogue, in JSON
    Workbench,
    /// Tables in Markdown
    Markdown,
    /// A diagram of Mermaid
    Mermaid,
    /// An IAM policy, in JSON
    Iam,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EntityName {
    User,
    Session,
    Group,
    Product,
    Stock,
}

/// Prints the table in a form. No request is sent.
pub(super) fn print(arguments: &SchemaArguments, table: &str, out: &mut Output<'_>) -> Result<(), Failure> {
    let model = DataModel::<Shop>::new(table).settings(settings());
    let text = match arguments.format {
        Format::Cloudformation => model.cloud_formation(),
        Format::Terraform => model.terraform(),
        Format::Workbench => with_samples(model)?.workbench(),
        Format::Markdown => model.markdown(),
        Format::Mermaid => model.mermaid(),
        Format::Iam => policy(arguments.entity, table),
    };
    Ok(write!(out.to, "{text}")?)
}

/// The settings of a shop that is open: its table is not deleted by mistake, and can be restored as it was at any time.
fn settings() -> TableSettings<Shop> {
    TableSettings::new().deletion_protection(true).point_in_time_recovery(PointInTimeRecovery::Days(35))
}

fn with_samples(mut model: DataModel<Shop>) -> Result<DataModel<Shop>, Failure> {
    let catalogue = catalogue::built_in()?;
    for group in &catalogue.groups {
        model = model.sample(group)?;
    }
    for product in &catalogue.products {
        model = model.sample(product)?;
    }
    for product in catalogue.products.iter().take(3) {
        model = model.sample(&Stock { id: product.id, count: 3 })?;
    }
    Ok(model)
}

fn policy(entity: EntityName, table: &str) -> String {
    match entity {
        EntityName::User => Policy::<User>::new(table).read().write().to_string(),
        EntityName::Session => Policy::<Session>::new(table).read().write().to_string(),
        EntityName::Group => Policy::<ProductGroup>::new(table).read().write().to_string(),
        EntityName::Product => Policy::<Product>::new(table).read().write().to_string(),
        EntityName::Stock => Policy::<Stock>::new(table).read().write().to_string(),
    }
}
