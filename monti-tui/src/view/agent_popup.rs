//! An agent: what they do now, today's figures, and their last days.

use monti_core::{Millis, wire::AgentDailyStats};
use ratatui::{buffer::Buffer, layout::Rect};

use super::{agent_table::state_text, frame, pen::Pen};
use crate::{
    App,
    board::Agent,
    format,
    screen::{AgentPopup, Load},
    theme::state_word,
};

/// The columns of the history: a title and a width each.
const COLUMNS: [(&str, usize); 9] = [
    ("Date", 10),
    ("Calls", 7),
    ("Talk", 9),
    ("ACW", 9),
    ("Hold", 9),
    ("Break", 9),
    ("Occ", 7),
    ("ACW over", 10),
    ("Brk over", 10),
];

/// Draws it.
pub(super) fn render(app: &App, popup: &AgentPopup, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let found = app.board().and_then(|board| Some((board, board.agent(&popup.login)?)));
    let Some((board, (place, agent))) = found else {
        let inner = frame(theme, &popup.login, area, buffer);
        let words = "this agent is not on the board any more";
        Pen::new(buffer, inner, &theme.symbols).put(words, theme.dim);
        return;
    };
    let inner = frame(theme, agent.name(), area, buffer);
    let department = &board.departments()[place];
    let mut lines = inner.rows();
    let info = agent.info();
    let places = [
        Some(info.agent_id.as_str()),
        Some(department.name()),
        info.team.as_deref(),
        info.location.as_deref(),
    ];
    let places = places.into_iter().flatten().map(crate::scrub::text);
    let places: Vec<_> = places.collect();
    let dot = format!(" {} ", theme.symbols.dot);
    let rows = [places.join(&dot), String::new()];
    for row in rows {
        let Some(line) = lines.next() else { return };
        Pen::new(buffer, line, &theme.symbols).rest(&row, theme.dim);
    }
    let Some(line) = lines.next() else { return };
    state(app, agent, line, buffer);
    let Some(line) = lines.next() else { return };
    call(app, agent, line, buffer);
    lines.next();
    for figures in today(app, agent) {
        let Some(line) = lines.next() else { return };
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        for (name, figure) in figures {
            let (text, style) = match &figure {
                Some(figure) => (figure.as_str(), theme.text),
                None => (theme.symbols.dash, theme.dim),
            };
            pen.left_in(9, name, theme.dim).right_in(8, text, style).skip(3);
        }
    }
    lines.next();
    let Some(line) = lines.next() else { return };
    let title = format!("Daily history, {} days", popup.days);
    Pen::new(buffer, line, &theme.symbols).put(&title, theme.title);
    let Some(titles) = lines.next() else { return };
    let mut pen = Pen::new(buffer, titles, &theme.symbols);
    for (at, (title, width)) in COLUMNS.into_iter().enumerate() {
        if at == 0 {
            pen.left_in(width, title, theme.dim);
        } else {
            pen.right_in(width, title, theme.dim);
        }
    }
    let history = match &popup.history {
        Load::Asked => Err("loading".to_owned()),
        Load::Refused(refusal) => Err(refusal.words.clone()),
        Load::Here(history) if history.days.is_empty() => Err("no days yet".to_owned()),
        Load::Here(history) => Ok(history),
    };
    match history {
        Err(words) => {
            if let Some(line) = lines.next() {
                Pen::new(buffer, line, &theme.symbols).rest(&words, theme.dim);
            }
        }
        Ok(history) => {
            for (day, line) in history.days.iter().skip(popup.list.top()).zip(lines) {
                draw_day(app, day, line, buffer);
            }
        }
    }
}

fn state(app: &App, agent: &Agent, line: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    let style = if agent.breach().is_some() { theme.breach } else { theme.state(agent.state()) };
    pen.put(&state_text(theme, agent), style);
    pen.put(&format!(" for {}", format::duration(agent.in_state(app.now()))), theme.text);
    if agent.breach().is_some() {
        pen.skip(1).put(&format!(" {} over limit ", theme.symbols.breach), theme.breach);
    }
    if agent.is_lost() {
        pen.skip(2).put("link lost", theme.warning);
    }
    if let Some(next) = agent.info().pending_state {
        pen.skip(2).put(&format!("then {}", state_word(next)), theme.dim);
    }
}

fn call(app: &App, agent: &Agent, line: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let info = agent.info();
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    let Some(call) = info.current_call_id else {
        pen.put("no call", theme.dim);
        return;
    };
    pen.put(&call.to_string(), theme.text);
    if let Some(vq) = info.current_vq.as_deref() {
        let name =
            app.board().and_then(|board| board.queue(vq)).map_or(vq, |(_, queue)| queue.name());
        pen.skip(2).put(name, theme.text);
    }
    if let Some(start) = info.call_start_time {
        pen.skip(2)
            .put(&format!("answered {} ago", format::duration(app.now().since(start))), theme.dim);
    }
}

type Figures = [(&'static str, Option<String>); 4];

fn today(app: &App, agent: &Agent) -> [Figures; 3] {
    let kpis = agent.kpis(app.now());
    let time = |duration: Millis| Some(format::duration(duration));
    [
        [
            ("calls", Some(format::count(kpis.calls_handled))),
            ("talk", time(kpis.talk_seconds.0)),
            ("hold", time(kpis.hold_seconds.0)),
            ("ACW", time(kpis.acw_seconds.0)),
        ],
        [
            ("AHT", kpis.avg_handle_seconds.and_then(|it| time(it.0))),
            ("idle", time(kpis.idle_seconds.0)),
            ("break", time(kpis.break_seconds.0)),
            ("logged in", time(kpis.login_seconds.0)),
        ],
        [
            ("occupancy", kpis.occupancy_percent.map(format::share)),
            ("RONA", Some(format::count(kpis.ring_no_answers))),
            ("ACW over", Some(format::count(kpis.acw_breaches))),
            ("brk over", Some(format::count(kpis.break_breaches))),
        ],
    ]
}

fn draw_day(app: &App, day: &AgentDailyStats, line: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let over = |count: u32| if count > 0 { theme.levels[2] } else { theme.text };
    let time = |duration: Millis| Some(format::duration(duration));
    let figures = [
        (Some(day.date.to_string()), theme.dim),
        (Some(format::count(day.calls_handled)), theme.text),
        (time(day.talk_seconds.0), theme.text),
        (time(day.acw_seconds.0), theme.text),
        (time(day.hold_seconds.0), theme.text),
        (time(day.break_seconds.0), theme.text),
        (day.occupancy_percent.map(format::share), theme.text),
        (Some(format::count(day.acw_breaches)), over(day.acw_breaches)),
        (Some(format::count(day.break_breaches)), over(day.break_breaches)),
    ];
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    for ((figure, style), (_, width)) in figures.iter().zip(COLUMNS) {
        let (text, style) = match figure {
            Some(figure) => (figure.as_str(), *style),
            None => (theme.symbols.dash, theme.dim),
        };
        pen.right_in(width, text, style);
    }
}
