//! The centre's figures.
//!
//! Counts are of the calls that arrived on the business date: they begin again at midnight, which
//! Prometheus takes as it takes a restart.

use std::fmt;

use monti_core::{AgentState, DepartmentFigures, Engine, QueueFigures, Timestamp};
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::{Label, counters, gauges};

/// The figures of all queues and departments at one moment.
#[derive(Debug)]
pub struct Figures {
    now: Timestamp,
    queues: Vec<Queue>,
    departments: Vec<(String, DepartmentFigures)>,
}

#[derive(Debug)]
struct Queue {
    vq: String,
    department: String,
    figures: QueueFigures,
}

/// What is read of a queue.
type Read<T> = fn(&QueueFigures) -> T;

impl Figures {
    /// Copies the figures out of the engine.
    pub fn read(engine: &Engine, now: Timestamp) -> Self {
        let centre = engine.centre();
        let queues = centre.queues().filter_map(|(id, queue)| {
            Some(Queue {
                vq: queue.id.clone(),
                department: centre.department(queue.department)?.id.clone(),
                figures: engine.queue(id)?,
            })
        });
        let departments = centre.departments().filter_map(|(id, department)| {
            Some((department.id.clone(), engine.department(id, now)?))
        });
        Self { now, queues: queues.collect(), departments: departments.collect() }
    }

    /// One number of each queue that has it.
    fn of_queues<T>(
        &self,
        read: impl Fn(&QueueFigures) -> Option<T>,
    ) -> impl Iterator<Item = ([Label<'_>; 2], T)> {
        self.queues.iter().filter_map(move |queue| Some((queue.labels(), read(&queue.figures)?)))
    }

    /// Several numbers of each queue, told apart by one more label.
    fn by<'a, T, const N: usize>(
        &'a self,
        label: &'static str,
        reads: [(&'static str, Read<T>); N],
    ) -> impl Iterator<Item = ([Label<'a>; 3], T)> {
        self.queues.iter().flat_map(move |queue| {
            reads.map(|(value, read)| {
                let [vq, department] = queue.labels();
                ([vq, department, (label, value)], read(&queue.figures))
            })
        })
    }

    fn calls(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Calls that arrived today";
        let offered = self.of_queues(|queue| Some(queue.today.offered));
        counters(encoder, "calls_offered", help, offered)?;
        let outcomes: [(_, Read<u32>); 3] = [
            ("completed", |queue| queue.today.completed),
            ("abandoned", |queue| queue.today.abandoned),
            ("agent_lost", |queue| queue.today.agent_lost),
        ];
        let help = "Calls of today that are over, by what became of them";
        counters(encoder, "calls", help, self.by("outcome", outcomes))?;
        let help = "Calls of today that were answered, and those that were within the target";
        let answered: [(_, Read<u32>); 2] = [
            ("any", |queue| queue.today.answered),
            ("target", |queue| queue.today.answered_in_target),
        ];
        counters(encoder, "calls_answered", help, self.by("within", answered))?;
        let phases: [(_, Read<u32>); 3] = [
            ("waiting", |queue| queue.live.waiting),
            ("ringing", |queue| queue.live.ringing),
            ("active", |queue| queue.live.active),
        ];
        let help = "Calls that are not over, of whichever date, by where they are";
        gauges(encoder, "live_calls", help, self.by("phase", phases))
    }

    fn service(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Today's service level, 0 to 100; absent while nothing counts";
        let levels = self.of_queues(|queue| queue.service_levels().seed);
        gauges(encoder, "service_level_percent", help, levels)?;
        let help = "How long the call that waits longest has waited; absent while none waits";
        let longest = self.of_queues(|queue| {
            queue.oldest_enqueued_at.map(|oldest| self.now.since(oldest).as_secs_f64())
        });
        gauges(encoder, "longest_wait_seconds", help, longest)?;
        let help = "Agents that could take a call of the queue at once";
        let available = self.of_queues(|queue| Some(queue.available_agents));
        gauges(encoder, "available_agents", help, available)
    }

    fn agents(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let states = self.departments.iter().flat_map(|(department, figures)| {
            AgentState::ALL.into_iter().zip(figures.agents).map(move |(state, count)| {
                ([("department", department.as_str()), ("state", state.as_str())], count)
            })
        });
        gauges(encoder, "agents", "Agents of today by what they do", states)?;
        let breaches = self
            .departments
            .iter()
            .map(|(department, figures)| ([("department", department.as_str())], figures.breaches));
        gauges(encoder, "agents_in_breach", "Agents past a limit now", breaches)
    }
}

impl Queue {
    fn labels(&self) -> [Label<'_>; 2] {
        [("vq", &self.vq), ("department", &self.department)]
    }
}

impl Collector for Figures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.calls(&mut encoder)?;
        self.service(&mut encoder)?;
        self.agents(&mut encoder)
    }
}
