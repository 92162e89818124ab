//! Asterisk's `queue_log`: `epoch|callid|queue|agent|EVENT|data…`, a line an event.
//!
//! A call begins with `ENTERQUEUE` and is told apart by its call id; the same caller in another
//! queue later is another call. Events that tell nothing of calls or agents are counted by their
//! names. What has no end is kept, with an unknown fate, and told.

mod members;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufRead,
    mem,
};

use monti_core::{Millis, Priority, Timestamp, file::value::quoted};

use self::members::Members;
use super::{
    ReadError,
    lines::{self, Line},
    recording::{Account, Fate, Names, RecordedCall, Recording},
};
use crate::Calendar;

/// No call lasts longer.
const CALL_MAX: Millis = Millis::from_secs(7 * 24 * 60 * 60);

/// Reads a log.
///
/// # Errors
/// If the text cannot be read.
pub fn read(input: impl BufRead) -> Result<Recording, ReadError> {
    let (mut reader, mut account) = (Reader::default(), Account::default());
    lines::read(input, &mut account, |line, account| {
        if let Err(reason) = reader.take(&line, account) {
            account.refuse(line.number, reason);
        }
    })?;
    Ok(reader.finish(account))
}

#[derive(Default)]
struct Reader {
    queues: Names,
    agents: Names,
    members: Members,
    calls: Vec<RecordedCall>,
    /// The calls that have not ended, by their ids.
    open: BTreeMap<String, OpenCall>,
    /// The ids of those that have ended, and have not entered a queue since.
    ended: BTreeSet<String>,
    /// When the first event happened.
    start: Option<Timestamp>,
    /// When the latest did.
    now: Timestamp,
}

/// A call that has not ended.
#[derive(Clone, Copy)]
struct OpenCall {
    /// Its place among the calls.
    place: usize,
    /// When it was answered.
    answered_at: Option<Timestamp>,
}

/// What a line says.
struct Entry<'a> {
    line: u64,
    at: Timestamp,
    call: &'a str,
    queue: &'a str,
    agent: &'a str,
    event: &'a str,
    data: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    fn parse(line: &Line<'a>) -> Result<Self, String> {
        let fields = line.text.split('|').map(str::trim).collect::<Vec<_>>();
        let [epoch, call, queue, agent, event, data @ ..] = fields.as_slice() else {
            let wanted = "epoch|callid|queue|agent|EVENT and data are wanted";
            return Err(format!("{} fields, {wanted}", fields.len()));
        };
        let at = moment(epoch)?;
        Ok(Self { line: line.number, at, call, queue, agent, event, data: data.to_vec() })
    }

    /// A number of seconds in the data; what is longer than a call can be says nothing.
    fn seconds(&self, place: usize) -> Option<Millis> {
        let seconds = self.data.get(place)?.parse().ok().map(Millis::from_secs);
        seconds.filter(|it| *it <= CALL_MAX)
    }
}

impl Reader {
    fn take(&mut self, line: &Line<'_>, account: &mut Account) -> Result<(), String> {
        let entry = Entry::parse(line)?;
        if entry.at < self.now {
            let back = self.now.since(entry.at).as_secs_f64();
            account.correct(entry.line, format!("{back} s earlier than a line before it"));
        }
        self.start.get_or_insert(entry.at);
        self.now = self.now.max(entry.at);
        match entry.event {
            "ENTERQUEUE" => self.enter(&entry, account),
            "CONNECT" => self.connect(&entry, account),
            "COMPLETEAGENT" | "COMPLETECALLER" => self.complete(&entry, 0, account),
            // The call goes on elsewhere: for the agent it is over. The durations come after what
            // says where to, which is two channels if it is a link of two calls.
            "ATTENDEDTRANSFER" if entry.data.first() == Some(&"LINK") => {
                self.complete(&entry, 3, account)
            }
            "TRANSFER" | "BLINDTRANSFER" | "ATTENDEDTRANSFER" => self.complete(&entry, 2, account),
            "ABANDON" => {
                let waited = entry.seconds(2);
                self.leave(&entry, waited, account, |waited| Fate::Abandoned { waited })
            }
            // The caller chose to: patience has run out.
            "EXITWITHKEY" => {
                let waited = entry.seconds(3);
                self.leave(&entry, waited, account, |waited| Fate::Abandoned { waited })
            }
            event if event.starts_with("EXIT") => {
                let waited = entry.seconds(2);
                self.leave(&entry, waited, account, |waited| Fate::Diverted { waited })
            }
            "QUEUESTART" => {
                self.lose_all("Asterisk was started again", entry.line, account);
                self.members.restart(entry.at);
                Ok(())
            }
            "ADDMEMBER" | "REMOVEMEMBER" | "PAUSE" | "UNPAUSE" | "PAUSEALL" | "UNPAUSEALL" => {
                self.membership(&entry)
            }
            "RINGNOANSWER" => {
                account.set_aside("rings without an answer");
                Ok(())
            }
            other => {
                account.set_aside(&format!("events {}", quoted(other)));
                Ok(())
            }
        }
    }

