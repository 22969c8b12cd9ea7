//! The recipe of the guide: with its filter nothing that the SDK says shows an item, and without it, items are shown.

use crate::model::{Order, Stage, order};
use std::io;
use std::sync::{Arc, Mutex};
use tracing_subscriber::EnvFilter;

/// The lines that a subscriber writes.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A value that is in one item, and nowhere else.
const VALUE: &str = "a value like no other";

/// The lines of a put and a get with this filter, as `tracing-subscriber` reads `RUST_LOG`.
fn written(filter: &str) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(move || writer.clone())
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .finish();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let stage = Stage::new().await;
            let secret = crate::model::Order { status: VALUE.into(), ..order(1) };
            stage.shop.put(&secret).await.unwrap();
            let found = stage.shop.get(Order::key("c-1", 1)).await.unwrap().unwrap();
            assert_eq!(found.status, VALUE);
        });
    });
    let lines = lines.0.lock().unwrap().clone();
    String::from_utf8(lines).unwrap()
}

/// The directives of the chapter.
fn recipes() -> Vec<String> {
    let chapter = include_str!("../../dynamap/guide/observability.md");
    let recipes = chapter.lines().filter_map(|line| line.strip_prefix("RUST_LOG="));
    recipes.map(|recipe| recipe.trim().trim_matches('"').to_owned()).collect()
}

#[test]
fn with_the_recipe_no_body_is_written_and_without_it_they_are() {
    let without = written("trace");
    assert!(without.contains(VALUE), "the SDK writes bodies at TRACE");
    let recipes = recipes();
    assert!(recipes.len() >= 2, "{recipes:?}");
    for recipe in recipes {
        // Whatever is wanted of dynamap and of the program.
        let all = recipe.split_once(",").map(|(_, rest)| format!("trace,{rest}")).unwrap();
        for recipe in [recipe, all] {
            let with = written(&recipe);
            assert!(!with.contains(VALUE), "{recipe} lets a value through");
            assert!(with.contains("GetItem shop"), "{recipe} hides the spans of dynamap: {with}");
        }
    }
}
