//! All departments where there is least room: a line each.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    help::wrapped,
    more::More,
    name,
    pen::Pen,
    queue_card::waiting_style,
    service_level::ServiceLevel,
    wait::{WAIT_WIDTH, Wait},
};
use crate::{App, Freshness, board::Board, format, layout, screen::Cursor};

/// The most columns that words are read in with ease.
const WORDS_COLUMNS_MAX: u16 = 100;

/// Draws them: name, waiting, longest wait, service level, over limit.
pub(super) fn render(app: &App, board: &Board, cursor: &Cursor, body: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let all = board.departments();
    let shown = layout::fitting(all.len(), body.height.into());
    let first = layout::first_in_view(cursor.department, all.len(), shown);
    let in_view = all.iter().enumerate().skip(first).take(shown);
    let mut lines = body.rows();
    for ((place, department), line) in in_view.zip(lines.by_ref()) {
        let is_selected = place == cursor.department;
        if is_selected {
            buffer.set_style(line, theme.selected);
        }
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let columns = pen.left().saturating_sub(21).min(24);
        let name = name::fit(department.name(), columns, theme.symbols.ellipsis);
        pen.left_in(columns, &name, theme.text);
        let Some(summary) = department.summary() else { continue };
        let waiting = waiting_style(theme, summary.waiting_calls);
        pen.right_in(4, &format::count(summary.waiting_calls), waiting);
        let wait = Wait::first(app, [department]);
        pen.right_in(WAIT_WIDTH + 1, &wait.marked(theme), wait.style);
        let level = ServiceLevel::of(theme, board, summary.service_level_percent);
        pen.right_in(5, &level.narrow(), level.style);
        if summary.breaches > 0 {
            let over = format!("{}{}", theme.symbols.breach, summary.breaches);
            pen.right_in(3, &over, theme.levels[2]);
        }
    }
    if let Some(line) = lines.next() {
        More::of_departments(app, all, first, shown).draw(theme, line, buffer);
    }
}

/// There is nothing yet: why, and what is done about it.
pub(super) fn nothing_yet(app: &App, body: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let (why, then) = match app.freshness() {
        Freshness::Lost { reason, retry_in, .. } => {
            let retry = retry_in.map(|left| left.get().div_ceil(1_000));
            (reason, retry.map(|left| format!("trying again in {left} s")))
        }
        _ => (app.live().awaited().to_owned(), None),
    };
    let columns = body.width.min(WORDS_COLUMNS_MAX);
    let lines: Vec<_> = wrapped(&why, columns.into()).into_iter().chain(then).collect();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let area = layout::centred(body, columns, rows);
    for (text, line) in lines.iter().zip(area.rows()) {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let columns = crate::scrub::width(text).min(pen.left());
        pen.skip((pen.left() - columns) / 2).left_in(columns, text, theme.dim);
    }
}
