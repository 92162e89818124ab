//! Writing: DynamoDB as the outbox's sink.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata as _,
    types::{AttributeValue, PutRequest, WriteRequest},
};
use monti_core::CallId;

use super::{
    Dynamo,
    failure::failure,
    item::{self, AGENT_ID, CALL_ID, DATE, Item, NOT_OLDER, VER},
    tables::{CALLS, DAYS},
};
use crate::{
    outbox::{Sink, SinkError, SinkErrorKind},
    store::Letter,
};

impl Sink for Dynamo {
    async fn deliver_calls(&self, letters: &[&Letter]) -> Result<Vec<i64>, SinkError> {
        let puts = letters.iter().map(|letter| put(self.call_item(letter)?));
        let puts: Vec<_> = puts.collect::<Result<_, _>>()?;
        let table = self.layout.name(CALLS);
        let request = self.client.batch_write_item().request_items(&table, puts).send().await;
        let answer = request.map_err(|error| failure("writing records of calls", &error))?;
        let untaken = answer.unprocessed_items.unwrap_or_default();
        Ok(numbers(letters, untaken.get(&table).map(Vec::as_slice).unwrap_or_default()))
    }

    async fn deliver_day(&self, letter: &Letter) -> Result<(), SinkError> {
        let request = self
            .client
            .put_item()
            .table_name(self.layout.name(DAYS))
            .set_item(Some(day_item(letter)?))
            .condition_expression(NOT_OLDER)
            .expression_attribute_names("#ver", VER)
            .expression_attribute_values(":ver", version(letter));
        match request.send().await {
            Ok(_) => Ok(()),
            // That is well if it came late: out of the other round that was under way, or a repeat
            // after a crash. After a restored back-up it is what was lost here.
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => {
                tracing::info!(
                    key = %letter.key, ver = letter.ver,
                    "an agent's day stays as it is in DynamoDB: it has a later version"
                );
                Ok(())
            }
            Err(error) => Err(failure("writing an agent's day", &error)),
        }
    }

    async fn check(&self) -> Result<(), SinkError> {
        self.check_table(CALLS).await?;
        self.check_table(DAYS).await
    }
}

impl Dynamo {
    /// A call's record, in its partition.
    fn call_item(&self, letter: &Letter) -> Result<Item, SinkError> {
        let mut item = read(letter)?;
        let call: CallId =
            letter.key.parse().map_err(|_| no_record(letter, "its key is no call"))?;
        let partition = self.layout.partition(&call.day.to_string(), call.number);
        item.insert(DATE.to_owned(), AttributeValue::S(partition));
        Ok(item)
    }
}

fn day_item(letter: &Letter) -> Result<Item, SinkError> {
    let login = letter.agent().ok_or_else(|| no_record(letter, "its key is no agent's day"))?;
    let mut item = read(letter)?;
    item.insert(AGENT_ID.to_owned(), AttributeValue::S(login.to_owned()));
    item.insert(VER.to_owned(), version(letter));
    Ok(item)
}

fn version(letter: &Letter) -> AttributeValue {
    AttributeValue::N(letter.ver.to_string())
}

fn read(letter: &Letter) -> Result<Item, SinkError> {
    item::from_json(&letter.body).map_err(|error| no_record(letter, &error))
}

/// A letter that no server would take; it is not sent.
fn no_record(letter: &Letter, why: &str) -> SinkError {
    SinkError::new(SinkErrorKind::Refused, format!("the record {}: {why}", letter.key))
}

fn put(item: Item) -> Result<WriteRequest, SinkError> {
    let put = PutRequest::builder().set_item(Some(item)).build();
    let put = put.map_err(|error| {
        SinkError::because(SinkErrorKind::Refused, "writing a record of a call", &error)
    })?;
    Ok(WriteRequest::builder().put_request(put).build())
}

/// The numbers of the letters whose items were not taken.
fn numbers(letters: &[&Letter], untaken: &[WriteRequest]) -> Vec<i64> {
    if untaken.is_empty() {
        return Vec::new();
    }
    let key = |request: &WriteRequest| {
        let item: &HashMap<_, _> = request.put_request()?.item();
        Some(item.get(CALL_ID)?.as_s().ok()?.clone())
    };
    let keys: Option<HashSet<String>> = untaken.iter().map(key).collect();
    let is_untaken =
        |letter: &&&Letter| keys.as_ref().is_none_or(|keys| keys.contains(&letter.key));
    // What cannot be told apart is sent again, all of it.
    letters.iter().filter(is_untaken).map(|letter| letter.id).collect()
}
