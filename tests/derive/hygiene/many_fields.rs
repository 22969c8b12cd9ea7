//! A struct of a hundred fields.

use super::super::stored;
use dynamap::{Entity, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

macro_rules! many {
    ($($field:ident)*) => {
        #[derive(Debug, Clone, PartialEq, Default, Entity)]
        #[dynamap(table = Shop, pk = "P#{field_00}")]
        struct Many {
            $($field: u32,)*
        }

        fn numbered() -> Many {
            let mut next = 0..;
            Many { $($field: next.next().unwrap_or_default(),)* }
        }
    };
}

many! {
    field_00 field_01 field_02 field_03 field_04 field_05 field_06 field_07 field_08 field_09
    field_10 field_11 field_12 field_13 field_14 field_15 field_16 field_17 field_18 field_19
    field_20 field_21 field_22 field_23 field_24 field_25 field_26 field_27 field_28 field_29
    field_30 field_31 field_32 field_33 field_34 field_35 field_36 field_37 field_38 field_39
    field_40 field_41 field_42 field_43 field_44 field_45 field_46 field_47 field_48 field_49
    field_50 field_51 field_52 field_53 field_54 field_55 field_56 field_57 field_58 field_59
    field_60 field_61 field_62 field_63 field_64 field_65 field_66 field_67 field_68 field_69
    field_70 field_71 field_72 field_73 field_74 field_75 field_76 field_77 field_78 field_79
    field_80 field_81 field_82 field_83 field_84 field_85 field_86 field_87 field_88 field_89
    field_90 field_91 field_92 field_93 field_94 field_95 field_96 field_97 field_98 field_99
}

#[test]
fn a_hundred_fields() {
    let item = stored::item(&numbered());
    assert_eq!(item.as_object().map(|item| item.len()), Some(102));
    assert_eq!(item["field_99"], 99);
}
