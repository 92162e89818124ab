//! Rounds that overlap, and a sink that does with them as a test says.

#[path = "../../../tests/support/logged.rs"]
mod logged;

use std::{cell::Cell, collections::BTreeSet};

use monti_core::Timestamp;
use tempfile::TempDir;
use tokio::sync::watch;

use self::logged::Log;
use super::{
    super::{Pause, SinkError, SinkErrorKind},
    *,
};
use crate::{
    clock::SystemTimeSource,
    config::LogFormat,
    logs,
    store::{
        Store,
        waiting::{waiting, write},
    },
};

/// A round is two requests, and what has to be sent again is so soon.
fn pace() -> Pace {
    let moment = Duration::from_millis(1);
    let pause = Pause { first: moment, longest: moment };
    Pace {
        poll: moment,
        round_max: 2 * BATCH_MAX,
        resend: pause,
        failures_max: 1,
        open: pause,
        ..Pace::default()
    }
}

/// A sink that takes of a request's letters what the function says.
struct Scripted<F>(F);

impl<F> Sink for Scripted<F>
where
    F: AsyncFn(&[&Letter]) -> Result<Vec<i64>, SinkError>,
{
    async fn deliver_calls(&self, letters: &[&Letter]) -> Result<Vec<i64>, SinkError> {
        self.0(letters).await
    }

    async fn deliver_day(&self, _: &Letter) -> Result<(), SinkError> {
        Err(SinkError::new(SinkErrorKind::Refused, "there are no days"))
    }

    async fn check(&self) -> Result<(), SinkError> {
        Ok(())
    }
}

/// An outbox in which so many letters wait, numbered from 1.
struct Waiting {
    store: Store,
    observations: Arc<Observations>,
    clock: Arc<Clock>,
    folder: TempDir,
}

impl Waiting {
    fn new(letters: i64) -> Self {
        let (store, folder) = waiting(letters);
        let source = Box::new(SystemTimeSource);
        let clock = Arc::new(Clock::start(source, 1.0, Timestamp::MIN));
        let observations = Arc::new(Observations::new(Arc::clone(&clock)));
        Self { store, observations, clock, folder }
    }

    /// Brings the letters to a sink until `over`, and not for long after it.
    async fn bring(
        &self,
        pace: Pace,
        deliver: impl AsyncFn(&[&Letter]) -> Result<Vec<i64>, SinkError>,
        over: impl Future<Output = ()>,
    ) {
        let writer = Writer {
            outbox: self.store.outbox().unwrap(),
            gauge: self.store.outbox().unwrap(),
            sink: Scripted(deliver),
            pace,
            observations: Arc::clone(&self.observations),
            clock: Arc::clone(&self.clock),
        };
        timeout(Duration::from_secs(60), run(writer, over)).await.expect("no end").unwrap();
    }

    fn left(&self) -> u64 {
        self.store.outbox().unwrap().backlog().unwrap().records
    }
}

fn ids(letters: &[&Letter]) -> Vec<i64> {
    letters.iter().map(|letter| letter.id).collect()
}

#[tokio::test]
async fn letters_that_take_long_hold_up_none_of_later_rounds() {
    const LETTERS: usize = 2_000;
    let waiting = Waiting::new(2_000);
    let taken = watch::Sender::new(BTreeSet::new());
    // The first letter is taken only after all others.
    let deliver = async |letters: &[&Letter]| {
        if ids(letters).contains(&1) {
            let beside = letters.len() - 1;
            let mut taken = taken.subscribe();
            taken.wait_for(|taken| taken.len() + beside >= LETTERS - 1).await.unwrap();
        }
        taken.send_modify(|taken| taken.extend(ids(letters)));
        Ok::<_, SinkError>(Vec::new())
    };
    let all = async {
        taken.subscribe().wait_for(|taken| taken.len() == LETTERS).await.unwrap();
    };
    waiting.bring(Pace::default(), deliver, all).await;
    assert_eq!(waiting.left(), 0);
}

/// Few letters come at a time, and each of them takes until a last one is taken: as many as there
/// can be under way.
#[tokio::test]
async fn letters_that_take_long_hold_up_none_that_are_written_meanwhile() {
    let pace = pace();
    let last = i64::try_from(pace.in_flight_max).unwrap();
    let waiting = Waiting::new(1);
    let asked = watch::Sender::new(0);
    let deliver = async |letters: &[&Letter]| {
        asked.send_modify(|asked| *asked += letters.len());
        asked.subscribe().wait_for(|asked| *asked >= pace.in_flight_max).await.unwrap();
        Ok::<_, SinkError>(Vec::new())
    };
    let all = async {
        for letter in 1..=last {
            if letter > 1 {
                write(waiting.folder.path(), 1);
            }
            let letter = usize::try_from(letter).unwrap();
            asked.subscribe().wait_for(|asked| *asked >= letter).await.unwrap();
        }
    };
    waiting.bring(pace, deliver, all).await;
    assert_eq!(waiting.left(), 0);
}

