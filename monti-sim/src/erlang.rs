//! Erlang C and Erlang A: what the formulas say of a queue at a constant rate.
//!
//! Both take calls that arrive as a Poisson process and handle times that are exponential. Erlang C
//! lets callers wait for ever; Erlang A lets each give up after an exponential time. Computed by
//! the density of the wait offered to callers (Zeltyn and Mandelbaum, Call centers with impatient
//! customers: many-server asymptotics of the M/M/n+G queue, Queueing Systems 51, 2005): Erlang C is
//! the case in which nobody gives up.

use serde::Serialize;

/// A queue at a constant rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Calls per second.
    pub arrivals_per_sec: f64,
    /// AHT, ringing included, in seconds.
    pub handle_secs: f64,
    /// How many agents there are.
    pub agents: u32,
    /// How long callers wait on average, in seconds; `None` for ever.
    pub patience_secs: Option<f64>,
}

/// What the formulas say; `None` where there is nothing to say it of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// Answered within the target, of all. `None` if nobody calls.
    pub service_level_percent: Option<f64>,
    /// The mean wait of the answered. `None` if nobody is, or if the queue grows for ever.
    pub avg_wait_seconds: Option<f64>,
    /// Gave up, of all. `None` if nobody calls.
    pub abandoned_percent: Option<f64>,
    /// Had to wait, of all. `None` if nobody calls.
    pub waited_percent: Option<f64>,
    /// The share of the agents' time that calls take. `None` if there are no agents.
    pub occupancy_percent: Option<f64>,
}

/// What becomes of calls that are to be answered within `target_secs`.
///
/// Without patience and with no more agents than calls in progress the queue grows for ever: then
/// nobody is answered in time.
pub fn forecast(load: Load, target_secs: f64) -> Forecast {
    let Load { arrivals_per_sec, handle_secs, agents, patience_secs } = load;
    let agents_f64 = f64::from(agents);
    if arrivals_per_sec <= 0.0 {
        return Forecast {
            service_level_percent: None,
            avg_wait_seconds: None,
            abandoned_percent: None,
            waited_percent: None,
            occupancy_percent: (agents > 0).then_some(0.0),
        };
    }
    let wait = Wait::of(load);
    if agents == 0 || (patience_secs.is_none() && arrivals_per_sec >= wait.ends) {
        return Forecast {
            service_level_percent: Some(0.0),
            avg_wait_seconds: None,
            abandoned_percent: Some(if patience_secs.is_some() { 100.0 } else { 0.0 }),
            waited_percent: Some(100.0),
            occupancy_percent: (agents > 0).then_some(100.0),
        };
    }
    let is_in_time = target_secs >= 0.0;
    if handle_secs <= 0.0 {
        // Every call is over as soon as it comes.
        return Forecast {
            service_level_percent: Some(if is_in_time { 100.0 } else { 0.0 }),
            avg_wait_seconds: Some(0.0),
            abandoned_percent: Some(0.0),
            waited_percent: Some(0.0),
            occupancy_percent: Some(0.0),
        };
    }
    let offered = arrivals_per_sec * handle_secs;
    // How likely it is that all others are busy, were there only these: against that the last agent
    // is weighed. All integrals are smaller by `scale` than they are, lest they be too large.
    let others_busy = erlang_b(offered, agents - 1);
    let highest = wait.highest(false);
    let scale = libm::exp(-highest);
    let (all, _) = wait.integrals(None, false, highest);
    let (staying, waiting_time) = wait.integrals(None, true, highest);
    let (in_time, _) = wait.integrals(Some(target_secs), true, highest);
    let whole = scale + arrivals_per_sec * others_busy * all;
    let at_once = scale / whole;
    let share = |integral: f64| arrivals_per_sec * others_busy * integral / whole;
    let answered = (at_once + share(staying)).min(1.0);
    let in_target = if is_in_time { (at_once + share(in_time)).min(1.0) } else { 0.0 };
    let abandoned = if patience_secs.is_some() { 1.0 - answered } else { 0.0 };
    Forecast {
        service_level_percent: Some(100.0 * in_target),
        avg_wait_seconds: (answered > 0.0).then(|| share(waiting_time) / answered),
        abandoned_percent: Some(100.0 * abandoned),
        waited_percent: Some(100.0 * (1.0 - at_once)),
        occupancy_percent: Some(100.0 * (offered * answered / agents_f64).min(1.0)),
    }
}

