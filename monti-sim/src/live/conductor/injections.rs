//! Calls that are put in over the control port, and what whoever put them in is answered.
//!
//! Under a key each call is put in once. An injection of which a part failed is answered with the
//! error, and stays: when it is asked for again just the calls that are missing are put in.

use std::collections::{BTreeMap, HashMap, VecDeque};

use monti_core::{
    CallId, CallerNumber, Priority, RequestId, VqId,
    wire::{ErrorMessage, InjectRequest, InjectResponse},
};
use tokio::sync::oneshot;

use crate::CallerId;

/// Injections that are remembered, and as many that are not complete and that nobody waits for.
const REMEMBERED_MAX: usize = 1_024;

/// What an injection is answered with.
pub(crate) type InjectAnswer = Result<InjectResponse, Box<ErrorMessage>>;

/// All that were asked for lately.
#[derive(Debug, Default)]
pub(super) struct Injections {
    /// What is known of callers that were put in and are not queued yet.
    callers: HashMap<CallerId, Injected>,
    /// Those that are not complete, by number, older ones first.
    batches: BTreeMap<u64, Batch>,
    last: u64,
    /// Answers given already, to be given again, oldest first.
    answered: VecDeque<(RequestId, InjectResponse)>,
}

#[derive(Debug)]
struct Injected {
    batch: u64,
    place: usize,
}

#[derive(Debug)]
struct Batch {
    request: Option<RequestId>,
    vq: VqId,
    priority: Priority,
    number: Option<CallerNumber>,
    places: Vec<Place>,
    /// Who waits for the answer: whoever asked, and asked again meanwhile.
    answers: Vec<oneshot::Sender<InjectAnswer>>,
}

/// What there is of one call of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing: nobody was put in yet, or whoever was did not come into the queue.
    Free,
    /// A caller who is on the way.
    Taken,
    Queued(CallId),
}

impl Injections {
    /// What a repeat of `request` is answered, if it is complete.
    pub(super) fn answered(&self, request: &InjectRequest) -> Option<InjectResponse> {
        let id = request.request_id?;
        let answered = self.answered.iter().find(|(known, _)| *known == id);
        answered.map(|(_, response)| response.clone())
    }

    /// The batch that `request` repeats, if it is not complete.
    pub(super) fn under_way(&self, request: &InjectRequest) -> Option<u64> {
        let id = request.request_id?;
        let found = self.batches.iter().find(|(_, batch)| batch.request == Some(id));
        found.map(|(number, _)| *number)
    }

    pub(super) fn begin(&mut self, request: &InjectRequest, vq: VqId) -> u64 {
        if self.batches.len() >= REMEMBERED_MAX {
            let unasked = self.batches.iter().find(|(_, batch)| batch.answers.is_empty());
            if let Some(number) = unasked.map(|(number, _)| *number) {
                self.batches.remove(&number);
            }
        }
        self.last += 1;
        let batch = Batch {
            request: request.request_id,
            vq,
            priority: request.priority,
            number: request.caller_number,
            places: vec![Place::Free; usize::from(request.count)],
            answers: Vec::new(),
        };
        self.batches.insert(self.last, batch);
        self.last
    }

    /// Somebody waits for a batch's answer.
    pub(super) fn wait_for(&mut self, number: u64, answer: oneshot::Sender<InjectAnswer>) {
        if let Some(batch) = self.batches.get_mut(&number) {
            batch.answers.push(answer);
        }
    }

    /// Where a caller is to be put in next, if one is missing.
    pub(super) fn missing(&self, number: u64) -> Option<(VqId, Priority)> {
        let batch = self.batches.get(&number)?;
        batch.places.contains(&Place::Free).then_some((batch.vq, batch.priority))
    }

    /// A caller was put in where one was missing.
    pub(super) fn put_in(&mut self, number: u64, caller: CallerId) {
        let Some(batch) = self.batches.get_mut(&number) else { return };
        let Some(place) = batch.places.iter().position(|place| *place == Place::Free) else {
            return;
        };
        batch.places[place] = Place::Taken;
        self.callers.insert(caller, Injected { batch: number, place });
    }

    /// The number under which a caller was put in; `None` if it was not put in.
    pub(super) fn number_of(&self, caller: CallerId) -> Option<Option<CallerNumber>> {
        Some(self.batches.get(&self.callers.get(&caller)?.batch)?.number)
    }

