//! What the cells of a row of observations mean, and what is wrong with them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::calendar::{FIRST_DATE, LAST_DATE};
use throughline_core::finding::{Finding, nearest};
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::{Frequency, Period};

use crate::fields::parse_number;
use crate::kind::Kind;
use crate::model::Model;
use crate::observation::{Cell as ObservedCell, Observation, ObservationState};
use crate::record::Entry;
use crate::records::{Measure, MeasureKind, Unit};
use crate::text::cells::Cell;
use crate::text::identity::SUGGESTIONS_LIMIT;
use crate::value::Resolver;

use super::plausible::within_range;

/// What is wrong with a row, and in which of its cells.
pub(super) struct RowFlaw {
    pub cell: usize,
    pub finding: Box<Finding>,
}

impl RowFlaw {
    pub fn new(cell: usize, finding: Finding) -> RowFlaw {
        RowFlaw {
            cell,
            finding: Box::new(finding),
        }
    }
}

/// Where each column stands.
#[derive(Default)]
struct Places {
    measure: usize,
    unit: usize,
    period: usize,
    value: usize,
    weight: Option<usize>,
    state: Option<usize>,
    note: Option<usize>,
    recorded_at: Option<usize>,
}

/// A measure that takes observations.
#[derive(Clone)]
struct Observed<'a> {
    id: MeasureId,
    measure: &'a Arc<Entry<Measure>>,
    /// Whether it was said that its weights are not used.
    told_of_weight: bool,
}

/// Reads the cells of rows, and remembers what the names in them stand for.
pub(super) struct Meaning<'a> {
    model: &'a Model,
    /// The columns of the file, in its order.
    pub columns: Vec<&'static str>,
    at: Places,
    measures: HashMap<String, Observed<'a>>,
    units: HashMap<String, UnitId>,
    /// For each frequency the periods by their text.
    periods: [HashMap<String, Period>; Frequency::ALL.len()],
    /// Whether a measure that lists who reports it is observed at a unit, in the unit tree from a day on.
    observed: HashMap<(MeasureId, UnitId, Date), bool>,
    instants: HashMap<String, Timestamp>,
    suggestions: usize,
}

/// A row that says something, and what is to be said about it all the same.
pub(super) type Understood = (Observation, Option<Timestamp>, Option<RowFlaw>);

