use super::schemas::{Bare, One, settings};
use dynamap::entity::Key;
use dynamap::export::{DataModel, Policy};
use dynamap::op::{Encryption, PointInTimeRecovery, TableSettings, Throughput};
use dynamap::schema::{EntityKey, Provisionable};
use dynamap::value::{Bytes, Vector};
use dynamap::{Entity, Index, Table, TableSchema, VectorIndex};
use dynamap_local::Local;
use expect_test::expect;
use fastrand::Rng;
use serde_json::{Value, json};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires at", entity_type = "type")]
#[dynamap(indexes(ByTotal, ByPlace, ByCode), entities(Sale, Price))]
struct Fair;

#[derive(Index)]
#[dynamap(table = Fair, name = "lsi1", local, sort_key = number("total"), projection = keys_only)]
struct ByTotal;

#[derive(Index)]
#[dynamap(table = Fair, name = "gsi1", partition_key = ["country", "city"], sort_key = [number("year"), "hall"])]
struct ByPlace;

#[derive(Index)]
#[dynamap(table = Fair, name = "gsi.2", partition_key = binary("code"), projection = include("total", "note|s"))]
struct ByCode;

#[derive(Debug, Clone, Entity)]
#[dynamap(table = Fair, pk = "STALL*#{stall}#{{DAY}}#{day}", sk = "SALE#{number}", name = "sale")]
#[dynamap(index = ByTotal, sk = total)]
#[dynamap(index = ByPlace, pk = [country, city], sk = [year, hall])]
#[dynamap(index = ByCode, pk = code)]
struct Sale {
    stall: String,
    day: u8,
    number: u32,
    total: u64,
    country: String,
    city: String,
    year: u16,
    hall: String,
    code: Bytes,
    #[dynamap(rename = "note|s")]
    note: Option<String>,
    #[dynamap(with = text)]
    seller: u32,
    #[dynamap(flatten)]
    origin: Origin,
}

#[derive(Debug, Clone, dynamap::Attribute)]
struct Origin {
    machine: String,
}

#[derive(Debug, Clone, Entity)]
#[dynamap(table = Fair, pk = "PRICES", sk = sk)]
struct Price {
    sk: String,
    amount: Option<u64>,
}

mod text {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};

    pub(super) fn write<W: Writer>(value: &u32, w: &mut W) -> Result<(), EncodeError> {
        w.string(&value.to_string())
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<u32, DecodeError> {
        r.string()?.parse().map_err(|_| DecodeError::new("a number", "another text"))
    }
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByWords), entities(Doc))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "vec1", vector = "words", dimensions = 2, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang", number("year")), projection = keys_only)]
struct ByWords;

#[derive(Entity)]
#[dynamap(table = Library, pk = "DOC#{tenant}#{id}")]
#[dynamap(vector_index = ByWords, vector = words, pk = "TENANT#{tenant}", inline_filters(lang, year))]
struct Doc {
    tenant: String,
    id: u32,
    lang: String,
    year: u16,
    words: Vector<2>,
}

fn fair() -> DataModel<Fair> {
    let settings = TableSettings::new()
        .throughput(Throughput::Provisioned { read: 5, write: 6 })
        .index_throughput::<ByCode>(7, 8)
        .warm_throughput(12000, 4000)
        .index_warm_throughput::<ByPlace>(13000, 5000)
        .stream(aws_sdk_dynamodb::types::StreamViewType::NewImage)
        .encryption(Encryption::CustomerManaged("arn:aws:kms:eu-north-1:123456789012:key/k-1".into()))
        .table_class(aws_sdk_dynamodb::types::TableClass::Standard)
        .deletion_protection(true)
        .point_in_time_recovery(PointInTimeRecovery::Days(7))
        .tag("cost center", "4%{2}${1}\"\\")
        .tag("team", "shop");
    DataModel::new("fair.1").settings(settings)
}

fn sale() -> Sale {
    Sale {
        stall: "a".into(),
        day: 1,
        number: 7,
        total: 120,
        country: "FI".into(),
        city: "Turku".into(),
        year: 2026,
        hall: "x".into(),
        code: Bytes::from(vec![1, 2]),
        note: None,
        seller: 5,
        origin: Origin { machine: "till".into() },
    }
}

