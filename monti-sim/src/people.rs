//! Who the agents are: names, places and teams. Made up from their numbers, so that nothing of it
//! has to be kept.

use monti_core::{CallerNumber, Label, LoginId};

const FIRST_NAMES: [&str; 40] = [
    "Ada", "Amir", "Anna", "Ben", "Carla", "Chidi", "Clara", "Daniel", "Diana", "Elif", "Emil",
    "Eva", "Farid", "Fiona", "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jonas", "Julia", "Kai",
    "Lara", "Leon", "Lin", "Maria", "Mats", "Mei", "Milan", "Nadia", "Noah", "Olga", "Paul",
    "Priya", "Rosa", "Samir", "Sofia", "Tom", "Yara", "Zoe",
];

const LAST_NAMES: [&str; 37] = [
    "Adeyemi", "Almeida", "Bauer", "Becker", "Berg", "Castro", "Chen", "Costa", "Dubois",
    "Eriksen", "Fischer", "Garcia", "Haddad", "Hansen", "Ivanova", "Jansen", "Kaya", "Keller",
    "Khan", "Kim", "Kowalski", "Larsen", "Martin", "Moreau", "Nakamura", "Novak", "Okafor",
    "Patel", "Peters", "Ricci", "Rossi", "Sato", "Schmidt", "Silva", "Tanaka", "Weber", "Yilmaz",
];

const LOCATIONS: [&str; 5] = ["Berlin", "Dublin", "Lisbon", "Manila", "Toronto"];

/// How many agents a team has, the last one of a department excepted.
const TEAM_SIZE: u32 = 10;

/// The agent number `index` of its department, counted from 0, who logs in as `prefix`, the
/// department, and a number.
pub(crate) fn login(prefix: &str, department: &str, index: u32) -> LoginId {
    let login = format!("{prefix}{department}-{:04}", index + 1);
    login.parse().unwrap_or_else(|_| panic!("{login} was checked to be a login"))
}

/// The name of the agent number `agent` of all.
pub(crate) fn name(agent: u32) -> Label {
    let (firsts, lasts) = (FIRST_NAMES.len(), LAST_NAMES.len());
    // The lengths have no common divisor: all pairs come before the first comes again.
    let agent = agent as usize;
    label(&format!("{} {}", FIRST_NAMES[agent % firsts], LAST_NAMES[agent % lasts]))
}

/// The team, and where it works, of the agent number `index` of its department.
pub(crate) fn team(department: &str, index: u32) -> (Label, Label) {
    let team = index / TEAM_SIZE;
    let location = LOCATIONS[team as usize % LOCATIONS.len()];
    // A department's id has at most 32 characters: there is room for the number.
    (label(&format!("{department} {}", team + 1)), label(location))
}

/// The number from which the caller number `person` of all calls.
pub(crate) fn number(person: u64) -> Option<CallerNumber> {
    // A range of numbers that is kept free for fiction.
    format!("+4930231{:08}", person % 100_000_000).parse().ok()
}

fn label(text: &str) -> Label {
    text.parse().unwrap_or_else(|_| panic!("{text} was checked to be a label"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_repeat_after_all_pairs() {
        let names: BTreeSet<_> = (0..1_480).map(name).collect();
        assert_eq!(names.len(), 1_480);
        assert_eq!(name(0), name(1_480));
    }

    #[test]
    fn teams_of_ten_are_spread_over_five_locations() {
        let teams: BTreeSet<_> = (0..100).map(|index| team("sales", index)).collect();
        assert_eq!(teams.len(), 10);
        let locations: BTreeSet<_> = teams.iter().map(|(_, location)| location).collect();
        assert_eq!(locations.len(), 5);
    }
}
