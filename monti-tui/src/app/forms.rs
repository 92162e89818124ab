//! What is written: the palette, filters, the form that injects calls.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use monti_core::{RequestId, wire::InjectRequest};
use rand::RngExt;

use super::App;
use crate::{
    filter::Filter,
    keymap::Action,
    message::{Effect, Question},
    screen::{
        Choice, Field, InjectForm, LineEdit, Palette, Panel, Pick, Popup, Progress, Screen, Written,
    },
};

/// Where a palette leads.
enum Go {
    Do(Action),
    To(usize),
    ToQueue(usize, usize),
}

impl App {
    /// Takes a key where text is written; whether anything came of it that shows.
    pub(super) fn write(&mut self, key: KeyEvent, effects: &mut Vec<Effect>) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if ctrl => effects.push(Effect::Quit),
            KeyCode::Char('z') if ctrl => effects.push(Effect::Suspend),
            KeyCode::Char('l') if ctrl => effects.push(Effect::Repaint),
            KeyCode::Esc => drop(self.popups.pop()),
            KeyCode::Enter => self.submit(effects),
            _ => self.write_into(Written::Key(key)),
        }
        true
    }

    /// Takes a text that was pasted; whether there is anything written now.
    pub(super) fn paste(&mut self, text: &str) -> bool {
        self.write_into(Written::Text(text));
        self.context().is_none()
    }

    fn write_into(&mut self, written: Written<'_>) {
        // Any words will do to look for in what happened.
        let is_of_agents = !matches!(self.screen(), Screen::Activity(_));
        match self.popups.last_mut() {
            Some(Popup::Palette(palette)) => {
                if palette.line.take(written) {
                    palette.list = Default::default();
                    return;
                }
                let Written::Key(key) = written else { return };
                match key.code {
                    KeyCode::Up => self.move_by(-1),
                    KeyCode::Down => self.move_by(1),
                    _ => {}
                }
            }
            Some(Popup::Filter(line, fault)) => {
                line.take(written);
                *fault = is_of_agents.then(|| Filter::parse(line.text()).err()).flatten();
            }
            Some(Popup::Inject(form)) => {
                let is_other = form.progress != Progress::Sent && form.take(written);
                // Something else is asked for: under another key.
                let request_id = self.deal_request_id();
                if let Some(Popup::Inject(form)) = self.popups.last_mut().filter(|_| is_other) {
                    (form.progress, form.request_id) = (Progress::Writing, request_id);
                }
            }
            _ => {}
        }
    }

    fn submit(&mut self, effects: &mut Vec<Effect>) {
        match self.popups.last().cloned() {
            Some(Popup::Palette(palette)) => {
                // What it finds is lent by all that is known, which going there changes.
                let go: Option<Go> =
                    self.choices(&palette).get(palette.list.at()).map(|it| match it {
                        Choice::Action(binding) => Go::Do(binding.action),
                        Choice::Department(place, _) => Go::To(*place),
                        Choice::Queue([department, queue], ..) => Go::ToQueue(*department, *queue),
                    });
                if go.is_some() {
                    self.popups.pop();
                }
                match go {
                    Some(Go::Do(action)) => self.act(action, effects),
                    Some(Go::To(department)) => self.go_to(department),
                    Some(Go::ToQueue(department, queue)) => self.open_queue(department, queue),
                    None => {}
                }
            }
            Some(Popup::Filter(line, _)) => self.submit_filter(&line),
            Some(Popup::Inject(form)) => self.submit_inject(*form, effects),
            _ => {}
        }
    }

    /// What a palette finds.
    pub(crate) fn choices<'a>(&'a self, palette: &Palette) -> Vec<Choice<'a>> {
        let departments = self.board().map_or(&[][..], |board| board.departments());
        palette.matches(self.actions(), self.screen().context(), departments)
    }

    fn submit_filter(&mut self, line: &LineEdit) {
        match self.screen_mut() {
            Screen::Activity(screen) => {
                screen.filter = line.text().trim().to_lowercase();
                (screen.first, screen.list) = Default::default();
            }
            Screen::Department(screen) => match Filter::parse(line.text()) {
                Ok(filter) => screen.table.set_filter(filter),
                // It is told already; the line stays open.
                Err(_) => return,
            },
            _ => {}
        }
        self.popups.pop();
    }

    pub(super) fn start_inject(&mut self) {
        if let Some(refusal) = self.refusal() {
            return self.warn(refusal);
        }
        let Some(board) = self.board() else { return };
        let named = board.departments().iter().flat_map(|department| {
            let name = department.name();
            let queues = department.queues().iter();
            queues.map(move |queue| (queue.id().to_owned(), format!("{name} {}", queue.name())))
        });
        let queues: Vec<_> = named.collect();
        let preset = self.selected_queue();
        let queue = queues.iter().position(|(id, _)| Some(id) == preset.as_ref()).unwrap_or(0);
        let form = InjectForm {
            queues,
            queue,
            number: LineEdit::preset(self.deal_number()),
            priority: LineEdit::preset("0"),
            count: LineEdit::preset("1"),
            field: Field::Queue,
            progress: Progress::Writing,
            request_id: self.deal_request_id(),
        };
        self.popups.push(Popup::Inject(Box::new(form)));
    }

    fn submit_inject(&mut self, mut form: InjectForm, effects: &mut Vec<Effect>) {
        if form.progress == Progress::Sent {
            return;
        }
        let request = match self.refusal() {
            Some(refusal) => Err(refusal),
            None => form.request(),
        };
        form.progress = match request {
            Ok(request) => {
                effects.push(Effect::Ask(Box::new(Question::Inject(request))));
                Progress::Sent
            }
            Err(words) => Progress::Failed(words),
        };
        self.popups.pop();
        self.popups.push(Popup::Inject(Box::new(form)));
    }

    pub(super) fn inject_again(&mut self, effects: &mut Vec<Effect>) {
        if let Some(refusal) = self.refusal() {
            return self.warn(refusal);
        }
        // Under its old key what may be there already is not put in twice.
        let request = self.unanswered.clone().or_else(|| {
            let request_id = Some(self.deal_request_id());
            Some(InjectRequest { request_id, ..self.injected.clone()? })
        });
        let Some(request) = request else { return self.start_inject() };
        effects.push(Effect::Ask(Box::new(Question::Inject(request))));
    }

    /// The queue that the reader has in mind.
    fn selected_queue(&self) -> Option<String> {
        let departments = self.board()?.departments();
        let (department, queue) = match self.screen() {
            Screen::Grid(cursor) => match cursor.pick {
                Pick::Queue(queue) => (cursor.department, queue),
                _ => (cursor.department, 0),
            },
            Screen::Department(screen) if screen.panel == Panel::Queues => {
                (screen.department, screen.queue)
            }
            Screen::Department(screen) => (screen.department, 0),
            Screen::Queue(screen) => (screen.department, screen.queue),
            Screen::Alerts(_) | Screen::Activity(_) | Screen::Kiosk(_) => return None,
        };
        Some(departments.get(department)?.queues().get(queue)?.id().to_owned())
    }

    /// A number that nobody has: the range set apart for stories.
    fn deal_number(&mut self) -> String {
        let area: u32 = self.random.random_range(201..999);
        let line: u32 = self.random.random_range(100..200);
        format!("+1{area}5550{line}")
    }

    fn deal_request_id(&mut self) -> RequestId {
        let dealt: u128 = self.random.random();
        let text = format!("tui-{dealt:032x}");
        // 36 characters out of a-z, 0-9 and '-'.
        text.parse().unwrap_or_else(|_| unreachable!("{text} is a request id"))
    }
}
