//! What was computed from a snapshot, and what of it still holds in the next one: after a commit of observations that is all
//! that rests on other measures, other units or an earlier instant. A scorecard is kept in any case, since the next one is
//! made from it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::hash::Set;
use throughline_core::{Actor, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{Cascade, Explanation, Observations, Scorecard};
use throughline_model::Model;
use throughline_model::observation::{ObservationState, Recorded};
use tokio::sync::Mutex;

use super::looked_up::LookedUp;
use super::remembered::{Limits, Remembered};
use super::said::SaidOfTargets;
use crate::course::{Course, Reach};
use crate::drivers::{Against, Compared};
use crate::evidence::{Estimates, EvidenceMemory};
use crate::insight::{Foreseen, Foresight, Maker, Pool};
use crate::latest_period::Observed;
use crate::read_values::ReadValues;
use crate::selection::Selected;
use crate::trend::Trend;

/// Plans of the past that are remembered: how many, and how many measures and targets they may have together.
const PAST_PLANS: Limits = Limits {
    most: 32,
    heaviest: 100_000,
};
/// Plans that are remembered as somebody sees them; most of their records are those of the whole plan.
const SEEN_PLANS: Limits = Limits {
    most: 64,
    heaviest: 1_000_000,
};
/// Observations of the past that are remembered: how many sets, and how many rows they may have together. A row takes some
/// 200 bytes, so that this is 200 MB.
const PAST_OBSERVATIONS: Limits = Limits {
    most: 32,
    heaviest: 1_000_000,
};
/// Scorecards that are remembered: how many, and how many readings they may have together.
const SCORECARDS: Limits = Limits {
    most: 512,
    heaviest: 200_000,
};
/// Trends that are remembered, of one measure each.
const TRENDS: Limits = Limits {
    most: 5120,
    heaviest: 5120,
};
/// Explanations that are remembered: how many, and how many observations they may show together.
const EXPLANATIONS: Limits = Limits {
    most: 256,
    heaviest: 500_000,
};
/// Courses that are remembered, of one measure each.
const COURSES: Limits = Limits {
    most: 1024,
    heaviest: 1024,
};

/// Differences that are remembered, of one measure each.
const DRIVERS: Limits = Limits {
    most: 1024,
    heaviest: 1024,
};

/// Outlooks that are remembered, of one measure each.
const OUTLOOKS: Limits = Limits {
    most: 8192,
    heaviest: 8192,
};
/// Places of which it is remembered how far off forecasts are there.
const POOLS: Limits = Limits {
    most: 512,
    heaviest: 512,
};

/// Units of which it is remembered what was observed there.
const OBSERVED: Limits = Limits {
    most: 4096,
    heaviest: 4096,
};

/// Cascades that are remembered, of one plan each.
const CASCADES: Limits = Limits {
    most: 16,
    heaviest: 16,
};

/// What was computed from a snapshot. Readings are made of nothing that is hidden from anybody, so all may share them.
pub(super) struct Memory {
    pub(super) plans: Remembered<Timestamp, Arc<Model>>,
    pub(super) seen: Remembered<SeenKey, Arc<Model>>,
    pub(super) known: Remembered<Timestamp, Arc<Observations>>,
    /// Held while observations of the past are read, so that several are not on their way into memory at once.
    pub(super) reading: Mutex<()>,
    /// By the instant of the plan; none for the newest.
    pub(super) cascades: Remembered<Option<Timestamp>, Arc<Cascade>>,
    pub(super) scorecards: Remembered<ScorecardKey, Arc<Scorecard>>,
    /// Scorecards of earlier positions.
    pub(super) earlier: Remembered<ScorecardKey, Earlier>,
    pub(super) trends: Remembered<(ScorecardKey, MeasureId), Arc<Trend>>,
    pub(super) explanations: Remembered<(ScorecardKey, MeasureId), Arc<Explanation>>,
    pub(super) courses: Remembered<(ScorecardKey, MeasureId, Option<Reach>), Arc<Course>>,
    pub(super) outlooks: Remembered<(ScorecardKey, MeasureId), Arc<Foresight>>,
    pub(super) pools: Remembered<(ScorecardKey, Frequency), Arc<Pool>>,
    /// What was read for each of them.
    pub(super) read_for_pools: Remembered<(ScorecardKey, Frequency), Arc<ReadValues>>,
    /// Forecasts by the values that they were made of: they hold whatever is committed.
    pub(super) foreseen: Arc<Foreseen>,
    pub(super) observed: Remembered<ObservedKey, Arc<Observed>>,
    pub(super) evidence: Arc<EvidenceMemory>,
    pub(super) drivers: Remembered<(ScorecardKey, MeasureId, OfWhom), Arc<Vec<Compared>>>,
    pub(super) said: SaidOfTargets,
    pub(super) looked_up: LookedUp,
}

/// A scorecard of an earlier position with the same plan, and the measures of which more became known since.
#[derive(Clone)]
pub(super) struct Earlier {
    pub(super) scorecard: Arc<Scorecard>,
    pub(super) observed: Arc<Set<MeasureId>>,
}

/// Something of each place and length of periods of which it is known how far off forecasts are.
type OfPools<T> = Remembered<(ScorecardKey, Frequency), Arc<T>>;

/// Whose sight a plan is seen with, on which day, and the instant of the plan; none for the newest.
pub(super) type SeenKey = ((Actor, Date), Option<Timestamp>);

/// Who looks at a difference, on which day, and what it is held against.
pub(super) type OfWhom = ((Actor, Date), Vec<Against>);

/// The two clocks, as they were asked for, the day, and the unit.
pub(super) type ObservedKey = (Option<Timestamp>, Option<Timestamp>, Date, UnitId);

/// What a scorecard is a function of, beside the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ScorecardKey {
    known_at: Option<Timestamp>,
    plan_at: Option<Timestamp>,
    /// What is due depends on the day, not on the instant.
    day: Date,
    pub(super) unit: UnitId,
    pub(super) period: Period,
    /// Two periods of the same days are equal and have different names.
    frequency: Frequency,
}

