//! "Device State Log" of the design patterns that AWS publishes (`amazon-dynamodb-design-patterns`, `device-state-log`), which
//! the Developer Guide has as "Monitoring device status schema design". A sort key of two attributes that the item has as well,
//! indexes whose keys are those attributes, and an index whose sort key is that of the table.
//!
//! The device's id has the text `d#` in it: a bare key takes it as it is. A template `"d#{number}"` would do as well, where
//! programs know the number only.

use crate::{stored, table, written_again};
use dynamap::{Attribute, Entity, Index, Table, TableSchema};

const SAMPLES: &str = r#"{"DeviceID":{"S":"d#12345"},"State#Date":{"S":"WARNING1#2020-04-24T14:40:00"},"Operator":{"S":"Liz"},"Date":{"S":"2020-04-24T14:40:00"},"State":{"S":"WARNING1"}}
{"DeviceID":{"S":"d#12345"},"State#Date":{"S":"WARNING1#2020-04-24T14:45:00"},"Operator":{"S":"Liz"},"Date":{"S":"2020-04-24T14:45:00"},"State":{"S":"WARNING1"}}
{"DeviceID":{"S":"d#12345"},"State#Date":{"S":"WARNING1#2020-04-24T14:50:00"},"Operator":{"S":"Liz"},"Date":{"S":"2020-04-24T14:50:00"},"State":{"S":"WARNING1"}}
{"DeviceID":{"S":"d#12345"},"State#Date":{"S":"NORMAL#2020-04-24T14:55:00"},"Operator":{"S":"Liz"},"Date":{"S":"2020-04-24T14:55:00"},"State":{"S":"NORMAL"}}
{"DeviceID":{"S":"d#54321"},"State#Date":{"S":"WARNING2#2020-04-11T09:25:00"},"Operator":{"S":"Sue"},"Date":{"S":"2020-04-11T09:25:00"},"State":{"S":"WARNING2"}}
{"DeviceID":{"S":"d#54321"},"State#Date":{"S":"NORMAL#2020-04-11T09:30:00"},"Operator":{"S":"Sue"},"Date":{"S":"2020-04-11T09:30:00"},"State":{"S":"NORMAL"}}
{"DeviceID":{"S":"d#54321"},"State#Date":{"S":"WARNING3#2020-04-11T05:50:00"},"Operator":{"S":"Sue"},"Date":{"S":"2020-04-11T05:50:00"},"State":{"S":"WARNING3"}}
{"DeviceID":{"S":"d#54321"},"State#Date":{"S":"WARNING3#2020-04-11T05:55:00"},"Operator":{"S":"Liz"},"Date":{"S":"2020-04-11T05:55:00"},"State":{"S":"WARNING3"}}
{"DeviceID":{"S":"d#54321"},"State#Date":{"S":"NORMAL#2020-04-11T06:00:00"},"Operator":{"S":"Liz"},"Date":{"S":"2020-04-11T06:00:00"},"State":{"S":"NORMAL"}}
{"DeviceID":{"S":"d#11223"},"State#Date":{"S":"WARNING4#2020-04-27T16:10:00"},"Operator":{"S":"Sue"},"Date":{"S":"2020-04-27T16:10:00"},"State":{"S":"WARNING4"}}
{"DeviceID":{"S":"d#11223"},"State#Date":{"S":"WARNING4#2020-04-27T16:15:00"},"Operator":{"S":"Sue"},"Date":{"S":"2020-04-27T16:15:00"},"State":{"S":"WARNING4"},"EscalatedTo":{"S":"Sara"}}"#;

#[derive(TableSchema)]
#[dynamap(partition_key = "DeviceID", sort_key = "State#Date", entity_type = none, indexes(ByOperator, BySupervisor))]
struct DeviceStateLog;

#[derive(Index)]
#[dynamap(table = DeviceStateLog, name = "GSI1", partition_key = "Operator", sort_key = "Date")]
struct ByOperator;

#[derive(Index)]
#[dynamap(table = DeviceStateLog, name = "GSI2", partition_key = "EscalatedTo", sort_key = "State#Date")]
struct BySupervisor;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = DeviceStateLog, pk = device_id, sk = "{state}#{date}", rename_all = "PascalCase")]
#[dynamap(index = ByOperator, pk = operator, sk = date)]
#[dynamap(index = BySupervisor, pk = escalated_to, sk = "{state}#{date}")]
struct Log {
    #[dynamap(rename = "DeviceID")]
    device_id: String,
    state: State,
    date: String,
    operator: String,
    escalated_to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Attribute)]