impl<'a> Meaning<'a> {
    pub fn of(model: &'a Model) -> Meaning<'a> {
        Meaning {
            model,
            columns: Vec::new(),
            at: Places::default(),
            measures: HashMap::new(),
            units: HashMap::new(),
            periods: std::array::from_fn(|_| HashMap::new()),
            observed: HashMap::new(),
            instants: HashMap::new(),
            suggestions: 0,
        }
    }

    /// Says where each column stands.
    pub fn set_columns(&mut self, columns: &[&'static str]) {
        let place = |name: &str| columns.iter().position(|column| *column == name);
        self.at = Places {
            measure: place("measure").unwrap_or_default(),
            unit: place("unit").unwrap_or_default(),
            period: place("period").unwrap_or_default(),
            value: place("value").unwrap_or_default(),
            weight: place("weight"),
            state: place("state"),
            note: place("note"),
            recorded_at: place("recorded_at"),
        };
        self.columns = columns.to_vec();
    }

    /// The column in which the value stands.
    pub fn value_column(&self) -> usize {
        self.at.value
    }

    /// What a row says, or everything that is wrong with it.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<Understood, Vec<RowFlaw>> {
        let text = |column: usize| cells.get(column).map_or("", |cell| cell.text.as_ref());
        let optional = |column: Option<usize>| column.map(|column| (column, text(column)));
        let mut flaws = Vec::new();
        let measure = self.measure(text(self.at.measure));
        let measure = keep(measure, self.at.measure, &mut flaws);
        let unit = self.unit(text(self.at.unit));
        let unit = keep(unit, self.at.unit, &mut flaws);
        let (mut period, mut value, mut weight, mut warning) = (None, None, None, None);
        if let Some(measure) = &measure {
            let found = self.period(text(self.at.period), measure.measure);
            period = keep(found, self.at.period, &mut flaws);
            let found = parse_value(text(self.at.value), measure.measure.kind);
            value = keep(found, self.at.value, &mut flaws);
            if let Some(Some(value)) = value {
                let is_in_range = within_range(measure.measure, value);
                keep(is_in_range, self.at.value, &mut flaws);
            }
            if let Some((column, text)) =
                optional(self.at.weight).filter(|(_, text)| !text.is_empty())
            {
                let found = keep(parse_weight(text), column, &mut flaws);
                if measure.measure.kind.is_weighted() {
                    weight = found;
                } else {
                    warning = self.tell_of_weight(measure, column);
                }
            }
        }
        let state = optional(self.at.state).filter(|(_, text)| !text.is_empty());
        let state = state.and_then(|(column, text)| keep(parse_state(text), column, &mut flaws));
        if let (Some(ObservationState::Withdrawn), Some(Some(_)), Some(column)) =
            (state, value, self.at.state)
        {
            flaws.push(RowFlaw::new(column, withdrawn_with_value()));
        }
        let recorded_at = optional(self.at.recorded_at).filter(|(_, text)| !text.is_empty());
        let recorded_at =
            recorded_at.and_then(|(column, text)| keep(self.instant(text), column, &mut flaws));
        let note = optional(self.at.note).filter(|(_, text)| !text.is_empty());
        // An empty value takes back what was recorded by mistake, wherever that was.
        if let (Some(measure), Some(unit), Some(period), Some(Some(_))) =
            (&measure, unit, period, value)
        {
            let is_in_place = self.in_place(measure.measure, unit, period);
            keep(is_in_place, self.at.unit, &mut flaws);
        }
        match (measure, unit, period, value) {
            (Some(measure), Some(unit), Some(period), Some(value)) if flaws.is_empty() => {
                let cell = ObservedCell {
                    measure: measure.id,
                    unit,
                    period,
                };
                let observation = Observation {
                    cell,
                    value,
                    weight,
                    state,
                    note: note.map(|(_, text)| text.to_string()),
                };
                Ok((observation, recorded_at, warning))
            }
            _ => Err(flaws),
        }
    }

    fn measure(&mut self, key: &str) -> Result<Observed<'a>, Box<Finding>> {
        if let Some(found) = self.measures.get(key) {
            return Ok(found.clone());
        }
        let Some(measure) = self.model.measures().by_key(key) else {
            return Err(self.unknown(Kind::Measure, key));
        };
        if measure.kind == MeasureKind::Formula {
            let message = format!("`{key}` is computed by a formula and takes no observations");
            let finding = Finding::error("formula-observed", message)
                .with_help("load the measures that its formula names");
            return Err(Box::new(finding));
        }
        let observed = Observed {
            id: measure.id(),
            measure,
            told_of_weight: false,
        };
        self.measures.insert(key.to_string(), observed.clone());
        Ok(observed)
    }

    fn unit(&mut self, key: &str) -> Result<UnitId, Box<Finding>> {
        if let Some(found) = self.units.get(key) {
            return Ok(*found);
        }
        match self.model.units().by_key(key) {
            Some(unit) => {
                self.units.insert(key.to_string(), unit.id());
                Ok(unit.id())
            }
            None => Err(self.unknown(Kind::Unit, key)),
        }
    }

    /// For a key that nothing has.
    fn unknown(&mut self, kind: Kind, key: &str) -> Box<Finding> {
        if key.is_empty() {
            let message = format!("the {kind} is missing");
            return Box::new(Finding::error("missing-cell", message));
        }
        let finding = Finding::error("unknown-reference", format!("there is no {kind} `{key}`"));
        let former = self.model.first_user_of(kind, key);
        let now = former.and_then(|id| self.model.key_of(kind, id));
        if let Some(now) = now {
            return Box::new(finding.with_help(format!("it is called `{now}` now")));
        }
        if former.is_some() {
            return Box::new(finding.with_help("it has been retired"));
        }
        if self.suggestions >= SUGGESTIONS_LIMIT {
            return Box::new(finding);
        }
        self.suggestions += 1;
        let lower = key.to_lowercase();
        let near = match self.model.id_of(kind, &lower) {
            Some(_) => Some(lower),
            None => self.model.nearest(&[kind], key),
        };
        Box::new(finding.with_nearest(near.as_deref()))
    }

