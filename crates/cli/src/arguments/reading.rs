//! The arguments of commands that read: what is asked about, and at which unit, period and instants.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};

/// Which numbers: where, when, and known when.
#[derive(Debug, Clone, Args)]
pub struct Where {
    /// The key of the unit; the topmost one where left out
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// The period, such as 2013-06, 2013-W23, 2013-Q2, FY2013 or 2013
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// Plan and observations as they were known then: a date (its last instant) or a timestamp
    #[arg(long, value_name = "WHEN")]
    pub known_at: Option<String>,
    /// The plan alone as it was known then
    #[arg(long, value_name = "WHEN")]
    pub plan_at: Option<String>,
}

/// Arguments of `scorecard`.
#[derive(Debug, Args)]
pub struct Scorecard {
    #[command(flatten)]
    pub place: Where,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The key of a measure, objective, outcome, behaviour or perspective; `kind/key` where several have it
    pub record: String,
    #[command(flatten)]
    pub place: Where,
    /// Show every value, however many there are
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `evidence`.
#[derive(Debug, Args)]
pub struct Evidence {
    /// A link, as `cause>effect` by the keys of its ends; all links where left out
    pub link: Option<String>,
    /// Keep the grades of all links as of the period, in one commit; `serve` does so by itself
    #[arg(long)]
    pub record: bool,
    #[command(flatten)]
    pub place: Where,
}

/// Arguments of `drivers`.
#[derive(Debug, Args)]
pub struct Drivers {
    /// The key of the measure
    pub measure: String,
    /// What the value is held against; each where left out
    #[arg(long, value_name = "WHAT")]
    pub against: Option<AgainstWhat>,
    #[command(flatten)]
    pub place: Where,
}

/// What a value is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AgainstWhat {
    /// Its target
    Target,
    /// The period before
    Before,
    /// The same period one year before
    YearBefore,
}

/// Arguments of `forecast`.
#[derive(Debug, Args)]
pub struct Forecast {
    #[command(flatten)]
    pub of: OfMeasure,
    /// Show what is expected of the units right below, too, brought together so that it adds up
    #[arg(long, requires = "measure")]
    pub with_units: bool,
    /// Say how often the chances came true that were said at the unit before
    #[arg(long, conflicts_with = "measure")]
    pub came_true: bool,
}

/// Arguments of `signals` and `forecast`.
#[derive(Debug, Args)]
pub struct OfMeasure {
    /// The key of a measure; all that are read at the unit where left out
    pub measure: Option<String>,
    #[command(flatten)]
    pub place: Where,
}

/// Arguments of `history`.
#[derive(Debug, Args)]
pub struct History {
    /// A record by its key, or as `kind/key` where several kinds have it; everything where left out
    pub record: Option<String>,
    /// Of a measure: the unit whose readings are meant
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// Of a measure: the period that is meant
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// Readings that differ between two dates on which they were known
    #[arg(long, value_name = "FROM..TO", conflicts_with = "target_drift")]
    pub restatements: Option<String>,
    /// Targets whose values differ from what was first agreed
    #[arg(long)]
    pub target_drift: bool,
    /// The most commits that are shown
    #[arg(long, value_name = "COUNT", default_value = "50")]
    pub limit: NonZeroUsize,
}
