//! Moving the selection.

use super::{App, Quarter};
use crate::{
    alerts::{Alert, AlertKey, today},
    layout::{self, Shape},
    message::Effect,
    screen::{
        AgentPopup, AlertsPart, AlertsScreen, Cursor, DepartmentScreen, Panel, Pick, Popup,
        QueueScreen, Screen, Table,
    },
};

/// The columns of a band: the first half of the agents, the queues, the second half.
const COLUMNS: usize = 3;

impl App {
    /// Moves so many entries down.
    pub(super) fn move_by(&mut self, by: isize) {
        let (len, rows) = self.window();
        let list = match self.popups.last_mut() {
            Some(Popup::Help(list) | Popup::Agent(AgentPopup { list, .. })) => {
                return list.scroll(by, len, rows);
            }
            Some(Popup::Menu(menu)) => &mut menu.list,
            Some(Popup::Palette(palette)) => &mut palette.list,
            Some(_) => return,
            None => return self.move_on_screen(by),
        };
        list.step(by, len, rows);
    }

    fn move_on_screen(&mut self, by: isize) {
        match self.screen() {
            Screen::Grid(cursor) => self.move_on_grid(&cursor.clone(), by),
            Screen::Department(_) => self.move_in_department(by),
            _ => self.move_in_list(by),
        }
    }

    /// Moves so many pages down.
    pub(super) fn move_pages(&mut self, pages: isize) {
        let rows = match self.screen() {
            Screen::Department(screen) if self.popups.is_empty() => self.panel_rows(screen),
            Screen::Grid(_) if self.popups.is_empty() => 1,
            _ => self.window().1,
        };
        let rows = isize::try_from(rows.saturating_sub(1).max(1)).unwrap_or(1);
        self.move_by(pages * rows);
    }

    fn move_in_department(&mut self, by: isize) {
        let Screen::Department(screen) = self.screen() else { return };
        let rows = self.panel_rows(screen);
        let Screen::Department(screen) = self.screen_mut() else { return };
        match screen.panel {
            Panel::Agents => screen.table.step(by, rows),
            // Past the last one it is brought back when all settles.
            Panel::Queues => screen.queue = screen.queue.saturating_add_signed(by),
        }
    }

    /// How many entries of the panel that has the keys there is room for.
    fn panel_rows(&self, screen: &DepartmentScreen) -> usize {
        let panels = layout::department(self, screen);
        let panel = match screen.panel {
            Panel::Agents => panels.agents,
            Panel::Queues => panels.queues,
        };
        layout::entries(panel, 2)
    }

    /// Moves to the panel on the left or the right.
    pub(super) fn move_aside(&mut self, by: isize) {
        match self.screen().clone() {
            Screen::Grid(cursor) if Shape::of(self.size) == Shape::Full => {
                self.move_column(&cursor, by);
            }
            Screen::Grid(cursor) => self.set_cursor(cursor.department.saturating_add_signed(by)),
            Screen::Department(_) => {
                if let Screen::Department(screen) = self.screen_mut() {
                    screen.panel = if by < 0 { Panel::Agents } else { Panel::Queues };
                }
            }
            Screen::Alerts(_) => {
                if let Screen::Alerts(screen) = self.screen_mut() {
                    screen.part = if by < 0 { AlertsPart::Now } else { AlertsPart::Today };
                }
            }
            _ => {}
        }
    }

    /// Turns to another department, in a circle, on whatever screen shows one.
    pub(super) fn turn_department(&mut self, by: isize) {
        let departments = self.board().map_or(0, |board| board.departments().len());
        let Some(last) = departments.checked_sub(1) else { return };
        let turned = |from: usize| match (from.checked_add_signed(by), from == last) {
            (None, _) => last,
            (Some(_), true) if by > 0 => 0,
            (Some(to), _) => to,
        };
        match self.screen() {
            Screen::Grid(cursor) => self.set_cursor(turned(cursor.department)),
            Screen::Department(screen) => {
                let (department, zoomed, panel) =
                    (turned(screen.department), screen.zoomed, screen.panel);
                let table = Table::new(screen.table.sort(), screen.table.filter().clone());
                self.go_to(department);
                if let Screen::Department(screen) = self.screen_mut() {
                    (screen.zoomed, screen.panel, screen.table) = (zoomed, panel, table);
                }
            }
            _ => {}
        }
    }

    pub(super) fn set_cursor(&mut self, department: usize) {
        let departments = self.board().map_or(0, |board| board.departments().len());
        let department = department.min(departments.saturating_sub(1));
        self.set_pick(department, Pick::Department);
    }

    pub(super) fn set_pick(&mut self, department: usize, pick: Pick) {
        if let Screen::Grid(cursor) = self.screen_mut() {
            *cursor = Cursor { department, pick };
        }
    }

