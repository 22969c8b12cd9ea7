//! One database and its handles: clones, files, sweeps.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::TimeToLiveSpecification;
use dynamap_local::{Local, LocalError};

use crate::shop::{self, TABLE, get, n, product, put};

#[tokio::test]
async fn clients_of_one_local_see_one_database() {
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;
    put(&local.clone().client(), product("p-1")).await;
    assert_eq!(get(&local.client(), product("p-1")).await, Some(product("p-1")));
}

#[tokio::test]
async fn two_locals_in_memory_are_two_databases() {
    let (one, other) = (Local::memory().unwrap(), Local::memory().unwrap());
    shop::create(&one.client()).await;
    assert!(other.client().list_tables().send().await.unwrap().table_names.unwrap().is_empty());
}

/// Removes its own directory.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dynamap-local-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_reopened_file_keeps_its_data() {
    let directory = Directory::new("reopened");
    let path = directory.0.join("shop.db");
    {
        let client = Local::file(&path).unwrap().client();
        shop::create(&client).await;
        put(&client, product("p-1")).await;
    }
    let client = Local::file(&path).unwrap().client();
    assert_eq!(get(&client, product("p-1")).await, Some(product("p-1")));
}

#[test]
fn a_file_that_is_no_database_is_an_error() {
    let directory = Directory::new("no-database");
    let path = directory.0.join("notes.txt");
    std::fs::write(&path, "not a database, though long enough to be looked at ".repeat(100)).unwrap();
    assert!(matches!(Local::file(&path), Err(LocalError::Open(_))));
    assert!(matches!(Local::file(directory.0.join("absent").join("shop.db")), Err(LocalError::Open(_))));
}

#[tokio::test]
async fn only_a_sweep_deletes_expired_items() {
    let local = Local::memory().unwrap();
    let client = local.client();
    shop::create(&client).await;
    let enable = TimeToLiveSpecification::builder().enabled(true).attribute_name("expires_at").build();
    client
        .update_time_to_live()
        .table_name(TABLE)
        .time_to_live_specification(enable.unwrap())
        .send()
        .await
        .unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
    for (id, expires_at) in [("old", now - 60), ("new", now + 3600)] {
        let mut item = product(id);
        item.insert("expires_at".to_owned(), n(expires_at));
        put(&client, item).await;
    }
    put(&client, product("eternal")).await;

    assert!(get(&client, product("old")).await.is_some());
    assert_eq!(local.sweep_ttl().unwrap(), 1);
    assert_eq!(local.sweep_ttl().unwrap(), 0);
    assert_eq!(get(&client, product("old")).await, None);
    assert!(get(&client, product("new")).await.is_some());
    assert!(get(&client, product("eternal")).await.is_some());
}

#[test]
fn a_local_can_be_shared_and_shows_no_data() {
    fn shared<T: Clone + Send + Sync + std::fmt::Debug>(_: &T) {}
    let local = Local::memory().unwrap();
    shared(&local);
    assert!(format!("{local:?}").contains("Engine"), "{local:?}");
}
