//! People as they behave in a centre, watched at every step.

use std::{collections::BTreeMap, path::Path};

use monti_core::{AgentState, BreachKind, Centre, DepartmentId, Event, Output, RevokeReason};

use super::*;

/// A played day of the default centre's people, with what was watched at every step.
#[derive(Default)]
struct Day {
    /// The largest share of a department's agents on a break at once.
    on_break: f64,
    states: BTreeMap<AgentState, u64>,
    ring_timeouts: u64,
    breaches: BTreeMap<BreachKind, u64>,
    holds: u64,
    offers_of_one_call: u32,
}

fn scenario(text: &str) -> Arc<Scenario> {
    let scenario = Scenario::parse(text, Path::new(""));
    Arc::new(scenario.unwrap_or_else(|faults| panic!("{faults}")))
}

fn watch(scenario: &Arc<Scenario>) -> (Day, Play) {
    let mut day = Day::default();
    let mut play = Play::new(scenario, 0);
    play.watch = Some(Vec::new());
    while play.step(&|_| {}) {
        for output in play.watch.replace(Vec::new()).unwrap_or_default() {
            day.note(&output);
        }
        for place in 0..4 {
            day.look(&play.engine, DepartmentId(place));
        }
    }
    (day, play)
}

impl Day {
    fn note(&mut self, output: &Output) {
        match output {
            Output::Event(Event::Revoked { reason: RevokeReason::RingTimeout, .. }) => {
                self.ring_timeouts += 1;
            }
            Output::Event(Event::Breach { kind, .. }) => {
                *self.breaches.entry(*kind).or_default() += 1;
            }
            Output::Record(record) => {
                self.holds += u64::from(record.hold > Millis::ZERO);
                self.offers_of_one_call = self.offers_of_one_call.max(record.offers);
            }
            _ => {}
        }
    }

    fn look(&mut self, engine: &Engine, department: DepartmentId) {
        let Some(figures) = engine.department(department, engine.now()) else { return };
        let agents: BTreeMap<_, _> = AgentState::ALL.into_iter().zip(figures.agents).collect();
        let logged_in: u32 = agents.values().sum::<u32>() - agents[&AgentState::Offline];
        if logged_in > 0 {
            let share = f64::from(agents[&AgentState::Break]) / f64::from(logged_in);
            self.on_break = self.on_break.max(share);
        }
        for (state, count) in agents {
            *self.states.entry(state).or_default() += u64::from(count);
        }
    }
}

#[test]
fn people_do_all_that_people_do_and_rest_in_turn() {
    let scenario = scenario(Scenario::DEFAULT_TOML);
    let (day, play) = watch(&scenario);
    assert!(day.on_break <= 0.05, "{}", day.on_break);
    for state in AgentState::ALL {
        let never = [AgentState::Offline, AgentState::Training, AgentState::Meeting];
        assert_eq!(day.states[&state] > 0, !never.contains(&state), "{state:?}");
    }
    assert!(day.ring_timeouts > 0 && day.offers_of_one_call > 1);
    assert!(day.breaches[&BreachKind::AfterCallWork] > 0 && day.breaches[&BreachKind::Break] > 0);
    assert!(day.holds > 0);
    let counts = play.fleet.caller_counts();
    assert!(counts.abandoned > 0 && counts.refused == 0);
    assert_eq!(counts.made, counts.queued);
    assert_eq!(counts.made, counts.abandoned + counts.ended);
}

#[test]
fn what_is_seen_is_what_the_engine_counts() {
    let text = Scenario::DEFAULT_TOML.replace("warmup = \"1h\"", "");
    let (_, play) = watch(&scenario(&text));
    // Played to its end before midnight: all of it is of one date.
    let engine_counts: Vec<_> = (play.engine.centre().queues())
        .filter_map(|(vq, _)| play.engine.queue(vq))
        .map(|figures| figures.today)
        .collect();
    let (seen, quarters) = play.observer.finish();
    for (counted, seen) in engine_counts.iter().zip(&seen.queues) {
        assert_eq!(u64::from(counted.offered), seen.offered);
        assert_eq!(u64::from(counted.answered), seen.answered);
        assert_eq!(u64::from(counted.answered_in_target), seen.in_target);
        assert_eq!(u64::from(counted.abandoned), seen.abandoned);
        assert_eq!((counted.wait, counted.handle), (seen.wait, seen.handle));
    }
    let offered = |calls: &super::super::Calls| calls.offered;
    let total: u64 = seen.queues.iter().map(offered).sum();
    assert_eq!(total, seen.calls);
    assert_eq!(total, seen.priorities.iter().map(offered).sum::<u64>());
    assert_eq!(total, seen.days.values().map(offered).sum::<u64>());
    let quarters = quarters.iter().flatten();
    assert_eq!(total, quarters.map(|quarter| quarter.calls.offered).sum::<u64>());
}

