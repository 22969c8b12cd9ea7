//! "Social network" of AWS's schema examples (`aws-dynamodb-examples`, `SocialNetwork`), which the Developer Guide has as "Social
//! network schema design". What belongs to a user or a post is in partitions of its own, `u#12345#follower`, and most items have
//! nothing but their key.
//!
//! A partition of the design has items of one kind, except that of the user, where `count` and `info` are two entities. One cannot
//! say "all partitions of a user": neither can DynamoDB.

use crate::{stored, table, written_again};
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error, ItemCollection, Table, TableSchema};
use std::time::{Duration, UNIX_EPOCH};

const SAMPLES: &str = r##"{"PK":{"S":"u#12345"},"SK":{"S":"count"},"follower#":{"N":"1"},"following#":{"N":"2"},"post#":{"N":"2"}}
{"PK":{"S":"u#12345"},"SK":{"S":"info"},"name":{"S":"Ada"},"content":{"S":"About me"},"imageUrl":{"S":"https://example.com/u/12345.jpg"}}
{"PK":{"S":"u#12345#follower"},"SK":{"S":"u#34567"}}
{"PK":{"S":"u#12345#following"},"SK":{"S":"u#34567"}}
{"PK":{"S":"u#12345#following"},"SK":{"S":"u#56789"}}
{"PK":{"S":"u#12345#post"},"SK":{"S":"p#12345"},"content":{"S":"First"},"imageUrl":{"S":"https://example.com/p/12345.jpg"},"timestamp":{"N":"1571827560"}}
{"PK":{"S":"u#12345#post"},"SK":{"S":"p#12346"},"content":{"S":"Second"},"timestamp":{"N":"1571827561"}}
{"PK":{"S":"p#12345#likelist"},"SK":{"S":"u#34567"}}
{"PK":{"S":"p#12345#likelist"},"SK":{"S":"u#56789"}}
{"PK":{"S":"p#12345#likecount"},"SK":{"S":"count"},"etc":{"N":"2"}}
{"PK":{"S":"u#12345#timeline"},"SK":{"S":"p#34567#u#56789"},"ttl":{"N":"1571827560"}}
{"PK":{"S":"u#12345#timeline"},"SK":{"S":"p#34568#u#56789"},"ttl":{"N":"1571900000"}}"##;

/// Before both times to live are over.
const NOW: u64 = 1_571_800_000;

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", entity_type = none, ttl = "ttl")]
struct SocialNetwork;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "u#{user}", sk = "info")]
struct Info {
    #[dynamap(key_only)]
    user: String,
    name: String,
    content: String,
    #[dynamap(rename = "imageUrl")]
    image_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "u#{user}", sk = "count")]
struct Counts {
    #[dynamap(key_only)]
    user: String,
    #[dynamap(rename = "follower#")]
    followers: u64,
    #[dynamap(rename = "following#")]
    following: u64,
    #[dynamap(rename = "post#")]
    posts: u64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "u#{user}#follower", sk = "u#{follower}")]
struct Follower {
    #[dynamap(key_only)]
    user: String,
    #[dynamap(key_only)]
    follower: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "u#{user}#following", sk = "u#{followed}")]
struct Following {
    #[dynamap(key_only)]
    user: String,
    #[dynamap(key_only)]
    followed: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "u#{user}#post", sk = "p#{post}")]
struct Post {
    #[dynamap(key_only)]
    user: String,
    #[dynamap(key_only)]
    post: String,
    content: String,
    #[dynamap(rename = "imageUrl")]
    image_url: Option<String>,
    timestamp: EpochSeconds,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "p#{post}#likelist", sk = "u#{user}")]
struct Like {
    #[dynamap(key_only)]
    post: String,
    #[dynamap(key_only)]
    user: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "p#{post}#likecount", sk = "count")]
struct LikeCount {
    #[dynamap(key_only)]
    post: String,
    etc: u64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = SocialNetwork, pk = "u#{user}#timeline", sk = "p#{post}#u#{author}")]
struct TimelineEntry {
    #[dynamap(key_only)]
    user: String,
    #[dynamap(key_only)]
    post: String,
    #[dynamap(key_only)]
    author: String,
    #[dynamap(ttl)]
    ttl: EpochSeconds,
}

#[derive(Debug, PartialEq, ItemCollection)]
struct User {
    info: Info,
    counts: Counts,
}

async fn network() -> Table<SocialNetwork> {
    at(NOW).await
}

async fn at(seconds: u64) -> Table<SocialNetwork> {
    table::<SocialNetwork>("SocialNetwork", SAMPLES)
        .await
        .with_clock(move || UNIX_EPOCH + Duration::from_secs(seconds))
}

#[tokio::test]
async fn information_of_a_user() {
    let network = network().await;
    let user = network.query(User::partition("12345")).assemble().await.unwrap();
    let info = Info {
        user: "12345".into(),
        name: "Ada".into(),
        content: "About me".into(),
        image_url: Some("https://example.com/u/12345.jpg".into()),
    };
    let counts = Counts { user: "12345".into(), followers: 1, following: 2, posts: 2 };
    assert_eq!(user, User { info: info.clone(), counts: counts.clone() });
    assert_eq!(network.get(Info::key("12345")).await.unwrap(), Some(info));
    assert_eq!(network.get(Counts::key("12345")).await.unwrap(), Some(counts));
    // What stands under the user's id is nobody else's, and not in the partition of the user.
    assert_eq!(network.get(Info::key("1234")).await.unwrap(), None);
    assert_eq!(network.get(Info::key("12345#follower")).await.unwrap(), None);
}

