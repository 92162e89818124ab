//! The tables: their names, their keys, and making them.

use std::time::Duration;

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata as _,
    types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType,
        PointInTimeRecoverySpecification, ScalarAttributeType, TableDescription, TableStatus,
    },
};
use tokio::time::{Instant, sleep};

use super::{
    Dynamo, DynamoError,
    failure::failure,
    item::{AGENT_ID, CALL_ID, DATE},
};
use crate::outbox::{SinkError, SinkErrorKind};

/// How long a table may take to come into being.
const CREATION_TIMEOUT: Duration = Duration::from_secs(120);

/// The state of a table that can be used.
const ACTIVE: TableStatus = TableStatus::Active;

/// Codes by which DynamoDB says that a table is too new for point-in-time recovery.
const TOO_EARLY: [&str; 2] = ["ContinuousBackupsUnavailableException", "TableNotFoundException"];

/// What the tables are called, and how calls are spread in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// What their names begin with.
    pub prefix: String,
    /// The partitions of a date's calls; 0 and 1 mean one, whose key is the date alone.
    pub shards: u32,
}

/// A table and its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Table {
    base: &'static str,
    pub(super) partition_key: &'static str,
    pub(super) sort_key: &'static str,
}

/// The records of calls.
pub(super) const CALLS: Table =
    Table { base: "monti-call-records", partition_key: DATE, sort_key: CALL_ID };

/// The agents' days.
pub(super) const DAYS: Table =
    Table { base: "monti-agent-daily-stats", partition_key: AGENT_ID, sort_key: DATE };

/// What became of a table that was to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its name.
    pub table: String,
    /// Whether it was not there before.
    pub is_new: bool,
    /// Why it has no point-in-time recovery, if it has none.
    pub without_recovery: Option<String>,
}

impl Layout {
    /// The name of the table of calls.
    pub fn calls_table(&self) -> String {
        self.name(CALLS)
    }

    /// The name of the table of agents' days.
    pub fn days_table(&self) -> String {
        self.name(DAYS)
    }

    pub(super) fn name(&self, table: Table) -> String {
        format!("{}{}", self.prefix, table.base)
    }
}

/// Makes the tables that are not there, with on-demand billing and point-in-time recovery, and
/// waits until they can be used. Servers that know no such recovery make none.
///
/// # Errors
/// They cannot be made, or one is there with other keys.
pub async fn create_tables(dynamo: &Dynamo) -> Result<Vec<Made>, DynamoError> {
    let mut made = Vec::new();
    for table in [CALLS, DAYS] {
        let is_new = dynamo.create(table).await?;
        dynamo.wait_until_active(table).await?;
        let without_recovery = dynamo.keep_for_recovery(table).await.err();
        made.push(Made { table: dynamo.layout.name(table), is_new, without_recovery });
    }
    Ok(made)
}

