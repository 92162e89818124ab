//! What keys do: one table. Help, the footer, the palette and the configuration read it too.

mod key;

pub use self::key::{InvalidKey, Key};

/// What a key can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// The board of all departments.
    AllDepartments,
    /// The department of this place, from 1.
    Department(u8),
    /// The next department.
    NextDepartment,
    /// The one before.
    PreviousDepartment,
    /// The details of what is selected.
    Open,
    /// Back to where one came from.
    Back,
    /// Selection or view one up.
    Up,
    /// One down.
    Down,
    /// To the panel on the left.
    Left,
    /// To the panel on the right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Only agents that match.
    Filter,
    /// Another order of agents.
    Sort,
    /// One panel on the whole screen, and back.
    Zoom,
    /// A call into a queue.
    Inject,
    /// The same again.
    InjectAgain,
    /// What is over its limit.
    Alerts,
    /// What is over its limit is known.
    Acknowledge,
    /// What happens.
    Activity,
    /// More days of history.
    MoreDays,
    /// Fewer.
    FewerDays,
    /// What can be done to an agent.
    AgentActions,
    /// Stop at this moment, or go on.
    Freeze,
    /// Ten seconds back.
    StepBack,
    /// Ten seconds on.
    StepForward,
    /// A minute back.
    MinuteBack,
    /// A minute on.
    MinuteForward,
    /// Back to the present.
    Present,
    /// Every action by name.
    Palette,
    /// A wall, and back.
    Kiosk,
    /// Another theme.
    Theme,
    /// What is selected, onto the clipboard.
    Copy,
    /// All keys.
    Help,
    /// Draw all anew.
    Repaint,
    /// Into the background.
    Suspend,
    /// The end.
    Quit,
}

/// Where a key means something: the screen or popup that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// The board of all departments.
    Grid,
    /// One department.
    Department,
    /// One queue.
    Queue,
    /// What is over its limit.
    Alerts,
    /// What happens.
    Activity,
    /// A wall.
    Kiosk,
    /// The agent popup.
    Agent,
    /// The help popup.
    Help,
    /// A menu, or a question to be confirmed.
    Choice,
}

impl Context {
    const ALL: [Self; 9] = [
        Self::Grid,
        Self::Department,
        Self::Queue,
        Self::Alerts,
        Self::Activity,
        Self::Kiosk,
        Self::Agent,
        Self::Help,
        Self::Choice,
    ];
}

/// One action and its keys.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The keys, the one that is shown first.
    pub keys: Vec<Key>,
    /// What they do.
    pub action: Action,
    /// Its name in the configuration and in the palette, such as `step-back`.
    pub name: &'static str,
    /// What it does, in a few words for help and palette.
    pub help: &'static str,
    /// What it does, in a word for the footer; empty if it is never shown there.
    pub short: &'static str,
    contexts: Contexts,
}

impl Binding {
    /// Whether it means something in `context`.
    pub fn is_in(&self, context: Context) -> bool {
        self.contexts.has(context)
    }
}

/// All bindings.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// Places where keys mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Contexts(u16);

impl Contexts {
    const fn of(contexts: &[Context]) -> Self {
        Self(0).and(contexts)
    }

    const fn and(mut self, contexts: &[Context]) -> Self {
        let mut at = 0;
        while at < contexts.len() {
            self.0 |= 1 << contexts[at] as u16;
            at += 1;
        }
        self
    }

    const fn without(self, contexts: &[Context]) -> Self {
        Self(self.0 & !Self::of(contexts).0)
    }

    const fn has(self, context: Context) -> bool {
        self.meets(Self::of(&[context]))
    }

