//! The last line: what was just said, or the keys that matter here.

use ratatui::{buffer::Buffer, layout::Rect};

use super::pen::Pen;
use crate::{
    App,
    keymap::{Action, Binding},
};

/// Draws it.
pub(super) fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut pen = Pen::new(buffer, area, &theme.symbols);
    pen.skip(1);
    if let Some(notice) = app.notice() {
        let style = if notice.is_bad { theme.warning } else { theme.live };
        pen.rest(&notice.words, style);
        return;
    }
    let written = [("enter".to_owned(), "do it"), ("esc".to_owned(), "leave it")];
    let keys = if app.context().is_some() { keys(app, pen.left()) } else { written.into() };
    for (key, what) in keys {
        pen.put(&key, theme.key).skip(1).put(what, theme.dim).skip(GAP);
    }
}

/// The columns between keys.
const GAP: usize = 3;

/// The keys that matter here and what they do, as many as have room: those that matter least go
/// first, and it is said where there are more.
fn keys(app: &App, columns: usize) -> Vec<(String, &'static str)> {
    let Some(context) = app.context() else { return Vec::new() };
    // Before there is anything to see there is nothing to do with it.
    let is_there = app.board().is_some() || !app.popups().is_empty();
    let does = |action| is_there || matches!(action, Action::Help | Action::Quit);
    let is_shown = |it: &&Binding| {
        it.is_in(context) && !it.short.is_empty() && !it.keys.is_empty() && does(it.action)
    };
    let mut shown: Vec<_> = app.actions().filter(is_shown).collect();
    let width = |key: &str, what: &str| crate::scrub::width(key) + 1 + what.len() + GAP;
    let of = |it: &Binding| width(&it.keys[0].to_string(), it.short);
    let sum = |shown: &[&Binding]| shown.iter().map(|it| of(it)).sum::<usize>();
    if sum(&shown) <= columns + GAP {
        return shown.iter().map(|it| (it.keys[0].to_string(), it.short)).collect();
    }
    // Help goes to the end, and is what tells of the others.
    let help = shown.iter().position(|it| it.action == Action::Help).map(|at| shown.remove(at));
    let more = help.map(|help| (help.keys[0].to_string(), "more"));
    let more_width = more.as_ref().map_or(0, |(key, what)| width(key, what));
    let room = (columns + GAP).saturating_sub(more_width);
    while sum(&shown) > room {
        let least = (0..shown.len()).max_by_key(|at| rank(shown[*at].action));
        match least {
            Some(at) => drop(shown.remove(at)),
            None => break,
        }
    }
    let keys = shown.iter().map(|it| (it.keys[0].to_string(), it.short));
    keys.chain(more).collect()
}

/// How much a key matters: the more the less.
fn rank(action: Action) -> u8 {
    match action {
        Action::Open | Action::AgentActions => 0,
        Action::Alerts => 1,
        Action::Back => 2,
        Action::Inject => 3,
        Action::Filter | Action::MoreDays => 4,
        Action::NextDepartment | Action::FewerDays => 5,
        Action::Freeze => 6,
        Action::AllDepartments => 7,
        Action::Quit => 8,
        Action::Activity => 9,
        Action::Sort => 10,
        _ => 11,
    }
}
