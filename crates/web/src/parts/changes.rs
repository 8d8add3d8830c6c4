//! Changes of the plan in words, kind by kind.

use askama::Template;
use throughline_app::words;
use throughline_model::Kind;
use throughline_model::diff::{Changed, Difference};

use crate::pages::links;
use crate::place::Place;

/// How many changes a page about the plan tells.
pub const CHANGES_MAX: usize = 200;

/// Changes in words.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/changes.html")]
pub struct Changes {
    /// Them, by kind.
    pub groups: Vec<Group>,
    /// How many more there are.
    pub more: usize,
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

impl Changes {
    /// The first ones of the differences.
    #[must_use]
    pub fn of(differences: &[Difference], most: usize, place: &Place) -> Changes {
        let mut groups: Vec<Group> = Vec::new();
        let shown = differences.get(..most).unwrap_or(differences);
        for kind in Kind::ALL {
            let of_kind = shown.iter().filter(|difference| difference.kind == kind);
            let changes: Vec<Change> = of_kind.map(|one| change(one, place)).collect();
            if !changes.is_empty() {
                groups.push(Group {
                    name: words::sentence(&kind.section().replace('_', " ")),
                    changes,
                });
            }
        }
        Changes {
            groups,
            more: differences.len() - shown.len(),
        }
    }
}

fn change(difference: &Difference, place: &Place) -> Change {
    let told = format!("{difference:#}").replace(" -> ", " → ");
    let mut lines = told.lines().map(str::to_owned);
    let line = words::sentence(&lines.next().unwrap_or_default());
    Change {
        line,
        texts: lines.collect(),
        href: match (&difference.change, difference.kind) {
            (Changed::Retired(_), _) => None,
            // A target is read at its measure and unit.
            (_, Kind::Target) => {
                let (measure, unit) = difference.key.split_once('@').unwrap_or_default();
                links::measure(&place.at_unit(unit), measure)
            }
            (_, kind) if difference.id.is_some() => links::record(place, kind, &difference.key),
            _ => None,
        },
    }
}
