use sha2::{Digest, Sha256};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

/// The message that a transaction answers. Values that are new in each other request are taken from it, so that the
/// transaction of a second delivery is the same request.
#[derive(Clone)]
pub(crate) struct Redelivery {
    token: Arc<str>,
    time: SystemTime,
    /// The number of draws so far, which all handles of the message share.
    drawn: Arc<AtomicU64>,
}

impl Redelivery {
    pub(crate) fn new(token: String, time: SystemTime) -> Self {
        Self { token: token.into(), time, drawn: Arc::default() }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn time(&self) -> SystemTime {
        self.time
    }

    /// The same message at the same position, which goes on by itself.
    pub(crate) fn fork(&self) -> Self {
        Self { drawn: Arc::new(AtomicU64::new(self.drawn.load(Ordering::Relaxed))), ..self.clone() }
    }

    /// The next random bytes: the same in each delivery of the message, and others in every other message.
    pub(crate) fn draw<const N: usize>(&self, table: &str) -> [u8; N] {
        const { assert!(N <= 32, "a hash has 32 bytes") };
        let position = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new_with_prefix(b"dynamap redelivery");
        // Of each text its length first, so that no two pairs of texts are hashed alike.
        for text in [&*self.token, table] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        hash.update(position.to_le_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        std::array::from_fn(|at| hash[at])
    }
}

/// A token may be a secret of the message.
impl fmt::Debug for Redelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redelivery")
    }
}
