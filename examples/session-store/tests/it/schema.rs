//! The README has the keys of the schema.

use dynamap::export::DataModel;
use examples_shared::readme::compare_keys;
use session_store::model::Sessions;

#[test]
fn the_readme_has_the_keys_of_the_schema() {
    let keys = DataModel::<Sessions>::new("sessions").markdown();
    compare_keys(env!("CARGO_MANIFEST_DIR"), "Sessions", &keys).unwrap();
}
