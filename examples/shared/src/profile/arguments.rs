use std::path::PathBuf;

use clap::Args;

use super::Profile;

/// The options of a command line for the location of the table.
#[derive(Debug, Args)]
pub struct ProfileArguments {
    /// Keep the table in this file, in an embedded DynamoDB
    #[arg(long, global = true, value_name = "FILE", conflicts_with_all = ["endpoint", "aws"])]
    pub db: Option<PathBuf>,

    /// Use the DynamoDB at this URL, such as http://localhost:8000
    #[arg(long, global = true, value_name = "URL", conflicts_with = "aws")]
    pub endpoint: Option<String>,

    /// Use AWS, with its usual configuration (needs the cargo feature `aws`)
    #[arg(long, global = true)]
    pub aws: bool,
}

impl ProfileArguments {
    /// The profile that the options name.
    #[must_use]
    pub fn profile(&self) -> Profile {
        match (&self.db, &self.endpoint, self.aws) {
            (Some(path), _, _) => Profile::File(path.clone()),
            (_, Some(url), _) => Profile::Endpoint(url.clone()),
            (_, _, true) => Profile::Aws,
            (None, None, false) => Profile::Memory,
        }
    }

    /// Returns true if an option names the location of the table.
    #[must_use]
    pub fn are_given(&self) -> bool {
        self.profile() != Profile::Memory
    }
}
