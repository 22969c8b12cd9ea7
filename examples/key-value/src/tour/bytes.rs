use std::time::Duration;

use dynamap_local::faults::{Fault, When};
use examples_shared::{Failure, tour::unexpected};

use super::guide::Tour;
use crate::{Store, bassoc, bget, collect};

const OLD: &[u8] = b"The first text, cut into chunks.";
const NEW: &[u8] = b"Another text, of three chunks in all.";

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Write bytes",
        "bassoc",
        "A stream of any length. The chunks, here of 16 bytes, are written first; one write of the head makes them the value.\n\
         Before, a note says that there may be chunks, and afterwards it is deleted.",
    )?;
    bassoc(&tour.store, "file", OLD).await?;
    tour.guide.sent()?;

    tour.guide.stop(
        "Read bytes",
        "bget",
        "Chunk by chunk, with the size; at the end the sum is compared.",
    )?;
    let found = bget(&tour.store, "file").await?.ok_or("no such key")?;
    let size = found.size();
    let text = String::from_utf8(found.read_to_end().await?)?;
    tour.sent_operations()?;
    tour.guide.got(format_args!("{size} bytes: {text}"))?;
    outage(tour).await
}

async fn outage(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Collect chunks that nobody refers to",
        "collect",
        "A writer is cut off in the middle of its chunks. The key has its old value, and the chunks are found by the note.",
    )?;
    tour.faults.add(When::any().about("CHUNK").always(), Fault::DropBefore);
    let cut_off = tokio::time::timeout(Duration::from_millis(1), bassoc(&tour.store, "file", NEW)).await;
    tour.faults.stop();
    if !matches!(cut_off, Err(_) | Ok(Err(_))) {
        return Err(unexpected("a writer that is cut off", cut_off));
    }
    drop(tour.guide.take_requests());
    let text = read(&tour.store).await?;
    tour.guide.got(format_args!("the key has: {text}"))?;
    let collected = collect(&tour.store, Duration::ZERO).await?;
    tour.guide.got(format_args!("collected: {collected}"))
}

async fn read(store: &Store) -> Result<String, Failure> {
    let found = bget(store, "file").await?.ok_or("no such key")?;
    Ok(String::from_utf8(found.read_to_end().await?)?)
}
