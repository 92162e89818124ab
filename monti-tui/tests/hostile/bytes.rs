//! What the backend itself writes, and nothing else.

use monti_tui::scrub;

/// The ends of the sequences that the backend moves, styles, erases and synchronizes with.
const ENDS: &[u8] = b"mHJKhl";

/// Fails if there is anything that acts on a terminal but the backend's own sequences: `ESC [`,
/// numbers and one of [`ENDS`].
pub(crate) fn assert_harmless(written: &[u8]) {
    let text = std::str::from_utf8(written).expect("UTF-8");
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some(sequence) = rest.strip_prefix("\x1b[") {
            let end = sequence.find(|it: char| !it.is_ascii_digit() && !";?".contains(it));
            let end = end.expect("an end of the sequence");
            let last = sequence.as_bytes()[end];
            assert!(ENDS.contains(&last), "a sequence that ends with {:?}", char::from(last));
            rest = &sequence[end + 1..];
        } else {
            assert!(!scrub::is_harmful(character), "{character:?} is written");
            rest = &rest[character.len_utf8()..];
        }
    }
}
