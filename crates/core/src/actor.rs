//! Who acts: the person, the role in which they act, where that role holds, and the way in. What an actor may do is the policy's business, not this room's.

use std::fmt;

use crate::id::{PersonId, UnitId};

/// Somebody, or something, that asks for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The person; `None` for whoever runs the command line without saying who, and for jobs.
    pub person: Option<PersonId>,
    /// The role in which the actor acts.
    pub role: Role,
    /// Where the role holds.
    pub scope: Scope,
    /// The way in.
    pub origin: Origin,
}

/// Where in the organisation a role holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Organisation,
    /// In a unit and all below it.
    Unit(UnitId),
    /// At no unit: of somebody who works in none. What belongs to everybody, as the plan does, stays readable.
    Nowhere,
}

/// What an actor is to the organisation, from the least rights to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Adds observations and comments.
    Contributor,
    /// Answers for the quality of the observations.
    Steward,
    /// Writes the plan.
    Strategist,
    /// Everything, people and settings included.
    Administrator,
}

impl Role {
    /// All roles, from the least rights to the most.
    pub const ALL: [Role; 5] = [
        Role::Viewer,
        Role::Contributor,
        Role::Steward,
        Role::Strategist,
        Role::Administrator,
    ];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Role::Viewer => "viewer",
            Role::Contributor => "contributor",
            Role::Steward => "steward",
            Role::Strategist => "strategist",
            Role::Administrator => "administrator",
        })
    }
}

/// The way in by which an action was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A command in a terminal, or a script.
    CommandLine,
    /// A page or the programming interface of the server.
    Server,
    /// Work that the system does by itself, on a schedule or as a consequence.
    Job,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Origin::CommandLine => "command line",
            Origin::Server => "server",
            Origin::Job => "job",
        })
    }
}
