//! Records of the SDK's crate for streams.

use crate::model::{
    Anything, Archived, Customer, Known, Order, Refusing, Status, Strict, archived, customer, order,
};
use aws_sdk_dynamodbstreams::primitives::{Blob, DateTime};
use aws_sdk_dynamodbstreams::types::{
    AttributeValue, Identity, OperationType, Record, StreamRecord as Body, StreamViewType,
};
use dynamap::Entity;
use dynamap::entity::to_item;
use dynamap::stream::{
    Change, KeysOnly, NewAndOldImages, NewImage, NotInView, OldImage, RecordErrorKind, StreamRecord,
};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

type Values = HashMap<String, AttributeValue>;

fn value(of: &aws_sdk_dynamodb::types::AttributeValue) -> AttributeValue {
    use aws_sdk_dynamodb::types::AttributeValue as Of;
    match of {
        Of::S(text) => AttributeValue::S(text.clone()),
        Of::N(number) => AttributeValue::N(number.clone()),
        Of::B(bytes) => AttributeValue::B(Blob::new(bytes.as_ref())),
        Of::M(members) => AttributeValue::M(members.iter().map(|(k, v)| (k.clone(), value(v))).collect()),
        _ => panic!("not in the model"),
    }
}

fn image<E: Entity>(entity: &E) -> Values {
    to_item(entity).unwrap().iter().map(|(name, of)| (name.clone(), value(of))).collect()
}

fn record(event: OperationType, old: Option<Values>, new: Option<Values>) -> Record {
    let any = old.as_ref().or(new.as_ref()).unwrap();
    let keys = ["pk", "sk"].map(|name| (name.to_owned(), any[name].clone()));
    let body = Body::builder()
        .approximate_creation_date_time(DateTime::from_secs(1_700_000_000))
        .set_keys(Some(keys.into()))
        .set_old_image(old)
        .set_new_image(new)
        .sequence_number("000000000000000000012345")
        .stream_view_type(StreamViewType::NewAndOldImages);
    Record::builder().event_id("e-1").event_name(event).dynamodb(body.build()).build()
}

