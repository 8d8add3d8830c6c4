//! Units and people: the units at and below the chosen one, who works there, and what each answers for.

use std::collections::{HashMap, HashSet};

use askama::Template;
use throughline_app::{DutyPart, Selected, each_duty, words};
use throughline_core::{Period, PersonId, UnitId};
use throughline_model::index::UnitTree;
use throughline_model::records::Person;
use throughline_model::{Entry, Kind, Model};

use super::links;
use crate::address::Query;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section, initials};
use crate::parts::pages::{ListState, Pages, Stretch, at_row};
use crate::place::Place;
use crate::viewer::Viewer;

/// How many rows a page has.
const ROWS_MAX: usize = 100;
/// How deep names move to the right; what is deeper stands no further.
const INDENT_MAX: usize = 4;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "people.html")]
pub struct PeoplePage {
    /// What is around it.
    pub frame: Frame,
    /// How many units and people there are, in a sentence.
    pub counted: String,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// The ways to the others.
    pub pages: Pages,
}

/// A unit, a person, or units of which nobody is named.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The class: `place-row`, `bare`, `one-person` or `others`, with its depth.
    pub class: String,
    /// Its name.
    pub name: String,
    /// The initials of a person.
    pub initials: String,
    /// Where it leads.
    pub href: Option<String>,
    /// The level of a person, or how many people are at and below a unit.
    pub about: String,
    /// Whom a person reports to.
    pub reports_to: String,
    /// What a person answers for.
    pub duties: String,
    /// The line of sight of a person.
    pub line: Option<String>,
}

enum Line<'a> {
    Unit(UnitId, usize),
    Person(&'a Entry<Person>, usize),
    /// Units below one, of which nobody is named: how many.
    Others(UnitId, usize, usize),
    /// The heading above people of no unit.
    NoUnit,
}

struct Maker<'a> {
    meant: &'a Selected,
    model: &'a Model,
    tree: &'a UnitTree,
    period: Period,
    place: &'a Place,
    path: &'a str,
    /// By unit, who works there.
    staff: HashMap<UnitId, Vec<&'a Entry<Person>>>,
    /// By unit, how many people work at and below it.
    people_below: HashMap<UnitId, usize>,
    /// Who works in no unit; they stand below the topmost units.
    of_no_unit: Vec<&'a Entry<Person>>,
    duties: HashMap<PersonId, Duties>,
}

/// How much a person answers for.
#[derive(Debug, Clone, Copy, Default)]
struct Duties {
    by_kind: [u64; Kind::ALL.len()],
    collects: u64,
    checks: u64,
}

/// Shows units and people.
///
/// # Errors
/// If there is no such unit or period.
pub async fn get(viewer: Viewer, Query(state): Query<ListState>) -> PageResult {
    let meant = viewer.selected().await?;
    let maker = Maker::of(&viewer, &meant);
    let lines = maker.lines(meant.unit);
    let stretch = Stretch::of(state.row, ROWS_MAX, lines.len());
    let mut rows = Vec::new();
    for line in stretch.rows(&lines) {
        let mut row = maker.row(line);
        if let Line::Person(person, _) = line {
            row.line = links::line_of_sight(&viewer, person).await;
        }
        rows.push(row);
    }
    page(&PeoplePage {
        frame: Frame::at(&viewer, Section::People, "Units and people", &meant),
        counted: maker.counted(meant.unit),
        rows,
        pages: stretch.pages("Rows", |row| at_row(&viewer, row)),
    })
}

