use dynamap::{Entity, Index, TableSchema, value::EpochSeconds};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at", indexes(ByUser))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = keys_only)]
struct ByUser;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "SESSION#{token}")]
#[dynamap(index = ByUser, pk = "USER#{user}")]
struct Session {
    token: String,
    user: u32,
    #[dynamap(ttl)]
    expires_at: EpochSeconds,
}

fn main() {}
