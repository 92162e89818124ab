//! Where things are on a terminal of any size. The view draws by it, and clicks are found by it.

use monti_core::LoginId;
use ratatui::layout::{Constraint, Layout, Margin, Position, Rect, Size};

use crate::{
    App, Popup, Screen,
    board::{Board, Rows},
    screen::{AlertsPart, DepartmentScreen, Panel},
};

/// The columns and rows below which nothing can be shown but that.
pub const SMALLEST: Size = Size { width: 30, height: 5 };

/// The rows of a band of the grid, its title included.
const BAND_ROWS: u16 = 6;

/// The most rows of a queue's card on the grid: two of facts, one of its trend.
const CARD_ROWS_MAX: usize = 3;

/// The columns and rows below which what has most to say does it as briefly as it can: popups have
/// no frame, and a wall is a line for each department.
const ROOMY: Size = Size { width: 60, height: 16 };

/// The rows from which on keys are told; what is said is told on any.
const FOOTER_FROM: u16 = 10;

/// Whether there is room for more than what is needed most.
pub fn is_roomy(size: Size) -> bool {
    size.width >= ROOMY.width && size.height >= ROOMY.height
}

/// How much fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A word.
    Tiny,
    /// A line a thing.
    Lines,
    /// One department, with tabs for the others.
    Tabs,
    /// Everything side by side.
    Full,
}

impl Shape {
    /// What fits on a terminal of this size.
    pub fn of(size: Size) -> Self {
        match (size.width, size.height) {
            (100.., 30..) => Self::Full,
            (44.., 14..) => Self::Tabs,
            (width, height) if width >= SMALLEST.width && height >= SMALLEST.height => Self::Lines,
            _ => Self::Tiny,
        }
    }
}

/// The parts of every screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The centre and how fresh what is shown is.
    pub header: Rect,
    /// That what is shown is the past, if it is.
    pub past: Option<Rect>,
    /// The departments by name, where only one is shown.
    pub tabs: Option<Rect>,
    /// The screen itself.
    pub body: Rect,
    /// What was just said, or the keys.
    pub footer: Rect,
}

/// The page of `app`.
pub fn page(app: &App) -> Page {
    let size = app.size();
    let has_tabs = match app.screen() {
        Screen::Grid(_) => Shape::of(size) == Shape::Tabs,
        Screen::Department(_) | Screen::Queue(_) => Shape::of(size) >= Shape::Tabs,
        Screen::Alerts(_) | Screen::Activity(_) | Screen::Kiosk(_) => false,
    };
    let rows = |is_there: bool| Constraint::Length(u16::from(is_there));
    let is_past = app.is_past();
    // A wall has keys for nobody; it answers those who press one nevertheless.
    let has_keys = size.height >= FOOTER_FROM && !matches!(app.screen(), Screen::Kiosk(_));
    let has_footer = has_keys || app.notice().is_some();
    let [header, past, tabs, body, footer] = Layout::vertical([
        Constraint::Length(1),
        rows(is_past),
        rows(has_tabs),
        Constraint::Fill(1),
        rows(has_footer),
    ])
    .areas(Rect::from((Position::ORIGIN, size)));
    Page { header, past: is_past.then_some(past), tabs: has_tabs.then_some(tabs), body, footer }
}

/// A department on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Its place.
    pub department: usize,
    /// Its agents, the first half by name and the second; the title is the first row.
    pub agents: [Rect; 2],
    /// Its queues, likewise.
    pub queues: Rect,
}

/// All departments: as many bands as fit, the same in all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The bands of the page that has the selected department in it.
    pub bands: Vec<Band>,
    /// The row that tells of the departments which are on other pages, if there are any.
    pub more: Option<Rect>,
    /// The rows of a queue's card.
    card_rows: usize,
    /// Whether there is a row of column titles above the cards.
    has_titles: bool,
}

/// The grid of a board's departments in `body`, the page that has `selected` in it.
pub fn grid(board: &Board, body: Rect, selected: usize) -> Grid {
    let departments = board.departments();
    let all = departments.len().max(1);
    let has_pages = usize::from(body.height / BAND_ROWS) < all;
    let [body, more] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(u16::from(has_pages))])
            .areas(body);
    let fit = usize::from(body.height / BAND_ROWS).clamp(1, all);
    let bands = bands(body, departments.len(), fit, selected);
    let rows = bands.iter().map(|band| entries(Some(band.queues), 1)).min().unwrap_or(0);
    let queues = bands.iter().map(|band| departments[band.department].queues().len());
    let most = queues.max().unwrap_or(0);
    let card_rows = (rows / most.max(1)).clamp(1, CARD_ROWS_MAX);
    // Where all of them fit just so, titles would push one out.
    let has_titles = card_rows == 1 && rows > most.min(4) && rows != most;
    Grid { bands, more: has_pages.then_some(more), card_rows, has_titles }
}

