//! The fingerprint of the query or scan that a cursor belongs to.

use super::absorb::Absorb;
use crate::{expr::ConditionExpression, key::KeyConditionParts};

/// A hash of a query or scan that is the same in every process (FNV-1a).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(pub(super) u64);

impl Fingerprint {
    pub(crate) fn of_query(
        table: &str,
        index: Option<&str>,
        condition: &KeyConditionParts,
        descending: bool,
    ) -> Self {
        let mut fingerprint = Self::of_nothing();
        fingerprint.add_source(table, index);
        fingerprint.add_query(condition, descending, None);
        fingerprint
    }

    pub(crate) fn of_scan(table: &str, index: Option<&str>) -> Self {
        let mut fingerprint = Self::of_nothing();
        fingerprint.add_source(table, index);
        fingerprint.add_scan();
        fingerprint
    }

    fn of_nothing() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    /// A cursor of a parallel scan belongs to the number of its segments.
    pub(crate) fn add_segments(&mut self, segments: u32) {
        self.add(b"segments");
        self.add(&segments.to_be_bytes());
    }

    /// Adds a filter; a query without one has the fingerprint that it always had.
    pub(crate) fn add_filter(&mut self, filter: ConditionExpression) {
        self.add_expression(filter);
    }
}

impl Absorb for Fingerprint {
    fn add(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_be_bytes();
        for byte in bytes.iter().chain(&length) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SortKeyOperator;
    use aws_sdk_dynamodb::types::AttributeValue;

    /// The length of each part is hashed with it: without it two requests that divide the same bytes in another way would
    /// have one fingerprint, and the cursor of the one would go on in the other.
    #[test]
    fn parts_do_not_run_into_each_other() {
        let of_scan = Fingerprint::of_scan;
        assert_ne!(of_scan("shop-a", Some("b")), of_scan("shop-", Some("ab")));
        assert_ne!(of_scan("shop", None), of_scan("sho", Some("p")));
        let of_query = |attribute: &'static str, value: &str| {
            let partition = vec![(attribute, AttributeValue::S(value.into()))];
            Fingerprint::of_query("shop", None, &KeyConditionParts { partition, sort: Vec::new() }, false)
        };
        assert_ne!(of_query("pk", "1a"), of_query("pk1", "a"));
        let of_range = |from: &str, to: &str| {
            let between =
                SortKeyOperator::Between(AttributeValue::S(from.into()), AttributeValue::S(to.into()));
            let partition = vec![("pk", AttributeValue::S("a".into()))];
            Fingerprint::of_query(
                "shop",
                None,
                &KeyConditionParts { partition, sort: vec![("sk", between)] },
                false,
            )
        };
        assert_ne!(of_range("a", "bc"), of_range("ab", "c"));
        let with = |text: &str, name: &str| {
            let mut fingerprint = of_scan("shop", None);
            let names = Some([("#0".to_owned(), name.to_owned())].into());
            fingerprint.add_filter(ConditionExpression { text: text.into(), names, values: None });
            fingerprint
        };
        assert_ne!(with("a = :0", "b"), with("a = :", "0b"));
        let of_list = |elements: &[&str]| {
            let elements = elements.iter().map(|text| AttributeValue::S((*text).into())).collect();
            let mut fingerprint = of_scan("shop", None);
            fingerprint.add_typed(&AttributeValue::L(elements));
            fingerprint
        };
        assert_ne!(of_list(&["Sa"]), of_list(&["", "a"]));
        let of_set = |members: &[&str]| {
            let mut fingerprint = of_scan("shop", None);
            fingerprint.add_typed(&AttributeValue::Ss(members.iter().map(|text| (*text).into()).collect()));
            fingerprint
        };
        assert_ne!(of_set(&["a", "bc"]), of_set(&["ab", "c"]));
    }

    fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    fn assert_all_differ(fingerprints: &[Fingerprint]) {
        for (at, fingerprint) in fingerprints.iter().enumerate() {
            let same = fingerprints.iter().skip(at + 1).position(|other| other == fingerprint);
            assert_eq!(same, None, "as number {at}");
        }
    }

    /// A cursor outlives the process that made it, and a release.
    #[test]
    fn a_fingerprint_is_the_same_in_every_release() {
        let partition = vec![("pk", s("a"))];
        let sort = vec![("sk", SortKeyOperator::Less(s("b")))];
        let condition = KeyConditionParts { partition, sort };
        assert_eq!(Fingerprint::of_scan("shop", None), Fingerprint(0xD09F_6F2C_245B_26C4));
        assert_eq!(
            Fingerprint::of_query("shop", Some("by"), &condition, true),
            Fingerprint(0xAB86_E7D5_F615_48BB)
        );
    }

