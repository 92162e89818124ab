//! The form that puts calls into a queue.

use crossterm::event::KeyCode;
use monti_core::{
    CallerNumber, Priority, RequestId,
    wire::{INJECT_COUNT_MAX, InjectRequest},
};

use super::{LineEdit, Written};

/// A part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Field {
    Queue,
    Number,
    Priority,
    Count,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It is being filled in.
    Writing,
    /// It was sent.
    Sent,
    /// It was not carried out, or it is not known whether it was, in words.
    Failed(String),
}

/// The form.
#[derive(Debug, Clone, PartialEq)]
pub struct InjectForm {
    /// The queues there are, by identifier and name.
    pub queues: Vec<(String, String)>,
    /// The chosen one's place.
    pub queue: usize,
    /// The caller's number; empty is withheld.
    pub number: LineEdit,
    /// 0 to 9.
    pub priority: LineEdit,
    /// How many calls.
    pub count: LineEdit,
    /// The field that has the keys.
    pub field: Field,
    /// How far it is.
    pub progress: Progress,
    /// The key under which a repeat of the same is the same: renewed when something else is asked.
    pub request_id: RequestId,
}

impl Field {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Queue, Self::Number, Self::Priority, Self::Count];

    fn after(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|field| *field == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

impl InjectForm {
    /// What it asks for.
    ///
    /// # Errors
    /// In words: which field is wrong, and what is allowed.
    pub fn request(&self) -> Result<InjectRequest, String> {
        let (vq, _) = self.queues.get(self.queue).ok_or("there is no queue")?;
        let number = self.number.text().trim();
        let caller_number: Option<CallerNumber> = match number {
            "" => None,
            _ => Some(number.parse().map_err(|error| format!("number: {error}"))?),
        };
        let priority = self
            .priority
            .text()
            .trim()
            .parse()
            .ok()
            .and_then(|number: u8| Priority::try_from(number).ok());
        let count = self.count.text().trim().parse().ok();
        Ok(InjectRequest {
            vq: vq.clone(),
            caller_number,
            priority: priority.ok_or("priority: allowed is 0 to 9, 9 is served first")?,
            count: count
                .filter(|count| (1..=INJECT_COUNT_MAX).contains(count))
                .ok_or_else(|| format!("count: allowed is 1 to {INJECT_COUNT_MAX}"))?,
            request_id: Some(self.request_id),
        })
    }

    /// The field that is being written.
    fn line(&mut self) -> Option<&mut LineEdit> {
        match self.field {
            Field::Queue => None,
            Field::Number => Some(&mut self.number),
            Field::Priority => Some(&mut self.priority),
            Field::Count => Some(&mut self.count),
        }
    }

    /// Takes a key that moves, or what is written; whether it changed what is asked for.
    pub fn take(&mut self, written: Written<'_>) -> bool {
        let Written::Key(key) = written else {
            return self.line().is_some_and(|line| line.take(written));
        };
        match key.code {
            KeyCode::Tab | KeyCode::Down => self.field = self.field.after(1),
            KeyCode::BackTab | KeyCode::Up => self.field = self.field.after(Field::ALL.len() - 1),
            KeyCode::Left | KeyCode::Right if self.field == Field::Queue => {
                let (len, last) = (self.queues.len().max(1), self.queues.len().saturating_sub(1));
                let by = if key.code == KeyCode::Left { last } else { 1 };
                self.queue = (self.queue + by) % len;
                return true;
            }
            _ => return self.line().is_some_and(|line| line.take(written)),
        }
        false
    }
}
