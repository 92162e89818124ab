//! All departments: a band each, agents, queue cards, agents.

use monti_core::AgentState;
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    agent_row::Rows,
    more::More,
    panel::{Part, Wording, below_title, fitting, worded},
    queue_card::{self, Cards, longest_name},
    service_level::ServiceLevel,
};
use crate::{
    App,
    board::{self, Agent, Board, Department},
    format,
    layout::{self, Band},
    screen::{Cursor, Pick},
    theme::{Theme, state_word},
};

/// Draws it.
pub(super) fn render(app: &App, board: &Board, cursor: &Cursor, body: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let grid = layout::grid(board, body, cursor.department);
    let of_band = |band: &Band| &board.departments()[band.department];
    let titles: Vec<_> =
        grid.bands.iter().map(|band| Titles::of(app, board, of_band(band), band)).collect();
    // What can be compared looks alike.
    let look = Look {
        agents: titles.iter().map(|it| it.agents).max().unwrap_or_default(),
        queues: titles.iter().map(|it| it.queues).max().unwrap_or_default(),
        names: grid.bands.iter().map(|band| longest_name(of_band(band))).max().unwrap_or(0),
    };
    for (band, titles) in grid.bands.iter().zip(&titles) {
        let department = of_band(band);
        let pick = (cursor.department == band.department).then_some(&cursor.pick);
        let rows = Rows { theme, department, limits: board.limits(), now: app.now() };
        titles.draw(&rows, &look, band, pick, buffer);
        let selected = picked_queue(pick);
        let cards = Cards { app, board, department, selected, names: look.names };
        let below = below_title(band.queues);
        cards.render(grid.queue_rows(band, department.queues().len()), below, buffer);
    }
    if let Some((row, first)) = grid.more.zip(grid.bands.first()) {
        let (top, shown) = (first.department, grid.bands.len());
        More::of_departments(app, board.departments(), top, shown).draw(theme, row, buffer);
    }
}

/// What all bands have in common.
struct Look {
    agents: Wording,
    queues: Wording,
    /// The columns of the longest name of a queue.
    names: usize,
}

/// What the titles of a band say.
struct Titles {
    /// The agents, and how many of these parts have room in the left title: the right one has the
    /// others.
    head_count: Vec<Part>,
    left: usize,
    agents: Wording,
    figures: Vec<Part>,
    queues: Wording,
}

impl Titles {
    fn of(app: &App, board: &Board, department: &Department, band: &Band) -> Self {
        let head_count = head_count(app.theme(), department);
        let left = fitting(department.name(), &head_count, band.agents[0].width);
        let agents = Wording::of(department.name(), &head_count[..left], band.agents[0].width);
        let figures = queue_figures(app, board, department);
        let queues = Wording::of(QUEUES, &figures, band.queues.width);
        Self { head_count, left, agents, figures, queues }
    }

    /// Draws them, and the agents below them.
    fn draw(
        &self,
        rows: &Rows<'_>,
        look: &Look,
        band: &Band,
        pick: Option<&Pick>,
        buffer: &mut Buffer,
    ) {
        let (theme, department) = (rows.theme, rows.department);
        let halves = department.halves();
        let is_all = pick == Some(&Pick::Department);
        let style = if is_all { theme.selected.patch(theme.title) } else { theme.title };
        let (left, more) = self.head_count.split_at(self.left);
        let (title, parts) = ((department.name(), style), (left, look.agents));
        let inner = worded(theme, title, parts, is_all, band.agents[0], buffer);
        agents(rows, halves[0], pick, inner, buffer);
        let parts = (&self.figures[..], look.queues);
        worded(theme, (QUEUES, theme.dim), parts, false, band.queues, buffer);
        let range = name_range(theme, department).unwrap_or_default();
        // Without more to say of the agents it says whose they are.
        let name = if more.is_empty() { department.name() } else { "" };
        let range = format!("{name} {range}");
        let range = range.trim();
        let parts = (more, look.agents.max(Wording::of(range, more, band.agents[1].width)));
        let inner = worded(theme, (range, theme.dim), parts, false, band.agents[1], buffer);
        agents(rows, halves[1], pick, inner, buffer);
    }
}

/// The title of a band's queues.
const QUEUES: &str = "Queues";

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
        let count = count_of(department, state);
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
    if department.cut_off() > 0 {
        let symbol = (theme.symbols.lost, theme.warning);
        parts.push(Part::count(symbol, format::count(department.cut_off()), LOST, theme.dim));
    }
    parts
}

/// How many agents of a department are in a state; of those who are available only those whom calls
/// go to: the others are counted as [`LOST`].
pub(super) fn count_of(department: &Department, state: AgentState) -> u32 {
    let states = department.summary().map(|summary| &summary.state_breakdown);
    match state {
        AgentState::Available => department.available(),
        _ => states.and_then(|it| it.get(&state)).copied().unwrap_or(0),
    }
}

/// What is said of who is available and has lost the link.
pub(super) const LOST: &str = "link lost";

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
    let level = ServiceLevel::of(theme, board, summary.service_level_percent);
    let waiting = queue_card::waiting_style(theme, summary.waiting_calls);
    let (waits, active) =
        (format::count(summary.waiting_calls), format::count(summary.active_calls));
    vec![
        Part::new(format!("SL {}", level.text), level.style),
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