    /// A caller's call was queued, or will never be. If it was put in, the answer may be known.
    pub(super) fn settle(&mut self, caller: CallerId, result: Result<CallId, Box<ErrorMessage>>) {
        let Some(Injected { batch: number, place }) = self.callers.remove(&caller) else { return };
        let Some(batch) = self.batches.get_mut(&number) else { return };
        match result {
            Ok(call) => {
                batch.places[place] = Place::Queued(call);
                let Some(calls) = batch.calls() else { return };
                let response = InjectResponse { calls };
                if let Some(request) = batch.request {
                    self.answered.push_back((request, response.clone()));
                    if self.answered.len() > REMEMBERED_MAX {
                        self.answered.pop_front();
                    }
                }
                batch.answer(&Ok(response));
                self.batches.remove(&number);
            }
            Err(error) => {
                batch.places[place] = Place::Free;
                batch.answer(&Err(error));
                if batch.request.is_none() {
                    self.batches.remove(&number);
                }
            }
        }
    }
}

impl Batch {
    /// All its calls, once they are there.
    fn calls(&self) -> Option<Vec<CallId>> {
        let call = |place: &Place| match place {
            Place::Queued(call) => Some(*call),
            Place::Free | Place::Taken => None,
        };
        self.places.iter().map(call).collect()
    }

    fn answer(&mut self, answer: &InjectAnswer) {
        for waiting in self.answers.drain(..) {
            let _gone = waiting.send(answer.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use monti_core::{Day, wire::ErrorCode};

    use super::*;

    fn request(count: u16, id: Option<&str>) -> InjectRequest {
        let id = id.map_or(String::new(), |id| format!(r#","requestId":"{id}""#));
        serde_json::from_str(&format!(r#"{{"vq":"sales_general","count":{count}{id}}}"#)).unwrap()
    }

    fn call(number: u32) -> CallId {
        CallId { day: Day::new(2026, 1, 29).unwrap(), number }
    }

    fn caller(serial: u64) -> CallerId {
        CallerId { place: 0, serial }
    }

    fn busy() -> Box<ErrorMessage> {
        Box::new(ErrorMessage::new(ErrorCode::Busy, "a caller gave up"))
    }

    /// Asks, and puts in who is missing; gives the answer's receiver.
    fn ask(
        injections: &mut Injections,
        request: &InjectRequest,
        callers: std::ops::Range<u64>,
    ) -> oneshot::Receiver<InjectAnswer> {
        let (answer, answered) = oneshot::channel();
        let known = injections.under_way(request);
        let number = known.unwrap_or_else(|| injections.begin(request, VqId(0)));
        injections.wait_for(number, answer);
        for serial in callers {
            assert!(injections.missing(number).is_some(), "no place for {serial}");
            injections.put_in(number, caller(serial));
        }
        assert_eq!(injections.missing(number), None);
        answered
    }

    #[test]
    fn asked_again_after_a_part_of_it_failed_just_what_is_missing_is_put_in() {
        let mut injections = Injections::default();
        let request = request(3, Some("key"));
        let mut first = ask(&mut injections, &request, 0..3);
        injections.settle(caller(0), Ok(call(1)));
        injections.settle(caller(1), Err(busy()));
        assert_eq!(first.try_recv().unwrap().unwrap_err().code, ErrorCode::Busy);
        let mut again = ask(&mut injections, &request, 3..4);
        injections.settle(caller(2), Ok(call(2)));
        assert!(again.try_recv().is_err(), "one is on the way still");
        injections.settle(caller(3), Ok(call(3)));
        let calls = vec![call(1), call(3), call(2)];
        assert_eq!(again.try_recv().unwrap().unwrap().calls, calls);
        assert_eq!(injections.answered(&request).unwrap().calls, calls);
        assert_eq!(injections.under_way(&request), None);
    }

    #[test]
    fn without_a_key_nothing_is_kept_of_what_failed() {
        let mut injections = Injections::default();
        let request = request(2, None);
        let mut answer = ask(&mut injections, &request, 0..2);
        injections.settle(caller(0), Err(busy()));
        assert!(answer.try_recv().unwrap().is_err());
        injections.settle(caller(1), Ok(call(1)));
        assert!(injections.batches.is_empty() && injections.callers.is_empty());
        let _answer = ask(&mut injections, &request, 2..4);
    }

    #[test]
    fn what_nobody_waits_for_is_not_kept_without_bound() {
        let mut injections = Injections::default();
        for number in 0..2 * REMEMBERED_MAX as u64 {
            let request = request(1, Some(&format!("key-{number}")));
            let _answer = ask(&mut injections, &request, number..number + 1);
            injections.settle(caller(number), Err(busy()));
        }
        assert_eq!(injections.batches.len(), REMEMBERED_MAX);
    }
}
