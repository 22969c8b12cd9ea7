use std::path::PathBuf;

use clap::{Arg, Args, Parser, Subcommand, builder::TypedValueParser as _};
use dynamap::Cursor;
use examples_shared::profile::ProfileArguments;

use super::{load::LoadArguments, schema::SchemaArguments, serve::ServeArguments, stock::StockArguments};
use crate::{
    import::Files,
    model::{Email, GroupId, ProductId},
};

/// A small web shop on one DynamoDB table. Without a command: a guided tour.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    /// The command to run
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The location of the table
    #[command(flatten)]
    pub profile: ProfileArguments,

    /// The table's name
    #[arg(long, global = true, value_name = "NAME", default_value = "webshop")]
    pub table: String,
}

/// A command of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import tab-separated files, and create the table if it is absent
    Import {
        /// The files
        #[command(flatten)]
        files: ImportFiles,
        /// Use no more than this many write units each second, of the table and of its index
        #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(u32).range(1..))]
        wcu: Option<u32>,
    },
    /// List the product groups
    Groups,
    /// List the products of a group: id, title and price
    Products {
        /// The group's id
        group: GroupId,
        /// No more than this many, and the cursor of the rest
        #[arg(long, value_name = "COUNT")]
        limit: Option<usize>,
        /// Go on after this cursor
        #[arg(long, value_name = "CURSOR")]
        after: Option<Cursor>,
    },
    /// Show a product with all its details
    Product {
        /// The group's id
        group: GroupId,
        /// The product's id
        id: ProductId,
    },
    /// Add to the stock of a product
    Restock(StockArguments),
    /// Sell pieces of a product, if there are enough
    Sell(StockArguments),
    /// Make the products searchable, in a table of its own
    Index,
    /// Search products by their words
    Search {
        /// The words
        #[arg(required = true)]
        words: Vec<String>,
        /// Only products of this group
        #[arg(long, value_name = "ID")]
        group: Option<GroupId>,
        /// No more than this many
        #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = top_k())]
        count: usize,
    },
    /// List the products that are most like a product
    Similar {
        /// The product's id
        id: ProductId,
        /// No more than this many
        #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = top_k())]
        count: usize,
    },
    /// Log in and show the session
    Login {
        /// The user's email address
        email: Email,
        /// The password
        password: String,
    },
    /// Serve the shop over HTTP, with its page at /, until Ctrl-C or SIGTERM
    Serve(ServeArguments),
    /// Put a load on the shop over HTTP: many clients at once, on an embedded DynamoDB in memory
    #[command(args = location().map(|argument| argument.hide(true)))]
    Load(LoadArguments),
    /// Write the table in the form of another tool: CloudFormation, Terraform, NoSQL Workbench, Markdown, Mermaid, IAM
    Schema(SchemaArguments),
    /// Serve the embedded DynamoDB itself over HTTP, for a table browser, until Ctrl-C or SIGTERM
    ServeDatabase {
        /// The address to listen on
        #[arg(default_value = "127.0.0.1:8000")]
        address: String,
    },
}

/// The files of an import: tab-separated, UTF-8, without headings.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct ImportFiles {
    /// Group id, name
    #[arg(long, value_name = "FILE", num_args = 1..)]
    groups: Vec<PathBuf>,
    /// Product id, group id, title, price, author or director, year, country, language or genre
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "groups")]
    products: Vec<PathBuf>,
    /// User id, email, first name, last name, hashed password
    #[arg(long, value_name = "FILE", num_args = 1..)]
    users: Vec<PathBuf>,
}

impl From<ImportFiles> for Files {
    fn from(ImportFiles { groups, products, users }: ImportFiles) -> Self {
        Self { groups, products, users }
    }
}

/// The options for the location of the table.
fn location() -> impl Iterator<Item = Arg> {
    let location = ProfileArguments::augment_args(clap::Command::new("location"));
    let table = Arg::new("table").long("table").global(true);
    location.get_arguments().cloned().chain([table]).collect::<Vec<_>>().into_iter()
}

/// Parses a number of hits: one less than a search returns at most, since a product is the nearest to itself.
fn top_k() -> impl clap::builder::TypedValueParser<Value = usize> {
    clap::value_parser!(u32).range(1..=99).map(|count| count as usize)
}
