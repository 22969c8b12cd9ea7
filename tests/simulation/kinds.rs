//! What is written in generated schedules: the same note with every kind of version.

use super::stage::Board;
use dynamap::{
    Entity,
    batch::BatchWriteItem,
    entity::Versioned,
    error::{DecodeError, EncodeError},
    expr::Update,
    value::{
        AttributeType, EpochSeconds, FromAttribute, FromZero, Reader, ToAttribute, Version, VersionValue,
        Writer, marker,
    },
};
use uuid::Uuid;

/// A note with a version, which expires.
pub(super) trait Note: Versioned + Entity<Table = Board> + Clone {
    /// Whether a version tells an item from one that was deleted and created anew.
    const TELLS: bool = !(Self::Value::COUNTS && Self::LINEAGE.is_none());

    /// True if the names of notes are unique.
    const NAMED: bool = !Self::UNIQUE.is_empty();

    /// A name of a few, now and then in capitals, or none.
    fn draw_name() -> Option<String> {
        let drawn = if Self::NAMED { fastrand::usize(..7) } else { 6 };
        ["a", "A", "b", "B", "c", "d"].get(drawn).map(|name| (*name).to_owned())
    }

    fn new(id: u32, mark: &str, expires_at: EpochSeconds) -> Self;
    fn key_of(id: u32) -> Self::Key;
    /// The key as the item has it, whose numbers have ten digits.
    fn text_of(id: u32) -> String;
    fn mark(&self) -> &str;
    /// Writes the mark, and counts in memory.
    fn write(&mut self, mark: &str);
    fn expire(&mut self, at: EpochSeconds);
    fn marking(mark: &str) -> Update<Self>;
    fn counting() -> Update<Self>;
    fn noting(note: u32) -> Update<Self>;
    fn expiring(at: EpochSeconds) -> Update<Self>;
    /// Gives all attributes that a note needs.
    fn making(mark: &str, expires_at: EpochSeconds) -> Update<Self>;
    /// Puts the note whatever its version. A number without lineage cannot be put so: then the note is deleted.
    fn put_in<'a>(&self, batch: BatchWriteItem<'a, Self>) -> BatchWriteItem<'a, Self>;
}

macro_rules! notes {
    ($($name:ident: $key:literal, $version:ty, ($($option:tt)*), $put:ident, ($($unique:tt)*);)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Board, pk = $key)]
        pub(super) struct $name {
            id: u32,
            mark: String,
            count: u32,
            note: Option<u32>,
            #[dynamap($($unique)*)]
            name: Option<String>,
            #[dynamap(ttl)]
            expires_at: EpochSeconds,
            #[dynamap(version $($option)*)]
            version: Version<$version>,
        }

        impl Note for $name {
            fn new(id: u32, mark: &str, expires_at: EpochSeconds) -> Self {
                let name = Self::draw_name();
                Self { id, mark: mark.to_owned(), count: 0, note: None, name, expires_at, version: Version::NEW }
            }
            fn key_of(id: u32) -> Self::Key {
                Self::key(id)
            }
            fn text_of(id: u32) -> String {
                $key.replace("{id}", &format!("{id:010}"))
            }
            fn mark(&self) -> &str {
                &self.mark
            }
            fn write(&mut self, mark: &str) {
                self.count += 1;
                if Self::NAMED && fastrand::bool() {
                    self.name = Self::draw_name();
                }
                mark.clone_into(&mut self.mark);
            }
            fn expire(&mut self, at: EpochSeconds) {
                self.expires_at = at;
            }
            fn marking(mark: &str) -> Update<Self> {
                match Self::NAMED && fastrand::bool() {
                    true => Self::MARK.set(mark).and(Self::NAME.set(Self::draw_name())),
                    false => Self::MARK.set(mark),
                }
            }
            fn counting() -> Update<Self> {
                Self::COUNT.add(1_u32)
            }
            fn noting(note: u32) -> Update<Self> {
                Self::NOTE.set(note)
            }
            fn expiring(at: EpochSeconds) -> Update<Self> {
                Self::EXPIRES_AT.set(at)
            }
            fn making(mark: &str, expires_at: EpochSeconds) -> Update<Self> {
                let made = Self::MARK.set(mark).and(Self::COUNT.set(0_u32)).and(Self::EXPIRES_AT.set(expires_at));
                if Self::NAMED { made.and(Self::NAME.set(Self::draw_name())) } else { made }
            }
            fn put_in<'a>(&self, batch: BatchWriteItem<'a, Self>) -> BatchWriteItem<'a, Self> {
                notes!($put self batch)
            }
        }
    )* };
    (put $note:ident $batch:ident) => { $batch.put_unchecked($note) };
    (delete $note:ident $batch:ident) => { $batch.delete_unchecked(Self::key($note.id)) };
}

notes! {
    Numbered: "NUMBERED#{id}", u64, (), put, ();
    FromZeroed: "FROM-ZERO#{id}", FromZero<i64>, (, lineage = "ops"), put, ();
    Random: "RANDOM#{id}", Uuid, (), put, ();
    Tagged: "TAGGED#{id}", Tag, (), put, ();
    BareNumbered: "BARE-NUMBERED#{id}", u64, (, lineage = none), delete, ();
    BareFromZeroed: "BARE-FROM-ZERO#{id}", FromZero<u32>, (, lineage = none), delete, ();
    BareRandom: "BARE-RANDOM#{id}", Uuid, (, lineage = none), put, ();
    BareTagged: "BARE-TAGGED#{id}", Tag, (, lineage = none), put, ();
    Holder: "HOLDER#{id}", u64, (), put, (unique(lowercase));
    RandomHolder: "HOLDER-RANDOM#{id}", Uuid, (), put, (unique(lowercase));
    BareHolder: "HOLDER-BARE#{id}", u64, (, lineage = none), delete, (unique(lowercase));
}

/// A version of one's own, which does not count.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tag(String);

impl AttributeType for Tag {
    type DataType = marker::S;
}

impl ToAttribute for Tag {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(&self.0)
    }
}

impl FromAttribute for Tag {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.string().map(Self)
    }
}

impl VersionValue for Tag {
    const COUNTS: bool = false;

    fn first() -> Self {
        Self(format!("{:032x}", fastrand::u128(..)))
    }

    fn next(&self) -> Option<Self> {
        Some(Self::first())
    }
}
