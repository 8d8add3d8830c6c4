//! What a change of the plan does to observations that are there: their meaning changes, or nobody reads them any more.
//!
//! The plan by itself does not show it, so that it is said before the change is made, with how many there are.

use std::collections::{BTreeMap, HashSet};

use throughline_core::{Finding, MeasureId, Period, Place, UnitId};
use throughline_engine::{Observations, Series};
use throughline_ledger::Ledger;
use throughline_model::observation::Cell;
use throughline_model::records::{Measure, MeasureKind, Unit};
use throughline_model::{AnyRecord, Change, Entry, Kind, Model};
use uuid::Uuid;

use crate::words::count;
use crate::{AppError, Ctx};

/// What changes do to the observations of the ledger: errors where nothing sensible would remain, warnings where numbers of
/// the past become others, and notes.
pub(crate) async fn consequences(
    ctx: &Ctx,
    ledger: &Ledger,
    (before, after): (&Model, &Model),
    changes: &[Change],
) -> Result<Vec<Finding>, AppError> {
    let touching = Touching::of(before, after, changes);
    if touching.is_empty() {
        return Ok(Vec::new());
    }
    ctx.step("Counting observations");
    // Of the ledger, and not of a snapshot, which may be from before whoever holds the pen took it.
    let observations = Observations::of(ledger.observations(None).await?);
    Ok(touching.findings(before, after, &observations))
}

/// The changes that touch observations.
#[derive(Default)]
struct Touching {
    redefined: Vec<MeasureId>,
    retired: Vec<(Kind, Uuid)>,
    brought_back: Vec<(Kind, Uuid)>,
    redated: Vec<UnitId>,
    is_new_calendar: bool,
}

impl Touching {
    fn of(before: &Model, after: &Model, changes: &[Change]) -> Touching {
        let mut touching = Touching {
            is_new_calendar: !before.is_empty() && before.calendar() != after.calendar(),
            ..Touching::default()
        };
        let mut ever: Option<HashSet<(Kind, Uuid)>> = None;
        for change in changes {
            let (kind, id) = change.identity();
            if !matches!(kind, Kind::Unit | Kind::Measure) {
                continue;
            }
            match (change, before.record(kind, id)) {
                (Change::Retire(..), _) => touching.retired.push((kind, id)),
                (Change::Put(_), None) => {
                    let ever = ever.get_or_insert_with(|| before.ever_known());
                    if ever.contains(&(kind, id)) {
                        touching.brought_back.push((kind, id));
                    }
                }
                (Change::Put(AnyRecord::Measure(new)), Some(AnyRecord::Measure(old)))
                    if is_redefined(&old.record, &new.record) =>
                {
                    touching.redefined.push(new.id());
                }
                (Change::Put(AnyRecord::Unit(new)), Some(AnyRecord::Unit(old)))
                    if (old.from, old.to) != (new.from, new.to) =>
                {
                    touching.redated.push(new.id());
                }
                _ => {}
            }
        }
        touching
    }

    fn is_empty(&self) -> bool {
        let records = [&self.retired, &self.brought_back];
        self.redefined.is_empty()
            && self.redated.is_empty()
            && records.iter().all(|records| records.is_empty())
            && !self.is_new_calendar
    }

    fn findings(&self, before: &Model, after: &Model, observations: &Observations) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.is_new_calendar && !observations.is_empty() {
            findings.push(calendar_fixed(before, after));
        }
        for id in &self.redefined {
            let old = before.measures().get(*id);
            if let (Some(old), Some(new)) = (old, after.measures().get(*id)) {
                let points = values_of(observations, *id);
                findings.extend(redefined(&old.record, &new.record, &points));
            }
        }
        for id in &self.redated {
            if let (Some(old), Some(new)) = (before.units().get(*id), after.units().get(*id)) {
                findings.extend(redated(old, new, observations));
            }
        }
        for (kind, id) in &self.retired {
            let known = count_at(observations, *kind, *id);
            let key = before.key_of(*kind, *id).unwrap_or_default();
            findings.extend((known > 0).then(|| retired(*kind, &key, known)));
        }
        for (kind, id) in &self.brought_back {
            let known = count_at(observations, *kind, *id);
            let key = after.key_of(*kind, *id).unwrap_or_default();
            findings.push(brought_back(*kind, &key, known));
        }
        findings
    }
}

