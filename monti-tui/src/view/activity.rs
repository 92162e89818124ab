//! What happens, newest first.

use monti_core::{
    Timestamp,
    wire::{ACTIVITY_EVENTS_MAX, ActivityEvent, ActivityKind},
};
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    panel::{Part, panel},
    pen::Pen,
};
use crate::{App, What, activity::Words, board::Board, format, layout, screen::ActivityScreen};

/// Draws it.
pub(super) fn render(
    app: &App,
    board: &Board,
    screen: &ActivityScreen,
    body: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let mut parts = vec![Part::new("newest first", theme.dim)];
    if !screen.filter.is_empty() {
        parts.insert(0, Part::new(format!("with {}", screen.filter), theme.warning));
    }
    let shown = screen.list.top() + layout::entries(Some(body), 2);
    parts.extend(Part::further_down(app.happenings(screen).skip(shown).count(), theme.dim));
    let inner = panel(theme, ("Activity", theme.title), &parts, true, body, buffer);
    let mut lines = inner.rows();
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1).left_in(10, "time", theme.dim).left_in(14, "what", theme.dim);
        pen.right_in(8, "after", theme.dim).skip(2).left_in(24, "queue", theme.dim);
        pen.left_in(22, "call", theme.dim).put("agent", theme.dim);
    }
    for (happening, line) in app.happenings(screen).skip(screen.list.top()).zip(lines) {
        match &happening.what {
            What::Event(event) => happened(app, board, happening.at, event, line, buffer),
            What::Silence(since) => {
                let (from, to) = (app.clock().seconds(*since), app.clock().seconds(happening.at));
                let words = format!("not all was told from {from} to {to}");
                Pen::new(buffer, line, &theme.symbols).skip(1).rest(&words, theme.warning);
            }
            What::More => {
                let mut pen = Pen::new(buffer, line, &theme.symbols);
                pen.skip(1).left_in(10, &app.clock().seconds(happening.at), theme.dim);
                let words =
                    format!("more may have happened: {ACTIVITY_EVENTS_MAX} are told at most");
                pen.rest(&words, theme.warning);
            }
        }
    }
}

fn happened(
    app: &App,
    board: &Board,
    at: Timestamp,
    event: &ActivityEvent,
    line: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let Words { what, place, call, agent } = Words::of(board, event, app.names());
    let style = match event.kind {
        ActivityKind::Abandoned | ActivityKind::AgentLost | ActivityKind::RingTimeout => {
            theme.levels[2]
        }
        ActivityKind::Breach => theme.breach,
        _ => theme.text,
    };
    let seconds = event.seconds.map_or_else(String::new, |seconds| format::duration(seconds.0));
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    pen.skip(1).left_in(10, &app.clock().seconds(at), theme.dim).left_in(14, what, style);
    pen.right_in(8, &seconds, theme.text).skip(2).left_in(24, &place, theme.text);
    pen.left_in(22, &call, theme.dim).rest(&agent, theme.text);
}
