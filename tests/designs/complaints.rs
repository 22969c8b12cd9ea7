//! "Complaint management" of AWS's schema examples (`aws-dynamodb-examples`, `ComplainManagement`), which the Developer Guide has as
//! "Complaint management system schema design". The partition key is an id by itself; three indexes have plain attributes as their
//! keys, and complaints and communications are in different ones.
//!
//! What the compiler cannot tell here: `PK` is a text without a beginning, so that only `SK` tells the two entities apart. It does.

use crate::{stored, table, written_again};
use dynamap::entity::to_item;
use dynamap::{Attribute, Entity, Index, ItemCollection, Projection, Table, TableSchema};
use std::collections::BTreeSet;

const SAMPLES: &str = r#"{"PK":{"S":"Complaint123"},"SK":{"S":"comm#2023-04-30T12:00:24#comm1"},"comm_id":{"S":"comm1"},"comm_date":{"S":"2023-04-30T12:00:24"},"complaint_state":{"S":"investigating"},"comm_text":{"S":"<comm text>"},"agentID":{"S":"AgentA"}}
{"PK":{"S":"Complaint123"},"SK":{"S":"comm#2023-04-30T12:35:54#comm2"},"comm_id":{"S":"comm2"},"comm_date":{"S":"2023-04-30T12:35:54"},"complaint_state":{"S":"resolved"},"comm_text":{"S":"<comm text>"},"attachments":{"SS":["s3://URL_for_attachment1","s3://URL_for_attachment2"]},"agentID":{"S":"AgentA"}}
{"PK":{"S":"Complaint1321"},"SK":{"S":"comm#2023-05-10T16:00:00#comm3"},"comm_id":{"S":"comm3"},"comm_date":{"S":"2023-05-10T16:00:00"},"complaint_state":{"S":"investigating"},"comm_text":{"S":"<comm text>"},"agentID":{"S":"AgentB"}}
{"PK":{"S":"Complaint1444"},"SK":{"S":"comm#2022-12-31T19:32:00#comm4"},"comm_id":{"S":"comm4"},"comm_date":{"S":"2022-12-31T19:32:00"},"complaint_state":{"S":"waiting"},"comm_text":{"S":"<comm text>"}}
{"PK":{"S":"Complaint1444"},"SK":{"S":"comm#2022-12-31T19:40:00#comm5"},"comm_id":{"S":"comm5"},"comm_date":{"S":"2022-12-31T19:40:00"},"complaint_state":{"S":"assigned"},"comm_text":{"S":"<comm text>"},"attachments":{"SS":["s3://URL_for_attachment1"]},"agentID":{"S":"AgentC"}}
{"PK":{"S":"Complaint123"},"SK":{"S":"metadata"},"customer_id":{"S":"custABC"},"complaint_id":{"S":"Complaint123"},"current_state":{"S":"resolved"},"creation_time":{"S":"2023-04-30T12:00:00"},"severity":{"S":"P2"},"complaint_description":{"S":"<description text>"}}
{"PK":{"S":"Complaint1444"},"SK":{"S":"metadata"},"customer_id":{"S":"custXY32"},"complaint_id":{"S":"Complaint1444"},"current_state":{"S":"assigned"},"creation_time":{"S":"2022-12-31T19:39:57"},"severity":{"S":"P1"},"complaint_description":{"S":"<description text>"},"escalated_to":{"S":"AgentB"},"escalation_time":{"S":"2023-01-03T04:00:07"}}
{"PK":{"S":"Complaint1321"},"SK":{"S":"metadata"},"customer_id":{"S":"custXYZ"},"complaint_id":{"S":"Complaint1321"},"current_state":{"S":"investigating"},"creation_time":{"S":"2023-05-10T15:58:00"},"severity":{"S":"P2"},"complaint_description":{"S":"<descr_text>"},"escalated_to":{"S":"AgentB"},"escalation_time":{"S":"2023-05-15T14:00:00"}}
{"PK":{"S":"Complaint0987"},"SK":{"S":"metadata"},"customer_id":{"S":"custXYZ"},"complaint_id":{"S":"Complaint0987"},"current_state":{"S":"assigned"},"creation_time":{"S":"2023-06-10T12:30:08"},"severity":{"S":"P3"},"complaint_description":{"S":"<description text>"}}"#;

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", entity_type = none)]
#[dynamap(indexes(ByCustomer, BySupervisor, ByAgent))]
struct ComplaintManagement;

