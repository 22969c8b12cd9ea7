use examples_shared::Failure;
use futures_util::TryStreamExt;

use super::guide::Tour;
use crate::{append, log, reduce_log};

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Append to a log",
        "append",
        "The head has the last entry. It becomes an item of its own, and then the new one takes its place.",
    )?;
    append(&tour.store, "events", "opened").await?;
    drop(tour.guide.take_requests());
    append(&tour.store, "events", "paid").await?;
    tour.guide.sent()?;
    append(&tour.store, "events", "shipped").await?;

    tour.guide.stop(
        "Read a log",
        "log",
        "In order, page by page: the items, and then the last entry of the head.",
    )?;
    let entries: Vec<String> = log(&tour.store, "events").try_collect().await?;
    tour.guide.sent()?;
    tour.guide.got(entries.join(", "))?;

    tour.guide.stop("Fold a log", "reduce_log", "One entry at a time is in memory, and a page.")?;
    let longest =
        reduce_log(&tour.store, "events", 0, |longest, entry: String| entry.len().max(longest)).await?;
    tour.guide.got(format_args!("the longest entry has {longest} letters"))
}
