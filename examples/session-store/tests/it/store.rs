//! The cases that the original tested its stores with, and those that it should have.

use dynamap::value::Nullable;
use session_store::{
    SessionError, TRIES, create, load,
    model::Session,
    read_modify_write,
    rules::{Action, Refusal},
    save,
};
use uuid::Uuid;

use crate::world::World;

fn session() -> Session {
    Session::new(vec!["1".into(), "2".into(), "?".into()])
}

#[tokio::test(start_paused = true)]
async fn an_absent_session_is_not_found() {
    let world = World::new().await;
    for sessions in world.tables() {
        let absent = load(&sessions, "abcde").await;
        assert!(matches!(&absent, Err(SessionError::NotFound(id)) if id == "abcde"), "{absent:?}");
        let absent = read_modify_write(&sessions, "abcde", |_| Ok(())).await;
        assert!(matches!(&absent, Err(SessionError::NotFound(id)) if id == "abcde"), "{absent:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_is_loaded_as_it_was_saved() {
    let world = World::new().await;
    for sessions in world.tables() {
        let id = create(&sessions, &session()).await.unwrap();
        let (loaded, version) = load(&sessions, &id).await.unwrap();
        // Empty lists, not nil.
        assert_eq!(loaded, session());
        assert_eq!((&loaded.participants, &loaded.votes), (&vec![].into(), &Nullable(Some([].into()))));
        assert_eq!(Uuid::from(version).get_version_num(), 4);
    }
    world.assert_legal();
}

#[tokio::test(start_paused = true)]
async fn a_save_with_the_right_version_gives_another_one() {
    let world = World::new().await;
    for (number, sessions) in world.tables().into_iter().enumerate() {
        let id = format!("id-{number}");
        let mut changed = session();
        let mut versions = vec![save(&sessions, &id, &changed, None).await.unwrap()];
        for name in ["Alice", "Bob"] {
            changed.participants.0.as_mut().unwrap().push(name.into());
            let version = save(&sessions, &id, &changed, versions.last().copied()).await.unwrap();
            assert_eq!(load(&sessions, &id).await.unwrap(), (changed.clone(), version));
            assert!(!versions.contains(&version));
            versions.push(version);
        }
    }
    world.assert_legal();
}

#[tokio::test(start_paused = true)]
async fn a_save_with_any_other_version_is_a_mismatch() {
    let world = World::new().await;
    for (number, sessions) in world.tables().into_iter().enumerate() {
        let id = format!("id-{number}");
        let first = save(&sessions, &id, &session(), None).await.unwrap();
        let second = save(&sessions, &id, &session(), Some(first)).await.unwrap();
        let before = world.item(&id).await;
        for wrong in [first, Uuid::new_v4().into(), Uuid::nil().into()] {
            let refused = save(&sessions, &id, &Session::new(Nullable(None)), Some(wrong)).await;
            assert!(matches!(&refused, Err(SessionError::VersionMismatch(of)) if *of == id), "{refused:?}");
        }
        let refused = save(&sessions, &id, &Session::new(Nullable(None)), None).await;
        assert!(matches!(&refused, Err(SessionError::AlreadyExists(of)) if *of == id), "{refused:?}");
        assert_eq!(world.item(&id).await, before);
        assert_eq!(load(&sessions, &id).await.unwrap().1, second);

        let refused = save(&sessions, "absent", &session(), Some(second)).await;
        assert!(matches!(&refused, Err(SessionError::VersionMismatch(of)) if of == "absent"), "{refused:?}");
        assert!(world.item("absent").await.is_null());
    }
}

#[tokio::test(start_paused = true)]
async fn ids_are_drawn_from_letters_and_digits() {
    let world = World::new().await;
    let mut seen = [false; 36];
    for _ in 0..60 {
        let id = create(&world.table(), &session()).await.unwrap();
        assert_eq!(id.len(), 5, "{id}");
        for character in id.chars() {
            assert!(character.is_ascii_lowercase() || character.is_ascii_digit(), "{id}");
            seen[character.to_digit(36).unwrap() as usize] = true;
        }
    }
    // 300 characters leave more than six of 36 out in less than one of a billion runs.
    assert!(seen.iter().filter(|seen| **seen).count() >= 30, "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_a_read_modify_write_and_saves_nothing() {
    let world = World::new().await;
    let sessions = world.table();
    let id = create(&sessions, &session()).await.unwrap();
    let before = world.item(&id).await;
    let mut tries = 0;
    let refused = read_modify_write(&sessions, &id, |session| {
        tries += 1;
        session.open = true;
        Err(Refusal::InvalidChoice)
    });
    let refused = refused.await;
    assert!(matches!(refused, Err(SessionError::Refused(Refusal::InvalidChoice))), "{refused:?}");
    assert_eq!((tries, world.item(&id).await), (1, before));
}

/// Another writer is faster at the first `conflicts` tries.
async fn with_conflicts(conflicts: u32) -> (session_store::Result<Session>, u32, Session) {
    let world = World::new().await;
    let sessions = world.table();
    save(&sessions, "id", &session(), None).await.unwrap();
    let mut tries = 0;
    let modified = read_modify_write(&sessions, "id", |session| {
        tries += 1;
        if tries <= conflicts {
            overtake(&world, tries);
        }
        Action::Join("Alice".into()).apply(session)
    });
    let modified = modified.await;
    (modified, tries, load(&sessions, "id").await.unwrap().0)
}

/// Saves the session as another writer, with one more participant.
fn overtake(world: &World, number: u32) {
    let sessions = world.table();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let join = Action::Join(format!("Bob {number}"));
            runtime.block_on(read_modify_write(&sessions, "id", |session| join.apply(session))).unwrap();
        });
        other.join().unwrap();
    });
}

#[tokio::test(start_paused = true)]
async fn a_read_modify_write_has_five_tries() {
    for conflicts in 0..TRIES {
        let (modified, tries, stored) = with_conflicts(conflicts).await;
        let mut names: Vec<_> = (1..=conflicts).map(|number| format!("Bob {number}")).collect();
        names.push("Alice".into());
        assert_eq!(stored.participants, names.into(), "after {conflicts} conflicts");
        assert_eq!((modified.unwrap(), tries), (stored, conflicts + 1));
    }
    let (modified, tries, stored) = with_conflicts(TRIES).await;
    assert!(matches!(&modified, Err(SessionError::VersionMismatch(id)) if id == "id"), "{modified:?}");
    assert_eq!((tries, stored.participants.0.unwrap().len()), (TRIES, TRIES as usize));
}