/// Erlang B: the share of calls that find all agents busy where nobody waits. By its recursion,
/// which is stable and never too large for a number.
fn erlang_b(offered: f64, agents: u32) -> f64 {
    (1..=agents).fold(1.0, |busy, agent| offered * busy / (f64::from(agent) + offered * busy))
}

/// The wait that is offered to callers who do not find an agent free.
struct Wait {
    arrivals: f64,
    /// How many calls end in a second while all agents are busy.
    ends: f64,
    /// How many of those who wait give up in a second, each; infinite if nobody waits at all.
    gives_up: f64,
}

impl Wait {
    fn of(load: Load) -> Self {
        Self {
            arrivals: load.arrivals_per_sec,
            ends: f64::from(load.agents) / load.handle_secs,
            gives_up: load.patience_secs.map_or(0.0, |patience| 1.0 / patience),
        }
    }

    /// The logarithm of the density at a wait, up to a constant; of those only who are still `there`
    /// when their turn comes, if asked for.
    fn log_density(&self, wait: f64, there: bool) -> f64 {
        // Who gives up at once is there for no wait but none.
        let (until, left) = if self.gives_up.is_infinite() {
            (0.0, if there && wait > 0.0 { f64::INFINITY } else { 0.0 })
        } else if self.gives_up > 0.0 {
            let until = -libm::expm1(-self.gives_up * wait) / self.gives_up;
            (until, if there { self.gives_up * wait } else { 0.0 })
        } else {
            (wait, 0.0)
        };
        self.arrivals * until - self.ends * wait - left
    }

