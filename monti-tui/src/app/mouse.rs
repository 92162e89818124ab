//! Clicks and wheels.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::App;
use crate::{
    layout::{self, Target},
    message::Effect,
    screen::{AlertsPart, Pick, Screen},
};

impl App {
    /// Takes what a mouse did; whether anything came of it that shows.
    pub(super) fn mouse(&mut self, event: MouseEvent, effects: &mut Vec<Effect>) -> bool {
        match event.kind {
            MouseEventKind::ScrollUp => self.move_by(-1),
            MouseEventKind::ScrollDown => self.move_by(1),
            MouseEventKind::Down(MouseButton::Left) => {
                self.click(Position::new(event.column, event.row), effects);
            }
            _ => return false,
        }
        true
    }

    fn click(&mut self, at: Position, effects: &mut Vec<Effect>) {
        if let Some(popup) = self.popups.last() {
            // A click beside a popup closes it; its entries are for keys.
            if !layout::popup(self, popup).contains(at) {
                self.popups.pop();
            }
            return;
        }
        let Some(target) = layout::target(self, at) else { return };
        match (target, self.screen_mut()) {
            (Target::Department(department), _) => self.go_to(department),
            (Target::Queue(department, queue), Screen::Department(screen)) => {
                (screen.queue, screen.panel) = (queue, crate::screen::Panel::Queues);
                self.open_queue(department, queue);
            }
            (Target::Queue(department, queue), _) => {
                self.set_pick(department, Pick::Queue(queue));
                self.open_queue(department, queue);
            }
            (Target::Agent(department, login), Screen::Grid(_)) => {
                self.set_pick(department, Pick::Agent(login.clone()));
                self.open_agent(login, effects);
            }
            (Target::Agent(_, login), Screen::Department(screen)) => {
                screen.panel = crate::screen::Panel::Agents;
                screen.table.choose_agent(&login);
                self.open_agent(login, effects);
            }
            (Target::Panel(panel), Screen::Department(screen)) => screen.panel = panel,
            (Target::Alert(part, row), Screen::Alerts(screen)) => {
                screen.part = part;
                let list = match part {
                    AlertsPart::Now => screen.now.list(),
                    AlertsPart::Today => screen.today.list(),
                };
                let at = list.top() + row;
                if at < self.window().0 {
                    self.choose_alert(part, |_| at);
                    if let Screen::Alerts(screen) = self.screen() {
                        self.open_in_alerts(&screen.clone(), effects);
                    }
                }
            }
            _ => {}
        }
    }
}
