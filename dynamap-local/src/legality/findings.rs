//! The result of a check.

use super::rule::Rule;

/// The rules that a request breaks, each with DynamoDB's message, in the order in which they were found.
pub(super) type Findings = Vec<(Rule, String)>;