/// All who called when nobody was there to answer are in the quarters, as in the other figures.
#[test]
fn who_calls_after_the_last_shift_is_offered_and_waits_in_the_quarters_too() {
    let text = "start = 2026-01-29T08:00:00\nduration = \"4h\"\n\
        staff = [{ department = \"sales\", agents = 9, from = \"08:00\", until = \"10:00\" }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 60\n\
        [behaviour]\ntalk = { constant = \"60s\" }\n";
    let (seen, quarters) = Play::new(&scenario(text), 0).run(&|_| {});
    let quarters = &quarters[0];
    let sum = |of: fn(&super::super::Calls) -> u64| {
        quarters.iter().map(|quarter| of(&quarter.calls)).sum::<u64>()
    };
    assert_eq!(sum(|calls| calls.offered), seen.queues[0].offered);
    assert_eq!(sum(|calls| calls.waited), seen.queues[0].waited);
    for quarter in &quarters[41..48] {
        assert!(quarter.calls.offered > 0 && quarter.calls.answered == 0, "{quarter:?}");
        assert!(quarter.queued >= quarter.time, "{quarter:?}");
    }
}

/// They are answered after it, or never.
#[test]
fn who_called_in_the_warmup_waits_on_in_the_time_that_is_counted() {
    for department in ["sales", "support"] {
        let text = format!(
            "start = 2026-01-29T08:00:00\nduration = \"4h\"\nwarmup = \"1h\"\n\
             staff = [{{ department = \"{department}\", agents = 99, from = \"10:00\", until = \"12:00\" }}]\n\
             [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 60\n\
             [behaviour]\ntalk = {{ constant = \"60s\" }}\n"
        );
        let (seen, quarters) = Play::new(&scenario(&text), 0).run(&|_| {});
        let early = seen.calls - seen.queues[0].offered;
        let counted = &quarters[0][36];
        let waited = Millis::new(early * counted.time.get());
        assert!(early > 30 && counted.queued >= waited, "{department}: {early} {counted:?}");
        assert_eq!(quarters[0][35].queued, Millis::ZERO, "{department}");
    }
}

/// In that night the clock goes from 2:00 to 3:00.
#[test]
fn calls_that_last_over_a_change_of_the_clock_stay_in_the_quarter_in_which_they_came() {
    let text = "start = 2026-03-29T00:00:00\nduration = \"6h\"\n\
        staff = [{ department = \"sales\", agents = 100 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 60\n\
        [behaviour]\ntalk = { constant = \"70m\" }\n";
    let mut summer = Scenario::clone(&scenario(text));
    let centre = Centre::DEFAULT_TOML.replace("\"UTC\"", "\"Europe/Berlin\"");
    summer.centre = Centre::from_toml(&centre, Calendar::knows).unwrap();
    assert_eq!(summer.centre.time_zone(), "Europe/Berlin");
    let shift = Millis::from_secs(3_600);
    (summer.opens_at, summer.closes_at) = (summer.opens_at - shift, summer.closes_at - shift);
    summer.counts_from = summer.opens_at;
    let (seen, quarters) = Play::new(&Arc::new(summer), 0).run(&|_| {});
    let quarters = &quarters[0];
    let offered = quarters.iter().map(|quarter| quarter.calls.offered).sum::<u64>();
    assert_eq!(offered, seen.queues[0].offered);
    for (number, quarter) in quarters.iter().enumerate() {
        let exists = number < 8 || (12..28).contains(&number);
        assert_eq!(quarter.time > Millis::ZERO, exists, "{number}: {quarter:?}");
        assert_eq!(quarter.calls.offered > 0, exists, "{number}: {quarter:?}");
    }
}

#[test]
fn shifts_come_and_go_with_the_clock_and_nobody_leaves_a_caller() {
    let text = "start = 2026-01-29T07:00:00\nduration = \"30h\"\n\
        staff = [\n{ department = \"sales\", agents = 3, from = \"08:00\", until = \"14:00\" },\n\
        { department = \"sales\", agents = 2, from = \"22:00\", until = \"06:00\" }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 200\n\
        [behaviour]\ntalk = { constant = \"1m\" }\npatience = { constant = \"2m\" }\n";
    let scenario = scenario(text);
    let mut play = Play::new(&scenario, 0);
    let mut seen: BTreeMap<i8, u32> = BTreeMap::new();
    while play.step(&|_| {}) {
        let shown = play.calendar.local(play.now);
        // Half past: whoever had a call at the full hour is gone by then.
        if shown.minute() >= 30 && play.now < scenario.closes_at {
            let figures = play.engine.department(DepartmentId(0), play.now).unwrap();
            let logged_in = figures.agents.iter().sum::<u32>() - figures.agents[0];
            assert_eq!(*seen.entry(shown.hour()).or_insert(logged_in), logged_in, "{shown}");
        }
    }
    let expected = |hour: i8| match hour {
        8..14 => 3,
        22.. | ..6 => 2,
        _ => 0,
    };
    assert_eq!(seen.len(), 24);
    assert!(seen.iter().all(|(hour, agents)| *agents == expected(*hour)), "{seen:?}");
    assert_eq!(play.live, 0);
}

