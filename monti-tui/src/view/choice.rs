//! A menu of what can be done to an agent, and the question whether it is meant.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{frame, help::wrapped, not_in_view, pen::Pen};
use crate::{
    App,
    keymap::Action,
    layout,
    screen::{AgentAct, Confirm, Menu},
    theme::state_word,
};

/// Draws the menu.
pub(super) fn menu(app: &App, menu: &Menu, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let agent = app.board().and_then(|board| board.agent(&menu.login));
    let name = agent.map_or(app.names().login(&menu.login), |(_, agent)| agent.name());
    let inner = frame(app, name, area, buffer);
    let mut lines = inner.rows();
    if !layout::is_framed(app)
        && let Some(line) = lines.next()
    {
        // There is no frame to say it.
        Pen::new(buffer, line, &theme.symbols).rest(name, theme.title);
    }
    let shown = menu_rows(app, menu, area);
    not_in_view(app, [menu.acts.len(), menu.list.top(), shown], area, buffer);
    let acts = menu.acts.iter().enumerate().skip(menu.list.top()).take(shown);
    for ((place, act), line) in acts.zip(lines) {
        let is_selected = place == menu.list.at();
        if is_selected {
            buffer.set_style(line, theme.selected);
        }
        let words = match act {
            AgentAct::Set(state) => format!("set to {}", state_word((*state).into())),
            AgentAct::End(call) => format!("end {call}"),
            AgentAct::LogOut => "log out".to_owned(),
        };
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.put(if is_selected { theme.symbols.cursor } else { " " }, theme.focus).skip(1);
        pen.rest(&words, theme.text);
    }
}

/// How many of its acts are shown.
pub(crate) fn menu_rows(app: &App, menu: &Menu, area: Rect) -> usize {
    let title = u16::from(!layout::is_framed(app));
    let rows = layout::inside(app, area).height.saturating_sub(title);
    layout::popup_rows(app, menu.acts.len(), rows.into())
}

/// Draws the question.
pub(super) fn confirm(app: &App, confirm: &Confirm, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let inner = frame(app, "Sure?", area, buffer);
    let words = wrapped(&confirm.words, usize::from(inner.width));
    // What it does is whole, and how to do it or not is always there.
    let is_spaced = usize::from(usize::from(inner.height) >= words.len() + 3);
    let mut lines = inner.rows().skip(is_spaced);
    for part in words.iter().take(usize::from(inner.height).saturating_sub(1)) {
        let Some(line) = lines.next() else { return };
        Pen::new(buffer, line, &theme.symbols).rest(part, theme.text);
    }
    if let Some(line) = lines.nth(is_spaced) {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let key = |action| app.keymap().key_of(action);
        pen.put(&key(Action::Open), theme.key).put(" do it  ", theme.dim);
        pen.put(&key(Action::Back), theme.key).put(" leave it", theme.dim);
    }
}
