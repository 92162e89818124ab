//! The signs that stand for states and shapes: one column wide, no emoji, and in ASCII on request.

/// Symbols by meaning, one column each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbols {
    /// Whether nothing but ASCII may be drawn.
    pub is_ascii: bool,
    /// Agents' states, in the order of [`AgentState::ALL`](monti_core::AgentState::ALL).
    pub states: [&'static str; 11],
    /// Past a limit.
    pub breach: &'static str,
    /// An agent whose link is lost.
    pub lost: &'static str,
    /// A bar's full cell, its half cell, and its empty one.
    pub bar: [&'static str; 3],
    /// Where the next letter is written.
    pub caret: &'static str,
    /// Columns of a trend, from the lowest to the highest.
    pub trend: [&'static str; 8],
    /// A horizontal rule.
    pub rule: &'static str,
    /// What was cut.
    pub ellipsis: &'static str,
    /// Where there is no value.
    pub dash: &'static str,
    /// Before what is selected.
    pub cursor: &'static str,
    /// Between things in a line.
    pub dot: &'static str,
}

impl Symbols {
    /// For terminals with Unicode. No emoji, nothing wider than a column.
    pub const UNICODE: Self = Self {
        is_ascii: false,
        states: ["○", "●", "◎", "◉", "◫", "✎", "◔", "◑", "◇", "◈", "×"],
        breach: "!",
        lost: "?",
        bar: ["━", "╸", "─"],
        caret: "▌",
        trend: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        rule: "─",
        ellipsis: "…",
        dash: "–",
        cursor: "›",
        dot: "·",
    };

    /// For terminals without.
    pub const ASCII: Self = Self {
        is_ascii: true,
        states: ["o", "*", "~", "@", "=", "w", "b", "l", "t", "m", "x"],
        breach: "!",
        lost: "?",
        bar: ["=", "-", "."],
        caret: "_",
        trend: ["_", "_", ".", ".", ":", ":", "|", "|"],
        rule: "-",
        ellipsis: "~",
        dash: "-",
        cursor: ">",
        dot: "-",
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    #[test]
    fn every_symbol_is_one_column_wide() {
        for symbol in [Symbols::UNICODE, Symbols::ASCII].iter().flat_map(all) {
            assert_eq!(symbol.width(), 1, "{symbol}");
        }
    }

    #[test]
    fn every_state_has_a_symbol_of_its_own() {
        for symbols in [Symbols::UNICODE, Symbols::ASCII] {
            let states: BTreeSet<_> = symbols.states.into();
            assert_eq!(states.len(), symbols.states.len());
        }
    }

    #[test]
    fn ascii_is_ascii_and_nothing_is_an_emoji() {
        assert!(all(&Symbols::ASCII).into_iter().all(str::is_ascii));
        // Shapes and dingbats that terminals may draw as a coloured picture.
        let pictures = ["☎", "✏", "✔", "✖", "▶", "◀", "■", "▪", "▫", "◼", "◻", "⚠", "☕", "⏰"];
        for symbol in all(&Symbols::UNICODE) {
            assert!(!pictures.contains(&symbol) && symbol < "\u{1f000}", "{symbol}");
        }
    }

    fn all(symbols: &Symbols) -> Vec<&'static str> {
        let Symbols { states, breach, lost, bar, caret, trend, .. } = symbols;
        let Symbols { rule, ellipsis, dash, cursor, dot, .. } = symbols;
        let single = [*breach, *lost, *caret, *rule, *ellipsis, *dash, *cursor, *dot];
        [&states[..], bar, trend, &single].concat()
    }
}
