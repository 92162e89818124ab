//! Reading a peer's text so that the answer can name the field at fault.
//!
//! A JSON object is split into its fields first and each is read by itself: serde alone would
//! tell neither which field of a tagged message was wrong, nor a missing one from a bad one.

use std::{
    collections::{BTreeMap, btree_map},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor, value},
};
use serde_json::value::RawValue;

use super::{ErrorCode, ErrorMessage, Subject};

/// Reads the JSON body of a REST or simulator-control request; a blank body is an empty object.
///
/// # Errors
/// `malformed` if it is no JSON object, lacks a required field or has one that is not known;
/// `invalid_value` if a field's value is not allowed.
pub fn parse_body<T: DeserializeOwned>(text: &str) -> Result<T, Box<ErrorMessage>> {
    let text = if text.trim_ascii().is_empty() { "{}" } else { text };
    let object = Object::parse(text)?;
    object.read().map_err(|fault| object.refusal(fault))
}

/// A reader's whole number, of which `make` allows some; the error is what is `allowed`.
pub(super) fn whole_number<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    allowed: &str,
    make: impl FnOnce(u64) -> Option<T>,
) -> Result<T, D::Error> {
    u64::deserialize(deserializer)
        .ok()
        .and_then(make)
        .ok_or_else(|| de::Error::custom(format_args!("allowed is a whole number {allowed}")))
}

/// Defines a link's messages of one direction: the enum, its type names, and its `parse`.
macro_rules! messages {
    (
        $(#[$enum_doc:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $type:literal => $variant:ident($body:ty),)+
        }
    ) => {
        $(#[$enum_doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "type")]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $type)] $variant($body),)+
        }

        impl $name {
            /// All values of `type`, in the contract's order.
            pub const TYPES: &[&str] = &[$($type),+];

            /// This message's `type`.
            pub const fn type_name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $type,)+
                }
            }

            /// Reads a peer's text.
            ///
            /// # Errors
            /// `malformed` if it is no JSON object, or lacks `type` or a required field;
            /// `unsupported` if its `type` is not known; `invalid_value` if a field's value is
            /// not allowed. The error echoes what it could read of `requestId`, `agentId` and
            /// `callId`.
            pub fn parse(text: &str) -> Result<Self, Box<$crate::wire::ErrorMessage>> {
                let object = $crate::wire::parse::Object::parse(text)?;
                match object.type_name()?.as_str() {
                    $($type => object.read().map(Self::$variant),)+
                    other => Err($crate::wire::parse::Fault::unknown_type(other, Self::TYPES)),
                }
                .map_err(|fault| object.refusal(fault))
            }
        }
    };
}

pub(super) use messages;

/// A JSON object, split into fields that are valid JSON and not read yet.
pub(super) struct Object<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Object<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Box<ErrorMessage>> {
        serde_json::from_str(text).map_err(|error| {
            let message = shorten(&format!("not a JSON object: {error}"));
            Box::new(ErrorMessage::new(ErrorCode::Malformed, message))
        })
    }

    /// The value of `type`.
    pub(super) fn type_name(&self) -> Result<String, Box<ErrorMessage>> {
        self.field("type").ok_or_else(|| {
            let message = "the field `type` is missing or is not text".to_owned();
            self.refusal(Fault { code: ErrorCode::Malformed, message })
        })
    }

    /// The whole object as a `T`.
    pub(super) fn read<T: Deserialize<'a>>(&self) -> Result<T, Fault> {
        let fields = Fields { rest: self.0.iter(), current: None };
        T::deserialize(value::MapAccessDeserializer::new(fields))
    }

    /// The answer to a message that cannot be read, about whatever it was about.
    pub(super) fn refusal(&self, fault: Fault) -> Box<ErrorMessage> {
        let subject = Subject {
            request_id: self.field("requestId"),
            agent_id: self.field("agentId"),
            call_id: self.field("callId"),
        };
        Box::new(ErrorMessage::new(fault.code, shorten(&fault.message)).about(subject))
    }

    /// One field, if it is there and reads as a `T`.
    fn field<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        T::deserialize(*self.0.get(name)?).ok()
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueFields)
    }
}

/// Reads an object's fields, each of which is there once: of two with one name nobody could tell
/// which was meant.
struct UniqueFields;

impl<'de> Visitor<'de> for UniqueFields {
    type Value = Object<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            match fields.entry(name) {
                btree_map::Entry::Vacant(entry) => entry.insert(value),
                btree_map::Entry::Occupied(entry) => {
                    let message = format!("the field `{}` is there twice", entry.key());
                    return Err(de::Error::custom(message));
                }
            };
        }
        Ok(Object(fields))
    }
}

/// An object's fields on their way into a struct.
struct Fields<'a, 'o> {
    rest: btree_map::Iter<'o, String, &'a RawValue>,
    current: Option<(&'o str, &'a RawValue)>,
}

impl<'a> MapAccess<'a> for Fields<'a, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        self.current = self.rest.next().map(|(name, value)| (name.as_str(), *value));
        self.current.map(|(name, _)| seed.deserialize(name.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) =
            self.current.take().ok_or_else(|| de::Error::custom("a value without its name"))?;
        seed.deserialize(value).map_err(|error| Fault::in_field(name, &error))
    }
}

/// What is wrong with an object.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Fault {
    code: ErrorCode,
    message: String,
}

impl Fault {
    pub(super) fn unknown_type(name: &str, known: &[&str]) -> Self {
        let message = format!("unknown type `{name}`; known here: {}", known.join(", "));
        Self { code: ErrorCode::Unsupported, message }
    }

    fn in_field(name: &str, error: &serde_json::Error) -> Self {
        // Its position is one within the field, and would mislead.
        let position = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let reason = match text.strip_suffix(&position).unwrap_or(&text) {
            // All that serde says of a word's place with something else in it.
            "expected value" => "allowed is text, one of the words that the protocol has for it",
            reason => reason,
        };
        Self { code: ErrorCode::InvalidValue, message: format!("`{name}`: {reason}") }
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { code: ErrorCode::InvalidValue, message: message.to_string() }
    }

    fn missing_field(field: &'static str) -> Self {
        let message = format!("the field `{field}` is missing");
        Self { code: ErrorCode::Malformed, message }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let known = if expected.is_empty() { "none".to_owned() } else { expected.join(", ") };
        let message = format!("unknown field `{field}`; known here: {known}");
        Self { code: ErrorCode::Malformed, message }
    }
}

/// At most 400 characters of a message that may quote its peer at length: how it begins, which is
/// what is wrong, and how it ends, which is what is allowed.
fn shorten(message: &str) -> String {
    const HEAD: usize = 150;
    const TAIL: usize = 249;
    let chars = message.chars().count();
    if chars <= HEAD + 1 + TAIL {
        return message.to_owned();
    }
    let head = message.chars().take(HEAD);
    head.chain(['…']).chain(message.chars().skip(chars - TAIL)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_keeps_its_two_ends() {
        assert_eq!(shorten(&"ä".repeat(400)), "ä".repeat(400));
        let long = format!("what is wrong {} what is allowed", "ä".repeat(60_000));
        let short = shorten(&long);
        assert_eq!(short.chars().count(), 400);
        assert!(short.starts_with("what is wrong ä") && short.ends_with("ä what is allowed"));
    }
}
