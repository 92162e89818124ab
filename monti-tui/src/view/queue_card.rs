//! A queue's card: waiting, longest wait, service level with bar, active, available. The same
//! five facts in the same places everywhere.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    more::More,
    name,
    pen::Pen,
    service_level::ServiceLevel,
    wait::{WAIT_WIDTH, Wait},
};
use crate::{
    App,
    board::{Board, Department, Queue, STRETCHES},
    format,
    layout::QueueRows,
    scrub,
    theme::Theme,
};

/// The cards of a department.
pub(super) struct Cards<'a> {
    pub(super) app: &'a App,
    pub(super) board: &'a Board,
    pub(super) department: &'a Department,
    pub(super) selected: Option<usize>,
    /// The columns that the longest name needs of those that stand below each other.
    pub(super) names: usize,
}

/// The columns of the longest name of a department's queues.
pub(super) fn longest_name(department: &Department) -> usize {
    department.queues().iter().map(|queue| scrub::width(queue.name())).max().unwrap_or(0)
}

/// The columns of the facts when a card is one row.
const WAIT: usize = 6;
const LONGEST: usize = WAIT_WIDTH + 1;
const PERCENT: usize = 6;
const COUNT: usize = 5;
const NAME_MIN: usize = 10;

/// The columns of a name on a card of two rows before there is room for the trend, and the fewest
/// stretches of it that tell something.
const NAME_OF_CARD: usize = 13;
const TREND_MIN: usize = 6;

impl Cards<'_> {
    /// Draws as many as stand in `rows`, and how many do not.
    pub(super) fn render(&self, rows: QueueRows, area: Rect, buffer: &mut Buffer) {
        let queues = self.department.queues();
        let mut lines = area.rows();
        if rows.above > 0
            && let Some(line) = lines.next()
        {
            self.titles(line, buffer);
        }
        for (place, queue) in queues[..rows.shown].iter().enumerate() {
            let Some(first) = lines.next() else { return };
            let is_selected = self.selected == Some(place);
            if rows.each == 1 {
                self.row(queue, is_selected, first, buffer);
                continue;
            }
            let Some(second) = lines.next() else { return };
            self.card(queue, is_selected, [first, second], rows.each, buffer);
            if rows.each > 2
                && let Some(third) = lines.next()
            {
                self.trend(queue, is_selected, third, buffer);
            }
        }
        if rows.shown < queues.len()
            && let Some(line) = lines.next()
        {
            let more = More::of_queues(self.app, queues, 0, rows.shown);
            more.draw(self.app.theme(), line, buffer);
        }
    }

    /// The titles of the columns of [`Self::row`].
    pub(super) fn titles(&self, line: Rect, buffer: &mut Buffer) {
        let theme = self.app.theme();
        let columns = Columns::of(line.width, self.names);
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1 + columns.name);
        pen.right_in(columns.wait, "wait", theme.dim).right_in(LONGEST, "longest", theme.dim);
        pen.right_in(columns.percent, "SL", theme.dim);
        pen.skip(if columns.bar > 0 { columns.bar + 1 } else { 0 });
        pen.right_in(columns.count, "act", theme.dim).right_in(columns.count, "avl", theme.dim);
    }

    /// A queue in one row.
    pub(super) fn row(&self, queue: &Queue, is_selected: bool, line: Rect, buffer: &mut Buffer) {
        let theme = self.app.theme();
        let facts = Facts::of(self, queue);
        let columns = Columns::of(line.width, self.names);
        if is_selected {
            buffer.set_style(line, theme.selected);
        }
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.put(if is_selected { theme.symbols.cursor } else { " " }, theme.focus);
        pen.left_in(
            columns.name,
            &name::fit(queue.name(), columns.name, theme.symbols.ellipsis),
            theme.text,
        );
        pen.right_in(columns.wait, &facts.waiting, facts.waiting_style);
        pen.right_in(LONGEST, &facts.longest.marked(theme), facts.longest.style);
        let percent = match columns.percent {
            PERCENT => facts.level.text.clone(),
            _ => facts.level.narrow(),
        };
        pen.right_in(columns.percent, &percent, facts.level.style);
        if columns.bar > 0 {
            pen.skip(1);
            draw_bar(theme, &facts.level, columns.bar, &mut pen);
        }
        pen.right_in(columns.count, &facts.active, theme.text);
        pen.right_in(columns.count, &facts.available, theme.text);
    }

    /// The first two rows of a queue of so many; of two, the trend is in the first, if it has room.
    fn card(
        &self,
        queue: &Queue,
        is_selected: bool,
        lines: [Rect; 2],
        rows: usize,
        buffer: &mut Buffer,
    ) {
        let theme = self.app.theme();
        let facts = Facts::of(self, queue);
        let width = usize::from(lines[0].width);
        if is_selected {
            for line in lines {
                buffer.set_style(line, theme.selected);
            }
        }
        let mut pen = Pen::new(buffer, lines[0], &theme.symbols);
        pen.put(if is_selected { theme.symbols.cursor } else { " " }, theme.focus);
        // The figures stand at the right, in columns of their own.
        let room = width.saturating_sub(22 + NAME_OF_CARD.max(self.names + 1)).min(STRETCHES);
        let trend = if room >= TREND_MIN && rows == 2 { room } else { 0 };
        let columns = width.saturating_sub(22 + trend);
        pen.left_in(columns, &name::fit(queue.name(), columns, theme.symbols.ellipsis), theme.text);
        let stretches = queue.waiting().stretches(self.app.now());
        draw_trend(theme, &stretches[STRETCHES - trend..], &mut pen);
        pen.right_in(6, &facts.waiting, facts.waiting_style).skip(1).put("wait", theme.dim);
        pen.right_in(LONGEST, &facts.longest.marked(theme), facts.longest.style);
        let mut pen = Pen::new(buffer, lines[1], &theme.symbols);
        pen.skip(1).right_in(5, &facts.level.text, facts.level.style).skip(1);
        draw_bar(theme, &facts.level, width.saturating_sub(26), &mut pen);
        pen.right_in(6, &facts.active, theme.text).skip(1).put("act", theme.dim);
        pen.right_in(4, &facts.available, theme.text).skip(1).put("avl", theme.dim);
    }

    /// The third row of a queue: how many calls waited in the last minutes, and the most. Where
    /// none did it is empty.
    fn trend(&self, queue: &Queue, is_selected: bool, line: Rect, buffer: &mut Buffer) {
        let theme = self.app.theme();
        if is_selected {
            buffer.set_style(line, theme.selected);
        }
        let stretches = queue.waiting().stretches(self.app.now());
        let known = || stretches.iter().flatten();
        let Some(peak) = known().max().filter(|peak| **peak > 0) else { return };
        // Two stretches are a minute.
        let minutes = known().count().div_ceil(2);
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1).put("peak", theme.dim).right_in(6, &format::count(*peak), theme.dim);
        pen.put(&format!(" in {minutes:2} min"), theme.dim);
        // Its end is where the figures above it end.
        let columns = pen.left().saturating_sub(2).min(STRETCHES);
        pen.skip(pen.left().saturating_sub(columns + 1));
        draw_trend(theme, &stretches[STRETCHES - columns..], &mut pen);
    }
}