/// That observations of a unit lie outside its new dates.
fn redated(old: &Entry<Unit>, new: &Entry<Unit>, observations: &Observations) -> Option<Finding> {
    let is_within = |unit: &Unit, period: &Period| unit.is_valid_within(period.first, period.last);
    let values = values_at(observations, new.id());
    let lost = values
        .iter()
        .filter(|(period, _)| is_within(old, period) && !is_within(new, period));
    let lost = lost.count() as u64;
    let message = format!(
        "{} of `{}` lie outside its dates now, and are in no number any more, those of the units above included",
        count(lost, "observation"),
        new.key
    );
    let finding = Finding::warning("observed-outside-dates", message)
        .at(Place::record(Kind::Unit.word(), new.key.as_str()))
        .with_help("give it a later `to` or an earlier `from`, if they are to count");
    (lost > 0).then_some(finding)
}

/// Whether what was observed means something else, cannot be read, or would not be taken any more.
fn is_redefined(old: &Measure, new: &Measure) -> bool {
    (old.kind, old.frequency, &old.shown_as) != (new.kind, new.frequency, &new.shown_as)
        || (old.least, old.greatest) != (new.least, new.greatest)
}

/// The values of a measure that are there or wait for its owner, each with its period.
fn values_of(observations: &Observations, measure: MeasureId) -> Vec<(Period, f64)> {
    let of_units = observations.of_measure(measure).into_iter().flatten();
    let series = of_units.map(|(unit, series)| (measure, *unit, series));
    values_in(observations, series, |cell| cell.measure == measure)
}

/// The values that were observed at a unit or wait there, each with its period.
fn values_at(observations: &Observations, unit: UnitId) -> Vec<(Period, f64)> {
    let series = observations.at_unit(unit);
    let series = series.map(|(measure, series)| (measure, unit, series));
    values_in(observations, series, |cell| cell.unit == unit)
}

/// The values of some series and of the cells that are meant, each cell once: what waits in one takes the place of what is there.
fn values_in<'a>(
    observations: &Observations,
    series: impl Iterator<Item = (MeasureId, UnitId, &'a Series)>,
    is_meant: impl Fn(&Cell) -> bool,
) -> Vec<(Period, f64)> {
    let mut values: BTreeMap<Cell, f64> = BTreeMap::new();
    for (measure, unit, series) in series {
        for point in series.points() {
            let period = point.period;
            let cell = Cell {
                measure,
                unit,
                period,
            };
            values.extend(point.value.map(|value| (cell, value)));
        }
    }
    for (cell, run) in observations
        .held()
        .iter()
        .filter(|(cell, _)| is_meant(cell))
    {
        let waits = run.last().and_then(|one| one.observation.value);
        values.extend(waits.map(|value| (*cell, value)));
    }
    values
        .into_iter()
        .map(|(cell, value)| (cell.period, value))
        .collect()
}

/// How many values a measure has, or were observed at a unit.
fn count_at(observations: &Observations, kind: Kind, id: Uuid) -> usize {
    match kind {
        Kind::Measure => values_of(observations, MeasureId::from_uuid(id)).len(),
        _ => values_at(observations, UnitId::from_uuid(id)).len(),
    }
}

