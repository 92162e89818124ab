//! What agents want beside their calls: to come and to go, to rest and to eat.

use monti_core::{Millis, SettableState, Timestamp};
use rand::RngExt as _;

use super::{Action, AgentNo, Deed, Fleet};
use crate::{
    agenda::Due,
    agent::{Doing, Link},
};

/// How long an agent who wants a break waits before asking again, while it is idle and too many
/// others are on one.
const ASK_AGAIN: Millis = Millis::from_secs(60);

/// An agent works at least so long between two breaks.
const BREAKS_APART: Millis = Millis::from_secs(1);

/// When an agent will want something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Its hours begin or end.
    hours_change_at: Timestamp,
    lunch_at: Timestamp,
    break_at: Timestamp,
}

/// The agents of a department, counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Floor {
    pub(super) logged_in: u32,
    pub(super) on_break: u32,
}

impl Default for Plan {
    fn default() -> Self {
        let never = Timestamp::MAX;
        Self { hours_change_at: never, lunch_at: never, break_at: never }
    }
}

impl Plan {
    /// When the first of it is.
    pub(super) fn next(&self) -> Timestamp {
        self.hours_change_at.min(self.lunch_at).min(self.break_at)
    }
}

impl Fleet {
    /// An agent begins to follow its hours.
    pub(super) fn begin_work(&mut self, agent: u32, now: Timestamp) {
        self.plan_first_lunch(agent, now);
        self.follow_hours(agent, now);
    }

    /// An agent comes or goes, if it is time.
    pub(super) fn follow_hours(&mut self, agent: u32, now: Timestamp) {
        let (run, change) = self.group_of(agent).staff.hours.at(now, &self.calendar);
        self.plans[agent as usize].hours_change_at = change;
        self.enter_wish(agent);
        let known = &mut self.agents[agent as usize];
        let is_on_duty = run && known.is_active && self.is_running && !known.is_replaced;
        known.is_on_duty = is_on_duty;
        match known.doing {
            Doing::Away if is_on_duty => self.log_in(agent),
            Doing::Idle | Doing::Resting | Doing::Eating | Doing::NotResponding if !is_on_duty => {
                self.go_home(agent);
            }
            // After the call, or once the login has come through.
            _ => {}
        }
    }

    /// Something that an agent planned is due.
    pub(super) fn wish(&mut self, agent: u32, now: Timestamp) {
        if now >= self.closes_at {
            // Everybody stays until the last caller is served, and plans nothing more.
            self.plans[agent as usize] = Plan::default();
            return;
        }
        if self.plans[agent as usize].lunch_at <= now {
            let known = &mut self.agents[agent as usize];
            // Who is not at work eats at home.
            known.wants_lunch = known.doing.is_logged_in();
            self.plan_lunch(agent, now);
        }
        let plan = &mut self.plans[agent as usize];
        if plan.break_at <= now {
            plan.break_at = Timestamp::MAX;
            self.agents[agent as usize].wants_break = true;
        }
        if self.plans[agent as usize].hours_change_at <= now {
            self.follow_hours(agent, now);
        }
        self.enter_wish(agent);
        let known = &self.agents[agent as usize];
        // Who is not logged in again yet has asked for a state; it does as it wants once it is.
        if known.doing == Doing::Idle && known.link != Link::Back {
            self.follow_wishes(agent, now);
        }
    }

    /// Whether an agent would do something else now than take calls.
    pub(super) fn wants_away(&self, agent: u32, now: Timestamp) -> bool {
        let known = &self.agents[agent as usize];
        !known.is_on_duty || (now < self.closes_at && (known.wants_lunch || known.wants_break))
    }

    /// An agent that has no call goes home, to lunch or on a break, if it wants to. The answer is
    /// whether it did.
    pub(super) fn follow_wishes(&mut self, agent: u32, now: Timestamp) -> bool {
        let known = self.agents[agent as usize];
        if !known.is_on_duty {
            self.go_home(agent);
        } else if now >= self.closes_at {
            return false;
        } else if known.wants_lunch {
            self.have_lunch(agent, now);
        } else if known.wants_break {
            return self.rest(agent, now);
        } else {
            return false;
        }
        true
    }

    fn go_home(&mut self, agent: u32) {
        let known = &mut self.agents[agent as usize];
        (known.wants_break, known.wants_lunch) = (false, false);
        self.plans[agent as usize].break_at = Timestamp::MAX;
        self.set_doing(agent, Doing::Away, Timestamp::MAX);
        self.act(agent, Deed::Unregister);
    }

    fn have_lunch(&mut self, agent: u32, now: Timestamp) {
        let department = usize::from(self.agents[agent as usize].department.0);
        let Some(lunch) = &self.scenario.behaviour[department].lunch else { return };
        let until = now + lunch.time.draw(&mut self.dice.people);
        self.agents[agent as usize].wants_lunch = false;
        self.set_doing(agent, Doing::Eating, until);
        self.act(agent, Deed::SetState(SettableState::Lunch));
    }

