//! The schema in the forms of other tools, and in the README.

use dynamap::export::DataModel;
use examples_shared::readme::compare_keys;
use serde_json::Value;
use webshop::model::{Finder, Shop};

use crate::scratch::Scratch;

#[test]
fn the_readme_has_the_keys_of_the_schema() {
    let keys = DataModel::<Shop>::new("webshop").markdown();
    compare_keys(env!("CARGO_MANIFEST_DIR"), "Shop", &keys).unwrap();
    let keys = DataModel::<Finder>::new("webshop-search").markdown();
    compare_keys(env!("CARGO_MANIFEST_DIR"), "Finder", &keys).unwrap();
}

#[test]
fn each_format_is_printed() {
    let scratch = Scratch::new("schema");
    let schema = |arguments: &[&str]| scratch.run(&[&["schema", "--format"], arguments].concat()).succeeded();
    for format in ["cloudformation", "workbench", "iam"] {
        serde_json::from_str::<Value>(&schema(&[format])).unwrap();
    }
    let template: Value = serde_json::from_str(&schema(&["cloudformation", "--table", "other"])).unwrap();
    assert_eq!(template["Resources"]["Table"]["Properties"]["TableName"], "other");
    assert!(schema(&["terraform"]).starts_with("resource \"aws_dynamodb_table\" \"webshop\" {\n"));
    assert_eq!(schema(&["markdown"]), DataModel::<Shop>::new("webshop").markdown());
    assert!(schema(&["mermaid"]).starts_with("erDiagram\n"));
    let model: Value = serde_json::from_str(&schema(&["workbench"])).unwrap();
    assert_eq!(model["DataModel"][0]["TableData"].as_array().unwrap().len(), 3 + 12 + 3);
    let policy = schema(&["iam", "--entity", "session"]);
    assert!(policy.contains("[\"SESSION#*\"]") && !policy.contains("index"), "{policy}");
    let refused = scratch.run(&["--db", "shop.db", "schema", "--format", "mermaid"]).failed();
    assert_eq!(refused, "error: the schema is that of the program, wherever a table is\n");
}