    const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

const EVERYWHERE: Contexts = Contexts::of(&Context::ALL);
const SCREENS: Contexts = EVERYWHERE.without(&[Context::Agent, Context::Help, Context::Choice]);
const HELPED: Contexts = SCREENS.and(&[Context::Agent]);
/// Where there is something to scroll or to select.
const SCROLLING: Contexts = EVERYWHERE.without(&[Context::Kiosk]);
/// The panels of agents and queues.
const PANELS: Contexts = Contexts::of(&[Context::Grid, Context::Department]);
const ASIDE: Contexts = PANELS.and(&[Context::Alerts]);
const SELECTING: Contexts = ASIDE.and(&[Context::Choice]);
const COPYING: Contexts = ASIDE.and(&[Context::Queue, Context::Agent]);
const DEPARTMENT: Contexts = Contexts::of(&[Context::Department]);
const FILTERED: Contexts = DEPARTMENT.and(&[Context::Activity]);
const AGENT: Contexts = Contexts::of(&[Context::Agent]);

type Row = (&'static [&'static str], Action, &'static str, &'static str, &'static str, Contexts);

/// In the order of help; within a context the footer takes them in this order as well.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    (&["?", "F1"], Action::Help, "help", "all keys", "help", HELPED),
    (&["q", "ctrl-c"], Action::Quit, "quit", "end the program", "quit", EVERYWHERE),
    (&["enter"], Action::Open, "open", "details of what is selected", "details", SELECTING),
    (&["0"], Action::AllDepartments, "all", "all departments", "all", SCREENS),
    (&["1"], Action::Department(1), "department-1", "the first department", "", SCREENS),
    (&["2"], Action::Department(2), "department-2", "the second department", "", SCREENS),
    (&["3"], Action::Department(3), "department-3", "the third department", "", SCREENS),
    (&["4"], Action::Department(4), "department-4", "the fourth department", "", SCREENS),
    (&["5"], Action::Department(5), "department-5", "the fifth department", "", SCREENS),
    (&["6"], Action::Department(6), "department-6", "the sixth department", "", SCREENS),
    (&["7"], Action::Department(7), "department-7", "the seventh department", "", SCREENS),
    (&["8"], Action::Department(8), "department-8", "the eighth department", "", SCREENS),
    (&["9"], Action::Department(9), "department-9", "the ninth department", "", SCREENS),
    (&["tab"], Action::NextDepartment, "next-department", "the next department", "next", PANELS),
    (&["backtab"], Action::PreviousDepartment, "previous-department", "the department before", "", PANELS),
    (&["esc", "backspace"], Action::Back, "back", "back", "back", EVERYWHERE),
    (&["up", "k"], Action::Up, "up", "up", "", SCROLLING),
    (&["down", "j"], Action::Down, "down", "down", "", SCROLLING),
    (&["left", "h"], Action::Left, "left", "the panel on the left, or before", "", ASIDE),
    (&["right", "l"], Action::Right, "right", "the panel on the right, or after", "", ASIDE),
    (&["pageup", "ctrl-b"], Action::PageUp, "page-up", "a page up", "", SCROLLING),
    (&["pagedown", "ctrl-f"], Action::PageDown, "page-down", "a page down", "", SCROLLING),
    (&["home", "g"], Action::First, "first", "to the first", "", SCROLLING),
    (&["end", "G"], Action::Last, "last", "to the last", "", SCROLLING),
    (&["i"], Action::Inject, "inject", "put a call into a queue", "inject", SCREENS),
    (&["I"], Action::InjectAgain, "inject-again", "put the same call in again", "", SCREENS),
    (&["/"], Action::Filter, "filter", "only agents that match, such as state:acw >5m", "filter", FILTERED),
    (&["s"], Action::Sort, "sort", "another order of agents", "sort", DEPARTMENT),
    (&["z"], Action::Zoom, "zoom", "one panel on the whole screen, and back", "zoom", DEPARTMENT),
    (&["a"], Action::Alerts, "alerts", "what is over a limit or below a target", "alerts", SCREENS),
    (&["A"], Action::Acknowledge, "acknowledge", "all alerts are known", "", SCREENS),
    (&["v"], Action::Activity, "activity", "what happens", "activity", SCREENS),
    (&["x"], Action::AgentActions, "act", "set a state, end the call, log out", "act", AGENT),
    (&["+"], Action::MoreDays, "more-days", "more days of history", "more days", AGENT),
    (&["-"], Action::FewerDays, "fewer-days", "fewer days of history", "fewer", AGENT),
    (&["space"], Action::Freeze, "freeze", "stop at this moment, and go on", "freeze", SCREENS),
    (&["["], Action::StepBack, "step-back", "ten seconds back", "", SCREENS),
    (&["]"], Action::StepForward, "step-forward", "ten seconds on", "", SCREENS),
    (&["{"], Action::MinuteBack, "minute-back", "a minute back", "", SCREENS),
    (&["}"], Action::MinuteForward, "minute-forward", "a minute on", "", SCREENS),
    (&["\\"], Action::Present, "present", "back to the present", "", SCREENS),
    (&["y"], Action::Copy, "copy", "what is selected, onto the clipboard", "", COPYING),
    (&["b"], Action::Kiosk, "wall", "big figures for a wall, and back", "", SCREENS),
    (&["t"], Action::Theme, "theme", "another theme", "", SCREENS),
    (&[":"], Action::Palette, "palette", "every action, department and queue by name", "", SCREENS),
    (&["ctrl-l"], Action::Repaint, "repaint", "draw all anew", "", EVERYWHERE),
    (&["ctrl-z"], Action::Suspend, "suspend", "into the background", "", EVERYWHERE),
];

