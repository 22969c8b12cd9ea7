//! A model of DynamoDB's administration of one table, by its documented rules: the engine lacks backups, warm throughput and
//! the throughput of indexes.

use dynamap_local::{Request, Response, SharedTransport, Transport, TransportFuture};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

const ARN: &str = "arn:aws:dynamodb:eu-north-1:123456789012:table/shop";

#[derive(Debug, Default)]
struct State {
    table: Option<Value>,
    expiry: Option<String>,
    recovery_days: Option<i64>,
    tags: BTreeMap<String, String>,
    /// How many descriptions are still to show the table before it is active.
    busy: usize,
    /// How many requests for backups are refused yet.
    early: usize,
    /// The operation that gets no answer next, after it was applied.
    lost: Option<usize>,
    /// The operations that changed something.
    changes: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Admin {
    state: Mutex<State>,
}

type Answer = Result<Value, (&'static str, String)>;

fn refused(message: impl Into<String>) -> Answer {
    Err(("ValidationException", message.into()))
}

impl Admin {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { early: 2, ..State::default() }) }
    }

    /// Loses the answer of the change after so many.
    pub(super) fn lose(&self, after: usize) {
        self.state.lock().unwrap().lost = Some(after);
    }

    pub(super) fn take_changes(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().changes)
    }
}

/// The layer in front of a database, which is not asked.
#[derive(Debug)]
pub(super) struct Front(pub(super) std::sync::Arc<Admin>);

impl Front {
    pub(super) fn over(admin: std::sync::Arc<Admin>) -> impl FnOnce(SharedTransport) -> Self {
        move |_| Self(admin)
    }
}

impl Transport for Front {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let mut state = self.0.state.lock().unwrap();
            let reads = request.operation.starts_with("Describe") || request.operation.starts_with("List");
            let answer = state.answer(&request.operation, &body);
            if !reads && answer.is_ok() {
                state.changes.push(request.operation.clone());
                match state.lost {
                    Some(0) => {
                        state.lost = None;
                        return Ok(Response::error(500, "InternalServerError", "lost"));
                    }
                    Some(after) => state.lost = Some(after - 1),
                    None => {}
                }
            }
            Ok(match answer {
                Ok(answer) => Response::new(200, answer.to_string()),
                Err((code, message)) => Response::error(400, code, &message),
            })
        })
    }
}

impl State {
    fn answer(&mut self, operation: &str, body: &Value) -> Answer {
        let not_found = || Err(("ResourceNotFoundException", "no such table".to_owned()));
        if operation == "CreateTable" {
            return self.create(body);
        }
        if self.table.is_none() {
            return not_found();
        }
        match operation {
            "DescribeTable" => Ok(json!({ "Table": self.described() })),
            "UpdateTable" => self.update(body),
            "DescribeTimeToLive" => Ok(json!({ "TimeToLiveDescription": match &self.expiry {
                Some(attribute) => json!({ "TimeToLiveStatus": "ENABLED", "AttributeName": attribute }),
                None => json!({ "TimeToLiveStatus": "DISABLED" }),
            }})),
            "UpdateTimeToLive" => {
                let specification = &body["TimeToLiveSpecification"];
                if self.expiry.is_some() {
                    return refused("TimeToLive is already enabled");
                }
                self.expiry = Some(text(&specification["AttributeName"]));
                Ok(json!({ "TimeToLiveSpecification": specification }))
            }
            "DescribeContinuousBackups" => Ok(self.backups()),
            "UpdateContinuousBackups" => {
                if self.early > 0 {
                    self.early -= 1;
                    return Err(("ContinuousBackupsUnavailableException", "not yet".to_owned()));
                }
                let wanted = &body["PointInTimeRecoverySpecification"];
                let enabled = wanted["PointInTimeRecoveryEnabled"] == true;
                self.recovery_days = enabled.then(|| wanted["RecoveryPeriodInDays"].as_i64().unwrap_or(35));
                Ok(self.backups())
            }
            "ListTagsOfResource" => {
                assert_eq!(body["ResourceArn"], ARN);
                // Two with a page.
                let from = body["NextToken"].as_str().map_or(0, |token| token.parse().unwrap());
                let tags: Vec<_> = self.tags.iter().skip(from).take(2).collect();
                let tags: Vec<_> =
                    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
                let next = (from + 2 < self.tags.len()).then(|| (from + 2).to_string());
                Ok(json!({ "Tags": tags, "NextToken": next }))
            }
            "TagResource" => {
                let tags = body["Tags"].as_array().unwrap();
                self.tags.extend(tags.iter().map(|tag| (text(&tag["Key"]), text(&tag["Value"]))));
                Ok(json!({}))
            }
            "UntagResource" => {
                let keys = body["TagKeys"].as_array().unwrap();
                keys.iter().for_each(|key| drop(self.tags.remove(key.as_str().unwrap())));
                Ok(json!({}))
            }
            "DeleteTable" => {
                if self.table.as_ref().unwrap()["DeletionProtectionEnabled"] == true {
                    return refused("protected");
                }
                Ok(json!({ "TableDescription": self.table.take() }))
            }
            other => panic!("{other}"),
        }
    }

