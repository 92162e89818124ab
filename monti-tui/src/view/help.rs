//! All keys, out of the table that they are found by.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    style::Style,
};

use super::{frame, not_in_view, pen::Pen};
use crate::{
    App, Popup,
    keymap::{Action, Binding, Context},
    layout,
    screen::List,
    theme::{Theme, state_word},
};

/// A line of help.
enum Line {
    Title(&'static str),
    Key(String, String),
    Sign(String, Style, String),
    Blank,
}

/// Draws it, from the line on that is at the top.
pub(super) fn render(app: &App, list: &List, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let inner = frame(app, "Help", area, buffer);
    let columns = columns(inner);
    let keys = keys_columns(columns[0]);
    let lines = lines(app, columns[0]);
    let rows = layout::popup_rows(app, lines.len(), inner.height.into());
    let shown = rows * columns.len();
    let top = list.at().min(lines.len().saturating_sub(shown));
    not_in_view(app, [lines.len(), top, shown], area, buffer);
    let rows = columns.iter().flat_map(|column| column.rows().take(rows));
    for (line, row) in lines.iter().skip(top).zip(rows) {
        let mut pen = Pen::new(buffer, row, &theme.symbols);
        match line {
            Line::Title(title) => pen.rest(title, theme.title),
            Line::Key(names, help) => {
                pen.skip(1).left_in(keys, names, theme.key).rest(help, theme.text)
            }
            Line::Sign(sign, style, help) => {
                pen.skip(1).left_in(keys, sign, *style).rest(help, theme.text)
            }
            Line::Blank => &mut pen,
        };
    }
}

/// How many lines it has in a popup of this area, and how many of them are in view.
pub(crate) fn window(app: &App, area: Rect) -> (usize, usize) {
    let inner = layout::inside(app, area);
    let columns = columns(inner);
    let lines = lines(app, columns[0]).len();
    (lines, layout::popup_rows(app, lines, inner.height.into()) * columns.len())
}

/// From so many columns on it has two columns of lines.
const TWO_COLUMNS_FROM: u16 = 130;
const GAP: u16 = 3;

fn columns(inner: Rect) -> Vec<Rect> {
    let count = if inner.width >= TWO_COLUMNS_FROM { 2 } else { 1 };
    // All are equally wide: lines are broken for one as for the other.
    let width = (inner.width - GAP * (count - 1)) / count;
    let widths = (0..count).map(|_| Constraint::Length(width));
    Layout::horizontal(widths).spacing(GAP).split(inner).to_vec()
}

/// The columns of the keys; what they do has the rest, in as many lines as it takes.
fn keys_columns(column: Rect) -> usize {
    usize::from(column.width / 3).min(20)
}

fn lines(app: &App, column: Rect) -> Vec<Line> {
    let columns = usize::from(column.width).saturating_sub(keys_columns(column) + 1).max(1);
    let fitted = |line: Line| -> Vec<Line> {
        let help = match &line {
            Line::Key(_, help) | Line::Sign(_, _, help) => help.clone(),
            Line::Title(_) | Line::Blank => return vec![line],
        };
        let mut parts = wrapped(&help, columns).into_iter();
        let first = parts.next().unwrap_or_default();
        let first = match line {
            Line::Sign(sign, style, _) => Line::Sign(sign, style, first),
            Line::Key(keys, _) => Line::Key(keys, first),
            other => other,
        };
        let more = parts.map(|part| Line::Key(String::new(), part));
        [first].into_iter().chain(more).collect()
    };
    all(app).into_iter().flat_map(fitted).collect()
}

fn all(app: &App) -> Vec<Line> {
    // What means something where one is comes first, then what does not. A key that nothing has
    // is none.
    let below = app.popups().iter().rev().find(|popup| !matches!(popup, Popup::Help(_)));
    let context = below.and_then(Popup::context).unwrap_or_else(|| app.screen().context());
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        app.actions().filter(|it| !it.keys.is_empty()).partition(|it| it.is_in(context));
    let key = |binding: &&Binding| {
        let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
        Line::Key(keys.join("  "), binding.help.to_owned())
    };
    let departments: Vec<_> =
        here.iter().filter(|it| matches!(it.action, Action::Department(_))).collect();
    // Lines that say the same of one department after the other are one.
    let range = departments.first().zip(departments.last()).map(|(first, last)| {
        let shown = |binding: &Binding| binding.keys[0].to_string();
        match departments.len() {
            1 => shown(first),
            _ => format!("{} to {}", shown(first), shown(last)),
        }
    });
    let mut lines = vec![Line::Title("Keys here")];
    lines.extend(here.iter().filter_map(|binding| match binding.action {
        Action::Department(_) if binding.keys != departments[0].keys => None,
        Action::Department(_) => {
            Some(Line::Key(range.clone()?, "the department of this place".to_owned()))
        }
        _ => Some(key(binding)),
    }));
    lines.extend([Line::Blank, Line::Title("Keys elsewhere")]);
    lines.extend(elsewhere.iter().filter(|it| !it.is_in(Context::Choice)).map(key));
    lines.extend([Line::Blank, Line::Title("Signs")]);
    lines.extend(signs(app.theme()));
    lines
}

fn signs(theme: &Theme) -> Vec<Line> {
    let mut signs: Vec<_> = monti_core::AgentState::ALL
        .into_iter()
        .map(|state| {
            let sign = theme.state_symbol(state).to_owned();
            Line::Sign(sign, theme.state(state), state_word(state).to_owned())
        })
        .collect();
    let sign = |sign: &str, style, help: &str| Line::Sign(sign.to_owned(), style, help.to_owned());
    signs.extend([
        sign(theme.symbols.breach, theme.breach, "over a limit of the centre's"),
        sign(theme.symbols.lost, theme.warning, "the agent's link is lost, its grace runs"),
        sign(theme.symbols.dash, theme.dim, "there is no value"),
        sign("SL", theme.dim, "service level: answered in time, of those offered today"),
        sign("A, B", theme.dim, "a queue's calls that were answered, and abandoned"),
        sign("At, Bt", theme.dim, "those of them within the target"),
        sign("O", theme.dim, "all of both, and those that wait longer than the target"),
        sign("ASA", theme.dim, "average speed of answer, ringing included"),
        sign("AHT", theme.dim, "average handle time: talk, hold and after-call work"),
        sign("ACW", theme.dim, "after-call work"),
        sign("RONA", theme.dim, "rang, and no answer"),
    ]);
    signs
}

/// A text in lines of so many columns, broken at blanks.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if crate::scrub::width(line) + 1 + crate::scrub::width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
