//! The agents that the engine knows, and those that could take a call at once.

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use crate::{
    AgentId, AgentState, DepartmentId, Label, LoginId, SettableState, Timestamp, VqId,
    agent::CountedFigures,
    line::{Links, Members, Node},
    text::text_hash,
    timer::Ticket,
};

/// An agent that is known.
///
/// With a million agents a call finds none of them in the processor's cache: what every call
/// touches stands together in front, and fills two lines of the cache. The first is fetched when the
/// agent before it in the line of the idle leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub(crate) struct Agent {
    /// How often its slot was taken before.
    pub(crate) generation: u32,
    pub(crate) department: DepartmentId,
    pub(crate) pending: Option<Pending>,
    pub(crate) state: State,
    pub(crate) auto_answer: bool,
    pub(crate) in_breach: bool,
    /// Whether it stands among the idle: just while it is routable.
    pub(crate) is_idle: bool,
    /// Its place among the idle who serve all of their department.
    pub(crate) idle: Node<IdleKey>,
    pub(crate) state_start: Timestamp,
    /// `None` while it is connected, or offline.
    pub(crate) lost_link: Option<Box<LostLink>>,
    /// In the second line, so that whoever asks whether an agent may speak has both fetched at once.
    pub(crate) session: u64,
    pub(crate) serves: Serves,
    /// The deadline of its after-call work or break, until that is a breach.
    #[serde(skip)]
    pub(crate) watch: Ticket,
    pub(crate) figures: CountedFigures,
    /// When something of it changed last, its state apart: see [`Self::last_update`].
    pub(crate) touched_at: Timestamp,
    pub(crate) profile: Box<Profile>,
}

/// A link that is lost and may come back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LostLink {
    /// Since when.
    pub(crate) at: Timestamp,
    /// The deadline of its grace.
    #[serde(skip)]
    pub(crate) grace: Ticket,
}

/// What people want to know of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) name: Label,
    pub(crate) location: Option<Label>,
    pub(crate) team: Option<Label>,
}

/// Which queues of its department an agent serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Serves {
    All,
    Some(Box<Served>),
}

impl Serves {
    /// Which queues, ascending; `None` for all of the department's.
    pub(crate) fn queues(&self) -> Option<&[VqId]> {
        match self {
            Self::All => None,
            Self::Some(served) => Some(&served.queues),
        }
    }
}

/// The queues that an agent serves, of all of its department's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Served {
    /// Ascending and each once.
    pub(crate) queues: Box<[VqId]>,
    /// What stands for the agent in the line of each queue: members of [`Roster::idle_some`].
    #[serde(skip)]
    pub(crate) members: Box<[u32]>,
}

/// What an agent does, and the place of the call that belongs to it.
///
/// Not an enum with the calls in it: of what kind a state is is asked far more often than which
/// call is in it, so that stands where it can be read. Packed, for the room beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C, packed)]
pub(crate) struct State {
    kind: AgentState,
    /// [`NO_CALL`] without one.
    call: u32,
}

const NO_CALL: u32 = u32::MAX;

/// A state that was asked for during a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) state: SettableState,
    pub(crate) by_supervisor: bool,
}

/// An agent's place among the idle: who is idle longest goes first, then the smaller login.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct IdleKey {
    /// When it last became available.
    pub(crate) since: Timestamp,
    pub(crate) login: LoginId,
}

impl State {
    pub(crate) const OFFLINE: Self = Self::without_call(AgentState::Offline);
    pub(crate) const AVAILABLE: Self = Self::without_call(AgentState::Available);
    pub(crate) const NOT_RESPONDING: Self = Self::without_call(AgentState::NotResponding);

    const fn without_call(kind: AgentState) -> Self {
        Self { kind, call: NO_CALL }
    }

    pub(crate) const fn ringing(call: u32) -> Self {
        Self { kind: AgentState::Ringing, call }
    }

    pub(crate) const fn on_call(call: u32) -> Self {
        Self { kind: AgentState::OnCall, call }
    }

    pub(crate) const fn on_hold(call: u32) -> Self {
        Self { kind: AgentState::OnHold, call }
    }

    pub(crate) const fn after_call_work(call: u32) -> Self {
        Self { kind: AgentState::AfterCallWork, call }
    }

    pub(crate) const fn kind(self) -> AgentState {
        self.kind
    }

    /// The place of whatever call belongs to the state, one whose after-call work is done included.
    pub(crate) fn place(self) -> Option<u32> {
        (self.call != NO_CALL).then_some(self.call)
    }

    /// The call that rings, is answered or on hold.
    pub(crate) fn call(self) -> Option<u32> {
        self.place().filter(|_| self.kind.has_call())
    }