/// A template says what CreateTable, UpdateTimeToLive and UpdateContinuousBackups do with the same settings.
fn template_is_as_the_requests<S: TableSchema + Provisionable>(rng: &mut Rng) {
    let settings = settings::<S>(rng);
    let shown = format!("{settings:?}");
    let table = Table::<S>::new(Local::memory().unwrap().client(), "shop");
    let request = table.create_table_if_absent().settings(settings.clone()).explain().request_json();
    let mut expected: Value = serde_json::from_str(&request).unwrap();
    let template = DataModel::<S>::new("shop").settings(settings).cloud_formation();
    let mut template: Value = serde_json::from_str(&template).unwrap();
    let properties = template["Resources"]["Table"]["Properties"].as_object_mut().unwrap();
    // Where CloudFormation has other words.
    if let Some(stream) = expected.get_mut("StreamSpecification") {
        stream.as_object_mut().unwrap().remove("StreamEnabled");
    }
    if let Some(encryption) = expected.get_mut("SSESpecification") {
        let members = encryption.as_object_mut().unwrap();
        let enabled = members.remove("Enabled").unwrap();
        members.insert("SSEEnabled".into(), enabled);
    }
    let expiry = properties.remove("TimeToLiveSpecification");
    assert_eq!(expiry, S::TTL.map(|name| json!({ "AttributeName": name, "Enabled": true })), "{shown}");
    let recovery = properties.remove("PointInTimeRecoverySpecification");
    let expected_recovery = match &shown {
        shown if shown.contains("point_in_time_recovery: Some(Off)") => {
            Some(json!({ "PointInTimeRecoveryEnabled": false }))
        }
        shown => shown.split_once("point_in_time_recovery: Some(Days(").map(|(_, rest)| {
            let days: i64 = rest.split(')').next().unwrap().parse().unwrap();
            json!({ "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": days })
        }),
    };
    assert_eq!(recovery, expected_recovery, "{shown}");
    assert_eq!(Value::Object(properties.clone()), expected, "{shown}");
}

#[test]
fn a_template_of_cloudformation_is_what_is_created() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    for _ in 0..100 {
        template_is_as_the_requests::<Bare>(&mut rng);
        template_is_as_the_requests::<One>(&mut rng);
        template_is_as_the_requests::<Fair>(&mut rng);
    }
    let template = DataModel::<Library>::new("shop").cloud_formation();
    let template: Value = serde_json::from_str(&template).unwrap();
    let request = Table::<Library>::new(Local::memory().unwrap().client(), "shop").create_table_if_absent();
    let request: Value = serde_json::from_str(&request.explain().request_json()).unwrap();
    assert_eq!(template["Resources"]["Table"]["Properties"], request);
}

#[test]
fn an_entity_is_known_with_its_keys_and_attributes() {
    let [sale, price] = Fair::ENTITIES else { panic!("{:?}", Fair::ENTITIES) };
    let key = |index, partition_key, sort_key| EntityKey { index, partition_key, sort_key };
    assert_eq!(sale.name, "sale");
    assert_eq!(
        sale.keys,
        [
            key(None, &["STALL*#{stall}#{{DAY}}#{day}"], &["SALE#{number}"]),
            key(Some("lsi1"), &[], &["{total}"]),
            key(Some("gsi1"), &["{country}", "{city}"], &["{year}", "{hall}"]),
            key(Some("gsi.2"), &["{code}"], &[]),
        ]
    );
    let attributes = sale.attributes();
    let attributes: Vec<_> = attributes
        .iter()
        .map(|attribute| (attribute.name, attribute.data_type.map(|data_type| data_type.descriptor())))
        .collect();
    assert_eq!(
        attributes,
        [
            ("stall", Some("S")),
            ("day", Some("N")),
            ("number", Some("N")),
            ("total", Some("N")),
            ("country", Some("S")),
            ("city", Some("S")),
            ("year", Some("N")),
            ("hall", Some("S")),
            ("code", Some("B")),
            ("note|s", Some("S")),
            ("seller", None),
            ("machine", None),
        ]
    );
    assert_eq!(price.key_in("gsi1"), None);
    assert_eq!(Library::ENTITIES[0].key_in("vec1"), Some(&key(Some("vec1"), &["TENANT#{tenant}"], &[])));
}

