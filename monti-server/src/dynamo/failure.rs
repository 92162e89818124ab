//! What goes wrong with DynamoDB, and what it means.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::outbox::{SinkError, SinkErrorKind};

/// Why it cannot be told where the tables are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// The endpoint is none.
    #[error(
        "the endpoint {0:?} of DynamoDB is no URL: allowed is http:// or https://, a host and a port"
    )]
    Endpoint(String),
    /// Nobody says which region.
    #[error("there is no region for DynamoDB: say which with AWS_REGION")]
    Region,
}

/// Why DynamoDB did not do something.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub struct DynamoError(#[from] SinkError);

impl DynamoError {
    /// Whether DynamoDB could not be reached, or did not answer sensibly.
    pub fn is_unavailable(&self) -> bool {
        self.0.kind() == SinkErrorKind::Unavailable
    }

    /// What was read is not what was written.
    pub(super) fn unreadable(what: impl Into<String>) -> Self {
        Self(SinkError::new(SinkErrorKind::Unfit, what))
    }
}

/// Codes by which DynamoDB asks for less.
const THROTTLED: [&str; 5] = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "Throttling",
    "LimitExceededException",
];

/// Codes by which it says that something in a request will never do.
const REFUSED: [&str; 3] =
    ["ValidationException", "ItemCollectionSizeLimitExceededException", "SerializationException"];

/// Codes by which it says that it is not as it has to be, or does not let us in.
const UNFIT: [&str; 9] = [
    "ResourceNotFoundException",
    "AccessDeniedException",
    "UnrecognizedClientException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnknownOperationException",
];

/// What an error of the SDK means; `doing` says what was being done.
pub(super) fn failure<E, R>(doing: &str, error: &SdkError<E, R>) -> SinkError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let kind = match error {
        SdkError::ServiceError(context) => kind_of(context.err().code()),
        // Without sense: nothing was sent. Missing credentials are a failure to dispatch, like a
        // server that is gone, and those that cannot be fetched may pass.
        SdkError::ConstructionFailure(_) => SinkErrorKind::Unfit,
        _ => SinkErrorKind::Unavailable,
    };
    match error {
        SdkError::ServiceError(context) => {
            let code = context.err().code().unwrap_or("an answer without a code");
            let message = context.err().message().unwrap_or_default();
            SinkError::new(kind, format!("{doing}: {code}: {message}"))
        }
        error => SinkError::because(kind, doing, error),
    }
}

fn kind_of(code: Option<&str>) -> SinkErrorKind {
    let is_in = |codes: &[&str]| code.is_some_and(|code| codes.contains(&code));
    if is_in(&THROTTLED) {
        SinkErrorKind::Throttled
    } else if is_in(&REFUSED) {
        SinkErrorKind::Refused
    } else if is_in(&UNFIT) {
        SinkErrorKind::Unfit
    } else {
        SinkErrorKind::Unavailable
    }
}
