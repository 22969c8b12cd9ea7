//! The size of items as dynamap counts it, against what the engine takes for them.

use crate::{
    generate,
    model::{Item, Shop},
};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use dynamap::Table;
use dynamap::capacity::{ReadConsistency, item_size, read_units, write_units};
use fastrand::Rng;

/// A write unit is for 1 KB, so an item that is filled up to that takes one unit, and with one byte more it takes two.
pub(crate) async fn sizes(shop: &Table<Shop>, random: &mut Rng, cases: usize, seed: u64) {
    for number in 0..cases {
        let mut item = generate::item(random, 1, number);
        // Gone before, so that only this item counts.
        item.insert("fill".to_owned(), AttributeValue::S(String::new()));
        item.insert("number".to_owned(), AttributeValue::N(decimal(random)));
        let (size, context) = (item_size(&item), format!("{item:?}\nDYNAMAP_SEED={seed}"));
        let full = size.div_ceil(1024) * 1024;
        for (fill, units) in [(full - size, full / 1024), (full - size + 1, full / 1024 + 1)] {
            item.insert("fill".to_owned(), AttributeValue::S("x".repeat(fill)));
            assert_eq!(write_units(size + fill), units as f64);
            assert_eq!(put(shop, &item).await, units as f64, "{fill} bytes in {context}");
        }
        for (consistent, consistency) in [(false, ReadConsistency::Eventual), (true, ReadConsistency::Strong)]
        {
            let units = read_units(full + 1, consistency);
            assert_eq!(get(shop, &item, consistent).await, units, "{context}");
        }
    }
}

/// A number of up to 38 digits, with zeros at either end and a point or an exponent at times.
fn decimal(random: &mut Rng) -> String {
    let mut digits = |most: usize| -> String {
        let zeros = random.usize(..4).min(most);
        let count = random.usize(..=most - zeros);
        let any = (0..count).map(|_| random.digit(10));
        let mut digits: Vec<char> = any.chain(std::iter::repeat_n('0', zeros)).collect();
        if random.bool() {
            digits.reverse();
        }
        digits.into_iter().collect()
    };
    let (integer, fraction) = (digits(19), digits(19));
    let sign = if random.bool() { "-" } else { "" };
    let exponent = if random.bool() { format!("E{}", random.i32(-60..60)) } else { String::new() };
    format!("{sign}0{integer}.{fraction}0{exponent}")
}

/// The read units that the item takes.
async fn get(shop: &Table<Shop>, item: &Item, consistent: bool) -> f64 {
    let key = |name: &str| (name.to_owned(), item[name].clone());
    let get = shop.client().get_item().table_name("shop").set_key(Some([key("pk"), key("sk")].into()));
    let get = get.consistent_read(consistent).return_consumed_capacity(ReturnConsumedCapacity::Total);
    get.send().await.unwrap().consumed_capacity.unwrap().capacity_units.unwrap()
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