#[tokio::test]
async fn followers_and_followed() {
    let network = network().await;
    let followers = network.query(Follower::partition("12345")).try_collect().await.unwrap();
    assert_eq!(followers, [Follower { user: "12345".into(), follower: "34567".into() }]);
    let following = network.query(Following::partition("12345")).try_collect().await.unwrap();
    let followed: Vec<&str> = following.iter().map(|following| &*following.followed).collect();
    assert_eq!(followed, ["34567", "56789"]);
}

#[tokio::test]
async fn posts_of_a_user() {
    let network = network().await;
    let posts = network.query(Post::partition("12345")).try_collect().await.unwrap();
    let shown: Vec<(&str, &str, bool, i64)> = posts
        .iter()
        .map(|post| (&*post.post, &*post.content, post.image_url.is_some(), post.timestamp.0))
        .collect();
    assert_eq!(shown, [("12345", "First", true, 1_571_827_560), ("12346", "Second", false, 1_571_827_561)]);
}

#[tokio::test]
async fn likes_of_a_post() {
    let network = network().await;
    let users = network.query(Like::partition("12345")).try_collect().await.unwrap();
    let users: Vec<&str> = users.iter().map(|like| &*like.user).collect();
    assert_eq!(users, ["34567", "56789"]);
    assert_eq!(network.get(LikeCount::key("12345")).await.unwrap().map(|count| count.etc), Some(2));
    // A like is counted with the like itself, and once.
    let like = async |user: &str| {
        let like = Like { post: "12345".into(), user: user.into() };
        let count = network.upsert(LikeCount::key("12345")).apply(LikeCount::ETC.add_or(0, 1));
        network.transact_write().create(&like).update(count).await
    };
    like("12345").await.unwrap();
    assert!(matches!(like("34567").await, Err(Error::TransactionCanceled(_))));
    assert_eq!(network.get(LikeCount::key("12345")).await.unwrap().map(|count| count.etc), Some(3));
}

#[tokio::test]
async fn the_timeline_of_a_user() {
    let entries = async |network: Table<SocialNetwork>| {
        let page = network.query(TimelineEntry::partition("12345")).send().await.unwrap();
        let shown = |entry: &TimelineEntry| format!("{} by {}", entry.post, entry.author);
        (page.items.iter().map(shown).collect::<Vec<_>>(), page.expired)
    };
    assert_eq!(
        entries(network().await).await,
        (vec!["34567 by 56789".to_owned(), "34568 by 56789".into()], 0)
    );
    // What DynamoDB deletes some days later is gone.
    assert_eq!(entries(at(1_571_827_561).await).await, (vec!["34568 by 56789".to_owned()], 1));
}

#[tokio::test]
async fn what_is_written_is_what_the_design_has() {
    let network = network().await;
    let before = stored(&network).await;
    written_again::<Counts>(&network, SAMPLES, &[0]).await;
    written_again::<Info>(&network, SAMPLES, &[1]).await;
    written_again::<Follower>(&network, SAMPLES, &[2]).await;
    written_again::<Following>(&network, SAMPLES, &[3, 4]).await;
    written_again::<Post>(&network, SAMPLES, &[5, 6]).await;
    written_again::<Like>(&network, SAMPLES, &[7, 8]).await;
    written_again::<LikeCount>(&network, SAMPLES, &[9]).await;
    written_again::<TimelineEntry>(&network, SAMPLES, &[10, 11]).await;
    // The other verbs as well, also of an item that is nothing but its key.
    network.save(&Follower { user: "12345".into(), follower: "34567".into() }).await.unwrap();
    network.replace(&Like { post: "12345".into(), user: "34567".into() }).await.unwrap();
    let entry = network.get(TimelineEntry::key("12345", "34567", "56789")).await.unwrap().unwrap();
    network.save(&entry).await.unwrap();
    assert_eq!(stored(&network).await, before);
}

/// Items that are nothing but their key are saved, created and followed as any other.
#[tokio::test]
async fn an_item_that_is_its_key() {
    let network = network().await;
    let before = stored(&network).await;
    let there = Follower { user: "12345".into(), follower: "34567".into() };
    let absent = Follower { user: "12345".into(), follower: "99999".into() };
    network.save(&there).await.unwrap();
    assert!(matches!(network.save(&absent).await, Err(Error::ConditionFailed(_))));
    let request = network.save(&there).into_sdk().unwrap();
    assert_eq!(request.get_update_expression(), &None);
    assert_eq!(request.get_condition_expression().as_deref(), Some("attribute_exists(#n0)"));
    network.transact_write().save(&there).await.unwrap();
    let canceled = network.transact_write().save(&there).save(&absent).await;
    let Err(Error::TransactionCanceled(canceled)) = canceled else { panic!("{canceled:?}") };
    assert_eq!(canceled.reasons()[1].code(), Some("ConditionalCheckFailed"));
    network.save(&there).transactional().await.unwrap();
    assert!(matches!(network.save(&absent).transactional().await, Err(Error::ConditionFailed(_))));
    assert_eq!(stored(&network).await, before);

    network.save_or_create(&there).await.unwrap();
    network.upsert(&there).await.unwrap();
    assert_eq!(stored(&network).await, before);
    network.save_or_create(&absent).await.unwrap();
    assert_eq!(network.query(Follower::partition("12345")).count().await.unwrap(), 2);
    assert_eq!(network.delete(&absent).return_old().await.unwrap(), Some(absent.clone()));
    network.upsert(&absent).skip_if_empty().await.unwrap();
    assert!(network.exists(&absent).await.unwrap());
    network.delete(&absent).await.unwrap();
    // DynamoDB has no action that only creates an item, except a put.
    let refused = network.transact_write().write(network.save_or_create(&absent)).await;
    assert!(matches!(refused, Err(Error::InvalidTransaction(_))), "{refused:?}");
    assert_eq!(stored(&network).await, before);
}
