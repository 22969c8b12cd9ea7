use dynamap::TableSchema;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop<T>(T);

fn main() {}
