//! The guide names the test behind each sentence: they are there.

use std::{fs, path::Path};

#[test]
fn the_tests_that_the_guide_names_are_there() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(tests.join("../dynamap/guide/lost_answers.md")).unwrap();
    let (_, list) = guide.split_once("## What proves it").unwrap();
    let named: Vec<(&str, &str)> =
        list.split('`').skip(1).step_by(2).filter_map(|name| name.split_once(": ")).collect();
    assert!(named.len() > 20, "{named:?}");
    for (file, function) in named {
        let text = fs::read_to_string(tests.join(file)).unwrap();
        assert!(text.contains(&format!("fn {function}()")), "{file} has no `{function}`");
    }
}
