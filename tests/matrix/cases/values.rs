use crate::matrix::{
    case::{CaseFailure, cases, equal, given},
    context::Context,
    model::{Everything, Order, order},
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use dynamap::value::{Bytes, Number};
use std::collections::{BTreeMap, BTreeSet};

cases!("values":
    every_type_is_read_as_it_was_written,
    empty_values_are_values,
    numbers_keep_38_digits,
    numbers_have_one_text,
    numbers_beyond_38_digits_are_refused,
    texts_of_all_planes_are_kept,
    documents_are_nested_32_deep,
    sets_have_no_order_and_no_double,
    sets_with_a_double_are_refused,
    an_empty_set_is_refused,
    a_key_of_another_type_is_refused,
    keys_may_be_as_long_as_dynamodb_allows,
);

fn everything(shop: &str, id: u32) -> Everything {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let inner = [("x.y".to_owned(), text("z")), ("#n".to_owned(), AttributeValue::Null(true))];
    Everything {
        shop: shop.to_owned(),
        id,
        text: "a \"text\" \\ with\nlines\u{0}\u{1f}".into(),
        number: Number::from(-12_i8),
        bytes: Bytes(vec![0, 1, 127, 128, 255]),
        flag: true,
        texts: ["a", "b", "é"].map(String::from).into(),
        numbers: [1_u8, 2, 30].map(Number::from).into(),
        blobs: [vec![0], vec![255, 0]].map(Bytes).into(),
        list: vec![
            text(""),
            AttributeValue::N("7".into()),
            AttributeValue::Bool(false),
            AttributeValue::Null(true),
            AttributeValue::B(Blob::new([9])),
            AttributeValue::L(vec![]),
            AttributeValue::M(inner.clone().into()),
        ],
        map: [(" ".to_owned(), AttributeValue::L(vec![text("in a list")]))]
            .into_iter()
            .chain(inner)
            .collect(),
        nothing: AttributeValue::Null(true),
    }
}

async fn write_and_read(context: &Context, written: &Everything) -> Result<Everything, CaseFailure> {
    context.table.put(written).await?;
    given("item", context.table.get(written).consistent_read().await?)
}

async fn every_type_is_read_as_it_was_written(context: Context) -> Result<(), CaseFailure> {
    let written = everything(&context.shop, 1);
    equal("item", write_and_read(&context, &written).await?, written)
}

async fn empty_values_are_values(context: Context) -> Result<(), CaseFailure> {
    let empty = Everything {
        text: String::new(),
        bytes: Bytes(vec![]),
        list: vec![],
        map: BTreeMap::new(),
        texts: [String::new()].into(),
        blobs: [Bytes(vec![])].into(),
        ..everything(&context.shop, 1)
    };
    equal("item", write_and_read(&context, &empty).await?, empty)
}

async fn numbers_keep_38_digits(context: Context) -> Result<(), CaseFailure> {
    let texts = [
        "12345678901234567890123456789012345678",
        "-0.00012345678901234567890123456789012345678",
        "9.9999999999999999999999999999999999999E125",
        "-9.9999999999999999999999999999999999999E125",
        "1E-130",
        "0",
    ];
    for (id, text) in (0..).zip(texts) {
        let number: Number = text.parse()?;
        let written = Everything { number, numbers: [number].into(), ..everything(&context.shop, id) };
        equal(text, write_and_read(&context, &written).await?, written)?;
    }
    Ok(())
}

/// What DynamoDB stores is the number, not its text.
async fn numbers_have_one_text(context: Context) -> Result<(), CaseFailure> {
    let table = &context.table;
    let mut item = dynamap::entity::to_item(&everything(&context.shop, 1))?;
    for (given, expected) in [("1.00", "1"), ("1e2", "100"), ("-0", "0"), ("007", "7"), (".5", "0.5")] {
        item.insert("a-b.c".into(), AttributeValue::N(given.into()));
        table.client().put_item().table_name(table.name()).set_item(Some(item.clone())).send().await?;
        let read = table.get(Everything::key(&context.shop, 1)).consistent_read().into_sdk()?.send().await?;
        let number = read.item.and_then(|mut item| item.remove("a-b.c"));
        equal(given, number, Some(AttributeValue::N(expected.into())))?;
    }
    Ok(())
}

async fn numbers_beyond_38_digits_are_refused(context: Context) -> Result<(), CaseFailure> {
    for text in ["123456789012345678901234567890123456789", "1E126", "-1E126", "1E-131"] {
        is_refused(&context, "a-b.c", AttributeValue::N(text.into())).await?;
    }
    Ok(())
}

/// Puts an item with this attribute, past the checks of dynamap.
async fn is_refused(context: &Context, name: &str, value: AttributeValue) -> Result<(), CaseFailure> {
    let table = &context.table;
    let mut item = dynamap::entity::to_item(&everything(&context.shop, 1))?;
    item.insert(name.into(), value.clone());
    let put = table.client().put_item().table_name(table.name()).set_item(Some(item)).send().await;
    match put {
        Ok(_) => Err(format!("`{name}`: {value:?} is accepted").into()),
        Err(_) => Ok(()),
    }
}

async fn texts_of_all_planes_are_kept(context: Context) -> Result<(), CaseFailure> {
    let text: String =
        ('\u{20}'..='\u{2ff}').chain(['\u{fffd}', '\u{ffff}', '\u{1f600}', '\u{10ffff}']).collect();
    let written = Everything { text: text.clone(), texts: [text].into(), ..everything(&context.shop, 1) };
    equal("item", write_and_read(&context, &written).await?, written)
}

fn nested(levels: usize) -> AttributeValue {
    (1..levels).fold(AttributeValue::L(vec![]), |inner, level| match level % 2 {
        0 => AttributeValue::L(vec![inner]),
        _ => AttributeValue::M([("m".to_owned(), inner)].into()),
    })
}

async fn documents_are_nested_32_deep(context: Context) -> Result<(), CaseFailure> {
    let written = Everything { nothing: nested(32), ..everything(&context.shop, 1) };
    equal("item", write_and_read(&context, &written).await?, written)?;
    is_refused(&context, "nothing", nested(34)).await
}

async fn sets_have_no_order_and_no_double(context: Context) -> Result<(), CaseFailure> {
    let table = &context.table;
    let mut item = dynamap::entity::to_item(&everything(&context.shop, 1))?;
    item.insert("size".into(), AttributeValue::Ss(["b", "a", "c"].map(String::from).into()));
    item.insert(" and ".into(), AttributeValue::Ns(["10", "-1", "2"].map(String::from).into()));
    table.client().put_item().table_name(table.name()).set_item(Some(item)).send().await?;
    let read = table.get(Everything::key(&context.shop, 1)).consistent_read().await?;
    let read = given("item", read)?;
    equal("texts", read.texts, ["a", "b", "c"].map(String::from).into_iter().collect::<BTreeSet<_>>())?;
    equal("numbers", read.numbers, [-1_i8, 2, 10].map(Number::from).into_iter().collect::<BTreeSet<_>>())
}

async fn sets_with_a_double_are_refused(context: Context) -> Result<(), CaseFailure> {
    is_refused(&context, "size", AttributeValue::Ss(vec!["a".into(), "a".into()])).await?;
    is_refused(&context, " and ", AttributeValue::Ns(vec!["1".into(), "1.0".into()])).await?;
    is_refused(&context, "blobs", AttributeValue::Bs(vec![Blob::new([1]), Blob::new([1])])).await
}

async fn an_empty_set_is_refused(context: Context) -> Result<(), CaseFailure> {
    is_refused(&context, "size", AttributeValue::Ss(vec![])).await?;
    is_refused(&context, " and ", AttributeValue::Ns(vec![])).await
}

async fn a_key_of_another_type_is_refused(context: Context) -> Result<(), CaseFailure> {
    is_refused(&context, "sk", AttributeValue::N("1".into())).await?;
    is_refused(&context, "sk", AttributeValue::S(String::new())).await?;
    // The key of an index.
    is_refused(&context, "total", AttributeValue::S("1".into())).await?;
    is_refused(&context, "gsi1pk", AttributeValue::N("1".into())).await?;
    is_refused(&context, "gsi1pk", AttributeValue::S(String::new())).await
}

async fn keys_may_be_as_long_as_dynamodb_allows(context: Context) -> Result<(), CaseFailure> {
    let table = &context.table;
    let shop = format!("{}-{}", context.shop, "x".repeat(2_048 - "SHOP#-".len() - context.shop.len()));
    let order = Order { status: None, ..order(&shop, 1) };
    table.create(&order).await?;
    equal("item", table.get(&order).consistent_read().await?, Some(order.clone()))?;
    let long = AttributeValue::S("x".repeat(2_049));
    is_refused(&context, "pk", long).await?;
    is_refused(&context, "sk", AttributeValue::S("x".repeat(1_025))).await?;
    let found = table.query(Order::partition(&*shop)).consistent_read().try_collect().await?;
    equal("by a query", found, vec![order.clone()])?;
    table.delete(order.to_key()).await?;
    Ok(())
}
