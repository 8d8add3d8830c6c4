//! Who may do what: one declared table, default deny, and proofs that only it can make.
//!
//! An action on an object is allowed to a role where the relation of the object's unit to the actor's unit stands in
//! the table's cell. A use case asks with [`Ctx::authorize`](crate::Ctx::authorize) and gets an [`Authorized`], without
//! which the ledger is out of reach.

use std::marker::PhantomData;

use jiff::civil::Date;
use throughline_core::{Actor, BodyId, MeasureId, PersonId, Role, Scope, UnitId};
use throughline_model::Model;
use throughline_model::value::Sensitivity;

/// The longest line of superiors that is followed from a person up.
const SUPERIORS_MAX: usize = 64;

/// How an object stands to an actor: as a rule, its unit to where the role of the actor holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It is the actor's own. For an actor whose role holds everywhere, everything is.
    Own,
    /// It lies below.
    Below,
    /// It lies above.
    Above,
    /// It lies elsewhere.
    Beside,
    /// The object belongs to the organisation as a whole.
    Whole,
    /// It is the actor as a person.
    Oneself,
    /// It is a person who reports to the actor, directly or not.
    Led,
    /// It is a body that the actor belongs to.
    Member,
    /// It is a body whose meetings the actor leads.
    Chair,
    /// It is a figure of a measure that the actor answers for.
    Answering,
    /// It is a figure of a measure that the actor collects, and does not answer for.
    Collecting,
    /// It is a figure that the actor entered, of a measure of others.
    Entered,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Relation; 12] = [
        Relation::Own,
        Relation::Below,
        Relation::Above,
        Relation::Beside,
        Relation::Whole,
        Relation::Oneself,
        Relation::Led,
        Relation::Member,
        Relation::Chair,
        Relation::Answering,
        Relation::Collecting,
        Relation::Entered,
    ];

    /// The relation of an object to an actor, by the plan of today: rights are always today's.
    #[must_use]
    pub fn of(object: Object, actor: &Actor, plan: &Model, today: Date) -> Relation {
        let unit = match object {
            Object::Organisation => None,
            Object::Unit(unit) => Some(unit),
            Object::Person(person) if actor.person == Some(person) => return Relation::Oneself,
            Object::Person(person) if leads(actor, person, plan) => return Relation::Led,
            Object::Figure { measure, by } => {
                let own = actor.person;
                let found = plan.measures().get(measure);
                let is_own = |person: Option<PersonId>| own.is_some() && person == own;
                if found.is_some_and(|measure| is_own(measure.owner)) {
                    return Relation::Answering;
                }
                if found.is_some_and(|measure| is_own(measure.steward)) {
                    return Relation::Collecting;
                }
                if is_own(by) {
                    return Relation::Entered;
                }
                None
            }
            Object::Body(body) => match plan.bodies().get(body) {
                Some(body) if actor.person.is_some_and(|person| body.is_led_by(person)) => {
                    return Relation::Chair;
                }
                Some(body) if actor.person.is_some_and(|own| body.has(own)) => {
                    return Relation::Member;
                }
                found => found.and_then(|body| body.unit),
            },
            Object::Person(person) => plan.people().get(person).and_then(|person| person.unit),
        };
        let (own, unit) = match (actor.scope, unit) {
            (Scope::Organisation, _) => return Relation::Own,
            (Scope::Unit(_) | Scope::Nowhere, None) => return Relation::Whole,
            (Scope::Nowhere, Some(_)) => return Relation::Beside,
            (Scope::Unit(own), Some(unit)) => (own, unit),
        };
        let units = plan.index().units_on(today);
        if own == unit {
            Relation::Own
        } else if units.ancestors(unit).any(|above| above == own) {
            Relation::Below
        } else if units.ancestors(own).any(|above| above == unit) {
            Relation::Above
        } else {
            Relation::Beside
        }
    }
}

