use super::{
    Bench,
    order::{Address, Line, Order, Payment, Status},
};
use chrono::{DateTime, Utc};
use dynamap::{Entity, value::Bytes};
use std::collections::HashSet;

/// An [`Order`] whose nested types are mapped by serde.
#[derive(Debug, Entity)]
#[dynamap(table = Bench, name = "Order", pk = pk, sk = sk)]
pub(crate) struct SerdeOrder {
    pk: String,
    sk: String,
    order_id: String,
    email: String,
    #[dynamap(serde)]
    status: Status,
    total_cents: i64,
    tax_rate: f64,
    gift: bool,
    note: Option<String>,
    coupon: Option<String>,
    #[dynamap(serde)]
    tags: Vec<String>,
    #[dynamap(serde)]
    ship_to: Address,
    #[dynamap(serde)]
    lines: Vec<Line>,
    labels: HashSet<String>,
    token: Bytes,
    created_at: DateTime<Utc>,
    #[dynamap(serde)]
    payment: Payment,
    version: u64,
}

impl From<SerdeOrder> for Order {
    fn from(order: SerdeOrder) -> Self {
        let SerdeOrder { pk, sk, order_id, email, status, total_cents, tax_rate, gift, note, .. } = order;
        let SerdeOrder { coupon, tags, ship_to, lines, labels, token, created_at, payment, version, .. } =
            order;
        Self {
            pk,
            sk,
            order_id,
            email,
            status,
            total_cents,
            tax_rate,
            gift,
            note,
            coupon,
            tags,
            ship_to,
            lines,
            labels,
            token,
            created_at,
            payment,
            version,
        }
    }
}
