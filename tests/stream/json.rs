//! Lambda events and the data of Kinesis records, as JSON.

use crate::event::{ARN, event, image, in_view, record};
use crate::model::{
    Anything, Customer, Known, Order, Refusing, Session, Status, Strict, archived, customer, order,
};
use dynamap::op::read::Queryable;
use dynamap::stream::{
    Change, ChangeRecord, EventName, KeysOnly, NewAndOldImages, NewImage, NotInView, OldImage,
    RecordErrorKind, StreamView, json,
};
use dynamap::value::EpochSeconds;
use serde_json::{Value, json as value};
use std::collections::HashSet;
use std::time::{Duration, SystemTime};

fn at(microseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(microseconds)
}

/// The changes of all records, and how many were skipped.
fn changes<T: Queryable, V: StreamView>(bytes: &[u8]) -> (Vec<ChangeRecord<T, V>>, usize) {
    let (mut all, mut skipped) = (Vec::new(), 0);
    for record in &json::lambda_event(bytes).unwrap() {
        let changes = record.changes::<T, V>().unwrap();
        skipped += changes.skipped();
        all.extend(changes);
    }
    (all, skipped)
}

fn plain<T: Queryable, V: StreamView>(records: &[Value]) -> (Vec<Change<T, V>>, usize) {
    let (all, skipped) = changes(&event(records));
    (all.into_iter().map(|record| record.change).collect(), skipped)
}

fn life() -> [Value; 3] {
    let (open, shipped) = (image(&order(Status::Open)), image(&order(Status::Shipped)));
    [
        record(0, "INSERT", None, Some(open.clone())),
        record(1, "MODIFY", Some(open), Some(shipped.clone())),
        record(2, "REMOVE", Some(shipped), None),
    ]
}

#[test]
fn each_view_type_gives_its_images() {
    let (open, shipped) = (order(Status::Open), order(Status::Shipped));
    let of = |view: &str| life().map(|record| in_view(record, view));
    let (old, new) = (open.clone(), shipped.clone());
    let both = vec![
        Change::Insert { new: open.clone() },
        Change::Modify { old, new },
        Change::Remove { old: shipped.clone() },
    ];
    assert_eq!(plain::<Order, NewAndOldImages>(&of("NEW_AND_OLD_IMAGES")), (both, 0));
    let new = || {
        vec![
            Change::Insert { new: open.clone() },
            Change::Modify { old: NotInView, new: shipped.clone() },
            Change::Remove { old: NotInView },
        ]
    };
    let old = || {
        vec![
            Change::Insert { new: NotInView },
            Change::Modify { old: open.clone(), new: NotInView },
            Change::Remove { old: shipped.clone() },
        ]
    };
    let none = || {
        vec![
            Change::Insert { new: NotInView },
            Change::Modify { old: NotInView, new: NotInView },
            Change::Remove { old: NotInView },
        ]
    };
    // A stream may have more than is asked for.
    for view in ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"] {
        assert_eq!(plain::<Order, NewImage>(&of(view)), (new(), 0), "{view}");
    }
    for view in ["OLD_IMAGE", "NEW_AND_OLD_IMAGES"] {
        assert_eq!(plain::<Order, OldImage>(&of(view)), (old(), 0), "{view}");
    }
    for view in ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] {
        assert_eq!(plain::<Order, KeysOnly>(&of(view)), (none(), 0), "{view}");
        let (all, _) = changes::<Order, KeysOnly>(&event(&of(view)));
        assert!(all.iter().all(|change| (change.key.customer_id.as_str(), change.key.number) == ("ada", 7)));
        assert_eq!(plain::<Customer, KeysOnly>(&of(view)), (vec![], 3), "{view}");
    }
}

