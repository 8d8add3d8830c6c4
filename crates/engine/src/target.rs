//! What a measure should be: whose target holds, its path, its floor, and how they add up over periods (SEMANTICS 4).

use std::rc::Rc;
use std::sync::Arc;

use throughline_core::calendar::Calendar;
use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::path::{Anchor, TargetPath};
use throughline_model::records::{
    Below, Better, Floor, Joined, Measure, MeasureKind, OverTime, OverUnits, Target,
};

use crate::aggregate::Ways;
use crate::compare::sum;
use crate::evaluator::Evaluator;
use crate::explanation::FloorRule;
use crate::reading::Edge;
use crate::season::Season;
use crate::value::ValuePeriod;

/// The target that a unit is held to.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) target: Arc<Entry<Target>>,
    /// Whether it is the unit's own; an inherited one lends path and floor, but no baseline.
    pub(crate) is_own: bool,
}

/// Target, floor and baseline of a reading.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standard {
    pub(crate) target: Edge,
    pub(crate) floor: Edge,
    pub(crate) baseline: Option<f64>,
    pub(crate) last: Option<f64>,
}

/// Target and floor of one of the measure's periods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PeriodStandard {
    pub(crate) target: Edge,
    pub(crate) floor: Edge,
    pub(crate) floor_rule: FloorRule,
}

impl Evaluator<'_> {
    /// The target that holds for a measure at a unit: its own, or else the nearest one above that is a standard below.
    pub(crate) fn held(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: &Period,
    ) -> Option<Held> {
        let index = self.plan.index();
        measure.better?;
        if let Some(target) = index.target(measure.id(), unit) {
            return Some(Held {
                target: Arc::clone(target),
                is_own: true,
            });
        }
        if !index.has_targets(measure.id()) || Ways::of(measure).over_units == OverUnits::Sum {
            return None;
        }
        let mut above = index.units_on(period.middle()).ancestors(unit);
        let standard = above.find_map(|above| {
            index
                .target(measure.id(), above)
                .filter(|target| target.below == Below::Standard)
        });
        standard.map(|target| Held {
            target: Arc::clone(target),
            is_own: false,
        })
    }
}

/// The path of a target over the periods of its measure, with floors and season.
pub(crate) struct Path<'a> {
    measure: &'a Measure,
    target: &'a Target,
    better: Better,
    way: TargetPath<'a>,
    season: Option<Rc<Season>>,
}

impl<'a> Path<'a> {
    pub(crate) fn new(
        measure: &'a Measure,
        target: &'a Target,
        calendar: &'a Calendar,
        season: Option<Rc<Season>>,
    ) -> Option<Self> {
        Some(Path {
            measure,
            target,
            better: measure.better?,
            way: TargetPath::of(measure, target, calendar),
            season,
        })
    }

    /// Target and floor of a period; `None` where there is no target.
    pub(crate) fn at(&self, index: i32) -> Option<PeriodStandard> {
        let shift = self
            .season
            .as_ref()
            .map_or(0.0, |season| season.deviation(index));
        if let Some(range) = self.target.better_range {
            let target = Edge::Range(range.low, range.high);
            let (floor, floor_rule) = match self.target.floor {
                Some(Floor::Range(floor)) => {
                    (Edge::Range(floor.low, floor.high), FloorRule::Stated)
                }
                _ => default_range_floor(range.low, range.high),
            };
            return Some(PeriodStandard {
                target: target.shifted(shift),
                floor: floor.shifted(shift),
                floor_rule,
            });
        }
        let stated = self.way.stated(index)?;
        let shares = self.way.shares(index);
        let (floor, floor_rule) = match self.target.floor {
            Some(Floor::Number(floor)) => (floor, FloorRule::Stated),
            _ => self.default_floor(stated),
        };
        Some(PeriodStandard {
            target: Edge::Number(stated / shares + shift),
            floor: Edge::Number(floor / shares + shift),
            floor_rule,
        })
    }

