//! `Nullable`: NULL stays NULL, no attribute is an error or a default, and each is set and asked for as what it is.

use crate::{MAPPINGS, item, stored, table, unchanged};
use dynamap::{Entity, Error, TableSchema, entity::from_item, value::Nullable};

#[derive(TableSchema)]
#[dynamap(partition_key = "id", entity_type = none)]
struct Sessions;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Sessions, pk = id)]
struct Session {
    id: String,
    user: Nullable<String>,
    choices: Nullable<Vec<String>>,
    #[dynamap(default)]
    votes: Nullable<u32>,
}

const NULLS: &str = r#"{"id":{"S":"s"},"user":{"NULL":true},"choices":{"NULL":true},"votes":{"NULL":true}}"#;
const VALUES: &str = r#"{"id":{"S":"s"},"user":{"S":"ada"},"choices":{"L":[]},"votes":{"N":"0"}}"#;

#[tokio::test]
async fn nulls_and_values_keep_their_forms() {
    let session: Session = unchanged(&item(NULLS)).await;
    assert_eq!(
        (session.user, session.choices, session.votes),
        (Nullable(None), Nullable(None), Nullable(None))
    );
    let session: Session = unchanged(&item(VALUES)).await;
    assert_eq!(session.user, "ada".to_owned().into());
    assert_eq!((session.choices, session.votes), (vec![].into(), 0.into()));
}

#[test]
fn no_attribute_is_an_error_unless_the_field_has_a_default() {
    let read = |absent: &str| {
        let mut item = item(VALUES);
        assert!(item.remove(absent).is_some());
        from_item::<Session>(item)
    };
    assert_eq!(read("votes").unwrap().votes, Nullable(None));
    for absent in ["user", "choices"] {
        let error = read(absent).unwrap_err().to_string();
        assert!(error.contains(&format!("`{absent}`")), "{error}");
    }
}

#[tokio::test]
async fn null_is_set_and_asked_for_as_a_value() {
    for mapping in MAPPINGS {
        let sessions = table::<Sessions>(mapping, &item(VALUES)).await.repository::<Session>();
        let is_null = || Session::USER.eq(Nullable(None));
        let refused =
            sessions.update(Session::key("s")).apply(Session::VOTES.inner().add(1_u32)).condition(is_null());
        assert!(matches!(refused.await, Err(Error::ConditionFailed(_))), "{mapping:?}");

        sessions.update(Session::key("s")).apply(Session::USER.set(Nullable(None))).await.unwrap();
        let back = sessions.update(Session::key("s")).condition(is_null());
        back.apply(Session::USER.inner().set("bob"))
            .apply(Session::CHOICES.inner().append(["1"]))
            .await
            .unwrap();
        let found =
            sessions.scan().filter(Session::USER.inner().begins_with("b")).try_collect().await.unwrap();
        assert_eq!(found[0].choices, Nullable(Some(vec!["1".to_owned()])), "{mapping:?}");
    }
}

#[tokio::test]
async fn null_is_written_where_a_value_was() {
    for mapping in MAPPINGS {
        let sessions = table::<Sessions>(mapping, &item(VALUES)).await;
        let none = Session {
            id: "s".into(),
            user: Nullable(None),
            choices: Nullable(None),
            votes: Nullable::default(),
        };
        sessions.save(&none).await.unwrap();
        assert_eq!(stored(&sessions).await, crate::shown(&item(NULLS)), "{mapping:?}");
    }
}

#[test]
fn serde_has_it_as_an_option() {
    for (value, json) in [(Nullable(None), "null"), (Nullable(Some(7)), "7")] {
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(serde_json::from_str::<Nullable<u32>>(json).unwrap(), value);
    }
}