    /// The call that rings.
    pub(crate) fn ringing_call(self) -> Option<u32> {
        self.place().filter(|_| self.kind == AgentState::Ringing)
    }

    /// The call whose after-call work is done.
    pub(crate) fn wrapped_up_call(self) -> Option<u32> {
        self.place().filter(|_| self.kind == AgentState::AfterCallWork)
    }

    /// The same state with the place of its call changed.
    pub(crate) fn with_call(self, change: impl Fn(u32) -> u32) -> Self {
        Self { kind: self.kind, call: self.place().map_or(NO_CALL, change) }
    }
}

impl From<SettableState> for State {
    /// After-call work that is asked for follows no call.
    fn from(state: SettableState) -> Self {
        Self::without_call(state.into())
    }
}

impl Agent {
    /// Whether a call can be offered to it at once.
    pub(crate) fn is_routable(&self) -> bool {
        self.state.kind == AgentState::Available && self.lost_link.is_none()
    }

    pub(crate) fn login(&self) -> &LoginId {
        &self.idle.key().login
    }

    /// Since when the link is lost; `None` while it is connected, or the agent offline.
    pub(crate) fn link_lost_at(&self) -> Option<Timestamp> {
        self.lost_link.as_ref().map(|lost| lost.at)
    }

    /// When anything of it changed last.
    pub(crate) fn last_update(&self) -> Timestamp {
        self.touched_at.max(self.state_start)
    }

    /// The queues that it serves and what stands for it in the line of each, unless it serves all.
    pub(crate) fn served(&self) -> impl Iterator<Item = (VqId, u32)> {
        let served = match &self.serves {
            Serves::All => None,
            Serves::Some(served) => Some(served),
        };
        served
            .into_iter()
            .flat_map(|served| served.queues.iter().copied().zip(served.members.iter().copied()))
    }

    pub(crate) fn serves(&self, vq: VqId) -> bool {
        match &self.serves {
            Serves::All => true,
            Serves::Some(served) => served.queues.binary_search(&vq).is_ok(),
        }
    }
}

/// All agents that are known, each in its slot.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    slots: Vec<Slot>,
    /// The slots that are free, taken from the end.
    free: Vec<u32>,
    /// Finds a slot by login. Never iterated over.
    by_login: HashTable<u32>,
    /// Members of the lines of the idle who serve some queues: one for each queue of each agent.
    pub(crate) idle_some: Links<IdleKey>,
    /// The slot of each member of [`Self::idle_some`].
    slot_of_member: Vec<u32>,
    free_members: Vec<u32>,
}

/// A place for an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Slot {
    Taken(Agent),
    Free {
        /// How often it was taken before.
        generation: u32,
    },
}

/// A mark of its own before the agent would push it out of its lines.
const _: () = assert!(size_of::<Slot>() == size_of::<Agent>());

impl Slot {
    /// Who is in it.
    pub(crate) fn agent(&self) -> Option<&Agent> {
        match self {
            Self::Taken(agent) => Some(agent),
            Self::Free { .. } => None,
        }
    }

    /// Who is in it, to be changed.
    pub(crate) fn agent_mut(&mut self) -> Option<&mut Agent> {
        match self {
            Self::Taken(agent) => Some(agent),
            Self::Free { .. } => None,
        }
    }
}

impl Roster {
    /// An agent, if it is known.
    #[inline]
    pub(crate) fn known(&self, id: AgentId) -> Option<&Agent> {
        self.get(id.slot).filter(|agent| agent.generation == id.generation)
    }

    /// The slot of an agent that is known.
    pub(crate) fn slot(&self, id: AgentId) -> Option<u32> {
        self.known(id).map(|_| id.slot)
    }

    /// The identity of the agent in a slot.
    pub(crate) fn id(&self, slot: u32) -> AgentId {
        AgentId { slot, generation: self[slot].generation }
    }

    pub(crate) fn find(&self, login: &str) -> Option<u32> {
        self.by_login.find(hash(login), |slot| self[*slot].login().as_str() == login).copied()
    }