impl<'a> Maker<'a> {
    fn of(viewer: &'a Viewer, meant: &'a Selected) -> Maker<'a> {
        let model: &Model = &meant.model;
        let tree = model.index().units_on(meant.period.middle());
        let mut staff: HashMap<UnitId, Vec<&Entry<Person>>> = HashMap::new();
        let mut of_no_unit: Vec<&Entry<Person>> = Vec::new();
        for person in model.people() {
            match person.unit {
                Some(unit) => staff.entry(unit).or_default().push(person),
                None => of_no_unit.push(person),
            }
        }
        let mut people_below: HashMap<UnitId, usize> = HashMap::new();
        for (unit, staff) in &staff {
            for at in std::iter::once(*unit).chain(tree.ancestors(*unit)) {
                *people_below.entry(at).or_default() += staff.len();
            }
        }
        let mut duties: HashMap<PersonId, Duties> = HashMap::new();
        each_duty(model, |person, duty| {
            let of = duties.entry(person).or_default();
            match duty.part {
                DutyPart::Owner => of.by_kind[duty.kind as usize] += 1,
                DutyPart::Steward => of.collects += 1,
                DutyPart::Validator => of.checks += 1,
            }
        });
        Maker {
            meant,
            model,
            tree,
            period: meant.period,
            place: &viewer.place,
            path: &viewer.path,
            staff,
            people_below,
            of_no_unit,
            duties,
        }
    }

    /// Whether a unit is there in the period that is shown, or in a part of it.
    fn is_there(&self, unit: UnitId) -> bool {
        let unit = self.model.units().get(unit);
        unit.is_some_and(|unit| {
            unit.from.is_none_or(|from| from <= self.period.last)
                && unit.to.is_none_or(|to| to >= self.period.first)
        })
    }

    fn units_below(&self, unit: UnitId) -> usize {
        let below = self.tree.with_descendants(unit).into_iter().skip(1);
        below.filter(|unit| self.is_there(*unit)).count()
    }

    fn people_below(&self, unit: UnitId) -> usize {
        self.people_below.get(&unit).copied().unwrap_or(0)
    }

    fn counted(&self, unit: UnitId) -> String {
        let units = self.units_below(unit);
        let people = self.people_below(unit);
        let units = match units {
            0 => "No units".to_owned(),
            units => words::count(units as u64, "unit"),
        };
        let people = match people {
            1 => "1 person".to_owned(),
            people => format!("{} people", words::grouped(people as u64)),
        };
        format!("{units} below, and {people} at this unit or below it.")
    }

    /// The lines at and below a unit: everything directly below it, and further down only units of which somebody is
    /// named.
    fn lines(&self, unit: UnitId) -> Vec<Line<'a>> {
        let mut lines = Vec::new();
        let mut seen = HashSet::new();
        // Units still to be shown, the next one last.
        let mut ahead = vec![Line::Unit(unit, 0)];
        while let Some(line) = ahead.pop() {
            let Line::Unit(at, depth) = line else {
                lines.push(line);
                continue;
            };
            // A circle, which a check refuses, must not go round for ever.
            if !seen.insert(at) {
                continue;
            }
            lines.push(line);
            let staff = self.staff.get(&at).map_or(&[][..], Vec::as_slice);
            lines.extend(staff.iter().map(|person| Line::Person(person, depth + 1)));
            let children = self.tree.children(at).iter().copied();
            let children = children.filter(|child| self.is_there(*child));
            let (shown, others): (Vec<UnitId>, Vec<UnitId>) =
                children.partition(|child| depth == 0 || self.people_below(*child) > 0);
            if !others.is_empty() {
                ahead.push(Line::Others(at, others.len(), depth + 1));
            }
            ahead.extend(
                shown
                    .into_iter()
                    .rev()
                    .map(|child| Line::Unit(child, depth + 1)),
            );
        }
        if self.tree.parent(unit).is_none() && !self.of_no_unit.is_empty() {
            lines.push(Line::NoUnit);
            let people = self.of_no_unit.iter();
            lines.extend(people.map(|person| Line::Person(person, 1)));
        }
        lines
    }

    fn row(&self, line: &Line<'_>) -> Row {
        match line {
            Line::Unit(unit, depth) => self.unit(*unit, *depth),
            Line::Person(person, depth) => self.person(person, *depth),
            Line::NoUnit => Row {
                class: class("place-row", 0),
                name: "People of no unit".to_owned(),
                ..Row::default()
            },
            Line::Others(unit, count, depth) => Row {
                class: class("others", *depth),
                name: format!("And {}", words::count(*count as u64, "more unit")),
                about: "Nobody is named there".to_owned(),
                href: self.at(*unit),
                ..Row::default()
            },
        }
    }

    /// This page at a unit.
    fn at(&self, unit: UnitId) -> Option<String> {
        let unit = self
            .model
            .units()
            .get(unit)
            .filter(|_| self.meant.may_read(unit))?;
        Some(self.place.at_unit(unit.key.as_str()).href(self.path))
    }

    fn unit(&self, unit: UnitId, depth: usize) -> Row {
        let found = self.model.units().get(unit);
        let below = self.units_below(unit);
        // What has nothing in it is no heading.
        let of = if below == 0 && self.people_below(unit) == 0 {
            "bare"
        } else {
            "place-row"
        };
        Row {
            class: class(of, depth),
            name: found.map_or_else(String::new, |unit| unit.name.clone()),
            href: self.at(unit).filter(|_| depth > 0),
            about: if below == 0 {
                String::new()
            } else {
                words::count(below as u64, "unit")
            },
            ..Row::default()
        }
    }

    fn person(&self, person: &Entry<Person>, depth: usize) -> Row {
        let chief = person
            .reports_to
            .and_then(|chief| self.model.people().get(chief));
        let duties = self.duties.get(&person.id()).copied();
        Row {
            class: class("one-person", depth),
            name: person.name.clone(),
            initials: initials(&person.name),
            href: links::record(self.place, Kind::Person, person.key.as_str()),
            about: person
                .level
                .map_or_else(String::new, |level| words::sentence(level.word())),
            reports_to: chief.map_or_else(String::new, |chief| chief.name.clone()),
            duties: duties.unwrap_or_default().in_words(),
            ..Row::default()
        }
    }
}

fn class(of: &str, depth: usize) -> String {
    format!("{of} in-{}", depth.min(INDENT_MAX))
}

impl Duties {
    /// `2 objectives, 1 behaviour and 3 measures; collects 4 measures`
    fn in_words(self) -> String {
        const KINDS: [Kind; 5] = [
            Kind::Objective,
            Kind::Outcome,
            Kind::Behaviour,
            Kind::Initiative,
            Kind::Measure,
        ];
        let counted = |kind: Kind| {
            let count = self.by_kind[kind as usize];
            (count > 0).then(|| words::count(count, kind.word()))
        };
        let owned: Vec<String> = KINDS.into_iter().filter_map(counted).collect();
        let measures = |verb: &str, count: u64| {
            (count > 0).then(|| format!("{verb} {}", words::count(count, "measure")))
        };
        let all = [
            (!owned.is_empty()).then(|| words::list(&owned)),
            measures("collects", self.collects),
            measures("checks", self.checks),
        ];
        let all: Vec<String> = all.into_iter().flatten().collect();
        words::sentence(&all.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_counted_by_kind() {
        let check = |kinds: &[Kind], collects, checks, expected: &str| {
            let mut duties = Duties {
                collects,
                checks,
                ..Duties::default()
            };
            for kind in kinds {
                duties.by_kind[*kind as usize] += 1;
            }
            assert_eq!(duties.in_words(), expected);
        };
        check(&[], 0, 0, "");
        check(&[], 2, 0, "Collects 2 measures");
        check(
            &[Kind::Measure, Kind::Objective, Kind::Measure],
            0,
            1,
            "1 objective and 2 measures; checks 1 measure",
        );
    }
}
