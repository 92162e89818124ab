//! A department's agents as a table: sorted, filtered, one of them selected.

use std::sync::Arc;

use monti_core::{LoginId, Timestamp};

use super::List;
use crate::{
    board::{Agent, Department, Order, Rows, Sort},
    filter::Filter,
    layout,
};

/// The rows that are shown, ready to be drawn: what of them is in view is a slice.
#[derive(Debug, Clone, Default)]
pub struct Table {
    sort: Sort,
    filter: Filter,
    order: Order,
    /// The agents that the rows were made of, shown or not, by login.
    agents: Vec<Arc<Agent>>,
    /// Who is selected. Whatever moves, it is this agent that stays selected.
    selected: Option<LoginId>,
    list: List,
    /// What the rows were made of: nothing to do while that is the same.
    made_of: Option<(String, u64, Timestamp)>,
}

impl Table {
    /// No rows yet, sorted and filtered like this.
    pub fn new(sort: Sort, filter: Filter) -> Self {
        Self { sort, filter, ..Self::default() }
    }

    /// The rows, in order.
    pub fn rows(&self) -> Rows<'_> {
        self.order.rows(&self.agents)
    }

    /// What they are sorted by.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Which of the agents they are.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The selected row and the first in view.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The agent that is selected.
    pub fn selected(&self) -> Option<&Agent> {
        Some(self.rows().get(self.list.at())?)
    }

    /// Sorts in another way.
    pub fn set_sort(&mut self, sort: Sort) {
        (self.sort, self.made_of) = (sort, None);
    }

    /// Shows other agents.
    pub fn set_filter(&mut self, filter: Filter) {
        (self.filter, self.made_of) = (filter, None);
    }

    /// Brings the rows up to date with `department` at `now`, in a window of `height` rows.
    pub fn refresh(&mut self, department: &Department, now: Timestamp, height: usize) {
        // Without a time in the filter, time alone changes nothing.
        let moment = if self.filter.runs_with_the_clock() { now } else { Timestamp::MIN };
        let source = Some((department.id().to_owned(), department.version(), moment));
        if self.made_of != source {
            // One change on, the rest is known.
            let before = department.version().checked_sub(1);
            let follows = self.made_of.as_ref().is_some_and(|(id, version, known)| {
                id == department.id() && Some(*version) == before && *known == moment
            });
            self.made_of = source;
            if !follows || !self.follow(department, now) {
                self.make(department, now);
            }
        }
        // Until someone is selected it is the top that stays in view, whoever is there.
        let row = |login: &LoginId| self.rows().row_of(department.agent(login)?);
        let at = self.selected.as_ref().map_or(Some(0), row);
        self.select(at.unwrap_or(self.list.at()), height);
    }

    /// Selects a row; where not all fit into `height` the last one says so.
    fn select(&mut self, at: usize, height: usize) {
        let len = self.rows().len();
        self.list.select(at, len, layout::fitting(len, height));
    }

    /// Makes all rows.
    fn make(&mut self, department: &Department, now: Timestamp) {
        self.agents = department.agents().to_vec();
        let is_shown = |at: &usize| self.filter.matches(&self.agents[*at], now);
        let shown = (0..self.agents.len()).filter(is_shown);
        self.order = Order::new(self.sort, &self.agents, shown);
    }

    /// Makes the rows of the agents that changed: in a second these are few of many. `false` if
    /// others came or went.
    fn follow(&mut self, department: &Department, now: Timestamp) -> bool {
        let Some(latest) = department.latest() else { return false };
        for at in latest {
            let agent = &department.agents()[*at];
            let shown = [&self.agents[*at], agent].map(|it| self.filter.matches(it, now));
            self.order.replace(&mut self.agents, *at, Arc::clone(agent), shown);
        }
        true
    }

    /// Moves the selection by so many rows.
    pub fn step(&mut self, by: isize, height: usize) {
        self.choose(self.list.at().saturating_add_signed(by), height);
    }

    /// Selects an agent, if it is in a row.
    pub fn choose_agent(&mut self, login: &LoginId) {
        self.selected = Some(login.clone());
    }

    /// Selects a row.
    pub fn choose(&mut self, at: usize, height: usize) {
        self.select(at, height);
        self.selected = self.selected().map(|agent| agent.login().clone());
    }
}
