//! Who may do what: each handler names the role it needs as its first argument.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use monti_core::wire::ErrorCode;

use super::{Refusal, Services, origin::is_from_here};
use crate::{
    auth::Admission,
    inbox::{Grant, Role},
};

/// A request of somebody who may look.
#[derive(Debug, Clone)]
pub struct Viewer(pub Arc<Grant>);

/// A request of somebody who may act on agents and calls.
#[derive(Debug, Clone)]
pub struct Supervisor(pub Arc<Grant>);

/// A request of somebody who has a valid token: what it may do is for the handler to check.
#[derive(Debug, Clone)]
pub struct AnyRole(pub Arc<Grant>);

impl FromRequestParts<Arc<Services>> for Viewer {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, Refusal> {
        admit(parts, services).and_then(|grant| need(Role::Viewer, grant)).map(Self)
    }
}

impl FromRequestParts<Arc<Services>> for Supervisor {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, Refusal> {
        admit(parts, services).and_then(|grant| need(Role::Supervisor, grant)).map(Self)
    }
}

impl FromRequestParts<Arc<Services>> for AnyRole {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, Refusal> {
        admit(parts, services).map(Self)
    }
}

fn admit(parts: &Parts, services: &Services) -> Result<Arc<Grant>, Refusal> {
    match services.access.admit(bearer(&parts.headers)) {
        Admission::Granted(grant) => Ok(grant),
        Admission::Open(grant) if is_from_here(&parts.headers) => Ok(grant),
        Admission::Open(_) => Err(Refusal::new(
            ErrorCode::Forbidden,
            "a server without tokens answers programs of its own machine only, \
             and no web page of another site",
        )),
        Admission::Refused => Err(Refusal::new(
            ErrorCode::Unauthorized,
            "a valid token is needed: `Authorization: Bearer monti_…`",
        )),
    }
}

fn need(role: Role, grant: Arc<Grant>) -> Result<Arc<Grant>, Refusal> {
    if grant.role.may(role) {
        return Ok(grant);
    }
    let detail = format!("this needs the role {role}, and the token's is {}", grant.role);
    Err(Refusal::new(ErrorCode::Forbidden, detail))
}

/// The token of `Authorization: Bearer …`; the scheme's case does not matter.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(headers: &[(HeaderName, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).unwrap();
        headers.iter().map(|(name, text)| (name.clone(), value(text))).collect()
    }

    #[test]
    fn a_token_comes_in_its_header_alone() {
        let token =
            |text: &str| bearer(&headers(&[(header::AUTHORIZATION, text)])).map(str::to_owned);
        assert_eq!(token("Bearer monti_x").as_deref(), Some("monti_x"));
        assert_eq!(token("bearer  monti_x").as_deref(), Some("monti_x"));
        for text in ["monti_x", "Basic monti_x", "Bearer"] {
            assert_eq!(token(text), None, "{text}");
        }
    }
}
