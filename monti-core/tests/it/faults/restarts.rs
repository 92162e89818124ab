//! F4, F5 and F24: the shell was killed and is started again, from a snapshot and the journal after
//! it, or cannot be.

use monti_core::{
    AgentAction, AgentState, Engine, Input, OutputRef, Registration, Reply, RestoreError,
    SettableState,
};

use crate::{
    centres::{first_day, head_start, hours, one_queue, one_queue_within, opening, two_and_one},
    desk::{Desk, MILLI, Q0, Q1, mins, registration, secs},
};

/// One caller talks to `ann`, one rings at `bob`, one waits; then the process is killed.
fn restarted() -> Desk {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob"] {
        desk.log_in(login);
        let call = desk.call(Q0);
        if login == "ann" {
            desk.accept("ann", call);
        }
        desk.pass(secs(3));
    }
    desk.call(Q0);
    desk.heard();
    desk.pass(secs(5));
    assert_eq!(desk.give(Input::Restart), Ok(Reply::Done));
    desk
}

#[test]
fn f4_queued_calls_keep_their_place_and_their_time() {
    let mut desk = restarted();
    let before = desk.queue(Q0).live;
    assert_eq!((before.waiting, before.ringing, before.active), (2, 0, 1));
    desk.heard();
    desk.log_in("cat");
    desk.log_in("dan");
    let heard = desk.heard();
    assert_eq!(heard, ["cat is in", "2 rings at cat", "dan is in", "3 rings at dan"]);
    let call = desk.agent("cat").call.unwrap().id;
    desk.accept("cat", call);
    assert_eq!(desk.queue(Q0).today.max_wait, secs(8), "its wait ran on");
}

#[test]
fn f4_a_ringing_call_goes_back_without_blame() {
    let mut desk = restarted();
    assert_eq!(desk.heard(), ["2 stops at bob: Restarted", "bob is out: LinkLost"]);
    assert_eq!(desk.agent("bob").figures.ring_no_answers, 0);
    desk.log_in("bob");
    assert_eq!(desk.heard(), ["bob is in", "2 rings at bob"], "nor was it refused");
}

#[test]
fn f4_the_grace_of_an_active_call_starts_at_the_restart() {
    let mut desk = restarted();
    desk.heard();
    desk.pass(secs(30) - MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::OnCall);
    desk.pass(MILLI);
    assert!(desk.heard().contains(&"1 ends: AgentLost".to_owned()));
}

#[test]
fn f4_however_long_it_was_down_nobody_is_blamed_and_every_grace_begins_anew() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob"] {
        desk.log_in(login);
    }
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.lose_link("ann");
    desk.pass(secs(29));
    desk.call(Q0);
    desk.heard();
    desk.be_down(mins(5));
    assert_eq!(
        desk.heard(),
        ["2 stops at bob: Restarted", "bob is out: LinkLost", "2 misses its target"]
    );
    assert_eq!(desk.agent("bob").figures.ring_no_answers, 0);
    desk.pass(secs(30) - MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::OnCall, "her second grace runs");
    desk.pass(MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::Offline);
}

#[test]
fn f5_no_agent_is_routed_to_before_it_registered_again() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob", "cat"] {
        desk.log_in(login);
        desk.pass(secs(1));
    }
    desk.give(Input::Restart).unwrap();
    desk.heard();
    desk.call(Q0);
    desk.call(Q0);
    assert_eq!(desk.heard(), ["1 waits", "2 waits"]);
    assert_eq!(desk.queue(Q0).available_agents, 0);
    for login in ["cat", "ann", "bob"] {
        desk.log_in(login);
    }
    let heard = desk.heard();
    assert_eq!(heard, ["1 rings at cat", "2 rings at ann"], "each call once, each agent once");
}