    /// All agents with their slots, in the order of the slots.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Agent)> {
        (0..).zip(&self.slots).filter_map(|(slot, row)| Some((slot, row.agent()?)))
    }

    /// Who is in a slot.
    pub(crate) fn get(&self, slot: u32) -> Option<&Agent> {
        self.slots.get(slot as usize)?.agent()
    }

    /// Who is in a slot, to be changed.
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Agent> {
        self.slots.get_mut(slot as usize)?.agent_mut()
    }

    /// How many slots there are, free ones included.
    pub(crate) fn slots(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    /// All slots, to be kept.
    pub(crate) fn all_slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slots that are free, the next to be taken last.
    pub(crate) fn free_slots(&self) -> &[u32] {
        &self.free
    }

    /// The roster with these slots; nobody stands among the idle yet.
    pub(crate) fn from_slots(slots: Vec<Slot>, free: Vec<u32>) -> Self {
        let mut roster = Self { slots, free, ..Self::default() };
        for slot in 0..roster.slots() {
            let Some(agent) = roster.get_mut(slot) else { continue };
            agent.is_idle = false;
            let serves = std::mem::replace(&mut agent.serves, Serves::All);
            roster.index(slot);
            if let Serves::Some(served) = serves {
                roster.set_serves(slot, Some(served.queues));
            }
        }
        roster
    }

    /// Takes a new agent in, who serves nothing yet, and tells its slot.
    pub(crate) fn insert(&mut self, mut agent: Agent) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::Free { generation: 0 });
            self.slots() - 1
        });
        let row = &mut self.slots[slot as usize];
        if let Slot::Free { generation } = row {
            agent.generation = *generation;
        }
        *row = Slot::Taken(agent);
        self.index(slot);
        slot
    }

    /// Forgets an agent. It must stand in no line.
    pub(crate) fn remove(&mut self, slot: u32) -> Agent {
        self.set_serves(slot, None);
        let found = self.by_login.find_entry(hash(self[slot].login()), |other| *other == slot);
        found.unwrap_or_else(|_| panic!("every agent is found by its login")).remove();
        self.free.push(slot);
        let generation = self[slot].generation.wrapping_add(1);
        match std::mem::replace(&mut self.slots[slot as usize], Slot::Free { generation }) {
            Slot::Taken(agent) => agent,
            Slot::Free { .. } => panic!("slot {slot} holds nobody"),
        }
    }

    /// Changes which queues an agent serves: these, ascending, or all. It must stand in no line.
    pub(crate) fn set_serves(&mut self, slot: u32, queues: Option<Box<[VqId]>>) {
        let login = self[slot].login().clone();
        if let Serves::Some(served) = std::mem::replace(&mut self[slot].serves, Serves::All) {
            self.free_members.extend(served.members.iter().rev());
        }
        self[slot].serves = match queues {
            None => Serves::All,
            Some(queues) => {
                let members = queues.iter().map(|_| self.take_member(slot, &login)).collect();
                Serves::Some(Box::new(Served { queues, members }))
            }
        };
    }

    /// An agent together with what links the idle who serve some queues, to be changed at once.
    pub(crate) fn agent_and_idle_some(&mut self, slot: u32) -> (&Agent, &mut Links<IdleKey>) {
        let agent = self.slots[slot as usize].agent();
        (agent.unwrap_or_else(|| panic!("slot {slot} holds nobody")), &mut self.idle_some)
    }

    fn take_member(&mut self, slot: u32, login: &LoginId) -> u32 {
        let member = self.free_members.pop().unwrap_or_else(|| {
            self.slot_of_member.push(slot);
            u32::try_from(self.slot_of_member.len() - 1).unwrap_or(u32::MAX)
        });
        self.slot_of_member[member as usize] = slot;
        let key = IdleKey { since: Timestamp::MIN, login: login.clone() };
        self.idle_some.set_key(member, key);
        member
    }

    /// The agent for whom a member of [`Self::idle_some`] stands.
    pub(crate) fn slot_of(&self, member: u32) -> u32 {
        self.slot_of_member[member as usize]
    }

    fn index(&mut self, slot: u32) {
        let login = |slot: &u32| {
            let agent = self.slots[*slot as usize].agent();
            agent.map_or(0, |agent| hash(agent.login()))
        };
        self.by_login.insert_unique(login(&slot), slot, login);
    }
}

/// The idle who serve all of their department: members are slots.
impl Members<IdleKey> for Roster {
    fn node(&self, member: u32) -> &Node<IdleKey> {
        &self[member].idle
    }

    fn node_mut(&mut self, member: u32) -> &mut Node<IdleKey> {
        &mut self[member].idle
    }
}

impl std::ops::Index<u32> for Roster {
    type Output = Agent;

    fn index(&self, slot: u32) -> &Agent {
        let agent = self.slots[slot as usize].agent();
        agent.unwrap_or_else(|| panic!("slot {slot} holds nobody"))
    }
}

impl std::ops::IndexMut<u32> for Roster {
    fn index_mut(&mut self, slot: u32) -> &mut Agent {
        let agent = self.slots[slot as usize].agent_mut();
        agent.unwrap_or_else(|| panic!("slot {slot} holds nobody"))
    }
}

fn hash(login: &str) -> u64 {
    text_hash(login.as_bytes())
}
