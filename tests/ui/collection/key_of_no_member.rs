use dynamap::{Entity, ItemCollection, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "CUSTOMER")]
struct Customer {
    customer: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
struct Order {
    customer: u32,
    number: u32,
}

#[derive(ItemCollection)]
enum CustomerItem {
    Customer(Customer),
}

async fn call(shop: Table<Shop>) -> dynamap::Result<()> {
    shop.get_member::<CustomerItem>(Order::key(1, 7)).send().await?;
    Ok(())
}

fn main() {}
