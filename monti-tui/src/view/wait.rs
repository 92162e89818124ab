//! How long the call that waits longest has waited: plain while that is within what it may be,
//! coloured, bold and marked where it is over. Of several queues it is the wait that is furthest over
//! what it may be, and the longest where none is. One rule, wherever it is shown.

use ratatui::style::{Modifier, Style};

use crate::{
    App,
    board::{Department, Queue},
    format::{self, DURATION_WIDTH},
    theme::{Level, Theme},
};

/// The most columns that [`Wait::marked`] takes.
pub(super) const WAIT_WIDTH: usize = DURATION_WIDTH + 1;

/// The longest wait of a queue.
pub(super) struct Wait {
    /// The time, a dash when none waits.
    pub(super) text: String,
    /// How it looks.
    pub(super) style: Style,
    /// Whether it is longer than it may be.
    pub(super) is_over: bool,
}

impl Wait {
    /// The wait of these departments to look at first.
    pub(super) fn first<'a>(
        app: &App,
        departments: impl IntoIterator<Item = &'a Department>,
    ) -> Self {
        let first = app.kiosk().targets.first_wait(departments, app.now());
        Self::of(app, first.map(|wait| wait.queue))
    }

    /// Of a queue, if there is one.
    pub(super) fn of(app: &App, queue: Option<&Queue>) -> Self {
        let theme = app.theme();
        let waited = queue.and_then(|queue| queue.longest_wait(app.now()));
        let level = queue.and_then(|queue| app.kiosk().targets.wait(queue, app.now()));
        let text = waited.map_or_else(|| theme.symbols.dash.to_owned(), format::duration);
        match level {
            Some(level) if level.is_off() => {
                let style = theme.service_level(level).add_modifier(Modifier::BOLD);
                Self { text, style, is_over: true }
            }
            _ => Self { text, style: theme.text, is_over: false },
        }
    }

    /// The time behind its mark, if it has one.
    pub(super) fn marked(&self, theme: &Theme) -> String {
        format!("{}{}", if self.is_over { theme.symbols.breach } else { "" }, self.text)
    }
}

/// How many of `queues` have a call that waits longer than it may.
pub(super) fn late<'a>(app: &App, queues: impl IntoIterator<Item = &'a Queue>) -> usize {
    let level = |queue: &Queue| app.kiosk().targets.wait(queue, app.now());
    queues.into_iter().filter(|queue| level(queue).is_some_and(Level::is_off)).count()
}

/// Whether anything of a department is over: an agent's limit, or what a call may wait.
pub(super) fn is_over(app: &App, department: &Department) -> bool {
    department.breaches().next().is_some() || late(app, department.queues()) > 0
}
