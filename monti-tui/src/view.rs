//! Drawing. Nothing here changes anything: what is shown was decided before.

mod activity;
mod agent_popup;
mod agent_row;
mod agent_table;
mod alerts;
mod choice;
mod day;
mod department;
mod figures;
mod footer;
mod grid;
mod header;
mod help;
mod inject;
mod kiosk;
mod lines;
mod more;
mod name;
mod palette;
mod panel;
mod pen;
mod queue;
mod queue_card;
mod service_level;
mod tabs;
mod wait;

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Margin, Position, Rect},
    style::{Color, Modifier},
    widgets::{Block, Borders, Clear, Widget},
};

pub(crate) use self::{
    agent_popup::window as agent_window, choice::menu_rows, help::window as help_window,
    kiosk::shown_in_strip, queue::FACTS as QUEUE_FACTS,
};
use self::{more::More, pen::Pen};
use crate::{
    App, Popup, Screen,
    layout::{self, Page, SMALLEST, Shape},
    screen::Cursor,
    theme::Theme,
};

/// Draws all of `app`.
pub fn render(app: &App, frame: &mut Frame<'_>) {
    let area = Rect::from((Position::ORIGIN, app.size())).intersection(frame.area());
    draw(app, area, frame.buffer_mut());
}

/// Draws all of `app` into `area`, which is as large as the app knows its terminal to be, or for a
/// moment smaller.
pub fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    let shape = Shape::of(app.size());
    buffer.set_style(area, app.theme().ground);
    if shape == Shape::Tiny {
        return tiny(app, area, buffer);
    }
    let page = clipped(layout::page(app), area);
    header::render(app, page.header, buffer);
    body(app, shape, &page, buffer);
    if !app.is_known() {
        dim(app.theme(), page.body, buffer);
        page.tabs.into_iter().for_each(|tabs| dim(app.theme(), tabs, buffer));
    }
    if let Some(past) = page.past {
        header::past(app, past, buffer);
    }
    footer::render(app, &page, buffer);
    for popup in app.popups() {
        let place = layout::popup(app, popup).intersection(area);
        draw_popup(app, popup, place, buffer);
        if matches!(popup, Popup::Agent(_)) && !app.is_known() {
            dim(app.theme(), place, buffer);
        }
    }
}

fn body(app: &App, shape: Shape, page: &Page, buffer: &mut Buffer) {
    let Some(board) = app.board() else {
        return lines::nothing_yet(app, page.body, buffer);
    };
    if let Some(row) = page.tabs {
        tabs::render(app, board, row, buffer);
    }
    let body = page.body;
    match app.screen() {
        Screen::Grid(cursor) => match shape {
            Shape::Full => grid::render(app, board, cursor, body, buffer),
            Shape::Tabs => department::of_grid(app, board, cursor, body, buffer),
            Shape::Lines | Shape::Tiny => lines::render(app, board, cursor, body, buffer),
        },
        Screen::Department(screen) => department::render(app, board, screen, buffer),
        Screen::Queue(screen) => queue::render(app, board, screen, body, buffer),
        Screen::Alerts(screen) => alerts::render(app, board, screen, body, buffer),
        Screen::Activity(screen) => activity::render(app, board, screen, body, buffer),
        Screen::Kiosk(screen) if !layout::is_roomy(app.size()) => {
            // All departments are there already, or as many as have room; it turns to the others.
            let department = app.kiosk().rotate.map_or(0, |_| kiosk::turned(board, screen));
            let cursor = Cursor { department, ..Cursor::default() };
            lines::render(app, board, &cursor, body, buffer);
        }
        Screen::Kiosk(screen) => kiosk::render(app, board, screen, body, buffer),
    }
}

fn draw_popup(app: &App, popup: &Popup, area: Rect, buffer: &mut Buffer) {
    match popup {
        Popup::Help(list) => help::render(app, list, area, buffer),
        Popup::Agent(popup) => agent_popup::render(app, popup, area, buffer),
        Popup::Menu(menu) => choice::menu(app, menu, area, buffer),
        Popup::Confirm(confirm) => choice::confirm(app, confirm, area, buffer),
        Popup::Inject(form) => inject::render(app, form, area, buffer),
        Popup::Palette(palette) => palette::render(app, palette, area, buffer),
        Popup::Filter(line, fault) => {
            palette::filter(app, line, fault.as_deref(), area, buffer);
        }
    }
}

/// A popup's frame, if it has one. Answers what is inside.
fn frame(app: &App, title: &str, area: Rect, buffer: &mut Buffer) -> Rect {
    let theme = app.theme();
    Clear.render(area, buffer);
    buffer.set_style(area, theme.ground);
    let inside = layout::inside(app, area);
    if !layout::is_framed(app) {
        return inside;
    }
    let set = if !theme.symbols.is_ascii {
        ratatui::symbols::border::ROUNDED
    } else {
        ratatui::symbols::border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        }
    };
    let block = Block::new().borders(Borders::ALL).border_set(set).border_style(theme.focus);
    block.render(area, buffer);
    let top = Rect { height: area.height.min(1), ..area.inner(Margin::new(1, 0)) };
    Pen::new(buffer, top, &theme.symbols).rest(&format!(" {title} "), theme.title);
    inside
}

/// Says of a popup's lines, of which so many are shown from the one at the top on, how many are not
/// in view: on its frame those further down, and where it has none in its last row all of them.
fn not_in_view(app: &App, [lines, top, shown]: [usize; 3], area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let below = lines.saturating_sub(top + shown);
    if !layout::is_framed(app) {
        let last = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
        More::of(lines, top, shown).draw(theme, last, buffer);
        return;
    }
    let text = format!(" +{below} more ");
    let width = u16::try_from(text.len()).unwrap_or(u16::MAX);
    if below > 0 && area.width > width.saturating_add(4) {
        let (x, y) = (area.right() - width - 2, area.bottom() - 1);
        buffer.set_string(x, y, text, theme.dim);
    }
}

/// Everything keeps its place and goes dim: none of it is known to be so any more.
fn dim(theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let colour = theme.stale.fg.unwrap_or(Color::Reset);
    let ground = theme.ground.bg.unwrap_or(Color::Reset);
    for position in area.intersection(buffer.area).positions() {
        let cell = &mut buffer[position];
        cell.fg = colour;
        cell.bg = ground;
        cell.modifier.remove(Modifier::BOLD);
        cell.modifier.insert(theme.stale.add_modifier);
    }
}

/// The terminal is smaller than anything that could be shown.
fn tiny(app: &App, area: Rect, buffer: &mut Buffer) {
    let needs = format!("needs {}x{}", SMALLEST.width, SMALLEST.height);
    let words = [needs.as_str(), "MONTI", "q quits"];
    let style = app.theme().warning;
    for (word, row) in words.iter().zip(area.rows()) {
        let fitting = crate::scrub::fit(word, usize::from(row.width), "~");
        buffer.set_stringn(row.x, row.y, fitting, usize::from(row.width), style);
    }
}

fn clipped(page: Page, area: Rect) -> Page {
    let clip = |rect: Rect| rect.intersection(area);
    Page {
        header: clip(page.header),
        past: page.past.map(clip),
        tabs: page.tabs.map(clip),
        body: clip(page.body),
        footer: clip(page.footer),
    }
}
