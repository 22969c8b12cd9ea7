use dynamap::{Entity, TableSchema, value::EpochSeconds};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "SESSION#{token}")]
struct Session {
    token: String,
    #[dynamap(ttl)]
    expires_at: EpochSeconds,
}

fn main() {}
