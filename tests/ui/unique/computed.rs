use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "USER#{id}")]
struct User {
    id: u32,
    #[dynamap(unique)]
    seat: u32,
}

fn update() {
    let _ = User::SEAT.set(User::SEAT + 1);
    let _ = User::SEAT.add(1_u32);
    let _ = User::SEAT.remove();
}

fn main() {}
