//! Text at the engine's edge, checked when it is made and never again.

use std::{
    borrow::Borrow,
    fmt,
    hash::{BuildHasher, Hasher},
    marker::PhantomData,
    num::NonZeroU64,
    ops::Deref,
    str::FromStr,
    sync::Arc,
};

use ecow::EcoString;
use foldhash::fast::FixedState;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The most characters that an identifier or a label may have.
pub const TEXT_CHARS_MAX: usize = 64;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// It is no identifier.
    #[error("an identifier has 1 to 64 characters out of A-Z, a-z, 0-9, '.', '_' and '-'")]
    Identifier,
    /// It is no label.
    #[error("a text has 1 to 64 characters and no control, format or bidirectional characters")]
    Label,
    /// It is too long for a free text.
    #[error("a text has at most 64 characters")]
    FreeText,
    /// It is no telephone number.
    #[error("a caller's number has 3 to 15 digits, with or without a leading '+'")]
    CallerNumber,
}

fn is_identifier(text: &str) -> bool {
    (1..=TEXT_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && is_short(text) && !text.chars().any(is_invisible)
}

fn is_short(text: &str) -> bool {
    // 4 bytes a character at most: a long text is refused before its characters are counted.
    text.len() <= TEXT_CHARS_MAX * 4 && text.chars().count() <= TEXT_CHARS_MAX
}

/// Whether a character can change how the text around it is shown, or cannot be seen at all:
/// control, format (all bidirectional marks among them), line and paragraph separators.
fn is_invisible(character: char) -> bool {
    // Most names are plain, and a look into the tables takes a search.
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    )
}

/// Reads a text and parses it in its place in what is read: nothing is copied only to be parsed.
pub(crate) fn deserialize_parsed<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    struct Parse<T>(PhantomData<T>);

    impl<T: FromStr<Err: fmt::Display>> de::Visitor<'_> for Parse<T> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Parse(PhantomData))
}

/// A hash of a text that is the same in every run. It only speeds up finding and shows in no order.
pub(crate) fn text_hash(text: &[u8]) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    hasher.write(text);
    hasher.finish()
}

/// What an agent logs in with: `agentId` on the wire, `[A-Za-z0-9._-]{1,64}`. Cheap to clone: up to
/// 15 characters are kept in place, so that a call's record fetches nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginId(EcoString);

/// A short text that people read (a name, a place, an outcome): 1 to 64 characters without
/// control, format or bidirectional characters. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Arc<str>);

/// The key under which a client may repeat a request without repeating its effect:
/// `[A-Za-z0-9._-]{1,64}`. Kept in place, without an allocation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RequestId {
    len: u8,
    bytes: [u8; TEXT_CHARS_MAX],
}

/// The number a caller calls from, `\+?[0-9]{3,15}`, in eight bytes.
///
/// Its [`fmt::Display`] is the whole number; where a viewer may not see it use
/// [`Self::masked`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallerNumber {
    /// A guard digit, 1 or with a '+' 2, then the digits: so leading zeros are kept, and no number
    /// is 0.
    packed: NonZeroU64,
}

impl LoginId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Label {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What somebody typed, with a space for every character that a label has not.
    pub(crate) fn from_free_text(text: &str) -> Result<Self, InvalidText> {
        if is_label(text) {
            return Ok(Self(text.into()));
        }
        if text.is_empty() || !is_short(text) {
            return Err(InvalidText::FreeText);
        }
        let shown = |character| if is_invisible(character) { ' ' } else { character };
        Ok(Self(text.chars().map(shown).collect::<String>().into()))
    }
}

impl From<&LoginId> for Label {
    /// Every identifier is a label.
    fn from(login: &LoginId) -> Self {
        Self(login.as_str().into())
    }
}

impl RequestId {
    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// A request id out of the bytes of one: what was checked once is not checked again.
    pub(crate) fn kept<'a>(text: impl ExactSizeIterator<Item = &'a u8>) -> Self {
        let mut bytes = [0; TEXT_CHARS_MAX];
        let len = text.len().min(TEXT_CHARS_MAX);
        for (byte, kept) in bytes.iter_mut().zip(text) {
            *byte = *kept;
        }
        Self { len: u8::try_from(len).unwrap_or(0), bytes }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl CallerNumber {
    /// The number with all but its last three digits hidden, and of one with fewer than six the
    /// larger half, for those who may not see it whole.
    pub fn masked(self) -> String {
        let whole = self.to_string();
        let digits = whole.trim_start_matches('+').len();
        let hidden = whole.len() - (digits / 2).min(3);
        whole
            .char_indices()
            .map(|(at, digit)| if at < hidden && digit != '+' { '*' } else { digit })
            .collect()
    }
}

impl Deref for LoginId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for LoginId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Deref for Label {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl FromStr for LoginId {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        is_identifier(text).then(|| Self(text.into())).ok_or(InvalidText::Identifier)
    }
}

impl FromStr for Label {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        is_label(text).then(|| Self(text.into())).ok_or(InvalidText::Label)
    }
}