impl ScorecardKey {
    pub(crate) fn of(selected: &Selected) -> ScorecardKey {
        ScorecardKey {
            known_at: selected.is_known_at_given.then_some(selected.known_at),
            plan_at: selected.plan_at,
            day: selected.model.calendar().date_of(selected.known_at),
            unit: selected.unit,
            period: selected.period,
            frequency: selected.period.frequency,
        }
    }
}

/// Some units and all that were ever above them.
fn with_above(model: &Model, mut units: Set<UnitId>) -> Set<UnitId> {
    for (_, tree) in model.index().eras() {
        let above = units.iter().flat_map(|unit| tree.ancestors(*unit));
        let above: Vec<UnitId> = above.collect();
        units.extend(above);
    }
    units
}

/// What became known after a snapshot whose plan still holds.
pub(crate) struct Since {
    /// The last instant of that snapshot: what was known then does not change.
    until: Timestamp,
    /// The measures that were observed.
    observed: Set<MeasureId>,
    /// These, and the formulas that need one of them.
    concerned: Set<MeasureId>,
    /// Those of them that are formulas, which may read a measure at another unit.
    formulas: Set<MeasureId>,
    /// The units at or below which something was observed.
    places: Set<UnitId>,
    /// The units at or below which there is a value where there was none, or none where there was one.
    filled: Set<UnitId>,
    /// The first day of the earliest period of which something was observed; the first day of all where somebody reported
    /// for the first time or took back what they said, since who owes what is another matter then, however late it was.
    earliest: Date,
}