/// Whether a person reports to the actor, directly or not.
fn leads(actor: &Actor, person: PersonId, plan: &Model) -> bool {
    let superior = |person: &PersonId| plan.people().get(*person)?.reports_to;
    let mut superiors = std::iter::successors(superior(&person), superior).take(SUPERIORS_MAX);
    actor
        .person
        .is_some_and(|own| superiors.any(|superior| superior == own))
}

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// The organisation as a whole: its plan, its ledger.
    Organisation,
    /// A unit and what is observed there.
    Unit(UnitId),
    /// A person, and what the plan says about them.
    Person(PersonId),
    /// A body, its reviews and what comes of them.
    Body(BodyId),
    /// A figure of a measure before it is published.
    Figure {
        /// The measure.
        measure: MeasureId,
        /// Who entered it.
        by: Option<PersonId>,
    },
}

/// One line of the table: an action, and where each role may do it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The action, as a verb with its object.
    pub action: &'static str,
    /// Whether it changes the ledger.
    pub writes: bool,
    /// By role, in the order of [`Role::ALL`]: the relations in which it is allowed.
    pub allowed: [&'static [Relation]; Role::ALL.len()],
}

impl Rule {
    /// Whether the role may do it to an object in that relation.
    #[must_use]
    pub fn allows(&self, role: Role, relation: Relation) -> bool {
        self.allowed[role as usize].contains(&relation)
    }
}

const NOWHERE: &[Relation] = &[];
/// What a role may do that holds in the whole organisation, and one that is confined may nowhere.
const UNCONFINED: &[Relation] = &[Relation::Own];
/// The bodies that one belongs to.
const OWN_BODIES: &[Relation] = &[Relation::Member, Relation::Chair];
/// These, and all where the role holds in the whole organisation.
const ALL_BODIES: &[Relation] = &[Relation::Own, Relation::Member, Relation::Chair];
/// The bodies whose meetings one leads.
const LED_BODIES: &[Relation] = &[Relation::Chair];
const BRANCH: &[Relation] = &[Relation::Own, Relation::Below];
/// The own branch and what lies above it, whose targets and objectives it inherits.
const LINE: &[Relation] = &[Relation::Own, Relation::Below, Relation::Above];
const EVERYWHERE: &[Relation] = &Relation::ALL;
const ONESELF: &[Relation] = &[Relation::Oneself];
/// The figures of measures that one answers for.
const ANSWERED_FOR: &[Relation] = &[Relation::Answering];
/// These, those of measures that one collects, and those that one entered: nobody else's business before they are published.
const OWN_FIGURES: &[Relation] = &[Relation::Answering, Relation::Collecting, Relation::Entered];
/// Oneself, and those whom one leads.
const OWN_PEOPLE: &[Relation] = &[Relation::Oneself, Relation::Led];
/// These, and the people of the own branch.
const BRANCH_PEOPLE: &[Relation] = &[
    Relation::Oneself,
    Relation::Led,
    Relation::Own,
    Relation::Below,
];
/// The own people, and those of the own line of units.
const LINE_PEOPLE: &[Relation] = &[
    Relation::Oneself,
    Relation::Led,
    Relation::Own,
    Relation::Below,
    Relation::Above,
];
/// The same, and what belongs to the organisation as a whole.
const LINE_AND_WHOLE: &[Relation] = &[
    Relation::Oneself,
    Relation::Led,
    Relation::Own,
    Relation::Below,
    Relation::Above,
    Relation::Whole,
];

