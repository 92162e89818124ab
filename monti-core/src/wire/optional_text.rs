//! Texts that may be left out. A form sends an empty field as an empty text: that is left out too,
//! as no login and no end of a call may fail for it.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::{
    Label,
    text::{InvalidText, deserialize_parsed},
};

/// A name of somebody or something, kept as it is or refused.
pub(super) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Label>, D::Error> {
    let name: Option<Name> = Option::deserialize(deserializer)?;
    Ok(name.and_then(|Name(label)| label))
}

/// What somebody typed: what cannot be shown in a line is a space.
pub(super) fn free_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Label>, D::Error> {
    let text: Option<FreeText> = Option::deserialize(deserializer)?;
    Ok(text.and_then(|FreeText(label)| label))
}

struct Name(Option<Label>);

struct FreeText(Option<Label>);

impl FromStr for Name {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        (!text.is_empty()).then(|| text.parse()).transpose().map(Self)
    }
}

impl FromStr for FreeText {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        (!text.is_empty()).then(|| Label::from_free_text(text)).transpose().map(Self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_parsed(deserializer)
    }
}

impl<'de> Deserialize<'de> for FreeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_parsed(deserializer)
    }
}