impl Since {
    /// What some observations change, after those of a snapshot until an instant.
    pub(super) fn of(
        model: &Model,
        (before, until): (&Observations, Timestamp),
        recorded: &[Recorded],
    ) -> Since {
        let mut observed = Set::default();
        let mut filled: Set<UnitId> = Set::default();
        let mut places: Set<UnitId> = Set::default();
        let mut earliest = Date::MAX;
        // What is not published changes nothing.
        let published = recorded.iter().filter(|one| !one.observation.is_held());
        for recorded in published {
            let (cell, value) = (recorded.observation.cell, recorded.observation.value);
            observed.insert(cell.measure);
            places.insert(cell.unit);
            let series = before.series(cell.measure, cell.unit);
            let point = series.and_then(|series| series.at(&cell.period));
            let had_value = point.is_some_and(|point| point.value.is_some());
            let is_withdrawn = recorded.observation.state == Some(ObservationState::Withdrawn);
            if point.is_none() || is_withdrawn || had_value != value.is_some() {
                filled.insert(cell.unit);
            }
            let since = match series.is_none() || is_withdrawn {
                true => Date::MIN,
                false => cell.period.first,
            };
            earliest = earliest.min(since);
        }
        let concerned = model.index().with_formulas_of(observed.iter().copied());
        let is_formula = |id: &MeasureId| {
            let measure = model.measures().get(*id);
            measure.is_none_or(|measure| measure.formula.is_some())
        };
        Since {
            until,
            formulas: concerned.iter().copied().filter(is_formula).collect(),
            concerned,
            observed,
            places: with_above(model, places),
            filled: with_above(model, filled),
            earliest,
        }
    }

    /// Whether the values of a measure at a unit, in periods up to a day, are what they were, by the plan of today. A formula
    /// also reads other units, and days after the last: a week belongs to a month and may end after it.
    pub(crate) fn leaves(&self, (measure, unit): (MeasureId, UnitId), until: Date) -> bool {
        let is_formula = self.formulas.contains(&measure);
        let is_elsewhere = until < self.earliest || !self.places.contains(&unit);
        !self.concerned.contains(&measure) || !is_formula && is_elsewhere
    }

    /// Whether what was read by two clocks, of what is known and of the plan, is what it was: what was known at an instant
    /// that has passed, and of what is newest that which does not rest on what became known, by the plan of today.
    pub(crate) fn keeps(
        &self,
        known_at: Option<Timestamp>,
        plan_at: Option<Timestamp>,
        is_concerned: bool,
    ) -> bool {
        match known_at {
            Some(at) => self.is_past(at),
            None => plan_at.is_none() && !is_concerned,
        }
    }

    pub(super) fn is_past(&self, at: Timestamp) -> bool {
        at <= self.until
    }
}

impl Memory {
    /// Nothing yet but estimates and forecasts, which go with their data.
    pub(super) fn new(estimates: Arc<Estimates>, foreseen: Arc<Foreseen>) -> Memory {
        Memory {
            plans: Remembered::new(PAST_PLANS),
            seen: Remembered::new(SEEN_PLANS),
            known: Remembered::new(PAST_OBSERVATIONS),
            reading: Mutex::new(()),
            cascades: Remembered::new(CASCADES),
            scorecards: Remembered::new(SCORECARDS),
            earlier: Remembered::new(SCORECARDS),
            trends: Remembered::new(TRENDS),
            explanations: Remembered::new(EXPLANATIONS),
            courses: Remembered::new(COURSES),
            outlooks: Remembered::new(OUTLOOKS),
            pools: Remembered::new(POOLS),
            read_for_pools: Remembered::new(POOLS),
            foreseen,
            observed: Remembered::new(OBSERVED),
            evidence: Arc::new(EvidenceMemory::new(estimates)),
            drivers: Remembered::new(DRIVERS),
            said: SaidOfTargets::new(),
            looked_up: LookedUp::new(),
        }
    }