    /// The integral of the density up to a wait, or over all, and that of wait × density; both
    /// divided by the exponential of `highest`. By Simpson's rule.
    fn integrals(&self, up_to: Option<f64>, there: bool, highest: f64) -> (f64, f64) {
        const STEPS: u32 = 20_000;
        if there && self.gives_up.is_infinite() {
            return (0.0, 0.0);
        }
        let end = self.end(there).min(up_to.unwrap_or(f64::INFINITY).max(0.0));
        let step = end / f64::from(STEPS);
        let (mut sum, mut moment) = (0.0, 0.0);
        for index in 0..=STEPS {
            let wait = step * f64::from(index);
            let weight = match index {
                0 | STEPS => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let density = weight * libm::exp(self.log_density(wait, there) - highest);
            sum += density;
            moment += density * wait;
        }
        (sum * step / 3.0, moment * step / 3.0)
    }

    /// The wait at which the density peaks: from there on fewer stay than end.
    fn peak(&self, there: bool) -> f64 {
        let ends = self.ends + if there { self.gives_up } else { 0.0 };
        let is_late = self.gives_up > 0.0 && self.gives_up.is_finite() && self.arrivals > ends;
        if is_late { libm::log(self.arrivals / ends) / self.gives_up } else { 0.0 }
    }

    /// The logarithm of the density at its peak.
    fn highest(&self, there: bool) -> f64 {
        self.log_density(self.peak(there), there)
    }

    /// A wait beyond which there is nothing to speak of.
    fn end(&self, there: bool) -> f64 {
        let (peak, highest) = (self.peak(there), self.highest(there));
        let gives_up = if there { self.gives_up } else { 0.0 };
        let mut end = peak + 1.0 / (self.ends + gives_up);
        while self.log_density(end, there) > highest - 50.0 {
            end = peak + (end - peak) * 1.5;
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, known: f64) -> bool {
        (value - known).abs() <= 1e-4 * known.abs().max(1.0)
    }

    #[test]
    fn one_agent_is_the_queue_of_the_textbooks() {
        // M/M/1 at 80 %: W = ρ / (μ - λ), P(W > t) = ρ exp(-(μ - λ) t).
        let load = Load { arrivals_per_sec: 0.8, handle_secs: 1.0, agents: 1, patience_secs: None };
        let forecast = forecast(load, 5.0);
        assert!(close(forecast.avg_wait_seconds.unwrap(), 4.0), "{forecast:?}");
        let in_time = 100.0 - 80.0 * (-1.0_f64).exp();
        assert!(close(forecast.service_level_percent.unwrap(), in_time));
        assert!(close(forecast.waited_percent.unwrap(), 80.0));
    }

    #[test]
    fn overload_is_no_queue_unless_callers_give_up() {
        let load = |patience_secs| Load {
            arrivals_per_sec: 2.0,
            handle_secs: 1.0,
            agents: 1,
            patience_secs,
        };
        assert_eq!(forecast(load(None), 20.0).avg_wait_seconds, None);
        let patient = forecast(load(Some(10.0)), 20.0);
        // What comes in goes out: half is answered, all but all of the agent's time is taken.
        assert!((patient.abandoned_percent.unwrap() - 50.0).abs() < 1.0, "{patient:?}");
        assert!(patient.occupancy_percent.unwrap() > 98.0);
    }

    fn whole(forecast: Forecast) -> [f64; 5] {
        [
            forecast.service_level_percent,
            forecast.avg_wait_seconds,
            forecast.abandoned_percent,
            forecast.waited_percent,
            forecast.occupancy_percent,
        ]
        .map(|figure| figure.unwrap_or_else(|| panic!("{forecast:?}")))
    }

    #[test]
    fn no_load_is_too_light_or_too_heavy_for_a_number() {
        let load = |arrivals_per_sec, agents, patience_secs| Load {
            arrivals_per_sec,
            handle_secs: 100.0,
            agents,
            patience_secs,
        };
        for agents in [170, 1_000, 1_000_000] {
            for patience in [None, Some(60.0)] {
                let expected = [100.0, 0.0, 0.0, 0.0, 100.0 / f64::from(agents)];
                let figures = whole(forecast(load(0.01, agents, patience), 20.0));
                for (figure, expected) in figures.into_iter().zip(expected) {
                    assert!(close(figure, expected), "{agents}: {figures:?}");
                }
            }
        }
        // Of a hundred times as many as can be answered one in a hundred is.
        for (arrivals, agents) in [(100.0, 100), (1e4, 10_000)] {
            let figures = whole(forecast(load(arrivals, agents, Some(600.0)), 20.0));
            let [in_time, wait, abandoned, waited, occupancy] = figures;
            assert!(close(abandoned, 99.0) && close(waited, 100.0), "{figures:?}");
            assert!(close(occupancy, 100.0) && in_time < 1e-4, "{figures:?}");
            // They wait until all but one in a hundred gave up.
            assert!((wait - 600.0 * 100.0_f64.ln()).abs() < 10.0, "{figures:?}");
        }
    }

    /// Erlang B, which of two erlangs on two agents loses 40 %.
    #[test]
    fn who_has_no_patience_at_all_is_answered_at_once_or_lost() {
        let load = |patience_secs| Load {
            arrivals_per_sec: 2.0,
            handle_secs: 1.0,
            agents: 2,
            patience_secs: Some(patience_secs),
        };
        for patience_secs in [0.0, 1e-6] {
            let figures = whole(forecast(load(patience_secs), 20.0));
            for (figure, expected) in figures.into_iter().zip([60.0, 0.0, 40.0, 40.0, 60.0]) {
                assert!(close(figure, expected), "{patience_secs}: {figures:?}");
            }
        }
    }

    #[test]
    fn where_there_is_no_call_no_agent_or_no_work_nothing_is_made_up() {
        let load = |arrivals_per_sec, handle_secs, agents, patience_secs| {
            forecast(Load { arrivals_per_sec, handle_secs, agents, patience_secs }, 20.0)
        };
        for patience in [None, Some(60.0)] {
            let nobody = load(0.0, 100.0, 5, patience);
            assert_eq!((nobody.service_level_percent, nobody.avg_wait_seconds), (None, None));
            assert_eq!((nobody.abandoned_percent, nobody.waited_percent), (None, None));
            assert_eq!(nobody.occupancy_percent, Some(0.0));
            let alone = load(1.0, 100.0, 0, patience);
            assert_eq!((alone.service_level_percent, alone.avg_wait_seconds), (Some(0.0), None));
            assert_eq!(alone.occupancy_percent, None);
            let idle = whole(load(1.0, 0.0, 5, patience));
            assert_eq!(idle, [100.0, 0.0, 0.0, 0.0, 0.0]);
        }
    }
}
