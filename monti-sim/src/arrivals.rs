//! When callers call, and for which queue.

mod source;

use jiff::civil::Time;
use monti_core::{Millis, Priority, Timestamp, VqId};
use rand::{Rng, RngExt as _};

pub(crate) use self::source::Source;
use crate::calendar::is_between;

/// Calls that come at a rate, shared among queues and priorities.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// The queues and their weights.
    pub vqs: Mix<VqId>,
    /// The priorities and their weights.
    pub priorities: Mix<Priority>,
    /// How many come when.
    pub rate: Rate,
}

/// How many calls come when.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// A Poisson process of so many an hour.
    Constant(f64),
    /// A Poisson process of so many an hour from each time of the day to the next, and from the
    /// last over midnight to the first. In the order of the times; at least one.
    Profile(Vec<(Time, f64)>),
    /// Just so many in each span of time, at moments drawn uniformly: a Poisson process of which
    /// the counts are known. In the order of time, not overlapping.
    Counts(Vec<Count>),
}

/// So many calls in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// How many calls come in it.
    pub calls: u32,
}

/// When more calls come than the rates say.
#[derive(Debug, Clone, PartialEq)]
pub struct Peak {
    /// What constant rates and profiles are multiplied with.
    pub factor: f64,
    /// From when to when, in local time; over midnight if the end is not after the beginning.
    pub hours: Vec<(Time, Time)>,
}

/// One call of a list that is known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedCall {
    /// When it comes.
    pub at: Timestamp,
    /// For which queue.
    pub vq: VqId,
    /// How urgent it is.
    pub priority: Priority,
    /// How long the caller waits for an answer; `None` leaves it to chance, as the department's
    /// behaviour has it.
    pub waits: Option<Waits>,
    /// How long the talk lasts; `None` leaves it to chance.
    pub talk: Option<Millis>,
}

/// How long a caller waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Until there is one.
    Endlessly,
    /// So long at most.
    For(Millis),
}

/// Things to choose from, each with its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix<T> {
    items: Vec<(T, f64)>,
    total: f64,
}

impl<T: Copy + PartialEq> Mix<T> {
    /// Just one thing.
    pub fn only(item: T) -> Self {
        Self { items: vec![(item, 1.0)], total: 1.0 }
    }

    /// Things with their weights, finite and not negative; `None` unless one of them is above
    /// zero.
    pub fn new(items: Vec<(T, f64)>) -> Option<Self> {
        let is_weight = |weight: f64| weight.is_finite() && weight >= 0.0;
        let total = items.iter().map(|(_, weight)| weight).sum::<f64>();
        (items.iter().all(|(_, weight)| is_weight(*weight)) && total > 0.0 && total.is_finite())
            .then_some(Self { items, total })
    }

    /// The things and their weights.
    pub fn items(&self) -> &[(T, f64)] {
        &self.items
    }

    /// The share of a thing among all, 0 to 1.
    pub fn share(&self, item: T) -> f64 {
        let weights = self.items.iter().filter(|(other, _)| *other == item);
        weights.map(|(_, weight)| weight).sum::<f64>() / self.total
    }

    /// Chooses one.
    pub(crate) fn draw(&self, rng: &mut impl Rng) -> T {
        if let [(only, _)] = self.items[..] {
            return only;
        }
        let mut left = rng.random::<f64>() * self.total;
        let mut last = self.items[0].0;
        for (item, weight) in &self.items {
            if *weight > 0.0 {
                last = *item;
                left -= weight;
            }
            if left < 0.0 {
                break;
            }
        }
        last
    }
}

impl Peak {
    /// No more calls at any time.
    pub fn none() -> Self {
        Self { factor: 1.0, hours: Vec::new() }
    }

    /// What a rate is multiplied with at a time of the day.
    fn factor_at(&self, time: Time) -> f64 {
        let is_within = |(from, until): &(Time, Time)| is_between(time, *from, *until);
        if self.hours.iter().any(is_within) { self.factor } else { 1.0 }
    }
}

impl Rate {
    /// Calls an hour at a time of the day, without the peak; `None` where counts say it.
    pub(crate) fn per_hour_at(&self, time: Time) -> Option<f64> {
        match self {
            Self::Constant(per_hour) => Some(*per_hour),
            Self::Profile(steps) => {
                let running = steps.iter().rev().find(|(from, _)| *from <= time);
                running.or(steps.last()).map(|(_, per_hour)| *per_hour)
            }
            Self::Counts(_) => None,
        }
    }

    /// Whether it lets no call come, at any time.
    fn is_zero(&self) -> bool {
        match self {
            Self::Constant(per_hour) => *per_hour == 0.0,
            Self::Profile(steps) => steps.iter().all(|(_, per_hour)| *per_hour == 0.0),
            Self::Counts(_) => false,
        }
    }

    /// The times of the day at which it changes.
    fn changes(&self) -> impl Iterator<Item = Time> {
        let steps = if let Self::Profile(steps) = self { &steps[..] } else { &[] };
        steps.iter().map(|(from, _)| *from)
    }
}