    fn backups(&self) -> Value {
        let recovery = match self.recovery_days {
            Some(days) => json!({ "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": days }),
            None => json!({ "PointInTimeRecoveryStatus": "DISABLED" }),
        };
        json!({ "ContinuousBackupsDescription":
            { "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery } })
    }

    fn described(&mut self) -> Value {
        let mut table = self.table.clone().unwrap();
        if self.busy > 0 {
            self.busy -= 1;
            table["TableStatus"] = "UPDATING".into();
        }
        table
    }

    fn create(&mut self, body: &Value) -> Answer {
        if self.table.is_some() {
            return Err(("ResourceInUseException", "it is there".to_owned()));
        }
        let mut table = body.clone();
        let members = table.as_object_mut().unwrap();
        let tags = members.remove("Tags").unwrap_or(json!([]));
        self.tags =
            tags.as_array().unwrap().iter().map(|tag| (text(&tag["Key"]), text(&tag["Value"]))).collect();
        members.insert("TableStatus".into(), "ACTIVE".into());
        members.insert("TableArn".into(), ARN.into());
        let mode = members.remove("BillingMode").unwrap();
        members.insert("BillingModeSummary".into(), json!({ "BillingMode": mode }));
        settle(&mut table);
        for index in list(&mut table, "GlobalSecondaryIndexes") {
            index["IndexStatus"] = "ACTIVE".into();
        }
        self.table = Some(table);
        self.busy = 1;
        Ok(json!({ "TableDescription": self.table }))
    }

    fn update(&mut self, body: &Value) -> Answer {
        if self.busy > 0 {
            return Err(("ResourceInUseException", "it is being changed".to_owned()));
        }
        let mut members = body.as_object().unwrap().clone();
        members.remove("TableName");
        let definitions = members.remove("AttributeDefinitions");
        let updates = members.remove("GlobalSecondaryIndexUpdates").unwrap_or(json!([]));
        let updates = updates.as_array().unwrap().clone();
        let table = self.table.as_mut().unwrap();
        let before = table.clone();
        let is_index =
            updates.iter().any(|update| update.get("Create").is_some() || update.get("Delete").is_some());
        if is_index && (updates.len() != 1 || !members.is_empty()) {
            return refused("one index at a time, and nothing else");
        }
        members.remove("ProvisionedThroughput").into_iter().for_each(|units| {
            assert_ne!(table["ProvisionedThroughput"], units, "it does not change");
            table["ProvisionedThroughput"] = units;
        });
        if let Some(mode) = members.remove("BillingMode") {
            if table["BillingModeSummary"]["BillingMode"] == mode {
                return refused("it has this mode");
            }
            if mode == "PAY_PER_REQUEST" {
                table["ProvisionedThroughput"] = json!({ "ReadCapacityUnits": 0, "WriteCapacityUnits": 0 });
                for index in list(table, "GlobalSecondaryIndexes") {
                    index["ProvisionedThroughput"] =
                        json!({ "ReadCapacityUnits": 0, "WriteCapacityUnits": 0 });
                }
            } else {
                table.as_object_mut().unwrap().remove("OnDemandThroughput");
                for index in list(table, "GlobalSecondaryIndexes") {
                    index.as_object_mut().unwrap().remove("OnDemandThroughput");
                }
            }
            table["BillingModeSummary"] = json!({ "BillingMode": mode });
        }
        if members.len() > 1 {
            return refused(format!("several changes: {members:?}"));
        }
        for (name, value) in members {
            if let Err(message) = change(table, &name, value) {
                *table = before;
                return refused(message);
            }
        }
        for update in &updates {
            if let Err(message) = change_index(table, update, definitions.as_ref()) {
                *table = before;
                return refused(message);
            }
        }
        if *table == before {
            return refused("nothing changes");
        }
        settle(table);
        self.busy = 2;
        Ok(json!({ "TableDescription": self.table }))
    }
}

/// One change of the table itself.
fn change(table: &mut Value, name: &str, value: Value) -> Result<(), String> {
    let on_demand = table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST";
    match name {
        "OnDemandThroughput" if !on_demand => return Err("it is provisioned".to_owned()),
        "WarmThroughput" => {
            for unit in ["ReadUnitsPerSecond", "WriteUnitsPerSecond"] {
                if value[unit].as_i64() < table["WarmThroughput"][unit].as_i64() {
                    return Err("a warm throughput is not lowered".to_owned());
                }
            }
        }
        "StreamSpecification" if table[name]["StreamEnabled"] == value["StreamEnabled"] => {
            return Err("the stream is so already".to_owned());
        }
        _ => {}
    }
    table[name] = value;
    Ok(())
}

fn change_index(table: &mut Value, update: &Value, definitions: Option<&Value>) -> Result<(), String> {
    let on_demand = table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST";
    let (action, members) = update.as_object().unwrap().iter().next().unwrap();
    let name = &members["IndexName"];
    let indexes = list(table, "GlobalSecondaryIndexes");
    let at = indexes.iter().position(|index| index["IndexName"] == *name);
    match (action.as_str(), at) {
        ("Create", None) => {
            if on_demand == members.get("ProvisionedThroughput").is_some() {
                return Err("the throughput of the index is not as that of the table".to_owned());
            }
            let mut index = members.clone();
            index["IndexStatus"] = "ACTIVE".into();
            indexes.push(index);
            // DynamoDB: each key attribute is defined, and the definitions are those of all of them.
            let definitions = definitions.ok_or("no definitions")?.as_array().unwrap();
            let known = table["AttributeDefinitions"].as_array_mut().unwrap();
            for definition in definitions {
                if !known.contains(definition) {
                    known.push(definition.clone());
                }
            }
        }
        ("Delete", Some(at)) => drop(indexes.remove(at)),
        ("Update", Some(at)) => {
            for (member, value) in members.as_object().unwrap() {
                indexes[at][member] = value.clone();
            }
        }
        (action, at) => return Err(format!("{action} of an index at {at:?}")),
    }
    Ok(())
}

/// The table as DynamoDB describes it.
fn settle(table: &mut Value) {
    let members = table.as_object_mut().unwrap();
    let encryption = members.remove("SSESpecification");
    if let Some(encryption) = encryption {
        let key = encryption["KMSMasterKeyId"].as_str().unwrap_or("aws");
        members.insert(
            "SSEDescription".into(),
            match encryption["Enabled"] == true {
                true => json!({ "Status": "ENABLED", "SSEType": "KMS",
                "KMSMasterKeyArn": format!("arn:aws:kms:eu-north-1:123456789012:key/{key}") }),
                false => json!({ "Status": "DISABLED" }),
            },
        );
    }
    if let Some(class) = members.remove("TableClass") {
        members.insert("TableClassSummary".into(), json!({ "TableClass": class }));
    }
    if members.get("StreamSpecification").is_some_and(|stream| stream["StreamEnabled"] == true) {
        members.insert("LatestStreamArn".into(), format!("{ARN}/stream/1").into());
    }
}

fn list<'t>(table: &'t mut Value, name: &str) -> &'t mut Vec<Value> {
    let members: &mut Map<String, Value> = table.as_object_mut().unwrap();
    members.entry(name).or_insert_with(|| json!([])).as_array_mut().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