    #[test]
    fn all_that_a_request_asks_for_tells_it_from_others() {
        let query = |(index, pk, value): (Option<&str>, &'static str, &str), sort, descending| {
            let partition = vec![(pk, s(value))];
            Fingerprint::of_query("shop", index, &KeyConditionParts { partition, sort }, descending)
        };
        let a = (None, "pk", "a");
        let mut all = vec![query(a, Vec::new(), true), query(a, Vec::new(), false)];
        for of in [(Some("by"), "pk", "a"), (None, "gsi", "a"), (None, "pk", "b")] {
            all.push(query(of, Vec::new(), false));
        }
        for (sk, operator) in [
            ("sk", SortKeyOperator::Less(s("a"))),
            ("sl", SortKeyOperator::Less(s("a"))),
            ("sk", SortKeyOperator::Less(s("b"))),
            ("sk", SortKeyOperator::LessOrEqual(s("a"))),
            ("sk", SortKeyOperator::Greater(s("a"))),
            ("sk", SortKeyOperator::GreaterOrEqual(s("a"))),
            ("sk", SortKeyOperator::Equal(s("a"))),
            ("sk", SortKeyOperator::BeginsWith(s("a"))),
            ("sk", SortKeyOperator::Between(s("a"), s("c"))),
            ("sk", SortKeyOperator::Between(s("a"), s("d"))),
            ("sk", SortKeyOperator::Between(s("b"), s("c"))),
        ] {
            all.push(query(a, vec![(sk, operator)], false));
        }
        all.extend([Fingerprint::of_scan("shop", None), Fingerprint::of_scan("shop", Some("by"))]);
        all.push(Fingerprint::of_scan("store", None));
        for segments in [1, 2, 256] {
            let mut scan = Fingerprint::of_scan("shop", None);
            scan.add_segments(segments);
            all.push(scan);
        }
        assert_all_differ(&all);
    }

    #[test]
    fn all_of_a_filter_tells_it_from_others() {
        let filter = |text: &str, name: (&str, &str), (placeholder, value): (&str, AttributeValue)| {
            let names = Some([(name.0.to_owned(), name.1.to_owned())].into());
            let values = Some([(placeholder.to_owned(), value)].into());
            let mut scan = Fingerprint::of_scan("shop", None);
            scan.add_filter(ConditionExpression { text: text.into(), names, values });
            scan
        };
        let of_value = |value| filter("#0 = :0", ("#0", "a"), (":0", value));
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let ss = |members: &[&str]| AttributeValue::Ss(texts(members));
        let list = AttributeValue::L;
        let map = |members: Vec<(&str, AttributeValue)>| {
            AttributeValue::M(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        };
        let (null, blob) =
            (AttributeValue::Null(true), |text: &str| AttributeValue::B(text.as_bytes().into()));
        assert_all_differ(&[
            of_value(s("1")),
            filter("#0 < :0", ("#0", "a"), (":0", s("1"))),
            filter("#0 = :0", ("#1", "a"), (":0", s("1"))),
            filter("#0 = :0", ("#0", "b"), (":0", s("1"))),
            filter("#0 = :0", ("#0", "a"), (":1", s("1"))),
            of_value(s("2")),
            of_value(AttributeValue::N("1".into())),
            of_value(blob("1")),
            of_value(AttributeValue::Bool(true)),
            of_value(AttributeValue::Bool(false)),
            of_value(null.clone()),
            of_value(ss(&["1"])),
            of_value(AttributeValue::Ns(texts(&["1"]))),
            of_value(AttributeValue::Bs(vec![b"1".to_vec().into()])),
            of_value(ss(&["a\0\0\0\0\0\0\0\0b"])),
            of_value(ss(&["a", "b"])),
            of_value(list(vec![list(vec![s("a"), s("b")])])),
            of_value(list(vec![list(vec![s("a")]), s("b")])),
            of_value(list(vec![list(vec![null.clone()]), s("b")])),
            of_value(list(vec![list(vec![]), null, s("b")])),
            of_value(map(vec![("a", s("1"))])),
            of_value(map(vec![("b", s("1"))])),
            of_value(list(vec![map(vec![("a", s("1"))]), s("b")])),
            of_value(map(vec![("a", map(vec![("b", s("1"))])), ("c", s("2"))])),
            of_value(map(vec![("a", map(vec![("b", s("1")), ("c", s("2"))]))])),
        ]);
        // The members of a set have no order.
        assert_eq!(of_value(ss(&["a", "b"])), of_value(ss(&["b", "a"])));
    }
}
