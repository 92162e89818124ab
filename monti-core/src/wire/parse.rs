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
    forward_to_deserialize_any,
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

/// The same of a field that may be `null`, which reads as if it were left out.
pub(super) fn whole_number_or_null<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    allowed: &str,
    make: impl FnOnce(u64) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let read = match Option::<u64>::deserialize(deserializer) {
        Ok(None) => return Ok(None),
        Ok(Some(number)) => make(number),
        Err(_) => None,
    };
    read.map(Some)
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
            self.refusal(Fault::new(ErrorCode::Malformed, message))
        })
    }

    /// The whole object as a `T`.
    pub(super) fn read<T: Deserialize<'a>>(&self) -> Result<T, Fault> {
        T::deserialize(value::MapAccessDeserializer::new(self.fields()))
    }

    fn fields(&self) -> Fields<'a, '_> {
        Fields { rest: self.0.iter(), current: None }
    }

    /// The answer to a message that cannot be read, about whatever it was about.
    pub(super) fn refusal(&self, fault: Fault) -> Box<ErrorMessage> {
        let subject = Subject {
            request_id: self.field("requestId"),
            agent_id: self.field("agentId"),
            call_id: self.field("callId"),
        };
        Box::new(ErrorMessage::new(fault.code, shorten(&fault.to_string())).about(subject))
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
        formatter.write_str("an object")
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
        self.current.map(|(name, _)| seed.deserialize(Name(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) =
            self.current.take().ok_or_else(|| de::Error::custom("a value without its name"))?;
        seed.deserialize(Field(value)).map_err(|fault| fault.within(name))
    }
}

/// A name on its way: of a field, or a key of a map, which may be a number.
struct Name<'o>(&'o str);

impl<'de> Deserializer<'de> for Name<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(self.0)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.parse() {
            Ok(number) => visitor.visit_u8(number),
            Err(_) => visitor.visit_str(self.0),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A field's value on its way: an object is split into its fields, too, so that what is wrong in it
/// is named as well; all else is read as it is.
struct Field<'de>(&'de RawValue);

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.0.deserialize_any(visitor).map_err(Fault::of_value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.get() == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.0.deserialize_enum(name, variants, visitor).map_err(Fault::of_value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if !self.0.get().starts_with('{') {
            return Err(de::Error::custom("allowed is an object"));
        }
        let object: Object<'de> = serde_json::from_str(self.0.get()).map_err(Fault::of_value)?;
        visitor.visit_map(object.fields())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct identifier ignored_any
    }
}

/// What is wrong with an object.
#[derive(Debug)]
pub(super) struct Fault {
    code: ErrorCode,
    /// What is said before the field.
    before: &'static str,
    /// Which field it is, such as `departments.sales.callsPerMinute`; empty if it is none.
    path: String,
    /// What is said after it.
    after: String,
}

impl Fault {
    fn new(code: ErrorCode, message: String) -> Self {
        Self { code, before: "", path: String::new(), after: message }
    }

    pub(super) fn unknown_type(name: &str, known: &[&str]) -> Self {
        let message = format!("unknown type `{name}`; known here: {}", known.join(", "));
        Self::new(ErrorCode::Unsupported, message)
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is what an error is made into")]
    fn of_value(error: serde_json::Error) -> Self {
        // Its position is one within the field, and would mislead.
        let position = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let reason = match text.strip_suffix(&position).unwrap_or(&text) {
            // All that serde says of a word's place with something else in it.
            "expected value" => "allowed is text, one of the words that the protocol has for it",
            reason => reason,
        };
        Self::new(ErrorCode::InvalidValue, reason.to_owned())
    }

    /// The same of an object that is the value of a field.
    fn within(mut self, name: &str) -> Self {
        if self.path.is_empty() {
            self.after.insert_str(0, ": ");
            name.clone_into(&mut self.path);
        } else {
            self.path = format!("{name}.{}", self.path);
        }
        self
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return formatter.write_str(&self.after);
        }
        write!(formatter, "{}`{}`{}", self.before, self.path, self.after)
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(ErrorCode::InvalidValue, message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        let after = " is missing".to_owned();
        Self { code: ErrorCode::Malformed, before: "the field ", path: field.to_owned(), after }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let known = if expected.is_empty() { "none".to_owned() } else { expected.join(", ") };
        let after = format!("; known here: {known}");
        let path = field.to_owned();
        Self { code: ErrorCode::Malformed, before: "unknown field ", path, after }
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
