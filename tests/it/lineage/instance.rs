//! Updates of an entity in memory.

use super::*;

/// It is as it is stored, or else as it was, and a write of it then is a conflict.
async fn memory_is_what_is_stored<E: File>() {
    let (files, script) = files().await;
    let mut file = E::new("a");
    files.create(&mut file).send().await.unwrap();
    let mut stale = file.clone();
    files.update_entity(&mut file).apply(E::counting()).send().await.unwrap();
    assert_eq!((file.count(), &file), (1, &stored::<E>(&files).await));
    files.update_entity(&mut file).apply(E::counting()).return_old().send().await.unwrap();
    // The item was not returned.
    assert_eq!(file.count(), 1);
    assert_conflict(files.save(&mut file).send().await);
    let mut file = stored::<E>(&files).await;
    let new = files.update_entity(&mut file).apply(E::counting()).return_new().send().await.unwrap();
    assert_eq!((new.count(), &new), (3, &file));
    assert_eq!(file, stored::<E>(&files).await);
    // A part of the item is no entity, and what was changed in memory only is not taken for stored.
    let mut draft = file.clone();
    draft.text().push_str("draft");
    let updated =
        files.update_entity(&mut draft).apply(E::counting()).return_updated_new().send().await.unwrap();
    drop(updated);
    assert_conflict(files.save(&mut draft).send().await);
    file = stored::<E>(&files).await;
    assert_eq!(file.count(), 4);
    // Another has written.
    let before = stale.clone();
    assert_conflict(files.update_entity(&mut stale).apply(E::counting()).send().await);
    assert_eq!(stale, before);
    // Its condition is not met.
    let before = file.clone();
    let key = dynamap::expr::Attribute::<E, String>::new("pk");
    let refused =
        files.update_entity(&mut file).apply(E::counting()).condition(key.not_exists()).send().await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
    assert_eq!(file, before);
    // In a transaction nothing is returned.
    files.transact_write().update(files.update_entity(&mut file).apply(E::counting())).send().await.unwrap();
    let now = stored::<E>(&files).await;
    assert_eq!(now.count(), 5);
    assert_conflict(files.save(&mut file).send().await);
    // An answer that is lost.
    for fault in AFTER {
        let mut file = stored::<E>(&files).await;
        script.set(&[fault]);
        let outcome = files.update_entity(&mut file).apply(E::counting()).send().await;
        let now = stored::<E>(&files).await;
        match outcome {
            Ok(()) if file == now => {}
            Ok(()) | Err(Error::Unknown(_)) => assert_conflict(files.save(&mut file).send().await),
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test]
async fn an_update_of_an_entity_leaves_in_memory_what_is_stored() {
    memory_is_what_is_stored::<Numbered>().await;
    memory_is_what_is_stored::<Zeroed>().await;
    memory_is_what_is_stored::<Random>().await;
    memory_is_what_is_stored::<Plain>().await;
    memory_is_what_is_stored::<PlainRandom>().await;
}

#[tokio::test]
async fn an_entity_that_was_never_stored_is_not_updated() {
    let (files, script) = files().await;
    script.set(&[]);
    let mut file = Numbered::new("a");
    let refused = files.update_entity(&mut file).apply(Numbered::counting()).send().await;
    assert!(matches!(refused, Err(Error::NoStoredVersion(_))), "{refused:?}");
    assert_eq!(script.attempts(), 0);
}