#[test]
fn a_record_of_the_sdk_becomes_a_change() {
    let (old, new) = (order(Status::Open), order(Status::Shipped));
    let record = record(OperationType::Modify, Some(image(&old)), Some(image(&new)));
    let record = StreamRecord::from(record);
    let changes: Vec<_> = record.changes::<Order, NewAndOldImages>().unwrap().collect();
    let [change] = <[_; 1]>::try_from(changes).unwrap();
    assert_eq!(change.change, Change::Modify { old, new });
    assert_eq!((change.key.customer_id.as_str(), change.key.number), ("ada", 7));
    assert_eq!(change.sequence_number().as_str(), "000000000000000000012345");
    assert_eq!(change.time(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
    assert_eq!(change.operation_id().as_str(), "e-1");
}

fn changes_of<T, V>(record: Record) -> (Vec<Change<T, V>>, usize)
where
    T: dynamap::op::read::Queryable,
    V: dynamap::stream::StreamView,
{
    let changes = StreamRecord::from(record).changes::<T, V>().unwrap();
    let skipped = changes.skipped();
    (changes.map(|change| change.change).collect(), skipped)
}

/// Each view reads what it has of a record that has both images.
#[test]
fn a_view_has_its_images_only() {
    let (old, new) = (order(Status::Open), order(Status::Shipped));
    let modified = || record(OperationType::Modify, Some(image(&old)), Some(image(&new)));
    let given = changes_of::<Order, NewImage>(modified());
    assert_eq!(given, (vec![Change::Modify { old: NotInView, new: new.clone() }], 0));
    let given = changes_of::<Order, OldImage>(modified());
    assert_eq!(given, (vec![Change::Modify { old: old.clone(), new: NotInView }], 0));
    let given = changes_of::<Order, KeysOnly>(modified());
    assert_eq!(given, (vec![Change::Modify { old: NotInView, new: NotInView }], 0));
}

#[test]
fn another_entity_at_the_key_is_a_remove_and_an_insert() {
    let (old, new) = (order(Status::Open), archived());
    let modified = || record(OperationType::Modify, Some(image(&old)), Some(image(&new)));
    let (removed, inserted) = (old.clone(), new.clone());
    let both = vec![
        Change::Remove { old: Strict::Order(removed.clone()) },
        Change::Insert { new: Strict::Archived(inserted.clone()) },
    ];
    assert_eq!(changes_of::<Strict, NewAndOldImages>(modified()), (both, 0));
    assert_eq!(
        changes_of::<Order, NewAndOldImages>(modified()),
        (vec![Change::Remove { old: removed.clone() }], 1)
    );
    assert_eq!(
        changes_of::<Archived, NewAndOldImages>(modified()),
        (vec![Change::Insert { new: inserted }], 1)
    );
    assert_eq!(changes_of::<Customer, NewAndOldImages>(modified()), (vec![], 1));
    let known = vec![Change::Remove { old: Known::Order(removed.clone()) }];
    assert_eq!(changes_of::<Known, NewAndOldImages>(modified()), (known, 1));
    let (anything, _) = changes_of::<Anything, NewAndOldImages>(modified());
    assert_eq!(anything[0], Change::Remove { old: Anything::Order(removed) });
    assert!(
        matches!(&anything[1], Change::Insert { new: Anything::Other(item) } if item["number"].as_n().unwrap() == "7")
    );

    let record = StreamRecord::from(modified());
    let ids: Vec<_> = record
        .changes::<Strict, NewAndOldImages>()
        .unwrap()
        .map(|one| one.operation_id().to_string())
        .collect();
    assert_eq!(ids, ["e-1-remove", "e-1-insert"]);
}

#[test]
fn an_unknown_entity_follows_the_policy_of_the_collection() {
    let inserted = || record(OperationType::Insert, None, Some(image(&archived())));
    assert_eq!(changes_of::<Known, NewAndOldImages>(inserted()), (vec![], 1));
    let (kept, skipped) = changes_of::<Anything, NewAndOldImages>(inserted());
    assert!(matches!(&kept[..], [Change::Insert { new: Anything::Other(_) }]) && skipped == 0);

    let error = StreamRecord::from(inserted()).changes::<Refusing, NewAndOldImages>().unwrap_err();
    assert!(matches!(error.kind(), RecordErrorKind::UnknownEntity(_)), "{error:?}");
    assert_eq!(error.sequence_number().unwrap().to_string(), "000000000000000000012345");
    assert_eq!(error.event_id(), Some("e-1"));
    assert!(error.record().new_image_unredacted().unwrap().is_some());
}

#[test]
fn a_view_that_the_stream_lacks_is_an_error() {
    let mut record = record(OperationType::Insert, None, Some(image(&customer())));
    record.dynamodb.as_mut().unwrap().stream_view_type = Some(StreamViewType::NewImage);
    let record = StreamRecord::from(record);
    assert_eq!(record.changes::<Customer, NewImage>().unwrap().count(), 1);
    let error = record.changes::<Customer, NewAndOldImages>().unwrap_err();
    let RecordErrorKind::View { wanted, found } = error.kind() else { panic!("{error:?}") };
    assert_eq!((*wanted, *found), ("NEW_AND_OLD_IMAGES", "NEW_IMAGE"));
}

#[test]
fn an_item_that_the_service_deleted_is_expired() {
    for (principal, kind, expired) in [
        ("dynamodb.amazonaws.com", "Service", true),
        ("dynamodb.amazonaws.com", "User", false),
        ("someone", "Service", false),
    ] {
        let mut record = record(OperationType::Remove, Some(image(&order(Status::Open))), None);
        record.user_identity = Some(Identity::builder().principal_id(principal).r#type(kind).build());
        let record = StreamRecord::from(record);
        let given: Vec<_> = record.changes::<Order, NewAndOldImages>().unwrap().collect();
        assert_eq!(given[0].change, Change::Remove { old: order(Status::Open) });
        assert_eq!((record.is_expired(), given[0].is_expired()), (expired, expired));
    }
}
