use std::fmt;

/// DynamoDB's data types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataType {
    /// String (`S`).
    S,
    /// Number (`N`), up to 38 digits.
    N,
    /// Binary (`B`).
    B,
    /// Boolean (`BOOL`).
    Bool,
    /// Null (`NULL`).
    Null,
    /// Map (`M`).
    M,
    /// List (`L`).
    L,
    /// String set (`SS`).
    Ss,
    /// Number set (`NS`).
    Ns,
    /// Binary set (`BS`).
    Bs,
}

impl DataType {
    /// DynamoDB's data type descriptor, such as `SS`.
    pub const fn descriptor(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
            Self::Bool => "BOOL",
            Self::Null => "NULL",
            Self::M => "M",
            Self::L => "L",
            Self::Ss => "SS",
            Self::Ns => "NS",
            Self::Bs => "BS",
        }
    }

    /// The data type that `descriptor` stands for.
    pub fn from_descriptor(descriptor: &str) -> Option<Self> {
        let all = [
            Self::S,
            Self::N,
            Self::B,
            Self::Bool,
            Self::Null,
            Self::M,
            Self::L,
            Self::Ss,
            Self::Ns,
            Self::Bs,
        ];
        all.into_iter().find(|data_type| data_type.descriptor() == descriptor)
    }

    /// The descriptor with its article and name, as the errors say it: `a string (S)`.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::S => "a string (S)",
            Self::N => "a number (N)",
            Self::B => "a binary value (B)",
            Self::Bool => "a boolean (BOOL)",
            Self::Null => "a null (NULL)",
            Self::M => "a map (M)",
            Self::L => "a list (L)",
            Self::Ss => "a string set (SS)",
            Self::Ns => "a number set (NS)",
            Self::Bs => "a binary set (BS)",
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.descriptor())
    }
}

/// The DynamoDB data type that a Rust type is stored as, known to the compiler.
///
/// Keys, sets and expressions ask for it: a set needs members stored as [`marker::S`], [`marker::N`] or
/// [`marker::B`], and a key attribute must have the type that the table declares.
pub trait AttributeType {
    /// One of the types in [`marker`].
    type DataType: marker::Marker;
}

/// A type for each [`DataType`], for use in bounds.
pub mod marker {
    use super::DataType;

    mod sealed {
        pub trait Sealed {}
    }

    /// A [`DataType`] as a type.
    pub trait Marker: sealed::Sealed + 'static {
        /// The data type; `None` where values of one Rust type are stored as different data types.
        const DATA_TYPE: Option<DataType>;
    }

    /// The data type of a set's members: S, N or B.
    #[diagnostic::on_unimplemented(
        message = "a DynamoDB set holds strings, numbers or binary values",
        note = "store the values as a list (`Vec`) instead"
    )]
    pub trait SetMember: Marker {
        /// The set with such members.
        type Set: Marker;
    }

    macro_rules! markers {
        ($($(#[$doc:meta])* $name:ident = $data_type:expr;)*) => { $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub enum $name {}
            impl sealed::Sealed for $name {}
            impl Marker for $name {
                const DATA_TYPE: Option<DataType> = $data_type;
            }
        )* };
    }

    markers! {
        /// String.
        S = Some(DataType::S);
        /// Number.
        N = Some(DataType::N);
        /// Binary.
        B = Some(DataType::B);
        /// Boolean.
        Bool = Some(DataType::Bool);
        /// Null.
        Null = Some(DataType::Null);
        /// Map.
        M = Some(DataType::M);
        /// List.
        L = Some(DataType::L);
        /// String set.
        Ss = Some(DataType::Ss);
        /// Number set.
        Ns = Some(DataType::Ns);
        /// Binary set.
        Bs = Some(DataType::Bs);
        /// Different data types for different values.
        Any = None;
    }

    /// List of the numbers of a vector of `COUNT` dimensions. No other list is compared with it or copied to it.
    #[derive(Debug, Clone, Copy)]
    pub enum Dimensions<const COUNT: usize> {}
    impl<const COUNT: usize> sealed::Sealed for Dimensions<COUNT> {}
    impl<const COUNT: usize> Marker for Dimensions<COUNT> {
        const DATA_TYPE: Option<DataType> = Some(DataType::L);
    }

    /// The data type of a vector.
    pub trait OfVector: Marker {}
    impl<const COUNT: usize> OfVector for Dimensions<COUNT> {}

    impl SetMember for S {
        type Set = Ss;
    }
    impl SetMember for N {
        type Set = Ns;
    }
    impl SetMember for B {
        type Set = Bs;
    }
}
