//! What was computed from a snapshot, and what of it still holds in the next one: all that rests on nothing that became known
//! or was changed since. A scorecard is kept in any case, since the next one is made from it.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::hash::Set;
use throughline_core::{Actor, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{Cascade, Explanation, Observations, Scorecard};
use throughline_model::Model;
use tokio::sync::Mutex;

use super::looked_up::LookedUp;
use super::remembered::{Limits, Remembered};
use super::said::SaidOfTargets;
use super::since::Since;
use crate::course::{Course, Reach};
use crate::decisions::Candidate;
use crate::drivers::{Against, Compared};
use crate::evidence::{Estimates, EvidenceMemory};
use crate::insight::{Brought, Foreseen, Foresight, Maker, Pool};
use crate::latest_period::Observed;
use crate::measure::Below;
use crate::read_values::ReadValues;
use crate::selection::Selected;
use crate::trend::{Before, Trend};

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
/// Places of which it is known that all that pages need of them was made.
const MADE: Limits = Limits {
    most: 512,
    heaviest: 512,
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
/// Measures of which it is remembered how forecasts came together with those of the units below. One takes 15 kilobytes at most.
const WITH_UNITS: Limits = Limits {
    most: 256,
    heaviest: 256,
};
/// Measures of which it is remembered how they stand at the units below: how many, and how many units these may be together.
const BELOW: Limits = Limits {
    most: 1024,
    heaviest: 100_000,
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
    /// What may need a decision by each of them.
    pub(super) candidates: Remembered<ScorecardKey, Arc<Vec<Candidate>>>,
    /// Scorecards of earlier positions.
    pub(super) earlier: Remembered<ScorecardKey, Earlier>,
    pub(super) trends: Remembered<(ScorecardKey, MeasureId), Arc<Trend>>,
    /// Trends of earlier positions, each with the day from which on it may say something else.
    pub(super) trends_before: Remembered<(ScorecardKey, MeasureId), Before>,
    pub(super) explanations: Remembered<(ScorecardKey, MeasureId), Arc<Explanation>>,
    pub(super) courses: Remembered<(ScorecardKey, MeasureId, Option<Reach>), Arc<Course>>,
    /// With the length of the periods, by which the pool is found that each is made with.
    pub(super) outlooks: Remembered<(ScorecardKey, MeasureId), (Frequency, Arc<Foresight>)>,
    /// Outlooks brought together with forecasts of the units below.
    pub(super) with_units: Remembered<(ScorecardKey, MeasureId), Arc<Brought>>,
    pub(super) pools: Remembered<(ScorecardKey, Frequency), Arc<Pool>>,
    /// What was read for each of them.
    pub(super) read_for_pools: Remembered<(ScorecardKey, Frequency), Arc<ReadValues>>,
    /// Forecasts by the values that they were made of: they hold whatever is committed.
    pub(super) foreseen: Arc<Foreseen>,
    pub(super) observed: Remembered<ObservedKey, Arc<Observed>>,
    pub(super) evidence: Arc<EvidenceMemory>,
    pub(super) drivers: Remembered<(ScorecardKey, MeasureId, OfWhom), Arc<Vec<Compared>>>,
    pub(super) below: Remembered<BelowKey, Arc<Below>>,
    /// The places of which all that pages need was made, but for evidence, which is of all places.
    pub(super) made: Remembered<ScorecardKey, ()>,
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

/// A measure at a place, who looks on which day, and from which of the units below on.
pub(super) type BelowKey = (ScorecardKey, MeasureId, (Actor, Date), usize);

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

    /// The same of another unit.
    pub(super) fn at(self, unit: UnitId) -> ScorecardKey {
        ScorecardKey { unit, ..self }
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
            candidates: Remembered::new(SCORECARDS),
            earlier: Remembered::new(SCORECARDS),
            trends: Remembered::new(TRENDS),
            trends_before: Remembered::new(TRENDS),
            explanations: Remembered::new(EXPLANATIONS),
            courses: Remembered::new(COURSES),
            outlooks: Remembered::new(OUTLOOKS),
            with_units: Remembered::new(WITH_UNITS),
            pools: Remembered::new(POOLS),
            read_for_pools: Remembered::new(POOLS),
            foreseen,
            observed: Remembered::new(OBSERVED),
            evidence: Arc::new(EvidenceMemory::new(estimates)),
            drivers: Remembered::new(DRIVERS),
            below: Remembered::new(BELOW),
            made: Remembered::new(MADE),
            said: SaidOfTargets::new(),
            looked_up: LookedUp::new(),
        }
    }

    /// What holds of it in the next snapshot.
    pub(super) fn carried(&self, since: &Since) -> Memory {
        let holds =
            |key: &ScorecardKey, is_concerned| since.keeps(key.known_at, key.plan_at, is_concerned);
        let rests_on = |key: &ScorecardKey, measure: &MeasureId| {
            holds(key, since.rejudges(*measure, key.unit))
        };
        let is_noted =
            |key: &ScorecardKey, measure: &MeasureId| since.is_noted(Some((*measure, key.unit)));
        let (pools, read_for_pools) = self.pools(since);
        // What is gone of a place is to be made again.
        let touched = RefCell::new(Set::default());
        let or_touched = |key: &ScorecardKey, holds: bool| {
            if !holds {
                touched.borrow_mut().insert(*key);
            }
            holds
        };
        let scorecards = self
            .scorecards
            .carried(|key| or_touched(key, holds(key, since.rejudges_at(key.unit))));
        let trends = self.trends.carried(|(key, measure)| {
            or_touched(key, rests_on(key, measure) && !is_noted(key, measure))
        });
        let outlooks = self
            .outlooks
            .carried_with(|(key, measure), (frequency, _)| {
                let is_pooled = || pools.get(&(*key, *frequency)).is_some();
                let is_past = key.known_at.is_some();
                let holds = rests_on(key, measure) && !is_noted(key, measure);
                or_touched(key, holds && (is_past || is_pooled()))
            });
        let made = self.made.carried(|key| !touched.borrow().contains(key));
        Memory {
            plans: self.plans.carried(|at| since.keeps_plan(Some(*at))),
            seen: self.seen.carried(|(_, at)| since.keeps_plan(*at)),
            known: self.known.carried(|at| since.is_past(*at)),
            reading: Mutex::new(()),
            cascades: self
                .cascades
                .carried(|at| at.is_none() || since.keeps_plan(*at)),
            scorecards,
            candidates: self
                .candidates
                .carried(|key| holds(key, since.rejudges_at(key.unit))),
            earlier: self.earlier(since),
            trends_before: self.trends_before(since, &trends),
            trends,
            explanations: self
                .explanations
                .carried(|(key, measure)| rests_on(key, measure)),
            courses: self
                .courses
                .carried(|(key, measure, _)| rests_on(key, measure)),
            outlooks,
            made,
            // They rest on notes at all units below, too, and the forecasts that they are made of are remembered.
            with_units: Remembered::new(WITH_UNITS),
            pools,
            read_for_pools,
            foreseen: Arc::clone(&self.foreseen),
            observed: self.observed.carried(|(known_at, plan_at, _, unit)| {
                since.keeps(*known_at, *plan_at, since.filled.contains(unit))
            }),
            evidence: Arc::new(self.evidence.carried(since)),
            // Parts of formulas are looked at where they are, too.
            drivers: self.drivers.carried(|(key, measure, _)| {
                holds(key, since.concerned.contains(measure)) && !is_noted(key, measure)
            }),
            // A unit that is read below may have stood elsewhere before, where its season is.
            below: self.below.carried_with(|(key, measure, ..), below| {
                let mut units = below.units();
                rests_on(key, measure) && !units.any(|unit| since.rejudges(*measure, unit))
            }),
            said: self
                .said
                .carried(|key| holds(key, since.is_observed() || since.is_noted(None))),
            looked_up: self.looked_up.carried(since),
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
            let (key, frequency) = &place;
            if !since.keeps(key.known_at, key.plan_at, false) {
                continue;
            }
            let first = since.first_day_of_trends(*frequency, &key.period);
            let left = match key.known_at {
                Some(_) => Arc::clone(&values),
                None => values.left(|of| since.leaves(of, (*frequency, first))),
            };
            if Arc::ptr_eq(&left, &values)
                && let Some(pool) = self.pools.get(&place)
            {
                pools.put(place, pool, 1);
            }
            read.put(place, left, weight);
        }
        (pools, read)
    }

    /// The trends of what was newest that are not kept, each with what still holds of it.
    fn trends_before(
        &self,
        since: &Since,
        kept: &Remembered<(ScorecardKey, MeasureId), Arc<Trend>>,
    ) -> Remembered<(ScorecardKey, MeasureId), Before> {
        let before = Remembered::new(TRENDS);
        let newest = self.trends.entries().into_iter();
        let newest = newest.map(|(of, trend, _)| (of, (trend, Date::MAX)));
        let older = self.trends_before.entries().into_iter();
        let older = older.map(|(of, before, _)| (of, before));
        for ((key, measure), (trend, day)) in newest.chain(older) {
            let of = (key, measure);
            let is_newest = since.keeps(key.known_at, key.plan_at, false);
            if is_newest && kept.get(&of).is_none() && before.get(&of).is_none() {
                let from = since.rejudges_from(measure, key.unit);
                let day = from.map_or(day, |from| day.min(from));
                before.put(of, (trend, day), 1);
            }
        }
        before
    }

    /// The scorecards of what was newest, each with what became known since it was made.
    fn earlier(&self, since: &Since) -> Remembered<ScorecardKey, Earlier> {
        if !since.is_observed() {
            return self.earlier.carried(|_| true);
        }
        let earlier = Remembered::new(SCORECARDS);
        for (key, mut older, weight) in self.earlier.entries() {
            if self.scorecards.get(&key).is_none() {
                if since.rejudges_at(key.unit) {
                    let observed = older.observed.union(&since.observed).copied().collect();
                    older.observed = Arc::new(observed);
                }
                earlier.put(key, older, weight);
            }
        }
        let observed = Arc::new(since.observed.clone());
        for (key, scorecard, weight) in self.scorecards.entries() {
            if key.known_at.is_none() && since.rejudges_at(key.unit) {
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

/// By what a scorecard is weighed: its readings.
pub(super) fn weight_of_scorecard(scorecard: &Scorecard) -> usize {
    scorecard.measures.len() + scorecard.nodes.len()
}

/// Which share the pages of a place take of what is remembered: the greatest of the shares of its scorecard among scorecards, and
/// of its measures among trends and outlooks.
pub(crate) fn share_of_place(scorecard: &Scorecard) -> f64 {
    let of = |weight: usize, limits: Limits| weight as f64 / limits.heaviest as f64;
    let measures = scorecard.measures.len();
    of(weight_of_scorecard(scorecard), SCORECARDS)
        .max(1.0 / SCORECARDS.most as f64)
        .max(of(measures, TRENDS))
        .max(of(measures, OUTLOOKS))
}

/// By what a plan is weighed: how many of the records it has of which there are most.
pub(super) fn weight_of(plan: &Model) -> usize {
    plan.measures().len() + plan.targets().len()
}
