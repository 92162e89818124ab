//! Lists longer than their windows: what is in view, and how it stays there while they change.

use monti_core::LoginId;
use ratatui::layout::Rect;

use super::App;
use crate::{
    activity,
    alerts::{AlertKey, today},
    layout,
    live::Happening,
    screen::{ActivityScreen, AlertsPart, List, Popup, Screen},
};

impl App {
    /// How many entries the list of the popup or screen has; how many rows it has room for.
    pub(super) fn window(&self) -> (usize, usize) {
        self.popups.last().map_or_else(|| self.screen_window(), |popup| self.popup_window(popup))
    }

    fn popup_window(&self, popup: &Popup) -> (usize, usize) {
        let area = layout::popup(self, popup);
        let rows = usize::from(layout::inside(self, area).height);
        match popup {
            Popup::Help(_) => crate::view::help_window(self, area),
            Popup::Agent(popup) => crate::view::agent_window(self, popup, area),
            Popup::Menu(menu) => (menu.acts.len(), crate::view::menu_rows(self, menu, area)),
            Popup::Palette(palette) => {
                let choices = self.choices(palette).len();
                (choices, layout::popup_rows(self, choices, rows.saturating_sub(1)))
            }
            Popup::Confirm(_) | Popup::Inject(_) | Popup::Filter(..) => (0, 0),
        }
    }

    fn screen_window(&self) -> (usize, usize) {
        let body = layout::page(self).body;
        match self.screen() {
            Screen::Alerts(screen) => match screen.part {
                AlertsPart::Now => (self.alerts().len(), self.alert_rows(screen.part)),
                AlertsPart::Today => (self.over_today().len(), self.alert_rows(screen.part)),
            },
            Screen::Activity(screen) => {
                (self.happenings(screen).count(), layout::entries(Some(body), 2))
            }
            Screen::Queue(screen) => {
                let (facts, _, list) = layout::queue(self, body);
                match list {
                    // Only the facts are there, and are scrolled.
                    Rect { height: 0, .. } => {
                        (crate::view::QUEUE_FACTS, layout::entries(Some(facts), 1))
                    }
                    _ => (self.quarters_of(screen).len(), layout::entries(Some(list), 2)),
                }
            }
            Screen::Grid(_) | Screen::Department(_) | Screen::Kiosk(_) => (0, 0),
        }
    }

    /// What happened up to the moment that is shown, newest first, as far as it is to be seen.
    pub fn happenings(&self, screen: &ActivityScreen) -> impl Iterator<Item = &Happening> {
        self.live.activity().filter(self.sees(screen))
    }

    /// How many of them are newer than the one of this number: all, if it is kept no longer.
    fn newer(&self, screen: &ActivityScreen, number: u64) -> usize {
        let newer = self.live.activity().take_while(|happening| happening.number != number);
        newer.filter(self.sees(screen)).count()
    }

    fn sees(&self, screen: &ActivityScreen) -> impl Fn(&&Happening) -> bool {
        let (board, now, filter) = (self.board(), self.now(), screen.filter.clone());
        move |happening| {
            happening.at <= now
                && board.is_some_and(|board| activity::matches(&filter, board, happening))
        }
    }

    /// Moves the selection, or what is in view, of the screen's list by so many entries.
    pub(super) fn move_in_list(&mut self, by: isize) {
        let (len, rows) = self.screen_window();
        match self.screen_mut() {
            Screen::Alerts(screen) => {
                let part = screen.part;
                self.choose_alert(part, |list| list.at().saturating_add_signed(by));
            }
            Screen::Activity(screen) => {
                screen.list.scroll(by, len, rows);
                let top = screen.list.top();
                self.hold_activity(top);
            }
            Screen::Queue(screen) => screen.list.scroll(by, len, rows),
            Screen::Grid(_) | Screen::Department(_) | Screen::Kiosk(_) => {}
        }
    }

    /// Selects an entry of a part of the alerts.
    pub(super) fn choose_alert(&mut self, part: AlertsPart, at: impl FnOnce(&List) -> usize) {
        let rows = self.alert_rows(part);
        match part {
            AlertsPart::Now => {
                let keys = self.alert_keys();
                let Screen::Alerts(screen) = self.screen_mut() else { return };
                screen.now.choose(at(screen.now.list()), &keys, rows);
            }
            AlertsPart::Today => {
                let logins = self.over_today();
                let Screen::Alerts(screen) = self.screen_mut() else { return };
                screen.today.choose(at(screen.today.list()), &logins, rows);
            }
        }
    }

    /// What is selected, or in view, stays so while what is in the lists changes, and their rows.
    pub(super) fn settle_lists(&mut self) {
        match self.screen() {
            Screen::Alerts(_) => {
                let rows = [AlertsPart::Now, AlertsPart::Today].map(|part| self.alert_rows(part));
                let (keys, logins) = (self.alert_keys(), self.over_today());
                let Screen::Alerts(screen) = self.screen_mut() else { return };
                screen.now.refresh(&keys, rows[0]);
                screen.today.refresh(&logins, rows[1]);
            }
            Screen::Activity(screen) => {
                let top = screen.first.map_or(0, |first| self.newer(screen, first));
                let (len, rows) = self.screen_window();
                let Screen::Activity(screen) = self.screen_mut() else { return };
                screen.list.scroll_to(top, len, rows);
            }
            Screen::Queue(_) => self.move_in_list(0),
            Screen::Grid(_) | Screen::Department(_) | Screen::Kiosk(_) => {}
        }
    }

    /// Likewise in what lies over the screen: it has a row less while something is said.
    pub(super) fn settle_popup(&mut self) {
        if !self.popups.is_empty() {
            self.move_by(0);
        }
    }

    /// Has what is now in view of the activity stay there.
    fn hold_activity(&mut self, top: usize) {
        let Screen::Activity(screen) = self.screen() else { return };
        let first = (top > 0).then(|| self.happenings(screen).nth(top)).flatten();
        let first = first.map(|happening| happening.number);
        if let Screen::Activity(screen) = self.screen_mut() {
            screen.first = first;
        }
    }

    pub(super) fn alert_keys(&self) -> Vec<AlertKey> {
        self.alerts().iter().map(|alert| alert.key.clone()).collect()
    }

    /// Who was over a limit today.
    fn over_today(&self) -> Vec<LoginId> {
        let over = self.board().map(today).unwrap_or_default();
        over.into_iter().map(|(_, agent)| agent.login().clone()).collect()
    }

    /// How many entries of a part of the alerts there is room for.
    fn alert_rows(&self, part: AlertsPart) -> usize {
        let Screen::Alerts(screen) = self.screen() else { return 0 };
        let [now, today] = layout::alerts(layout::page(self).body, screen.part);
        match part {
            AlertsPart::Now => layout::entries(Some(now), 1),
            AlertsPart::Today => layout::entries(Some(today), 2),
        }
    }
}
