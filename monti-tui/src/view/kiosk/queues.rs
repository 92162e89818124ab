//! A department's queues below the figures of a wall, beside each other where that shows more.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    style::Style,
    widgets::{Clear, Widget as _},
};

use crate::{
    App,
    board::{Board, Department, Queue},
    format, scrub,
    view::{
        more::More,
        name,
        panel::{Part, panel},
        pen::Pen,
        queue_card::waiting_style,
        service_level::ServiceLevel,
        wait::Wait,
    },
};

/// The rows of titles: the department's, and the columns'.
const TITLES: u16 = 2;

/// The columns between queues beside each other.
const GAP: u16 = 3;

/// The fewest columns of a name.
const NAME_MIN: usize = 12;

/// The rows of a department, its titles included, in so many columns.
pub(super) fn rows(department: &Department, columns: u16) -> u16 {
    let queues = department.queues();
    let lines = queues.len().div_ceil(Columns::of(queues, columns.into()).beside);
    u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(TITLES)
}

/// How queues stand beside each other.
#[derive(Clone, Copy)]
struct Columns {
    /// How many of them can.
    beside: usize,
    /// The columns of a name, and of a figure.
    name: usize,
    figure: usize,
    heads: &'static [&'static str],
}

impl Columns {
    fn of(queues: &[Queue], columns: usize) -> Self {
        let whole = Self::with(&["waiting", "longest", "SL", "active", "available"], 11);
        let short = Self::with(&["wait", "longest", "SL", "act", "avl"], 8);
        let least = Self::with(&["waiting", "longest", "SL"], 10);
        let fitted = |it: Self| it.fitted(queues, columns);
        match (fitted(whole), fitted(short)) {
            (Some(whole), Some(short)) if whole.beside >= short.beside => whole,
            (_, Some(short)) => short,
            (_, None) => fitted(least).unwrap_or(least),
        }
    }

    const fn with(heads: &'static [&'static str], figure: usize) -> Self {
        Self { beside: 1, name: NAME_MIN, figure, heads }
    }

    /// These with names as long as they are, or as there is room for; `None` if there is none.
    fn fitted(self, queues: &[Queue], columns: usize) -> Option<Self> {
        let gap = usize::from(GAP);
        let figures = 1 + self.heads.len() * self.figure;
        let names = queues.iter().map(|queue| scrub::width(queue.name()));
        let name = names.max().unwrap_or_default().max(NAME_MIN).min(columns.checked_sub(figures)?);
        let beside = ((columns + gap) / (figures + name + gap)).max(1);
        (name >= NAME_MIN).then_some(Self { beside, name, ..self })
    }

    fn width(&self) -> u16 {
        u16::try_from(1 + self.name + self.heads.len() * self.figure).unwrap_or(u16::MAX)
    }
}

/// Draws them, each in its line.
pub(super) fn render(
    app: &App,
    board: &Board,
    department: &Department,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let inner = panel(
        theme,
        (department.name(), theme.title),
        &parts(app, board, department),
        false,
        area,
        buffer,
    );
    let queues = department.queues();
    let columns = Columns::of(queues, inner.width.into());
    let lines = usize::from(inner.height.saturating_sub(1));
    // One below the other as long as there is room for that.
    let beside = queues.len().div_ceil(lines.max(1)).clamp(1, columns.beside);
    let each = queues.len().div_ceil(beside).min(lines);
    // What has no room is said in place of the last.
    let shown = each * beside;
    let shown = if shown < queues.len() { shown.saturating_sub(1) } else { shown };
    if shown == 0 {
        // Titles of nothing tell nothing.
        More::of_queues(app, queues, 0, 0).draw(theme, inner, buffer);
        return;
    }
    let widths = std::iter::repeat_n(Constraint::Length(columns.width()), beside);
    let stacks = Layout::horizontal(widths).spacing(GAP).split(inner);
    for (stack, of_stack) in stacks.iter().zip(queues.chunks(each)) {
        let mut rows = stack.rows();
        if let Some(row) = rows.next() {
            heads(app, &columns, row, buffer);
        }
        for (queue, row) in of_stack.iter().zip(rows) {
            line(app, board, queue, &columns, row, buffer);
        }
    }
    let last = stacks.last().and_then(|stack| stack.rows().nth(each));
    if let Some(row) = last.filter(|_| shown < queues.len()) {
        Clear.render(row, buffer);
        buffer.set_style(row, theme.ground);
        More::of_queues(app, queues, 0, shown).draw(theme, row, buffer);
    }
}

/// Which of the departments it is, and it in a few words: all there is where there is least room.
fn parts(app: &App, board: &Board, department: &Department) -> Vec<Part> {
    let theme = app.theme();
    let places = board.departments().iter().map(Department::id);
    let place = places.take_while(|id| *id != department.id()).count() + 1;
    let mut parts = vec![Part::new(format!("{place} of {}", board.departments().len()), theme.dim)];
    if let Some(summary) = department.summary() {
        let waiting = format!("{} waiting", format::count(summary.waiting_calls));
        parts.push(Part::new(waiting, waiting_style(theme, summary.waiting_calls)));
        let level = ServiceLevel::of(theme, board, summary.service_level_percent);
        parts.push(Part::new(format!("SL {}", level.text), level.style));
    }
    parts
}

fn heads(app: &App, columns: &Columns, row: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut pen = Pen::new(buffer, row, &theme.symbols);
    pen.skip(1).left_in(columns.name, "queue", theme.dim);
    for head in columns.heads {
        pen.right_in(columns.figure, head, theme.dim);
    }
}

fn line(
    app: &App,
    board: &Board,
    queue: &Queue,
    columns: &Columns,
    row: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let mut pen = Pen::new(buffer, row, &theme.symbols);
    let name = name::fit(queue.name(), columns.name, theme.symbols.ellipsis);
    pen.skip(1).left_in(columns.name, &name, theme.text);
    let Some(live) = queue.live() else { return };
    let level = ServiceLevel::of(theme, board, live.service_level.current_percent);
    let waiting = waiting_style(theme, live.waiting_calls);
    let wait = Wait::of(app, Some(queue));
    let figures: [(String, Style); 5] = [
        (format::count(live.waiting_calls), waiting),
        (wait.marked(theme), wait.style),
        (level.text, level.style),
        (format::count(live.active_calls), theme.text),
        (format::count(live.available_agents), theme.text),
    ];
    for (figure, style) in figures.iter().take(columns.heads.len()) {
        pen.right_in(columns.figure, figure, *style);
    }
}
