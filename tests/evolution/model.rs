//! An order in three shapes. Shape 2 splits the name, and shape 3 has the total as a number.

use dynamap::value::{EpochSeconds, Version};
use dynamap::{Attribute, Entity, Index, ItemCollection, Result, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", shape = "shape")]
#[dynamap(indexes(ByState, StateOnly))]
pub struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
pub struct ByState;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk")]
#[dynamap(projection = include("state", "shape", "expires_at"))]
pub struct StateOnly;

/// What an order is, whatever its shape.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View {
    pub number: u32,
    pub first: String,
    pub last: String,
    pub total: u64,
    pub note: Option<String>,
}

pub(crate) fn view(number: u32) -> View {
    View {
        number,
        first: "Ada".into(),
        last: format!("L{number}"),
        total: u64::from(number) * 10,
        note: None,
    }
}

/// A program's order.
#[allow(async_fn_in_trait)]
pub(crate) trait Program: Entity<Table = Shop> + Clone + std::fmt::Debug + PartialEq {
    const KNOWN: u32;
    /// The attributes that are no keys.
    const ATTRIBUTES: &'static [&'static str];

    fn of(view: &View) -> Self;
    fn view(&self) -> View;
    async fn create(self, shop: &Table<Shop>) -> Result<Self>;
    async fn replace(self, shop: &Table<Shop>, by: Sent) -> Result<Self>;
    async fn save(self, shop: &Table<Shop>, by: Sent) -> Result<Self>;
    async fn set_note(shop: &Table<Shop>, number: u32, note: &str, by: Sent) -> Result<()>;
    async fn delete(shop: &Table<Shop>, number: u32, by: Sent) -> Result<()>;
}

/// The way a write goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sent {
    Alone,
    AsTransaction,
    InTransaction,
}

fn split(name: &str) -> (String, String) {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    (first.to_owned(), last.to_owned())
}

macro_rules! program {
    ($program:ty, [$($by:tt)+], [$($choose:tt)*]) => {
        #[allow(unused_mut)]
        async fn create(mut self, shop: &Table<Shop>) -> Result<Self> {
            shop.create($($by)+ self).send().await?;
            Ok(self)
        }

        #[allow(unused_mut)]
        async fn replace(mut self, shop: &Table<Shop>, by: Sent) -> Result<Self> {
            match by {
                Sent::Alone => shop.replace($($by)+ self).send().await?,
                Sent::AsTransaction => shop.replace($($by)+ self).transactional().send().await?,
                Sent::InTransaction => shop.transact_write().replace($($by)+ self).send().await?,
            }
            Ok(self)
        }

        #[allow(unused_mut)]
        async fn save(mut self, shop: &Table<Shop>, by: Sent) -> Result<Self> {
            match by {
                Sent::Alone => shop.save($($by)+ self).send().await?,
                Sent::AsTransaction => shop.save($($by)+ self).transactional().send().await?,
                Sent::InTransaction => shop.transact_write().save($($by)+ self).send().await?,
            }
            Ok(self)
        }

        async fn set_note(shop: &Table<Shop>, number: u32, note: &str, by: Sent) -> Result<()> {
            let update = shop.update(<$program>::key(number)).apply(<$program>::NOTE.set(Some(note.to_owned())));
            let update = update$($choose)*;
            match by {
                Sent::Alone => update.send().await,
                Sent::AsTransaction => update.transactional().send().await,
                Sent::InTransaction => shop.transact_write().update(update).send().await,
            }
        }

        async fn delete(shop: &Table<Shop>, number: u32, by: Sent) -> Result<()> {
            let delete = shop.delete(<$program>::key(number))$($choose)*;
            match by {
                Sent::Alone => delete.send().await,
                Sent::AsTransaction => delete.transactional().send().await,
                Sent::InTransaction => shop.transact_write().delete(delete).send().await,
            }
        }
    };
}