#[test]
fn f24_a_queue_that_is_gone_and_that_an_agent_serves_is_named() {
    let mut desk = Desk::open(two_and_one());
    desk.register(Registration { queues: Some(vec![Q1]), ..registration("ann") });
    let what = desk.engine().centre().queue(Q1).unwrap().id.clone();
    let restored = Engine::restore(one_queue(), desk.engine().snapshot());
    assert_eq!(restored.unwrap_err(), RestoreError::Gone { what });
    desk.register(Registration { queues: Some(vec![Q0]), ..registration("ann") });
    let restored = Engine::restore(one_queue(), desk.engine().snapshot()).unwrap();
    assert_eq!(restored.agent(desk.id("ann")).unwrap().queues, Some([Q0].as_slice()));
}

#[test]
fn f24_a_queue_that_is_gone_and_that_had_calls_today_is_named() {
    let mut desk = Desk::open(two_and_one());
    let what = desk.engine().centre().queue(Q1).unwrap().id.clone();
    let call = desk.call(Q1);
    desk.hang_up(call).unwrap();
    // Of this quarter of an hour, and of one before it.
    for _ in 0..2 {
        let refused = Engine::restore(one_queue(), desk.engine().snapshot());
        assert_eq!(refused.unwrap_err(), RestoreError::Gone { what: what.clone() });
        desk.pass(mins(15));
        desk.heard();
    }
    desk.pass(hours(24));
    desk.heard();
    Engine::restore(one_queue(), desk.engine().snapshot()).unwrap();
}

#[test]
fn f24_what_nobody_took_yet_is_not_restored_under_other_queues() {
    // A department less, and just a queue less.
    for centre in [two_and_one(), head_start()] {
        let mut engine = Engine::new(centre.clone(), opening(), first_day());
        let registered = Input::Register(Box::new(registration("ann")));
        engine.handle_input(opening(), registered).unwrap();
        let snapshot = engine.snapshot();
        let same = Engine::restore(centre, snapshot.clone()).unwrap();
        assert_eq!(same.snapshot(), snapshot);
        let refusal = Engine::restore(one_queue(), snapshot).unwrap_err();
        assert_eq!(refusal, RestoreError::OutputsLeft);
    }
}

#[test]
fn f24_a_snapshot_that_contradicts_itself_is_refused() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let whole = serde_json::to_value(desk.engine().snapshot()).unwrap();
    let begins = whole["today"]["starts_at"].clone();
    let soon = begins.as_str().unwrap().replace(".000Z", ".001Z").into();
    let damages = [
        ("free_slots", serde_json::json!([0]), "free"),
        ("free_slots", serde_json::json!([7]), "free"),
        ("quarter_ends_at", begins, "quarter"),
        ("quarter_ends_at", soon, "quarter"),
    ];
    for (field, value, word) in damages {
        let mut damaged = whole.clone();
        damaged[field] = value;
        let snapshot = serde_json::from_value(damaged).unwrap();
        let refusal = Engine::restore(one_queue(), snapshot).unwrap_err().to_string();
        assert!(refusal.contains(word), "{field}: {refusal}");
    }
    let snapshot = serde_json::from_value(whole).unwrap();
    assert!(Engine::restore(one_queue(), snapshot).is_ok());
}

#[test]
fn f24_head_counts_that_disagree_with_the_agents_are_refused() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.log_in("bob");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    let whole = serde_json::to_value(desk.engine().snapshot()).unwrap();
    for count in ["/departments/0/busy/count", "/departments/0/available/count"] {
        let mut damaged = whole.clone();
        *damaged.pointer_mut(count).expect(count) = 2.into();
        let refusal = Engine::restore(one_queue(), serde_json::from_value(damaged).unwrap());
        assert_eq!(refusal.unwrap_err(), RestoreError::Damaged("head counts disagree"), "{count}");
    }
}

#[test]
fn f24_after_call_work_and_breaks_run_too_long_at_the_same_moment_after_a_restart() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.complete("ann", call);
    let next = |desk: &Desk| {
        let restored = Engine::restore(one_queue(), desk.engine().snapshot()).unwrap();
        assert_eq!(restored.poll_timeout(), desk.engine().poll_timeout());
        desk.engine().poll_timeout().unwrap().since(desk.now)
    };
    let limits = *one_queue().limits();
    assert_eq!(next(&desk), limits.after_call_work + MILLI);
    desk.asks("ann", SettableState::Break);
    assert_eq!(next(&desk), limits.break_time + MILLI);
}

