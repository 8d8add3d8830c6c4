//! By what measures and the nodes above them are put in order: the worst first, or the names.

use throughline_app::insight::{Outlook, Verdict};
use throughline_app::words::names;
use throughline_app::{AppError, ReadScorecard};
use throughline_core::MeasureId;
use throughline_engine::{ChildKey, ChildReading, Edge, MeasureReading, NodeReading, Status};
use throughline_insight::signals::State;

use super::{Depth, Maker};
use crate::parts::signal::SignalMark;
use crate::parts::sorting::{Column, Sort, SortKey};
use crate::viewer::Viewer;

/// The most measures at a unit whose signals and chances are read all at once, which it takes to sort by them and to sum them
/// up.
pub(crate) const JUDGED_MAX: usize = 400;

/// A measure with how it counts in a node.
type Counted<'a> = (MeasureId, Option<&'a ChildReading>);

/// The columns of measures, of which the first is headed by these words.
#[must_use]
pub(crate) fn columns(read: &ReadScorecard, first: &'static str) -> [Column; 9] {
    let judged = |name: &'static str, words| match read.scorecard.measures.len() {
        ..=JUDGED_MAX => Column::by(name, words),
        _ => Column::plain(words),
    };
    [
        Column::by("name", first),
        Column::by("status", "Status"),
        Column::plain("Actual").of_class("right"),
        Column::plain("Plan").of_class("right"),
        Column::by("plan", "Against plan").of_class("gap"),
        Column::plain("Course").of_class("trend"),
        judged("signal", "Signal"),
        judged("likely", "Likely").of_class("wraps"),
        Column::by("owner", "Owner"),
    ]
}

/// Whether an order rests on what the points of measures say.
fn is_judged(sort: Sort) -> bool {
    matches!(sort.column(), "signal" | "likely")
}

/// Measures in an order, and whether some of what it rests on is still being worked out.
///
/// # Errors
/// If the trends cannot be evaluated.
pub(crate) async fn in_order<'a>(
    viewer: &Viewer,
    read: &ReadScorecard,
    sort: Sort,
    measures: Vec<Counted<'a>>,
) -> Result<(Vec<Counted<'a>>, bool), AppError> {
    let mut maker = Maker::new(viewer, read, Depth::Everything);
    if is_judged(sort) {
        let all = measures.iter().map(|(id, _)| *id);
        maker.read_trends(viewer, all).await?;
    }
    let key = |(id, _): &Counted<'_>, column: &'static str| maker.key_of_measure(*id, column);
    Ok((sort.order(measures, key), maker.is_awaited))
}

impl Maker<'_> {
    /// Reads what the points of all measures say, if the order rests on it.
    pub(super) async fn read_for_order(&mut self, viewer: &Viewer) -> Result<(), AppError> {
        if !is_judged(self.sort) {
            return Ok(());
        }
        let all = self.read.scorecard.measures.iter();
        let all: Vec<MeasureId> = all.map(|reading| reading.measure).collect();
        self.read_trends(viewer, all.into_iter()).await
    }

    /// What a measure has in a column.
    pub(super) fn key_of_measure(&self, id: MeasureId, column: &str) -> SortKey {
        let measure = self.model.measures().get(id);
        let reading = || self.read.scorecard.measure(id);
        match column {
            "name" => measure.map_or(SortKey::Nothing, |one| SortKey::words(&one.name)),
            "status" => reading().map_or(SortKey::Nothing, |reading| severity(reading.status)),
            "plan" => SortKey::number(reading().and_then(against_plan)),
            "signal" => {
                let trend = self.trends.get(&id);
                let shown = &self.read.selected.period;
                let mark = trend.and_then(|trend| SignalMark::of(trend, shown));
                SortKey::number(mark.map(|mark| urgency(mark.verdict)))
            }
            "likely" => {
                let foresight = self.foresights.get(&id);
                let outlook = foresight.and_then(|one| one.as_ref().as_ref().ok());
                let goal = outlook.and_then(Outlook::goal);
                SortKey::number(goal.map(|(_, aimed)| aimed.chance.share))
            }
            "owner" => self.key_of_owner(self.owner_of_measure(id)),
            _ => SortKey::Nothing,
        }
    }

    /// What a node has in a column: of its own, or of that of its measures which comes first.
    pub(super) fn key_of_node(&self, node: &NodeReading, column: &'static str) -> SortKey {
        match column {
            "name" => SortKey::words(&names::name(self.model, names::of_node(node.node))),
            "status" => severity(node.status),
            "owner" => self.key_of_owner(self.owner_of(node.node)),
            _ => {
                let measures = node.children.iter().filter_map(|child| match child.child {
                    ChildKey::Measure(id) => Some(self.key_of_measure(id, column)),
                    ChildKey::Objective(_) => None,
                });
                let keys = self.sort.order(measures.collect(), |key, _| key.clone());
                keys.into_iter().next().unwrap_or(SortKey::Nothing)
            }
        }
    }

    fn key_of_owner(&self, owner: Option<super::Owner>) -> SortKey {
        owner.map_or(SortKey::Nothing, |owner| SortKey::words(&owner.name))
    }
}

/// The worst status first, and last what cannot be judged.
fn severity(status: Status) -> SortKey {
    SortKey::Number(match status {
        Status::OffTrack => 0.0,
        Status::AtRisk => 1.0,
        Status::OnTrack => 2.0,
        Status::NoTarget => 3.0,
        Status::NoData => 4.0,
    })
}

/// How a value stands against its target, so that measures of all units compare: its score, and beyond the ends of that the
/// gap as a share of the target.
fn against_plan(reading: &MeasureReading) -> Option<f64> {
    let (score, gap) = (reading.score?, reading.gap?);
    let size = match reading.target? {
        Edge::Number(number) => number.abs(),
        Edge::Range(low, high) => low.abs().max(high.abs()),
    };
    let is_at_an_end = score <= 0.0 || score >= 100.0;
    Some(match is_at_an_end && size > 0.0 {
        true => score + gap / size,
        false => score,
    })
}

/// What asks for a look comes first.
fn urgency(verdict: Verdict) -> f64 {
    match verdict {
        Verdict::Of(State::Worsening) => 0.0,
        Verdict::Doubtful => 1.0,
        Verdict::Of(State::Moved) => 2.0,
        Verdict::Of(State::Improving) => 3.0,
        Verdict::Of(State::Steady) => 4.0,
        Verdict::TooFew => 5.0,
    }
}
