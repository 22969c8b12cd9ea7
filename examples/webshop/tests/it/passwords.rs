//! Passwords: what is stored of them, and what becomes of imported ones.

use argon2::Params;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::Table;
use dynamap_local::Local;
use webshop::{
    ShopError, catalogue,
    clojure_hash::ClojureHash,
    log_in,
    model::{PasswordHash, User},
    passwords::{Checked, Passwords},
    sign_up,
};

use crate::patterns::shop;

/// Parameters that take no time, and protect nothing.
pub(crate) fn cheap() -> Passwords {
    Passwords::new(Params::new(Params::MIN_M_COST, 1, 1, None).unwrap())
}

/// The `password` attribute of Ada's item.
async fn stored(local: &Local) -> AttributeValue {
    let (pk, sk) = ("USER#ada@example.com".to_owned(), "USER".to_owned());
    let item = local.client().get_item().table_name("webshop");
    let item = item.key("pk", AttributeValue::S(pk)).key("sk", AttributeValue::S(sk)).send().await.unwrap();
    item.item.unwrap().remove("password").unwrap()
}

#[tokio::test]
async fn an_imported_hash_is_replaced_at_the_next_login() {
    let (local, shop) = shop().await;
    let (ada, passwords) = ("ada@example.com".parse().unwrap(), cheap());
    let imported = stored(&local).await;
    assert_eq!(imported, AttributeValue::N(ClojureHash::of("umbrella").0.to_string()));

    let wrong = log_in(&shop, &passwords, &ada, "Umbrella").await;
    assert!(matches!(wrong, Err(ShopError::WrongCredentials)), "{wrong:?}");
    assert_eq!(stored(&local).await, imported);

    // Only the hash that was compared is replaced, and not one that another writer has put there meanwhile.
    let (recorded, requests) = local.recording();
    let recorded = Table::new(recorded.client(), "webshop");
    log_in(&recorded, &passwords, &ada, "umbrella").await.unwrap();
    let update = requests.take().into_iter().find(|request| request.operation == "UpdateItem").unwrap().body;
    let condition = update["ConditionExpression"].as_str().unwrap();
    let compared = serde_json::json!({ "N": ClojureHash::of("umbrella").0.to_string() });
    let values = update["ExpressionAttributeValues"].as_object().unwrap();
    let (name, _) = values.iter().find(|(_, value)| **value == compared).unwrap();
    assert!(condition.contains(&format!(" = {name}")), "{update}");
    let replaced = stored(&local).await;
    assert!(replaced.as_s().unwrap().starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{replaced:?}");

    // From then on it stays, and no other password that has Clojure's hash will do.
    log_in(&shop, &passwords, &ada, "umbrella").await.unwrap();
    assert_eq!(stored(&local).await, replaced);
    let wrong = log_in(&shop, &passwords, &ada, "Umbrella").await;
    assert!(matches!(wrong, Err(ShopError::WrongCredentials)), "{wrong:?}");
}

#[tokio::test]
async fn logins_at_once_replace_a_hash_once_and_all_succeed() {
    let (local, shop) = shop().await;
    let passwords = cheap();
    let ada = "ada@example.com".parse().unwrap();
    let logins = async || log_in(&shop, &passwords, &ada, "umbrella").await.map(|session| session.token);
    let (a, b, c) = tokio::join!(logins(), logins(), logins());
    let tokens = [a.unwrap(), b.unwrap(), c.unwrap()];
    assert!(tokens[0] != tokens[1] && tokens[1] != tokens[2] && tokens[0] != tokens[2]);
    let PasswordHash::Argon2(hash) = &shop.get(User::key(&ada)).send().await.unwrap().unwrap().password
    else {
        panic!("the old hash is still there")
    };
    assert_eq!(&AttributeValue::S(hash.clone()), &stored(&local).await);
}

#[tokio::test]
async fn two_users_with_one_password_have_two_hashes() {
    let passwords = cheap();
    let (one, two) = (passwords.hash("pancake").await.unwrap(), passwords.hash("pancake").await.unwrap());
    assert_ne!(one, two);
    assert_eq!(passwords.check("pancake", Some(&one)).await.unwrap(), Checked::Right);
    assert_eq!(passwords.check("pancakes", Some(&one)).await.unwrap(), Checked::Wrong);
    assert_eq!(passwords.check("pancake", None).await.unwrap(), Checked::Wrong);
}

#[tokio::test]
async fn a_hash_that_is_damaged_is_an_error_and_no_login() {
    let (_local, shop) = shop().await;
    let mut user = catalogue::built_in().unwrap().users.remove(0);
    user.email = "eve@example.com".parse().unwrap();
    user.password = PasswordHash::Argon2("umbrella".to_owned());
    sign_up(&shop, &user).await.unwrap();
    let failed = log_in(&shop, &cheap(), &user.email, "umbrella").await;
    assert!(matches!(failed, Err(ShopError::Password(_))), "{failed:?}");
}

#[test]
fn debug_shows_no_hash() {
    let user = &catalogue::built_in().unwrap().users[0];
    let shown = format!("{user:?} {:?}", PasswordHash::Argon2("$argon2id$secret".to_owned()));
    assert!(shown.contains("Imported(..)") && !shown.contains("secret"), "{shown}");
    assert!(!shown.contains(&ClojureHash::of("umbrella").0.to_string()), "{shown}");
}
