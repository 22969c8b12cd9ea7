use dynamap::{Attribute, Entity, TableSchema, value::EpochSeconds};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "SESSION#{token}")]
struct Session {
    token: String,
    #[dynamap(flatten)]
    validity: Validity,
}

#[derive(Attribute)]
struct Validity {
    begins_at: EpochSeconds,
    expires_at: EpochSeconds,
}

fn main() {}
