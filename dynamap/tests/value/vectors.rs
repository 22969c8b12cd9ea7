//! Vectors of a fixed number of dimensions.

use super::agreement::read_alike;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    error::VectorError,
    value::{Vector, VectorField},
    wire::{from_attribute_value, from_json, to_attribute_value, to_json},
};
use proptest::prelude::*;

fn numbers(texts: &[&str]) -> AttributeValue {
    AttributeValue::L(texts.iter().map(|text| AttributeValue::N((*text).to_owned())).collect())
}

proptest! {
    /// Every finite `f32` is stored and read back as it is; DynamoDB knows no `-0`.
    #[test]
    fn vectors_read_back(bits in prop::array::uniform7(any::<u32>())) {
        let values = bits.map(f32::from_bits);
        prop_assume!(values.iter().all(|value| value.is_finite()));
        let vector = Vector::<7>::new(values).unwrap();
        let json = to_json(&vector).unwrap();
        prop_assert_eq!(&from_json::<Vector<7>>(&json).unwrap(), &vector);
        let value = to_attribute_value(&vector).unwrap();
        prop_assert_eq!(&from_attribute_value::<Vector<7>>(value).unwrap(), &vector);
        // As the list of numbers that it is.
        prop_assert_eq!(from_json::<Vec<f32>>(&json).unwrap(), values);
        let text = serde_json::to_string(&vector).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Vector<7>>(&text).unwrap(), &vector);
    }
}

#[test]
fn lists_of_another_form_are_no_vectors() {
    let two = "expected a vector of 2 dimensions, found";
    for (value, error) in [
        (numbers(&[]), format!("{two} a list of 0")),
        (numbers(&["1"]), format!("{two} a list of 1")),
        (numbers(&["1", "2", "3"]), format!("{two} a longer list")),
        (
            numbers(&["1", "3.5E38"]),
            "attribute `[1]`: expected a number in the range of f32, found a number out of this range".into(),
        ),
        (
            numbers(&["1", "1E125"]),
            "attribute `[1]`: expected a number in the range of f32, found a number out of this range".into(),
        ),
        (
            AttributeValue::L(vec![AttributeValue::N("1".into()), AttributeValue::S("2".into())]),
            "attribute `[1]`: expected a number (N), found a string (S)".into(),
        ),
        (
            AttributeValue::Ns(vec!["1".into(), "2".into()]),
            "expected a list (L), found a number set (NS)".into(),
        ),
        (AttributeValue::N("1".into()), "expected a list (L), found a number (N)".into()),
    ] {
        let read = read_alike::<Vector<2>>(&value);
        assert_eq!(read.unwrap_err().to_string(), error);
    }
    assert_eq!(
        read_alike::<Vector<2>>(&numbers(&["1.0", "-2E0"])).unwrap(),
        Vector::new([1.0, -2.0]).unwrap()
    );
}

#[test]
fn other_values_are_no_vectors() {
    let dimensions = |found| VectorError::Dimensions { expected: 3, found };
    assert_eq!(Vector::<3>::new(vec![1.0; 4]), Err(dimensions(4)));
    assert_eq!(Vector::<3>::try_from(&[1.0_f32, 2.0][..]), Err(dimensions(2)));
    assert_eq!(Vector::<3>::try_from(Vec::new()), Err(dimensions(0)));
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let error = VectorError::NotFinite { position: 1 };
        assert_eq!(Vector::<3>::try_from([0.0, bad, bad]), Err(error));
        assert_eq!(Vector::<3>::try_from(&[0.0, bad, bad]), Err(error));
    }
    let beyond = [0.0, 1e39];
    assert_eq!(Vector::<2>::try_from(&beyond[..]), Err(VectorError::NotFinite { position: 1 }));
    assert_eq!(Vector::<2>::try_from(&[0.1_f64, 2.0][..]), Vector::new([0.1_f32, 2.0]));
}

#[test]
fn vectors_are_slices_and_become_lists() {
    let vector = Vector::<3>::new([3.0, 0.0, 4.0]).unwrap();
    assert_eq!((vector.len(), vector[2], vector.as_ref()), (3, 4.0, &[3.0, 0.0, 4.0][..]));
    assert_eq!(<[f32; 3]>::from(vector.clone()), [3.0, 0.0, 4.0]);
    assert_eq!(Vec::from(vector.clone()), [3.0, 0.0, 4.0]);
    assert_eq!(format!("{vector:?}"), "Vector<3>", "no value of it");
    assert_eq!(<Option<Box<Vector<3>>> as VectorField>::DIMENSIONS, 3);
}

/// A bounded memory, whatever the list: what is beyond the dimensions is not kept.
#[test]
fn a_list_that_never_ends_is_left_at_its_first_number_too_many() {
    let json = format!(r#"{{"L":[{}{{"N":"#, r#"{"N":"1"},"#.repeat(5));
    let error = from_json::<Vector<4>>(json.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "expected a vector of 4 dimensions, found a longer list");
}
