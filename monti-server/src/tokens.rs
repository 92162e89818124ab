//! Bearer tokens and the file that keeps them: a JSON object a line, one for each token.
//!
//! A token is 256 random bits, shown once, when it is made. The file keeps its SHA-256 alone: who
//! reads the file cannot use it, and as nobody can guess 256 bits, no slower hash is needed.

mod file;

use std::{io, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use monti_core::{LoginId, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

pub use self::file::{FileState, TokensError, update};
use crate::inbox::{Grant, Role};

/// What every token begins with, so that people and scanners of leaks recognise one.
const PREFIX: &str = "monti_";

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What people call it: no two tokens have the same name.
    pub name: LoginId,
    /// What it allows.
    pub role: Role,
    /// For an agent its own login; for a simulator the prefix of its logins, without it any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents: Option<LoginId>,
    /// The hash of the token.
    sha256: Hash,
    /// When it was made.
    pub created: Timestamp,
}

/// What a role lets its token be bound to does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEntry {
    /// An agent's token without its login.
    #[error("an agent's token needs the agentId it speaks for: --agent (in the file `agents`)")]
    AgentMissing,
    /// A login for a role that speaks for no agents.
    #[error(
        "--agent (in the file `agents`) is for the roles agent (its agentId) and simulator (a prefix \
         of agentIds)"
    )]
    AgentOfOther,
}

/// A token itself, to be shown once. It has no [`Debug`], so that no log can show it.
#[expect(missing_debug_implementations, reason = "a token must not come into a log")]
pub struct Secret(String);

/// The tokens of a file.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    entries: Vec<(Entry, Arc<Grant>)>,
}

impl Secret {
    /// A new token.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn random() -> io::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The token as text, for whom it is made.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Entry {
    /// What is kept of `secret`.
    ///
    /// # Errors
    /// The `role` does not go with `agents`.
    pub fn new(
        name: LoginId,
        role: Role,
        agents: Option<LoginId>,
        secret: &Secret,
        created: Timestamp,
    ) -> Result<Self, InvalidEntry> {
        let entry = Self { name, role, agents, sha256: Hash::of(secret.reveal()), created };
        entry.check().map(|()| entry)
    }

    /// Whether what it is bound to goes with its role.
    fn check(&self) -> Result<(), InvalidEntry> {
        match (self.role, &self.agents) {
            (Role::Agent, None) => Err(InvalidEntry::AgentMissing),
            (Role::Viewer | Role::Supervisor | Role::Admin, Some(_)) => {
                Err(InvalidEntry::AgentOfOther)
            }
            _ => Ok(()),
        }
    }

    fn grant(&self) -> Grant {
        Grant {
            name: self.name.to_string(),
            role: self.role,
            agents: self.agents.as_ref().map(LoginId::to_string),
        }
    }
}

impl Tokens {
    /// The tokens of a file; a file that is not there has none.
    ///
    /// # Errors
    /// It cannot be read, or a line of it is damaged.
    pub fn read(file: &Path) -> Result<Self, TokensError> {
        Ok(Self::new(file::read(file)?))
    }

    fn new(entries: Vec<Entry>) -> Self {
        let with_grant = |entry: Entry| {
            let grant = Arc::new(entry.grant());
            (entry, grant)
        };
        Self { entries: entries.into_iter().map(with_grant).collect() }
    }

    /// What `token` allows, `None` if it is none of these.
    ///
    /// Takes the same time for every token of one length: it compares with all, and all bytes.
    pub fn find(&self, token: &str) -> Option<Arc<Grant>> {
        let hash = Hash::of(token);
        let mut found = u64::MAX;
        for (place, (entry, _)) in (0_u64..).zip(&self.entries) {
            found.conditional_assign(&place, entry.sha256.same_as(&hash));
        }
        let (_, grant) = self.entries.get(usize::try_from(found).ok()?)?;
        Some(Arc::clone(grant))
    }

    /// The number of tokens.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is kept of the tokens, in the order in which they were made.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(entry, _)| entry)
    }
}

/// A SHA-256, written in hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hash([u8; 32]);

impl Hash {
    fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    fn same_as(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }

    fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&hex)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_hex(&String::deserialize(deserializer)?)
            .ok_or_else(|| de::Error::custom("a SHA-256 has 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, role: Role, agents: Option<&str>) -> Result<Entry, InvalidEntry> {
        let agents = agents.map(|agents| agents.parse().unwrap());
        let secret = Secret(format!("{PREFIX}{name}"));
        Entry::new(name.parse().unwrap(), role, agents, &secret, Timestamp::from_millis(0))
    }

    #[test]
    fn a_token_is_found_by_itself_alone() {
        let wall = entry("wall", Role::Viewer, None).unwrap();
        let load = entry("load", Role::Simulator, Some("sim-")).unwrap();
        let tokens = Tokens::new(vec![wall, load]);
        assert_eq!(tokens.find("monti_wall").unwrap().role, Role::Viewer);
        assert_eq!(tokens.find("monti_load").unwrap().agents.as_deref(), Some("sim-"));
        for token in ["", "monti_", "monti_wal", "monti_wall ", "MONTI_WALL"] {
            assert_eq!(tokens.find(token), None, "{token:?}");
        }
    }

    #[test]
    fn only_who_speaks_for_agents_is_bound_to_some() {
        assert_eq!(entry("a", Role::Agent, None), Err(InvalidEntry::AgentMissing));
        assert!(entry("a", Role::Agent, Some("avery")).is_ok());
        assert!(entry("a", Role::Simulator, None).is_ok());
        for role in [Role::Viewer, Role::Supervisor, Role::Admin] {
            assert_eq!(entry("a", role, Some("avery")), Err(InvalidEntry::AgentOfOther));
        }
    }

    #[test]
    fn what_is_kept_reads_as_it_was_and_does_not_hold_the_token() {
        let kept = entry("wall", Role::Viewer, None).unwrap();
        let line = serde_json::to_string(&kept).unwrap();
        assert!(!line.contains("monti_wall"), "{line}");
        assert_eq!(serde_json::from_str::<Entry>(&line).unwrap(), kept);
    }

    #[test]
    fn every_token_is_another() {
        let (first, second) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_eq!(first.reveal().len(), PREFIX.len() + 43);
        assert_ne!(first.reveal(), second.reveal());
    }

    #[test]
    fn a_hash_is_64_hexadecimal_digits() {
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32), &"+f".repeat(32)] {
            assert_eq!(Hash::from_hex(text), None, "{text}");
        }
    }
}
