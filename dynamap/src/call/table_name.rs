//! Names of tables.

/// The reason why DynamoDB would refuse the name of a table, if so.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    let is_named = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    match name {
        // DynamoDB: an ARN stands for the table as well.
        arn if arn.starts_with("arn:") => None,
        name if !(3..=255).contains(&name.len()) => Some("the name of a table has 3 to 255 characters"),
        name if !name.bytes().all(is_named) => {
            Some("the name of a table has letters, digits, underscores, hyphens and dots only")
        }
        _ => None,
    }
}