#[test]
fn only_who_is_at_work_at_the_time_goes_to_lunch() {
    for (hours, at_lunch) in
        [("from = \"07:00\", until = \"15:00\"", 4), ("from = \"14:00\", until = \"22:00\"", 0)]
    {
        let text = format!(
            "start = 2026-01-29T07:00:00\nduration = \"15h\"\n\
             staff = [{{ department = \"sales\", agents = 4, {hours} }}]\n\
             [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 1\n\
             [behaviour]\ntalk = {{ constant = \"1m\" }}\npatience = {{ constant = \"1m\" }}\n\
             lunch = {{ from = \"11:30\", until = \"12:00\", time = {{ constant = \"1h\" }} }}\n"
        );
        let mut play = Play::new(&scenario(&text), 0);
        let mut most = 0;
        while play.step(&|_| {}) {
            let figures = play.engine.department(DepartmentId(0), play.now).unwrap();
            most = most.max(figures.agents[AgentState::Lunch as usize]);
        }
        assert_eq!(most, at_lunch, "{hours}");
    }
}

#[test]
fn a_caller_may_call_again_as_often_as_a_day_has_seconds() {
    let text = "start = 2026-01-29T00:00:00\nduration = \"24h\"\n\
        staff = [{ department = \"support\", agents = 1 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\nprofile = [[\"00:00\", 3], [\"01:00\", 0]]\n\
        [behaviour]\ntalk = { constant = \"1m\" }\npatience = { constant = \"0s\" }\n\
        redial = { share = 1, after = { constant = \"1s\" } }\n";
    let (seen, _) = Play::new(&scenario(text), 0).run(&|_| {});
    assert!(seen.calls > 23 * 60 * 60, "{}", seen.calls);
    assert_eq!(seen.queues[0].abandoned, seen.calls);
}

#[test]
fn calls_that_nobody_will_answer_do_not_keep_a_study_from_ending() {
    let text = "start = 2026-01-29T08:00:00\nduration = \"2h\"\n\
        staff = [{ department = \"support\", agents = 3 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 20\n\
        [behaviour]\ntalk = { constant = \"1m\" }\nbreaks = { share = 0.1, max = \"10m\" }\n\
        lunch = { from = \"09:00\", until = \"11:00\", time = { constant = \"30m\" } }\n";
    let (seen, _) = Play::new(&scenario(text), 0).run(&|_| {});
    assert!(seen.calls > 20);
    assert_eq!(seen.queues[0].offered, seen.calls);
    assert_eq!(seen.queues[0].waited, seen.calls);
    assert_eq!(seen.queues[0].answered + seen.queues[0].abandoned, 0);
}

#[test]
fn a_day_of_25_hours_is_played_as_one() {
    let centre = "time_zone = \"Europe/Berlin\"\n[[departments]]\nid = \"d\"\n\
        queues = [{ id = \"q\" }]\n";
    let centre = Centre::from_toml(centre, Calendar::knows).unwrap();
    let calendar = Calendar::of(&centre);
    let midnight = calendar.moment(jiff::civil::date(2026, 10, 25).at(0, 0, 0, 0));
    let mut scenario = Scenario::lifelike(centre, 5, Some(2.0));
    scenario.opens_at = midnight;
    scenario.counts_from = midnight;
    scenario.closes_at = midnight + Millis::from_secs(49 * 3_600);
    let (seen, quarters) = Play::new(&Arc::new(scenario), 0).run(&|_| {});
    assert_eq!(seen.days.len(), 2);
    let offered: Vec<_> = seen.days.values().map(|calls| calls.offered).collect();
    // 120 an hour, and those who call again.
    assert!(offered[0] > 25 * 110 && offered[1] > 24 * 110, "{offered:?}");
    let time: Millis = quarters[0].iter().map(|quarter| quarter.time).sum();
    assert_eq!(time, Millis::from_secs(49 * 3_600));
}
