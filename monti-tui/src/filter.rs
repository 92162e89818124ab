//! Which agents are shown: `state:acw >5m queue:billing avery`.

use monti_core::{AgentState, Millis, Timestamp, parse_duration};

use crate::{board::Agent, theme::state_word};

/// Words that an agent has to match, all of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    States(Vec<AgentState>),
    Queue(String),
    Team(String),
    LongerThan(Millis),
    ShorterThan(Millis),
    OverLimit,
    Lost,
    /// In its name, login, team or place.
    Text(String),
}

/// How filters are written, in a line.
pub const FILTER_HELP: &str =
    "name  state:acw,break  queue:billing  team:north  >5m  <30s  over  lost";

impl Filter {
    /// Reads one.
    ///
    /// # Errors
    /// In words: which part means nothing, and what would.
    pub fn parse(text: &str) -> Result<Self, String> {
        let terms = text.split_whitespace().map(Term::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: text.split_whitespace().collect::<Vec<_>>().join(" "), terms })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether all match.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether an agent can come to match, or cease to, by time alone.
    pub fn runs_with_the_clock(&self) -> bool {
        self.terms.iter().any(|term| matches!(term, Term::LongerThan(_) | Term::ShorterThan(_)))
    }

    /// Whether `agent` matches at `now`.
    pub fn matches(&self, agent: &Agent, now: Timestamp) -> bool {
        self.terms.iter().all(|term| term.matches(agent, now))
    }
}

impl Term {
    fn parse(word: &str) -> Result<Self, String> {
        let duration = |text: &str| {
            parse_duration(text)
                .map_err(|_| format!("{word:?}: a time is a number and a unit, such as 5m or 30s"))
        };
        let lower = word.to_lowercase();
        if let Some(time) = lower.strip_prefix('>') {
            return duration(time).map(Self::LongerThan);
        }
        if let Some(time) = lower.strip_prefix('<') {
            return duration(time).map(Self::ShorterThan);
        }
        match lower.split_once(':') {
            Some(("state", names)) => {
                let states = names.split(',').map(states_of).collect::<Result<Vec<_>, _>>()?;
                Ok(Self::States(states.concat()))
            }
            Some(("queue", name)) => Ok(Self::Queue(name.to_owned())),
            Some(("team", name)) => Ok(Self::Team(name.to_owned())),
            Some((other, _)) => Err(format!("{other:?} is none of state, queue, team")),
            None if lower == "over" => Ok(Self::OverLimit),
            None if lower == "lost" => Ok(Self::Lost),
            None => Ok(Self::Text(lower)),
        }
    }

    fn matches(&self, agent: &Agent, now: Timestamp) -> bool {
        let info = agent.info();
        let has = |text: &str, part: &str| text.to_lowercase().contains(part);
        match self {
            Self::States(states) => states.contains(&agent.state()),
            Self::Queue(part) => info.current_vq.as_deref().is_some_and(|vq| has(vq, part)),
            Self::Team(part) => info.team.as_deref().is_some_and(|team| has(team, part)),
            Self::LongerThan(limit) => agent.in_state(now) > *limit,
            Self::ShorterThan(limit) => agent.in_state(now) < *limit,
            Self::OverLimit => agent.breach().is_some(),
            Self::Lost => agent.is_lost(),
            Self::Text(part) => {
                agent.name_key().0.contains(part)
                    || has(agent.login(), part)
                    || info.team.as_deref().is_some_and(|team| has(team, part))
                    || info.location.as_deref().is_some_and(|place| has(place, part))
            }
        }
    }
}

/// The states whose name on the wire or on the screen begins so: `acw` and `after` are one.
fn states_of(name: &str) -> Result<Vec<AgentState>, String> {
    let begins = |state: &AgentState| {
        let shown = state_word(*state).to_lowercase();
        !name.is_empty()
            && (state.as_str().starts_with(name)
                || shown.starts_with(name)
                || shown.replace(' ', "").starts_with(name))
    };
    let states: Vec<_> = AgentState::ALL.into_iter().filter(begins).collect();
    if states.is_empty() {
        let known = AgentState::ALL.map(|state| state_word(state).replace(' ', "_")).join(", ");
        return Err(format!("{name:?} is no state; there are {}", known.to_lowercase()));
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_reads_as_it_is_written() {
        let filter = Filter::parse("  state:acw,on  >5m   Avery ").unwrap();
        assert_eq!(filter.text(), "state:acw,on >5m Avery");
        assert_eq!(
            filter.terms,
            [
                Term::States(vec![
                    AgentState::AfterCallWork,
                    AgentState::OnCall,
                    AgentState::OnHold
                ]),
                Term::LongerThan(Millis::from_secs(300)),
                Term::Text("avery".to_owned()),
            ]
        );
        assert!(filter.runs_with_the_clock() && !filter.is_empty());
        assert!(Filter::parse("").unwrap().is_empty());
    }

    #[test]
    fn what_means_nothing_is_told() {
        for (text, told) in [
            ("state:asleep", "\"asleep\" is no state"),
            ("state:", "\"\" is no state"),
            (">5x", "such as 5m or 30s"),
            ("colour:red", "none of state, queue, team"),
        ] {
            let error = Filter::parse(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