impl Dynamo {
    /// Makes a table. Answers whether it was not there before.
    async fn create(&self, table: Table) -> Result<bool, SinkError> {
        let name = self.layout.name(table);
        let mut request = self.client.create_table().table_name(&name);
        for (key, kind) in [(table.partition_key, KeyType::Hash), (table.sort_key, KeyType::Range)]
        {
            let text = AttributeDefinition::builder().attribute_name(key);
            let text = text.attribute_type(ScalarAttributeType::S).build();
            let element = KeySchemaElement::builder().attribute_name(key).key_type(kind).build();
            request = request
                .attribute_definitions(text.map_err(|error| unbuildable(&error))?)
                .key_schema(element.map_err(|error| unbuildable(&error))?);
        }
        match request.billing_mode(BillingMode::PayPerRequest).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("ResourceInUseException") => Ok(false),
            Err(error) => Err(failure(&format!("making the table {name}"), &error)),
        }
    }

    async fn wait_until_active(&self, table: Table) -> Result<(), SinkError> {
        let mut patience = Creation::new();
        loop {
            // One that was just made need not be known everywhere yet.
            let described = self.look_at(table).await?.ok();
            if let Some(described) = described.filter(|it| it.table_status() == Some(&ACTIVE)) {
                return table.compare(&described);
            }
            if !patience.wait().await {
                let message = format!("the table {} does not get ready", self.layout.name(table));
                return Err(SinkError::new(SinkErrorKind::Unavailable, message));
            }
        }
    }

    async fn keep_for_recovery(&self, table: Table) -> Result<(), String> {
        let on = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true);
        let on = on.build().map_err(|error| error.to_string())?;
        let request = self.client.update_continuous_backups().table_name(self.layout.name(table));
        let request = request.point_in_time_recovery_specification(on);
        let mut patience = Creation::new();
        loop {
            let Err(error) = request.clone().send().await else { return Ok(()) };
            // A table is ready for it some seconds after it can be used.
            let is_early = error.code().is_some_and(|code| TOO_EARLY.contains(&code));
            if !is_early || !patience.wait().await {
                return Err(failure("turning it on", &error).to_string());
            }
        }
    }

    /// Whether a table is there, ready, and has the keys that it has to have.
    pub(super) async fn check_table(&self, table: Table) -> Result<(), SinkError> {
        table.compare(&self.describe(table).await?)
    }

    async fn describe(&self, table: Table) -> Result<TableDescription, SinkError> {
        self.look_at(table).await?
    }

    /// What there is to know of a table. The inner error: it is not there.
    async fn look_at(
        &self,
        table: Table,
    ) -> Result<Result<TableDescription, SinkError>, SinkError> {
        let name = self.layout.name(table);
        let described = self.client.describe_table().table_name(&name).send().await;
        let doing = format!("describing the table {name}");
        match described {
            Ok(described) => {
                let empty = || SinkError::new(SinkErrorKind::Unavailable, doing);
                described.table.ok_or_else(empty).map(Ok)
            }
            Err(error) if error.code() == Some("ResourceNotFoundException") => {
                Ok(Err(failure(&doing, &error)))
            }
            Err(error) => Err(failure(&doing, &error)),
        }
    }
}

/// How long is waited for a table that comes into being, ever longer at a time.
struct Creation {
    deadline: Instant,
    pause: Duration,
}

impl Creation {
    fn new() -> Self {
        let deadline = Instant::now() + CREATION_TIMEOUT;
        Self { deadline, pause: Duration::from_millis(20) }
    }

    /// Waits a little. Answers whether there was any patience left.
    async fn wait(&mut self) -> bool {
        if Instant::now() >= self.deadline {
            return false;
        }
        sleep(self.pause).await;
        self.pause = (self.pause * 2).min(Duration::from_secs(2));
        true
    }
}

impl Table {
    fn compare(self, described: &TableDescription) -> Result<(), SinkError> {
        let wanted = [(self.partition_key, KeyType::Hash), (self.sort_key, KeyType::Range)];
        let keys = described.key_schema().iter().map(|key| (key.attribute_name(), key.key_type()));
        let are_texts = described
            .attribute_definitions()
            .iter()
            .filter(|it| wanted.iter().any(|(key, _)| it.attribute_name() == *key))
            .all(|it| *it.attribute_type() == ScalarAttributeType::S);
        if keys.eq(wanted.iter().map(|(key, kind)| (*key, kind))) && are_texts {
            return Ok(());
        }
        let message = format!(
            "the table {} has other keys: it has to have the partition key {} and the sort key {}, \
             both texts",
            described.table_name().unwrap_or(self.base),
            self.partition_key,
            self.sort_key
        );
        Err(SinkError::new(SinkErrorKind::Unfit, message))
    }
}

fn unbuildable(error: &aws_sdk_dynamodb::error::BuildError) -> SinkError {
    SinkError::because(SinkErrorKind::Unfit, "describing a table", error)
}
