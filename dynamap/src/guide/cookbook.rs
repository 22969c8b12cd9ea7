#[doc = include_str!("../../guide/cookbook/writing.md")]
pub mod writing {}

#[doc = include_str!("../../guide/cookbook/reading.md")]
pub mod reading {}

#[doc = include_str!("../../guide/cookbook/many_items.md")]
pub mod many_items {}

#[doc = include_str!("../../guide/cookbook/designs.md")]
pub mod designs {}

#[doc = include_str!("../../guide/cookbook/time_and_rates.md")]
pub mod time_and_rates {}

#[doc = include_str!("../../guide/cookbook/values.md")]
pub mod values {}

#[doc = include_str!("../../guide/cookbook/types.md")]
#[cfg(all(feature = "uuid", feature = "jiff", feature = "rust_decimal"))]
pub mod types {}
