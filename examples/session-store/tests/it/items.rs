//! Items that the original wrote are read, and written back unchanged but for the version.

use serde_json::{Value, json};
use session_store::{
    load,
    model::{Session, Vote},
    read_modify_write,
    rules::Action,
    save,
};

use crate::world::World;

/// An item of the original.
fn item(id: &str) -> Value {
    json!({
        "SessionID": { "S": id },
        "Version": { "B": "vrhlA/aeSiGfMJPKEh/ukw==" },
        "Data": { "M": {
            "Choices": { "L": [{ "S": "1" }, { "S": "2" }, { "S": "?" }] },
            "Participants": { "L": [{ "S": "Alice" }, { "S": "Bob" }] },
            "Votes": { "M": { "Alice": { "S": "5" } } },
            "Open": { "BOOL": true },
        } },
    })
}

/// The same, with the members of `Data` that are given.
fn item_with(id: &str, data: Value) -> Value {
    let mut item = item(id);
    let members = item["Data"]["M"].as_object_mut().unwrap();
    members.extend(data.as_object().unwrap().clone());
    item
}

/// Puts the item, loads it, saves it as it is, and compares.
async fn is_written_back(world: &World, item: Value) -> Session {
    let id = item["SessionID"]["S"].as_str().unwrap().to_owned();
    let mut first = None;
    for sessions in world.tables() {
        world.put_item(&item).await;
        let (session, version) = load(&sessions, &id).await.unwrap();
        let new = save(&sessions, &id, &session, Some(version)).await.unwrap();
        let mut written = world.item(&id).await;
        let version = written["Version"].take();
        assert_ne!(version, item["Version"]);
        assert_eq!(version["B"].as_str().unwrap().len(), 24, "16 bytes as base64");
        written["Version"] = item["Version"].clone();
        assert_eq!(sorted(&written), sorted(&item), "{new}");
        assert_eq!(load(&sessions, &id).await.unwrap(), (session.clone(), new));
        assert_eq!(*first.get_or_insert_with(|| session.clone()), session);
    }
    world.assert_legal();
    first.unwrap()
}

/// The text, with the members of each object in one order.
fn sorted(item: &Value) -> String {
    let mut item = item.clone();
    item.sort_all_objects();
    item.to_string()
}

#[tokio::test(start_paused = true)]
async fn the_item_of_the_original() {
    let world = World::new().await;
    let session = is_written_back(&world, item("k3x9q")).await;
    assert_eq!(session.choices, vec!["1".into(), "2".into(), "?".into()].into());
    assert_eq!(session.participants, vec!["Alice".into(), "Bob".into()].into());
    assert_eq!(session.votes.0, Some([("Alice".into(), "5".into())].into()));
    assert!(session.open && session.others.is_empty());

    world.put_item(&item("k3x9q")).await;
    let (_, version) = load(&world.table(), "k3x9q").await.unwrap();
    assert_eq!(version.to_string(), "beb86503-f69e-4a21-9f30-93ca121fee93");
}