    /// The floor where none is set, of a period whose target is `target` (SEMANTICS 5).
    fn default_floor(&self, target: f64) -> (f64, FloorRule) {
        let worse = if self.better == Better::Lower {
            1.0
        } else {
            -1.0
        };
        let baseline = self.way.baseline().and_then(|baseline| baseline.value);
        let last = self.way.last_point().and_then(|point| point.value);
        if let (Some(baseline), Some(last)) = (baseline, last)
            && (last - baseline) * worse < 0.0
        {
            let planned = (last - baseline).abs();
            let half_behind = target + worse * planned / 2.0;
            let going_back = baseline + worse * planned / 4.0;
            // Of the two the one that is less far to the worse side.
            let floor = if (half_behind - going_back) * worse < 0.0 {
                half_behind
            } else {
                going_back
            };
            return (floor, FloorRule::FromBaseline);
        }
        let is_share = matches!(self.measure.kind, MeasureKind::Ratio | MeasureKind::YesNo)
            && self.measure.is_shown_as_percent();
        if is_share && target > 0.0 && target < 1.0 {
            let width = (target.max(1.0 - target) / 10.0).min(target.min(1.0 - target) / 2.0);
            return (target + worse * width, FloorRule::OfAShare);
        }
        (target + worse * target.abs() / 10.0, FloorRule::TenPercent)
    }

    /// What the target states for a period itself, where its line comes to something else over the period's parts.
    pub(crate) fn stated_for(&self, period: &Period) -> Option<f64> {
        if self.target.joined != Joined::Line || Ways::of(self.measure).over_time != OverTime::Sum {
            return None;
        }
        let mut points = self.target.points.iter();
        points.find(|point| point.period == *period)?.value.number()
    }

    /// Target, floor and baseline over periods: summed, averaged, or those of the last one, as values are.
    pub(crate) fn over(&self, periods: &[ValuePeriod], is_own: bool) -> Option<Standard> {
        let counted: Vec<&ValuePeriod> = periods.iter().filter(|period| period.counts).collect();
        let periods = if counted.is_empty() {
            periods.iter().collect()
        } else {
            counted
        };
        let over_time = Ways::of(self.measure).over_time;
        let (target, floor) = match over_time {
            OverTime::Sum => {
                let all: Option<Vec<PeriodStandard>> =
                    periods.iter().map(|period| self.at(period.index)).collect();
                let all = all.filter(|all| !all.is_empty())?;
                (
                    Edge::sum(all.iter().map(|one| one.target)),
                    Edge::sum(all.iter().map(|one| one.floor)),
                )
            }
            OverTime::Mean => self.averaged(&periods)?,
            OverTime::Last | OverTime::Max | OverTime::Min => {
                let last = self.at(periods.last()?.index)?;
                (last.target, last.floor)
            }
        };
        let times = if over_time == OverTime::Sum {
            periods.len() as f64
        } else {
            1.0
        };
        let own = |anchor: Option<&Anchor>| {
            let anchor = anchor.filter(|_| is_own)?;
            Some(anchor.value? / self.way.shares_of(anchor) * times)
        };
        Some(Standard {
            target,
            floor,
            baseline: own(self.way.baseline()),
            last: own(self.way.last_point()),
        })
    }

    /// The averages over the periods that have a target, each weighing what it weighs in the value.
    fn averaged(&self, periods: &[&ValuePeriod]) -> Option<(Edge, Edge)> {
        let found: Vec<(PeriodStandard, f64)> = periods
            .iter()
            .filter_map(|period| Some((self.at(period.index)?, period.weight)))
            .collect();
        let weight = sum(found.iter().map(|(_, weight)| *weight));
        let mean = |edge: fn(&PeriodStandard) -> Edge| {
            let weighed = found
                .iter()
                .map(|(one, weight)| (edge(one), if weight.is_nan() { 1.0 } else { *weight }));
            if weight > 0.0 {
                Edge::mean(weighed)
            } else {
                Edge::mean(found.iter().map(|(one, _)| (edge(one), 1.0)))
            }
        };
        Some((mean(|one| one.target)?, mean(|one| one.floor)?))
    }
}

/// Half the width of the range beyond either edge; 10 % of the edge where there is no width.
fn default_range_floor(low: f64, high: f64) -> (Edge, FloorRule) {
    let width = if low == high {
        low.abs() / 10.0
    } else {
        (high - low) / 2.0
    };
    (
        Edge::Range(low - width, high + width),
        FloorRule::HalfTheRange,
    )
}
