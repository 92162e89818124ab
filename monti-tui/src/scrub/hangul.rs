//! Korean whose syllables are written in their parts, as some systems store it, made whole: by the
//! arithmetic of the Unicode standard, section 3.12.

const LEADS: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
/// One before the first, which stands for none.
const TAILS: u32 = 0x11a7;
const SYLLABLES: u32 = 0xac00;

const LEAD_COUNT: u32 = 19;
const VOWEL_COUNT: u32 = 21;
const TAIL_COUNT: u32 = 28;

/// The characters of a text, parts that make a syllable as that syllable.
pub(super) fn composed(text: &str) -> impl Iterator<Item = char> {
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        let mut whole = rest.next()?;
        while let Some(joined) = rest.peek().and_then(|next| join(whole, *next)) {
            whole = joined;
            rest.next();
        }
        Some(whole)
    })
}

/// The syllable of a lead and a vowel, or of a syllable without a tail and a tail.
fn join(first: char, next: char) -> Option<char> {
    let place = |character: char, start: u32, count: u32| {
        u32::from(character).checked_sub(start).filter(|place| *place < count)
    };
    let lead = place(first, LEADS, LEAD_COUNT);
    if let Some((lead, vowel)) = lead.zip(place(next, VOWELS, VOWEL_COUNT)) {
        return char::from_u32(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TAIL_COUNT);
    }
    let syllable = place(first, SYLLABLES, LEAD_COUNT * VOWEL_COUNT * TAIL_COUNT);
    syllable.filter(|syllable| syllable % TAIL_COUNT == 0)?;
    let tail = place(next, TAILS, TAIL_COUNT).filter(|tail| *tail > 0)?;
    char::from_u32(u32::from(first) + tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_make_a_syllable_are_one_and_others_stay() {
        for (parts, whole) in [
            ("\u{1100}\u{1161}\u{11a8}", "각"),
            ("\u{1100}\u{1161}", "가"),
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
            ("가\u{11a8}", "각"),
            // The last of each.
            ("\u{1112}\u{1175}\u{11c2}", "힣"),
            ("각\u{11a8}", "각\u{11a8}"),
            ("\u{1100}각", "\u{1100}각"),
            ("\u{1161}\u{11a8}", "\u{1161}\u{11a8}"),
            ("가\u{11a7}", "가\u{11a7}"),
            ("Zoë", "Zoë"),
        ] {
            assert_eq!(composed(parts).collect::<String>(), whole, "{parts:?}");
        }
    }
}