    fn period(&mut self, text: &str, measure: &Measure) -> Result<Period, Box<Finding>> {
        let known = &self.periods[measure.frequency as usize];
        if let Some(found) = known.get(text) {
            return Ok(*found);
        }
        let calendar = self.model.calendar();
        let period = calendar.parse_period(text).map_err(|error| {
            let message = error.to_string();
            // The message carries what would be right behind a semicolon.
            let (message, help) = match message.split_once("; ") {
                Some((message, help)) => (message.to_string(), Some(help.to_string())),
                None => (message, None),
            };
            let finding = Finding::error("bad-period", message);
            Box::new(match help {
                Some(help) => finding.with_help(help),
                None => finding,
            })
        })?;
        let own = calendar.containing(measure.frequency, period.middle());
        // Two names for the same days are the same period.
        let is_same = (own.first, own.last) == (period.first, period.last);
        if !is_same {
            return Err(Box::new(self.other_frequency(text, period, own, measure)));
        }
        self.periods[measure.frequency as usize].insert(text.to_string(), own);
        Ok(own)
    }

    fn other_frequency(
        &self,
        text: &str,
        period: Period,
        own: Period,
        measure: &Measure,
    ) -> Finding {
        let message = format!(
            "`{text}` is a {}, and {} is kept by {}",
            period.frequency, measure.key, measure.frequency
        );
        let calendar = self.model.calendar();
        let help = if period.frequency.is_finer_than(measure.frequency) {
            format!("write {}", calendar.name(&own))
        } else {
            let first = calendar.containing(measure.frequency, period.first);
            format!(
                "write a {} like {}",
                measure.frequency,
                calendar.name(&first)
            )
        };
        Finding::error("other-frequency", message).with_help(help)
    }

    /// Whether a measure is observed at a unit at all, and the unit is there in the period.
    fn in_place(
        &mut self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: Period,
    ) -> Result<(), Box<Finding>> {
        let Some(record) = self.model.units().get(unit) else {
            return Ok(());
        };
        if !record.is_valid_within(period.first, period.last) {
            return Err(Box::new(outside_dates(record, period)));
        }
        if measure.reported_by.is_empty() {
            return Ok(());
        }
        let (era, tree) = self.model.index().era_of(period.middle());
        let place = (measure.id(), unit, era);
        let is_observed = *self.observed.entry(place).or_insert_with(|| {
            let at_or_below = tree.with_descendants(unit).into_iter().collect();
            measure.is_observed_among(unit, &at_or_below)
        });
        if is_observed {
            return Ok(());
        }
        let unit = &record.key;
        let message = format!("{} is not reported by {unit}", measure.key);
        let finding = Finding::error("not-reported-by", message).with_help(format!(
            "name {unit} in `reported_by` of the measure, or leave the row out; to take back what was loaded by mistake, load the cell with the state `withdrawn` and no value"
        ));
        Err(Box::new(finding))
    }

    /// Says once for each measure that its weights are not used.
    fn tell_of_weight(&mut self, measure: &Observed<'_>, column: usize) -> Option<RowFlaw> {
        let key = measure.measure.key.as_str();
        let kind = measure.measure.kind;
        let remembered = self.measures.get_mut(key)?;
        if std::mem::replace(&mut remembered.told_of_weight, true) {
            return None;
        }
        let message = format!("a weight is not used: `{key}` is a {kind}");
        let finding = Finding::warning("unused-weight", message)
            .with_help("weights belong to the kinds ratio and mean; leave the cell empty");
        Some(RowFlaw::new(column, finding))
    }

