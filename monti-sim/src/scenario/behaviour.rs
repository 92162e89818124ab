//! How people behave, as a scenario file says it.

use std::path::Path;

use monti_core::{
    Centre, Millis,
    file::{DeValue, Table, value},
};

use super::{Behaviour, Breaks, Lunch, Sometimes, columns, times::time};
use crate::{Durations, InvalidDistribution};

/// The shortest that a break may be meant to be at the most.
const BREAK_MIN: Millis = Millis::from_secs(1);

/// The largest share of calls that an agent does not answer where callers wait for ever: each call
/// then rings a hundred times at most, on average.
const NO_ANSWER_MAX: f64 = 0.99;

/// The smallest share of its rings that a phone is answered at, for the same reason.
const ANSWERED_MIN: f64 = 0.01;

/// What a table says, of what there is to say.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Habits {
    answer: Option<Durations>,
    no_answer: Option<f64>,
    talk: Option<Durations>,
    hold: Option<Option<Sometimes>>,
    after_call: Option<Durations>,
    long_after_call: Option<Option<Sometimes>>,
    patience: Option<Option<Durations>>,
    redial: Option<Option<Sometimes>>,
    breaks: Option<Option<Breaks>>,
    lunch: Option<Option<Lunch>>,
}

impl Habits {
    /// These, and what they do not say from others.
    pub(super) fn or(self, others: &Self) -> Self {
        let others = others.clone();
        Self {
            answer: self.answer.or(others.answer),
            no_answer: self.no_answer.or(others.no_answer),
            talk: self.talk.or(others.talk),
            hold: self.hold.or(others.hold),
            after_call: self.after_call.or(others.after_call),
            long_after_call: self.long_after_call.or(others.long_after_call),
            patience: self.patience.or(others.patience),
            redial: self.redial.or(others.redial),
            breaks: self.breaks.or(others.breaks),
            lunch: self.lunch.or(others.lunch),
        }
    }

    /// These, unless a call may ring for ever without an answer, or nearly so: that is noted in the
    /// table that says so.
    pub(super) fn come_to_an_answer(
        self,
        table: &mut Table<'_>,
        ring_timeout: Millis,
    ) -> Option<Self> {
        if !matches!(self.patience, None | Some(None)) {
            return Some(self);
        }
        let no_answer = self.no_answer.unwrap_or(0.0);
        if no_answer > NO_ANSWER_MAX {
            return table.fault(
                "no_answer_share",
                format!(
                    "with endless patience 0 to {NO_ANSWER_MAX} is allowed: a call that nobody \
                     answers would ring for ever"
                ),
            );
        }
        let in_time = self.answer.as_ref().map_or(1.0, |answer| answer.share_below(ring_timeout));
        if (1.0 - no_answer) * in_time < ANSWERED_MIN {
            return table.fault(
                "answer",
                format!(
                    "with endless patience at least {:.0} % of the rings have to be answered \
                     before the centre's ring timeout of {} s: a call that nobody answers in time \
                     would ring for ever",
                    100.0 * ANSWERED_MIN,
                    ring_timeout.as_secs_f64()
                ),
            );
        }
        Some(self)
    }

    /// The behaviour that they come to: what nobody says does not happen. `None` without a talk
    /// time, which nobody can guess.
    pub(super) fn complete(self) -> Option<Behaviour> {
        let plain = Behaviour::plain(self.talk?);
        Some(Behaviour {
            answer: self.answer.unwrap_or(plain.answer),
            no_answer: self.no_answer.unwrap_or(plain.no_answer),
            hold: self.hold.unwrap_or(plain.hold),
            after_call: self.after_call.unwrap_or(plain.after_call),
            long_after_call: self.long_after_call.unwrap_or(plain.long_after_call),
            patience: self.patience.unwrap_or(plain.patience),
            redial: self.redial.unwrap_or(plain.redial),
            breaks: self.breaks.unwrap_or(plain.breaks),
            lunch: self.lunch.unwrap_or(plain.lunch),
            talk: plain.talk,
        })
    }
}

/// Reads a table of behaviour. `None` if nobody can tell how patient callers are to be.
pub(super) fn habits(table: &mut Table<'_>, centre: &Centre, folder: &Path) -> Option<Habits> {
    // What is faulty has been noted, and counts as not said: all of it is looked at.
    let sometimes = |table: &mut Table<'_>, time| sometimes(table, time, folder);
    let habits = Habits {
        answer: durations_at(table, "answer", folder),
        no_answer: table.optional("no_answer_share", None, share),
        talk: durations_at(table, "talk", folder),
        hold: said(table, "hold", "none", |table| sometimes(table, "time")),
        after_call: durations_at(table, "after_call", folder),
        long_after_call: said(table, "long_after_call", "none", |table| sometimes(table, "time")),
        patience: said(table, "patience", "endless", |table| durations(table, folder)),
        redial: said(table, "redial", "none", |table| sometimes(table, "after")),
        breaks: said(table, "breaks", "none", |table| breaks(table, centre, folder)),
        lunch: said(table, "lunch", "none", |table| lunch(table, folder)),
    };
    (habits.patience.is_some() || !table.has("patience")).then_some(habits)
}

