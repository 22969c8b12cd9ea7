use super::CallForm;

/// The likely cost of a request, which it is charged before it is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Forecast {
    pub(crate) form: CallForm,
    pub(crate) writes: bool,
    /// The global index that it reads; `None` if it uses the throughput of the table.
    pub(crate) index: Option<&'static str>,
    /// Of each item, or of the page.
    pub(crate) cost: Cost,
    /// The number of items of the request.
    pub(crate) items: usize,
}

/// The knowledge of a cost before the request is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cost {
    /// Units that are known, unless the stored item was larger.
    Known(f64),
    /// The average, or this as long as there is none.
    Average(f64),
    /// Of all items together: the known cost, and for so many others the average, or `first` as long as there is none.
    Partly { known: f64, others: usize, first: f64 },
}

/// The items that a request has processed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Processed {
    pub(crate) items: usize,
    /// The sum of the costs that were known before.
    pub(crate) known: f64,
    /// The number of items whose cost was not known before.
    pub(crate) others: usize,
}

impl Processed {
    /// So many items, which cost alike.
    pub(crate) fn items(items: usize) -> Self {
        Self { items, known: 0.0, others: items }
    }
}

impl Forecast {
    /// A write of one item.
    pub(crate) fn of_write(operation: &'static str, entity: &'static str, cost: Cost) -> Self {
        let form = CallForm { operation, entity, index: None, consistent: false };
        Self { form, writes: true, index: None, cost, items: 1 }
    }
}
