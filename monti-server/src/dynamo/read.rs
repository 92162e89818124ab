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
    item::{AGENT_ID, CALL_ID, DATE, Item, VER, to_record},
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
        let keys = call_keys(date, after);
        // Calls are spread evenly: of each partition about as many are among the first.
        let share = limit.div_ceil(partitions.len().saturating_sub(1).max(1)).saturating_add(1);
        let mut shelves: Vec<_> = partitions
            .into_iter()
            .map(|partition| {
                self.client
                    .query()
                    .table_name(self.layout.name(CALLS))
                    .consistent_read(true)
                    .key_condition_expression("#date = :date AND #call BETWEEN :first AND :last")
                    .expression_attribute_names("#date", DATE)
                    .expression_attribute_names("#call", CALL_ID)
                    .expression_attribute_values(":date", AttributeValue::S(partition))
                    .expression_attribute_values(":first", AttributeValue::S(keys.start().clone()))
                    .expression_attribute_values(":last", AttributeValue::S(keys.end().clone()))
                    .limit(i32::try_from(share).unwrap_or(i32::MAX))
                    .into_paginator()
                    .items()
                    .send()
            })
            .collect();
        let failed = |error| failure("reading records of calls", &error);
        let heads = try_join_all(shelves.iter_mut().map(|shelf| shelf.try_next()));
        let mut heads: Vec<Option<Item>> = heads.await.map_err(failed)?;
        let mut calls = Vec::new();
        while calls.len() < limit {
            let ids =
                heads.iter().zip(0..).filter_map(|(head, at)| Some((call_id(head.as_ref()?), at)));
            let Some((_, first)) = ids.min() else { break };
            calls.extend(heads[first].take().map(to_record).transpose()?);
            if calls.len() < limit {
                heads[first] = shelves[first].try_next().await.map_err(failed)?;
            }
        }
        Ok(calls)
    }

    /// An agent's `days`, newest first, each with its version.
    ///
    /// # Errors
    /// They cannot be read now, or are no days.
    pub async fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Vec<(i64, AgentDailyStats)>, DynamoError> {
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
            days.push((version(&item), to_record(item)?));
        }
        Ok(days)
    }
}

fn call_id(item: &Item) -> Option<&String> {
    item.get(CALL_ID)?.as_s().ok()
}

/// The version of an agent's day; of one that has none, lower than any other.
fn version(item: &Item) -> i64 {
    let ver = item.get(VER).and_then(|ver| ver.as_n().ok()?.parse().ok());
    ver.unwrap_or(i64::MIN)
}
