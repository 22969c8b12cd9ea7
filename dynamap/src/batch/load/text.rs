use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, ReadBuf};

/// How much is read at once. Of gzip it may become a thousand times as much.
const CHUNK: usize = 16 * 1024;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The text of an input, which may be compressed.
pub(super) struct Text<'a> {
    input: Pin<Box<dyn AsyncRead + Send + 'a>>,
    chunk: Box<[u8]>,
    form: Form,
}

enum Form {
    /// Nothing but these first bytes was read: fewer than tell what it is.
    Unknown(Vec<u8>),
    Plain,
    #[cfg(feature = "gzip")]
    Gzip(Box<flate2::write::MultiGzDecoder<Vec<u8>>>),
    End,
}

impl<'a> Text<'a> {
    pub(super) fn new(input: impl AsyncRead + Send + 'a) -> Self {
        let chunk = vec![0; CHUNK].into_boxed_slice();
        Self { input: Box::pin(input), chunk, form: Form::Unknown(Vec::new()) }
    }

    /// Appends more of the text to `to`; false at the end.
    pub(super) fn poll_more(&mut self, cx: &mut Context<'_>, to: &mut Vec<u8>) -> Poll<io::Result<bool>> {
        loop {
            if matches!(self.form, Form::End) {
                return Poll::Ready(Ok(false));
            }
            let mut into = ReadBuf::new(&mut self.chunk);
            ready!(self.input.as_mut().poll_read(cx, &mut into))?;
            let (mut read, before) = (into.filled(), to.len());
            let is_last = read.is_empty();
            let first;
            if let Form::Unknown(beginning) = &mut self.form {
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
                self.form = Form::End;
            }
            // What was read may be too little of something compressed.
            if to.len() > before {
                return Poll::Ready(Ok(true));
            }
        }
    }
}

impl Form {
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
fn form_of(first: &[u8]) -> io::Result<Form> {
    Ok(match first.starts_with(&GZIP) {
        true => Form::Gzip(Box::new(flate2::write::MultiGzDecoder::new(Vec::new()))),
        false => Form::Plain,
    })
}

#[cfg(not(feature = "gzip"))]
fn form_of(first: &[u8]) -> io::Result<Form> {
    match first.starts_with(&GZIP) {
        true => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "it is gzip, which needs dynamap's feature `gzip`",
        )),
        false => Ok(Form::Plain),
    }
}