#[test]
fn f24_a_call_that_waited_longer_than_its_target_is_in_time_again_under_a_longer_one() {
    let mut desk = Desk::open(one_queue());
    let call = desk.call(Q0);
    desk.pass(secs(25));
    assert_eq!(desk.queue(Q0).live_today.overdue, 1);
    let under = |target| {
        let restored = Engine::restore(one_queue_within(target), desk.engine().snapshot());
        let mut restored = restored.unwrap();
        let before = restored.queue(Q0).unwrap();
        restored.handle_input(desk.now, Input::Restart).unwrap();
        let login = Input::Register(Box::new(registration("ann")));
        let Ok(Reply::Registered(ann)) = restored.handle_input(desk.now, login) else { panic!() };
        let accept = Input::Agent {
            agent: ann.agent,
            session: ann.session,
            action: AgentAction::Accept(call),
        };
        restored.handle_input(desk.now + secs(15), accept).unwrap();
        let after = restored.queue(Q0).unwrap();
        assert_eq!(after.live_today.overdue, 0);
        (before.live_today.overdue, after.today.answered_in_target)
    };
    assert_eq!(under(24), (1, 0));
    assert_eq!(under(25), (0, 0), "it is overdue again from the next millisecond on");
    assert_eq!(under(60), (0, 1));
}

#[test]
fn f24_agents_and_calls_that_do_not_point_at_each_other_are_refused() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob", "cat"] {
        desk.log_in(login);
    }
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.call(Q0);
    let whole = serde_json::to_value(desk.engine().snapshot()).unwrap();
    let (ann, bob) = ("/slots/0/Taken/state", "/slots/1/Taken/state");
    let nothing = serde_json::json!({ "kind": "available", "call": u32::MAX });
    let damages = [
        (
            "an agent talks who should ring",
            ann,
            serde_json::json!({ "kind": "ringing", "call": 0 }),
        ),
        (
            "an agent rings who should talk",
            bob,
            serde_json::json!({ "kind": "on_call", "call": 1 }),
        ),
        ("two have one call", bob, serde_json::json!({ "kind": "ringing", "call": 0 })),
        ("a call that is not there", ann, serde_json::json!({ "kind": "on_call", "call": 9 })),
        ("talks without a call", ann, serde_json::json!({ "kind": "on_call", "call": u32::MAX })),
        ("a call whose agent knows nothing of it", ann, nothing.clone()),
        ("a phone that rings unknown to its agent", bob, nothing),
    ];
    for (what, agent, state) in damages {
        let mut damaged = whole.clone();
        *damaged.pointer_mut(agent).expect(agent) = state;
        let refusal = Engine::restore(one_queue(), serde_json::from_value(damaged).unwrap());
        let refusal = refusal.expect_err(what);
        let named = matches!(refusal, RestoreError::Call(_) | RestoreError::Damaged(_));
        assert!(named, "{what}: {refusal}");
    }
    let snapshot = serde_json::from_value(whole).unwrap();
    assert!(Engine::restore(one_queue(), snapshot).is_ok());
}

#[test]
fn f4_what_was_not_told_yet_is_told_after_the_restart() {
    let mut engine = Engine::new(one_queue(), opening(), first_day());
    for login in ["ann", "bob"] {
        let register = Input::Register(Box::new(registration(login)));
        engine.handle_input(opening(), register).unwrap();
    }
    assert!(engine.poll_output().is_some(), "the first is told");
    let mut restored = Engine::restore(one_queue(), engine.snapshot()).unwrap();
    let told = |engine: &mut Engine| -> Vec<_> {
        std::iter::from_fn(|| engine.poll_output().map(OutputRef::to_owned)).collect()
    };
    let untold = told(&mut engine);
    assert!(!untold.is_empty());
    assert_eq!(told(&mut restored), untold);
}
