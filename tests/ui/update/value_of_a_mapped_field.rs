use dynamap::{
    Entity, TableSchema,
    error::{DecodeError, EncodeError},
    value::{FromAttribute, Reader, ToAttribute, Writer},
};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    #[dynamap(with = upper)]
    code: String,
}

mod upper {
    use super::*;

    pub(super) fn write<W: Writer>(value: &String, w: &mut W) -> Result<(), EncodeError> {
        value.to_uppercase().write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<String, DecodeError> {
        String::read(r)
    }
}

fn main() {
    let _ = Order::CODE.set(String::from("abc"));
}