impl Grid {
    /// How `queues` cards stand in a band.
    pub fn queue_rows(&self, band: &Band, queues: usize) -> QueueRows {
        let above = usize::from(self.has_titles);
        let rows = entries(Some(band.queues), 1) - above;
        QueueRows { above, each: self.card_rows, shown: fitting(queues, rows / self.card_rows) }
    }
}

fn bands(body: Rect, departments: usize, fit: usize, selected: usize) -> Vec<Band> {
    let first = selected / fit * fit;
    let shown = first..departments.min(first + fit);
    // A page that is not full keeps the places of one that is.
    let rows = Layout::vertical((0..fit).map(|_| Constraint::Fill(1))).split(body);
    let queue_columns = (body.width / 4).clamp(38, 48);
    let band = |(department, row): (usize, &Rect)| {
        let [left, queues, right] = Layout::horizontal([
            Constraint::Fill(1),
            Constraint::Length(queue_columns),
            Constraint::Fill(1),
        ])
        .spacing(1)
        .areas(*row);
        Band { department, agents: [left, right], queues }
    };
    shown.zip(rows.iter()).map(band).collect()
}

/// The panels of a department's screen, each with its title in the first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panels {
    /// The figures.
    pub figures: Option<Rect>,
    /// The agents.
    pub agents: Option<Rect>,
    /// The queues.
    pub queues: Option<Rect>,
    /// The selected queue's day.
    pub day: Option<Rect>,
}

/// From so many columns on a department's figures stand beside what they should be.
const FIGURES_TARGETS_FROM: u16 = 140;

/// The rows below which a queue's day is not pressed by a list of queues above it.
const DAY_ROWS: u16 = 14;

/// The panels of a department with so many `queues` in `body`, on a terminal of a `shape`; one
/// alone if one is `filling` it.
pub fn panels(body: Rect, shape: Shape, queues: usize, filling: Option<Panel>) -> Panels {
    let list_rows = u16::try_from(queues).unwrap_or(u16::MAX).saturating_add(2);
    let above_day = list_rows.min((body.height / 2).max(body.height.saturating_sub(DAY_ROWS)));
    match (filling, shape) {
        (Some(Panel::Agents), _) => Panels { agents: Some(body), ..Panels::default() },
        (Some(Panel::Queues), _) => {
            let [queues, day] =
                Layout::vertical([Constraint::Length(above_day), Constraint::Fill(1)]).areas(body);
            Panels { queues: Some(queues), day: Some(day), ..Panels::default() }
        }
        (None, Shape::Full) => {
            let figures = if body.width >= FIGURES_TARGETS_FROM { 31 } else { 22 };
            // What they take more the queues have less, and not the agents.
            let right = (body.width * 3 / 10).clamp(42, 72).saturating_sub(figures - 22).max(42);
            let [figures, agents, right] = Layout::horizontal([
                Constraint::Length(figures),
                Constraint::Fill(1),
                Constraint::Length(right),
            ])
            .spacing(1)
            .areas(body);
            let [queues, day] =
                Layout::vertical([Constraint::Length(above_day), Constraint::Fill(1)]).areas(right);
            Panels {
                figures: Some(figures),
                agents: Some(agents),
                queues: Some(queues),
                day: Some(day),
            }
        }
        (None, Shape::Tabs) => {
            let list_rows = list_rows.min(body.height / 2);
            let [figures, queues, agents] = Layout::vertical([
                Constraint::Length(1),
                Constraint::Length(list_rows),
                Constraint::Fill(1),
            ])
            .areas(body);
            Panels { figures: Some(figures), agents: Some(agents), queues: Some(queues), day: None }
        }
        (None, Shape::Lines | Shape::Tiny) => Panels { agents: Some(body), ..Panels::default() },
    }
}

/// The panels of a department's screen as `app` shows it.
pub fn department(app: &App, screen: &DepartmentScreen) -> Panels {
    let department = app.board().and_then(|board| board.departments().get(screen.department));
    let queues = department.map_or(0, |department| department.queues().len());
    let shape = Shape::of(app.size());
    panels(page(app).body, shape, queues, screen.filling(shape))
}

