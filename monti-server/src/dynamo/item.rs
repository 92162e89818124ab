//! Records as items: the same keys as on the wire, in PascalCase.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use monti_core::Day;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{DynamoError, Layout};

/// A record in DynamoDB.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The attribute of the date, which is a reserved word in expressions.
pub(super) const DATE: &str = "Date";
/// The attribute of a call's id.
pub(super) const CALL_ID: &str = "CallID";
/// The attribute of an agent's login.
pub(super) const AGENT_ID: &str = "AgentID";
/// The attribute of the version of an agent's day.
pub(super) const VER: &str = "Ver";

/// On what condition an agent's day is written; `#ver` is [`VER`], `:ver` the day's version.
pub(super) const NOT_OLDER: &str = "attribute_not_exists(#ver) OR #ver <= :ver";

/// Keys whose attributes are not just their own names with a capital.
const NAMES: [(&str, &str); 2] = [("callId", CALL_ID), ("agentId", AGENT_ID)];

/// The item of a record that is given as JSON.
///
/// # Errors
/// What is wrong with the JSON.
pub(super) fn from_json(json: &str) -> Result<Item, String> {
    let record: Map<String, Value> =
        serde_json::from_str(json).map_err(|error| format!("it is no record: {error}"))?;
    record.into_iter().map(|(key, value)| Ok((attribute(&key), to_attribute(value)?))).collect()
}

/// The record of an item, and of no attributes but those that it knows.
pub(super) fn to_record<T: DeserializeOwned>(item: Item) -> Result<T, DynamoError> {
    let pairs = item.into_iter().filter_map(|(name, value)| {
        let value = match (name.as_str(), from_attribute(value)?) {
            (DATE, Value::String(date)) => Value::String(plain_date(&date).to_owned()),
            (_, value) => value,
        };
        Some((key(&name), value))
    });
    serde_json::from_value(Value::Object(pairs.collect())).map_err(|error| {
        DynamoError::unreadable(format!("an item in DynamoDB is no record: {error}"))
    })
}

impl Layout {
    /// The partition in which a call's record is.
    pub(super) fn partition(&self, date: &str, call: u32) -> String {
        match self.shards {
            0 | 1 => date.to_owned(),
            shards => shard(date, call % shards),
        }
    }

    /// The partitions in which a date's records can be: those from before there were shards, too.
    pub(super) fn partitions(&self, date: Day) -> Vec<String> {
        let date = date.to_string();
        let shards = if self.shards > 1 { 0..self.shards } else { 0..0 };
        let shards: Vec<_> = shards.map(|number| shard(&date, number)).collect();
        std::iter::once(date).chain(shards).collect()
    }
}

fn shard(date: &str, number: u32) -> String {
    format!("{date}#{number:02}")
}

/// The date of a partition.
fn plain_date(partition: &str) -> &str {
    partition.split_once('#').map_or(partition, |(date, _)| date)
}

fn attribute(key: &str) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == key);
    known.map_or_else(|| with_first(key, char::to_ascii_uppercase), |(_, name)| (*name).to_owned())
}

fn key(attribute: &str) -> String {
    let known = NAMES.iter().find(|(_, name)| *name == attribute);
    known.map_or_else(
        || with_first(attribute, char::to_ascii_lowercase),
        |(key, _)| (*key).to_owned(),
    )
}

fn with_first(text: &str, change: impl Fn(&char) -> char) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| change(&first)).into_iter().chain(chars).collect()
}

fn to_attribute(value: Value) -> Result<AttributeValue, String> {
    Ok(match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(bool) => AttributeValue::Bool(bool),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text),
        Value::Array(_) | Value::Object(_) => return Err("a record is flat".to_owned()),
    })
}

/// The value of an attribute; none of kinds that no record has.
fn from_attribute(attribute: AttributeValue) -> Option<Value> {
    match attribute {
        AttributeValue::Null(_) => Some(Value::Null),
        AttributeValue::Bool(bool) => Some(Value::Bool(bool)),
        AttributeValue::N(number) => Some(Value::Number(number.parse().ok()?)),
        AttributeValue::S(text) => Some(Value::String(text)),
        _ => None,
    }
}
