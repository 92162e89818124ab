//! Who may do what: roles, and the grant that a request's token stands for.
//!
//! With a tokens' file every request needs a token of it, even if the file is empty. Without one
//! everything is allowed, which is why the server then listens on loopback only.

use std::{
    fmt, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    inbox::{Grant, Role},
    tokens::{FileState, Tokens, TokensError},
};

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] =
        [Self::Viewer, Self::Agent, Self::Simulator, Self::Supervisor, Self::Admin];

    /// The role as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Simulator => "simulator",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }

    /// Whether it may do what `needed` may: a supervisor all that viewers may, an admin
    /// everything.
    pub const fn may(self, needed: Self) -> bool {
        match self {
            Self::Admin => true,
            Self::Supervisor => matches!(needed, Self::Supervisor | Self::Viewer),
            Self::Simulator => matches!(needed, Self::Simulator),
            Self::Agent => matches!(needed, Self::Agent),
            Self::Viewer => matches!(needed, Self::Viewer),
        }
    }

    /// Whether it may see callers' numbers whole.
    pub const fn sees_callers(self) -> bool {
        self.may(Self::Supervisor)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the roles are viewer, agent, simulator, supervisor and admin")]
pub struct InvalidRole;

impl FromStr for Role {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(InvalidRole)
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The tokens that are valid now.
///
/// The file is looked at with every request and read again when it changed, so that a token that
/// was revoked opens nothing any more, and one that was added opens at once, without a restart.
/// Links that are open stay open.
#[derive(Debug)]
pub struct Access {
    file: PathBuf,
    read: RwLock<Read>,
}

/// What was last read of the file.
#[derive(Debug)]
struct Read {
    /// The version that the tokens are of.
    state: Option<FileState>,
    /// The version that the log says cannot be read.
    unreadable: Option<FileState>,
    /// `None` without a file: everything is allowed.
    tokens: Option<Arc<Tokens>>,
}

/// Why a request is let in, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// There are no tokens; it may do everything, if it comes from this machine.
    Open(Arc<Grant>),
    /// Its token is valid.
    Granted(Arc<Grant>),
    /// It has no token, or none that is valid.
    Refused,
}

/// Why a server must not listen at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "without tokens everybody who can reach {address} could do everything, so the server listens \
     on this machine only (127.0.0.1 or [::1]).\nMake a token first, and start again:\n\n    \
     monti-server token add --role supervisor --name NAME\n"
)]
pub struct Exposed {
    address: SocketAddr,
}

impl Access {
    /// The tokens of a file; without one everything is allowed, unless the file is `required`.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or is not there although it is required.
    pub fn open(file: &Path, required: bool) -> Result<Self, TokensError> {
        let state = FileState::of(file)?;
        if required && state.is_none() {
            return Err(TokensError::new(file, io::ErrorKind::NotFound.into()));
        }
        let tokens = state.map(|_| Tokens::read(file)).transpose()?.map(Arc::new);
        Ok(Self {
            file: file.to_owned(),
            read: RwLock::new(Read { state, unreadable: None, tokens }),
        })
    }

    /// Whether the server may listen at `address`: beyond this machine only with a token.
    ///
    /// # Errors
    /// It may not.
    pub fn check(&self, address: SocketAddr) -> Result<(), Exposed> {
        let has_tokens = self.tokens().is_some_and(|tokens| !tokens.is_empty());
        if has_tokens || address.ip().is_loopback() { Ok(()) } else { Err(Exposed { address }) }
    }

    /// What a request may do that brings `token`.
    pub fn admit(&self, token: Option<&str>) -> Admission {
        self.read_again();
        match (self.tokens(), token) {
            (None, _) => Admission::Open(Arc::new(Grant {
                name: "anyone".to_owned(),
                role: Role::Admin,
                agents: None,
            })),
            (Some(tokens), Some(token)) => {
                tokens.find(token).map_or(Admission::Refused, Admission::Granted)
            }
            (Some(_), None) => Admission::Refused,
        }
    }

    fn tokens(&self) -> Option<Arc<Tokens>> {
        self.read.read().unwrap_or_else(PoisonError::into_inner).tokens.clone()
    }

