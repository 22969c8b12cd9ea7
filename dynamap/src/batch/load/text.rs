use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, ReadBuf};

/// The number of bytes that are read at once. Of gzip they may become a thousand times as many.
const CHUNK: usize = 16 * 1024;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The text of an input, which may be compressed.
pub(super) struct InputText<'a> {
    input: Pin<Box<dyn AsyncRead + Send + 'a>>,
    chunk: Box<[u8]>,
    form: Compression,
}

enum Compression {
    /// Nothing but these first bytes was read: fewer than tell what it is.
    Unknown(Vec<u8>),
    Plain,
    #[cfg(feature = "gzip")]
    Gzip(Box<flate2::write::MultiGzDecoder<Vec<u8>>>),
    End,
}

impl<'a> InputText<'a> {
    pub(super) fn new(input: impl AsyncRead + Send + 'a) -> Self {
        let chunk = vec![0; CHUNK].into_boxed_slice();
        Self { input: Box::pin(input), chunk, form: Compression::Unknown(Vec::new()) }
    }

    /// Appends more of the text to `to`; false at the end.
    pub(super) fn poll_more(&mut self, cx: &mut Context<'_>, to: &mut Vec<u8>) -> Poll<io::Result<bool>> {
        loop {
            if matches!(self.form, Compression::End) {
                return Poll::Ready(Ok(false));
            }
            let mut into = ReadBuf::new(&mut self.chunk);
            ready!(self.input.as_mut().poll_read(cx, &mut into))?;
            let (mut read, before) = (into.filled(), to.len());
            let is_last = read.is_empty();
            let first;
            if let Compression::Unknown(beginning) = &mut self.form {
                beginning.extend_from_slice(read);
                if !is_last && beginning.len() < GZIP.len() {
                    continue;
                }
                first = std::mem::take(beginning);
                self.form = form_of(&first)?;
                read = &first;
            }
            self.form.push(read, to)?;
            if is_last {
                self.form.finish(to)?;
                self.form = Compression::End;
            }
            // What was read may be too little of something compressed.
            if to.len() > before {
                return Poll::Ready(Ok(true));
            }
        }
    }
}

impl Compression {
    fn push(&mut self, read: &[u8], to: &mut Vec<u8>) -> io::Result<()> {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip(decoder) => {
                io::Write::write_all(decoder, read)?;
                to.append(decoder.get_mut());
            }
            _ => to.extend_from_slice(read),
        }
        Ok(())
    }

    fn finish(&mut self, _to: &mut Vec<u8>) -> io::Result<()> {
        #[cfg(feature = "gzip")]
        if let Self::Gzip(decoder) = self {
            decoder.try_finish()?;
            _to.append(decoder.get_mut());
        }
        Ok(())
    }
}

#[cfg(feature = "gzip")]
fn form_of(first: &[u8]) -> io::Result<Compression> {
    Ok(match first.starts_with(&GZIP) {
        true => Compression::Gzip(Box::new(flate2::write::MultiGzDecoder::new(Vec::new()))),
        false => Compression::Plain,
    })
}

#[cfg(not(feature = "gzip"))]
fn form_of(first: &[u8]) -> io::Result<Compression> {
    match first.starts_with(&GZIP) {
        true => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "it is gzip, which needs dynamap's feature `gzip`",
        )),
        false => Ok(Compression::Plain),
    }
}
