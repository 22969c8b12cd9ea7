//! The two forms in which values travel: DynamoDB-JSON bytes and the SDK's `AttributeValue`.