/// The columns of a row.
struct Columns {
    name: usize,
    wait: usize,
    percent: usize,
    bar: usize,
    count: usize,
}

impl Columns {
    /// In a row that is so wide, of names that need so much of it. The bar goes first, then the air
    /// between the figures.
    fn of(width: u16, names: usize) -> Self {
        let width = usize::from(width);
        let names = names.max(NAME_MIN);
        let room =
            |wait, percent, count| width.saturating_sub(1 + wait + LONGEST + percent + 2 * count);
        let rest = room(WAIT, PERCENT, COUNT);
        if rest < names {
            let (wait, percent, count) = (WAIT - 1, PERCENT - 1, COUNT - 1);
            return Self { name: room(wait, percent, count), wait, percent, bar: 0, count };
        }
        let bar = rest.saturating_sub(names + 1).min(16);
        let bar = if bar >= 4 { bar } else { 0 };
        let name = rest - if bar > 0 { bar + 1 } else { 0 };
        Self { name, wait: WAIT, percent: PERCENT, bar, count: COUNT }
    }
}

/// Waiting callers are what a wallboard is for; none of them is nothing to look at.
pub(super) fn waiting_style(theme: &Theme, waiting: u32) -> Style {
    if waiting == 0 { theme.dim } else { theme.title }
}

/// The five facts as text.
struct Facts {
    waiting: String,
    waiting_style: Style,
    longest: Wait,
    level: ServiceLevel,
    active: String,
    available: String,
}

impl Facts {
    fn of(cards: &Cards<'_>, queue: &Queue) -> Self {
        let theme = cards.app.theme();
        let dash = || theme.symbols.dash.to_owned();
        let live = queue.live();
        let share = live.and_then(|live| live.service_level.current_percent);
        let count = |figure: Option<u32>| figure.map_or_else(dash, format::count);
        Self {
            waiting: count(live.map(|live| live.waiting_calls)),
            waiting_style: waiting_style(theme, live.map_or(0, |live| live.waiting_calls)),
            longest: Wait::of(cards.app, Some(queue)),
            level: ServiceLevel::of(theme, cards.board, share),
            active: count(live.map(|live| live.active_calls)),
            available: count(live.map(|live| live.available_agents)),
        }
    }
}

/// A service level as a bar; an empty one if there is no value.
pub(super) fn draw_bar(theme: &Theme, level: &ServiceLevel, columns: usize, pen: &mut Pen<'_>) {
    let [full, half, rest] = theme.symbols.bar;
    // A service level above 0 and one below 100 are seen to be so.
    let eighths = match level.percent {
        Some(share) if share >= 100.0 => columns * 8,
        Some(share) if share > 0.0 => {
            eighths(share, columns).min((columns * 8).saturating_sub(4)).max(4)
        }
        _ => 0,
    };
    let (halves, style) = (eighths / 4, Theme::drawn(level.style));
    pen.repeat(full, halves / 2, style).repeat(half, halves % 2, style);
    pen.repeat(rest, columns.saturating_sub(halves.div_ceil(2)), theme.rule);
}

/// How many calls waited, by the half minute: the scale goes to five at least, so that one caller
/// does not look like a crowd.
fn draw_trend(theme: &Theme, stretches: &[Option<u32>], pen: &mut Pen<'_>) {
    let highest = stretches.iter().flatten().max().copied().unwrap_or(0).max(5);
    for stretch in stretches {
        match stretch {
            None | Some(0) => pen.skip(1),
            Some(waiting) => {
                let share = 100.0 * f64::from(*waiting) / f64::from(highest);
                let step = eighths(share, 1).clamp(1, 8) - 1;
                pen.repeat(theme.symbols.trend[step], 1, theme.trend)
            }
        };
    }
}

/// A percentage of so many cells, in eighths of a cell.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "from 0 to eight times the columns of a terminal, as just clamped"
)]
pub(super) fn eighths(percent: f64, cells: usize) -> usize {
    (percent.clamp(0.0, 100.0) / 100.0 * (cells * 8) as f64).round() as usize
}