    /// A day stands for its first instant.
    fn instant(&mut self, text: &str) -> Result<Timestamp, Box<Finding>> {
        if let Some(found) = self.instants.get(text) {
            return Ok(*found);
        }
        let day = text
            .parse::<Date>()
            .ok()
            .filter(|day| day.to_string() == text);
        let instant = match day {
            Some(day) => Some(self.model.calendar().start_of_day(day)),
            None => text.parse::<Timestamp>().ok(),
        };
        let calendar = self.model.calendar();
        let in_range =
            |instant: &Timestamp| (FIRST_DATE..=LAST_DATE).contains(&calendar.date_of(*instant));
        match instant.filter(in_range) {
            Some(instant) => {
                self.instants.insert(text.to_string(), instant);
                Ok(instant)
            }
            None => {
                let message = format!("`{text}` is not a date or an instant");
                let finding = Finding::error("bad-recorded-at", message)
                    .with_help("write it like 2019-04-11 or 2019-04-11T09:30:00Z");
                Err(Box::new(finding))
            }
        }
    }
}

/// That a value is said and taken back in the same row.
fn withdrawn_with_value() -> Finding {
    Finding::error("withdrawn-with-value", "what is withdrawn has no value")
        .with_help("leave the value empty, or the state")
}

/// That a period lies outside the dates of validity of a unit.
fn outside_dates(unit: &Entry<Unit>, period: Period) -> Finding {
    let (ends, day, word) = match (unit.from, unit.to) {
        (Some(from), _) if period.last < from => ("begins", from, "an earlier `from`"),
        (_, Some(to)) => ("ends", to, "a later `to`"),
        (_, None) => ("is not there", period.first, "other dates"),
    };
    let message = format!("{} {ends} on {day}", unit.key);
    Finding::error("outside-dates", message).with_help(format!(
        "give the unit {word}, or leave the row out; to take back what was loaded by mistake, load the cell with the state `withdrawn` and no value"
    ))
}

/// The value, or its flaw added to the others.
fn keep<T>(found: Result<T, Box<Finding>>, cell: usize, flaws: &mut Vec<RowFlaw>) -> Option<T> {
    match found {
        Ok(value) => Some(value),
        Err(finding) => {
            flaws.push(RowFlaw { cell, finding });
            None
        }
    }
}

/// A value; an empty cell states that there is none.
fn parse_value(text: &str, kind: MeasureKind) -> Result<Option<f64>, Box<Finding>> {
    if text.is_empty() {
        return Ok(None);
    }
    if kind == MeasureKind::YesNo {
        return match text {
            "yes" | "1" => Ok(Some(1.0)),
            "no" | "0" => Ok(Some(0.0)),
            _ => {
                let message = format!("`{text}` is neither yes nor no");
                let finding =
                    Finding::error("bad-value", message).with_help("write yes, no, 1 or 0");
                Err(Box::new(finding))
            }
        };
    }
    number(text).map(Some)
}

fn parse_weight(text: &str) -> Result<f64, Box<Finding>> {
    let weight = number(text)?;
    if weight >= 0.0 {
        return Ok(weight);
    }
    let finding = Finding::error("bad-weight", format!("the weight {text} is below 0"))
        .with_help("a weight is how many cases the value stands for");
    Err(Box::new(finding))
}

fn parse_state(text: &str) -> Result<ObservationState, Box<Finding>> {
    // What comes in a file is published with it.
    let states = ObservationState::ALL.iter();
    let mut states = states.filter(|state| **state != ObservationState::Held);
    let words = states.clone().map(|state| state.word());
    let state = states.find(|state| state.word() == text);
    state.copied().ok_or_else(|| {
        let finding = Finding::error("unknown-word", format!("`{text}` is not a state"));
        Box::new(match nearest(text, words) {
            Some(near) => finding.with_nearest(Some(near)),
            None => {
                finding.with_help("write provisional, validated or withdrawn, or leave it empty")
            }
        })
    })
}

fn number(text: &str) -> Result<f64, Box<Finding>> {
    parse_number(text).map_err(|(message, help)| {
        Box::new(Finding {
            help,
            ..Finding::error("bad-number", message)
        })
    })
}
