//! What happens, newest first.

use monti_core::wire::{ActivityEvent, ActivityKind};
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    panel::{Part, panel},
    pen::Pen,
};
use crate::{App, board::Board, format, screen::ActivityScreen};

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
    let inner = panel(theme, ("Activity", theme.title), &parts, true, body, buffer);
    let shown = app.live().activity(app.now()).filter(|happening| screen.shows(happening));
    let mut lines = inner.rows();
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1).left_in(10, "time", theme.dim).left_in(14, "what", theme.dim);
        pen.right_in(8, "after", theme.dim).skip(2).left_in(24, "queue", theme.dim);
        pen.left_in(22, "call", theme.dim).put("agent", theme.dim);
    }
    for (happening, line) in shown.skip(screen.list.top()).zip(lines) {
        let event = &happening.event;
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1).left_in(10, &app.clock().seconds(happening.at), theme.dim);
        let style = match event.kind {
            ActivityKind::Abandoned | ActivityKind::AgentLost | ActivityKind::RingTimeout => {
                theme.levels[2]
            }
            ActivityKind::Breach => theme.breach,
            _ => theme.text,
        };
        pen.left_in(14, word(event.kind), style);
        let seconds = event.seconds.map_or_else(String::new, |seconds| format::duration(seconds.0));
        pen.right_in(8, &seconds, theme.text).skip(2);
        pen.left_in(24, &place(board, event), theme.text);
        let call = event.call_id.map_or_else(String::new, |call| call.to_string());
        pen.left_in(22, &call, theme.dim);
        let agent = event.agent_id.as_ref().map(|login| {
            board
                .agent(login)
                .map_or_else(|| login.to_string(), |(_, agent)| agent.name().to_owned())
        });
        pen.rest(agent.as_deref().unwrap_or_default(), theme.text);
    }
}

fn place(board: &Board, event: &ActivityEvent) -> String {
    let found = board.find(&event.department).and_then(|at| board.departments().get(at));
    let department = found.map_or(event.department.as_str(), |it| it.name());
    let queue = event.vq.as_deref().map(|vq| board.queue(vq).map_or(vq, |(_, queue)| queue.name()));
    queue.map_or_else(|| department.to_owned(), |queue| format!("{department} {queue}"))
}

fn word(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Queued => "queued",
        ActivityKind::Assigned => "ringing",
        ActivityKind::Accepted => "answered",
        ActivityKind::Completed => "completed",
        ActivityKind::Abandoned => "abandoned",
        ActivityKind::Rejected => "rejected",
        ActivityKind::RingTimeout => "no answer",
        ActivityKind::AgentLost => "agent lost",
        ActivityKind::Breach => "over limit",
        ActivityKind::BreachCleared => "limit cleared",
        ActivityKind::Login => "login",
        ActivityKind::Logout => "logout",
    }
}