    fn move_on_grid(&mut self, cursor: &Cursor, by: isize) {
        let department = cursor.department;
        if Shape::of(self.size) != Shape::Full {
            return self.set_cursor(department.saturating_add_signed(by));
        }
        let (column, row) = self.place(cursor).unwrap_or((0, None));
        let picks = self.picks(department, column);
        let departments = self.board().map_or(0, |board| board.departments().len());
        // The title is the row above the first.
        let from = row.map_or(0, |row| row + 1);
        match from.checked_add_signed(by) {
            Some(0) => self.set_pick(department, Pick::Department),
            Some(to) if to <= picks.len() => self.set_pick(department, picks[to - 1].clone()),
            // Past the last row comes the next department, if there is one.
            Some(_) if by == 1 && department + 1 < departments => self.set_cursor(department + 1),
            Some(_) => {
                let last = picks.last().cloned().unwrap_or_default();
                self.set_pick(department, last);
            }
            None if by == -1 => self.set_cursor(department.saturating_sub(1)),
            None => self.set_pick(department, Pick::Department),
        }
    }

    fn move_column(&mut self, cursor: &Cursor, by: isize) {
        let (column, row) = self.place(cursor).unwrap_or((0, None));
        let Some(row) = row else {
            let column = if by < 0 { 0 } else { 1 };
            let first = self.picks(cursor.department, column).into_iter().next();
            return self.set_pick(cursor.department, first.unwrap_or_default());
        };
        let column = column.saturating_add_signed(by).min(COLUMNS - 1);
        let picks = self.picks(cursor.department, column);
        let row = row.min(picks.len().saturating_sub(1));
        if let Some(pick) = picks.into_iter().nth(row) {
            self.set_pick(cursor.department, pick);
        }
    }

    /// Where the cursor is: in which column of its band, and in which row below the title.
    fn place(&self, cursor: &Cursor) -> Option<(usize, Option<usize>)> {
        let department = self.board()?.departments().get(cursor.department)?;
        match &cursor.pick {
            Pick::Department => Some((0, None)),
            Pick::Queue(queue) => Some((1, Some(*queue))),
            Pick::Agent(login) => {
                let agent = department.agent(login)?;
                let mut halves = department.halves().into_iter().enumerate();
                halves.find_map(|(half, rows)| Some((half * 2, Some(rows.row_of(agent)?))))
            }
        }
    }

    /// What can be selected in a column of a department's band, from the top.
    fn picks(&self, department: usize, column: usize) -> Vec<Pick> {
        let Some(board) = self.board() else { return Vec::new() };
        let grid = layout::grid(board, layout::page(self).body, department);
        let band = grid.bands.iter().find(|band| band.department == department);
        let Some((band, it)) = band.zip(board.departments().get(department)) else {
            return Vec::new();
        };
        if column == 1 {
            let rows = grid.queue_rows(band, it.queues().len());
            return (0..rows.shown).map(Pick::Queue).collect();
        }
        let half = column / 2;
        let rows = it.halves()[half];
        let shown = layout::fitting(rows.len(), layout::entries(Some(band.agents[half]), 1));
        rows.iter().take(shown).map(|agent| Pick::Agent(agent.login().clone())).collect()
    }

    /// Shows the details of what is selected among the alerts.
    pub(super) fn open_in_alerts(&mut self, screen: &AlertsScreen, effects: &mut Vec<Effect>) {
        match screen.part {
            AlertsPart::Now => {
                if let Some(alert) = self.alerts().get(screen.now.list().at()).cloned() {
                    self.open_alert(alert, effects);
                }
            }
            AlertsPart::Today => {
                let over = self.board().map(today).unwrap_or_default();
                let login =
                    over.get(screen.today.list().at()).map(|(_, agent)| agent.login().clone());
                if let Some(login) = login {
                    self.open_agent(login, effects);
                }
            }
        }
    }

    fn open_alert(&mut self, alert: Alert, effects: &mut Vec<Effect>) {
        match alert.key {
            AlertKey::Agent { login, .. } => self.open_agent(login, effects),
            AlertKey::Wait(vq) | AlertKey::Level(vq) => {
                let places = self.board().and_then(|board| {
                    let queues = board.departments().get(alert.department)?.queues();
                    queues.iter().position(|queue| queue.id() == vq)
                });
                if let Some(queue) = places {
                    self.open_queue(alert.department, queue);
                }
            }
        }
    }

    /// The intervals of a queue's day as far as they had begun at the moment that is shown, newest
    /// first.
    pub fn quarters_of(&self, screen: &QueueScreen) -> Vec<Quarter<'_>> {
        let department = self.board().and_then(|board| board.departments().get(screen.department));
        let queue = department.and_then(|department| department.queues().get(screen.queue));
        let mut quarters = queue.map_or_else(Vec::new, |queue| self.day(queue.id()));
        quarters.reverse();
        quarters
    }
}