fn redefined(old: &Measure, new: &Measure, points: &[(Period, f64)]) -> Vec<Finding> {
    /// What to do where another way to count is wanted.
    const ANOTHER: &str =
        "for something else, make a measure with another key, and end this one with `to: DATE`";
    let key = new.key.as_str();
    let place = |field: &'static str| Place::record(Kind::Measure.word(), key).field(field);
    let recorded = count(points.len() as u64, "observation");
    let mut findings = Vec::new();
    let unreadable = points
        .iter()
        .filter(|(period, _)| period.frequency != new.frequency)
        .count();
    if old.frequency != new.frequency && unreadable > 0 {
        let message = format!(
            "{} of `{key}` were recorded by the {}, and by the {} none of them would be read",
            count(unreadable as u64, "observation"),
            old.frequency,
            new.frequency
        );
        let help = format!(
            "{ANOTHER}; what was loaded by mistake is taken back with the state `withdrawn`"
        );
        let finding = Finding::error("frequency-fixed", message).with_help(help);
        findings.push(finding.at(place("frequency")));
    }
    if points.is_empty() {
        return findings;
    }
    if old.kind != new.kind {
        let message = match new.kind {
            MeasureKind::Formula => {
                format!("{recorded} of `{key}` are not read any more: a formula takes none")
            }
            kind => format!(
                "{recorded} of `{key}` were recorded under the kind {}, and will be read as {kind}, those of the past too",
                old.kind
            ),
        };
        let finding = Finding::warning("observed-as-another-kind", message).with_help(ANOTHER);
        findings.push(finding.at(place("kind")));
    }
    if old.shown_as != new.shown_as {
        let unit = |measure: &Measure| match &measure.shown_as {
            Some(unit) => format!("in {unit}"),
            None => "without a unit".to_owned(),
        };
        let message = format!(
            "{recorded} of `{key}` were recorded {}, and will be shown {}; they are not converted",
            unit(old),
            unit(new)
        );
        let finding = Finding::warning("observed-in-another-unit", message).with_help(
            "if it is only another way to write it, all is well; else load the values anew in the new unit",
        );
        findings.push(finding.at(place("shown_as")));
    }
    findings.extend(out_of_range(old, new, points));
    findings
}

/// That values were recorded which a new range would refuse.
fn out_of_range(old: &Measure, new: &Measure, points: &[(Period, f64)]) -> Option<Finding> {
    let refused: Vec<f64> = points
        .iter()
        .map(|(_, value)| *value)
        .filter(|value| old.is_plausible(*value) && !new.is_plausible(*value))
        .collect();
    let range = new.range_in_words(f64::to_string)?;
    let message = format!(
        "{} of `{}` {} not {range}; what was recorded before stays and is read",
        count(refused.len() as u64, "observation"),
        new.key,
        if refused.len() == 1 { "is" } else { "are" },
    );
    let is_above = |value: &f64| new.greatest.is_some_and(|greatest| *value > greatest);
    let field = if refused.iter().any(is_above) {
        "greatest"
    } else {
        "least"
    };
    let place = Place::record(Kind::Measure.word(), new.key.as_str()).field(field);
    let finding = Finding::warning("observed-out-of-range", message).at(place);
    (!refused.is_empty()).then(|| {
        finding.with_help(
            "load what was a slip anew with its right value, or with an empty one to take it back",
        )
    })
}

fn retired(kind: Kind, key: &str, known: usize) -> Finding {
    let recorded = count(known as u64, "observation");
    let message = match kind {
        Kind::Measure => {
            format!("{recorded} of `{key}` are not read any more, in periods of the past either")
        }
        _ => format!(
            "{recorded} of `{key}` are in no number any more, those of the units above and of the past included"
        ),
    };
    let verb = if kind == Kind::Measure {
        "end"
    } else {
        "close"
    };
    Finding::warning("observed-and-retired", message)
        .at(Place::record(kind.word(), key))
        .with_help(format!(
            "to {verb} it, keep it in the folder and write `to: DATE`"
        ))
}

fn brought_back(kind: Kind, key: &str, known: usize) -> Finding {
    let recorded = match known {
        0 => "which has no observations".to_owned(),
        known => format!("with its {}", count(known as u64, "observation")),
    };
    let message = format!("{kind} `{key}` comes back as the record that it was, {recorded}");
    Finding::note("brought-back", message).at(Place::record(kind.word(), key))
}

/// That the calendar cannot change under observations, at the field that changes it.
fn calendar_fixed(before: &Model, after: &Model) -> Finding {
    let finding = Finding::error(
        "calendar-fixed",
        "the time zone, the start of the fiscal year and the start of the week are fixed once there are observations",
    )
    .with_help("observations are kept by day: write what it was before, or begin another ledger");
    let (Some(old), Some(new)) = (before.organisation(), after.organisation()) else {
        return finding;
    };
    let field = if old.time_zone != new.time_zone {
        "time_zone"
    } else if old.fiscal_year_starts != new.fiscal_year_starts {
        "fiscal_year_starts"
    } else {
        "week_starts"
    };
    let place = Place::record(Kind::Organisation.word(), new.key.as_str());
    finding.at(place.field(field))
}
