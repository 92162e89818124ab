//! An agent in a row: over a limit or not, state, time in it, name, and what it is about.

use std::borrow::Cow;

use monti_core::{AgentState, BreachKind, Timestamp, wire::Limits};
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use super::pen::Pen;
use crate::{
    board::{Agent, Department},
    format::{self, DURATION_WIDTH},
    scrub,
    theme::{Theme, short_state_word, state_word},
};

/// From so many columns on, states are whole words.
const WORDS_FROM: u16 = 40;

/// From so many columns on, there is room for what it is about beside the name.
const DETAIL_FROM: u16 = 48;

/// From so many columns on, there is room for the limit that it is past.
const LIMIT_FROM: u16 = 36;

/// What is the same for all rows of a department.
pub(super) struct Rows<'a> {
    pub(super) theme: &'a Theme,
    pub(super) department: &'a Department,
    pub(super) limits: &'a Limits,
    pub(super) now: Timestamp,
}

impl Rows<'_> {
    /// Draws an agent into a row; answers nothing of it that is not so: what does not fit is cut
    /// visibly, or left out.
    pub(super) fn render(&self, agent: &Agent, is_selected: bool, row: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        // The symbol has the colour; the word has it only where it calls for somebody.
        let state = theme.state(agent.state());
        let word = match agent.state() {
            AgentState::NotResponding => state,
            state if state.is_at_work() => theme.text,
            _ => theme.dim,
        };
        let is_breach = agent.breach().is_some();
        let mut pen = Pen::new(buffer, row, &theme.symbols);
        pen.put(self.mark(agent), if is_breach { theme.text } else { theme.warning });
        pen.put(theme.state_symbol(agent.state()), state).skip(1);
        if row.width >= WORDS_FROM {
            pen.left_in(9, state_word(agent.state()), word);
        } else {
            pen.left_in(5, short_state_word(agent.state()), word);
        }
        let time = format::duration(agent.in_state(self.now));
        pen.skip(1).right_in(DURATION_WIDTH, &time, theme.text).skip(2);
        let detail = match agent.breach() {
            _ if row.width >= DETAIL_FROM => Some(self.detail(agent)),
            // The state's word says of what.
            Some(breach) if row.width >= LIMIT_FROM => Some(self.limit(breach).1),
            _ => None,
        };
        let name = match &detail {
            Some(limit) if row.width < DETAIL_FROM => {
                pen.left().saturating_sub(scrub::width(limit) + 1)
            }
            // A name has three fifths of what is left, the detail the rest, which is a limit at least.
            Some(_) => {
                (pen.left() * 3 / 5).min(pen.left().saturating_sub(15)).max(12).min(pen.left())
            }
            None => pen.left(),
        };
        pen.left_in(name, agent.name(), theme.text);
        if let Some(detail) = detail.filter(|_| pen.left() > 2) {
            pen.skip(1).rest(&detail, theme.dim);
        }
        if is_breach {
            mark(theme, row, buffer);
        }
        if is_selected {
            select(theme, is_breach, row, buffer);
        }
    }

    fn mark(&self, agent: &Agent) -> &'static str {
        match (agent.breach(), agent.is_lost()) {
            (Some(_), _) => self.theme.symbols.breach,
            (None, true) => self.theme.symbols.lost,
            (None, false) => " ",
        }
    }

    /// The limit that it is past, or the queue of its call, or what it will do next.
    fn detail(&self, agent: &Agent) -> String {
        let info = agent.info();
        if let Some(breach) = agent.breach() {
            let (what, limit) = self.limit(breach);
            return format!("{what} {limit}");
        }
        if agent.is_lost() {
            return "link lost".to_owned();
        }
        let queue = info.current_vq.as_deref().map(|vq| self.queue_name(vq));
        let next = info.pending_state.map(state_word);
        match (queue, next) {
            (Some(queue), Some(next)) => format!("{queue}, then {next}"),
            (Some(queue), None) => queue.into_owned(),
            (None, Some(next)) => format!("then {next}"),
            (None, None) => String::new(),
        }
    }

    fn limit(&self, breach: BreachKind) -> (&'static str, String) {
        let (what, limit) = match breach {
            BreachKind::AfterCallWork => ("ACW", self.limits.acw_seconds),
            BreachKind::Break => ("break", self.limits.break_seconds),
        };
        (what, format!("> {}", format::duration(limit.0)))
    }

    fn queue_name(&self, vq: &str) -> Cow<'_, str> {
        let known = self.department.queues().iter().find(|queue| queue.id() == vq);
        known.map_or_else(|| scrub::text(vq).into(), |queue| queue.name().into())
    }
}

/// Marks a row as over a limit.
pub(super) fn mark(theme: &Theme, row: Rect, buffer: &mut Buffer) {
    // Nothing in it is dim: reversed, that would be a hole in it.
    buffer.set_style(row, theme.breach.remove_modifier(Modifier::DIM));
}

/// Marks a row as the one that is selected.
pub(super) fn select(theme: &Theme, is_breach: bool, row: Rect, buffer: &mut Buffer) {
    if is_breach {
        // Reversed already: its background is the text's colour, and stays. The cursor goes where
        // nothing is, behind the symbol.
        let mut pen = Pen::new(buffer, row, &theme.symbols);
        pen.skip(2).put(theme.symbols.cursor, theme.breach);
    } else {
        buffer.set_style(row, theme.selected);
    }
}