    /// Reads the file if it changed. A file that is gone or damaged changes nothing: what was
    /// valid stays valid, and nothing else is; what was open on loopback stays open. It is tried
    /// again with the next request: what kept it from being read may pass and leave no trace in it.
    fn read_again(&self) {
        let Ok(Some(state)) = FileState::of(&self.file) else { return };
        if self.read.read().unwrap_or_else(PoisonError::into_inner).state == Some(state) {
            return;
        }
        let tokens = Tokens::read(&self.file);
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        match tokens {
            Ok(tokens) => {
                tracing::info!(tokens = tokens.len(), "the tokens changed and were read again");
                let tokens = Some(Arc::new(tokens));
                *read = Read { state: Some(state), unreadable: None, tokens };
            }
            Err(_) if read.unreadable.replace(state) == Some(state) => {}
            Err(error) if read.tokens.is_none() => {
                tracing::error!(%error, "the tokens cannot be read: everything stays open");
            }
            Err(error) => tracing::error!(%error, "the tokens changed, but the old ones stay"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use monti_core::Timestamp;

    use super::*;
    use crate::tokens::{Entry, Secret, update};

    #[test]
    fn a_file_that_is_damaged_or_gone_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.jsonl");
        let secret = add(&file, "wall");
        let access = Access::open(&file, true).unwrap();
        let is_let_in =
            |secret: &Secret| matches!(access.admit(Some(secret.reveal())), Admission::Granted(_));
        assert!(is_let_in(&secret));
        fs::write(&file, "damaged").unwrap();
        assert!(is_let_in(&secret));
        fs::remove_file(&file).unwrap();
        assert!(is_let_in(&secret));
        assert_eq!(access.admit(None), Admission::Refused);
        let other = add(&file, "desk");
        assert!(is_let_in(&other) && !is_let_in(&secret));
    }

    /// Nothing about the file tells that it can be read now: its permissions, or the disk's mood.
    #[test]
    fn a_token_that_was_revoked_while_the_file_could_not_be_read_opens_nothing_once_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.jsonl");
        let (revoked, other) = (add(&file, "wall"), add(&file, "desk"));
        let access = Access::open(&file, true).unwrap();
        let is_let_in =
            |secret: &Secret| matches!(access.admit(Some(secret.reveal())), Admission::Granted(_));
        let now = fs::metadata(&file).unwrap().modified().unwrap();
        let write = |text: &str| {
            fs::write(&file, text).unwrap();
            fs::File::options().write(true).open(&file).unwrap().set_modified(now).unwrap();
        };
        let rest = fs::read_to_string(&file).unwrap().lines().nth(1).unwrap().to_owned();
        write(&"x".repeat(rest.len()));
        assert!(is_let_in(&revoked) && is_let_in(&revoked) && is_let_in(&other));
        write(&rest);
        assert!(!is_let_in(&revoked) && is_let_in(&other));
    }

    #[test]
    fn a_file_that_was_asked_for_has_to_be_there_and_to_be_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.jsonl");
        assert!(Access::open(&file, true).is_err());
        let open = Access::open(&file, false).unwrap();
        assert!(matches!(open.admit(None), Admission::Open(_)));
        fs::write(&file, "damaged").unwrap();
        assert!(Access::open(&file, false).is_err());
    }

    #[test]
    fn others_are_served_only_where_there_is_a_token() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.jsonl");
        let may_listen = |address: &str| {
            Access::open(&file, false).unwrap().check(address.parse().unwrap()).is_ok()
        };
        let addresses = ["127.0.0.1:80", "[::1]:80", "0.0.0.0:80", "[::]:80", "192.168.0.7:80"];
        assert_eq!(addresses.map(may_listen), [true, true, false, false, false]);
        fs::write(&file, "").unwrap();
        assert_eq!(addresses.map(may_listen), [true, true, false, false, false]);
        add(&file, "wall");
        assert_eq!(addresses.map(may_listen), [true; 5]);
    }

    fn add(file: &Path, name: &str) -> Secret {
        let (secret, created) = (Secret::random().unwrap(), Timestamp::from_millis(0));
        let name = name.parse().unwrap();
        let entry = Entry::new(name, Role::Viewer, None, &secret, created).unwrap();
        update(file, |entries| {
            entries.push(entry);
            Ok::<_, ()>(())
        })
        .unwrap()
        .unwrap();
        secret
    }

    #[test]
    fn supervisors_may_what_viewers_may_and_admins_everything() {
        let may = |role: Role| Role::ALL.map(|needed| role.may(needed));
        assert_eq!(may(Role::Viewer), [true, false, false, false, false]);
        assert_eq!(may(Role::Agent), [false, true, false, false, false]);
        assert_eq!(may(Role::Simulator), [false, false, true, false, false]);
        assert_eq!(may(Role::Supervisor), [true, false, false, true, false]);
        assert_eq!(may(Role::Admin), [true; 5]);
    }

    #[test]
    fn a_role_is_written_as_it_is_read() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(InvalidRole));
    }
}
