//! Clients whose configuration puts another protocol in the place of AWS JSON, in part or as a whole: direct mapping leaves
//! them to the SDK's own types, and every call comes to the same.

use crate::answer::{Order, Shop, order};
use aws_sdk_dynamodb::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents, RuntimePlugin,
        interceptors::BeforeSerializationInterceptorContextMut,
    },
    error::BoxError,
    operation,
};
use aws_smithy_runtime_api::client::{
    interceptors::context::{Input, OutputOrError},
    orchestrator::{HttpRequest, HttpResponse, Metadata},
    ser_de::{DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer},
};
use aws_smithy_types::{body::SdkBody, config_bag::Layer};
use dynamap::{Entity, Mapping, Table, direct, value::Version};
use dynamap_local::faults::{Plan, Rates};
use dynamap_local::{Local, Request, SharedTransport, Transport, TransportFuture};

/// The part of the protocol that is another one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    /// None: a serializer that hands on to the SDK's.
    None,
    /// Requests and responses, in a form that is no JSON.
    Whole,
    /// The name of the form of requests.
    ContentType,
    /// The header that names the operation.
    Target,
    /// The documents of requests, which no header tells.
    Documents,
    /// The bodies of requests, which are not in memory.
    Streamed,
    /// The documents of responses, which no header tells.
    Responses,
}

impl Part {
    const ALL: [Self; 7] = [
        Self::None,
        Self::Whole,
        Self::ContentType,
        Self::Target,
        Self::Documents,
        Self::Streamed,
        Self::Responses,
    ];

    fn requests_are_masked(self) -> bool {
        matches!(self, Self::Whole | Self::Documents)
    }

    fn responses_are_masked(self) -> bool {
        matches!(self, Self::Whole | Self::Responses)
    }
}

fn mask(document: &[u8]) -> Vec<u8> {
    document.iter().map(|byte| byte ^ 0x55).collect()
}

/// Puts a serializer and a deserializer in the place of the SDK's.
#[derive(Debug)]
struct Protocol(Part);

