use dynamap::{Attribute, Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", shape = "shape")]
struct Shop;

#[derive(Attribute)]
struct UserV1 {
    id: u32,
    mail: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "USER#{id}", shape = 2, upgrade(UserV1))]
struct User {
    id: u32,
    #[dynamap(unique)]
    email: String,
}

impl From<UserV1> for User {
    fn from(UserV1 { id, mail }: UserV1) -> Self {
        Self { id, email: mail }
    }
}

fn main() {}
