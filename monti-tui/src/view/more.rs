//! That a list goes on beyond what is in view: how much of it, and what matters of that.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{pen::Pen, wait};
use crate::{
    App,
    board::{Department, Queue, Rows},
    format, scrub,
    theme::Theme,
};

/// What of a list is not in view.
pub(super) struct More {
    /// How many entries are before what is in view, and after it.
    above: usize,
    below: usize,
    /// How many calls wait in them, of a list of queues or departments.
    waiting: Option<u64>,
    /// What of them is over, in words, and as briefly as can be.
    over: Option<[String; 2]>,
}

impl More {
    /// Of so many entries, those but `shown` from `top` on.
    pub(super) fn of(len: usize, top: usize, shown: usize) -> Self {
        let below = len.saturating_sub(top + shown);
        Self { above: top.min(len), below, waiting: None, over: None }
    }

    /// Of agents in order, whoever is over a limit first.
    pub(super) fn of_agents(agents: Rows<'_>, top: usize, shown: usize) -> Self {
        use monti_core::BreachKind::{AfterCallWork, Break};
        let over = agents.iter().take(agents.breaches()).enumerate();
        let hidden = over.filter(|(row, _)| !(top..top + shown).contains(row));
        let (mut acw, mut breaks) = (0_usize, 0_usize);
        for (_, agent) in hidden {
            match agent.breach() {
                Some(AfterCallWork) => acw += 1,
                Some(Break) => breaks += 1,
                None => {}
            }
        }
        let kinds = [(acw, "ACW"), (breaks, "break")].into_iter().filter(|(count, _)| *count > 0);
        let kinds: Vec<_> = kinds.map(|(count, word)| format!("{count} {word}")).collect();
        let over = (!kinds.is_empty()).then(|| [kinds.join(", "), (acw + breaks).to_string()]);
        Self { over, ..Self::of(agents.len(), top, shown) }
    }

    /// Of queues.
    pub(super) fn of_queues(app: &App, queues: &[Queue], top: usize, shown: usize) -> Self {
        let hidden = || hidden(queues, top, shown);
        let live = hidden().filter_map(Queue::live);
        let waiting = live.map(|live| u64::from(live.waiting_calls)).sum();
        let late = wait::late(app, hidden());
        let over = (late > 0).then(|| [format!("{late} over target"), late.to_string()]);
        Self { waiting: Some(waiting), over, ..Self::of(queues.len(), top, shown) }
    }

    /// Of departments.
    pub(super) fn of_departments(
        app: &App,
        departments: &[Department],
        top: usize,
        shown: usize,
    ) -> Self {
        let hidden = || hidden(departments, top, shown);
        let summaries = || hidden().filter_map(Department::summary);
        let waiting = summaries().map(|summary| u64::from(summary.waiting_calls)).sum();
        let late: usize = hidden().map(|it| wait::late(app, it.queues())).sum();
        let breaches: u64 = summaries().map(|summary| u64::from(summary.breaches)).sum();
        let kinds = [(late as u64, "over target"), (breaches, "over limit")];
        let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
        let kinds: Vec<_> =
            kinds.map(|(count, word)| format!("{} {word}", format::count(count))).collect();
        let over =
            (!kinds.is_empty()).then(|| [kinds.join(", "), format::count(late as u64 + breaches)]);
        Self { waiting: Some(waiting), over, ..Self::of(departments.len(), top, shown) }
    }

    /// Says so in a row, if there is anything to say.
    pub(super) fn draw(&self, theme: &Theme, row: Rect, buffer: &mut Buffer) {
        let count = |count: usize| format::count(count as u64);
        let words = match (self.above, self.below) {
            (0, 0) => return,
            (0, below) => format!("+{} more", count(below)),
            (above, 0) => format!("+{} above", count(above)),
            (above, below) => format!("+{} above, +{} more", count(above), count(below)),
        };
        let waiting = self.waiting.map(|waiting| format!(" ({} waiting)", format::count(waiting)));
        let mut pen = Pen::new(buffer, row, &theme.symbols);
        pen.skip(1).put(&words, theme.dim);
        // Nothing of what follows is cut to something else, and what is over goes last.
        let badges = self.over.iter().flatten();
        let badges = badges.map(|over| format!(" {}{over} ", theme.symbols.breach));
        let badges: Vec<_> = badges.collect();
        let least = badges.last().map_or(0, |badge| 1 + scrub::width(badge));
        if let Some(waiting) = waiting.filter(|it| scrub::width(it) + least <= pen.left()) {
            pen.put(&waiting, theme.dim);
        }
        if let Some(badge) = badges.iter().find(|badge| scrub::width(badge) < pen.left()) {
            pen.skip(1).put(badge, theme.breach);
        }
    }
}

fn hidden<T>(all: &[T], top: usize, shown: usize) -> impl Iterator<Item = &T> {
    let (before, rest) = all.split_at(top.min(all.len()));
    before.iter().chain(rest.iter().skip(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_view_is_told_whole_or_not_at_all() {
        let more = More {
            above: 1,
            below: 12,
            waiting: Some(34),
            over: Some(["2 over target".to_owned(), "2".to_owned()]),
        };
        for (columns, told) in [
            (60, " +1 above, +12 more (34 waiting)  !2 over target"),
            (40, " +1 above, +12 more (34 waiting)  !2"),
            (37, " +1 above, +12 more (34 waiting)  !2"),
            (36, " +1 above, +12 more  !2 over target"),
            (34, " +1 above, +12 more  !2"),
            (22, " +1 above, +12 more"),
        ] {
            let row = Rect::new(0, 0, columns, 1);
            let mut buffer = Buffer::empty(row);
            more.draw(&Theme::default(), row, &mut buffer);
            let text: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
            assert_eq!(text.trim_end(), told, "{columns}");
        }
    }
}