/// The panel of the agents of the one department that is shown, if one is.
pub fn agents(app: &App) -> Option<Rect> {
    match app.screen() {
        Screen::Department(screen) => department(app, screen).agents,
        Screen::Grid(cursor) => {
            let department = app.board()?.departments().get(cursor.department)?;
            panels(page(app).body, Shape::of(app.size()), department.queues().len(), None).agents
        }
        Screen::Queue(_) | Screen::Alerts(_) | Screen::Activity(_) | Screen::Kiosk(_) => None,
    }
}

/// From so many columns on a queue's day stands beside its facts.
const SIDE_BY_SIDE_FROM: u16 = 110;

/// The rows of a queue's facts in two columns.
pub const FACTS_BESIDE: usize = 11;

/// The rows of a queue's chart, and of its facts in two columns with their title.
const CHART_ROWS: u16 = 18;
const FACTS_ROWS: u16 = 12;

/// From so many columns on there is room for a queue's intervals.
const INTERVALS_FROM: u16 = 57;

/// A queue's facts, its chart where there is room for one, and its intervals: none where there is
/// least room.
pub fn queue(app: &App, body: Rect) -> (Rect, Option<Rect>, Rect) {
    if body.width < INTERVALS_FROM || app.size().height < ROOMY.height {
        return (body, None, Rect { height: 0, ..body });
    }
    if body.width < SIDE_BY_SIDE_FROM {
        let rows = [Constraint::Length(FACTS_ROWS), Constraint::Fill(1)];
        let [facts, intervals] = Layout::vertical(rows).areas(body);
        return (facts, None, intervals);
    }
    let columns = [Constraint::Length(54), Constraint::Fill(1)];
    let [facts, rest] = Layout::horizontal(columns).spacing(1).areas(body);
    let rows = [Constraint::Length(CHART_ROWS.min(rest.height / 2)), Constraint::Fill(1)];
    let [chart, intervals] = Layout::vertical(rows).areas(rest);
    (facts, Some(chart), intervals)
}

/// The rows below which only the part of the alerts that has the keys is shown.
const BOTH_ALERTS_FROM: u16 = 10;

/// What is over its limit now, its title in the first row, and what was today, a line of column
/// titles below its own.
pub fn alerts(body: Rect, part: AlertsPart) -> [Rect; 2] {
    let rows = match part {
        _ if body.height >= BOTH_ALERTS_FROM => [Constraint::Fill(3), Constraint::Fill(2)],
        AlertsPart::Now => [Constraint::Fill(1), Constraint::Length(0)],
        AlertsPart::Today => [Constraint::Length(0), Constraint::Fill(1)],
    };
    Layout::vertical(rows).areas(body)
}

/// How many rows below a panel's title there are for entries; a table has a line of column titles
/// as well.
pub fn entries(panel: Option<Rect>, titles: u16) -> usize {
    panel.map_or(0, |panel| usize::from(panel.height.saturating_sub(titles)))
}

/// How many of `len` entries are shown in `rows`, when what does not fit is said in the last one.
/// Where there is a single row it is an entry's.
pub fn fitting(len: usize, rows: usize) -> usize {
    if len <= rows { len } else { rows.saturating_sub(1).max(rows.min(1)) }
}

/// A popup of at most so many columns and rows, in the middle of `area`.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    area.centered(
        Constraint::Length(width.min(area.width)),
        Constraint::Length(height.min(area.height)),
    )
}

/// Whether popups have frames: where there is least room they have all of it.
pub fn is_framed(app: &App) -> bool {
    is_roomy(app.size())
}

/// What is inside a popup's `area`: within its frame, a column free on either side, if it has one.
pub fn inside(app: &App, area: Rect) -> Rect {
    if !is_framed(app) {
        return area;
    }
    let inner = area.inner(Margin::new(1, 1));
    let side = u16::from(inner.width > 2);
    Rect { x: inner.x + side, width: inner.width - 2 * side, ..inner }
}

/// How many of so many lines a popup shows in its `rows`: where it has no frame to say on that there
/// are more, its last row says so.
pub fn popup_rows(app: &App, lines: usize, rows: usize) -> usize {
    if is_framed(app) { rows } else { fitting(lines, rows) }
}

