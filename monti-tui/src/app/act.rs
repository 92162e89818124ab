//! What an action does.

use monti_core::{AgentState, LoginId, SettableState, wire::ConnectionStatus};

use super::App;
use crate::{
    Freshness,
    alerts::today,
    keymap::Action,
    layout::Shape,
    message::{Effect, Question},
    screen::{
        ActivityScreen, AgentAct, AgentPopup, AlertsPart, AlertsScreen, Confirm, DepartmentScreen,
        LineEdit, List, Load, Menu, Palette, Panel, Pick, Popup, QueueScreen, Screen,
    },
    scrub::{self, Names},
    theme::state_word,
};

impl App {
    pub(super) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Quit => effects.push(Effect::Quit),
            Action::Suspend => effects.push(Effect::Suspend),
            Action::Repaint => effects.push(Effect::Repaint),
            Action::Help => self.popups.push(Popup::Help(List::default())),
            Action::Palette => self.popups.push(Popup::Palette(Palette::default())),
            Action::Back => self.back(),
            Action::Open => self.open(effects),
            Action::AllDepartments => self.screens.truncate(1),
            Action::Department(place) => self.go_to(usize::from(place) - 1),
            Action::NextDepartment => self.turn_department(1),
            Action::PreviousDepartment => self.turn_department(-1),
            Action::Up => self.move_by(-1),
            Action::Down => self.move_by(1),
            Action::PageUp => self.move_pages(-1),
            Action::PageDown => self.move_pages(1),
            Action::First => self.move_by(-isize::MAX),
            Action::Last => self.move_by(isize::MAX),
            Action::Left => self.move_aside(-1),
            Action::Right => self.move_aside(1),
            Action::Sort => self.turn_sort(),
            Action::Zoom => self.zoom(),
            Action::Filter => self.start_filter(),
            Action::Alerts => self.enter(Screen::Alerts(AlertsScreen::default())),
            Action::Activity => self.enter(Screen::Activity(ActivityScreen::default())),
            Action::Acknowledge => self.acknowledge(),
            Action::Inject => self.start_inject(),
            Action::InjectAgain => self.inject_again(effects),
            Action::AgentActions => self.start_agent_act(),
            Action::MoreDays => self.turn_days(1, effects),
            Action::FewerDays => self.turn_days(-1, effects),
            Action::Freeze => self.freeze(),
            Action::StepBack => self.travel(-10),
            Action::StepForward => self.travel(10),
            Action::MinuteBack => self.travel(-60),
            Action::MinuteForward => self.travel(60),
            Action::Present => self.past = None,
            Action::Theme => self.turn_theme(),
            Action::Kiosk => self.turn_kiosk(),
            Action::Copy => self.copy(effects),
        }
    }

    /// Goes to a screen. Screens of one kind follow each other, they do not pile up.
    pub(super) fn enter(&mut self, screen: Screen) {
        self.popups.clear();
        let same = |known: &Screen| known.context() == screen.context();
        if let Some(at) = self.screens.iter().position(same) {
            self.screens.truncate(at);
        }
        self.screens.push(screen);
    }

    pub(super) fn go_to(&mut self, department: usize) {
        let departments = self.board().map_or(0, |board| board.departments().len());
        if department < departments {
            if let Some(Screen::Grid(cursor)) = self.screens.first_mut() {
                (cursor.department, cursor.pick) = (department, Pick::Department);
            }
            let table = self.first_table();
            self.enter(Screen::Department(DepartmentScreen::new(department, table)));
        }
    }

    /// Closes what lies topmost.
    fn back(&mut self) {
        if self.popups.pop().is_some() {
            return;
        }
        let is_first = self.screens.len() == 1;
        // The one department that the grid then shows has its own.
        let is_filtered = Shape::of(self.size) == Shape::Tabs && !self.single.filter().is_empty();
        match self.screen_mut() {
            Screen::Department(screen) if screen.zoomed => screen.zoomed = false,
            Screen::Department(screen) if !screen.table.filter().is_empty() => {
                screen.table.set_filter(Default::default());
            }
            Screen::Grid(cursor) if cursor.pick != Pick::Department => {
                cursor.pick = Pick::Department;
            }
            Screen::Grid(_) if is_filtered => self.single.set_filter(Default::default()),
            _ if is_first => self.past = None,
            _ => drop(self.screens.pop()),
        }
    }

    /// Shows the details of what is selected.
    fn open(&mut self, effects: &mut Vec<Effect>) {
        match self.popups.last() {
            Some(Popup::Menu(_)) => return self.choose_act(),
            Some(Popup::Confirm(_)) => return self.confirm(effects),
            Some(_) => return,
            None => {}
        }
        match self.screen() {
            Screen::Grid(cursor) => match cursor.pick.clone() {
                Pick::Department => self.go_to(cursor.department),
                Pick::Queue(queue) => self.open_queue(cursor.department, queue),
                Pick::Agent(login) => self.open_agent(login, effects),
            },
            Screen::Department(screen) => match screen.panel {
                Panel::Queues => self.open_queue(screen.department, screen.queue),
                Panel::Agents => {
                    if let Some(agent) = screen.table.selected() {
                        self.open_agent(agent.login().clone(), effects);
                    }
                }
            },
            Screen::Alerts(screen) => self.open_in_alerts(&screen.clone(), effects),
            Screen::Queue(_) | Screen::Activity(_) | Screen::Kiosk(_) => {}
        }
    }

    pub(super) fn open_queue(&mut self, department: usize, queue: usize) {
        let departments = self.board().map(|board| board.departments());
        let department_there = departments.and_then(|all| all.get(department));
        if department_there.is_some_and(|it| queue < it.queues().len()) {
            self.enter(Screen::Queue(QueueScreen { department, queue, list: List::default() }));
        }
    }

    pub(super) fn open_agent(&mut self, login: LoginId, effects: &mut Vec<Effect>) {
        let days = AgentPopup::DAYS[0];
        self.ask_history(&login, days, effects);
        let (history, list) = (Load::asked(self.at), List::default());
        self.popups.push(Popup::Agent(AgentPopup { login, days, history, list }));
    }

    fn ask_history(&self, login: &LoginId, days: u8, effects: &mut Vec<Effect>) {
        let agent = login.clone();
        effects.push(Effect::Ask(Box::new(Question::History { agent, days })));
    }

    fn turn_days(&mut self, by: isize, effects: &mut Vec<Effect>) {
        let at_moment = self.at;
        let Some(Popup::Agent(popup)) = self.popups.last_mut() else { return };
        let all = AgentPopup::DAYS;
        let at = all.iter().position(|days| *days == popup.days).unwrap_or(0);
        let days = all[at.saturating_add_signed(by).min(all.len() - 1)];
        if days != popup.days {
            (popup.days, popup.history) = (days, Load::asked(at_moment));
            let login = popup.login.clone();
            self.ask_history(&login, days, effects);
        }
    }

    fn turn_theme(&mut self) {
        self.theme = (self.theme + 1) % self.setup.themes.len();
        self.is_theme_chosen = true;
        self.say(format!("theme {}", self.theme().name.as_str()));
    }

    fn turn_sort(&mut self) {
        let Screen::Department(screen) = self.screen_mut() else { return };
        let sort = screen.table.sort().next();
        screen.table.set_sort(sort);
        self.say(format!("sorted by {}, who is over a limit first", sort.word()));
    }

    fn zoom(&mut self) {
        if let Screen::Department(screen) = self.screen_mut() {
            screen.zoomed = !screen.zoomed;
        }
    }

    fn start_filter(&mut self) {
        let text = match self.screen() {
            Screen::Department(screen) => screen.table.filter().text(),
            Screen::Activity(screen) => screen.filter.as_str(),
            _ => return,
        };
        let line = LineEdit::new(text);
        self.popups.push(Popup::Filter(line, None));
    }

    /// Why nothing can be asked of the server now, if so.
    pub(super) fn refusal(&self) -> Option<String> {
        if self.setup.read_only {
            return Some("this wallboard is read-only".to_owned());
        }
        if self.is_kiosk() {
            let key = self.keymap().key_of(Action::Kiosk);
            return Some(format!("this is a wall; {key} leaves it"));
        }
        if self.past.is_some() {
            let key = self.keymap().key_of(Action::Present);
            return Some(format!("this is the past; {key} returns to the present"));
        }
        match self.freshness() {
            _ if self.setup.recording => {
                Some("this is a recording: nothing can be done in it".to_owned())
            }
            Freshness::Live | Freshness::Late(_) => None,
            _ => Some("there is no connection to the server".to_owned()),
        }
    }

    fn start_agent_act(&mut self) {
        let Some(Popup::Agent(popup)) = self.popups.last() else { return };
        let login = popup.login.clone();
        if let Some(refusal) = self.refusal() {
            return self.warn(refusal);
        }
        let agent = self.board().and_then(|board| board.agent(&login)).map(|(_, agent)| agent);
        let Some(agent) = agent else { return };
        let info = agent.info();
        let is_gone = info.state == AgentState::Offline
            || info.connection_status == ConnectionStatus::Lost && !info.state.has_call();
        if is_gone {
            return self.warn(format!("{} is not there: nothing can be done", agent.name()));
        }
        let states = [
            SettableState::Available,
            SettableState::AfterCallWork,
            SettableState::Break,
            SettableState::Lunch,
            SettableState::Training,
            SettableState::Meeting,
        ];
        let other = states.into_iter().filter(|state| AgentState::from(*state) != info.state);
        let end = info.current_call_id.map(AgentAct::End);
        let acts = other.map(AgentAct::Set).chain(end).chain([AgentAct::LogOut]).collect();
        self.popups.push(Popup::Menu(Menu { login, acts, list: List::default() }));
    }

    fn choose_act(&mut self) {
        let Some(Popup::Menu(menu)) = self.popups.last() else { return };
        let Some(act) = menu.acts.get(menu.list.at()).copied() else { return };
        let login = menu.login.clone();
        let (name, after_call) = (self.name_of(&login), self.after_call(&login));
        let words = match act {
            AgentAct::Set(state) => {
                format!("Set {name} to {}{after_call}?", state_word(state.into()))
            }
            AgentAct::End(call) => format!("End {call}, which {name} has?"),
            AgentAct::LogOut => format!("Log {name} out{after_call}?"),
        };
        self.popups.pop();
        self.popups.push(Popup::Confirm(Confirm { question: act.question(login), words }));
    }

    /// When what an agent is told to do comes about, behind what that is: a call that it has is not
    /// cut short, neither by another state nor by a logout.
    pub(super) fn after_call(&self, login: &LoginId) -> &'static str {
        let agent = self.live.board().and_then(|board| board.agent(login));
        let has_call = agent.is_some_and(|(_, agent)| agent.state().has_call());
        if has_call { " after the call" } else { "" }
    }

    /// The name of an agent as it is shown; of one that is not on the board the login, as that is.
    pub(super) fn name_of(&self, login: &LoginId) -> String {
        let agent = self.board().and_then(|board| board.agent(login));
        let login = || self.setup.names.login(login);
        agent.map_or_else(login, |(_, agent)| agent.name()).to_owned()
    }

    fn confirm(&mut self, effects: &mut Vec<Effect>) {
        let Some(Popup::Confirm(confirm)) = self.popups.pop() else { return };
        match self.refusal() {
            Some(refusal) => self.warn(refusal),
            None => effects.push(Effect::Ask(Box::new(confirm.question))),
        }
    }

    /// What is selected, as text.
    fn copy(&mut self, effects: &mut Vec<Effect>) {
        let text = match (self.popups.last(), self.screen()) {
            (Some(Popup::Agent(popup)), _) => Some(popup.login.to_string()),
            (_, Screen::Grid(cursor)) => self.copy_pick(cursor.department, &cursor.pick),
            (_, Screen::Department(screen)) => match screen.panel {
                Panel::Agents => screen.table.selected().map(|agent| agent.login().to_string()),
                Panel::Queues => self.copy_pick(screen.department, &Pick::Queue(screen.queue)),
            },
            (_, Screen::Queue(screen)) => {
                self.copy_pick(screen.department, &Pick::Queue(screen.queue))
            }
            (_, Screen::Alerts(screen)) => self.copy_alert(screen),
            (_, Screen::Activity(_) | Screen::Kiosk(_)) => None,
        };
        if let Some(text) = text {
            self.say(match self.setup.names {
                Names::Whole => format!("copied {text}"),
                // It may be a login.
                Names::Initials => "copied".to_owned(),
            });
            effects.push(Effect::Copy(text));
        }
    }

    fn copy_alert(&self, screen: &AlertsScreen) -> Option<String> {
        match screen.part {
            AlertsPart::Now => {
                let alert = self.alerts().get(screen.now.list().at())?;
                self.alert_words(alert).map(|words| words.to_string())
            }
            AlertsPart::Today => {
                let (_, agent) = *today(self.board()?).get(screen.today.list().at())?;
                Some(agent.login().to_string())
            }
        }
    }

    fn copy_pick(&self, department: usize, pick: &Pick) -> Option<String> {
        let department = self.board()?.departments().get(department)?;
        match pick {
            Pick::Department => Some(scrub::text(department.id())),
            Pick::Queue(queue) => Some(scrub::text(department.queues().get(*queue)?.id())),
            Pick::Agent(login) => Some(login.to_string()),
        }
    }
}