/// Also where the record itself would have all that is asked for, so that it is not seen only with the first other one.
#[test]
fn a_view_that_the_stream_has_not_is_an_error() {
    fn error<V: StreamView>(view: &str) -> Option<(&'static str, &'static str)> {
        let bytes = event(&life().map(|record| in_view(record, view)));
        let event = json::lambda_event(&bytes).unwrap();
        let errors: HashSet<_> = event
            .into_iter()
            .map(|record| match record.changes::<Order, V>().map_err(|error| error.kind().clone()) {
                Err(RecordErrorKind::View { wanted, found }) => Some((wanted, found)),
                Err(error) => panic!("{error:?}"),
                Ok(_) => None,
            })
            .collect();
        assert_eq!(errors.len(), 1, "{view}: {errors:?}");
        errors.into_iter().next().unwrap()
    }
    assert_eq!(error::<NewImage>("OLD_IMAGE"), Some(("NEW_IMAGE", "OLD_IMAGE")));
    assert_eq!(error::<NewImage>("KEYS_ONLY"), Some(("NEW_IMAGE", "KEYS_ONLY")));
    assert_eq!(error::<OldImage>("NEW_IMAGE"), Some(("OLD_IMAGE", "NEW_IMAGE")));
    assert_eq!(error::<OldImage>("KEYS_ONLY"), Some(("OLD_IMAGE", "KEYS_ONLY")));
    for view in ["NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"] {
        assert_eq!(error::<NewAndOldImages>(view), Some(("NEW_AND_OLD_IMAGES", view)));
        assert_eq!(error::<KeysOnly>(view), None);
    }
}

#[test]
fn a_collection_gives_the_change_and_the_key_of_each_member() {
    let records = [
        record(0, "INSERT", None, Some(image(&customer()))),
        record(1, "INSERT", None, Some(image(&order(Status::Open)))),
    ];
    let (all, _) = changes::<Strict, NewAndOldImages>(&event(&records));
    assert_eq!(all[0].change, Change::Insert { new: Strict::Customer(customer()) });
    assert_eq!(all[0].key.to_key::<Customer>().unwrap().customer_id, "ada");
    assert_eq!(all[1].change, Change::Insert { new: Strict::Order(order(Status::Open)) });
    assert_eq!(all[1].key.to_key::<Order>().unwrap().number, 7);
    assert_eq!((all[1].key.entity(), all[1].key.to_key::<Customer>().is_none()), ("Order", true));
    // The keys alone tell the member as well.
    let (by_key, _) = changes::<Strict, KeysOnly>(&event(&records));
    assert_eq!(by_key.iter().map(|change| change.key.entity()).collect::<Vec<_>>(), ["Customer", "Order"]);
    assert_eq!(by_key[1].key, all[1].key);
}