    fn enter(&mut self, entry: &Entry<'_>, account: &mut Account) -> Result<(), String> {
        let place = self.begin(entry, entry.at)?;
        self.ended.remove(entry.call);
        let open = OpenCall { place, answered_at: None };
        if self.open.insert(entry.call.to_owned(), open).is_some() {
            let call = quoted(entry.call);
            account.correct(entry.line, format!("{call} entered again without having left"));
        }
        Ok(())
    }

    fn connect(&mut self, entry: &Entry<'_>, account: &mut Account) -> Result<(), String> {
        let agent = self.agents.place(&named(entry.agent, "agent")?);
        let held = entry.seconds(0);
        let place = self.waiting(entry, held, account)?;
        self.members.answered(agent);
        let agent = Some(agent);
        let waited = held.unwrap_or_else(|| entry.at.since(self.calls[place].arrival));
        self.calls[place].fate = Fate::Answered { waited, agent, served: None };
        let open = OpenCall { place, answered_at: Some(entry.at) };
        self.open.insert(entry.call.to_owned(), open);
        Ok(())
    }

    /// An agent's part in a call ends. How long its caller had waited stands at `place` of the data,
    /// and how long they talked after it.
    fn complete(
        &mut self,
        entry: &Entry<'_>,
        place: usize,
        account: &mut Account,
    ) -> Result<(), String> {
        let (waited, talked) = (entry.seconds(place), entry.seconds(place + 1));
        let open = self.open.get(entry.call).copied();
        self.has_not_ended(entry)?;
        if let Some(OpenCall { place, answered_at: Some(at) }) = open {
            let Fate::Answered { served, .. } = &mut self.calls[place].fate else {
                return Err("a call that was not answered ends".to_owned());
            };
            *served = Some(talked.unwrap_or_else(|| entry.at.since(at)));
            self.end(entry);
            return Ok(());
        }
        // Its answer is missing: both its durations are needed then.
        let (Some(waited), Some(served)) = (waited, talked) else {
            return Err("the end of a call whose answer is missing".to_owned());
        };
        let agent = Some(self.agents.place(&named(entry.agent, "agent")?));
        let place = match open {
            Some(open) => open.place,
            None => self.begin(entry, entry.at - (waited + served))?,
        };
        account.correct(entry.line, "the answer is missing: taken from the durations at its end");
        self.calls[place].fate = Fate::Answered { waited, agent, served: Some(served) };
        self.end(entry);
        Ok(())
    }

    /// A call is over.
    fn end(&mut self, entry: &Entry<'_>) {
        self.open.remove(entry.call);
        self.ended.insert(entry.call.to_owned());
    }

    /// A call ends once; what is said of it after that is said twice.
    fn has_not_ended(&self, entry: &Entry<'_>) -> Result<(), String> {
        if self.ended.contains(entry.call) {
            return Err(format!("{} ended before", quoted(entry.call)));
        }
        Ok(())
    }

    fn leave(
        &mut self,
        entry: &Entry<'_>,
        waited: Option<Millis>,
        account: &mut Account,
        fate: impl FnOnce(Millis) -> Fate,
    ) -> Result<(), String> {
        let place = self.waiting(entry, waited, account)?;
        let waited = waited.unwrap_or_else(|| entry.at.since(self.calls[place].arrival));
        self.calls[place].fate = fate(waited);
        self.end(entry);
        Ok(())
    }

