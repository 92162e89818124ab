//! Hostile words, dealt from a seed.

/// Deals words of what harms terminals, among what merely tries them.
pub(crate) struct Words {
    state: u64,
}

/// What acts on terminals, or on the direction of text, or cannot be seen.
const HARM: &[&str] = &[
    "\x1b[31m",
    "\x1b[2J",
    "\x1b]0;owned\x07",
    "\x1b]52;c;b3duZWQ=\x07",
    "\x1bP+q\x1b\\",
    "\x1b[?1049l",
    "\x1b[5n",
    "\u{9b}31m",
    "\u{9d}0;x\u{9c}",
    "\u{90}q\u{9c}",
    "\0",
    "\x07",
    "\x08\x08",
    "\r",
    "\n",
    "\t",
    "\x7f",
    "\u{85}",
    "\u{202e}",
    "\u{202a}",
    "\u{2066}",
    "\u{2069}",
    "\u{200e}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{2028}",
    "\u{2029}",
    "\u{e0041}\u{e007f}",
    "\u{fff9}",
    "\u{180e}",
    "👩\u{200d}👩\u{200d}👧",
];

/// What is allowed in names, and hard to draw.
const HARD: &[&str] = &[
    "李",
    "한",
    "ｗ",
    "界",
    "😀",
    "👩",
    "\u{1f1e9}\u{1f1ea}",
    "👍\u{1f3fd}",
    "❤\u{fe0f}",
    "1\u{20e3}",
    "e\u{301}",
    "o\u{308}\u{301}\u{323}\u{330}",
    "\u{301}",
    "a\u{488}",
    "\u{300}\u{300}\u{300}",
    "क\u{94d}षि",
    "ना",
    "สำ",
    "ไทย",
    "לא",
    "لا",
    "ﷺ",
    "﷽",
    "\u{1160}",
    "ᄀ\u{1161}\u{11a8}",
    "\u{3164}",
    "\u{115f}",
    "\u{e000}",
    "\u{f0000}",
    "\u{34f}",
    "\u{fe0e}",
    "\u{2800}",
    "𝄞",
    "\u{1d165}",
    "½",
    "—",
    "…",
    "ß",
    "İ",
    "Avery",
    " ",
    "O’Neil",
    "x",
];

impl Words {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A word of up to 20 parts, harmful ones among them.
    pub(crate) fn next(&mut self) -> String {
        let parts = 1 + self.below(20);
        (0..parts)
            .map(|_| {
                let from = if self.below(3) == 0 { HARM } else { HARD };
                from[self.below(from.len())]
            })
            .collect()
    }

    /// Any character, of the common planes as often as of all.
    fn any(&mut self) -> char {
        let planes = [0x0300, 0x3000, 0x1_0000, 0x11_0000];
        let last = planes[self.below(planes.len())];
        let number = u32::try_from(self.below(last)).expect("a code point");
        char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn below(&mut self, bound: usize) -> usize {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below a usize")
    }
}

/// A name that passes the protocol's own check: what is hard to draw and whatever else there is, up
/// to 64 characters.
pub(crate) fn agents_name(words: &mut Words) -> String {
    loop {
        let parts = 1 + words.below(12);
        let part = |_| match words.below(4) {
            0 => words.any().to_string(),
            _ => HARD[words.below(HARD.len())].to_owned(),
        };
        let name: String = (0..parts).map(part).collect();
        if name.parse::<monti_core::Label>().is_ok() {
            return name;
        }
    }
}
