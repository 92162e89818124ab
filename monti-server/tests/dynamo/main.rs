//! Records on their way to DynamoDB, and reading them there: two real servers that others wrote,
//! and between them and us a proxy that does what they never do.
//!
//! `scripts/dynamo-servers.sh` installs them. With `MONTI_TEST_DYNAMO_ENDPOINT` set, the server at
//! that URL takes the place of both.

mod centre;
mod commands;
mod contract;
mod faults;
mod kills;
mod outage;
mod proxy;
mod reading;
mod refused;
mod script;
mod servers;
mod tables;
mod writing;

#[path = "../../../programs/child.rs"]
#[expect(dead_code, reason = "other tests use all of it")]
mod child;
#[path = "../../../programs/dynoxide.rs"]
mod dynoxide;
#[path = "../support/faulty.rs"]
#[expect(dead_code, reason = "the driver's tests use all of it")]
mod faulty;
#[path = "../driver/floor.rs"]
#[expect(dead_code, reason = "the driver's tests use all of it")]
mod floor;
#[path = "../support/machine.rs"]
#[expect(dead_code, reason = "the driver's tests use all of it")]
mod machine;
#[path = "../support/rest.rs"]
#[expect(dead_code, reason = "the crash tests use all of it")]
mod rest;

use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
