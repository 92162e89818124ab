//! Who the agents of a fleet are.

use monti_core::{Department, Registration, Timestamp};

use super::{AgentNo, Fleet, wishes::Plan};
use crate::{Hours, Staff, agent::Agent, calendar::is_between, people};

/// Agents that were hired together, and are alike.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) staff: Staff,
    /// The number of the first of them.
    first: u32,
    /// The number of the first of them among their department's.
    first_of_department: u32,
}

impl Fleet {
    /// Hires the scenario's agents, and lets those begin whose hours run.
    pub(super) fn hire(&mut self, now: Timestamp) {
        for staff in self.scenario.staff.clone() {
            self.hire_group(staff);
        }
        self.active = self.len();
        for agent in 0..self.active {
            self.begin_work(agent, now);
        }
    }

    pub(super) fn hire_group(&mut self, staff: Staff) {
        let department = staff.department;
        let of_department = self.groups.iter().filter(|it| it.staff.department == department);
        let first_of_department = of_department.map(|group| group.staff.agents).sum();
        let agents = staff.agents as usize;
        self.agents.extend(std::iter::repeat_n(Agent::new(department), agents));
        self.plans.extend(std::iter::repeat_n(Plan::default(), agents));
        let first = self.groups.last().map_or(0, |group| group.first + group.staff.agents);
        self.groups.push(Group { staff, first, first_of_department });
    }

    /// How many agents there are, at work or not.
    pub fn len(&self) -> u32 {
        self.groups.last().map_or(0, |group| group.first + group.staff.agents)
    }

    /// Whether there is no agent at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How an agent logs in now: with the call that it has, if it has one.
    pub fn registration(&self, agent: AgentNo) -> Registration {
        let AgentNo(number) = agent;
        let group = self.group_of(number);
        let index = group.index_of(number);
        let (team, location) = people::team(&self.department(group).id, index);
        Registration {
            // Who is known by a login of their own is called by that.
            name: group.staff.login.is_none().then(|| people::name(number)),
            location: Some(location),
            team: Some(team),
            ..self.nameless_registration(agent)
        }
    }

    /// The same without what only people want to know: name, place and team.
    pub fn nameless_registration(&self, AgentNo(agent): AgentNo) -> Registration {
        let group = self.group_of(agent);
        let department = self.department(group);
        let login = group.staff.login.clone();
        let login = login
            .unwrap_or_else(|| people::login(&self.prefix, &department.id, group.index_of(agent)));
        let behaviour = &self.scenario.behaviour[usize::from(group.staff.department.0)];
        let doing = self.agents[agent as usize].doing;
        Registration {
            queues: group.staff.queues.clone(),
            state: doing.state_to_register(),
            auto_answer: behaviour.answers_at_once(),
            current_call: doing.call(),
            ..Registration::new(login, group.staff.department)
        }
    }

    pub(super) fn group_of(&self, agent: u32) -> &Group {
        let after = self.groups.partition_point(|group| group.first <= agent);
        &self.groups[after - 1]
    }

    fn department(&self, group: &Group) -> &Department {
        let department = self.scenario.centre.department(group.staff.department);
        department.unwrap_or_else(|| panic!("{:?} are of the centre", group.staff))
    }
}

impl Group {
    /// The number of an agent among its department's.
    fn index_of(&self, agent: u32) -> u32 {
        agent - self.first + self.first_of_department
    }
}

impl Hours {
    /// Whether they run at `now`, and when that changes.
    pub(super) fn at(&self, now: Timestamp, calendar: &crate::Calendar) -> (bool, Timestamp) {
        match self {
            Self::Always => (true, Timestamp::MAX),
            Self::Daily { from, until } => {
                let time = calendar.local(now).time();
                let run = is_between(time, *from, *until);
                (run, calendar.next(now, if run { *until } else { *from }))
            }
            Self::Shifts(shifts) => {
                let next = shifts.iter().find(|(_, until)| *until > now);
                match next {
                    Some((from, until)) if *from <= now => (true, *until),
                    Some((from, _)) => (false, *from),
                    None => (false, Timestamp::MAX),
                }
            }
        }
    }
}
