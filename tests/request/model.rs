use dynamap::value::EpochSeconds;
use dynamap::{Attribute, Entity, Index, Projection, Table, TableSchema};
use dynamap_local::{Local, Requests};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByStatus, ByYear))]
pub(crate) struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk", projection = include("note"))]
pub(crate) struct ByStatus;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = number("year"), sort_key = number("total"))]
pub(crate) struct ByYear;

#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{year}#{number}")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}", sk = "{code}")]
#[dynamap(index = ByYear, pk = year, sk = total)]
pub(crate) struct Order {
    pub(crate) customer_id: String,
    pub(crate) year: u16,
    pub(crate) number: u32,
    pub(crate) total: u64,
    pub(crate) status: Status,
    pub(crate) code: String,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub(crate) enum Status {
    Open,
}

#[derive(Debug, Projection)]
#[dynamap(entity = Order, index = ByStatus)]
#[expect(dead_code, reason = "only what is asked for matters here")]
pub(crate) struct OrderNote {
    pub(crate) note: Option<String>,
}

/// Expires.
#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "SESSION#{token}", sk = "SESSION")]
pub(crate) struct Session {
    #[dynamap(key_only)]
    pub(crate) token: String,
    #[dynamap(ttl)]
    pub(crate) expires_at: EpochSeconds,
}

/// A table without sort key, time to live and entity type.
#[derive(TableSchema)]
#[dynamap(partition_key = number("id"), entity_type = none)]
pub(crate) struct Counters;

#[derive(Debug, Entity)]
#[dynamap(table = Counters, pk = id)]
pub(crate) struct Counter {
    pub(crate) id: u64,
    pub(crate) count: u64,
}

pub(crate) fn order() -> Order {
    Order {
        customer_id: "c-1".into(),
        year: 2024,
        number: 7,
        total: 120,
        status: Status::Open,
        code: "A-7".into(),
        note: None,
    }
}

pub(crate) fn session() -> Session {
    Session { token: "t-1".into(), expires_at: EpochSeconds(4_000_000_000) }
}

/// The tables, and what they are asked.
pub(crate) async fn tables() -> (Table<Shop>, Table<Counters>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let (shop, counters) = (Table::new(local.client(), "shop"), Table::new(local.client(), "counters"));
    shop.create_table_if_absent().send().await.unwrap();
    counters.create_table_if_absent().send().await.unwrap();
    requests.clear();
    (shop, counters, requests)
}

/// The requests since the last look, as DynamoDB received them. The time of the call is not repeatable and is
/// shown as `<now>`.
pub(crate) fn sent(requests: &Requests) -> String {
    let requests = requests.take();
    let shown: Vec<String> = requests.iter().map(ToString::to_string).collect();
    without_the_time(&shown.join("\n"))
}

fn without_the_time(text: &str) -> String {
    let mut shown = String::new();
    for line in text.lines() {
        let digits = line.trim().trim_start_matches("\"N\": \"").trim_end_matches('"');
        let is_time =
            line.trim().starts_with("\"N\"") && digits.len() == 10 && digits.starts_with(['1', '2']);
        let line = if is_time { line.replace(digits, "<now>") } else { line.to_owned() };
        shown.push_str(&line);
        shown.push('\n');
    }
    shown
}
