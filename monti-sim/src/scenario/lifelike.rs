//! A scenario for who has none: people as they are.

use std::path::Path;

use monti_core::{Centre, Priority};

use super::{Hours, Scenario, Staff};
use crate::{Mix, Rate, Stream, shares::shares};

/// How the agents of the default centre are shared among its departments.
const USUAL_SHARES: [f64; 4] = [30.0, 35.0, 20.0, 15.0];

/// The occupancy at which queues breathe: they form and empty again.
const USUAL_OCCUPANCY: f64 = 0.85;

impl Scenario {
    /// A centre with as many agents, who work all the time, and as many calls a minute, shared as
    /// the agents are; `None` is as many as keep the agents busy for about 85 % of their time.
    /// People behave as in [`Self::DEFAULT_TOML`], which also says the seed and when it is.
    ///
    /// The agents of four departments are shared 30, 35, 20 and 15 %, those of others equally.
    pub fn lifelike(centre: Centre, agents: u32, calls_per_minute: Option<f64>) -> Self {
        let default = Self::parse(Self::DEFAULT_TOML, Path::new(""))
            .unwrap_or_else(|faults| panic!("the file is part of this crate: {faults}"));
        let usual = default.behaviour[0].clone();
        let count = centre.departments().len();
        let weights =
            if count == USUAL_SHARES.len() { USUAL_SHARES.to_vec() } else { vec![1.0; count] };
        let cost_secs = usual.answer.mean_secs() + usual.mean_handle_secs();
        let per_hour = calls_per_minute
            .map_or(f64::from(agents) * USUAL_OCCUPANCY * 3_600.0 / cost_secs, |it| it * 60.0);
        let total: f64 = weights.iter().sum();
        let (mut staff, mut arrivals) = (Vec::new(), Vec::new());
        let agents = shares(agents, &weights);
        for (((id, department), agents), weight) in centre.departments().zip(agents).zip(&weights) {
            let hours = Hours::Always;
            staff.push(Staff { department: id, agents, queues: None, hours, login: None });
            let queues = department.queues.iter().map(|vq| (*vq, 1.0)).collect();
            arrivals.extend(Mix::new(queues).map(|vqs| Stream {
                vqs,
                priorities: usual_priorities(&default),
                rate: Rate::Constant(per_hour * weight / total),
            }));
        }
        let behaviour = vec![usual; count];
        Self { centre, staff, arrivals, behaviour, ..default }
    }
}

fn usual_priorities(default: &Scenario) -> Mix<Priority> {
    let first = default.arrivals.first();
    first.map_or_else(|| Mix::only(Priority::default()), |stream| stream.priorities.clone())
}
