//! The size of items as dynamap counts it, against what the engine takes for them.

use crate::{
    generate,
    model::{Item, Shop},
};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use dynamap::{Table, wire::item_size};
use fastrand::Rng;

/// A write unit is for 1 KB, so an item that is filled up to that takes one unit, and with one byte more it takes two.
pub(crate) async fn sizes(shop: &Table<Shop>, random: &mut Rng, cases: usize, seed: u64) {
    for number in 0..cases {
        let mut item = generate::item(random, 1, number);
        // Gone before, so that only this item counts.
        item.insert("fill".to_owned(), AttributeValue::S(String::new()));
        let (size, context) = (item_size(&item), format!("{item:?}\nDYNAMAP_SEED={seed}"));
        let full = size.div_ceil(1024) * 1024;
        for (fill, units) in [(full - size, full / 1024), (full - size + 1, full / 1024 + 1)] {
            item.insert("fill".to_owned(), AttributeValue::S("x".repeat(fill)));
            assert_eq!(put(shop, &item).await, units as f64, "{fill} bytes in {context}");
        }
    }
}

/// The write units that an item takes where there is none yet.
async fn put(shop: &Table<Shop>, item: &Item) -> f64 {
    let key = |name: &str| (name.to_owned(), item[name].clone());
    let delete = shop.client().delete_item().table_name("shop").set_key(Some([key("pk"), key("sk")].into()));
    delete.send().await.unwrap();
    let put = shop.client().put_item().table_name("shop").set_item(Some(item.clone()));
    let put = put.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
    put.consumed_capacity.unwrap().capacity_units.unwrap()
}
