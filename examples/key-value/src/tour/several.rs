use examples_shared::{Failure, tour::unexpected};
use serde_json::Value;

use super::guide::Tour;
use crate::{StoreError, Target, multi_assoc, multi_dissoc, multi_get};

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Write several values together",
        "multi_assoc",
        "One transaction: all of them, or none.",
    )?;
    let revisions = multi_assoc(&tour.store, [("a", 1), ("b", 2)]).await?;
    tour.guide.sent()?;
    tour.guide.got(format_args!("{} written", revisions.len()))?;
    let Some(stale) = revisions.get("a").copied() else { return Err("no revision of `a`".into()) };
    multi_assoc(&tour.store, [("a", 3)]).await?;
    match multi_assoc(&tour.store, [(Target::from("b"), 4), (Target::at("a", stale), 4)]).await {
        Err(error @ StoreError::RevisionMismatch { .. }) => {
            tour.guide.got(format_args!("refused: {error}"))?
        }
        outcome => return Err(unexpected("a stale revision", outcome)),
    }
    let many = (0..101).map(|number| (number.to_string(), number));
    match multi_assoc(&tour.store, many).await {
        Err(error @ StoreError::TooManyKeys { .. }) => tour.guide.got(format_args!("refused: {error}"))?,
        outcome => return Err(unexpected("too many keys", outcome)),
    }

    tour.guide.stop(
        "Read several values",
        "multi_get",
        "One request for up to 100 keys; of those that are there.",
    )?;
    let found = multi_get::<Value>(&tour.store, ["a", "b", "c"]).await?;
    tour.guide.sent()?;
    tour.guide.got(format_args!("{found:?}"))?;

    tour.guide.stop("Remove several keys together", "multi_dissoc", "It tells which were there.")?;
    let removed = multi_dissoc(&tour.store, ["a", "b", "c"]).await?;
    tour.sent_operations()?;
    tour.guide.got(format_args!("{removed:?}"))
}
