//! Reading a request's path and query, strictly: a misspelt key must not be a silent default.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr, sync::Arc};

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use monti_core::{file::value::quoted, wire::ErrorCode};
use serde::de::DeserializeOwned;

use super::{Refusal, Services};

/// What a route takes out of the query.
pub(super) trait FromQuery: Sized {
    /// The keys that there are.
    const KEYS: &[&str];

    /// Reads the values.
    fn from_query(query: &Pairs) -> Result<Self, Refusal>;
}

/// A request's query, with known keys and allowed values alone.
#[derive(Debug)]
pub(super) struct Asked<T>(pub(super) T);

/// The keys and values of a query; every key is known and there once.
#[derive(Debug)]
pub(super) struct Pairs(Vec<(String, String)>);

/// What a path names.
#[derive(Debug)]
pub(super) struct Named<T>(pub(super) T);

impl FromQuery for () {
    const KEYS: &[&str] = &[];

    fn from_query(_: &Pairs) -> Result<Self, Refusal> {
        Ok(())
    }
}

impl<T: FromQuery> FromRequestParts<Arc<Services>> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Services>) -> Result<Self, Refusal> {
        let malformed = |detail| Refusal::new(ErrorCode::Malformed, detail);
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| malformed(error.body_text()))?;
        for (place, (key, _)) in pairs.iter().enumerate() {
            if !T::KEYS.contains(&key.as_str()) {
                return Err(malformed(unknown(key, T::KEYS)));
            }
            if pairs[..place].iter().any(|(other, _)| other == key) {
                return Err(malformed(format!("`{key}` is there twice")));
            }
        }
        T::from_query(&Pairs(pairs)).map(Self)
    }
}

fn unknown(key: &str, known: &[&str]) -> String {
    let key = quoted(key);
    if known.is_empty() {
        format!("unknown key {key} in the query; there is none here")
    } else {
        format!("unknown key {key} in the query; known here: {}", known.join(", "))
    }
}

impl Pairs {
    /// The value of `key`, if it is there.
    ///
    /// # Errors
    /// `invalid_value` if it cannot be read.
    pub(super) fn get<T: FromStr<Err: Display>>(&self, key: &str) -> Result<Option<T>, Refusal> {
        let value = self.0.iter().find(|(other, _)| other == key);
        value.map(|(_, text)| text.parse().map_err(|error| invalid(key, error))).transpose()
    }

    /// The whole number of `key`, or the `default`.
    ///
    /// # Errors
    /// `invalid_value` if it is not `allowed`.
    pub(super) fn number(
        &self,
        key: &str,
        allowed: RangeInclusive<u32>,
        default: u32,
    ) -> Result<u32, Refusal> {
        let Some(text) = self.get::<String>(key)? else { return Ok(default) };
        let number = text.parse().ok().filter(|number| allowed.contains(number));
        number.ok_or_else(|| {
            let (least, most) = (allowed.start(), allowed.end());
            invalid(key, format!("allowed is a whole number from {least} to {most}"))
        })
    }
}

pub(super) fn invalid(key: &str, problem: impl Display) -> Refusal {
    Refusal::new(ErrorCode::InvalidValue, format!("`{key}`: {problem}"))
}

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Services>> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, Refusal> {
        match Path::from_request_parts(parts, services).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(error) => Err(Refusal::new(ErrorCode::InvalidValue, error.body_text())),
        }
    }
}
