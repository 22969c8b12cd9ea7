use super::Billing;
use crate::{
    entity::{self, Entity},
    error::ItemError,
};

/// The consistency of a read, which decides how many read capacity units (RCU) it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReadConsistency {
    /// Eventually consistent: half a unit for each 4 KB. Writes of the last second may be missing.
    #[default]
    Eventual,
    /// Strongly consistent: one unit for each 4 KB. All earlier writes are there.
    Strong,
    /// Transactional: two units for each 4 KB.
    Transactional,
}

/// The size in bytes of the item that an entity is written as, as DynamoDB counts it for capacity.
///
/// It is the item of the entity as it is: with its keys, its index keys and its entity type. A write sets stamps and
/// the next version before it is sent, which may be of another size. A vector of one of the table's vector indexes counts
/// its name and four bytes for each dimension; for the limit of 400 KB it counts as [`item_size`](crate::capacity::item_size)
/// says.
///
/// ```
/// use dynamap::{Entity, TableSchema, capacity};
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk")]
/// pub struct Shop;
///
/// #[derive(Entity)]
/// #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// pub struct Order {
///     pub number: u32,
///     pub note: String,
/// }
///
/// # fn main() -> dynamap::Result<()> {
/// let order = Order { number: 7, note: "x".repeat(2000) };
/// let size = capacity::entity_size(&order)?;
/// assert_eq!(capacity::write_units(size), 2.0);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// A value cannot be stored, or a key cannot be made.
pub fn entity_size<E: Entity>(entity: &E) -> Result<usize, ItemError> {
    Ok(Billing::of::<E::Table>().item_size(&entity::to_item(entity)?))
}

/// The read capacity units (RCU) for reading so many bytes: of an item, or of the items of a page together.
///
/// DynamoDB: the size is rounded up to the next 4 KB, and an item that is not there costs as much as 4 KB. GetItem and
/// BatchGetItem round up each item, Query and Scan the sum of a page.
pub fn read_units(bytes: usize, consistency: ReadConsistency) -> f64 {
    let unit = match consistency {
        ReadConsistency::Eventual => 0.5,
        ReadConsistency::Strong => 1.0,
        ReadConsistency::Transactional => 2.0,
    };
    unit * bytes.max(1).div_ceil(4096) as f64
}

/// The write capacity units (WCU) for writing or deleting an item of so many bytes: of the larger of the item before
/// and after.
///
/// DynamoDB: the size is rounded up to the next 1 KB. A delete of an item that is not there costs as much as 1 KB, and
/// so does a condition that fails for it. Each index that holds the item takes as many again for the attributes that
/// it holds, and twice that where its key changes.
pub fn write_units(bytes: usize) -> f64 {
    bytes.max(1).div_ceil(1024) as f64
}

/// The write capacity units for writing an item of so many bytes in a transaction: twice as many as otherwise.
pub fn transactional_write_units(bytes: usize) -> f64 {
    2.0 * write_units(bytes)
}

#[cfg(test)]
mod tests {
    use super::{ReadConsistency, read_units, transactional_write_units, write_units};

    #[test]
    fn begun_units_count_as_whole() {
        for (bytes, eventual, write) in [
            (0, 0.5, 1.0),
            (1, 0.5, 1.0),
            (1024, 0.5, 1.0),
            (1025, 0.5, 2.0),
            (4096, 0.5, 4.0),
            (4097, 1.0, 5.0),
        ] {
            assert_eq!(read_units(bytes, ReadConsistency::Eventual), eventual, "{bytes}");
            assert_eq!(read_units(bytes, ReadConsistency::Strong), 2.0 * eventual, "{bytes}");
            assert_eq!(read_units(bytes, ReadConsistency::Transactional), 4.0 * eventual, "{bytes}");
            assert_eq!(write_units(bytes), write, "{bytes}");
            assert_eq!(transactional_write_units(bytes), 2.0 * write, "{bytes}");
        }
    }
}