#[dynamap(rename_all = "UPPERCASE")]
enum State {
    Normal,
    Warning1,
    Warning2,
    Warning3,
    Warning4,
}

async fn logs() -> Table<DeviceStateLog> {
    table("DeviceStateLog", SAMPLES).await
}

fn log(device: &str, state: State, date: &str, operator: &str) -> Log {
    let (device_id, date, operator) = (device.into(), date.into(), operator.into());
    Log { device_id, state, date, operator, escalated_to: None }
}

fn escalated() -> Log {
    let log = log("d#11223", State::Warning4, "2020-04-27T16:15:00", "Sue");
    Log { escalated_to: Some("Sara".into()), ..log }
}

#[tokio::test]
async fn all_logs_of_a_state_of_a_device_the_most_recent_first() {
    let logs = logs().await;
    let warning = |minute: u32| log("d#12345", State::Warning1, &format!("2020-04-24T14:{minute}:00"), "Liz");
    let expected = [warning(50), warning(45), warning(40)];
    // The first step of the design reads all logs of the device, and filters; the second one has a key for it.
    let key = Log::partition("d#12345").state(State::Warning1);
    let page = logs.query(key).descending().send().await.unwrap();
    assert_eq!((page.items.as_slice(), page.skipped), (&expected[..], 0));
    let all = logs.query(Log::partition("d#12345")).descending().try_collect().await.unwrap();
    assert_eq!(all[..3], expected);
    assert_eq!(all[3], log("d#12345", State::Normal, "2020-04-24T14:55:00", "Liz"));
}

#[tokio::test]
async fn all_logs_of_an_operator_between_two_dates() {
    let logs = logs().await;
    let found =
        logs.query(Log::by_operator("Liz").date("2020-04-20"..="2020-04-25")).try_collect().await.unwrap();
    let found: Vec<(&str, State)> = found.iter().map(|log| (&*log.date, log.state)).collect();
    let expected = [
        ("2020-04-24T14:40:00", State::Warning1),
        ("2020-04-24T14:45:00", State::Warning1),
        ("2020-04-24T14:50:00", State::Warning1),
        ("2020-04-24T14:55:00", State::Normal),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn all_escalated_logs_of_a_supervisor_of_a_state_and_of_a_date() {
    let logs = logs().await;
    let sara = || Log::by_supervisor("Sara");
    let warnings = || sara().state(State::Warning4);
    assert_eq!(logs.query(sara()).try_collect().await.unwrap(), [escalated()]);
    assert_eq!(logs.query(warnings()).try_collect().await.unwrap(), [escalated()]);
    let of_day = |day| logs.query(warnings().date_begins_with(day)).try_collect();
    assert_eq!(of_day("2020-04-27").await.unwrap(), [escalated()]);
    assert_eq!(of_day("2020-04-26").await.unwrap(), []);
    assert_eq!(logs.query(sara().state(State::Warning3)).try_collect().await.unwrap(), []);
    assert_eq!(logs.query(Log::by_supervisor("Sue")).try_collect().await.unwrap(), []);
}

#[tokio::test]
async fn an_escalation_puts_the_log_into_the_index() {
    let logs = logs().await;
    let mut log = log("d#11223", State::Warning4, "2020-04-27T16:10:00", "Sue");
    logs.update(&log).apply(Log::ESCALATED_TO.set("Sara")).await.unwrap();
    log.escalated_to = Some("Sara".into());
    assert_eq!(
        logs.query(Log::by_supervisor("Sara")).try_collect().await.unwrap(),
        [log.clone(), escalated()]
    );
    logs.update(&log).apply(Log::ESCALATED_TO.remove()).await.unwrap();
    assert_eq!(logs.query(Log::by_supervisor("Sara")).try_collect().await.unwrap(), [escalated()]);
    // It is as the design has it.
    written_again::<Log>(&logs, SAMPLES, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).await;
    assert_eq!(stored(&logs).await, stored(&self::logs().await).await);
}
