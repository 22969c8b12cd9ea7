//! Sort keys that are fields themselves, without a template.

use crate::MAPPING;
use dynamap::value::Bytes;
use dynamap::{Entity, Table, TableSchema, key};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Texts;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = binary("sk"))]
struct Binaries;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Texts, pk = "FILES", sk = sk)]
struct File {
    sk: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Binaries, pk = "HASHES", sk = sk)]
struct Hash {
    sk: Bytes,
}

#[tokio::test]
async fn text_is_selected_by_its_beginning_and_by_ranges_of_text() {
    let files = Table::<Texts>::new(Local::memory().unwrap().client(), "files").with_mapping(MAPPING);
    files.create_table_if_absent().send().await.unwrap();
    let names = ["a", "a/b", "a/c", "a/c/d", "a0", "b", "é"];
    for name in names {
        files.put(&File { sk: name.into() }).send().await.unwrap();
    }
    let found = async |condition: key::KeyCondition<File, dynamap::schema::Primary>| {
        let found = files.query(condition).try_collect().await.unwrap();
        found.into_iter().map(|file| file.sk).collect::<Vec<String>>()
    };
    let all = || File::partition();
    for beginning in ["", "a", "a/", "a/c", "a/c/d", "x", "é"] {
        let expected: Vec<&str> = names.into_iter().filter(|name| name.starts_with(beginning)).collect();
        assert_eq!(found(all().sk_begins_with(beginning)).await, expected, "{beginning}");
        assert_eq!(found(all().sk_begins_with(&*String::from(beginning))).await, expected, "{beginning}");
    }
    assert_eq!(found(all().sk("a/b".."a0")).await, ["a/b", "a/c", "a/c/d"]);
    assert_eq!(found(all().sk("a/c"..)).await, ["a/c", "a/c/d", "a0", "b", "é"]);
    assert_eq!(found(all().sk(..="a/b")).await, ["a", "a/b"]);
    assert_eq!(found(all().sk(key::gt("a0"))).await, ["b", "é"]);
    assert_eq!(found(all().sk("a0".to_owned()..="b".to_owned())).await, ["a0", "b"]);
}

#[tokio::test]
async fn bytes_are_selected_by_their_beginning() {
    let hashes = Table::<Binaries>::new(Local::memory().unwrap().client(), "hashes").with_mapping(MAPPING);
    hashes.create_table_if_absent().send().await.unwrap();
    let stored: [&[u8]; 4] = [&[0], &[0, 255], &[1, 2, 3], &[255, 255]];
    for bytes in stored {
        hashes.put(&Hash { sk: Bytes::from(bytes.to_vec()) }).send().await.unwrap();
    }
    for beginning in [&[][..], &[0], &[1, 2], &[255], &[255, 255], &[7]] {
        let found = hashes.query(Hash::partition().sk_begins_with(beginning)).try_collect().await.unwrap();
        let found: Vec<Vec<u8>> = found.into_iter().map(|hash| hash.sk.to_vec()).collect();
        let expected: Vec<&[u8]> = stored.into_iter().filter(|bytes| bytes.starts_with(beginning)).collect();
        assert_eq!(found, expected, "{beginning:?}");
    }
}
