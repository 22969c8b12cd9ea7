use dynamap::{Entity, TableSchema, batch::BatchWrite};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "USER#{id}")]
struct User {
    id: u32,
    #[dynamap(unique)]
    email: String,
}

async fn call(shop: dynamap::Table<Shop>, user: User) -> dynamap::Result<()> {
    shop.repository::<User>().batch_write().put(&user).send().await?;
    shop.batch_write().delete(User::key(7)).send().await?;
    let write = BatchWrite::<Shop>::put(user);
    shop.batch_write().write_all([write]).send().await?;
    Ok(())
}

fn main() {}