/// The area of a popup, its frame included.
pub fn popup(app: &App, popup: &Popup) -> Rect {
    let area = Rect::from((Position::ORIGIN, app.size()));
    let page = page(app);
    let below_header = Rect { y: page.body.y, height: page.body.height, ..area };
    let lines = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
    match popup {
        // Two columns where there is room for them.
        Popup::Help(_) if area.width >= 140 => centred(below_header, 150, u16::MAX),
        Popup::Help(_) => centred(below_header, 100, u16::MAX),
        // As high as what it says of now and today, and the days that were asked for.
        Popup::Agent(popup) => centred(below_header, 88, (14 + u16::from(popup.days)).min(30)),
        Popup::Menu(menu) => centred(below_header, 44, lines(menu.acts.len())),
        Popup::Confirm(_) => centred(below_header, 60, 7),
        Popup::Inject(_) => centred(below_header, 64, 11),
        Popup::Palette(_) => centred(below_header, 72, 18),
        Popup::Filter(..) => {
            // What it may be, or what is wrong with it, takes more than a line where there is less room.
            let rows = if area.width >= 80 { 2 } else { 4 };
            let rows = rows.min(area.height);
            Rect { y: area.bottom() - rows, height: rows, ..area }
        }
    }
}

/// What a click hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A department's title or tab.
    Department(usize),
    /// A queue: its department's place, and its own.
    Queue(usize, usize),
    /// An agent, of a department.
    Agent(usize, LoginId),
    /// The entry in this row of a part of the alerts.
    Alert(AlertsPart, usize),
    /// The panel of a department's screen.
    Panel(Panel),
}

/// What is at a place of the screen, popups not regarded.
pub fn target(app: &App, at: Position) -> Option<Target> {
    let page = page(app);
    let board = app.board()?;
    if page.tabs.is_some_and(|tabs| tabs.contains(at)) {
        let tabs = tabs(board, page.tabs?, app.screen().department()).tabs;
        let tab = tabs.into_iter().find(|(_, tab)| tab.contains(at));
        return tab.map(|(place, _)| Target::Department(place));
    }
    let row = usize::from(at.y.checked_sub(page.body.y)?);
    match app.screen() {
        Screen::Grid(cursor) => match Shape::of(app.size()) {
            Shape::Full => grid_target(board, cursor.department, page.body, at),
            Shape::Lines => {
                let departments = board.departments().len();
                let shown = fitting(departments, page.body.height.into());
                let place = first_in_view(cursor.department, departments, shown) + row;
                (row < shown).then_some(Target::Department(place))
            }
            Shape::Tabs | Shape::Tiny => None,
        },
        Screen::Department(screen) => department_target(app, board, screen, at),
        Screen::Alerts(screen) => {
            let [now, today] = alerts(page.body, screen.part);
            let row = |area: Rect, titles| (at.y - area.y).checked_sub(titles).map(usize::from);
            if now.contains(at) {
                return Some(Target::Alert(AlertsPart::Now, row(now, 1)?));
            }
            let is_today = today.contains(at);
            is_today.then(|| Some(Target::Alert(AlertsPart::Today, row(today, 2)?))).flatten()
        }
        Screen::Queue(_) | Screen::Activity(_) | Screen::Kiosk(_) => None,
    }
}

/// The departments by name in their row: those that have room, the one that is shown among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabs {
    /// The place of a department and its tab.
    pub tabs: Vec<(usize, Rect)>,
    /// Where it is said that there are departments before and after them, if there are any.
    pub before: Option<Rect>,
    /// Likewise.
    pub after: Option<Rect>,
}

/// The most columns of a department's name in its tab where not all of them have room.
const TAB_NAME_MAX: usize = 24;

/// The columns of a tab besides the name, its digit not regarded: two blanks on either side, one
/// of them its mark's, and one behind the digit.
const TAB_FRAME: usize = 5;

/// The columns in which it is said that there are more tabs.
const TABS_MORE: u16 = 2;

