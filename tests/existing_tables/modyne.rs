//! modyne 0.3: `PK`, `SK`, `GSI1PK` and `GSI1SK`, `entity_type`, and the values of `serde_dynamo`.

use crate::unchanged;
use dynamap::{Entity, Index, TableSchema, value::Nullable};
use modyne::{EntityDef, EntityExt, EntityTypeNameRef, keys};
use serde::{Deserialize, Serialize};

struct TheirTable(aws_sdk_dynamodb::Client);

impl modyne::Table for TheirTable {
    type PrimaryKey = keys::Primary;
    type IndexKeys = keys::Gsi1;

    fn table_name(&self) -> &str {
        "existing"
    }

    fn client(&self) -> &aws_sdk_dynamodb::Client {
        &self.0
    }
}

/// As the other program has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct TheirSession {
    user_name: String,
    token: String,
    created_at: u64,
    agents: Vec<String>,
    note: Option<String>,
}

impl EntityDef for TheirSession {
    const ENTITY_TYPE: &'static EntityTypeNameRef = EntityTypeNameRef::from_static("session");
}

impl modyne::Entity for TheirSession {
    type KeyInput<'a> = (&'a str, &'a str);
    type Table = TheirTable;
    type IndexKeys = keys::Gsi1;

    fn primary_key((user, token): Self::KeyInput<'_>) -> keys::Primary {
        keys::Primary { hash: format!("USER#{user}"), range: format!("SESSION#{token}") }
    }

    fn full_key(&self) -> keys::FullKey<keys::Primary, Self::IndexKeys> {
        keys::FullKey {
            primary: Self::primary_key((&self.user_name, &self.token)),
            indexes: keys::Gsi1 {
                hash: format!("TOKEN#{}", self.token),
                range: format!("USER#{}", self.user_name),
            },
        }
    }
}

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", indexes(ByToken))]
struct Sessions;

#[derive(Index)]
#[dynamap(table = Sessions, name = "GSI1", partition_key = "GSI1PK", sort_key = "GSI1SK")]
struct ByToken;

/// The same with dynamap.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Sessions, name = "session", pk = "USER#{user_name}", sk = "SESSION#{token}")]
#[dynamap(index = ByToken, pk = "TOKEN#{token}", sk = "USER#{user_name}")]
struct Session {
    #[dynamap(plain)]
    user_name: String,
    #[dynamap(plain)]
    token: String,
    created_at: u64,
    agents: Vec<String>,
    note: Nullable<String>,
}

#[tokio::test]
async fn an_item_is_read_and_written_again() {
    for note in [None, Some("x".to_owned())] {
        let theirs = TheirSession {
            user_name: "Ada Lovelace#1".into(),
            token: "t-1".into(),
            created_at: 5,
            agents: vec!["browser".into()],
            note: note.clone(),
        };
        let session: Session = unchanged(&theirs.into_item()).await;
        assert_eq!((&*session.user_name, session.note.0), ("Ada Lovelace#1", note));
    }
}
