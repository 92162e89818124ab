//! Whether engine and model say and show the same.

use monti_core::{
    AgentView, DepartmentFigures, Engine, Event, Interval, Output, QueueFigures, Timestamp,
};

use crate::model::Model;

/// The outputs agree, in their order where the rules give one: not among the agents of a date that
/// ends, among targets missed at one moment, nor among the agents of a restart.
pub(super) fn outputs(said: &[Output], expected: Vec<Output>, in_any_order: bool) {
    let said = comparable(said.to_vec(), in_any_order);
    let expected = comparable(expected, in_any_order);
    assert_eq!(said, expected, "what the engine said, and the model");
}

/// All that can be seen agrees.
pub(super) fn state(engine: &Engine, model: &Model) {
    assert_eq!(engine.now(), model.now(), "the clock");
    assert_eq!(engine.today(), model.today(), "the date");
    assert_eq!(engine.poll_timeout(), Some(model.poll_timeout()), "the next deadline");
    assert!(engine.calls().eq(model.calls()), "live calls: {}", differing_calls(engine, model));
    for (department, _) in engine.centre().departments() {
        let mut agents = engine.agents(department);
        for expected in model.agents(department) {
            let agent = agents.next().expect("an agent that the model knows");
            let expected = AgentView { last_update: agent.last_update, ..expected };
            assert_eq!(agent, expected, "an agent, and the model's");
        }
        assert_eq!(agents.next(), None, "an agent that the model does not know");
        let figures = engine.department(department, engine.now()).expect("the centre's");
        same_department(&figures, &model.department(department, model.now()));
    }
    for (vq, _) in engine.centre().queues() {
        assert_eq!(engine.queue(vq), Some(model.queue(vq)), "{vq:?}, and the model's");
    }
}

/// Today's quarters of an hour agree.
pub(super) fn intervals(engine: &Engine, model: &Model) {
    for (vq, _) in engine.centre().queues() {
        let [shown, expected] =
            [engine.intervals(vq, engine.now()), model.intervals(vq, model.now())];
        assert_eq!(shown.len(), expected.len(), "{vq:?}: {shown:?} {expected:?}");
        for (shown, expected) in shown.iter().zip(&expected) {
            same_interval(shown, expected, engine.now());
        }
    }
}

fn comparable(mut outputs: Vec<Output>, in_any_order: bool) -> Vec<Output> {
    outputs.retain(|output| !matches!(output, Output::Event(Event::AgentChanged { .. })));
    if in_any_order {
        outputs.sort_by_cached_key(|output| format!("{output:?}"));
        return outputs;
    }
    for together in
        outputs.chunk_by_mut(|a, b| looseness(a).is_some() && looseness(a) == looseness(b))
    {
        if together.len() > 1 {
            together.sort_by_cached_key(|output| format!("{output:?}"));
        }
    }
    outputs
}

/// Outputs of one looseness that follow each other may do so in any order.
fn looseness(output: &Output) -> Option<u8> {
    match output {
        Output::AgentDay(_) | Output::AgentLeft(_) | Output::Event(Event::DayBegan { .. }) => {
            Some(0)
        }
        Output::Event(Event::TargetMissed { .. }) => Some(1),
        _ => None,
    }
}

fn differing_calls(engine: &Engine, model: &Model) -> String {
    let (shown, expected): (Vec<_>, Vec<_>) = (engine.calls().collect(), model.calls().collect());
    let first = shown.iter().zip(&expected).find(|(a, b)| a != b);
    format!("{} and the model's {}, first {first:?}", shown.len(), expected.len())
}

fn same_department(shown: &DepartmentFigures, expected: &DepartmentFigures) {
    let queues = QueueFigures { estimated_wait: shown.queues.estimated_wait, ..expected.queues };
    assert_eq!(shown.queues, queues, "a department's queues");
    assert_eq!(shown.agents, expected.agents, "a department's agents in each state");
    assert_eq!(shown.breaches, expected.breaches, "a department's breaches");
    match (shown.occupancy_percent, expected.occupancy_percent) {
        (None, None) => {}
        (Some(shown), Some(expected)) => assert!(near(shown, expected), "occupancy"),
        differing => panic!("occupancy: {differing:?}"),
    }
}

fn same_interval(shown: &Interval, expected: &Interval, now: Timestamp) {
    let staffed_agents = shown.staffed_agents;
    assert_eq!(*shown, Interval { staffed_agents, ..*expected });
    let none_of_it_is_over = shown.starts_at == now;
    assert!(
        none_of_it_is_over || near(staffed_agents, expected.staffed_agents),
        "staffed agents: {shown:?}, the model: {expected:?}"
    );
}

fn near(shown: f64, expected: f64) -> bool {
    (shown - expected).abs() < 1e-6
}
