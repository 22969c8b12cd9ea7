//! Binary values from files and to files.

use std::path::Path;

use examples_shared::{Failure, output::Output};
use futures_util::TryStreamExt;
use tokio::fs::File;

use crate::{Revision, Store, Target, bassoc as store_bytes, bget as open};

/// The name that stands for the standard input and output.
const STANDARD: &str = "-";

/// Writes the bytes of a file, or of the standard input.
pub(super) async fn bassoc(store: &Store, target: Target, file: &Path) -> Result<Revision, Failure> {
    if file == Path::new(STANDARD) {
        return Ok(store_bytes(store, target, tokio::io::stdin()).await?);
    }
    let input = File::open(file).await.map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(store_bytes(store, target, input).await?)
}

/// Writes the bytes of a key to a file, or to the output.
pub(super) async fn bget(
    store: &Store,
    key: &str,
    file: Option<&Path>,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let bytes = open(store, key).await?.ok_or("there is no such key")?;
    match file.filter(|file| *file != Path::new(STANDARD)) {
        Some(file) => {
            let mut output =
                File::create(file).await.map_err(|error| format!("{}: {error}", file.display()))?;
            let size = bytes.copy_to(&mut output).await?;
            Ok(out.line(format_args!("{size} bytes"))?)
        }
        None => {
            let mut chunks = bytes.into_stream();
            while let Some(chunk) = chunks.try_next().await? {
                out.to.write_all(&chunk)?;
            }
            Ok(out.to.flush()?)
        }
    }
}