impl Intercept for Protocol {
    fn name(&self) -> &'static str {
        "Protocol"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let inner = config.load::<SharedRequestSerializer>().unwrap().clone();
        let deserializer = self.0.responses_are_masked().then(|| {
            let operation = config.load::<Metadata>().unwrap().name().to_owned();
            SharedResponseDeserializer::new(Unmasking(operation))
        });
        let part = self.0;
        let serializer = SharedRequestSerializer::new(Serializer { inner, part });
        config.interceptor_state().store_put(serializer);
        match (deserializer, part) {
            // A layer is before ours, and the state of interceptors before all layers.
            (Some(deserializer), Part::Responses) => {
                let mut layer = Layer::new("Protocol");
                layer.store_put(deserializer);
                config.push_layer(layer);
            }
            (Some(deserializer), _) => {
                config.interceptor_state().store_put(deserializer);
            }
            (None, _) => {}
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Serializer {
    inner: SharedRequestSerializer,
    part: Part,
}

impl SerializeRequest for Serializer {
    fn serialize_input(&self, input: Input, config: &mut ConfigBag) -> Result<HttpRequest, BoxError> {
        let mut request = self.inner.serialize_input(input, config)?;
        if matches!(self.part, Part::Whole | Part::ContentType) {
            request.headers_mut().insert("content-type", "application/cbor");
        }
        if matches!(self.part, Part::Whole | Part::Target) {
            let target = request.headers_mut().remove("x-amz-target").unwrap();
            request.headers_mut().insert("smithy-target", target);
        }
        if self.part.requests_are_masked() {
            let masked = mask(request.body().bytes().unwrap());
            *request.body_mut() = SdkBody::from(masked);
        }
        if self.part == Part::Streamed {
            let body = request.body().bytes().unwrap().to_vec();
            let body = move || SdkBody::from_body_1_x(SdkBody::from(body.clone()));
            *request.body_mut() = SdkBody::retryable(body);
        }
        Ok(request)
    }
}

/// Reads the responses of an operation behind a mask.
#[derive(Debug)]
struct Unmasking(String);

impl DeserializeResponse for Unmasking {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        config: &ConfigBag,
    ) -> OutputOrError {
        let own = match &*self.0 {
            "GetItem" => operation::get_item::GetItem::new().config(),
            "Query" => operation::query::Query::new().config(),
            "Scan" => operation::scan::Scan::new().config(),
            "BatchGetItem" => operation::batch_get_item::BatchGetItem::new().config(),
            "TransactGetItems" => operation::transact_get_items::TransactGetItems::new().config(),
            "PutItem" => operation::put_item::PutItem::new().config(),
            "UpdateItem" => operation::update_item::UpdateItem::new().config(),
            "DeleteItem" => operation::delete_item::DeleteItem::new().config(),
            "BatchWriteItem" => operation::batch_write_item::BatchWriteItem::new().config(),
            "TransactWriteItems" => operation::transact_write_items::TransactWriteItems::new().config(),
            other => panic!("{other}"),
        };
        let mut plain =
            HttpResponse::new(response.status(), SdkBody::from(mask(response.body().bytes().unwrap())));
        *plain.headers_mut() = response.headers().clone();
        let own = own.unwrap();
        own.load::<SharedResponseDeserializer>().unwrap().deserialize_nonstreaming_with_config(&plain, config)
    }
}

/// The other end of the protocol.
#[derive(Debug)]
struct Server(SharedTransport, Part);

impl Transport for Server {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        if let Some(target) = request.headers.remove("smithy-target") {
            request.operation = target.trim_start_matches("DynamoDB_20120810.").to_owned();
            request.headers.insert("x-amz-target", target);
        }
        if self.1.requests_are_masked() {
            request.body = mask(&request.body);
        }
        Box::pin(async move {
            let mut response = self.0.call(request).await?;
            if self.1.responses_are_masked() {
                response.body = mask(&response.body);
                response.headers.remove("x-amz-crc32");
            }
            Ok(response)
        })
    }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "PAGE#{id}", sk = "PAGE")]
struct Page {
    id: u32,
    title: String,
    #[dynamap(version)]
    version: Version,
}

fn page(id: u32, title: &str) -> Page {
    Page { id, title: title.into(), version: Version::NEW }
}

/// A call, and its result as a text.
async fn call(shop: &Table<Shop>, draw: &mut fastrand::Rng) -> String {
    let (kind, id, title) = (draw.u8(..15), draw.u32(1..4), format!("\"ü\" {}", draw.u32(..)));
    let (key, other, keys) = (Order::key(id), 4 - id, [Order::key(id), Order::key(4 - id)]);
    let order = Order { title: title.clone(), ..order(id) };
    let result = match kind {
        0 => format!("{:?}", shop.get(key).await),
        1 => format!("{:?}", shop.query(Page::partition(id)).await.map(|page| page.items)),
        2 => {
            let mut orders = shop.scan::<Order>().try_collect().await;
            orders.iter_mut().for_each(|orders| orders.sort_by_key(|order| order.id));
            format!("{orders:?}")
        }
        3 => format!("{:?}", shop.batch_get(keys).await),
        4 => format!("{:?}", shop.transact_get(keys).await),
        5 => format!("{:?}", shop.create(&order).await),
        6 => format!("{:?}", shop.put(&order).return_old().await),
        7 => format!("{:?}", shop.update(key).apply(Order::TITLE.set(title)).return_new().await),
        8 => format!("{:?}", shop.delete(key).return_old().await),
        9 => format!("{:?}", shop.batch_write().put(&order).delete(Order::key(other)).await),
        10 => {
            let writes = shop.transact_write().create(&order);
            let writes = if other == id { writes } else { writes.delete(Order::key(other)) };
            format!("{:?}", writes.client_request_token(title).await)
        }
        // With a version: the marks of attempts are in the documents.
        11 => {
            let mut new = page(id, &title);
            format!("{:?} {new:?}", shop.create(&mut new).await)
        }
        12 => {
            let Ok(Some(mut known)) = shop.get(Page::key(id)).await else { return String::new() };
            known.title = title;
            let mut rival = known.clone();
            let saved = (shop.save(&mut known).await, shop.save(&mut rival).await);
            format!("{saved:?} {known:?} {rival:?}")
        }
        13 => {
            let pages = shop.repository::<Page>();
            let change = |page: &mut Page| {
                page.title = format!("modified {}", page.title.len());
                Ok::<_, String>(())
            };
            format!("{:?}", pages.modify(Page::key(id), change).await)
        }
        _ => {
            let Ok(Some(mut known)) = shop.get(Page::key(id)).await else { return String::new() };
            format!(
                "{:?}",
                shop.transact_write().save(&mut known).create(&order).client_request_token(title).await
            )
        }
    };
    format!("{kind} {id}: {result}")
}