macro_rules! orders {
    ($module:ident, $v1:path, [$($by:tt)+], [$($choose:tt)*], {$($(#[$option:meta])* $version:ident: $type:ty = $new:expr)?}) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(Debug, Clone, PartialEq, Entity)]
            #[dynamap(table = Shop, pk = "ORDERS", sk = "ORDER#{number}", name = "Order", shape = 1)]
            #[dynamap(index = ByState, pk = "STATE#{state}")]
            #[dynamap(index = StateOnly, pk = "STATE#{state}")]
            pub struct V1 {
                pub number: u32,
                pub name: String,
                pub total: String,
                pub note: Option<String>,
                pub state: u8,
                #[dynamap(ttl)]
                pub expires_at: Option<EpochSeconds>,
                $($(#[$option])* pub $version: $type,)?
            }

            /// Shape 1 as an older shape, without keys.
            #[derive(Debug, Clone, PartialEq, Attribute)]
            pub struct PlainV1 {
                pub number: u32,
                pub name: String,
                pub total: String,
                pub note: Option<String>,
                pub state: u8,
                pub expires_at: Option<EpochSeconds>,
                $(pub $version: $type,)?
            }

            #[derive(Debug, Clone, PartialEq, Entity)]
            #[dynamap(table = Shop, pk = "ORDERS", sk = "ORDER#{number}", name = "Order")]
            #[dynamap(shape = 2, upgrade(V1))]
            #[dynamap(index = ByState, pk = "STATE#{state}")]
            #[dynamap(index = StateOnly, pk = "STATE#{state}")]
            pub struct V2 {
                pub number: u32,
                #[dynamap(rename = "first_name")]
                pub first: String,
                #[dynamap(rename = "last_name")]
                pub last: String,
                pub total: String,
                pub note: Option<String>,
                pub state: u8,
                #[dynamap(ttl)]
                pub expires_at: Option<EpochSeconds>,
                $($(#[$option])* pub $version: $type,)?
            }

            #[derive(Debug, Clone, PartialEq, Entity)]
            #[dynamap(table = Shop, pk = "ORDERS", sk = "ORDER#{number}", name = "Order")]
            #[dynamap(shape = 3, upgrade($v1, V2))]
            #[dynamap(index = ByState, pk = "STATE#{state}")]
            #[dynamap(index = StateOnly, pk = "STATE#{state}")]
            pub struct V3 {
                pub number: u32,
                #[dynamap(rename = "first_name")]
                pub first: String,
                #[dynamap(rename = "last_name")]
                pub last: String,
                pub total: u64,
                pub note: Option<String>,
                pub state: u8,
                #[dynamap(ttl)]
                pub expires_at: Option<EpochSeconds>,
                $($(#[$option])* pub $version: $type,)?
            }

            #[derive(Debug, Clone, PartialEq, ItemCollection)]
            pub enum Orders {
                Order(V3),
            }

            impl From<V1> for V2 {
                fn from(old: V1) -> Self {
                    let ((first, last), V1 { number, total, note, state, expires_at, .. }) = (split(&old.name), old.clone());
                    Self { number, first, last, total, note, state, expires_at, $($version: old.$version)? }
                }
            }

            impl From<PlainV1> for V2 {
                fn from(old: PlainV1) -> Self {
                    let ((first, last), PlainV1 { number, total, note, state, expires_at, .. }) =
                        (split(&old.name), old.clone());
                    Self { number, first, last, total, note, state, expires_at, $($version: old.$version)? }
                }
            }

            impl TryFrom<V2> for V3 {
                type Error = std::num::ParseIntError;

                fn try_from(old: V2) -> Result<Self, Self::Error> {
                    let V2 { number, first, last, note, state, expires_at, .. } = old.clone();
                    let total = old.total.parse()?;
                    Ok(Self { number, first, last, total, note, state, expires_at, $($version: old.$version)? })
                }
            }

            impl Program for V1 {
                program!(V1, [$($by)+], [$($choose)*]);

                const KNOWN: u32 = 1;
                const ATTRIBUTES: &'static [&'static str] = &["name", "total"];

                fn of(view: &View) -> Self {
                    let View { number, first, last, total, note } = view.clone();
                    let (name, total) = (format!("{first} {last}"), total.to_string());
                    Self { number, name, total, note, state: 1, expires_at: None, $($version: $new)? }
                }

                fn view(&self) -> View {
                    V2::from(self.clone()).view()
                }
            }

            impl Program for V2 {
                program!(V2, [$($by)+], [$($choose)*]);

                const KNOWN: u32 = 2;
                const ATTRIBUTES: &'static [&'static str] = &["first_name", "last_name", "total"];

                fn of(view: &View) -> Self {
                    V1::of(view).into()
                }

                fn view(&self) -> View {
                    V3::try_from(self.clone()).unwrap().view()
                }
            }

            impl Program for V3 {
                program!(V3, [$($by)+], [$($choose)*]);

                const KNOWN: u32 = 3;
                const ATTRIBUTES: &'static [&'static str] = &["first_name", "last_name", "total"];

                fn of(view: &View) -> Self {
                    V2::of(view).try_into().unwrap()
                }

                fn view(&self) -> View {
                    let Self { number, first, last, total, note, .. } = self.clone();
                    View { number, first, last, total, note }
                }
            }
        }
    };
}

orders!(plain, V1, [&], [], {});
orders!(versioned, PlainV1, [&mut], [.ignore_version()], {#[dynamap(version)] version: Version = Version::NEW});
