use super::schemas::{Bare, Less, Numbered, One, OtherKey, Sorted, Two};
use dynamap::error::SchemaDifferenceKind;
use dynamap::{Table, TableSchema};
use dynamap_local::Local;
use expect_test::{Expect, expect};

/// The differences between a table that was created as `A` and the schema `B`, in words.
async fn differences<A: TableSchema, B: TableSchema>(expected: Expect) {
    let client = Local::memory().unwrap().client();
    Table::<A>::new(client.clone(), "shop").create_table_if_absent().await.unwrap();
    assert!(Table::<A>::new(client.clone(), "shop").verify().await.unwrap().is_empty());
    let differences = Table::<B>::new(client.clone(), "shop").verify().await.unwrap();
    // Calls of the schema refuse what harms them.
    let of_keys = |kind: &SchemaDifferenceKind| *kind != SchemaDifferenceKind::TimeToLive;
    let is_harmful = differences.harmful().any(|difference| of_keys(difference.kind()));
    let refused = Table::<B>::new(client, "shop").wait_until_active().await.is_err();
    assert_eq!(refused, is_harmful, "{differences}");
    expected.assert_eq(&differences.to_string());
}

#[tokio::test]
async fn each_difference_is_told_with_what_mends_it() {
    let client = Local::memory().unwrap().client();
    let absent = Table::<Bare>::new(client, "shop").verify().await.unwrap();
    assert_eq!(absent.as_slice()[0].kind(), &SchemaDifferenceKind::MissingTable);
    expect!["existence of table `shop`: the schema says a table, DynamoDB has none; to mend it, create it: `create_table_if_absent`"].assert_eq(&absent.to_string());
    differences::<Bare, One>(expect![[r#"
        index `gsi1` of table `shop`: the schema says a global index, DynamoDB has none; to mend it, add it: `update_table`
        time to live of table `shop`: the schema says the attribute `expires_at`, DynamoDB has none; to mend it, `update_table`, which enables it; one in another attribute must be disabled before, which takes up to an hour"#]]).await;
    differences::<One, Bare>(expect![[r#"
        index `gsi1` of table `shop`: the schema says none, DynamoDB has a global index; to mend it, add it to the schema, or remove it if nothing else reads it: `update_table` with `remove_index("gsi1")`
        time to live of table `shop`: the schema says none, DynamoDB has the attribute `expires_at`; to mend it, name the attribute in the schema (`ttl`), or disable it: DynamoDB deletes items by it"#]]).await;
    differences::<Two, One>(expect![[r#"
        projection of index `gsi1` of table `shop`: the schema says the attributes `status`, `total`, DynamoDB has the attributes `status`; to mend it, add an index with another name, or let `update_table` with `remove_index("gsi1")` remove it and add it anew; until then reads of `total` of `Order` fail
        index `gsi2` of table `shop`: the schema says none, DynamoDB has a global index; to mend it, add it to the schema, or remove it if nothing else reads it: `update_table` with `remove_index("gsi2")`"#]]).await;
    differences::<One, Two>(expect![[r#"
        projection of index `gsi1` of table `shop`: the schema says the attributes `status`, DynamoDB has the attributes `status`, `total`; to mend it, name its attributes in the schema, or leave it: it holds more than is read
        index `gsi2` of table `shop`: the schema says a global index, DynamoDB has none; to mend it, add it: `update_table`"#]]).await;
    differences::<One, OtherKey>(expect![[r#"
        key of index `gsi1` of table `shop`: the schema says partition key `total` (N), DynamoDB has partition key `gsi1pk` (S); to mend it, add an index with another name, or let `update_table` with `remove_index("gsi1")` remove it and add it anew
        projection of index `gsi1` of table `shop`: the schema says all attributes, DynamoDB has the attributes `status`, `total`; to mend it, add an index with another name, or let `update_table` with `remove_index("gsi1")` remove it and add it anew
        time to live of table `shop`: the schema says none, DynamoDB has the attribute `expires_at`; to mend it, name the attribute in the schema (`ttl`), or disable it: DynamoDB deletes items by it"#]]).await;
    differences::<One, Less>(expect!["projection of index `gsi1` of table `shop`: the schema says keys only, DynamoDB has the attributes `status`, `total`; to mend it, name its attributes in the schema, or leave it: it holds more than is read"]).await;
    differences::<Bare, Sorted>(expect!["index `lsi1` of table `shop`: the schema says a local index, DynamoDB has none; to mend it, create another table and copy the items (`dump`, `load`): a local index is created with its table"]).await;
    differences::<Sorted, Bare>(expect!["index `lsi1` of table `shop`: the schema says none, DynamoDB has a local index; to mend it, add it to the schema: a local index stays as long as its table"]).await;
    differences::<Two, Numbered>(expect![[r#"
        primary key of table `shop`: the schema says partition key `pk` (N), DynamoDB has partition key `pk` (S) and sort key `sk` (S); to mend it, create another table and copy the items (`dump`, `load`): DynamoDB changes no primary key
        index `gsi1` of table `shop`: the schema says none, DynamoDB has a global index; to mend it, add it to the schema, or remove it if nothing else reads it: `update_table` with `remove_index("gsi1")`
        index `gsi2` of table `shop`: the schema says none, DynamoDB has a global index; to mend it, add it to the schema, or remove it if nothing else reads it: `update_table` with `remove_index("gsi2")`
        time to live of table `shop`: the schema says none, DynamoDB has the attribute `expires_at`; to mend it, name the attribute in the schema (`ttl`), or disable it: DynamoDB deletes items by it"#]]).await;
}
