//! Texts and bytes that are almost good.

use proptest::{collection::vec, prelude::*, sample::Index};

/// What has been tried against readers of JSON and TOML before.
const NASTY: [&str; 24] = [
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "NaN",
    "-0.0",
    "18446744073709551616",
    "99999999999999999999999999",
    "0.1",
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\u{202e}\u{2066}\"",
    "\"CALL-20260230-000001\"",
    "\"CALL-99999999-4294967296\"",
    "\"sim-1\"",
    "\"ringing\"",
    "{}",
    "[]",
    "[[[[[[[[",
    "{\"type\":\"register\"}",
    "\"24h1ms\"",
];

/// One thing that is wrong.
#[derive(Debug, Clone)]
enum Fault {
    /// A byte is another.
    Flip(Index, u8),
    /// Some bytes are missing.
    Drop(Index, usize),
    /// Some bytes are there twice.
    Twice(Index, usize),
    /// Something is in between.
    Insert(Index, &'static str),
    /// A value is another.
    Value(Index, &'static str),
    /// A name is another.
    Name(Index, u8),
    /// All from here on is missing.
    End(Index),
    /// Some bytes come again elsewhere.
    Move(Index, Index, usize),
}

fn fault() -> impl Strategy<Value = Fault> {
    let nasty = prop::sample::select(&NASTY[..]);
    prop_oneof![
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Fault::Flip(at, byte)),
        1 => (any::<Index>(), 1..20_usize).prop_map(|(at, length)| Fault::Drop(at, length)),
        1 => (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Fault::Twice(at, length)),
        1 => (any::<Index>(), nasty.clone()).prop_map(|(at, text)| Fault::Insert(at, text)),
        4 => (any::<Index>(), nasty).prop_map(|(at, text)| Fault::Value(at, text)),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Fault::Name(at, byte)),
        1 => any::<Index>().prop_map(Fault::End),
        1 => (any::<Index>(), any::<Index>(), 1..30_usize)
            .prop_map(|(from, to, length)| Fault::Move(from, to, length)),
    ]
}

/// Bytes that are one of the `good` ones but for one to four faults.
pub(super) fn bytes(good: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (prop::sample::select(good), vec(fault(), 1..5)).prop_map(|(mut bytes, faults)| {
        faults.iter().for_each(|fault| fault.commit(&mut bytes));
        bytes
    })
}

/// A text that is one of the `good` ones but for some faults; now and then any text at all.
pub(super) fn text(good: Vec<String>) -> impl Strategy<Value = String> {
    let good = good.into_iter().map(String::into_bytes).collect();
    prop_oneof![
        15 => bytes(good).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        1 => any::<String>(),
    ]
}

impl Fault {
    fn commit(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let whole = bytes.len();
        let range = |at: &Index, length: usize| {
            let from = at.index(whole);
            from..whole.min(from + length)
        };
        match self {
            Self::Flip(at, byte) => bytes[at.index(whole)] = *byte,
            Self::Drop(at, length) => _ = bytes.drain(range(at, *length)),
            Self::Twice(at, length) => {
                let range = range(at, *length);
                let (at, again) = (range.end, bytes[range].to_vec());
                bytes.splice(at..at, again);
            }
            Self::Insert(at, text) => {
                let at = at.index(whole);
                bytes.splice(at..at, text.bytes());
            }
            Self::Value(at, text) => {
                let Some(from) = pick(bytes, at, b":=") else { return };
                let rest = bytes[from + 1..].iter();
                let length = rest.take_while(|byte| !b",}\n".contains(byte)).count();
                bytes.splice(from + 1..from + 1 + length, text.bytes());
            }
            Self::Name(at, byte) => {
                if let Some(from) = pick(bytes, at, b"\"") {
                    bytes.insert(from + 1, *byte);
                }
            }
            Self::End(at) => bytes.truncate(at.index(whole)),
            Self::Move(from, to, length) => {
                let moved = bytes[range(from, *length)].to_vec();
                let to = to.index(whole);
                bytes.splice(to..to, moved);
            }
        }
    }
}

/// One of the places at which one of `marks` stands.
fn pick(bytes: &[u8], at: &Index, marks: &[u8]) -> Option<usize> {
    let places: Vec<_> = (0..bytes.len()).filter(|place| marks.contains(&bytes[*place])).collect();
    (!places.is_empty()).then(|| *at.get(&places))
}