    /// Ends a call's waiting. One whose beginning is missing is taken to have begun as long ago as
    /// it `waited`.
    fn waiting(
        &mut self,
        entry: &Entry<'_>,
        waited: Option<Millis>,
        account: &mut Account,
    ) -> Result<usize, String> {
        if let Some(open) = self.open.get(entry.call) {
            if open.answered_at.is_some() {
                return Err(format!("{} was answered before", quoted(entry.call)));
            }
            let place = open.place;
            self.open.remove(entry.call);
            return Ok(place);
        }
        self.has_not_ended(entry)?;
        let waited = waited.ok_or("a call whose beginning is missing")?;
        account.correct(entry.line, "the beginning is missing: taken from how long it waited");
        self.begin(entry, entry.at - waited)
    }

    fn begin(&mut self, entry: &Entry<'_>, arrival: Timestamp) -> Result<usize, String> {
        named(entry.call, "call id")?;
        let queue = self.queues.place(&named(entry.queue, "queue")?);
        let (line, priority) = (entry.line, Priority::default());
        self.calls.push(RecordedCall { line, arrival, queue, priority, fate: Fate::Unknown });
        Ok(self.calls.len() - 1)
    }

    fn membership(&mut self, entry: &Entry<'_>) -> Result<(), String> {
        let agent = self.agents.place(&named(entry.agent, "agent")?);
        let queue = named(entry.queue, "queue").ok().map(|name| self.queues.place(&name));
        let start = self.start.unwrap_or(entry.at);
        self.members.take(start, entry.at, agent, queue, entry.event)?;
        if entry.event == "ADDMEMBER" && entry.data.first() == Some(&"PAUSED") {
            self.members.take(start, entry.at, agent, queue, "PAUSE")?;
        }
        Ok(())
    }

    /// No end of the open calls will come any more.
    fn lose_all(&mut self, why: &str, line: u64, account: &mut Account) {
        for (id, open) in mem::take(&mut self.open) {
            let what = match open.answered_at {
                Some(_) => "how long it was served",
                None => "what became of it",
            };
            account.correct(line, format!("{why}: of call {} {what} is unknown", quoted(&id)));
        }
    }

    fn finish(mut self, mut account: Account) -> Recording {
        let last_line = account.lines;
        self.lose_all("the log ends", last_line, &mut account);
        let mut recording = Recording::new(self.queues, self.agents, self.calls, account);
        for (agent, queues, present) in self.members.finish(self.now) {
            recording.agents[agent].serves.extend(queues);
            recording.agents[agent].present = present;
        }
        recording
    }
}

/// A field that is neither empty nor `NONE`.
fn named(text: &str, what: &str) -> Result<String, String> {
    if text.is_empty() || text == "NONE" {
        return Err(format!("the {what} is missing"));
    }
    Ok(text.to_owned())
}

/// Seconds since 1970, with or without a fraction.
fn moment(epoch: &str) -> Result<Timestamp, String> {
    let moment = epoch_moment(epoch)
        .ok_or_else(|| format!("epoch: {} is not a number of seconds since 1970", quoted(epoch)))?;
    Calendar::can_play(moment).then_some(moment).ok_or_else(|| {
        format!("epoch: {} is beyond the year 2199: are these milliseconds?", quoted(epoch))
    })
}

fn epoch_moment(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let millis = format!("{fraction:0<3}");
    let millis = millis.get(..3)?.parse::<u64>().ok()?;
    let since_epoch = Millis::from_secs(whole.parse().ok()?) + Millis::new(millis);
    Some(Timestamp::from_millis(0) + since_epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_whole_seconds_or_has_a_fraction() {
        let at = |text: &str| moment(text).ok().map(Timestamp::as_millis);
        assert_eq!(at("1769677200"), Some(1_769_677_200_000));
        assert_eq!(at("1769677200.25"), Some(1_769_677_200_250));
        assert_eq!(at("1769677200.1234567"), Some(1_769_677_200_123));
        for wrong in ["", ".5", "-1", "1e9", "now", "1.x"] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
        for beyond in ["1769677200250", "99999999999999999999"] {
            assert_eq!(at(beyond), None, "{beyond}");
        }
        assert!(moment("1769677200250").unwrap_err().contains("milliseconds?"));
    }
}
