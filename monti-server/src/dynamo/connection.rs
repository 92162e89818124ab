//! Reaching DynamoDB: where, as whom, and for how long an answer is waited for.

use std::time::Duration;

use aws_config::{BehaviorVersion, ConfigLoader, Region, timeout::TimeoutConfig};
use aws_sdk_dynamodb::{
    Client,
    config::{Credentials, SharedHttpClient, StalledStreamProtectionConfig, retry::RetryConfig},
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

use super::{Dynamo, Layout, NoPlace};

/// Where a local server listens unless it is said otherwise.
const LOCAL_ENDPOINT: &str = "http://localhost:8000";

/// A region for servers that have none; it is a part of the signature.
const LOCAL_REGION: &str = "us-east-1";

/// Where the tables are, and what they are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DynamoOptions {
    /// Which server.
    pub place: Place,
    /// The tables on it.
    pub layout: Layout,
}

/// Which server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// One that asks for no credentials: placeholders are sent.
    Local {
        /// Its URL; `http://localhost:8000` without it.
        endpoint: Option<String>,
        /// The region that it is told; any will do.
        region: Option<String>,
    },
    /// AWS, with the credentials that the SDK finds: environment, profile, container or instance.
    Aws {
        /// Another URL than the region's own: that of a VPC endpoint.
        endpoint: Option<String>,
        /// The region, if it is to be another than what the SDK finds.
        region: Option<String>,
    },
}

/// For how long an answer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until there is a connection.
    pub connect: Duration,
    /// For one attempt, the connection included.
    pub attempt: Duration,
    /// The attempts that the SDK makes.
    pub attempts: u32,
}

impl Patience {
    /// For the outbox, which tries again by itself.
    pub const WRITING: Self =
        Self { connect: Duration::from_secs(3), attempt: Duration::from_secs(10), attempts: 1 };

    /// For people who wait for an answer, and have another one at hand.
    pub const READING: Self =
        Self { connect: Duration::from_secs(1), attempt: Duration::from_secs(2), attempts: 2 };
}

impl Dynamo {
    /// Gets ready to reach the tables; nothing is sent to DynamoDB yet.
    ///
    /// # Errors
    /// The endpoint is no URL, or there is no region to be found.
    pub async fn connect(options: &DynamoOptions, patience: Patience) -> Result<Self, NoPlace> {
        let loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(http_client())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(patience.connect)
                    .operation_attempt_timeout(patience.attempt)
                    .build(),
            )
            .retry_config(match patience.attempts {
                0 | 1 => RetryConfig::disabled(),
                attempts => RetryConfig::standard().with_max_attempts(attempts),
            })
            // An attempt has its time limit.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        let config = options.place.locate(loader)?.load().await;
        if config.region().is_none() {
            return Err(NoPlace::Region);
        }
        Ok(Self { client: Client::new(&config), layout: options.layout.clone() })
    }
}

impl Place {
    fn locate(&self, loader: ConfigLoader) -> Result<ConfigLoader, NoPlace> {
        let (endpoint, region, loader) = match self {
            Self::Local { endpoint, region } => (
                Some(endpoint.as_deref().unwrap_or(LOCAL_ENDPOINT)),
                Some(region.as_deref().unwrap_or(LOCAL_REGION)),
                loader
                    .credentials_provider(Credentials::new("local", "local", None, None, "local")),
            ),
            Self::Aws { endpoint, region } => (endpoint.as_deref(), region.as_deref(), loader),
        };
        let loader = match endpoint {
            Some(endpoint) => loader.endpoint_url(checked(endpoint)?),
            None => loader,
        };
        Ok(match region {
            Some(region) => loader.region(Region::new(region.to_owned())),
            None => loader,
        })
    }

    /// Whether it is a server that is not AWS.
    pub fn is_local(&self) -> bool {
        matches!(self, Self::Local { .. })
    }
}

fn checked(endpoint: &str) -> Result<&str, NoPlace> {
    let uri: Option<axum::http::Uri> = endpoint.parse().ok();
    let is_good = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some()
    });
    is_good.then_some(endpoint).ok_or_else(|| NoPlace::Endpoint(endpoint.to_owned()))
}

fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}
