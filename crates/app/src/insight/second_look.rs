//! Green outside, red inside: why what is on track may not be, of a measure at a unit and of what measures are read for.
//!
//! Nobody can set a status by hand in this product, so no doubt comes from there.

use throughline_core::UnitId;
use throughline_core::hash::Map;
use throughline_engine::{ChildKey, ChildReading, MeasureReading, NodeKey, NodeReading, Status};
use throughline_insight::sentences;
use throughline_insight::watermelon::{self, Child, Doubt, Margin, OnTrack, share_off_track};
use throughline_model::Model;

use super::outlook::{Foresight, Outlook};
use crate::scorecard::ReadScorecard;
use crate::trend::Trend;
use crate::words::names;

/// How a unit stands that is right below another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitBelow {
    /// The unit.
    pub unit: UnitId,
    /// Its status.
    pub status: Status,
    /// The share of the units right below it that are off track, from 0 to 1, among those that are judged.
    pub off_track_within: f64,
}

/// The share of units that are off track, among those that are judged: units weigh alike.
pub(crate) fn share_of_units(statuses: impl Iterator<Item = Status>) -> f64 {
    let judged = statuses.filter(|status| status.is_judgement());
    let children: Vec<Child> = judged
        .map(|status| Child {
            weight: 1.0,
            is_off_track: status == Status::OffTrack,
            off_track_within: 0.0,
        })
        .collect();
    share_off_track(&children)
}

/// Why a measure that is on track deserves a second look, in a sentence: units below that are off track, a target that is
/// not likely to be reached, a value within noise of the next worse status, or data that are late.
#[must_use]
pub fn doubts_in_words(
    reading: &MeasureReading,
    trend: &Trend,
    foresight: Option<&Foresight>,
    (below, model): (&[UnitBelow], &Model),
) -> Option<String> {
    if reading.status != Status::OnTrack {
        return None;
    }
    let outlook = foresight.and_then(|foresight| foresight.as_ref().ok());
    let chance = outlook.and_then(Outlook::goal);
    let judged: Vec<&UnitBelow> = below
        .iter()
        .filter(|below| below.status.is_judgement())
        .collect();
    let children: Vec<Child> = judged
        .iter()
        .map(|below| Child {
            weight: 1.0,
            is_off_track: below.status == Status::OffTrack,
            off_track_within: below.off_track_within,
        })
        .collect();
    let doubts = watermelon::doubts(&OnTrack {
        children: &children,
        chance: chance.map(|(_, aimed)| aimed.chance.rounded()),
        margin: margin(reading, trend),
        is_late: reading.late,
        is_overridden: false,
    });
    let name = |child: usize| {
        let unit = model.units().get(judged[child].unit);
        unit.map_or_else(String::new, |unit| unit.name.clone())
    };
    sentences::doubts(&doubts, &name)
}

/// How near a measure is to the next worse status, where its points are of the period that is read: how far points spread
/// says nothing of a longer one.
fn margin(reading: &MeasureReading, trend: &Trend) -> Option<Margin> {
    let limits = trend.signals.reading.as_ref()?.current().limits;
    let (_, newest) = trend.readings.last()?;
    let of_point = Some(newest).filter(|newest| newest.shown_period == reading.shown_period)?;
    Some(Margin {
        distance: of_point.gap?.max(0.0),
        sigma: limits.sigma(),
    })
}

/// Why an objective, an outcome or a behaviour that is on track deserves a second look, in a sentence: what it is read by is
/// off track, directly or further below, by the weights of the plan; or its data are late. It has no target of its own
/// that there could be a chance of.
#[must_use]
pub fn node_doubts_in_words(read: &ReadScorecard, node: &NodeReading) -> Option<String> {
    let part = part_of(node);
    let doubts = node_doubts(read, node);
    let name = |child: usize| {
        let record = names::of_child(part[child].child);
        format!("“{}”", names::name(&read.selected.model, record))
    };
    sentences::doubts(&doubts, &name)
}

/// Whether a node that is on track has below it what is off track.
#[must_use]
pub fn is_red_inside(read: &ReadScorecard, node: &NodeReading) -> bool {
    node_doubts(read, node).iter().any(|doubt| {
        matches!(
            doubt,
            Doubt::ChildOffTrack { .. } | Doubt::WeightOffTrack { .. }
        )
    })
}

fn node_doubts(read: &ReadScorecard, node: &NodeReading) -> Vec<Doubt> {
    if node.status != Status::OnTrack {
        return Vec::new();
    }
    let part = part_of(node);
    let mut known = Map::default();
    let is_late = part.iter().any(|child| match child.child {
        ChildKey::Measure(id) => read.scorecard.measure(id).is_some_and(|one| one.late),
        ChildKey::Objective(_) => false,
    });
    watermelon::doubts(&OnTrack {
        children: &children(read, &part, &mut known),
        is_late,
        ..OnTrack::default()
    })
}

/// What takes part in a node.
fn part_of(node: &NodeReading) -> Vec<&ChildReading> {
    let children = node.children.iter();
    children.filter(|child| child.takes_part).collect()
}

/// What takes part, with its weight and the share that is off track within it, down to the last measure. What supports
/// several objectives is looked at once.
fn children(
    read: &ReadScorecard,
    part: &[&ChildReading],
    known: &mut Map<NodeKey, f64>,
) -> Vec<Child> {
    let child = |child: &&ChildReading| Child {
        weight: child.weight,
        is_off_track: child.status == Status::OffTrack,
        off_track_within: match child.child {
            ChildKey::Measure(_) => 0.0,
            ChildKey::Objective(id) => within(read, NodeKey::Objective(id), known),
        },
    };
    part.iter().map(child).collect()
}

/// The share of the weight within a node that is off track. Objectives that support each other in a circle are no nodes of
/// a scorecard, so this ends.
fn within(read: &ReadScorecard, key: NodeKey, known: &mut Map<NodeKey, f64>) -> f64 {
    if let Some(share) = known.get(&key) {
        return *share;
    }
    let share = match read.scorecard.node(key) {
        Some(node) => share_off_track(&children(read, &part_of(node), known)),
        None => 0.0,
    };
    known.insert(key, share);
    share
}
