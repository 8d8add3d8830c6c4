//! How a behaviour, outcome or objective is observed.

use jiff::civil::Date;
use throughline_core::hash::Set;
use throughline_core::id::{PersonId, UnitId};
use throughline_core::period::Frequency;

use super::{Level, Silence};
use crate::fields::{Days, Decimals, Key, Markdown, words};
use crate::formula::{Formula, NameKind};
use crate::kind::Kind;
use crate::record::{group, named_by_key, record};
use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

words! {
    /// How the values of a measure add up.
    MeasureKind {
        /// Counts and amounts: sums over time and units.
        Sum = "sum",
        /// A stock: the last one over time, the sum over units.
        Level = "level",
        /// A share or rate with its denominator as weight.
        Ratio = "ratio",
        /// A mean with its n as weight.
        Mean = "mean",
        /// The last one over time; not added up over units.
        Last = "last",
        /// The greatest.
        Max = "max",
        /// The least.
        Min = "min",
        /// Yes or no: the last answer over time, the share of yes over units.
        YesNo = "yes-no",
        /// Computed from other measures.
        Formula = "formula",
    }
}

impl MeasureKind {
    /// How its values are added up over time. A formula has no way of its own; what is given for it serves the target,
    /// which is averaged.
    pub const fn over_time(self) -> OverTime {
        match self {
            MeasureKind::Sum => OverTime::Sum,
            MeasureKind::Ratio | MeasureKind::Mean | MeasureKind::Formula => OverTime::Mean,
            MeasureKind::Level | MeasureKind::Last | MeasureKind::YesNo => OverTime::Last,
            MeasureKind::Max => OverTime::Max,
            MeasureKind::Min => OverTime::Min,
        }
    }

    /// How its values are added up over units.
    pub const fn over_units(self) -> OverUnits {
        match self {
            MeasureKind::Sum | MeasureKind::Level => OverUnits::Sum,
            MeasureKind::Ratio | MeasureKind::Mean | MeasureKind::YesNo | MeasureKind::Formula => {
                OverUnits::Mean
            }
            MeasureKind::Last => OverUnits::None,
            MeasureKind::Max => OverUnits::Max,
            MeasureKind::Min => OverUnits::Min,
        }
    }

    /// Whether its observations carry weights.
    pub const fn is_weighted(self) -> bool {
        matches!(self, MeasureKind::Ratio | MeasureKind::Mean)
    }
}

words! {
    /// The direction in which a measure is better.
    Better {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
        /// Inside a range is better.
        Between = "between",
    }
}

words! {
    /// How values are added up over time, where the kind's own way does not fit.
    OverTime {
        /// Their sum.
        Sum = "sum",
        /// Their mean.
        Mean = "mean",
        /// The last one.
        Last = "last",
        /// The greatest.
        Max = "max",
        /// The least.
        Min = "min",
    }
}

words! {
    /// How values are added up over units, where the kind's own way does not fit.
    OverUnits {
        /// Their sum.
        Sum = "sum",
        /// Their mean.
        Mean = "mean",
        /// The greatest.
        Max = "max",
        /// The least.
        Min = "min",
        /// Not at all.
        None = "none",
    }
}

words! {
    /// Whether a measure moves before the result or shows it.
    Indicator {
        /// Moves before the result.
        Leading = "leading",
        /// Shows the result.
        Lagging = "lagging",
    }
}

impl Value for Frequency {
    fn shape() -> Shape {
        Shape::Word(&[
            "day",
            "week",
            "month",
            "quarter",
            "half-year",
            "year",
            "fiscal-quarter",
            "fiscal-half-year",
            "fiscal-year",
        ])
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a frequency")?;
        let words = [
            "day",
            "week",
            "month",
            "quarter",
            "half-year",
            "year",
            "fiscal-quarter",
            "fiscal-half-year",
            "fiscal-year",
        ];
        text.parse()
            .ok()
            .or_else(|| crate::fields::unknown_word(text, &words, reader))
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(self.to_string())
    }
}

words! {
    /// What it means that a unit has no rows in a period.
    NoRows {
        /// There is nothing to observe: an empty value.
        MeansNone = "means none",
    }
}