impl FromStr for RequestId {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if !is_identifier(text) {
            return Err(InvalidText::Identifier);
        }
        let mut bytes = [0; TEXT_CHARS_MAX];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        let len = u8::try_from(text.len()).map_err(|_| InvalidText::Identifier)?;
        Ok(Self { len, bytes })
    }
}

impl FromStr for CallerNumber {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if !(3..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidText::CallerNumber);
        }
        let guard = if digits.len() < text.len() { 2 } else { 1 };
        let append = |packed, digit| packed * 10 + u64::from(digit - b'0');
        let packed = NonZeroU64::new(digits.bytes().fold(guard, append));
        packed.map(|packed| Self { packed }).ok_or(InvalidText::CallerNumber)
    }
}

impl fmt::Display for CallerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.packed.to_string();
        let (guard, digits) = digits.split_at(1);
        f.pad(&format!("{}{digits}", if guard == "2" { "+" } else { "" }))
    }
}

impl fmt::Debug for CallerNumber {
    /// Masked: what is logged for debugging does not tell who called.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

macro_rules! text_impls {
    ($($type:ident as $text:expr;)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text: fn(&Self) -> _ = $text;
                serializer.collect_str(&text(self))
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize_parsed(deserializer)
            }
        }
    )*};
}

text_impls! {
    LoginId as |id| id.0.clone();
    Label as |label| label.0.clone();
    RequestId as |id| id.as_str().to_owned();
    CallerNumber as |number| *number;
}

impl fmt::Display for LoginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_1_to_64_plain_characters() {
        let longest = "x".repeat(64);
        for text in ["a", "A-1_b.C", &longest] {
            assert_eq!(text.parse::<LoginId>().unwrap().as_str(), text);
            assert_eq!(text.parse::<RequestId>().unwrap().as_str(), text);
        }
        for text in ["", "a b", "ä", "a/b", "a\0", &"x".repeat(65)] {
            assert_eq!(text.parse::<LoginId>(), Err(InvalidText::Identifier), "{text:?}");
            assert_eq!(text.parse::<RequestId>(), Err(InvalidText::Identifier), "{text:?}");
        }
    }

    #[test]
    fn identifiers_are_told_and_looked_up_as_they_were_given() {
        let (login, request): (LoginId, RequestId) =
            ("ann.7".parse().unwrap(), "r-1".parse().unwrap());
        assert_eq!((login.to_string(), request.to_string()), ("ann.7".into(), "r-1".into()));
        assert!(std::collections::BTreeSet::from([login]).contains("ann.7"));
    }

    #[test]
    fn labels_are_what_can_be_seen() {
        let longest = "𝄞".repeat(64);
        for text in ["Zoë O’Neil", "李 小龙", "😀", &longest] {
            let label = text.parse::<Label>().unwrap();
            assert_eq!((label.as_str(), label.to_string().as_str()), (text, text));
        }
        let long = "x".repeat(65);
        for text in ["", "a\tb", "\x1b[31m", "\u{9b}", "a\u{202e}b", "\u{200b}", "\u{2028}", &long]
        {
            assert_eq!(text.parse::<Label>(), Err(InvalidText::Label), "{text:?}");
        }
    }

    #[test]
    fn a_callers_number_keeps_its_plus_and_its_zeros() {
        for text in ["112", "000", "+49301234567", "0049301234567", "999999999999999", "+000"] {
            let number: CallerNumber = text.parse().unwrap();
            assert_eq!(number.to_string(), text);
        }
        for text in ["", "12", "+12", "1234567890123456", "12a", "++123", "12 34", "１２３"] {
            assert_eq!(text.parse::<CallerNumber>(), Err(InvalidText::CallerNumber), "{text:?}");
        }
    }

    #[test]
    fn a_masked_number_shows_its_last_three_digits() {
        let number: CallerNumber = "+49301234567".parse().unwrap();
        assert_eq!(number.masked(), "+********567");
        assert_eq!(format!("{number:?}"), "+********567");
    }

    #[test]
    fn of_a_short_number_the_larger_half_is_hidden() {
        for (whole, masked) in
            [("112", "**2"), ("+112", "+**2"), ("4711", "**11"), ("123456", "***456")]
        {
            assert_eq!(whole.parse::<CallerNumber>().unwrap().masked(), masked);
        }
    }

    #[test]
    fn text_is_checked_where_it_is_read() {
        assert!(serde_json::from_str::<LoginId>("\"a b\"").is_err());
        assert!(serde_json::from_str::<Label>("\"\\u202e\"").is_err());
        let label: Label = serde_json::from_str("\"a\\u0062c\"").unwrap();
        assert_eq!(label.as_str(), "abc");
        let number = serde_json::from_str::<LoginId>("7").unwrap_err().to_string();
        assert!(number.starts_with("invalid type: integer `7`, expected a string"), "{number}");
        let number: CallerNumber = serde_json::from_str("\"+123456\"").unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"+123456\"");
    }

    #[test]
    fn identifiers_are_quoted_for_debugging() {
        let request: RequestId = "A-1".parse().unwrap();
        assert_eq!(format!("{request:?}"), r#""A-1""#);
    }
}
