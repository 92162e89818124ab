//! Tokens for a test: one for each role.

use std::path::Path;

use monti_core::Timestamp;
use monti_server::{
    inbox::Role,
    tokens::{Entry, Secret, update},
};

/// Adds a token for each role to a file: the agent's is for `ada`, the simulator's for all that
/// begin so.
pub(crate) fn add_tokens(file: &Path) -> Vec<(Role, String)> {
    let add = |role: Role| {
        let secret = Secret::random().unwrap();
        let agents = matches!(role, Role::Agent | Role::Simulator).then(|| "ada".parse().unwrap());
        let name = role.as_str().parse().unwrap();
        let entry = Entry::new(name, role, agents, &secret, Timestamp::from_millis(0)).unwrap();
        update(file, |entries| {
            entries.push(entry);
            Ok::<_, ()>(())
        })
        .unwrap()
        .unwrap();
        (role, secret.reveal().to_owned())
    };
    Role::ALL.map(add).into()
}
