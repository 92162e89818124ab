//! What REST answered.

use monti_core::wire::{ErrorCode, InjectRequest, InjectResponse};

use super::App;
use crate::{
    keymap::Action,
    message::{Answer, Question, Refusal},
    screen::{Load, Popup, Progress},
    theme::state_word,
};

impl App {
    /// Takes an answer in; whether it shows.
    pub(super) fn answered(&mut self, answer: Answer) -> bool {
        match answer {
            Answer::History { agent, days, result } => {
                // Only if the reader still looks at that; a late answer to an earlier question is
                // none to this one.
                let (now, names) = (self.present(), self.setup.names);
                let result = result.map_err(|refusal| refusal.of(&agent, names));
                let popup = self.agent_popup().filter(|it| it.login == agent && it.days == days);
                let Some(popup) = popup else { return false };
                popup.history.take(result, now);
            }
            Answer::Intervals { vq, result } => {
                let (at, now) = (self.at, self.present());
                self.intervals.entry(vq).or_insert_with(|| Load::asked(at)).take(result, now);
            }
            Answer::Inject { request, result } => self.injected(request, result),
            Answer::Action { question, result } => match self.unnamed(&question, result) {
                Ok(()) => self.say(self.done(&question)),
                Err(refusal) if refusal.may_be_done => {
                    let words = refusal.words;
                    self.warn(format!("no answer, it may have been done: {words}"));
                }
                Err(refusal) => self.warn(format!("not done: {}", words(&refusal))),
            },
        }
        true
    }

    fn injected(&mut self, request: InjectRequest, result: Result<InjectResponse, Refusal>) {
        let at = self.popups.iter().position(|popup| match popup {
            Popup::Inject(form) => Some(form.request_id) == request.request_id,
            _ => false,
        });
        match result {
            Ok(response) => {
                if let Some(at) = at {
                    self.popups.truncate(at);
                }
                let queue = self.board().map(|board| board.queue_name(&request.vq));
                let queue = queue.unwrap_or_default();
                let words = match response.calls.as_slice() {
                    [] => "no call was put in".to_owned(),
                    [call] => format!("{call} is in {queue}"),
                    [first, .., last] => {
                        format!("{} calls are in {queue}, {first} to {last}", response.calls.len())
                    }
                };
                self.say(words);
                (self.injected, self.unanswered) = (Some(request), None);
            }
            Err(refusal) => {
                let was_unanswered = self.unanswered.as_ref() == Some(&request);
                let refusal = refusal.after(was_unanswered);
                let words = words(&refusal);
                if refusal.may_be_done {
                    self.unanswered = Some(request);
                } else if was_unanswered {
                    self.unanswered = None;
                }
                match at.and_then(|at| self.popups.get_mut(at)) {
                    Some(Popup::Inject(form)) => form.progress = Progress::Failed(words),
                    _ if refusal.may_be_done => {
                        let key = self.keymap().key_of(Action::InjectAgain);
                        self.warn(format!("calls may have been put in: {words} ({key})"));
                    }
                    _ => self.warn(format!("no call was put in: {words}")),
                }
            }
        }
    }
}

impl App {
    /// A refusal without a login in it that is not to be seen.
    fn unnamed(&self, question: &Question, result: Result<(), Refusal>) -> Result<(), Refusal> {
        let names = self.setup.names;
        result.map_err(|refusal| match question.agent() {
            Some(agent) => refusal.of(agent, names),
            None => refusal,
        })
    }

    fn done(&self, question: &Question) -> String {
        match question {
            Question::SetState { agent, state } => {
                let (name, state) = (self.name_of(agent), state_word((*state).into()));
                format!("{name} is set to {state}{}", self.after_call(agent))
            }
            Question::LogOut { agent } => {
                format!("{} is logged out{}", self.name_of(agent), self.after_call(agent))
            }
            Question::EndCall { call, .. } => format!("{call} is ended"),
            Question::History { .. } | Question::Intervals { .. } | Question::Inject(_) => {
                "done".to_owned()
            }
        }
    }
}

/// Why not, and what to do about it.
fn words(refusal: &Refusal) -> String {
    match refusal.code {
        Some(ErrorCode::Forbidden) => {
            format!("{}; that takes a token with the role supervisor", refusal.words)
        }
        _ if refusal.may_be_done => format!("{}; sent again it counts once", refusal.words),
        _ => refusal.words.clone(),
    }
}