/// The tabs of all departments in their row, so that the one that is `shown` is in view.
pub fn tabs(board: &Board, row: Rect, shown: Option<usize>) -> Tabs {
    let width = |place: usize, name_max: usize| {
        let name = crate::scrub::width(board.departments()[place].name()).min(name_max);
        u16::try_from(name + place_digits(place) + TAB_FRAME).unwrap_or(u16::MAX)
    };
    let sum = |places: std::ops::Range<usize>, name_max| {
        places.fold(0_u16, |sum, place| sum.saturating_add(width(place, name_max)))
    };
    let all = board.departments().len();
    let is_whole = sum(0..all, usize::MAX) <= row.width;
    let name_max = if is_whole { usize::MAX } else { TAB_NAME_MAX };
    let shown = shown.unwrap_or(0).min(all.saturating_sub(1));
    let more = |is_there: bool| if is_there { TABS_MORE } else { 0 };
    // The columns of some tabs and of what is said of the others.
    let needs = |first: usize, end: usize| {
        sum(first..end, name_max).saturating_add(more(first > 0)).saturating_add(more(end < all))
    };
    let end_of_shown = (shown + 1).min(all);
    let first = (0..shown).find(|first| needs(*first, end_of_shown) <= row.width).unwrap_or(shown);
    let end = (end_of_shown..=all).rev().find(|end| needs(first, *end) <= row.width);
    let end = end.unwrap_or(end_of_shown);
    let last_x = row.right().saturating_sub(more(end < all));
    let mut x = row.x + more(first > 0);
    let tab = |place: usize| {
        let tab = Rect { x, width: width(place, name_max).min(last_x.saturating_sub(x)), ..row };
        x = tab.right();
        (place, tab)
    };
    let tabs = (first..end).map(tab).collect();
    let mark = |x: u16| Rect { x, width: TABS_MORE, ..row }.intersection(row);
    Tabs {
        tabs,
        before: (first > 0).then(|| mark(row.x)),
        after: (end < all).then(|| mark(last_x)),
    }
}

fn place_digits(place: usize) -> usize {
    if place < 9 { 1 } else { 0 }
}

fn grid_target(board: &Board, selected: usize, body: Rect, at: Position) -> Option<Target> {
    let grid = grid(board, body, selected);
    let of_band = |band: &Band| band.agents.iter().chain([&band.queues]).any(|it| it.contains(at));
    let band = grid.bands.iter().find(|band| of_band(band))?;
    let department = &board.departments()[band.department];
    let row = |area: Rect| usize::from(at.y - area.y).checked_sub(1);
    for (area, half) in band.agents.iter().zip(department.halves()) {
        if area.contains(at) {
            let agent = row(*area).and_then(|row| agent_in(half, row, entries(Some(*area), 1)));
            let whole = Target::Department(band.department);
            return Some(agent.map_or(whole, |login| Target::Agent(band.department, login)));
        }
    }
    let rows = grid.queue_rows(band, department.queues().len());
    let queue =
        row(band.queues).and_then(|row| row.checked_sub(rows.above)).map(|row| row / rows.each);
    let queue = queue.filter(|queue| *queue < rows.shown);
    let whole = Target::Department(band.department);
    Some(queue.map_or(whole, |queue| Target::Queue(band.department, queue)))
}

fn agent_in(agents: Rows<'_>, row: usize, rows: usize) -> Option<LoginId> {
    let is_shown = row < fitting(agents.len(), rows);
    agents.get(row).filter(|_| is_shown).map(|agent| agent.login().clone())
}

/// How queue cards stand in their panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueRows {
    /// Rows of column titles below the panel's title.
    pub above: usize,
    /// Rows a card.
    pub each: usize,
    /// How many cards are shown; if that is not all, the row after them says so.
    pub shown: usize,
}

fn department_target(
    app: &App,
    board: &Board,
    screen: &DepartmentScreen,
    at: Position,
) -> Option<Target> {
    let panels = department(app, screen);
    let hit = |panel: Option<Rect>| panel.filter(|panel| panel.contains(at));
    let row = |panel: Rect, titles: u16| (at.y - panel.y).checked_sub(titles).map(usize::from);
    if let Some(panel) = hit(panels.agents) {
        let rows = screen.table.rows();
        let row = row(panel, 2).filter(|row| *row < fitting(rows.len(), entries(Some(panel), 2)));
        let agent = row.and_then(|row| rows.get(screen.table.list().top() + row));
        let agent = agent.map(|agent| Target::Agent(screen.department, agent.login().clone()));
        return Some(agent.unwrap_or(Target::Panel(Panel::Agents)));
    }
    let panel = hit(panels.queues)?;
    let queues = board.departments().get(screen.department)?.queues().len();
    let shown = fitting(queues, entries(Some(panel), 2));
    let first = first_in_view(screen.queue, queues, shown);
    let queue = row(panel, 2).filter(|row| *row < shown).map(|row| first + row);
    let queue = queue.map(|queue| Target::Queue(screen.department, queue));
    Some(queue.unwrap_or(Target::Panel(Panel::Queues)))
}

/// The first of `len` entries that is in view in `rows`, the `selected` one among them.
pub fn first_in_view(selected: usize, len: usize, rows: usize) -> usize {
    let last = len.saturating_sub(rows);
    (selected + 1).saturating_sub(rows).min(last)
}
