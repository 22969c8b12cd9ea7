use super::{
    Case, Outcome, Row, Rows,
    case::CaseFailure,
    cases,
    context::Context,
    engine::Engine,
    key_value_suite,
    model::Shop,
    target::{Target, table_name},
};
use dynamap::{Mapping, Table};
use std::time::Duration;

/// The longest time that a case may take.
const MOST: Duration = Duration::from_secs(90);

/// Runs all cases, or those whose names contain a text, in tables that are made for them and deleted afterwards.
///
/// # Errors
/// The table cannot be created or deleted.
pub async fn run(
    target: &Target,
    engine: &Engine,
    only: Option<&str>,
    mut on_row: impl FnMut(&Row),
) -> dynamap::Result<Rows> {
    let shop = Table::<Shop>::new(target.client.clone(), table_name());
    shop.create_table_if_absent().send().await?;
    let mut rows = Rows::default();
    let mut add = |row: Row| {
        on_row(&row);
        rows.0.push(row);
    };
    let is_chosen =
        |topic: &str, name: &str| only.is_none_or(|only| format!("{topic}::{name}").contains(only));
    for case in cases().filter(|case| is_chosen(case.topic, case.name)) {
        add(row(target, engine, shop.name(), case).await);
    }
    if is_chosen(key_value_suite::TOPIC, "") {
        key_value_suite::run(target, engine, add).await;
    }
    // The rows are worth more than the table, which an engine that has crashed cannot delete.
    let _ = target.client.delete_table().table_name(shop.name()).send().await;
    Ok(rows)
}

/// Runs a case by both mappings.
async fn row(target: &Target, engine: &Engine, table: &str, case: &'static Case) -> Row {
    let &Case { topic, name, .. } = case;
    if let Some(missing) = case.needs.iter().find(|needed| target.lacks.contains(needed)) {
        return Row { topic, case: name, outcome: Outcome::NotSupported(*missing) };
    }
    let mut found = Ok(());
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        let context = Context::new(target, table, name, mapping);
        let outcome = done(case, context.clone()).await;
        context.clean_up().await;
        if let Err(failure) = outcome {
            found = Err(format!("with {mapping:?}: {}", examples_shared::with_sources(&*failure)));
            break;
        }
    }
    Row::judged(engine, topic, name, found)
}

/// Runs a case as a task of its own: one that panics fails like the others.
async fn done(case: &'static Case, context: Context) -> Result<(), CaseFailure> {
    let mut task = tokio::spawn((case.run)(context));
    let Ok(joined) = tokio::time::timeout(MOST, &mut task).await else {
        task.abort();
        return Err(format!("not done after {MOST:?}").into());
    };
    joined?
}

/// The names of all cases, each with its topic.
#[must_use]
pub fn names() -> Vec<String> {
    let own = cases().map(|case| format!("{}::{}", case.topic, case.name));
    let others =
        key_value::compliance::cases().map(|case| format!("{}::{}", key_value_suite::TOPIC, case.name));
    own.chain(others).collect()
}