/// Writes the exports of tables with everything into the folder that `scripts/exports` names.
#[test]
#[ignore = "needs a folder for tools of others, which `scripts/exports` names"]
fn written() {
    let folder = std::path::PathBuf::from(std::env::var_os("DYNAMAP_EXPORTS").unwrap());
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    write("fair.cloudformation", fair().cloud_formation());
    write("fair.terraform", fair().terraform());
    write("fair.mermaid", fair().mermaid());
    let library = DataModel::<Library>::new("library");
    write("library.cloudformation", library.cloud_formation());
    write("library.terraform", library.terraform());
    write("library.mermaid", library.mermaid());
    write("sale.iam", Policy::<Sale>::new("fair").read().write().scan().to_string());
    write("doc.iam", Policy::<Doc>::new("library").account("eu-north-1", "123456789012").read().to_string());
}

#[test]
fn terraform() {
    expect![[r#"
        resource "aws_dynamodb_table" "fair_1" {
          name                        = "fair.1"
          billing_mode                = "PROVISIONED"
          read_capacity               = 5
          write_capacity              = 6
          hash_key                    = "pk"
          range_key                   = "sk"
          stream_enabled              = true
          stream_view_type            = "NEW_IMAGE"
          table_class                 = "STANDARD"
          deletion_protection_enabled = true

          attribute {
            name = "pk"
            type = "S"
          }

          attribute {
            name = "sk"
            type = "S"
          }

          attribute {
            name = "total"
            type = "N"
          }

          attribute {
            name = "country"
            type = "S"
          }

          attribute {
            name = "city"
            type = "S"
          }

          attribute {
            name = "year"
            type = "N"
          }

          attribute {
            name = "hall"
            type = "S"
          }

          attribute {
            name = "code"
            type = "B"
          }

          global_secondary_index {
            name            = "gsi1"
            projection_type = "ALL"
            read_capacity   = 5
            write_capacity  = 6

            key_schema {
              attribute_name = "country"
              key_type       = "HASH"
            }

            key_schema {
              attribute_name = "city"
              key_type       = "HASH"
            }

            key_schema {
              attribute_name = "year"
              key_type       = "RANGE"
            }

            key_schema {
              attribute_name = "hall"
              key_type       = "RANGE"
            }

            warm_throughput {
              read_units_per_second  = 13000
              write_units_per_second = 5000
            }
          }

          global_secondary_index {
            name               = "gsi.2"
            hash_key           = "code"
            projection_type    = "INCLUDE"
            non_key_attributes = ["total", "note|s"]
            read_capacity      = 7
            write_capacity     = 8
          }

          local_secondary_index {
            name            = "lsi1"
            range_key       = "total"
            projection_type = "KEYS_ONLY"
          }

          ttl {
            attribute_name = "expires at"
            enabled        = true
          }

          point_in_time_recovery {
            enabled                 = true
            recovery_period_in_days = 7
          }

          server_side_encryption {
            enabled     = true
            kms_key_arn = "arn:aws:kms:eu-north-1:123456789012:key/k-1"
          }

          warm_throughput {
            read_units_per_second  = 12000
            write_units_per_second = 4000
          }

          tags = {
            "cost center" = "4%%{2}$${1}\"\\"
            "team"        = "shop"
          }
        }
    "#]]
    .assert_eq(&fair().terraform());
    let settings =
        TableSettings::new().on_demand_maximum(40, None).without_stream().encryption(Encryption::AwsOwned);
    let model =
        DataModel::<One>::new("1 shop").settings(settings.point_in_time_recovery(PointInTimeRecovery::Off));
    expect![[r#"
        resource "aws_dynamodb_table" "_1_shop" {
          name           = "1 shop"
          billing_mode   = "PAY_PER_REQUEST"
          hash_key       = "pk"
          range_key      = "sk"
          stream_enabled = false

          attribute {
            name = "pk"
            type = "S"
          }

          attribute {
            name = "sk"
            type = "S"
          }

          attribute {
            name = "gsi1pk"
            type = "S"
          }

          global_secondary_index {
            name               = "gsi1"
            hash_key           = "gsi1pk"
            projection_type    = "INCLUDE"
            non_key_attributes = ["status", "total"]

            on_demand_throughput {
              max_read_request_units = 40
            }
          }

          ttl {
            attribute_name = "expires_at"
            enabled        = true
          }

          point_in_time_recovery {
            enabled = false
          }

          server_side_encryption {
            enabled = false
          }

          on_demand_throughput {
            max_read_request_units = 40
          }
        }
    "#]]
    .assert_eq(&model.terraform());
    expect![[r##"
        # The vector index vec1 is added by `add_vector_index`.
        resource "aws_dynamodb_table" "library" {
          name         = "library"
          billing_mode = "PAY_PER_REQUEST"
          hash_key     = "pk"

          attribute {
            name = "pk"
            type = "S"
          }
        }
    "##]]
    .assert_eq(&DataModel::<Library>::new("library").terraform());
}

#[test]
fn markdown_and_mermaid() {
    expect![[r#"
        | entity | `pk` | `sk` | lsi1: `total` | gsi1: `country` | gsi1: `city` | gsi1: `year` | gsi1: `hall` | gsi.2: `code` |
        |---|---|---|---|---|---|---|---|---|
        | `sale` | `STALL*#{stall}#{{DAY}}#{day}` | `SALE#{number}` | `{total}` | `{country}` | `{city}` | `{year}` | `{hall}` | `{code}` |
        | `Price` | `PRICES` | `{sk}` | | | | | | |

        | index | partition key | sort key | projection |
        |---|---|---|---|
        | lsi1 (local) | `pk` (S) | `total` (N) | keys only |
        | gsi1 (global) | `country` (S), `city` (S) | `year` (N), `hall` (S) | all attributes |
        | gsi.2 (global) | `code` (B) | | `total`, `note\|s` |
    "#]].assert_eq(&fair().markdown());
    expect![[r#"
        | entity | `pk` | vec1: `vec1pk` |
        |---|---|---|
        | `Doc` | `DOC#{tenant}#{id}` | `TENANT#{tenant}` |

        | index | partition key | sort key | projection |
        |---|---|---|---|
        | vec1 (vector `words`, 2 dimensions, COSINE) | `vec1pk` (S) | | keys only; inline filters `lang` (S), `year` (N) |
    "#]].assert_eq(&DataModel::<Library>::new("library").markdown());
    expect![[r#"
        erDiagram
            "fair.1" {
                S *pk PK
                S sk PK
                N _expires_at "expires at"
            }
            "lsi1" {
                S *pk PK
                N total PK
            }
            "gsi1" {
                S country PK
                S city PK
                N year PK
                S hall PK
            }
            "gsi.2" {
                B code PK
            }
            "sale" {
                S stall
                N day
                N number
                N total
                S country
                S city
                N year
                S hall
                B code
                S _note_s "note|s"
                any seller
                any machine
            }
            "Price" {
                S sk
                N amount
            }
            "fair.1" ||--o{ "sale" : "STALL*#{stall}#{{DAY}}#{day}, SALE#{number}"
            "lsi1" ||--o{ "sale" : "{total}"
            "gsi1" ||--o{ "sale" : "{country}, {city}, {year}, {hall}"
            "gsi.2" ||--o{ "sale" : "{code}"
            "fair.1" ||--o{ "Price" : "PRICES, {sk}"
    "#]]
    .assert_eq(&fair().mermaid());
    expect![[r#"
        erDiagram
            "library" {
                S *pk PK
            }
            "vec1" {
                S vec1pk PK
                S lang PK
                N year PK
                L words "2 dimensions"
            }
            "Doc" {
                S tenant
                N id
                S lang
                N year
                L words
            }
            "library" ||--o{ "Doc" : "DOC#{tenant}#{id}"
            "vec1" ||--o{ "Doc" : "TENANT#{tenant}"
    "#]]
    .assert_eq(&DataModel::<Library>::new("library").mermaid());
}

/// The form that NoSQL Workbench imports, as the models have it that AWS publishes.
#[test]
fn a_model_of_nosql_workbench() {
    let price = Price { sk: "p-1".into(), amount: Some(3) };
    let model = fair().sample(&sale()).unwrap().sample(&price).unwrap();
    let document: Value = serde_json::from_str(&model.workbench()).unwrap();
    assert_eq!(document["ModelName"], "fair.1");
    assert_eq!(document["ModelMetadata"]["Version"], "3.0");
    let description = document["ModelMetadata"]["Description"].as_str().unwrap();
    assert!(description.contains("lsi1, gsi1"), "{description}");
    let table = &document["DataModel"][0];
    assert_eq!(table["KeyAttributes"]["SortKey"], json!({ "AttributeName": "sk", "AttributeType": "S" }));
    let [sales, prices] = &table["TableFacets"].as_array().unwrap()[..] else { panic!("{table}") };
    assert_eq!(
        sales["KeyAttributeAlias"],
        json!({ "PartitionKeyAlias": "STALL*#{stall}#{{DAY}}#{day}", "SortKeyAlias": "SALE#{number}" })
    );
    assert_eq!(table["TableData"].as_array().unwrap().len(), 2);
    assert_eq!(sales["TableData"][0], table["TableData"][0]);
    // Each attribute of a facet and of an item is one of the table, once, with its type in the items.
    let known = table["NonKeyAttributes"].as_array().unwrap();
    let known: Vec<(&str, &str)> = known
        .iter()
        .map(|it| (it["AttributeName"].as_str().unwrap(), it["AttributeType"].as_str().unwrap()))
        .collect();
    for facet in [sales, prices] {
        for name in facet["NonKeyAttributes"].as_array().unwrap() {
            let count = known.iter().filter(|(known, _)| *known == name.as_str().unwrap()).count();
            assert_eq!(count, 1, "{name}");
        }
        for item in facet["TableData"].as_array().unwrap() {
            for (name, value) in item.as_object().unwrap() {
                let data_type = value.as_object().unwrap().keys().next().unwrap();
                let is_known = known.contains(&(name, data_type));
                assert!(is_known || matches!(name.as_str(), "pk" | "sk"), "{name}: {data_type}");
            }
        }
    }
    let [index] = &table["GlobalSecondaryIndexes"].as_array().unwrap()[..] else { panic!("{table}") };
    assert_eq!(
        index["KeyAttributes"],
        json!({ "PartitionKey": { "AttributeName": "code", "AttributeType": "B" } })
    );
    assert_eq!(
        index["Projection"],
        json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": ["total", "note|s"] })
    );
}

/// Compares as IAM's `StringLike` does.
fn is_like(pattern: &str, text: &str) -> bool {
    let pattern = pattern.replace("${*}", "\u{1}").replace("${?}", "\u{2}").replace("${$}", "$");
    let parts: Vec<String> =
        pattern.split('*').map(|part| part.replace('\u{1}', "*").replace('\u{2}', "?")).collect();
    let Some(mut rest) = text.strip_prefix(parts[0].as_str()) else { return false };
    for part in &parts[1..] {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    parts.len() > 1 && (parts[parts.len() - 1].is_empty() || text.ends_with(&parts[parts.len() - 1]))
        || rest.is_empty()
}

fn leading_keys(policy: &Value) -> Vec<(String, String)> {
    let statements = policy["Statement"].as_array().unwrap().iter();
    let keys = statements.map(|statement| {
        let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        (statement["Resource"].as_str().unwrap().to_owned(), keys[0].as_str().unwrap_or("*").to_owned())
    });
    keys.collect()
}

#[test]
fn a_policy_allows_the_keys_of_its_entity_only() {
    let policy = Policy::<Sale>::new("fair").account("eu-north-1", "123456789012").read().write().scan();
    expect![[r#"
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair",
              "Condition": {
                "ForAllValues:StringLike": {
                  "dynamodb:LeadingKeys": ["STALL${*}#*#{DAY}#*"]
                }
              }
            },
            {
              "Effect": "Allow",
              "Action": ["dynamodb:Query"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair/index/lsi1",
              "Condition": {
                "ForAllValues:StringLike": {
                  "dynamodb:LeadingKeys": ["STALL${*}#*#{DAY}#*"]
                }
              }
            },
            {
              "Effect": "Allow",
              "Action": ["dynamodb:Query"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair/index/gsi1"
            },
            {
              "Effect": "Allow",
              "Action": ["dynamodb:Query"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair/index/gsi.2"
            },
            {
              "Effect": "Allow",
              "Action": ["dynamodb:Scan"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair"
            },
            {
              "Effect": "Allow",
              "Action": ["dynamodb:Scan"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair/index/lsi1"
            },
            {
              "Effect": "Allow",
              "Action": ["dynamodb:Scan"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair/index/gsi1"
            },
            {
              "Effect": "Allow",
              "Action": ["dynamodb:Scan"],
              "Resource": "arn:aws:dynamodb:eu-north-1:123456789012:table/fair/index/gsi.2"
            }
          ]
        }
    "#]].assert_eq(&policy.to_string());
    let policy: Value = serde_json::from_str(&policy.to_string()).unwrap();
    let keys = leading_keys(&policy);
    let (_, pattern) = &keys[0];
    let mut rng = Rng::new();
    for _ in 0..200 {
        let stall: String = (0..rng.usize(1..6)).map(|_| rng.char('!'..'z')).collect();
        let key = Sale::key(stall, rng.u8(..), rng.u32(..)).to_text().unwrap().0;
        assert!(is_like(pattern, &key), "{pattern} {key}");
    }
    for other in ["PRICES", "STALL#a#{DAY}#001", "STALLx#a#{DAY}#001", "stall*#a#{DAY}#001"] {
        assert!(!is_like(pattern, other), "{pattern} {other}");
    }
    assert_eq!(Policy::<Sale>::new("fair").to_string().matches("Effect").count(), 0);
    let policy: Value = serde_json::from_str(&Policy::<Price>::new("fair").read().to_string()).unwrap();
    assert_eq!(leading_keys(&policy), [("arn:aws:dynamodb:*:*:table/fair".to_owned(), "PRICES".to_owned())]);
    let policy = Policy::<Doc>::new("library").partition("aws-cn").read().write().to_string();
    let policy: Value = serde_json::from_str(&policy).unwrap();
    assert_eq!(policy["Statement"][1]["Action"], json!(["dynamodb:SearchVectors"]));
    assert_eq!(policy["Statement"][1]["Resource"], "arn:aws-cn:dynamodb:*:*:table/library/index/vec1");
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Club;

#[derive(Debug, Clone, Entity)]
#[dynamap(table = Club, pk = "MEMBER#{id}", sk = "MEMBER", name = "club*member")]
struct Member {
    id: u32,
    #[dynamap(unique)]
    email: String,
}

#[tokio::test]
async fn a_policy_of_writes_allows_the_sentinel_items_of_unique_fields() {
    let engine = Local::memory().unwrap();
    let table = Table::<Club>::new(engine.client(), "club");
    table.create_table_if_absent().send().await.unwrap();
    let policy = Policy::<Member>::new("club").write().to_string();
    let policy: Value = serde_json::from_str(&policy).unwrap();
    let [(_, members), (_, sentinels)] = &leading_keys(&policy)[..] else { panic!("{policy}") };
    let actions = |at: usize| Vec::from_iter(policy["Statement"][at]["Action"].as_array().unwrap());
    assert!(actions(0).contains(&&json!("dynamodb:GetItem")), "an item is read before a write");
    assert!(!actions(0).contains(&&json!("dynamodb:Query")));
    assert_eq!(actions(1), ["dynamodb:GetItem", "dynamodb:DeleteItem", "dynamodb:PutItem"]);
    let member = Member { id: 7, email: "*?$#{x}".into() };
    table.create(&member).send().await.unwrap();
    let items = engine.client().scan().table_name("club").send().await.unwrap().items.unwrap();
    let mut keys: Vec<String> = items.iter().map(|item| item["pk"].as_s().unwrap().clone()).collect();
    keys.sort();
    let [member, sentinel] = &keys[..] else { panic!("{keys:?}") };
    assert!(is_like(members, member) && !is_like(members, sentinel), "{members} {keys:?}");
    assert!(is_like(sentinels, sentinel) && !is_like(sentinels, member), "{sentinels} {keys:?}");
    let read = Policy::<Member>::new("club").read().to_string();
    assert!(!read.contains("UNIQUE"), "{read}");
}
