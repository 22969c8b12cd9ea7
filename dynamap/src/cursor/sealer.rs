//! Sealed cursors: their keys, their lifetime, and the text of one.

use super::{
    binding::Binding,
    key::{CursorKey, KeyId, NONCE},
    sealed_place::SealedPlace,
};
use crate::error::{CursorRefusal, NoRandomBytes};
use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Seals and opens the cursors of a web API. Cheap to clone.
///
/// Cursors are sealed with one key, and opened with that and with older ones, so that a key can be replaced while clients hold
/// cursors. To replace it on several servers: first let all of them [`accept`](Self::accept) the new key; then make it the
/// first, and accept the one before; and when the [`lifetime`](Self::lifetime) is over, remove that.
///
/// ```
/// use dynamap::cursor::{CursorKey, CursorSealer};
/// use std::time::Duration;
///
/// # let (current, older) = (CursorKey::random()?, CursorKey::random()?);
/// let sealer = CursorSealer::new(current).accept(older).lifetime(Duration::from_secs(3600));
/// # Ok::<(), dynamap::error::NoRandomBytes>(())
/// ```
#[derive(Clone)]
pub struct CursorSealer {
    /// The first one seals.
    keys: Arc<Vec<CursorKey>>,
    lifetime: Duration,
}

/// The default lifetime: 24 hours.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The first byte of a sealed cursor; that of [`Cursor`](super::Cursor) is less, and that of a
/// [`ParallelCursor`](super::ParallelCursor) greater.
const VERSION: u8 = 65;

/// The four keys of the greatest size and the two bounds of a range, as base64 of escaped JSON.
pub(super) const MAX_TEXT: usize = 96 * 1024;

/// The version and the id of the key, which stand before the nonce and are authenticated.
const HEADER: usize = 1 + std::mem::size_of::<KeyId>();

impl CursorSealer {
    /// Seals and opens with this key, for 24 hours.
    pub fn new(key: CursorKey) -> Self {
        Self { keys: Arc::new(vec![key]), lifetime: LIFETIME }
    }

    /// Opens cursors that were sealed with this key as well: an older one, or one that is to be the next.
    #[must_use]
    pub fn accept(mut self, key: CursorKey) -> Self {
        Arc::make_mut(&mut self.keys).push(key);
        self
    }

    /// Sets the time after which a cursor is refused. Default: 24 hours.
    ///
    /// It counts from the page that the cursor came with, by the clock of the table, in whole seconds. Each page has new cursors.
    #[must_use]
    pub fn lifetime(mut self, time: Duration) -> Self {
        self.lifetime = time;
        self
    }

    /// The second at which a cursor of this time expires.
    pub(crate) fn expiry(&self, now: SystemTime) -> u64 {
        seconds(now).saturating_add(self.lifetime.as_secs())
    }

    /// The text of a cursor.
    pub(crate) fn seal(
        &self,
        binding: &Binding,
        expires_at: u64,
        place: &SealedPlace<'_>,
    ) -> Result<String, NoRandomBytes> {
        let mut text = binding.digest().to_vec();
        text.extend(expires_at.to_be_bytes());
        place.write(&mut text);
        let key = self.keys.first().ok_or_else(NoRandomBytes::new)?;
        let header = header(key.id());
        let sealed = key.encrypt(&text, &header)?;
        Ok(base64_simd::URL_SAFE_NO_PAD.encode_to_string([header.as_slice(), &sealed].concat()))
    }

    /// Opens a cursor and gives its place to `read`, if it is one of this request and of this time.
    pub(crate) fn open<T>(
        &self,
        text: &str,
        binding: &Binding,
        now: SystemTime,
        read: impl FnOnce(SealedPlace<'_>) -> Option<T>,
    ) -> Result<T, CursorRefusal> {
        if text.len() > MAX_TEXT {
            return Err(CursorRefusal::Malformed);
        }
        let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text).map_err(|_| CursorRefusal::Malformed)?;
        let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or(CursorRefusal::Malformed)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(CursorRefusal::Malformed)?;
        let [version, id @ ..] = *header;
        if version != VERSION {
            return Err(CursorRefusal::Malformed);
        }
        let mut keys = self.keys.iter().filter(|key| key.id() == id).peekable();
        keys.peek().ok_or(CursorRefusal::UnknownKey)?;
        let opened =
            keys.find_map(|key| key.decrypt(*nonce, sealed, header)).ok_or(CursorRefusal::Tampered)?;
        // What follows was written by `seal`, with one of the keys.
        let (digest, rest) = opened.split_first_chunk().ok_or(CursorRefusal::Malformed)?;
        let (expires_at, place) = rest.split_first_chunk().ok_or(CursorRefusal::Malformed)?;
        if *digest != binding.digest() {
            return Err(CursorRefusal::OtherQuery);
        }
        if seconds(now) >= u64::from_be_bytes(*expires_at) {
            return Err(CursorRefusal::Expired);
        }
        SealedPlace::read(place).and_then(read).ok_or(CursorRefusal::Malformed)
    }
}

fn header([a, b, c, d]: KeyId) -> [u8; HEADER] {
    [VERSION, a, b, c, d]
}

/// The whole seconds since 1970.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Shows how many keys there are, and nothing of them.
impl fmt::Debug for CursorSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CursorSealer")
            .field("keys", &self.keys.len())
            .field("lifetime", &self.lifetime)
            .finish()
    }
}