group! {
    /// A measure computed from a table of facts, by SQL expressions over its columns.
    FactSource {
        /// The table.
        public facts: String,
        /// The day of a row.
        public time: String,
        /// The key of the unit of a row.
        public unit: String,
        /// The value of a row; rows where it is NULL take no part.
        public value: String,
        /// The weight of a row.
        public weight: Option<String>,
        /// Which rows take part.
        public r#where: Option<String>,
        /// What it means that a unit has no rows; late where empty.
        public no_rows: Option<NoRows>,
    }
}

/// Where the observations of a measure come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// People enter them.
    Manual,
    /// Another system sends them.
    Push,
    /// They are computed from facts.
    Facts(FactSource),
}

impl Value for Source {
    fn shape() -> Shape {
        Shape::Either(vec![Shape::Word(&["manual", "push"]), FactSource::shape()])
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        if let Tree::Map(_) = tree {
            return FactSource::read(tree, reader).map(Source::Facts);
        }
        match reader.scalar(tree, "a source")? {
            "manual" => Some(Source::Manual),
            "push" => Some(Source::Push),
            text => crate::fields::unknown_word(text, &["manual", "push"], reader),
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        match self {
            Source::Manual => Tree::text("manual"),
            Source::Push => Tree::text("push"),
            Source::Facts(facts) => facts.write(names),
        }
    }
}

impl Value for Formula {
    fn shape() -> Shape {
        Shape::Line
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a formula")?;
        if reader.reads_ids() {
            return Formula::from_stored(text).ok().or_else(|| {
                reader.error("bad-formula", "the stored formula cannot be read", None)
            });
        }
        let mut resolve = |kind: NameKind, name: &str| reader.lookup(&[record_kind(kind)], name);
        match Formula::parse(text, &mut resolve) {
            Ok(formula) => Some(formula),
            Err(errors) => {
                for error in errors {
                    let marked = mark(text, error.start, error.end);
                    reader.error::<()>(
                        "bad-formula",
                        format!("{}: {marked}", error.message),
                        error.help,
                    );
                }
                None
            }
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        Tree::text(
            self.to_text(&|kind, id| names.name(&[record_kind(kind)], record_kind(kind), id)),
        )
    }
}

fn record_kind(kind: NameKind) -> Kind {
    match kind {
        NameKind::Measure => Kind::Measure,
        NameKind::Unit => Kind::Unit,
    }
}

/// The formula with its wrong part between two marks.
fn mark(text: &str, start: usize, end: usize) -> String {
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let (wrong, after) = rest
        .split_at_checked(end.saturating_sub(start))
        .unwrap_or((rest, ""));
    format!("{before}»{wrong}«{after}")
}

record! {
    /// How one behaviour, outcome or objective is observed.
    Measure(MeasureId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// What is counted, and how.
        public definition: Option<Markdown>,
        /// How its values add up.
        public kind: MeasureKind,
        /// What it is computed from, for the kind formula.
        public formula: Option<Formula>,
        /// `%`, a currency, or a unit; ratio values are fractions, 0.95 is shown as 95 %.
        public shown_as: Option<String>,
        /// Decimal places that are shown.
        public decimals: Option<Decimals>,
        /// The direction in which it is better; left out: for information, takes no target.
        public better: Option<Better>,
        /// How often it is observed.
        public frequency: Frequency,
        /// How it adds up over time, where not as its kind does.
        public over_time: Option<OverTime>,
        /// How it adds up over units, where not as its kind does.
        public over_units: Option<OverUnits>,
        /// The units that owe it, where it isn't every unit that ever reported.
        public reported_by: Vec<UnitId>,
        /// Ratio and mean: a reading of less total weight is too few; 20 for a ratio shown as %, 0: off.
        public least_weight: Option<f64>,
        /// The least value that one observation can have, inclusive; one below is refused.
        public least: Option<f64>,
        /// The greatest value that one observation can have, inclusive; one above is refused.
        public greatest: Option<f64>,
        /// The first day on which it is kept.
        public from: Option<Date>,
        /// The last day on which it is kept.
        public to: Option<Date>,
        /// Whether it moves before the result or shows it.
        public indicator: Option<Indicator>,
        /// Whether it counts money.
        public financial: bool,
        /// Who answers for the result.
        public owner: Option<PersonId>,
        /// Who collects it.
        public steward: Option<PersonId>,
        /// Who checks it.
        public validator: Option<PersonId>,
        /// Who starts corrective action; the owner where empty.
        public corrector: Option<PersonId>,
        /// For whom it is; where empty, the levels of the people and behaviours that it hangs on.
        public levels: Vec<Level>,
        /// Days after the end of a period by which its observation is due.
        public due: Option<Days>,
        /// Where its observations come from.
        public source: Option<Source>,
        /// Lints that do not hold for this measure, each with its reason.
        public silences: Vec<Silence>,
    }
}

named_by_key!(Measure);

/// The least weight of a reading of a share, where a measure says nothing else.
pub const LEAST_WEIGHT_OF_A_SHARE: f64 = 20.0;

/// The part of a border within which a value stands on it.
const NEAR_A_BORDER: f64 = 1e-9;

impl Measure {
    /// Whether its values are shares, shown as %.
    pub fn is_shown_as_percent(&self) -> bool {
        self.shown_as.as_deref() == Some("%")
    }