#[derive(Index)]
#[dynamap(table = ComplaintManagement, name = "Customer_Complaint_GSI")]
#[dynamap(partition_key = "customer_id", sort_key = "complaint_id")]
struct ByCustomer;

#[derive(Index)]
#[dynamap(table = ComplaintManagement, name = "Escalations_GSI")]
#[dynamap(partition_key = "escalated_to", sort_key = "escalation_time")]
struct BySupervisor;

#[derive(Index)]
#[dynamap(table = ComplaintManagement, name = "Agents_Comments_GSI")]
#[dynamap(partition_key = "agentID", sort_key = "comm_date")]
struct ByAgent;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = ComplaintManagement, pk = "{complaint_id}", sk = "metadata")]
#[dynamap(index = ByCustomer, pk = customer_id, sk = complaint_id)]
#[dynamap(index = BySupervisor, pk = escalated_to, sk = escalation_time)]
struct Complaint {
    complaint_id: String,
    customer_id: String,
    current_state: State,
    creation_time: String,
    severity: Severity,
    complaint_description: String,
    escalated_to: Option<String>,
    escalation_time: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = ComplaintManagement, pk = "{complaint}", sk = "comm#{comm_date}#{comm_id}")]
#[dynamap(index = ByAgent, pk = agent_id, sk = comm_date)]
struct Communication {
    #[dynamap(key_only)]
    complaint: String,
    comm_date: String,
    comm_id: String,
    complaint_state: State,
    comm_text: String,
    #[dynamap(rename = "agentID")]
    agent_id: Option<String>,
    attachments: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Attribute)]
#[dynamap(rename_all = "lowercase")]
enum State {
    Waiting,
    Assigned,
    Investigating,
    Resolved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Attribute)]
enum Severity {
    P1,
    P2,
    P3,
}

/// A complaint with all that was said of it.
#[derive(Debug, ItemCollection)]
struct File {
    complaint: Complaint,
    communications: Vec<Communication>,
}

/// How the state of a complaint went on.
#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Communication)]
struct Change {
    comm_date: String,
    complaint_state: State,
}

async fn complaints() -> Table<ComplaintManagement> {
    table("Complaint_management_system", SAMPLES).await
}

fn ids(complaints: &[Complaint]) -> Vec<&str> {
    complaints.iter().map(|complaint| &*complaint.complaint_id).collect()
}

fn comms(communications: &[Communication]) -> Vec<&str> {
    communications.iter().map(|communication| &*communication.comm_id).collect()
}

