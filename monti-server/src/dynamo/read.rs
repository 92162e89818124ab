//! Reading: pages of a date's calls, and an agent's days.

use std::ops::RangeInclusive;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use monti_core::{
    CallId, Day, LoginId,
    wire::{AgentDailyStats, CallRecord},
};

use super::{
    Dynamo, DynamoError,
    failure::failure,
    item::{AGENT_ID, CALL_ID, DATE, Item, to_record},
    tables::{CALLS, DAYS},
};
use crate::store::call_keys;

impl Dynamo {
    /// The calls of `date`, in the order of their ids as texts, after the call `after`, at most
    /// `limit`; with callers' numbers whole.
    ///
    /// # Errors
    /// They cannot be read now, or are no calls.
    pub async fn calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Vec<CallRecord>, DynamoError> {
        let partitions = self.layout.partitions(date);
        let keys = &call_keys(date, after);
        let reads = partitions.into_iter().map(|partition| self.partition(partition, keys, limit));
        let mut items: Vec<Item> = try_join_all(reads).await?.into_iter().flatten().collect();
        items.sort_by(|a, b| text(a, CALL_ID).cmp(&text(b, CALL_ID)));
        items.truncate(limit);
        items.into_iter().map(to_record).collect()
    }

    /// An agent's `days`, newest first.
    ///
    /// # Errors
    /// They cannot be read now, or are no days.
    pub async fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Vec<AgentDailyStats>, DynamoError> {
        let (first, last) = (days.start().to_string(), days.end().to_string());
        let mut pages = self
            .client
            .query()
            .table_name(self.layout.name(DAYS))
            .consistent_read(true)
            .key_condition_expression("#agent = :agent AND #date BETWEEN :first AND :last")
            .expression_attribute_names("#agent", AGENT_ID)
            .expression_attribute_names("#date", DATE)
            .expression_attribute_values(":agent", AttributeValue::S(login.as_str().to_owned()))
            .expression_attribute_values(":first", AttributeValue::S(first))
            .expression_attribute_values(":last", AttributeValue::S(last))
            .scan_index_forward(false)
            .into_paginator()
            .items()
            .send();
        let mut days = Vec::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(|error| failure("reading an agent's days", &error))?;
            days.push(to_record(item)?);
        }
        Ok(days)
    }

    async fn partition(
        &self,
        partition: String,
        keys: &RangeInclusive<String>,
        limit: usize,
    ) -> Result<Vec<Item>, DynamoError> {
        let mut pages = self
            .client
            .query()
            .table_name(self.layout.name(CALLS))
            .consistent_read(true)
            .key_condition_expression("#date = :date AND #call BETWEEN :first AND :last")
            .expression_attribute_names("#date", DATE)
            .expression_attribute_names("#call", CALL_ID)
            .expression_attribute_values(":date", AttributeValue::S(partition))
            .expression_attribute_values(":first", AttributeValue::S(keys.start().clone()))
            .expression_attribute_values(":last", AttributeValue::S(keys.end().clone()))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .into_paginator()
            .items()
            .send();
        let mut items = Vec::new();
        while items.len() < limit {
            let Some(item) = pages.next().await else { break };
            items.push(item.map_err(|error| failure("reading records of calls", &error))?);
        }
        Ok(items)
    }
}

fn text<'a>(item: &'a Item, attribute: &str) -> Option<&'a String> {
    item.get(attribute)?.as_s().ok()
}
