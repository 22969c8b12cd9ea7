use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "SESSION#{token}")]
struct Session {
    token: String,
    #[dynamap(ttl)]
    expires_at: u64,
}

fn main() {}
