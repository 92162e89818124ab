//! What is in DynamoDB, asked over its own protocol and past the server.

use std::net::SocketAddr;

use serde_json::{Map, Value, json};

use crate::http;

/// Dynoxide wants a signature, whatever it is.
const HEADERS: &str = "Content-Type: application/x-amz-json-1.0\r\n\
    X-Amz-Target: DynamoDB_20120810.Scan\r\n\
    X-Amz-Date: 20260101T000000Z\r\n\
    Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, \
    SignedHeaders=host, Signature=0\r\n";

/// All call records, with the keys that they have on the wire.
pub(crate) fn records(dynamo: SocketAddr) -> Vec<Value> {
    let (mut records, mut from) = (Vec::new(), Value::Null);
    loop {
        let mut scan = json!({"TableName": "monti-call-records"});
        if !from.is_null() {
            scan["ExclusiveStartKey"] = from;
        }
        let answer = http::send(dynamo, "POST", "/", HEADERS, scan.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
        let page = answer.json();
        records.extend(page["Items"].as_array().unwrap().iter().map(record));
        from = page["LastEvaluatedKey"].clone();
        if from.is_null() {
            return records;
        }
    }
}

fn record(item: &Value) -> Value {
    let pairs = item.as_object().unwrap().iter().map(|(name, attribute)| {
        let (kind, value) = attribute.as_object().unwrap().iter().next().unwrap();
        let value = match (kind.as_str(), value) {
            ("N", Value::String(number)) => serde_json::from_str(number).unwrap(),
            ("S" | "BOOL", value) => value.clone(),
            _ => Value::Null,
        };
        (key(name), value)
    });
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// `CallID` and `AgentID` are `callId` and `agentId`; others begin small.
fn key(attribute: &str) -> String {
    let attribute = attribute.replace("ID", "Id");
    let (first, rest) = attribute.split_at(1);
    first.to_lowercase() + rest
}
