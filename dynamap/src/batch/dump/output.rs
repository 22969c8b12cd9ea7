use std::{future::poll_fn, io, pin::Pin};
use tokio::io::AsyncWrite;

/// So many bytes of lines are written at once.
const CHUNK: usize = 1024 * 1024;

/// The writer of the lines, and the lines that it has not taken yet.
pub(super) struct Output<'a> {
    to: Pin<Box<dyn AsyncWrite + Send + 'a>>,
    lines: Vec<u8>,
    count: u64,
    #[cfg(feature = "gzip")]
    pub(super) is_gzip: bool,
}

impl<'a> Output<'a> {
    pub(super) fn new(to: impl AsyncWrite + Send + 'a) -> Self {
        Self {
            to: Box::pin(to),
            lines: Vec::new(),
            count: 0,
            #[cfg(feature = "gzip")]
            is_gzip: false,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= CHUNK
    }

    /// Adds the line of an item.
    pub(super) fn push(&mut self, item: &[u8]) {
        self.lines.extend_from_slice(b"{\"Item\":");
        self.lines.extend_from_slice(item);
        self.lines.extend_from_slice(b"}\n");
        self.count += 1;
    }

    /// Writes and flushes the lines; how many they are, and how many bytes were written.
    pub(super) async fn write(&mut self) -> io::Result<(u64, u64)> {
        #[cfg(feature = "gzip")]
        if self.is_gzip && !self.lines.is_empty() {
            self.lines = compressed(&self.lines)?;
        }
        let mut rest = self.lines.as_slice();
        while !rest.is_empty() {
            let written = poll_fn(|cx| self.to.as_mut().poll_write(cx, rest)).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            rest = rest.get(written..).unwrap_or_default();
        }
        poll_fn(|cx| self.to.as_mut().poll_flush(cx)).await?;
        let settled = (self.count, self.lines.len() as u64);
        self.lines.clear();
        self.count = 0;
        Ok(settled)
    }
}

#[cfg(feature = "gzip")]
fn compressed(lines: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    io::Write::write_all(&mut encoder, lines)?;
    encoder.finish()
}
