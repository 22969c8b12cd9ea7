//! Every supported type survives both wire forms.

use super::agreement::check;

#[test]
fn scalars() {
    check(&"text \"quoted\" \\ \n \u{1} é 😀".to_owned());
    check(&i64::MIN);
    check(&u64::MAX);
    check(&vec![Some(1), None]);
}
