//! Whether the tables are there, as they have to be, and may be used.

use super::{
    Dynamo, DynamoError,
    failure::failure,
    item::{AGENT_ID, CALL_ID, DATE, Item, NOT_OLDER, VER},
    tables::{CALLS, DAYS, Table},
};
use crate::outbox::{SinkError, SinkErrorKind};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};

/// The keys of what is written to see whether it may be: no date, call or agent has them.
const PROBE_DATE: &str = "0000-00-00";
const PROBE_KEY: &str = "MONTI check";

/// One thing that was looked at.
#[derive(Debug)]
pub struct Finding {
    /// What.
    pub what: String,
    /// How it was found.
    pub outcome: Result<(), DynamoError>,
}

/// Looks whether the tables are as they have to be and may be read and written, as the server does
/// it. What is written for that has keys of its own, and is taken out again as far as that is
/// allowed; the server itself never deletes anything.
pub async fn check(dynamo: &Dynamo) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in [CALLS, DAYS] {
        let name = dynamo.layout.name(table);
        let mut found = |what: &str, outcome: Result<(), SinkError>| {
            let is_good = outcome.is_ok();
            let outcome = outcome.map_err(DynamoError::from);
            findings.push(Finding { what: format!("{name}: {what}"), outcome });
            is_good
        };
        if !found("it is there, with its keys", dynamo.check_table(table).await) {
            continue;
        }
        if found("it can be written", dynamo.write_probe(table).await) {
            found("it can be read", dynamo.read_probe(table).await);
            dynamo.delete_probe(table).await;
        }
    }
    findings
}

impl Dynamo {
    async fn write_probe(&self, table: Table) -> Result<(), SinkError> {
        if table == CALLS {
            let put = PutRequest::builder().set_item(Some(probe(table))).build();
            let put = put.map_err(|error| {
                SinkError::because(SinkErrorKind::Unfit, "making a test record", &error)
            })?;
            let write = WriteRequest::builder().put_request(put).build();
            let request = self.client.batch_write_item();
            let sent = request.request_items(self.layout.name(table), vec![write]).send().await;
            return sent.map(|_| ()).map_err(|error| failure("BatchWriteItem", &error));
        }
        let mut item = probe(table);
        item.insert(VER.to_owned(), AttributeValue::N("0".to_owned()));
        let request = self
            .client
            .put_item()
            .table_name(self.layout.name(table))
            .set_item(Some(item))
            .condition_expression(NOT_OLDER)
            .expression_attribute_names("#ver", VER)
            .expression_attribute_values(":ver", AttributeValue::N("0".to_owned()));
        request.send().await.map(|_| ()).map_err(|error| failure("PutItem", &error))
    }

    async fn read_probe(&self, table: Table) -> Result<(), SinkError> {
        let request = self
            .client
            .query()
            .table_name(self.layout.name(table))
            .consistent_read(true)
            .key_condition_expression("#partition = :partition AND #sort = :sort")
            .expression_attribute_names("#partition", table.partition_key)
            .expression_attribute_names("#sort", table.sort_key)
            .set_expression_attribute_values(Some(
                [(":partition", table.partition_key), (":sort", table.sort_key)]
                    .into_iter()
                    .map(|(name, key)| {
                        (name.to_owned(), AttributeValue::S(probe_key(key).to_owned()))
                    })
                    .collect(),
            ));
        let read = request.send().await.map_err(|error| failure("Query", &error))?;
        if read.count() == 1 {
            return Ok(());
        }
        let message = "what was written is not there";
        Err(SinkError::new(SinkErrorKind::Unfit, message))
    }

    async fn delete_probe(&self, table: Table) {
        let request = self.client.delete_item().table_name(self.layout.name(table));
        let deleted = request.set_key(Some(probe(table))).send().await;
        if let Err(error) = deleted {
            let error = failure("DeleteItem", &error);
            tracing::debug!(%error, "the test record stays where it is");
        }
    }
}

fn probe(table: Table) -> Item {
    [table.partition_key, table.sort_key]
        .map(|key| (key.to_owned(), AttributeValue::S(probe_key(key).to_owned())))
        .into()
}

fn probe_key(key: &str) -> &'static str {
    match key {
        DATE => PROBE_DATE,
        CALL_ID | AGENT_ID => PROBE_KEY,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use monti_core::Day;

    use super::*;

    #[test]
    fn no_date_is_the_probes() {
        assert!(PROBE_DATE.parse::<Day>().is_err());
    }
}
