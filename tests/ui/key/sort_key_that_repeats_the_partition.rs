use dynamap::{Entity, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "CUSTOMER#{customer_id}")]
struct Customer {
    customer_id: String,
}

async fn read(shop: Table<Shop>) {
    let _ = shop.get(Customer::partition("c-1").customer_id("c-2")).send().await;
}

fn main() {}
