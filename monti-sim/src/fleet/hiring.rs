//! Who the agents of a fleet are.

use std::sync::Arc;

use monti_core::{Department, DepartmentId, Registration, Timestamp};

use super::{AgentNo, Fleet, wishes::Plan};
use crate::{Hours, Staff, agent::Agent, calendar::is_between, people, shares::shares};

/// Agents that were hired together, and are alike.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) staff: Staff,
    /// Their row of staff, by the place of its group: this one, unless they were hired later.
    pub(super) row: usize,
    /// The number of the first of them.
    first: u32,
    /// The number of the first of them among their department's.
    first_of_department: u32,
}

impl Fleet {
    /// Hires the scenario's agents, and lets those begin whose hours run.
    pub(super) fn hire(&mut self, now: Timestamp) {
        let scenario = Arc::clone(&self.scenario);
        for staff in &scenario.staff {
            self.hire_group(staff.clone(), self.groups.len());
        }
        // A department without a row has one of nobody, for those who may be hired later.
        for (department, _) in scenario.centre.departments() {
            if scenario.staff.iter().all(|staff| staff.department != department) {
                let (queues, hours) = (None, Hours::Always);
                let nobody = Staff { department, agents: 0, queues, hours, login: None };
                self.hire_group(nobody, self.groups.len());
            }
        }
        self.active = self.len();
        for agent in 0..self.active {
            self.begin_work(agent, now);
        }
    }

    fn hire_group(&mut self, staff: Staff, row: usize) {
        let department = staff.department;
        let of_department = self.groups.iter().filter(|it| it.staff.department == department);
        let first_of_department = of_department.map(|group| group.staff.agents).sum();
        let agents = staff.agents as usize;
        self.agents.extend(std::iter::repeat_n(Agent::new(department), agents));
        self.plans.extend(std::iter::repeat_n(Plan::default(), agents));
        let first = self.groups.last().map_or(0, |group| group.first + group.staff.agents);
        self.groups.push(Group { staff, row, first, first_of_department });
    }

    /// How many of `count` agents are to be of each row of staff: shared among the departments as
    /// all their agents are, and in each of them among its rows.
    pub(super) fn shared_among_rows(&self, count: u32) -> Vec<u32> {
        let groups = self.groups.iter().enumerate();
        let rows: Vec<_> = groups
            .take_while(|(place, group)| group.row == *place)
            .map(|(_, group)| (group.staff.department, f64::from(group.staff.agents)))
            .collect();
        let mut departments = vec![0.0; self.scenario.centre.departments().len()];
        for (department, agents) in &rows {
            departments[usize::from(department.0)] += agents;
        }
        let mut wanted = vec![0; rows.len()];
        for (place, count) in (0..).zip(shared(count, departments)) {
            let is_own = |row: &usize| rows[*row].0 == DepartmentId(place);
            let own: Vec<_> = (0..rows.len()).filter(is_own).collect();
            let agents = own.iter().map(|row| rows[*row].1).collect();
            for (row, count) in own.into_iter().zip(shared(count, agents)) {
                wanted[row] = count;
            }
        }
        wanted
    }

    /// Hires as many as each row of staff lacks, alike but for a login of its own.
    pub(super) fn hire_missing(&mut self, wanted: &[u32]) {
        let mut hired = vec![0; wanted.len()];
        for group in &self.groups {
            hired[group.row] += group.staff.agents;
        }
        for (row, (wanted, hired)) in wanted.iter().zip(hired).enumerate() {
            let agents = wanted.saturating_sub(hired);
            if agents > 0 {
                let staff = Staff { agents, login: None, ..self.groups[row].staff.clone() };
                self.hire_group(staff, row);
            }
        }
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

/// Shares `count` out in the proportions of `agents`; equally if there are none.
fn shared(count: u32, mut agents: Vec<f64>) -> Vec<u32> {
    if agents.iter().all(|agents| *agents == 0.0) {
        agents.fill(1.0);
    }
    shares(count, &agents)
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
