//! Changes of the plan in words, kind by kind.

use std::sync::Arc;

use askama::Template;
use throughline_app::words::{names, numbers};
use throughline_app::{AppError, words};
use throughline_core::finding::Segment;
use throughline_core::{LinkId, TargetId, UnitId};
use throughline_model::diff::{Changed, Difference};
use throughline_model::tree::Tree;
use throughline_model::{Kind, Model};
use uuid::Uuid;

use crate::pages::links;
use crate::place::Place;
use crate::viewer::Viewer;

/// How many changes a page about the plan tells.
pub const CHANGES_MAX: usize = 200;

/// How many changes stand open; of more, each kind is opened by itself.
const UNFOLDED_MAX: usize = 40;

/// Changes in words.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/changes.html")]
pub struct Changes {
    /// Them, by kind.
    pub groups: Vec<Group>,
    /// How many more there are.
    pub more: usize,
    /// Whether each kind is folded up, because together they are longer than anybody reads.
    pub is_long: bool,
}

/// The heading of changes of a kind, as pages call it.
fn heading(kind: Kind) -> String {
    match kind {
        Kind::Note => "Notes on charts".to_owned(),
        Kind::Remark => "Notes of reviews".to_owned(),
        Kind::Cause => "Root causes".to_owned(),
        _ => words::sentence(&kind.section().replace('_', " ")),
    }
}

/// The changes of the records of one kind.
#[derive(Debug, Clone)]
pub struct Group {
    /// `Targets`
    pub name: String,
    /// Each change.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// It, in one line.
    pub line: String,
    /// What long texts were and are, line by line.
    pub texts: Vec<String>,
    /// The page of the record.
    pub href: Option<String>,
}

/// What there is today, and may be read: links lead nowhere else, whatever was there when something changed.
pub struct Today {
    model: Arc<Model>,
    may_read: Box<dyn Fn(UnitId) -> bool + Send + Sync>,
}

impl Today {
    /// As a viewer sees it.
    ///
    /// # Errors
    /// If the plan of today cannot be read.
    pub async fn of(viewer: &Viewer) -> Result<Today, AppError> {
        let snapshot = viewer.ctx.snapshot();
        Ok(Today {
            model: snapshot
                .map(|newest| newest.model.clone())
                .unwrap_or_default(),
            may_read: Box::new(viewer.ctx.may_read_at().await?),
        })
    }

    /// The page of a record.
    fn page(&self, (kind, id): (Kind, Uuid), place: &Place) -> Option<String> {
        match kind {
            // A target is read at its measure and unit.
            Kind::Target => {
                let target = self.model.targets().get(TargetId::from_uuid(id))?;
                let measure = self.model.measures().get(target.measure)?;
                let unit = self.unit(target.unit)?;
                links::measure(&place.at_unit(unit), measure.key.as_str())
            }
            Kind::Unit => links::record(place, kind, &self.unit(UnitId::from_uuid(id))?),
            _ => links::record(place, kind, &self.model.key_of(kind, id)?),
        }
    }

    /// A difference in words, with the names that people know where there are any.
    fn told(&self, difference: &Difference) -> String {
        let told = format!("{difference:#}");
        let Some(subject) = self.subject(difference) else {
            return told;
        };
        match self.point(difference) {
            Some(point) => format!("{subject}, {point}"),
            None => match told.strip_prefix(&difference.subject()) {
                Some(rest) => format!("{subject}{rest}"),
                None => told,
            },
        }
    }

    /// The record of a difference: `objective “On time”`, `target of On-time arrivals at Newark`, `link from “Push back on the
    /// minute” to “Flights leave on time”`.
    fn subject(&self, difference: &Difference) -> Option<String> {
        let (kind, id) = (difference.kind, difference.id?);
        if kind == Kind::Target {
            let target = self.model.targets().get(TargetId::from_uuid(id))?;
            let measure = self.model.measures().get(target.measure)?;
            let unit = self.model.units().get(target.unit)?;
            return Some(format!("target of {} at {}", measure.name, unit.name));
        }
        if kind == Kind::Link {
            let link = self.model.links().get(LinkId::from_uuid(id))?;
            let [cause, effect] =
                [link.from, link.to].map(|end| names::name(&self.model, (end.kind(), end.uuid())));
            return Some(format!("link from “{cause}” to “{effect}”"));
        }
        let name = names::name(&self.model, (kind, id));
        let is_named = self.model.record(kind, id).is_some() && name != difference.key;
        is_named.then(|| format!("{kind} “{name}”"))
    }

    /// A point of a target that moved: `week 52 2017: 84.0% → 80.0%`.
    fn point(&self, difference: &Difference) -> Option<String> {
        let (Kind::Target, Changed::Part(part)) = (difference.kind, &difference.change) else {
            return None;
        };
        let target = self
            .model
            .targets()
            .get(TargetId::from_uuid(difference.id?))?;
        let measure = self.model.measures().get(target.measure)?;
        let [
            Segment::Field(list),
            Segment::Key(period),
            Segment::Field(field),
        ] = part.path.segments()
        else {
            return None;
        };
        if list != "points" || field != "value" {
            return None;
        }
        let calendar = self.model.calendar();
        let period = words::period(&calendar.parse_period(period).ok()?, calendar);
        let value = |tree: &Option<Tree>| {
            let number = tree.as_ref()?.scalar()?.parse().ok()?;
            Some(numbers::exact(Some(number), measure))
        };
        let (before, after) = (value(&part.before)?, value(&part.after)?);
        Some(format!("{period}: {before} -> {after}"))
    }

    /// The key of a unit that may be read.
    fn unit(&self, unit: UnitId) -> Option<String> {
        let found = self.model.units().get(unit)?;
        (self.may_read)(unit).then(|| found.key.to_string())
    }
}

impl Changes {
    /// The first ones of the differences.
    #[must_use]
    pub fn of(differences: &[Difference], most: usize, place: &Place, today: &Today) -> Changes {
        let mut groups: Vec<Group> = Vec::new();
        let shown = differences.get(..most).unwrap_or(differences);
        for kind in Kind::ALL {
            let of_kind = shown.iter().filter(|difference| difference.kind == kind);
            let changes: Vec<Change> = of_kind.map(|one| change(one, place, today)).collect();
            if !changes.is_empty() {
                groups.push(Group {
                    name: heading(kind),
                    changes,
                });
            }
        }
        Changes {
            is_long: groups.len() > 1 && shown.len() > UNFOLDED_MAX,
            groups,
            more: differences.len() - shown.len(),
        }
    }
}

fn change(difference: &Difference, place: &Place, today: &Today) -> Change {
    let told = today.told(difference).replace(" -> ", " → ");
    let mut lines = told.lines().map(str::to_owned);
    let line = words::sentence(&lines.next().unwrap_or_default());
    Change {
        line,
        texts: lines.collect(),
        href: difference
            .id
            .and_then(|id| today.page((difference.kind, id), place)),
    }
}