    /// An agent goes on a break, unless too many are on one. The answer is whether it did.
    fn rest(&mut self, agent: u32, now: Timestamp) -> bool {
        let department = usize::from(self.agents[agent as usize].department.0);
        let Some(breaks) = &self.scenario.behaviour[department].breaks else { return false };
        let floor = self.floor[department];
        if f64::from(floor.on_break + 1) > breaks.share * f64::from(floor.logged_in) {
            let plan = &mut self.plans[agent as usize];
            if plan.break_at == Timestamp::MAX {
                plan.break_at = now + ASK_AGAIN;
                self.enter_wish(agent);
            }
            return false;
        }
        let rng = &mut self.dice.people;
        let max = breaks.max.get();
        let time = if crate::dice::happens(breaks.overstay, rng) {
            rng.random_range(max + 1..=max + max / 2 + 1)
        } else {
            rng.random_range(max / 2..=max)
        };
        self.agents[agent as usize].wants_break = false;
        self.plans[agent as usize].break_at = Timestamp::MAX;
        self.set_doing(agent, Doing::Resting, now + Millis::new(time));
        self.act(agent, Deed::SetState(SettableState::Break));
        true
    }

    /// An agent that came, or came back from a break, plans the next.
    pub(super) fn plan_break(&mut self, agent: u32, now: Timestamp) {
        let department = usize::from(self.agents[agent as usize].department.0);
        if let Some(breaks) = &self.scenario.behaviour[department].breaks {
            self.plans[agent as usize].break_at =
                now + breaks.every.draw(&mut self.dice.people).max(BREAKS_APART);
            self.enter_wish(agent);
        }
    }

    /// An agent gets a call: if it is on a break that is over, and the next is to come as after others.
    pub(super) fn cut_break_short(&mut self, agent: u32, now: Timestamp) {
        if self.agents[agent as usize].doing == Doing::Resting {
            self.plan_break(agent, now);
        }
    }

    /// Plans an agent's lunch of the day, who comes at `now`: if that is within the time of lunch,
    /// its own may be yet to come, or over.
    pub(super) fn plan_first_lunch(&mut self, agent: u32, now: Timestamp) {
        let department = usize::from(self.agents[agent as usize].department.0);
        let Some(lunch) = &self.scenario.behaviour[department].lunch else { return };
        let today = self.calendar.local(now).date();
        let days = [today.yesterday().unwrap_or(today), today];
        let spans = days.map(|day| {
            let from = self.calendar.moment(day.to_datetime(lunch.from));
            (from, self.calendar.next(from, lunch.until))
        });
        let running = spans.into_iter().find(|(from, until)| *from <= now && now <= *until);
        self.plans[agent as usize].lunch_at = Timestamp::MIN;
        if let Some(span) = running {
            self.draw_lunch(agent, span);
        }
        if self.plans[agent as usize].lunch_at < now {
            self.plan_lunch(agent, now);
        }
    }

    /// Plans an agent's next lunch.
    fn plan_lunch(&mut self, agent: u32, now: Timestamp) {
        let department = usize::from(self.agents[agent as usize].department.0);
        let Some(lunch) = &self.scenario.behaviour[department].lunch else { return };
        let from = self.calendar.next(now, lunch.from);
        let until = self.calendar.next(from, lunch.until);
        self.draw_lunch(agent, (from, until));
    }

    fn draw_lunch(&mut self, agent: u32, (from, until): (Timestamp, Timestamp)) {
        let span = until.since(from).get();
        let after = Millis::new(self.dice.people.random_range(0..=span));
        self.plans[agent as usize].lunch_at = from + after;
    }

    fn enter_wish(&mut self, agent: u32) {
        self.agenda.enter(self.plans[agent as usize].next(), Due::Wish(agent));
    }

    /// An agent does something else from now on, until `due`.
    pub(super) fn set_doing(&mut self, agent: u32, doing: Doing, due: Timestamp) {
        let known = &mut self.agents[agent as usize];
        let before = std::mem::replace(&mut known.doing, doing);
        known.due = due;
        self.agenda.enter(due, Due::Agent(agent));
        if before == Doing::Resting || doing == Doing::Resting {
            let floor = &mut self.floor[usize::from(known.department.0)];
            floor.on_break += u32::from(doing == Doing::Resting);
            floor.on_break -= u32::from(before == Doing::Resting);
        }
        if before.is_logged_in() != doing.is_logged_in() {
            let floor = &mut self.floor[usize::from(known.department.0)];
            floor.logged_in += u32::from(doing.is_logged_in());
            floor.logged_in -= u32::from(before.is_logged_in());
        }
    }

    /// An agent says something to the centre, unless it has no link on which it is heard.
    pub(super) fn act(&mut self, agent: u32, deed: Deed) {
        if self.agents[agent as usize].link == Link::Up {
            self.actions.push_back(Action::Act(AgentNo(agent), deed));
        }
    }
}