/// Declares the actions: a type for each, and the table.
macro_rules! table {
    ($($(#[$about:meta])* $name:ident ($action:literal, $access:ident) { $viewer:ident $contributor:ident $steward:ident $strategist:ident $administrator:ident })*) => {
        $($(#[$about])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Action for $name {
            const RULE: &'static Rule = &Rule {
                action: $action,
                writes: access!($access),
                allowed: [$viewer, $contributor, $steward, $strategist, $administrator],
            };
        }
        writer!($access $name);)*

        /// The whole table.
        pub const TABLE: &[&Rule] = &[$($name::RULE),*];
    };
}

macro_rules! access {
    (reads) => {
        false
    };
    (writes) => {
        true
    };
}

macro_rules! writer {
    (reads $name:ident) => {};
    (writes $name:ident) => {
        impl Writes for $name {}
    };
}

/// Something that can be done.
pub trait Action {
    /// Its line of the table.
    const RULE: &'static Rule;
}

/// An action that changes the ledger.
pub trait Writes: Action {}

table! {
    //                                                       viewer     contributor steward    strategist administrator
    /// Read the plan.
    ReadPlan ("read the plan", reads)                      { EVERYWHERE EVERYWHERE  EVERYWHERE EVERYWHERE EVERYWHERE }
    /// Read scorecards and explanations.
    ReadReadings ("read scorecards", reads)                { LINE       LINE        LINE       EVERYWHERE EVERYWHERE }
    /// See fields that are internal, such as a budget.
    SeeInternal ("see what is internal", reads)            { LINE_PEOPLE LINE_AND_WHOLE LINE_AND_WHOLE EVERYWHERE EVERYWHERE }
    /// See fields that are personal, such as an address.
    SeePersonal ("see what is personal", reads)            { OWN_PEOPLE OWN_PEOPLE BRANCH_PEOPLE EVERYWHERE EVERYWHERE }
    /// See fields that are for human resources alone: no role stands for them yet.
    SeeSecret ("see what is secret", reads)                { NOWHERE    NOWHERE     NOWHERE    NOWHERE    NOWHERE }
    /// Read who changed what.
    ReadHistory ("read the history", reads)                { LINE       LINE        LINE       EVERYWHERE EVERYWHERE }
    /// Add observations.
    RecordObservations ("record observations", writes)     { NOWHERE    BRANCH      BRANCH     NOWHERE    BRANCH }
    /// See a figure before it is published.
    SeeHeldFigure ("see a figure before others", reads)    { OWN_FIGURES OWN_FIGURES OWN_FIGURES OWN_FIGURES OWN_FIGURES }
    /// Publish a figure before its time.
    PublishFigure ("publish a figure", writes)             { NOWHERE    ANSWERED_FOR ANSWERED_FOR ANSWERED_FOR ANSWERED_FOR }
    /// Publish the figures whose time has come: the clock does, and whoever writes sees to it.
    PublishDue ("publish what has waited", writes)         { NOWHERE    EVERYWHERE  EVERYWHERE EVERYWHERE EVERYWHERE }
    /// Change the plan.
    ChangePlan ("change the plan", writes)                 { NOWHERE    NOWHERE     NOWHERE    UNCONFINED UNCONFINED }
    /// Bring in a workbook from outside: what it adds to the plan, with its values.
    ImportWorkbook ("import a workbook", writes)           { NOWHERE    NOWHERE     NOWHERE    UNCONFINED UNCONFINED }
    /// Note something on the chart of a measure, and say why its limits begin anew.
    NoteOnCharts ("note on charts", writes)                { NOWHERE    BRANCH      BRANCH     BRANCH     BRANCH }
    /// Say of a value that is to be checked that it is right; so may whoever answers for its measure.
    ConfirmValue ("say that a value is right", writes)     { NOWHERE    NOWHERE     BRANCH     BRANCH     BRANCH }
    /// Hold the reviews of a body, and record what comes of them.
    HoldReviews ("hold reviews", writes)                   { NOWHERE    OWN_BODIES  OWN_BODIES ALL_BODIES ALL_BODIES }
    /// Freeze the figures of the reviews of a body, close them, and take either back.
    LeadReviews ("lead reviews", writes)                   { NOWHERE    LED_BODIES  LED_BODIES ALL_BODIES ALL_BODIES }
    /// See who may do what.
    SeeAccess ("see who may do what", reads)               { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
    /// Say who may do what, and invite people.
    GiveAccess ("give access", writes)                     { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
    /// Show who one is: whoever reaches the server may try.
    SignIn ("sign in", reads)                              { EVERYWHERE EVERYWHERE  EVERYWHERE EVERYWHERE EVERYWHERE }
    /// Say which mails one wants.
    ChooseMails ("choose their own mails", reads)          { ONESELF    ONESELF     ONESELF    ONESELF    ONESELF }
    /// Send the mails of everybody: a job of the server.
    SendMails ("send mails", reads)                        { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
    /// Enter the figures that a mailed link names, as far as one may record at all.
    EnterByLink ("enter figures by a mailed link", writes) { NOWHERE    ONESELF     ONESELF    NOWHERE    ONESELF }
    /// Have a private address of the calendar of reviews, for calendar programs.
    KeepCalendarLink ("keep their own calendar address", reads) { ONESELF ONESELF  ONESELF    ONESELF    ONESELF }
    /// Read the calendar of reviews by a private address.
    ReadCalendarByLink ("read reviews by a calendar address", reads) { ONESELF ONESELF ONESELF ONESELF ONESELF }
    /// Keep the grades of links, which are worked out.
    KeepGrades ("keep the grades of links", writes)        { NOWHERE    NOWHERE     NOWHERE    UNCONFINED UNCONFINED }
    /// Say that an action that one does is done.
    FinishOwnActions ("finish their own actions", writes)  { NOWHERE    ONESELF     ONESELF    ONESELF    ONESELF }
    /// Bring in what was recorded elsewhere before.
    BringInHistory ("bring in history", writes)            { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
    /// Erase a person.
    ErasePerson ("erase a person", writes)                 { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
    /// Check the whole ledger.
    VerifyLedger ("verify the ledger", reads)              { EVERYWHERE EVERYWHERE  EVERYWHERE EVERYWHERE EVERYWHERE }
    /// Copy the whole ledger, or the data keys of persons.
    BackUp ("back up the ledger", reads)                   { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
    /// Put a backup in the place of the ledger.
    RestoreLedger ("restore a backup", writes)             { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
    /// Note where the ledger ends, and make keys that sign it.
    MakeCheckpoint ("make a checkpoint", reads)            { NOWHERE    NOWHERE     NOWHERE    NOWHERE    UNCONFINED }
}

/// What whoever comes by a mailed link to figures may do, as far as the person may to whom it was mailed: read what stands
/// beside these figures, and enter them. At units it holds for those of the figures alone.
const BY_LINK: [&Rule; 4] = [
    ReadPlan::RULE,
    ReadReadings::RULE,
    RecordObservations::RULE,
    EnterByLink::RULE,
];

/// Whether an action on an object is left to whoever comes by a link to figures at some units.
pub(crate) fn is_left_to_link(
    rule: &Rule,
    object: Object,
    is_of_link: impl Fn(UnitId) -> bool,
) -> bool {
    let is_left = BY_LINK.iter().any(|one| one.action == rule.action);
    is_left
        && match object {
            Object::Organisation => !rule.writes,
            Object::Unit(unit) => is_of_link(unit),
            Object::Person(_) => rule.action == EnterByLink::RULE.action,
            Object::Body(_) | Object::Figure { .. } => false,
        }
}

/// The line of the table that says who sees fields of a sensitivity.
#[must_use]
pub const fn seeing(sensitivity: Sensitivity) -> &'static Rule {
    match sensitivity {
        Sensitivity::Public | Sensitivity::Identity => ReadPlan::RULE,
        Sensitivity::Internal => SeeInternal::RULE,
        Sensitivity::Personal => SeePersonal::RULE,
        Sensitivity::Secret => SeeSecret::RULE,
    }
}

/// The proof that an action on an object is allowed to an actor. Only the table makes it.
#[derive(Debug)]
pub struct Authorized<A> {
    actor: Actor,
    object: Object,
    action: PhantomData<A>,
}

impl<A: Action> Authorized<A> {
    /// The proof, if the table has it.
    pub(crate) fn prove(
        actor: &Actor,
        object: Object,
        plan: &Model,
        today: Date,
    ) -> Option<Authorized<A>> {
        let relation = Relation::of(object, actor, plan, today);
        A::RULE.allows(actor.role, relation).then_some(Authorized {
            actor: *actor,
            object,
            action: PhantomData,
        })
    }

    /// Who may do it.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// To what.
    #[must_use]
    pub fn object(&self) -> Object {
        self.object
    }
}

#[cfg(test)]
mod tests;
