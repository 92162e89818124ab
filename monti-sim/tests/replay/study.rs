//! Recordings played in virtual time.

use jiff::tz::TimeZone;
use monti_core::{Millis, Timestamp};
use monti_sim::{
    Calendar, Hours, Waits,
    replay::{
        casting::{Casting, dates},
        comparison::compare,
        csv,
        queue_map::{QueueMap, Unmapped},
    },
    study::Effort,
};

use crate::bank::january;

/// Two agents; three callers are answered, one hangs up, one's fate is not recorded.
const DAY: &str = "arrival,queue,outcome,wait_seconds,service_seconds,agent\n\
    2026-01-29 09:00:00,sales,answered,0,100,Kim\n\
    2026-01-29 09:00:10,sales,answered,0,200,Lee\n\
    2026-01-29 09:00:20,sales,abandoned,30,,\n\
    2026-01-29 09:00:30,sales,answered,70,50,Kim\n\
    2026-01-29 09:10:00,help,,,,\n";

#[test]
fn what_is_recorded_of_a_call_is_played_and_the_rest_is_drawn() {
    let casting = casting(None, QueueMap::default()).unwrap();
    let date = dates(&casting)[0];
    for replication in 0..50 {
        let scenario = casting.scenario((date, date), "", 1, replication).unwrap();
        let [first, second, third, fourth, fifth] = scenario.calls[..] else { panic!() };
        let talks = [first, second, fourth].map(|call| call.talk.unwrap());
        assert_eq!(talks, [100, 200, 50].map(Millis::from_secs));
        assert_eq!(third.waits, Some(Waits::For(Millis::from_secs(30))));
        // The only end of patience ever seen was after 30 s; who waited longer is one of the tail.
        let Some(Waits::For(patience)) = fourth.waits else { panic!("{fourth:?}") };
        assert!(patience > Millis::from_secs(70), "{patience:?}");
        assert!(talks.contains(&fifth.talk.unwrap()), "{fifth:?}");
    }
    let scenario = casting.scenario((date, date), "sim-", 1, 0).unwrap();
    let staff = scenario.staff.iter().map(|row| {
        let Hours::Shifts(shifts) = &row.hours else { panic!("{row:?}") };
        (row.login.as_ref().unwrap().as_str().to_owned(), shifts.len())
    });
    assert_eq!(
        staff.collect::<Vec<_>>(),
        [("sim-0-kim".to_owned(), 1), ("sim-1-lee".to_owned(), 1)]
    );
}

/// Kim's second call begins while a caller waits, but nobody knows when her first one ended.
#[test]
fn a_call_of_unknown_length_takes_as_long_as_others_and_tells_nothing_of_the_work_after_it() {
    let text = "arrival,queue,outcome,wait_seconds,service_seconds,agent\n\
        2026-01-29 09:00:00,sales,answered,0,,Kim\n\
        2026-01-29 09:00:10,sales,answered,290,200,Kim\n\
        2026-01-29 09:00:20,sales,answered,0,100,Lee\n\
        2026-01-29 10:00:00,sales,answered,0,,Ann\n";
    let recording = csv::read(text.as_bytes(), &TimeZone::UTC).unwrap();
    let casting = Casting::new(recording, &TimeZone::UTC, None, QueueMap::default(), None).unwrap();
    let scenario = casting.scenario((dates(&casting)[0], dates(&casting)[0]), "", 1, 0).unwrap();
    let shifts = scenario.staff.iter().map(|row| {
        let Hours::Shifts(shifts) = &row.hours else { panic!("{row:?}") };
        let since = |at: Timestamp| at.since(scenario.opens_at).as_secs_f64() - 9.0 * 3_600.0;
        shifts.iter().map(|(from, until)| (since(*from), since(*until))).collect::<Vec<_>>()
    });
    let expected = [(0.0, 500.0), (20.0, 120.0), (3_600.0, 3_750.0)].map(|shift| vec![shift]);
    assert_eq!(shifts.collect::<Vec<_>>(), expected);
    assert_eq!(casting.staff().after_call.mean(), None);
    let talks = scenario.calls.iter().map(|call| call.talk.unwrap().as_secs_f64());
    assert!(talks.into_iter().all(|talk| [100.0, 200.0].contains(&talk)));
}

