//! All keys, out of the table that they are found by.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{frame, pen::Pen};
use crate::{
    App,
    keymap::{Action, Binding, Context},
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
    let inner = frame(theme, "Help", area, buffer);
    for (line, row) in lines(app).iter().skip(list.at()).zip(inner.rows()) {
        let mut pen = Pen::new(buffer, row, &theme.symbols);
        match line {
            Line::Title(title) => pen.put(title, theme.title),
            Line::Key(keys, help) => {
                pen.skip(1).left_in(20, keys, theme.key).rest(help, theme.text)
            }
            Line::Sign(sign, style, help) => {
                pen.skip(1).left_in(20, sign, *style).rest(help, theme.text)
            }
            Line::Blank => &mut pen,
        };
    }
}

/// How many lines it has.
pub(crate) fn help_lines(app: &App) -> usize {
    lines(app).len()
}

fn lines(app: &App) -> Vec<Line> {
    // What means something where one is comes first, then what does not.
    let context = app.screen().context();
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        app.keymap().bindings().iter().partition(|binding| binding.is_in(context));
    let key = |binding: &&Binding| {
        let keys: Vec<_> = binding.keys.iter().map(ToString::to_string).collect();
        Line::Key(keys.join("  "), binding.help.to_owned())
    };
    // Nine lines that say the same are one.
    let is_later = |binding: &&&Binding| matches!(binding.action, Action::Department(2..));
    let mut lines = vec![Line::Title("Keys here")];
    lines.extend(here.iter().filter(|it| !is_later(it)).map(|binding| match binding.action {
        Action::Department(1) => {
            let (first, last) = (
                app.keymap().key_of(Action::Department(1)),
                app.keymap().key_of(Action::Department(9)),
            );
            Line::Key(format!("{first} to {last}"), "the department of this place".to_owned())
        }
        _ => key(binding),
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