impl Keymap {
    /// All bindings.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// What `key` asks for in `context`.
    pub fn action(&self, context: Context, key: Key) -> Option<Action> {
        let mut bindings = self.bindings.iter().filter(|binding| binding.is_in(context));
        bindings.find(|binding| binding.keys.contains(&key)).map(|binding| binding.action)
    }

    /// The key of an action, as it is shown; empty if it has none.
    pub fn key_of(&self, action: Action) -> String {
        let binding = self.bindings.iter().find(|binding| binding.action == action);
        binding.and_then(|binding| binding.keys.first()).map(Key::to_string).unwrap_or_default()
    }

    /// Whether there is a place where the actions of both names mean something.
    pub fn meet(&self, one: &str, other: &str) -> bool {
        let contexts = |name| {
            let binding = self.bindings.iter().find(|binding| binding.name == name);
            binding.map_or(Contexts::of(&[]), |binding| binding.contexts)
        };
        contexts(one).meets(contexts(other))
    }

    /// Gives the action called `name` these keys and no others, and takes them from whichever had
    /// them; `false` if there is no such action.
    pub fn bind(&mut self, name: &str, keys: Vec<Key>) -> bool {
        let Some(at) = self.bindings.iter().position(|binding| binding.name == name) else {
            return false;
        };
        let contexts = self.bindings[at].contexts;
        for binding in &mut self.bindings {
            if binding.contexts.meets(contexts) {
                binding.keys.retain(|key| !keys.contains(key));
            }
        }
        self.bindings[at].keys = keys;
        true
    }
}

impl Default for Keymap {
    fn default() -> Self {
        let binding = |&(keys, action, name, help, short, contexts): &Row| {
            // That each of them is a key is tested.
            let keys = keys.iter().filter_map(|key| key.parse().ok()).collect();
            Binding { keys, action, name, help, short, contexts }
        };
        Self { bindings: TABLE.iter().map(binding).collect() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    #[test]
    fn every_key_of_the_table_is_a_key() {
        for (keys, ..) in TABLE {
            for key in *keys {
                assert_eq!(key.parse::<Key>().map(|key| key.name()).as_deref(), Ok(*key));
            }
        }
    }

    #[test]
    fn a_key_that_no_terminal_tells_of_is_none_and_a_letter_with_ctrl_has_no_case() {
        let quit: Key = "ctrl-Q".parse().unwrap();
        assert_eq!(quit.name(), "ctrl-q");
        let pressed = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::CONTROL);
        assert_eq!(quit, Key::from(pressed));
        for key in ["ctrl-j", "ctrl-h", "ctrl-space", "ctrl-alt-x", "ctrl-up", "ctrl-F1", "alt-M"] {
            assert_eq!(key.parse::<Key>().map(|key| key.name()).as_deref(), Ok(key));
        }
        for key in ["ctrl-i", "ctrl-m", "ctrl-M", "ctrl-alt-i", "ctrl-[", "ctrl-1", "ctrl-enter"] {
            let fault = key.parse::<Key>().unwrap_err().to_string();
            assert!(fault.contains("letters but i and m"), "{fault}");
        }
    }

    #[test]
    fn a_key_means_one_thing_in_a_context() {
        let keymap = Keymap::default();
        for context in Context::ALL {
            let keys = keymap.bindings().iter().filter(|binding| binding.is_in(context));
            let keys: Vec<_> = keys.flat_map(|binding| &binding.keys).collect();
            let different: BTreeSet<_> = keys.iter().map(|key| key.name()).collect();
            assert_eq!(keys.len(), different.len(), "{context:?}");
        }
    }

    #[test]
    fn a_key_given_to_an_action_is_taken_from_the_other() {
        let mut keymap = Keymap::default();
        let key: Key = "a".parse().unwrap();
        assert!(keymap.bind("freeze", vec![key]));
        assert_eq!(keymap.action(Context::Grid, key), Some(Action::Freeze));
        assert_eq!(keymap.action(Context::Grid, "space".parse().unwrap()), None);
        assert!(!keymap.bind("no-such-thing", vec![key]));
    }
}
