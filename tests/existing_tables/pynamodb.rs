//! PynamoDB 6.1.0: keys that are plain attributes, a discriminator, times with six digits, documents as JSON texts, and a
//! version that counts from 1.

use crate::{MAPPINGS, item, shown, stored, table};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Attribute, Entity, Error, TableSchema,
    value::{Bytes, EpochSeconds, Number, Version},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

#[derive(TableSchema)]
#[dynamap(partition_key = "forum_name", sort_key = "subject", entity_type = "cls", ttl = "expires")]
struct Threads;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Threads, pk = forum_name, sk = subject)]
struct Question {
    forum_name: String,
    subject: String,
    views: u64,
    rating: Option<f64>,
    tags: BTreeSet<String>,
    counts: BTreeSet<Number>,
    answered: bool,
    #[dynamap(with = utc_date_time)]
    posted: Timestamp,
    /// JSON.
    extra: String,
    note: Option<String>,
    address: Address,
    replies: Vec<Number>,
    /// With `legacy_encoding`, the text of the bytes in base64.
    picture: Bytes,
    icon: Bytes,
    #[dynamap(ttl)]
    expires: EpochSeconds,
    #[dynamap(version, lineage = none)]
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Address {
    city: String,
    zip: Option<String>,
}

/// `2026-11-30T12:00:00.123000+0000`.
mod utc_date_time {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};
    use jiff::{Timestamp, fmt::strtime};

    const FORM: &str = "%Y-%m-%dT%H:%M:%S.%6f%z";

    pub(crate) fn write<W: Writer>(value: &Timestamp, w: &mut W) -> Result<(), EncodeError> {
        w.string(&value.strftime(FORM).to_string())
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<Timestamp, DecodeError> {
        let time = strtime::parse(FORM, &*r.str()?).and_then(|time| time.to_timestamp());
        time.map_err(|_| DecodeError::new("a time in UTC", "another text"))
    }
}

const QUESTION: &str = r##"{"forum_name": {"S": "Python"}, "subject": {"S": "Sets"}, "address": {"M": {"city": {"S": "Oslo"}}},
    "answered": {"BOOL": true}, "cls": {"S": "Question"}, "counts": {"NS": ["1", "2"]}, "expires": {"N": "4102444800"},
    "extra": {"S": "{\"a\": [1, null]}"}, "icon": {"B": "AP8="}, "picture": {"B": "QVA4PQ=="},
    "posted": {"S": "2026-11-30T12:00:00.123000+0000"}, "rating": {"N": "4.5"}, "replies": {"L": [{"N": "1"}, {"N": "2.5"}]},
    "tags": {"SS": ["b", "a"]}, "views": {"N": "3"}, "version": {"N": "1"}}"##;

#[tokio::test]
async fn an_item_is_read_and_saved_with_the_next_version() {
    let original = item(QUESTION);
    let mut expected = original.clone();
    expected.insert("version".into(), AttributeValue::N("2".into()));
    for mapping in MAPPINGS {
        let questions = table::<Threads>(mapping, &original).await.repository::<Question>();
        let mut question = questions.get(Question::key("Python", "Sets")).await.unwrap().unwrap();
        assert_eq!(
            (question.version.stored(), question.posted.as_millisecond()),
            (Some(&1), 1_796_040_000_123)
        );
        assert_eq!((&*question.icon.0, &*question.picture.0), (&[0, 255][..], &b"AP8="[..]));
        let mut stale = question.clone();
        questions.save(&mut question).await.unwrap();
        assert!(matches!(questions.save(&mut stale).await, Err(Error::VersionConflict(_))));
        let again = table::<Threads>(mapping, &original).await;
        let mut question = again.get(Question::key("Python", "Sets")).await.unwrap().unwrap();
        again.save(&mut question).await.unwrap();
        assert_eq!(stored(&again).await, shown(&expected), "save, {mapping:?}");
        let mut question = Question { version: Version::NEW, ..question };
        again.delete(&question).ignore_version().await.unwrap();
        again.create(&mut question).await.unwrap();
        assert_eq!(stored(&again).await, shown(&original), "create, {mapping:?}");
    }
}