#[test]
fn queues_are_mapped_by_name_by_the_map_and_by_its_default_or_are_named_as_missing() {
    let centre = || {
        let text = "[[departments]]\nid = \"d\"\nqueues = [{ id = \"a\" }, { id = \"b\" }]";
        monti_core::Centre::from_toml(text, Calendar::knows).unwrap()
    };
    let map = QueueMap::parse("default = \"d_b\"\n[queues]\nsales = \"d_a\"\n").unwrap();
    assert!(casting(Some(centre()), map).is_ok());
    let map = QueueMap::parse("[queues]\nsales = \"d_a\"\n").unwrap();
    let Err(Unmapped::Queues { recorded, known }) = casting(Some(centre()), map) else { panic!() };
    assert_eq!(
        (recorded, known),
        (vec!["help".to_owned()], vec!["d_a".to_owned(), "d_b".to_owned()])
    );
    // What is not there is a mistake, whether or not it is needed, in any centre.
    for (text, wrong) in [
        ("default = \"d_b\"\n[queues]\nsales = \"d_c\"\n", "d_c"),
        ("default = \"d_c\"\n[queues]\nsales = \"d_a\"\nhelp = \"d_b\"\n", "d_c"),
        ("default = \"d_a\"\n[queues]\nothers = \"d_c\"\n", "d_c"),
    ] {
        let map = QueueMap::parse(text).unwrap();
        let Err(Unmapped::Targets { named, .. }) = casting(Some(centre()), map) else { panic!() };
        assert_eq!(named, [wrong], "{text}");
    }
    let map = QueueMap::parse("default = \"d_a\"").unwrap();
    let Err(Unmapped::Targets { named, known }) = casting(None, map) else { panic!() };
    assert_eq!((named, known.len()), (vec!["d_a".to_owned()], 2));
    // The recording's own queues can be brought together.
    let map = QueueMap::parse("[queues]\nhelp = \"replay_sales\"").unwrap();
    let casting = casting(None, map).unwrap();
    let scenario = casting.scenario((dates(&casting)[0], dates(&casting)[0]), "", 1, 0).unwrap();
    assert!(scenario.calls.iter().all(|call| call.vq == scenario.calls[0].vq));
    for wrong in ["queues = 5", "[queue]\nsales = \"d_a\"", "sales"] {
        assert!(matches!(QueueMap::parse(wrong), Err(Unmapped::Map(_))), "{wrong}");
    }
}

#[test]
fn january_is_simulated_in_the_order_of_its_weekdays_and_the_same_with_any_threads() {
    let Some(january) = january() else { return };
    let casting = || {
        let (january, map) = (january.clone(), QueueMap::default());
        Casting::new(january, &TimeZone::UTC, None, map, Some(45)).unwrap()
    };
    let [one, two] = [1, 2].map(|threads| {
        let effort = Effort { replications: 2, threads };
        compare(&casting(), effort, 1).unwrap()
    });
    assert_eq!(
        one.table(true).lines().skip(1).collect::<Vec<_>>(),
        two.table(true).lines().skip(1).collect::<Vec<_>>()
    );
    assert_eq!((one.days.len(), one.weekdays.len()), (29, 7));
    // Every call is played, on its own date, in each replication.
    for day in &one.days {
        assert_eq!(day.simulated.calls_offered, 2 * day.observed.calls_offered, "{:?}", day.day);
    }
    // How much better the simulated centre is, is told in docs/replay.md; it must not get worse.
    for day in &one.weekdays {
        let observed = day.observed.service_level_percent.unwrap();
        let simulated = day.simulated.service_level_percent.mean.unwrap();
        assert!(
            (0.0..16.0).contains(&(simulated - observed)),
            "{}: {observed} {simulated}",
            day.day
        );
        let abandoned = day.simulated.abandoned_percent.mean.unwrap();
        assert!((abandoned - day.observed.abandoned_percent.unwrap()).abs() < 3.0, "{}", day.day);
    }
    let order = |figure: &dyn Fn(usize) -> f64| {
        let mut order = (0..7).collect::<Vec<_>>();
        order.sort_by(|one, other| figure(*one).total_cmp(&figure(*other)));
        order
    };
    let observed = order(&|day| one.weekdays[day].observed.service_level_percent.unwrap());
    let simulated = order(&|day| one.weekdays[day].simulated.service_level_percent.mean.unwrap());
    assert_eq!((observed[0], &observed[4..]), (simulated[0], &simulated[4..]));
}

/// A centre may be anywhere: the day that was recorded is the day that is played.
#[test]
fn dates_are_those_of_the_recordings_time_zone() {
    let text = "arrival,queue\n2026-01-29 00:10:00,sales\n2026-01-29 23:50:00,sales\n";
    let zone = TimeZone::get("Asia/Tokyo").unwrap();
    let recording = csv::read(text.as_bytes(), &zone).unwrap();
    let centre = "[[departments]]\nid = \"home\"\nqueues = [{ id = \"sales\" }]\n";
    let centre = monti_core::Centre::from_toml(centre, Calendar::knows).unwrap();
    let map = QueueMap::parse("default = \"home_sales\"").unwrap();
    let casting = Casting::new(recording.clone(), &zone, Some(centre), map, None).unwrap();
    let date = "2026-01-29".parse().unwrap();
    assert_eq!(dates(&casting), [date]);
    assert_eq!(casting.scenario((date, date), "", 1, 0).unwrap().calls.len(), 2);
    // Without a centre it gets one in the same zone: there its days are compared.
    let own = Casting::new(recording, &zone, None, QueueMap::default(), None).unwrap();
    assert_eq!((dates(&own), own.centre().time_zone()), (vec![date], "Asia/Tokyo"));
}

fn casting(centre: Option<monti_core::Centre>, map: QueueMap) -> Result<Casting, Unmapped> {
    let recording = csv::read(DAY.as_bytes(), &TimeZone::UTC).unwrap();
    Casting::new(recording, &TimeZone::UTC, centre, map, None)
}
