//! Points of targets that are not what was first agreed, with who moved them, when and why.

use askama::Template;
use throughline_app::history::{Drift, target_drift};
use throughline_app::words::{self, names, numbers};
use throughline_model::{Kind, Model};

use super::history::{ViewLink, views};
use super::links;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::place_bar::of_today;
use crate::parts::told_changes::who;
use crate::viewer::Viewer;

/// How many moved points are shown.
const MOVED_MAX: usize = 200;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "moved_targets.html")]
pub struct MovedTargetsPage {
    /// What is around it.
    pub frame: Frame,
    /// What else of the history there is.
    pub views: Vec<ViewLink>,
    /// Of which targets it tells, and how many moved, in a sentence.
    pub said: String,
    /// The points that moved, in the order of the plan.
    pub moved: Vec<MovedRow>,
    /// How many more there are.
    pub more: usize,
}

/// A point that moved.
#[derive(Debug, Clone)]
pub struct MovedRow {
    /// The measure, and its unit.
    pub measure: String,
    /// Its page at the unit of the target.
    pub href: Option<String>,
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// What was first agreed.
    pub agreed: String,
    /// What it is today.
    pub today: String,
    /// How far it moved.
    pub moved: String,
    /// How often.
    pub changes: String,
    /// Who moved it last, when and why.
    pub last: String,
    /// The page of that commit.
    pub commit: Option<String>,
}

/// Shows the targets that moved: of the unit that the address names, else of all.
///
/// # Errors
/// As of the use case; what may not be read is not there.
pub async fn get(viewer: Viewer) -> PageResult {
    let meant = viewer.selected().await?;
    let read = target_drift(&viewer.ctx, None, viewer.place.unit.as_deref()).await?;
    let of = match &viewer.place.unit {
        Some(_) => meant.unit_name(),
        None => "every unit".to_owned(),
    };
    let targets = words::count(read.targets as u64, "target");
    let frame = Frame::at(&viewer, Section::History, "Targets that moved", &meant);
    page(&MovedTargetsPage {
        frame: frame
            .of_no_period()
            .below("History", links::page(&viewer.place, "history"))
            .below("Moved targets", None),
        views: views(&viewer, "moved_targets"),
        said: match read.drifts.len() {
            0 => {
                format!(
                    "No target differs from what was first agreed. Looked at: {targets} of {of}."
                )
            }
            moved => format!(
                "{} moved. Looked at: {targets} of {of}.",
                words::count(moved as u64, "point")
            ),
        } + of_today(&viewer.place),
        moved: read
            .drifts
            .iter()
            .take(MOVED_MAX)
            .filter_map(|drift| {
                let mut row = MovedRow::of(drift, &read.model, &viewer)?;
                row.href = row.href.filter(|_| meant.may_read(drift.unit));
                Some(row)
            })
            .collect(),
        more: read.drifts.len().saturating_sub(MOVED_MAX),
    })
}

impl MovedRow {
    fn of(drift: &Drift, model: &Model, viewer: &Viewer) -> Option<MovedRow> {
        let measure = model.measures().get(drift.measure)?;
        let unit = (Kind::Unit, drift.unit.as_uuid());
        let stated = |value: Option<f64>| match value {
            Some(_) => numbers::bare(value, measure),
            None => "none".to_owned(),
        };
        let moved = drift.agreed.zip(drift.today);
        let moved = moved.map(|(agreed, today)| numbers::change(Some(today - agreed), measure));
        let reason = drift.changed_in.commit.reason.as_ref();
        let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        let place = viewer.place.at_unit(names::key(model, unit));
        Some(MovedRow {
            measure: numbers::name_with_unit(measure),
            href: links::measure(&place, measure.key.as_str()),
            unit: names::name(model, unit),
            period: words::period(&drift.period, model.calendar()),
            agreed: stated(drift.agreed),
            today: stated(drift.today),
            moved: moved.unwrap_or_default(),
            changes: match drift.changes {
                1 => "once".to_owned(),
                2 => "twice".to_owned(),
                many => format!("{many} times"),
            },
            last: format!("{}{reason}", who(&drift.changed_in, model)),
            commit: links::commit(&viewer.place, drift.changed_in.commit.number.0),
        })
    }
}
