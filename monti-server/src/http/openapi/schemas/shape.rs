//! The few shapes of which all schemas are made.

use monti_core::TEXT_CHARS_MAX;
use serde_json::{Map, Value, json};

/// An object with these keys; those that end in `?` may be left out.
pub(super) fn object(keys: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (key, schema) in keys {
        let name = key.trim_end_matches('?');
        if name == key {
            required.push(name);
        }
        properties.insert(name.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// An object in which other keys than these are refused.
pub(super) fn strict(keys: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut object = object(keys);
    object["additionalProperties"] = Value::Bool(false);
    object
}

/// An object that has a value for each value of the schema `keys`.
pub(super) fn map_of(keys: &str, values: Value) -> Value {
    let keys = reference(keys);
    json!({ "type": "object", "propertyNames": keys, "additionalProperties": values })
}

pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub(super) fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

pub(super) fn one_of(values: impl IntoIterator<Item = &'static str>) -> Value {
    json!({ "type": "string", "enum": values.into_iter().collect::<Vec<_>>() })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn label() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": TEXT_CHARS_MAX })
}

pub(super) fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

pub(super) fn bool() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn number() -> Value {
    json!({ "type": "number", "minimum": 0 })
}

pub(super) fn seconds() -> Value {
    json!({ "type": "number", "minimum": 0, "description": "Seconds." })
}

pub(super) fn percent() -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": 100 })
}

pub(super) fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn whole(least: u32, most: u32) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}