/// Whether a table has its own say in how soon, if ever, a call comes to an answer.
pub(super) fn says_of_answers(table: &mut Table<'_>) -> bool {
    ["answer", "no_answer_share", "patience"].into_iter().any(|key| table.has(key))
}

/// What is said at `key`: a table, or the word that stands for nothing. `None` if nothing is said.
fn said<T>(
    table: &mut Table<'_>,
    key: &'static str,
    word: &'static str,
    read: impl FnOnce(&mut Table<'_>) -> Option<T>,
) -> Option<Option<T>> {
    if table.has(key) { table.table_or(key, word, read) } else { None }
}

fn durations_at(table: &mut Table<'_>, key: &'static str, folder: &Path) -> Option<Durations> {
    if table.has(key) { table.table(key, |table| durations(table, folder)) } else { None }
}

fn sometimes(table: &mut Table<'_>, time: &'static str, folder: &Path) -> Option<Sometimes> {
    let share = table.required("share", share);
    let time = required_durations(table, time, folder);
    Some(Sometimes { share: share?, time: time? })
}

fn required_durations(
    table: &mut Table<'_>,
    key: &'static str,
    folder: &Path,
) -> Option<Durations> {
    if table.has(key) {
        durations_at(table, key, folder)
    } else {
        table.fault(key, "required, but missing")
    }
}

fn breaks(table: &mut Table<'_>, centre: &Centre, folder: &Path) -> Option<Breaks> {
    let planned = centre.agent_break_share_percent() / 100.0;
    let share_of_agents = table.optional("share", planned, share);
    let limit = centre.limits().break_time.max(BREAK_MIN);
    let max = table.optional("max", limit, value::duration(BREAK_MIN));
    let every = if table.has("every") {
        durations_at(table, "every", folder)
    } else {
        Some(Durations::constant(Millis::from_secs(2 * 60 * 60)))
    };
    let overstay = table.optional("overstay_share", 0.0, share);
    Some(Breaks { share: share_of_agents?, max: max?, every: every?, overstay: overstay? })
}

fn lunch(table: &mut Table<'_>, folder: &Path) -> Option<Lunch> {
    let from = table.required("from", time);
    let until = table.required("until", time);
    let length = required_durations(table, "time", folder);
    let (from, until) = (from?, until?);
    if from == until {
        return table.fault("until", "the same as from: lunch begins between the two");
    }
    Some(Lunch { from, until, time: length? })
}

fn share(value: &DeValue<'_>) -> Result<f64, String> {
    value::number(0.0, 1.0)(value)
}

/// The kinds of distributions.
const KINDS: [&str; 6] = ["constant", "exponential", "lognormal", "uniform", "gamma", "empirical"];

/// Reads a distribution: a table of just one kind.
fn durations(table: &mut Table<'_>, folder: &Path) -> Option<Durations> {
    let given: Vec<_> = KINDS.into_iter().filter(|kind| table.has(kind)).collect();
    let any = value::duration(Millis::ZERO);
    let made = match given[..] {
        ["constant"] => return table.required("constant", &any).map(Durations::constant),
        ["exponential"] => table.table("exponential", |table| {
            Some(Durations::exponential(table.required("mean", &any)?))
        }),
        ["lognormal"] => table.table("lognormal", |table| {
            let (mean, sd) = (table.required("mean", &any), table.required("sd", &any));
            Some(Durations::log_normal(mean?, sd?))
        }),
        ["gamma"] => table.table("gamma", |table| {
            let (mean, sd) = (table.required("mean", &any), table.required("sd", &any));
            Some(Durations::gamma(mean?, sd?))
        }),
        ["uniform"] => table.table("uniform", |table| {
            let (min, max) = (table.required("min", &any), table.required("max", &any));
            Some(Durations::uniform(min?, max?))
        }),
        ["empirical"] => table.table("empirical", |table| {
            Some(Durations::empirical(columns::seconds(table, folder)?))
        }),
        _ => {
            let problem = format!("just one of {} is required", KINDS.join(", "));
            return table.fault_here(problem);
        }
    };
    let kind = given[0];
    made?.map_or_else(|error: InvalidDistribution| table.fault(kind, error.to_string()), Some)
}