#[tokio::test]
async fn a_complaint_and_its_communications() {
    let table = complaints().await;
    let complaint = table.get(Complaint::key("Complaint123")).await.unwrap().unwrap();
    let expected = Complaint {
        complaint_id: "Complaint123".into(),
        customer_id: "custABC".into(),
        current_state: State::Resolved,
        creation_time: "2023-04-30T12:00:00".into(),
        severity: Severity::P2,
        complaint_description: "<description text>".into(),
        escalated_to: None,
        escalation_time: None,
    };
    assert_eq!(complaint, expected);
    let page = table.query(Communication::partition("Complaint123")).send().await.unwrap();
    assert_eq!((comms(&page.items), page.skipped), (vec!["comm1", "comm2"], 0));
    assert_eq!(page.items[0].attachments.len(), 0);
    assert_eq!(
        page.items[1].attachments.iter().collect::<Vec<_>>(),
        ["s3://URL_for_attachment1", "s3://URL_for_attachment2"]
    );
    // The latest one, with one item read.
    let latest = table.query(Communication::partition("Complaint123")).descending().first().await.unwrap();
    assert_eq!(latest, page.items.last().cloned());
    // Both by one query.
    let file = table.query(File::partition("Complaint1444")).assemble().await.unwrap();
    assert_eq!(
        (file.complaint.severity, comms(&file.communications)),
        (Severity::P1, vec!["comm4", "comm5"])
    );
    // A prefix of an id is another complaint.
    assert_eq!(table.get(Complaint::key("Complaint1")).await.unwrap(), None);
    assert!(table.query(Communication::partition("Complaint0987")).try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn complaints_of_a_customer() {
    let table = complaints().await;
    let of_customer = table.query(Complaint::by_customer("custXYZ")).try_collect().await.unwrap();
    assert_eq!(ids(&of_customer), ["Complaint0987", "Complaint1321"]);
    let one = Complaint::by_customer("custXYZ").complaint_id("Complaint1321");
    assert_eq!(ids(&[table.query(one).one().await.unwrap().unwrap()]), ["Complaint1321"]);
}

#[tokio::test]
async fn escalated_complaints() {
    let table = complaints().await;
    let of_agent = table.query(Complaint::by_supervisor("AgentB")).descending().try_collect().await.unwrap();
    assert_eq!(ids(&of_agent), ["Complaint1321", "Complaint1444"]);
    let all = table.scan::<Complaint>().index::<BySupervisor>().try_collect().await.unwrap();
    assert_eq!(all.len(), 2);
    // To escalate is to set both; each is the key of the index by itself.
    let escalate = table.update(Complaint::key("Complaint0987"));
    let escalate = escalate.apply(Complaint::ESCALATED_TO.set("AgentA"));
    let escalate = escalate.apply(Complaint::ESCALATION_TIME.set("2023-06-11T08:00:00"));
    escalate.condition(Complaint::ESCALATED_TO.not_exists()).await.unwrap();
    let of_agent = table.query(Complaint::by_supervisor("AgentA")).try_collect().await.unwrap();
    assert_eq!(ids(&of_agent), ["Complaint0987"]);
}

#[tokio::test]
async fn communications_of_an_agent() {
    let table = complaints().await;
    let of_agent = |agent| table.query(Communication::by_agent(agent));
    assert_eq!(comms(&of_agent("AgentA").try_collect().await.unwrap()), ["comm1", "comm2"]);
    let day = Communication::by_agent("AgentA").comm_date("2023-04-30T12:30:00"..="2023-04-30T23:59:59");
    assert_eq!(comms(&table.query(day).try_collect().await.unwrap()), ["comm2"]);
    let day = Communication::by_agent("AgentA").comm_date_begins_with("2023-04-30");
    assert_eq!(comms(&table.query(day).descending().try_collect().await.unwrap()), ["comm2", "comm1"]);
}

#[tokio::test]
async fn complaints_by_severity_and_state_and_how_a_state_went_on() {
    let table = complaints().await;
    let urgent = Complaint::SEVERITY.eq(Severity::P2) & Complaint::CURRENT_STATE.eq(State::Investigating);
    assert_eq!(
        ids(&table.scan::<Complaint>().filter(urgent).try_collect().await.unwrap()),
        ["Complaint1321"]
    );
    let states = table.query(Communication::partition("Complaint1444")).project::<Change>();
    let states: Vec<State> =
        states.try_collect().await.unwrap().iter().map(|change| change.complaint_state).collect();
    assert_eq!(states, [State::Waiting, State::Assigned]);
    let resolved = table.query(Communication::partition("Complaint123"));
    let resolved = resolved.filter(Communication::COMPLAINT_STATE.eq(State::Resolved));
    assert_eq!(comms(&resolved.try_collect().await.unwrap()), ["comm2"]);
}

/// A communication that changes the state of the complaint: both are written or none.
#[tokio::test]
async fn a_communication_with_a_new_state() {
    let table = complaints().await;
    let communication = Communication {
        complaint: "Complaint0987".into(),
        comm_date: "2023-06-10T12:40:00".into(),
        comm_id: "comm6".into(),
        complaint_state: State::Investigating,
        comm_text: "<comm text>".into(),
        agent_id: Some("AgentC".into()),
        attachments: BTreeSet::new(),
    };
    let state = table
        .update(Complaint::key("Complaint0987"))
        .apply(Complaint::CURRENT_STATE.set(State::Investigating));
    table.transact_write().create(&communication).update(state).await.unwrap();
    let file = table.query(File::partition("Complaint0987")).assemble().await.unwrap();
    assert_eq!(
        (file.complaint.current_state, file.communications),
        (State::Investigating, vec![communication.clone()])
    );
    let mut names: Vec<String> = to_item(&communication).unwrap().into_keys().collect();
    names.sort_unstable();
    // No empty set, and no name of the entity.
    assert_eq!(names, ["PK", "SK", "agentID", "comm_date", "comm_id", "comm_text", "complaint_state"]);
}

#[tokio::test]
async fn what_is_written_is_what_the_design_has() {
    let table = complaints().await;
    let before = stored(&table).await;
    written_again::<Communication>(&table, SAMPLES, &[0, 1, 2, 3, 4]).await;
    written_again::<Complaint>(&table, SAMPLES, &[5, 6, 7, 8]).await;
    let complaint = table.get(Complaint::key("Complaint1444")).await.unwrap().unwrap();
    table.save(&complaint).await.unwrap();
    table.replace(&complaint).await.unwrap();
    assert_eq!(stored(&table).await, before);
}
