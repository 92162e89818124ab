//! The bare client: batches that are ready, as many under way as the outbox has.

use std::{collections::HashMap, time::Instant};

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use futures_util::{StreamExt as _, stream};
use monti_server::outbox::{BATCH_MAX, Pace};
use serde_json::Value;

use crate::{
    records::calls,
    servers::{Tables, run},
};

/// Records a second.
pub(crate) fn rate(tables: &Tables, count: u32) -> f64 {
    let puts: Vec<_> = calls(count)
        .map(|call| serde_json::to_value(call).expect("JSON"))
        .map(|call| {
            let item = item(call.as_object().expect("an object"));
            let put = PutRequest::builder().set_item(Some(item)).build().expect("an item");
            WriteRequest::builder().put_request(put).build()
        })
        .collect();
    let batches: Vec<_> = puts.chunks(BATCH_MAX).map(<[_]>::to_vec).collect();
    let took = run(async {
        let client = tables.client().await;
        let table = tables.layout.calls_table();
        let begun = Instant::now();
        let writes = batches.into_iter().map(|batch| {
            let request = client.batch_write_item().request_items(&table, batch);
            async move {
                let answer = request.send().await.expect("written");
                assert!(answer.unprocessed_items.is_none_or(|left| left.is_empty()));
            }
        });
        let at_once = Pace::default().in_flight_max;
        stream::iter(writes).buffer_unordered(at_once).collect::<()>().await;
        begun.elapsed()
    });
    f64::from(count) / took.as_secs_f64()
}

fn item(call: &serde_json::Map<String, Value>) -> HashMap<String, AttributeValue> {
    let pairs = call.iter().map(|(key, value)| {
        let value = match value {
            Value::String(text) => AttributeValue::S(text.clone()),
            Value::Bool(bool) => AttributeValue::Bool(*bool),
            Value::Number(number) => AttributeValue::N(number.to_string()),
            _ => AttributeValue::Null(true),
        };
        let name = match key.as_str() {
            "callId" => "CallID".to_owned(),
            "agentId" => "AgentID".to_owned(),
            key => key[..1].to_uppercase() + &key[1..],
        };
        (name, value)
    });
    pairs.collect()
}
