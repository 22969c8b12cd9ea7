//! The README has the keys of the schema.

use dynamap::export::DataModel;
use examples_shared::readme::compare_keys;
use stream_processor::model::Views;

#[test]
fn the_readme_has_the_keys_of_the_schema() {
    let keys = DataModel::<Views>::new("views").markdown();
    compare_keys(env!("CARGO_MANIFEST_DIR"), "Views", &keys).unwrap();
}
