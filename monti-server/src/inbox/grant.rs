//! Who somebody is, and what it may do.

use monti_core::LoginId;

/// Who somebody is and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The name of the token, for the logs.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// For an agent its own login; for a simulator the prefix of its logins, `None` is any.
    pub agents: Option<String>,
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks at wallboards and figures.
    Viewer,
    /// Speaks for one agent.
    Agent,
    /// Speaks for agents and brings calls.
    Simulator,
    /// All that viewers may, and acts on agents and calls.
    Supervisor,
    /// Everything.
    Admin,
}

impl Grant {
    /// Whether it may speak for the agent `login`.
    pub fn may_speak_for(&self, login: &LoginId) -> bool {
        let agents = self.agents.as_deref();
        match self.role {
            Role::Agent => agents.is_some_and(|own| own == login.as_str()),
            Role::Simulator => agents.is_none_or(|prefix| login.starts_with(prefix)),
            Role::Admin => true,
            Role::Viewer | Role::Supervisor => false,
        }
    }

    /// Whether it may bring calls and take them away again.
    pub fn may_bring_calls(&self) -> bool {
        matches!(self.role, Role::Simulator | Role::Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_itself_and_a_simulator_all_of_its_prefix() {
        let grant = |role, agents: Option<&str>| Grant {
            name: "test".to_owned(),
            role,
            agents: agents.map(str::to_owned),
        };
        let allowed = |grant: &Grant| {
            ["sim-1", "sim-10", "ada"].map(|login| grant.may_speak_for(&login.parse().unwrap()))
        };
        assert_eq!(allowed(&grant(Role::Agent, Some("sim-1"))), [true, false, false]);
        assert_eq!(allowed(&grant(Role::Agent, None)), [false; 3]);
        assert_eq!(allowed(&grant(Role::Simulator, Some("sim-1"))), [true, true, false]);
        assert_eq!(allowed(&grant(Role::Simulator, None)), [true; 3]);
        assert_eq!(allowed(&grant(Role::Admin, None)), [true; 3]);
        assert_eq!(allowed(&grant(Role::Supervisor, None)), [false; 3]);
        assert_eq!(allowed(&grant(Role::Viewer, None)), [false; 3]);
        assert!(!grant(Role::Agent, None).may_bring_calls());
        assert!(grant(Role::Simulator, None).may_bring_calls());
    }
}
