//! Attributes that a change has changed.

use crate::event::{event, image, record};
use crate::model::{Address, Anything, Customer, Order, Status, Strict, archived, customer, order};
use dynamap::op::read::Queryable;
use dynamap::stream::{ChangeRecord, NewAndOldImages, json};
use dynamap::value::Number;
use serde_json::{Value, json as value};

fn changes<T: Queryable>(record: Value) -> Vec<ChangeRecord<T, NewAndOldImages>> {
    let bytes = event(&[record]);
    let event = json::lambda_event(&bytes).unwrap();
    event.records()[0].changes::<T, NewAndOldImages>().unwrap().collect()
}

fn change<T: Queryable>(old: Value, new: Value) -> ChangeRecord<T, NewAndOldImages> {
    changes(record(0, "MODIFY", Some(old), Some(new))).into_iter().next().unwrap()
}

#[test]
fn attributes_and_paths_that_differ_have_changed() {
    let old = order(Status::Open);
    let mut new = Order { status: Status::Shipped, note: Some("gift".into()), ..old.clone() };
    new.ship_to.as_mut().unwrap().city = "Bern".into();
    let change = change::<Order>(image(&old), image(&new));
    assert!(change.changed(Order::STATUS) && change.changed(Order::NOTE) && change.changed(Order::SHIP_TO));
    assert!(change.changed(Order::SHIP_TO.field(Address::CITY)));
    assert!(!change.changed(Order::SHIP_TO.field(Address::STREET)));
    assert!(!change.changed(Order::TOTAL) && !change.changed(Order::NUMBER));
    assert_eq!(change.old_and_new(Order::STATUS).unwrap(), (Some(Status::Open), Some(Status::Shipped)));
    assert_eq!(
        change.old_and_new(Order::SHIP_TO.field(Address::CITY)).unwrap(),
        (Some("Zürich".to_owned()), Some("Bern".to_owned()))
    );
    assert_eq!(change.old_and_new(Order::NOTE).unwrap(), (None, Some(Some("gift".to_owned()))));
    assert_eq!(change.diff().declared(), ["n", "ship_to", "status"]);
    assert_eq!((change.diff().to_string(), change.diff().len()), ("n, ship_to, status".to_owned(), 3));
}

/// DynamoDB: numbers are equal by value, sets whatever the order, at every level.
#[test]
fn the_same_value_in_another_form_has_not_changed() {
    for (attribute, old, new, same) in [
        ("total", value!({ "N": "1.50" }), value!({ "N": "1.5" }), true),
        ("total", value!({ "N": "100" }), value!({ "N": "1E2" }), true),
        ("total", value!({ "N": "1" }), value!({ "N": "1.0000000000000000000000000000000000001" }), false),
        ("more", value!({ "SS": ["a", "b"] }), value!({ "SS": ["b", "a"] }), true),
        ("more", value!({ "L": [{ "NS": ["1", "2"] }] }), value!({ "L": [{ "NS": ["2.0", "1"] }] }), true),
        (
            "more",
            value!({ "L": [{ "S": "a" }, { "S": "b" }] }),
            value!({ "L": [{ "S": "b" }, { "S": "a" }] }),
            false,
        ),
        ("more", value!({ "S": "1" }), value!({ "N": "1" }), false),
        ("more", value!({ "M": { "a": { "N": "1" } } }), value!({ "M": { "a": { "N": "1.0" } } }), true),
        ("more", value!({ "NULL": true }), value!(null), false),
    ] {
        let [mut before, mut after] = [(); 2].map(|()| image(&order(Status::Open)));
        before[attribute] = old.clone();
        match new.is_null() {
            true => drop(after.as_object_mut().unwrap().remove(attribute)),
            false => after[attribute] = new.clone(),
        }
        let change = change::<Order>(before, after);
        assert_eq!(change.diff().is_empty(), same, "{old} {new}");
        if attribute == "total" {
            assert_eq!(change.changed(Order::TOTAL), !same, "{old} {new}");
        } else {
            assert_eq!(
                (change.diff().declared().len(), change.diff().others_unredacted().len()),
                (0, usize::from(!same))
            );
        }
    }
}

#[test]
fn an_item_that_was_not_there_has_no_values() {
    let inserted = changes::<Order>(record(0, "INSERT", None, Some(image(&order(Status::Open)))));
    assert!(inserted[0].changed(Order::STATUS) && !inserted[0].changed(Order::NOTE));
    assert_eq!(inserted[0].old_and_new(Order::STATUS).unwrap(), (None, Some(Status::Open)));
    let names = ["customer_id", "entity_type", "number", "pk", "ship_to", "sk", "status", "total"];
    assert_eq!(inserted[0].diff().declared(), names);
    let removed = changes::<Order>(record(0, "REMOVE", Some(image(&order(Status::Open))), None));
    assert_eq!(
        removed[0].old_and_new(Order::TOTAL).unwrap(),
        (Some(order(Status::Open).total), None::<Number>)
    );
    assert_eq!(removed[0].diff().declared(), names);
}

#[test]
fn an_attribute_of_a_member_has_changed_in_its_items_only() {
    let modified = change::<Strict>(image(&order(Status::Open)), image(&order(Status::Shipped)));
    assert!(modified.changed(Order::STATUS) && !modified.changed(Customer::NAME));
    assert_eq!(modified.old_and_new(Customer::NAME).unwrap(), (None, None));
    assert_eq!(modified.diff().declared(), ["status"]);
    let inserted = changes::<Strict>(record(0, "INSERT", None, Some(image(&customer()))));
    assert!(inserted[0].changed(Customer::NAME) && !inserted[0].changed(Order::STATUS));
    // Both have the attribute `number`, and it is that of one entity.
    let replaced =
        changes::<Strict>(record(0, "MODIFY", Some(image(&order(Status::Open))), Some(image(&archived()))));
    assert_eq!(replaced[0].old_and_new(Order::NUMBER).unwrap(), (Some(7), None));
    assert_eq!(replaced[1].old_and_new(Order::NUMBER).unwrap(), (None, None));
    let kept = changes::<Anything>(record(0, "INSERT", None, Some(image(&archived()))));
    assert_eq!((kept[0].diff().declared().len(), kept[0].diff().others_unredacted().len()), (0, 5));
}

#[test]
fn a_name_that_no_entity_declares_is_not_shown() {
    let mut new = image(&order(Status::Shipped));
    new["hush"] = value!({ "S": "x" });
    new["damaged"] = value!({ "S": 7 });
    let change = change::<Order>(image(&order(Status::Open)), new);
    assert_eq!(change.diff().others_unredacted(), ["damaged", "hush"]);
    assert_eq!(
        format!("{:?} {}", change.diff(), change.diff()),
        "Diff(status, {key}, {key}) status, {key}, {key}"
    );
}
