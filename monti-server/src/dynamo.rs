//! DynamoDB: where calls and agents' days are kept beyond this machine. The only module that knows
//! the SDK.
//!
//! Calls are written in batches, each item whole and always the same, so that writing it again
//! changes nothing. An agent's day is written as absolute totals with the version `Ver`, on
//! condition that no later one is there: never by adding, for an addition whose answer was lost
//! counts twice. No transactions: nothing here needs them, and they cost double.
//!
//! The SDK's own retries are off for writes: the outbox sends again what did not arrive, with its
//! own pauses, and knows of every attempt.

mod check;
mod connection;
mod failure;
mod item;
mod read;
mod tables;
mod write;

use aws_sdk_dynamodb::Client;

pub use self::{
    check::{Finding, check},
    connection::{DynamoOptions, Patience, Place},
    failure::{DynamoError, NoPlace},
    tables::{Layout, create_tables},
};

/// The tables of a centre.
#[derive(Debug, Clone)]
pub struct Dynamo {
    client: Client,
    layout: Layout,
}
