//! All departments: a band each, agents, queue cards, agents.

use monti_core::AgentState;
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    agent_row::Rows,
    more::More,
    panel::{Part, fitting, panel},
    queue_card::{self, Cards},
};
use crate::{
    App,
    board::{self, Agent, Board, Department},
    format,
    layout::{self, Band, Grid},
    screen::{Cursor, Pick},
    theme::{Level, Theme, state_word},
};

/// Draws it.
pub(super) fn render(app: &App, board: &Board, cursor: &Cursor, body: Rect, buffer: &mut Buffer) {
    let grid = layout::grid(board, body, cursor.department);
    for band in &grid.bands {
        let department = &board.departments()[band.department];
        let pick = (cursor.department == band.department).then_some(&cursor.pick);
        draw(app, board, department, &grid, band, pick, buffer);
    }
    if let Some((row, first)) = grid.more.zip(grid.bands.first()) {
        let departments = board.departments();
        let (top, shown) = (first.department, grid.bands.len());
        More::of_departments(app, departments, top, shown).draw(app.theme(), row, buffer);
    }
}

fn draw(
    app: &App,
    board: &Board,
    department: &Department,
    grid: &Grid,
    band: &Band,
    pick: Option<&Pick>,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let rows = Rows { theme, department, limits: board.limits(), now: app.now() };
    let is_all = pick == Some(&Pick::Department);
    let title =
        (department.name(), if is_all { theme.selected.patch(theme.title) } else { theme.title });
    // What has no room in the left title stands in the right one.
    let parts = head_count(theme, department);
    let (left, more) = parts.split_at(fitting(title.0, &parts, band.agents[0].width));
    let inner = panel(theme, title, left, is_all, band.agents[0], buffer);
    agents(&rows, department.halves()[0], pick, inner, buffer);

    let figures = queue_figures(app, board, department);
    let inner = panel(theme, ("Queues", theme.dim), &figures, false, band.queues, buffer);
    let cards = Cards { app, board, department, selected: picked_queue(pick) };
    cards.render(grid.queue_rows(band, department.queues().len()), inner, buffer);

    let right = department.halves()[1];
    let range = name_range(theme, department).unwrap_or_default();
    let named = format!("{} {range}", department.name());
    let range = if more.is_empty() { named } else { range };
    let inner = panel(theme, (&range, theme.dim), more, false, band.agents[1], buffer);
    agents(&rows, right, pick, inner, buffer);
}

fn picked_queue(pick: Option<&Pick>) -> Option<usize> {
    match pick {
        Some(Pick::Queue(queue)) => Some(*queue),
        _ => None,
    }
}

/// Agents in order as far as they fit, and how many do not.
fn agents(
    rows: &Rows<'_>,
    half: board::Rows<'_>,
    pick: Option<&Pick>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let shown = layout::fitting(half.len(), usize::from(area.height));
    for (agent, row) in half.iter().take(shown).zip(area.rows()) {
        let is_picked = matches!(pick, Some(Pick::Agent(login)) if login == agent.login());
        rows.render(agent, is_picked, row, buffer);
    }
    if let Some(row) = area.rows().nth(shown) {
        More::of_agents(half, 0, shown).draw(rows.theme, row, buffer);
    }
}

/// How many agents there are, who is over a limit, and how many are in each state.
pub(super) fn head_count(theme: &Theme, department: &Department) -> Vec<Part> {
    let Some(summary) = department.summary() else { return Vec::new() };
    let noun = if summary.total_agents == 1 { "agent" } else { "agents" };
    let total = format::count(summary.total_agents);
    let words = format!("{total} {noun}");
    let mut parts = vec![Part::new(words, theme.text).or(total)];
    if summary.breaches > 0 {
        let badge = format!("{}{}", theme.symbols.breach, summary.breaches);
        let words = format!(" {badge} over limit ");
        parts.push(Part::new(words, theme.breach).or(badge));
    }
    for state in COUNTED {
        let count = summary.state_breakdown.get(&state).copied().unwrap_or(0);
        let (symbol, text) = match (state, count) {
            // That nobody is there to take a call is said, and loudly while callers wait.
            (AgentState::Available, 0) if summary.waiting_calls > 0 => {
                (theme.levels[2], theme.levels[2])
            }
            (AgentState::Available, 0) => (theme.dim, theme.dim),
            (_, 0) => continue,
            _ => (theme.state(state), theme.dim),
        };
        let symbol = (theme.state_symbol(state), symbol);
        parts.push(Part::count(symbol, format::count(count), state_word(state), text));
    }
    parts
}

/// The states in the order in which a title counts them: who can act, who is busy, who is away.
const COUNTED: [AgentState; 11] = [
    AgentState::Available,
    AgentState::OnCall,
    AgentState::OnHold,
    AgentState::Ringing,
    AgentState::AfterCallWork,
    AgentState::NotResponding,
    AgentState::Break,
    AgentState::Lunch,
    AgentState::Training,
    AgentState::Meeting,
    AgentState::Offline,
];

/// What matters most of a department's queues.
fn queue_figures(app: &App, board: &Board, department: &Department) -> Vec<Part> {
    let theme = app.theme();
    let Some(summary) = department.summary() else { return Vec::new() };
    let percent = summary.service_level_percent;
    let level = theme.service_level(Level::of(percent, &board.centre().colours));
    let percent = percent.map_or_else(|| theme.symbols.dash.to_owned(), format::share);
    let waiting = queue_card::waiting_style(theme, summary.waiting_calls);
    let (waits, active) =
        (format::count(summary.waiting_calls), format::count(summary.active_calls));
    vec![
        Part::new(format!("SL {percent}"), level),
        Part::new(format!("{waits} waiting"), waiting).or(format!("{waits} wait")),
        Part::new(format!("{active} active"), theme.dim).or(format!("{active} act")),
    ]
}

/// The initials of the first and the last name of the second half, as in a filing cabinet.
fn name_range(theme: &Theme, department: &Department) -> Option<String> {
    let initial = |agent: &Agent| {
        let first = agent.name_key().0.chars().next();
        first.map(|it| it.to_uppercase().to_string())
    };
    let [first, last] = department.second_half()?;
    Some(format!("{}{}{}", initial(first)?, theme.symbols.dash, initial(last)?))
}
