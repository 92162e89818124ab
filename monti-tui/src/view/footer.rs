//! The last line: what was just said, why the server is lost, or the keys that matter here.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    widgets::{Clear, Widget as _},
};

use super::pen::Pen;
use crate::{
    App, Freshness,
    keymap::{Action, Binding},
    layout::Page,
    scrub,
};

/// Draws it.
pub(super) fn render(app: &App, page: &Page, buffer: &mut Buffer) {
    let theme = app.theme();
    if let Some(notice) = app.notice() {
        let style = if notice.is_bad { theme.warning } else { theme.live };
        Pen::new(buffer, page.footer, &theme.symbols).skip(1).rest(&notice.words, style);
        return;
    }
    let reason = reason(app);
    if page.footer.is_empty() {
        if let Some(reason) = reason {
            cover(app, page.body, &reason, buffer);
        }
        return;
    }
    let mut pen = Pen::new(buffer, page.footer, &theme.symbols);
    pen.skip(1);
    // Who writes needs the keys for that more.
    if let Some(reason) = reason.filter(|_| app.context().is_some()) {
        let columns = scrub::width(&reason).min(pen.left());
        pen.left_in(columns, &reason, theme.warning).skip(GAP);
    }
    let written = [("enter".to_owned(), "do it"), ("esc".to_owned(), "leave it")];
    let keys = if app.context().is_some() { keys(app, pen.left()) } else { written.into() };
    for (key, what) in keys {
        pen.put(&key, theme.key).skip(1).put(what, theme.dim).skip(GAP);
    }
}

/// Why the server is lost, where what was told before is still shown. That a recording has ended is
/// in the header.
fn reason(app: &App) -> Option<String> {
    match app.freshness() {
        Freshness::Lost { reason, .. } if app.board().is_some() => {
            app.live().end().is_none().then_some(reason)
        }
        _ => None,
    }
}

/// Says it where there is no last line: in the last row of what is not so any more, so that nothing
/// moves.
fn cover(app: &App, body: Rect, reason: &str, buffer: &mut Buffer) {
    let theme = app.theme();
    let last = Rect { y: body.bottom().saturating_sub(1), height: body.height.min(1), ..body };
    Clear.render(last, buffer);
    buffer.set_style(last, theme.ground);
    Pen::new(buffer, last, &theme.symbols).skip(1).rest(reason, theme.warning);
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
    let width = |key: &str, what: &str| scrub::width(key) + 1 + what.len() + GAP;
    let of = |it: &Binding| width(&it.keys[0].to_string(), it.short);
    let sum = |shown: &[&Binding]| shown.iter().map(|it| of(it)).sum::<usize>();
    if sum(&shown) <= columns + GAP {
        return shown.iter().map(|it| (it.keys[0].to_string(), it.short)).collect();
    }
    // Help goes to the end, and is what tells of the others.
    let help = shown.iter().position(|it| it.action == Action::Help).map(|at| shown.remove(at));
    let more = help.map(|help| (help.keys[0].to_string(), "more"));
    let more = more.filter(|(key, what)| width(key, what) <= columns + GAP);
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