#[tokio::test]
async fn whatever_part_of_the_protocol_is_another_one_each_call_comes_to_the_same() {
    let seed = Plan::random_from_env(Rates::none()).seed().unwrap();
    for part in Part::ALL {
        for prepare in [direct::prepare, std::convert::identity] {
            let plain = Local::memory().unwrap();
            let expected = Table::<Shop>::new(plain.client(), "shop").with_mapping(Mapping::AttributeValue);
            expected.create_table_if_absent().send().await.unwrap();
            let local = Local::memory().unwrap();
            Table::<Shop>::new(local.client(), "shop").create_table_if_absent().send().await.unwrap();
            let local = local.wrap(|inner| Server(inner, part));
            let client = Client::from_conf(prepare(local.config().interceptor(Protocol(part))).build());
            let shop = Table::<Shop>::new(client, "shop");
            let (mut draw, mut same) = (fastrand::Rng::with_seed(seed), fastrand::Rng::with_seed(seed));
            for step in 0..80 {
                let (got, wanted) = (call(&shop, &mut draw).await, call(&expected, &mut same).await);
                assert_eq!(got, wanted, "{part:?}, step {step}");
            }
        }
    }
}

#[tokio::test]
async fn a_write_is_one_request_whose_attempts_are_seen() {
    use dynamap_local::faults::{Fault, When};
    for part in Part::ALL {
        for prepare in [direct::prepare, std::convert::identity] {
            let local = Local::memory().unwrap();
            Table::<Shop>::new(local.client(), "shop").create_table_if_absent().send().await.unwrap();
            let (local, faults) = local.with_faults(Plan::none());
            let (local, requests) = local.wrap(|inner| Server(inner, part)).recording();
            let client = Client::from_conf(prepare(local.config().interceptor(Protocol(part))).build());
            let shop = Table::<Shop>::new(client, "shop");
            shop.put(&order(1)).await.unwrap();
            assert_eq!(requests.take().len(), 1, "{part:?}");
            // The second attempt finds what the first has written, whose response was lost.
            faults.add(When::any(), Fault::DropAfter);
            let error = shop.create(&order(2)).await.unwrap_err();
            assert!(matches!(error, dynamap::Error::Unknown(_)), "{part:?}: {error}");
            // A refusal before it was applied is none that may have been applied.
            let mut new = page(1, "x");
            faults
                .add(When::any(), Fault::Throttle(dynamap_local::faults::Throttling::ProvisionedThroughput));
            shop.create(&mut new).await.unwrap();
            let error = shop.create(&mut page(1, "y")).await.unwrap_err();
            assert!(
                matches!(error, dynamap::Error::VersionConflict(_) | dynamap::Error::ConditionFailed(_)),
                "{part:?}: {error}"
            );
        }
    }
}
