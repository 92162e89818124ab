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

/// What the formulas say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// Answered within the target, of all.
    pub service_level_percent: f64,
    /// The mean wait of the answered; `None` if the queue grows for ever.
    pub avg_wait_seconds: Option<f64>,
    /// Gave up, of all.
    pub abandoned_percent: f64,
    /// Had to wait, of all.
    pub waited_percent: f64,
    /// The share of the agents' time that calls take.
    pub occupancy_percent: f64,
}

/// What becomes of calls that are to be answered within `target_secs`.
///
/// Without patience and with no more agents than calls in progress the queue grows for ever: then
/// nobody is answered in time.
pub fn forecast(load: Load, target_secs: f64) -> Forecast {
    let Load { arrivals_per_sec, handle_secs, agents, patience_secs } = load;
    let offered = arrivals_per_sec * handle_secs;
    let agents_f64 = f64::from(agents);
    if agents == 0 || (patience_secs.is_none() && offered >= agents_f64) {
        return Forecast {
            service_level_percent: 0.0,
            avg_wait_seconds: None,
            abandoned_percent: if agents == 0 && patience_secs.is_some() { 100.0 } else { 0.0 },
            waited_percent: 100.0,
            occupancy_percent: if agents == 0 { 0.0 } else { 100.0 },
        };
    }
    if arrivals_per_sec <= 0.0 {
        return Forecast {
            service_level_percent: 100.0,
            avg_wait_seconds: Some(0.0),
            abandoned_percent: 0.0,
            waited_percent: 0.0,
            occupancy_percent: 0.0,
        };
    }
    let wait = Wait::of(load);
    // 1 / B of the others: how likely it is that one is free, against that just the last one is.
    let free = inverse_erlang_b(offered, agents - 1);
    let (all, _) = wait.integrals(None, false);
    let (staying, waiting_time) = wait.integrals(None, true);
    let (in_time, _) = wait.integrals(Some(target_secs), true);
    let last_is_free = 1.0 / (free + arrivals_per_sec * all);
    let at_once = free * last_is_free;
    let share = |integral: f64| arrivals_per_sec * last_is_free * integral;
    let answered = at_once + share(staying);
    let in_target = if target_secs >= 0.0 { at_once + share(in_time) } else { 0.0 };
    Forecast {
        service_level_percent: 100.0 * in_target,
        avg_wait_seconds: Some(share(waiting_time) / answered),
        abandoned_percent: if patience_secs.is_some() { 100.0 * (1.0 - answered) } else { 0.0 },
        waited_percent: 100.0 * (1.0 - at_once),
        occupancy_percent: 100.0 * (offered * answered / agents_f64).min(1.0),
    }
}

/// 1 / B: Erlang B's inverse, by its recursion, which is stable.
fn inverse_erlang_b(offered: f64, agents: u32) -> f64 {
    (1..=agents).fold(1.0, |inverse, agent| 1.0 + inverse * f64::from(agent) / offered)
}

/// The wait that is offered to callers who do not find an agent free.
struct Wait {
    arrivals: f64,
    /// How many calls end in a second while all agents are busy.
    ends: f64,
    /// How many of those who wait give up in a second, each.
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

    /// The logarithm of the density at a wait, up to a constant.
    fn log_density(&self, wait: f64) -> f64 {
        let until = if self.gives_up > 0.0 {
            -libm::expm1(-self.gives_up * wait) / self.gives_up
        } else {
            wait
        };
        self.arrivals * until - self.ends * wait
    }

    /// The integral of the density up to a wait, or over all, and that of wait × density; of those
    /// only who are still `there` when their turn comes, if asked for. By Simpson's rule.
    fn integrals(&self, up_to: Option<f64>, there: bool) -> (f64, f64) {
        const STEPS: u32 = 20_000;
        let end = self.end().min(up_to.unwrap_or(f64::INFINITY).max(0.0));
        let step = end / f64::from(STEPS);
        let (mut sum, mut moment) = (0.0, 0.0);
        for index in 0..=STEPS {
            let wait = step * f64::from(index);
            let weight = match index {
                0 | STEPS => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let left = if there { self.gives_up * wait } else { 0.0 };
            let density = weight * libm::exp(self.log_density(wait) - left);
            sum += density;
            moment += density * wait;
        }
        (sum * step / 3.0, moment * step / 3.0)
    }

    /// A wait beyond which there is nothing to speak of.
    fn end(&self) -> f64 {
        // The density falls for good once fewer stay than end: from the wait at which it peaks on.
        let peak = if self.gives_up > 0.0 && self.arrivals > self.ends {
            libm::log(self.arrivals / self.ends) / self.gives_up
        } else {
            0.0
        };
        let highest = self.log_density(peak);
        let mut end = peak + 1.0 / self.ends;
        while self.log_density(end) > highest - 50.0 {
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
        assert!(close(forecast.service_level_percent, 100.0 - 80.0 * (-1.0_f64).exp()));
        assert!(close(forecast.waited_percent, 80.0));
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
        assert!((patient.abandoned_percent - 50.0).abs() < 1.0, "{patient:?}");
        assert!(patient.occupancy_percent > 98.0);
    }
}