    /// What holds of it in the next snapshot, which has the same plan.
    pub(super) fn carried(&self, since: &Since) -> Memory {
        let rests_on = |key: &ScorecardKey, measure: &MeasureId| {
            let is_concerned = since.concerned.contains(measure);
            since.keeps(key.known_at, key.plan_at, is_concerned)
        };
        let (pools, read_for_pools) = self.pools(since);
        Memory {
            plans: self.plans.carried(|_| true),
            seen: self.seen.carried(|_| true),
            known: self.known.carried(|at| since.is_past(*at)),
            reading: Mutex::new(()),
            cascades: self.cascades.carried(|_| true),
            scorecards: self
                .scorecards
                .carried(|key| since.keeps(key.known_at, key.plan_at, true)),
            earlier: self.earlier(since),
            trends: self.trends.carried(|(key, measure)| rests_on(key, measure)),
            explanations: self
                .explanations
                .carried(|(key, measure)| rests_on(key, measure)),
            courses: self
                .courses
                .carried(|(key, measure, _)| rests_on(key, measure)),
            // Of what is newest they are made anew, from forecasts and pools that are there.
            outlooks: self
                .outlooks
                .carried(|(key, _)| since.keeps(key.known_at, key.plan_at, true)),
            pools,
            read_for_pools,
            foreseen: Arc::clone(&self.foreseen),
            observed: self.observed.carried(|(known_at, plan_at, _, unit)| {
                since.keeps(*known_at, *plan_at, since.filled.contains(unit))
            }),
            evidence: Arc::new(self.evidence.carried(since)),
            drivers: self
                .drivers
                .carried(|(key, measure, _)| rests_on(key, measure)),
            said: self
                .said
                .carried(|key| since.keeps(key.known_at, key.plan_at, true)),
            looked_up: self.looked_up.carried(|at| since.is_past(at)),
        }
    }

    /// How far off forecasts are at a place, made of what was read for it before where that still holds.
    pub(super) fn pool(&self, place: (ScorecardKey, Frequency), maker: &Maker) -> Arc<Pool> {
        self.pools.get(&place).unwrap_or_else(|| {
            let read = self.read_for_pools.get(&place);
            let mut read = read.map(Arc::unwrap_or_clone).unwrap_or_default();
            let pool = Arc::new(maker.pool(place.1, &mut read));
            self.read_for_pools.renew(place, Arc::new(read), 1);
            self.pools.put(place, Arc::clone(&pool), 1);
            pool
        })
    }

    /// The pools that nothing changed, and what was read for the others and is what it was.
    fn pools(&self, since: &Since) -> (OfPools<Pool>, OfPools<ReadValues>) {
        let (pools, read) = (Remembered::new(POOLS), Remembered::new(POOLS));
        for (place, values, weight) in self.read_for_pools.entries() {
            let (key, _) = &place;
            if !since.keeps(key.known_at, key.plan_at, false) {
                continue;
            }
            let is_past = key.known_at.is_some();
            let left = values.left(|of| is_past || since.leaves(of, key.period.last));
            if Arc::ptr_eq(&left, &values)
                && let Some(pool) = self.pools.get(&place)
            {
                pools.put(place, pool, 1);
            }
            read.put(place, left, weight);
        }
        (pools, read)
    }

    /// The scorecards of what was newest, each with what became known since it was made.
    fn earlier(&self, since: &Since) -> Remembered<ScorecardKey, Earlier> {
        let earlier = Remembered::new(SCORECARDS);
        for (key, older, weight) in self.earlier.entries() {
            if self.scorecards.get(&key).is_none() {
                let observed = older.observed.union(&since.observed).copied().collect();
                let older = Earlier {
                    observed: Arc::new(observed),
                    ..older
                };
                earlier.put(key, older, weight);
            }
        }
        let observed = Arc::new(since.observed.clone());
        for (key, scorecard, weight) in self.scorecards.entries() {
            if key.known_at.is_none() {
                let observed = Arc::clone(&observed);
                earlier.put(
                    key,
                    Earlier {
                        scorecard,
                        observed,
                    },
                    weight,
                );
            }
        }
        earlier
    }
}

/// By what a plan is weighed: how many of the records it has of which there are most.
pub(super) fn weight_of(plan: &Model) -> usize {
    plan.measures().len() + plan.targets().len()
}
