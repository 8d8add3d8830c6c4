//! Who there is: the organisation, its units, its people.

use jiff::civil::Date;
use throughline_core::id::{PersonId, UnitId};
use throughline_core::{Role, calendar};

use super::Silence;
use crate::fields::{Element, Hours, Key, Percent, words};
use crate::record::{group, named_by_key, record};
use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

words! {
    /// A month of the year.
    Month default January {
        /// January.
        January = "january",
        /// February.
        February = "february",
        /// March.
        March = "march",
        /// April.
        April = "april",
        /// May.
        May = "may",
        /// June.
        June = "june",
        /// July.
        July = "july",
        /// August.
        August = "august",
        /// September.
        September = "september",
        /// October.
        October = "october",
        /// November.
        November = "november",
        /// December.
        December = "december",
    }
}

words! {
    /// A day of the week.
    Weekday default Monday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

words! {
    /// Where in the organisation somebody works.
    Level {
        /// Sets the course.
        Executive = "executive",
        /// Leads a unit or a team.
        Manager = "manager",
        /// Does the work that customers see.
        Frontline = "frontline",
    }
}

words! {
    /// What somebody may do, from the least to the most. Which acts that are is the policy's business.
    PersonRole {
        /// Reads.
        Viewer = "viewer",
        /// Adds observations and comments.
        Contributor = "contributor",
        /// Answers for the quality of the observations.
        Steward = "steward",
        /// Writes the plan.
        Strategist = "strategist",
        /// Everything, people and settings included.
        Administrator = "administrator",
    }
}

impl From<PersonRole> for Role {
    fn from(role: PersonRole) -> Role {
        match role {
            PersonRole::Viewer => Role::Viewer,
            PersonRole::Contributor => Role::Contributor,
            PersonRole::Steward => Role::Steward,
            PersonRole::Strategist => Role::Strategist,
            PersonRole::Administrator => Role::Administrator,
        }
    }
}

/// The name of a time zone, such as `America/New_York`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneName(pub String);

impl Value for ZoneName {
    fn shape() -> Shape {
        Shape::Line
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a time zone")?;
        match calendar::time_zone(text) {
            Ok(_) => Some(ZoneName(text.to_string())),
            Err(error) => reader.error("unknown-time-zone", error.to_string(), None),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(&self.0)
    }
}

record! {
    /// The organisation: its calendar and the rules by which its scorecards are read.
    Organisation(OrganisationId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// The time zone in which its days begin and end.
        public time_zone: ZoneName,
        /// The month in which its fiscal year starts.
        public fiscal_year_starts: Month,
        /// The day on which its weeks start.
        public week_starts: Weekday,
        /// Coverage below this is no data; 50 % where empty.
        public coverage_minimum: Option<Percent>,
        /// Nothing is on track with less coverage than this; 80 % where empty.
        public on_track_coverage: Option<Percent>,
        /// The score from which a node is on track; 95 where empty.
        public on_track_from: Option<f64>,
        /// The score from which a node is at risk; 60 where empty.
        public at_risk_from: Option<f64>,
        /// For how long a figure that somebody enters is seen by its owner first, unless the owner publishes it before; 24 hours
        /// where empty, `0 hours` where all see it at once.
        public owner_first: Option<Hours>,
        /// Lints that do not hold for this plan, each with its reason.
        public silences: Vec<Silence>,
    }
}

impl Organisation {
    /// The least coverage with which a node has a score, as a fraction.
    pub fn coverage_minimum(&self) -> f64 {
        self.coverage_minimum.map_or(0.5, Percent::fraction)
    }

    /// The least coverage with which a node can be on track, as a fraction.
    pub fn on_track_coverage(&self) -> f64 {
        self.on_track_coverage.map_or(0.8, Percent::fraction)
    }

    /// The score from which a node is on track.
    pub fn on_track_from(&self) -> f64 {
        self.on_track_from.unwrap_or(95.0)
    }

    /// The score from which a node is at risk.
    pub fn at_risk_from(&self) -> f64 {
        self.at_risk_from.unwrap_or(60.0)
    }

    /// For how long a figure that somebody enters is seen by its owner first, in hours.
    pub fn owner_first(&self) -> u16 {
        self.owner_first.map_or(24, |hours| hours.0)
    }

    /// Its calendar.
    pub fn calendar(&self) -> calendar::Calendar {
        let zone = calendar::time_zone(&self.time_zone.0).unwrap_or(jiff::tz::TimeZone::UTC);
        let week_starts = jiff::civil::Weekday::from_monday_zero_offset(self.week_starts as i8)
            .unwrap_or(jiff::civil::Weekday::Monday);
        calendar::Calendar::new(self.fiscal_year_starts as u8 + 1, week_starts, zone)
            .unwrap_or_default()
    }
}

group! {
    /// The unit above, from a day on.
    DatedParent {
        /// The unit above; empty for a unit at the top.
        public parent: Option<UnitId>,
        /// The first day on which this holds; empty where it always did.
        public from: Option<Date>,
    }
}

impl Element for DatedParent {
    const KEY: &'static [&'static str] = &["from"];
}

record! {
    /// A part of the organisation: a region, a plant, a team.
    Unit(UnitId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// The unit above it, if that never changed.
        public parent: Option<UnitId>,
        /// The units above it, each from a day on.
        public parents: Vec<DatedParent>,
        /// The first day of its validity.
        public from: Option<Date>,
        /// The last day of its validity.
        public to: Option<Date>,
        /// Lints that do not hold for this unit, each with its reason.
        public silences: Vec<Silence>,
    }
}

impl Unit {
    /// The unit above it on a day.
    pub fn parent_on(&self, day: Date) -> Option<UnitId> {
        if self.parents.is_empty() {
            return self.parent;
        }
        let started = self
            .parents
            .iter()
            .filter(|dated| dated.from.is_none_or(|from| from <= day));
        started
            .max_by_key(|dated| dated.from)
            .and_then(|dated| dated.parent)
    }

    /// Whether some day of a span lies within its dates of validity.
    pub fn is_valid_within(&self, first: Date, last: Date) -> bool {
        self.from.is_none_or(|from| from <= last) && self.to.is_none_or(|to| first <= to)
    }

    /// Whether the whole of a span of days lies within its dates of validity.
    pub fn is_valid_throughout(&self, first: Date, last: Date) -> bool {
        self.from.is_none_or(|from| from <= first) && self.to.is_none_or(|to| last <= to)
    }
}

record! {
    /// A person.
    Person(PersonId) {
        /// Their readable key.
        identity key: Key,
        /// Their name.
        identity name: String,
        /// Their e-mail address.
        personal email: Option<String>,
        /// The unit in which they work.
        public unit: Option<UnitId>,
        /// Their level.
        public level: Option<Level>,
        /// Whom they report to.
        public reports_to: Option<PersonId>,
        /// What they may do once they have signed in; who has none cannot sign in.
        internal role: Option<PersonRole>,
        /// The unit where the role holds, with all below it; the whole organisation where empty.
        internal role_at: Option<UnitId>,
        /// Lints that do not hold for this person, each with its reason.
        internal silences: Vec<Silence>,
    }
}

named_by_key!(Organisation, Unit, Person);