#[tokio::test(start_paused = true)]
async fn nil_stays_null_and_empty_stays_empty() {
    let world = World::new().await;
    let forms = [
        ("Choices", json!({ "L": [] })),
        ("Participants", json!({ "L": [] })),
        ("Votes", json!({ "M": {} })),
    ];
    for mask in 0..8_u8 {
        let members = forms.iter().enumerate().map(|(number, (name, empty))| {
            let is_nil = mask >> number & 1 == 1;
            ((*name).to_owned(), if is_nil { json!({ "NULL": true }) } else { empty.clone() })
        });
        let session = is_written_back(&world, item_with("empty", Value::Object(members.collect()))).await;
        let are_nil =
            [session.choices.0.is_none(), session.participants.0.is_none(), session.votes.0.is_none()];
        let found =
            are_nil.iter().enumerate().map(|(number, is_nil)| u8::from(*is_nil) << number).sum::<u8>();
        assert_eq!(found, mask, "{session:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn lists_keep_their_order_their_duplicates_and_their_texts() {
    let world = World::new().await;
    let data = json!({
        "Choices": { "L": [{ "S": "b" }, { "S": "a" }, { "S": "b" }, { "S": "" }, { "S": " ½\n\"ß\" " }] },
        "Participants": { "L": [{ "S": "\u{1F0CF}" }, { "S": "\"Bob\"" }] },
        "Votes": { "M": { "\"Bob\"": { "S": "" }, "\u{1F0CF}": { "S": "b" } } },
        "Open": { "BOOL": false },
    });
    is_written_back(&world, item_with("lists", data)).await;
}

#[tokio::test(start_paused = true)]
async fn attributes_and_members_of_later_programs_survive() {
    let world = World::new().await;
    let mut later = item_with("later", json!({ "Title": { "S": "Sprint 7" }, "Round": { "N": "3" } }));
    later["Connections"] = json!({ "SS": ["conn-1", "conn-2"] });
    later["ControlConnections"] = json!({ "SS": ["conn-3"] });
    later["Expires"] = json!({ "N": "1790000000" });
    let session = is_written_back(&world, later.clone()).await;
    assert_eq!(session.others.len(), 2);
    // JSON has the four members of a session.
    assert_eq!(serde_json::to_value(&session).unwrap().as_object().unwrap().len(), 4);

    // Another program adds a connection between our read and our write.
    world.put_item(&later).await;
    let (session, version) = load(&world.table(), "later").await.unwrap();
    let add = json!({
        "TableName": "sessions", "Key": { "SessionID": { "S": "later" } },
        "UpdateExpression": "ADD Connections :c", "ConditionExpression": "attribute_exists(SessionID)",
        "ExpressionAttributeValues": { ":c": { "SS": ["conn-4"] } },
    });
    world.request("UpdateItem", &add).await;
    save(&world.table(), "later", &session, Some(version)).await.unwrap();
    let item = world.item("later").await;
    assert_eq!(item["Connections"], json!({ "SS": ["conn-1", "conn-2", "conn-4"] }));
    assert_eq!(item["Data"], later["Data"]);
}

#[tokio::test(start_paused = true)]
async fn a_vote_changes_the_votes_alone() {
    let world = World::new().await;
    for sessions in world.tables() {
        world.put_item(&item("k3x9q")).await;
        let vote = Action::Vote(Vote { participant: "Bob".into(), choice: "2".into() });
        read_modify_write(&sessions, "k3x9q", |session| vote.apply(session)).await.unwrap();
        let mut expected = item("k3x9q");
        expected["Data"]["M"]["Votes"]["M"]["Bob"] = json!({ "S": "2" });
        expected["Data"]["M"]["Open"] = json!({ "BOOL": false });
        let mut stored = world.item("k3x9q").await;
        assert_ne!(stored["Version"], expected["Version"]);
        stored["Version"] = expected["Version"].clone();
        assert_eq!(stored, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_item_is_what_the_original_writes() {
    let world = World::new().await;
    for (number, sessions) in world.tables().into_iter().enumerate() {
        let id = format!("new-{number}");
        save(&sessions, &id, &Session::new(vec!["one".into(), "two".into()]), None).await.unwrap();
        let mut expected = item_with(
            &id,
            json!({
                "Choices": { "L": [{ "S": "one" }, { "S": "two" }] },
                "Participants": { "L": [] }, "Votes": { "M": {} }, "Open": { "BOOL": false },
            }),
        );
        let stored = world.item(&id).await;
        expected["Version"] = stored["Version"].clone();
        assert_eq!(stored, expected);
    }
}

/// Another program's form of a member is an error, and nothing is written.
#[tokio::test(start_paused = true)]
async fn an_item_of_another_form_is_refused() {
    let world = World::new().await;
    let set = json!({ "Choices": { "SS": ["1", "2"] } });
    let mut short = item("other");
    short["Version"] = json!({ "B": "vrhlAw==" });
    let mut none = item("other");
    none.as_object_mut().unwrap().remove("Version");
    for item in [item_with("other", set), short, none] {
        world.put_item(&item).await;
        for sessions in world.tables() {
            assert!(load(&sessions, "other").await.is_err(), "{item}");
        }
    }
}
