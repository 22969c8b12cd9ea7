use aws_sdk_dynamodb::error::BuildError;

/// The SDK's builders fail only where a required member is missing, and here none is.
pub(super) fn built<T>(result: Result<T, BuildError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => unreachable!("every required member is set above: {error}"),
    }
}