    /// The total weight below which a reading is too few; 0 where there is no such bound.
    pub fn least_weight(&self) -> f64 {
        match (self.kind, self.least_weight) {
            (kind, Some(weight)) if kind.is_weighted() => weight,
            (MeasureKind::Ratio, None) if self.is_shown_as_percent() => LEAST_WEIGHT_OF_A_SHARE,
            _ => 0.0,
        }
    }

    /// Whether one observation of it can have a value: within `least` and `greatest`, both inclusive. What is within a
    /// billionth of a border stands on it, as everywhere.
    pub fn is_plausible(&self, value: f64) -> bool {
        let room = |border: f64| border.abs() * NEAR_A_BORDER;
        self.least.is_none_or(|least| least - room(least) <= value)
            && self
                .greatest
                .is_none_or(|greatest| value <= greatest + room(greatest))
    }

    /// The values that one observation of it can have, in words: `at least 0 and at most 1`.
    pub fn range_in_words(&self, in_words: impl Fn(&f64) -> String) -> Option<String> {
        let least = self.least.as_ref().map(&in_words);
        let greatest = self.greatest.as_ref().map(&in_words);
        match (least, greatest) {
            (Some(least), Some(greatest)) => {
                Some(format!("at least {least} and at most {greatest}"))
            }
            (Some(least), None) => Some(format!("at least {least}")),
            (None, Some(greatest)) => Some(format!("at most {greatest}")),
            (None, None) => None,
        }
    }

    /// Whether its values are ratios that are shown as %: most often shares, which are never above 1.
    pub fn is_share(&self) -> bool {
        self.kind == MeasureKind::Ratio && self.is_shown_as_percent()
    }

    /// Whether its values are added up over units at all.
    pub fn adds_over_units(&self) -> bool {
        self.over_units.unwrap_or(self.kind.over_units()) != OverUnits::None
    }

    /// Whether its values are summed over units.
    pub fn is_summed_over_units(&self) -> bool {
        self.over_units.unwrap_or(self.kind.over_units()) == OverUnits::Sum
    }

    /// Whether its values are summed over time.
    pub fn is_summed_over_time(&self) -> bool {
        self.over_time.unwrap_or(self.kind.over_time()) == OverTime::Sum
    }

    /// Whether it is observed at a unit: at those that `reported_by` lists and, where it is added up over units, above them;
    /// anywhere where none is listed. Given are the unit and all below it.
    pub fn is_observed_among(&self, unit: UnitId, at_or_below: &Set<UnitId>) -> bool {
        let mut listed = self.reported_by.iter();
        self.reported_by.is_empty()
            || match self.adds_over_units() {
                true => listed.any(|listed| at_or_below.contains(listed)),
                false => listed.any(|listed| *listed == unit),
            }
    }

    /// Whether something is kept of it in a span of days: the whole of the span lies within its first and last day.
    pub fn is_kept_throughout(&self, first: Date, last: Date) -> bool {
        self.from.is_none_or(|from| from <= first) && self.to.is_none_or(|to| last <= to)
    }
}