#[test]
fn an_unknown_entity_follows_the_policy_of_the_collection() {
    let stranger =
        value!({ "pk": { "S": "STRANGER#1" }, "sk": { "S": "X" }, "entity_type": { "S": "Stranger" } });
    for keys_only in [false, true] {
        let mut records = vec![
            record(0, "INSERT", None, Some(image(&customer()))),
            record(1, "MODIFY", Some(stranger.clone()), Some(stranger.clone())),
            record(2, "REMOVE", Some(image(&customer())), None),
        ];
        records[1]["dynamodb"]["Keys"] = value!({ "pk": stranger["pk"], "sk": stranger["sk"] });
        if keys_only {
            records = records.into_iter().map(|record| in_view(record, "KEYS_ONLY")).collect();
        }
        let (known, skipped) = changes::<Known, KeysOnly>(&event(&records));
        assert_eq!((known.len(), skipped), (2, 1));
        let (kept, skipped) = changes::<Anything, KeysOnly>(&event(&records));
        assert_eq!((kept.len(), skipped), (3, 0));
        assert_eq!(kept[1].key.entity(), "");
        assert!(kept[1].key.to_key::<Customer>().is_none());

        let bytes = event(&records);
        let read: Vec<_> = json::lambda_event(&bytes)
            .unwrap()
            .into_iter()
            .map(|one| one.changes::<Refusing, KeysOnly>())
            .collect();
        assert_eq!(read.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
        let error = read.into_iter().nth(1).unwrap().unwrap_err();
        assert!(matches!(error.kind(), RecordErrorKind::UnknownEntity(_)), "{error:?}");
        assert_eq!((error.index(), error.source_arn()), (Some(1), Some(ARN)));
        assert!(!format!("{error} {error:?}").contains("STRANGER"));
    }
    let (kept, _) = plain::<Anything, NewAndOldImages>(&[record(0, "INSERT", None, Some(stranger))]);
    let [Change::Insert { new: Anything::Other(item) }] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(item["entity_type"].as_s().unwrap(), "Stranger");
}

#[test]
fn another_entity_at_the_key_is_a_remove_and_an_insert() {
    let replaced = record(0, "MODIFY", Some(image(&order(Status::Open))), Some(image(&archived())));
    let (all, _) = changes::<Strict, NewAndOldImages>(&event(std::slice::from_ref(&replaced)));
    assert_eq!(all[0].change, Change::Remove { old: Strict::Order(order(Status::Open)) });
    assert_eq!(all[1].change, Change::Insert { new: Strict::Archived(archived()) });
    assert_eq!((all[0].key.entity(), all[1].key.entity()), ("Order", "Archived"));
    assert_eq!(all[0].sequence_number(), all[1].sequence_number());
    assert_ne!(all[0].operation_id(), all[1].operation_id());
    // The same ids for a consumer of one of them.
    let (orders, skipped) = changes::<Order, OldImage>(&event(&[replaced]));
    assert_eq!((orders.len(), skipped, orders[0].operation_id()), (1, 1, all[0].operation_id()));
}

#[test]
fn an_item_that_expired_is_read_and_its_removal_says_so() {
    let session = Session { customer_id: "ada".into(), token: "t".into(), expires_at: EpochSeconds(1) };
    let mut removed = record(0, "REMOVE", Some(image(&session)), None);
    for (identity, expired) in [
        (value!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" }), true),
        (value!({ "PrincipalId": "dynamodb.amazonaws.com", "Type": "Service", "more": [1] }), true),
        (value!({ "type": "AssumedRole", "principalId": "dynamodb.amazonaws.com" }), false),
        (value!({ "type": "Service", "principalId": "other.amazonaws.com" }), false),
        (value!({ "type": "Service" }), false),
        (value!(null), false),
    ] {
        removed["userIdentity"] = identity;
        let (all, _) = changes::<Session, NewAndOldImages>(&event(&[removed.clone()]));
        assert_eq!(all[0].change, Change::Remove { old: session.clone() });
        assert_eq!(all[0].is_expired(), expired, "{removed}");
    }
}

#[test]
fn a_record_delivered_twice_has_the_same_operation_id() {
    let records = [life()[0].clone(), life()[1].clone(), life()[0].clone()];
    let (all, _) = changes::<Order, NewAndOldImages>(&event(&records));
    let ids: Vec<_> = all.iter().map(ChangeRecord::operation_id).collect();
    assert_eq!(ids[0], ids[2]);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_poison_record_leaves_the_others_of_its_batch() {
    let damages: [fn(&mut Value); 14] = [
        |record| *record = value!(7),
        |record| *record = value!(null),
        |record| *record = value!([{}]),
        |record| record["dynamodb"] = value!("text"),
        |record| drop(record.as_object_mut().unwrap().remove("dynamodb")),
        |record| record["eventName"] = value!("TRUNCATE"),
        |record| record["eventName"] = value!(7),
        |record| record["dynamodb"]["SequenceNumber"] = value!("12x"),
        |record| record["dynamodb"]["SequenceNumber"] = value!(12),
        |record| record["dynamodb"]["SequenceNumber"] = value!(null),
        |record| record["dynamodb"]["Keys"] = value!({ "pk": { "S": "CUSTOMER#ada" } }),
        |record| record["dynamodb"]["NewImage"]["status"] = value!({ "N": "7" }),
        |record| record["dynamodb"]["NewImage"] = value!([]),
        |record| record["dynamodb"]["NewImage"]["sk"] = value!({ "S": "ORDER#0000000008" }),
    ];
    for (case, damage) in damages.into_iter().enumerate() {
        let mut records = life();
        damage(&mut records[1]);
        let bytes = event(&records);
        let event = json::lambda_event(&bytes).unwrap();
        let read: Vec<_> =
            event.records().iter().map(|record| record.changes::<Order, NewAndOldImages>()).collect();
        assert_eq!(read.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true], "case {case}");
        let error = read.into_iter().nth(1).unwrap().unwrap_err();
        assert_eq!(error.index(), Some(1));
        // It gives the record back as it came.
        let raw: Value = serde_json::from_slice(error.record().json_unredacted().unwrap()).unwrap();
        assert_eq!(raw, records[1], "case {case}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("ada"), "case {case}: {shown}");
    }
}

#[test]
fn an_event_is_read_in_any_documented_form() {
    let bytes = event(&life());
    let expected: Vec<_> =
        changes::<Order, NewAndOldImages>(&bytes).0.into_iter().map(|one| one.change).collect();
    let text = String::from_utf8(bytes).unwrap();
    let spaced: Value = serde_json::from_str(&text).unwrap();
    let reversed = reverse_members(&spaced);
    for form in [
        serde_json::to_string_pretty(&spaced).unwrap(),
        format!("\u{feff} \n\t{text}\r\n "),
        text.replace("\"Records\"", "\"\\u0052ecords\"").replace("\"Keys\"", "\"Ke\\u0079s\""),
        text.replace("\"eventVersion\"", "\"more\":{\"a\":[1,{}]},\"NewImage\":null,\"eventVersion\""),
        text.replacen("{\"Records\"", "{\"more\":[[]],\"Records\":7,\"Records\"", 1),
        reversed,
    ] {
        let read: Vec<_> =
            changes::<Order, NewAndOldImages>(form.as_bytes()).0.into_iter().map(|one| one.change).collect();
        assert_eq!(read, expected, "{form}");
    }
}

/// The text of a value with the members of its objects in reverse order.
fn reverse_members(of: &Value) -> String {
    match of {
        Value::Object(members) => {
            let members = members.iter().rev();
            let members: Vec<_> = members
                .map(|(name, of)| format!("{}:{}", Value::from(name.as_str()), reverse_members(of)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(reverse_members).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

#[test]
fn what_is_no_event_is_one_error() {
    for text in [
        "",
        " ",
        "{",
        "[]",
        "7",
        "null",
        "\"Records\"",
        "{}",
        "{\"records\":[]}",
        "{\"Records\":null}",
        "{\"Records\":{}}",
        "{\"Records\":[}",
        "{\"Records\":[]",
        "{\"Records\":[]}x",
        "{\"Records\":[],}",
        "{\"Records\":[{},]}",
        "{\"Records\":[{\"dynamodb\":{\"Keys\":{]}}]}",
    ] {
        assert!(json::lambda_event(text.as_bytes()).is_err(), "{text}");
    }
    assert!(json::lambda_event(b"{\"Records\":[{\"eventID\":\"\xff\"}]}").is_err());
    let empty = json::lambda_event(b"{\"Records\":[]}").unwrap();
    assert!(empty.records().is_empty() && empty.window().is_none());
}

#[test]
fn the_window_of_an_event_is_kept() {
    let mut event: Value = serde_json::from_slice(&event(&life())).unwrap();
    event["window"] = value!({ "start": "2020-07-30T17:00:00Z", "end": "2020-07-30T17:05:00Z" });
    event["state"] = value!({ "1": 282, "2": [715] });
    event["shardId"] = value!("shard-1");
    event["isFinalInvokeForWindow"] = value!(true);
    event["isWindowTerminatedEarly"] = value!(false);
    let bytes = serde_json::to_vec(&event).unwrap();
    let read = json::lambda_event(&bytes).unwrap();
    let window = read.window().unwrap();
    assert_eq!((window.start, window.end), (at(1_596_128_400_000_000), at(1_596_128_700_000_000)));
    let state: Value = serde_json::from_str(read.state_unredacted().unwrap()).unwrap();
    assert_eq!((state, read.shard_id()), (event["state"].clone(), Some("shard-1")));
    assert_eq!((read.is_final_invoke_for_window(), read.is_window_terminated_early()), (true, false));
    assert_eq!(read.records().len(), 3);
    assert!(!format!("{read:?}").contains("715"));
}

#[test]
fn a_record_says_where_and_when_it_was() {
    let bytes = event(&life());
    let event = json::lambda_event(&bytes).unwrap();
    let record = &event.records()[1];
    assert_eq!(record.event_name(), Some(EventName::Modify));
    assert_eq!(record.event_id(), Some("00000000000000000000000000000001"));
    assert_eq!(record.sequence_number().unwrap().to_string(), "0000000000000004421584501");
    assert_eq!((record.index(), record.size(), record.source_arn()), (Some(1), Some(59), Some(ARN)));
    assert_eq!(record.time(), Some(at(1_700_000_000_000_000)));
    assert_eq!(record.view_type().unwrap().as_str(), "NEW_AND_OLD_IMAGES");
    assert_eq!(record.keys_unredacted().unwrap().unwrap().len(), 2);
    let owned = record.clone().into_owned();
    assert_eq!(format!("{owned:?}"), format!("{record:?}"));
    assert!(!format!("{record:?}").contains("ada"));
}

#[test]
fn the_data_of_a_kinesis_record_is_a_record() {
    for (time, microseconds) in [
        (value!(1_646_157_866_523_u64), 1_646_157_866_523_000),
        (value!(1_646_157_866_523_456_u64), 1_646_157_866_523_456),
    ] {
        let [old, new] = [Status::Open, Status::Shipped].map(order);
        let mut record = record(0, "MODIFY", Some(image(&old)), Some(image(&new)));
        record["tableName"] = value!("shop");
        record["recordFormat"] = value!("application/json");
        record["userIdentity"] = value!(null);
        record.as_object_mut().unwrap().remove("eventSourceARN");
        let body = record["dynamodb"].as_object_mut().unwrap();
        body.remove("SequenceNumber");
        body.remove("StreamViewType");
        body["ApproximateCreationDateTime"] = time;
        body.insert("ApproximateCreationDateTimePrecision".into(), "MICROSECOND".into());
        let data = serde_json::to_vec(&record).unwrap();

        let number = "49590338271490256608559692538361571095921575989136588898";
        let read = json::kinesis_record(&data, number);
        assert_eq!((read.table_name(), read.time()), (Some("shop"), Some(at(microseconds))));
        let changes: Vec<_> = read.changes::<Order, NewAndOldImages>().unwrap().collect();
        assert_eq!(changes[0].change, Change::Modify { old, new });
        assert_eq!(changes[0].sequence_number().as_str(), number);
    }
    for (data, number) in
        [(&b"{"[..], "1"), (b"\xff", "1"), (b"", "1"), (b"{} x", "1"), (b"7", "1"), (b"{}", "x")]
    {
        let error = json::kinesis_record(data, number).changes::<Order, NewAndOldImages>().unwrap_err();
        assert!(matches!(error.kind(), RecordErrorKind::Damaged(_)), "{error:?}");
        assert_eq!(error.record().json_unredacted(), Some(data));
        assert_eq!(error.sequence_number().is_some(), number == "1");
    }
}
