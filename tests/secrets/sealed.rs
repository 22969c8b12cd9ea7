//! Sealed cursors: their keys, and the keys of items in them.

use crate::model::{HUSH, Secret};
use crate::{Shown, leaks};
use dynamap::Repository;
use dynamap::cursor::{CursorKey, CursorSealer, SealedCursor};

pub(crate) async fn pages(shown: &mut Shown, secrets: &Repository<Secret>) {
    let mut bytes = [b'-'; 32];
    bytes[..HUSH.len()].copy_from_slice(HUSH.as_bytes());
    let key = CursorKey::from_bytes(bytes);
    shown.debug("CursorKey", &key);
    shown.error("InvalidCursorKey", &HUSH.parse::<CursorKey>().unwrap_err());
    let sealer = CursorSealer::new(key.clone()).accept(key);
    shown.debug("CursorSealer", &sealer);
    let pages = || secrets.query(Secret::partition(HUSH)).limit(1).sealed(&sealer).principal(HUSH);
    let page = pages().await.unwrap();
    shown.debug("SealedPage", &page);
    shown.debug("PageInfo", &page.page_info);
    let next = page.next_cursor().unwrap().clone();
    shown.debug("SealedCursor", &next);
    shown.debug("SealedPages", &pages().at(&next));
    shown.debug("SealedPages", &secrets.scan().sealed(&sealer).principal(HUSH).after(&next));
    shown.error("CursorError", &pages().at(HUSH).await.unwrap_err());
    shown.error("Error", &pages().principal("other").at(&next).await.unwrap_err());
    shown.debug("Edge", &page.into_edges().unwrap()[0]);
    let again: SealedCursor = next.to_string().parse().unwrap();
    assert!(again == next && !leaks(&format!("{again:?}")));
}