/// What did not get there is older than what would follow: it is not passed over by all of that.
#[tokio::test]
async fn a_letter_that_did_not_get_there_goes_before_what_no_round_has_yet() {
    const LETTERS: usize = 2_000;
    let (pace, waiting) = (pace(), Waiting::new(2_000));
    let (asked, taken) = (watch::Sender::new(0), watch::Sender::new(BTreeSet::new()));
    let newest_when_asked_again = Cell::new(None);
    let deliver = async |letters: &[&Letter]| {
        let ids = ids(letters);
        if ids.contains(&1) {
            asked.send_modify(|asked| *asked += 1);
            let rest = ids.iter().copied().filter(|id| *id > 1);
            if *asked.borrow() <= pace.attempts_max {
                taken.send_modify(|taken| taken.extend(rest));
                return Ok(vec![1]);
            }
            newest_when_asked_again.set(taken.borrow().last().copied());
        } else if ids[0] > 400 {
            // Its round comes to nothing first.
            asked.subscribe().wait_for(|asked| *asked >= pace.attempts_max).await.unwrap();
        }
        taken.send_modify(|taken| taken.extend(ids));
        Ok::<_, SinkError>(Vec::new())
    };
    let all = async {
        taken.subscribe().wait_for(|taken| taken.len() == LETTERS).await.unwrap();
    };
    waiting.bring(pace, deliver, all).await;
    let newest = newest_when_asked_again.get().unwrap();
    assert!(newest < 1_000, "all up to {newest} went before it");
}

/// What the breaker keeps back was not sent again.
#[tokio::test]
async fn what_is_counted_as_sent_again_was_sent() {
    let hour = Duration::from_secs(3_600);
    let pace = Pace { open: Pause { first: hour, longest: hour }, ..pace() };
    let Waiting { store, folder: _folder, .. } = Waiting::new(20);
    let letters = store.outbox().unwrap().oldest_after(0, 20).unwrap();
    let asked = Cell::new(0);
    let sink = Scripted(async |_: &[&Letter]| {
        asked.set(asked.get() + 1);
        Err(SinkError::new(SinkErrorKind::Unavailable, "nobody is there"))
    });
    let (breaker, slots) = (RefCell::new(Breaker::new(pace)), Semaphore::new(1));
    let outcome = Delivery::new(&sink, pace, &breaker, &slots).run(&letters).await;
    assert_eq!((asked.get(), outcome.resent), (1, 0));
}

/// Of two rounds under way the one that comes to an end first need not be the one that found out
/// that the sink is gone.
#[test]
fn an_outage_is_logged_once_with_its_reason_and_so_is_its_end() {
    let log = Log::default();
    let writer = log.clone();
    let lines = logs::subscriber(LogFormat::Text, "info".into(), move || writer.clone());
    let _logging = tracing::subscriber::set_default(lines);
    let Waiting { store, observations, clock, folder: _folder } = Waiting::new(70);
    let pace = pace();
    let breaker = RefCell::new(Breaker::new(pace));
    let watch = Watch {
        gauge: store.outbox().unwrap(),
        pace,
        breaker: &breaker,
        clock: &clock,
        observations: &observations,
    };
    let sink = Scripted(async |_: &[&Letter]| Ok::<_, SinkError>(Vec::new()));
    let outbox = store.outbox().unwrap();
    let mut worker = Worker { outbox, sink: &sink, watch: &watch, is_down: false, fruitless: 0 };
    let reason = SinkError::new(SinkErrorKind::Unavailable, "nobody is there");
    let failed = Outcome { failure: Some(reason), ..Outcome::default() };
    let knows_nothing = Outcome::default();

    assert!(breaker.borrow_mut().failed(Instant::now()), "one failure opens it");
    worker.tell(&knows_nothing).unwrap();
    assert_eq!(log.text(), "");
    for outcome in [&failed, &failed, &knows_nothing] {
        worker.tell(outcome).unwrap();
    }
    let outage = log.text();
    assert_eq!(outage.lines().count(), 1, "{outage}");
    assert!(outage.contains("ERROR") && outage.contains("nobody is there"), "{outage}");
    assert!(outage.contains("records=70"), "{outage}");

    breaker.borrow_mut().succeeded();
    for outcome in [&failed, &knows_nothing] {
        worker.tell(outcome).unwrap();
    }
    let end = log.text().split_off(outage.len());
    assert_eq!(end.lines().count(), 1, "{end}");
    assert!(end.contains("INFO") && end.contains("again"), "{end}");
}
