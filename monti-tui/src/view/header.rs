//! The first line: which centre, its time, how fresh that is, and whether something is wrong.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

use crate::{App, Freshness, format};

/// Draws it.
pub(super) fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let name = app.board().map_or("", |board| board.name());
    let (word, style) = match app.freshness() {
        Freshness::Connecting => ("connecting".to_owned(), theme.warning),
        Freshness::Live => ("live".to_owned(), theme.live),
        Freshness::Late(age) => (format!("late {}", format::duration(age)), theme.warning),
        Freshness::Stale(age) => (format!("stale {}", format::duration(age)), theme.warning),
        Freshness::Lost { age, retry_in, .. } => {
            let age = format::maybe_duration(age);
            let retry =
                retry_in.map(|left| format!(", trying again in {} s", left.get().div_ceil(1_000)));
            (format!("lost {age}{}", retry.unwrap_or_default()), theme.warning)
        }
    };
    let spans = [
        Span::styled(" MONTI ", theme.title),
        Span::styled(format!(" {name}   "), theme.text),
        Span::styled(word, style),
    ];
    Line::from_iter(spans).render(area, buffer);
}
