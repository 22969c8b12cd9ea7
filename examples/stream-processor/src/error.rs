use dynamap::{
    error::DecodeError,
    stream::{RecordError, reader::StreamReaderError},
};

/// An error of the processor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessorError {
    /// A table cannot be read or written.
    #[error(transparent)]
    Table(#[from] dynamap::Error),
    /// The reader of the stream has stopped.
    #[error(transparent)]
    Reader(#[from] StreamReaderError),
    /// The shop's table has no stream.
    #[error("the table `{0}` has no stream; `create-tables` enables it")]
    NoStream(String),
    /// A time is outside the years that a timestamp can tell.
    #[error("a time that is no timestamp")]
    Time(#[from] jiff::Error),
    /// The stream of the shop has not both images.
    #[error(transparent)]
    View(#[from] RecordError),
    /// A poison record is not even an item.
    #[error("the images of a record are not items")]
    NoItem(#[from] DecodeError),
}

/// The result of an access pattern.
pub type Result<T> = std::result::Result<T, ProcessorError>;
