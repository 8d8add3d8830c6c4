//! What a workbook makes: a plan folder and a table of observations, as the files that everything else reads.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use throughline_core::Calendar;
use throughline_model::fields::Days;
use throughline_model::text::{PlanFile, section_text};
use throughline_model::{Kind, Tree};

use crate::mapping::{Mapping, MeasureMapping, Named};
use crate::understand::{CellMeaning, Meaning};
use crate::words::plain;

/// A value of a measure at a unit in a period, by keys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DraftValue {
    /// The key of the measure.
    pub measure: String,
    /// The key of the unit.
    pub unit: String,
    /// The period, as Throughline names it.
    pub period: String,
    /// The value; of a measure shown as %, a fraction.
    pub value: f64,
}

impl DraftValue {
    /// How a mapping names it: `measure/unit/period`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}/{}/{}", self.measure, self.unit, self.period)
    }
}

/// A measure at a unit in a period, by keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftCell {
    /// The key of the measure.
    pub measure: String,
    /// The key of the unit.
    pub unit: String,
    /// The period, as Throughline names it.
    pub period: String,
}

impl DraftCell {
    /// How a mapping names it: `measure/unit/period`.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}/{}", self.measure, self.unit, self.period)
    }
}

/// A plan and observations that nobody has confirmed yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The organisation with its calendar, as the mapping says.
    organisation: Vec<(String, Tree)>,
    /// The units, the topmost first: key, name and the key of the unit above.
    units: Vec<(String, String, Option<String>)>,
    people: Vec<Named>,
    measures: Vec<(String, Tree)>,
    /// The floors of targets of 0, by measure: the rules, which take a part of the target, give none.
    pub floors: BTreeMap<String, f64>,
    /// The targets, point by point: in the order of measures, units and periods.
    pub targets: Vec<DraftValue>,
    /// How many measures have a target at the topmost unit that follows from those of the units below.
    pub targets_that_follow: usize,
    /// The observations, in the same order.
    pub observations: Vec<DraftValue>,
    /// What the workbook says there is not, so that it is asked of nobody.
    pub none: Vec<DraftCell>,
}

/// Records that are in a plan already, by kind and key: a draft leaves them as they are.
pub type Standing = BTreeSet<(Kind, String)>;

impl Draft {
    /// The draft that cells make.
    pub(crate) fn of(
        mapping: &Mapping,
        measures: &[MeasureMapping],
        cells: &[CellMeaning],
        none: Vec<DraftCell>,
        calendar: &Calendar,
    ) -> Draft {
        let values = cells.iter().filter_map(|cell| match &cell.meaning {
            Meaning::Value(value) => Some(value.clone()),
            _ => None,
        });
        let targets = cells.iter().filter_map(|cell| match &cell.meaning {
            Meaning::Target(value) => Some(value.clone()),
            _ => None,
        });
        let observations = sorted(values.collect(), calendar);
        let targets: Vec<DraftValue> = targets.collect();
        let following = following(
            &mapping.organisation.key,
            measures,
            &sorted(targets.clone(), calendar),
            &observations,
        );
        let targets_that_follow = following
            .iter()
            .map(|one| &one.measure)
            .collect::<BTreeSet<_>>()
            .len();
        let targets = sorted(targets.into_iter().chain(following).collect(), calendar);
        let used: BTreeSet<&String> = observations
            .iter()
            .chain(&targets)
            .map(|value| &value.unit)
            .collect();
        let root = &mapping.organisation;
        let below = mapping
            .units
            .iter()
            .filter(|unit| used.contains(&unit.key) && unit.key != root.key);
        let below = below.map(|unit| (unit.key.clone(), unit.name.clone(), Some(root.key.clone())));
        let owners: BTreeSet<String> = measures
            .iter()
            .filter(|measure| measure.read)
            .filter_map(|measure| measure.owner.as_deref().map(plain))
            .collect();
        Draft {
            organisation: vec![
                ("key".to_owned(), Tree::text(&root.key)),
                ("name".to_owned(), Tree::text(&root.name)),
                ("time_zone".to_owned(), Tree::text(&root.time_zone)),
                (
                    "fiscal_year_starts".to_owned(),
                    Tree::text(month_name(root.fiscal_year_starts)),
                ),
            ],
            units: [(root.key.clone(), root.name.clone(), None)]
                .into_iter()
                .chain(below)
                .collect(),
            people: mapping
                .people
                .iter()
                .filter(|person| owners.contains(&plain(&person.found_as)))
                .cloned()
                .collect(),
            measures: measures
                .iter()
                .filter(|measure| measure.read)
                .map(|measure| (measure.key.clone(), tree(measure, &mapping.people)))
                .collect(),
            targets_that_follow,
            floors: floors(measures, &targets, &observations),
            targets,
            observations,
            none,
        }
    }

    /// How many units, people and measures there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.units.len(), self.people.len(), self.measures.len())
    }

    /// The keys of its units, people and measures.
    pub fn keys(&self) -> impl Iterator<Item = (Kind, &str)> {
        let units = self
            .units
            .iter()
            .map(|(key, ..)| (Kind::Unit, key.as_str()));
        let people = self
            .people
            .iter()
            .map(|one| (Kind::Person, one.key.as_str()));
        let measures = self
            .measures
            .iter()
            .map(|(key, _)| (Kind::Measure, key.as_str()));
        units.chain(people).chain(measures)
    }

    /// The files of the plan, without records that stand already. Where an organisation stands, it stays.
    #[must_use]
    pub fn plan_files(&self, standing: &Standing) -> Vec<PlanFile> {
        self.plan_files_with(standing, &Standing::new())
    }

    /// The same, where some records were in the plan before and return: each is the one that it was.
    #[must_use]
    pub fn plan_files_with(&self, standing: &Standing, returning: &Standing) -> Vec<PlanFile> {
        let again = |kind: Kind, key: &str, mut entries: Vec<(String, Tree)>| {
            if returning.contains(&(kind, key.to_owned())) {
                entries.push(("was".to_owned(), Tree::text(key)));
            }
            Tree::Map(entries)
        };
        let is_new = |kind: Kind, key: &str| !standing.contains(&(kind, key.to_owned()));
        let has_organisation = standing.iter().any(|(kind, _)| *kind == Kind::Organisation);
        let mut organisation = String::new();
        if !has_organisation {
            organisation.push_str(&section_text(
                Kind::Organisation,
                &[Tree::Map(self.organisation.clone())],
            ));
        }
        let units: Vec<Tree> = self
            .units
            .iter()
            .filter(|(key, ..)| is_new(Kind::Unit, key))
            .map(|(key, name, parent)| {
                let mut entries = named(key, name);
                let above = parent
                    .as_ref()
                    .filter(|above| !has_organisation || !is_new(Kind::Unit, above));
                entries.extend(above.map(|above| ("parent".to_owned(), Tree::text(above))));
                again(Kind::Unit, key, entries)
            })
            .collect();
        organisation.push_str(&section_text(Kind::Unit, &units));
        let people: Vec<Tree> = self
            .people
            .iter()
            .filter(|person| is_new(Kind::Person, &person.key))
            .map(|person| again(Kind::Person, &person.key, named(&person.key, &person.name)))
            .collect();
        organisation.push_str(&section_text(Kind::Person, &people));
        let measures: Vec<Tree> = self
            .measures
            .iter()
            .filter(|(key, _)| is_new(Kind::Measure, key))
            .map(|(key, tree)| match tree {
                Tree::Map(entries) => again(Kind::Measure, key, entries.clone()),
                other => other.clone(),
            })
            .collect();
        let mut files = vec![
            ("organisation.yaml", organisation),
            ("measures.yaml", section_text(Kind::Measure, &measures)),
            ("targets.csv", self.targets_text(standing)),
        ];
        files.retain(|(_, text)| !text.is_empty());
        files
            .into_iter()
            .map(|(path, text)| PlanFile {
                path: path.to_owned(),
                bytes: text.into_bytes(),
            })
            .collect()
    }

    /// The table of observations: the values, then the cells in which there is none.
    #[must_use]
    pub fn observations_text(&self) -> String {
        let mut text = "measure,unit,period,value\n".to_owned();
        for one in &self.observations {
            text.push_str(&row(one));
        }
        for one in &self.none {
            text.push_str(&format!("{},{},{},\n", one.measure, one.unit, one.period));
        }
        text
    }

    /// The table of targets: each measure and unit that has one, its points where they change. A target that stands already
    /// stays.
    fn targets_text(&self, standing: &Standing) -> String {
        let has_floors = !self.floors.is_empty();
        let mut text = String::new();
        let mut before: Option<&DraftValue> = None;
        for one in &self.targets {
            let target = format!("{}@{}", one.measure, one.unit);
            let same = before.is_some_and(|before| {
                before.measure == one.measure
                    && before.unit == one.unit
                    && before.value == one.value
            });
            before = Some(one);
            if !same && !standing.contains(&(Kind::Target, target)) {
                let floor = self
                    .floors
                    .get(&one.measure)
                    .map(f64::to_string)
                    .unwrap_or_default();
                let more = if has_floors {
                    format!(",{floor}\n")
                } else {
                    "\n".to_owned()
                };
                text.push_str(&row(one).replace('\n', &more));
            }
        }
        let more = if has_floors { ",floor" } else { "" };
        if text.is_empty() {
            text
        } else {
            format!("measure,unit,period,value{more}\n{text}")
        }
    }
}

/// The targets of the topmost unit that follow from those of the units below: what all of them share, and of a sum the sum.
/// A unit that has figures or targets of a measure itself has none that follows.
fn following(
    topmost: &str,
    measures: &[MeasureMapping],
    targets: &[DraftValue],
    observations: &[DraftValue],
) -> Vec<DraftValue> {
    let mut following = Vec::new();
    for measure in measures.iter().filter(|measure| measure.read) {
        let is_of = |one: &&DraftValue| one.measure == measure.key;
        let own: Vec<&DraftValue> = targets.iter().filter(is_of).collect();
        let units = observations.iter().filter(is_of).chain(own.iter().copied());
        let units: BTreeSet<&str> = units.map(|one| one.unit.as_str()).collect();
        if units.len() > 1 && !units.contains(topmost) {
            following.extend(joined(topmost, measure, &own, units.len()));
        }
    }
    following
}

/// The targets of some units, as one: nothing if they are not of one mind.
fn joined(
    topmost: &str,
    measure: &MeasureMapping,
    targets: &[&DraftValue],
    units: usize,
) -> Vec<DraftValue> {
    let mut by_day = targets.to_vec();
    by_day.sort_by(|one, other| one.period.cmp(&other.period));
    let mut holds: BTreeMap<&str, f64> = BTreeMap::new();
    let mut joined = Vec::new();
    for points in by_day.chunk_by(|one, other| one.period == other.period) {
        holds.extend(points.iter().map(|one| (one.unit.as_str(), one.value)));
        let Some(first) = points.first().filter(|_| holds.len() == units) else {
            continue;
        };
        let Some(value) = together(measure, &holds) else {
            return Vec::new();
        };
        joined.push(DraftValue {
            unit: topmost.to_owned(),
            value,
            ..DraftValue::clone(first)
        });
    }
    joined
}

/// One target for all units: of a sum the sum, else the one that all have.
fn together(measure: &MeasureMapping, holds: &BTreeMap<&str, f64>) -> Option<f64> {
    let first = *holds.values().next()?;
    match measure.kind.as_str() {
        // A target of 0 needs a floor, and that of one unit is not that of all.
        "sum" if holds.values().any(|value| *value == 0.0) => None,
        "sum" => {
            let scale = 10_f64.powi(i32::from(measure.decimals) + 2);
            let sum: f64 = holds.values().sum();
            Some((sum * scale).round() / scale)
        }
        "mean" | "ratio" => holds.values().all(|value| *value == first).then_some(first),
        _ => None,
    }
}

/// For measures with a target of 0, as far on its worse side as values of the measure typically are from it.
fn floors(
    measures: &[MeasureMapping],
    targets: &[DraftValue],
    observations: &[DraftValue],
) -> BTreeMap<String, f64> {
    let with_zero: BTreeSet<&String> = targets
        .iter()
        .filter(|target| target.value == 0.0)
        .map(|target| &target.measure)
        .collect();
    let floor = |measure: &MeasureMapping| {
        let mut sizes: Vec<f64> = observations
            .iter()
            .filter(|one| one.measure == measure.key)
            .map(|one| one.value.abs())
            .filter(|size| *size > 0.0)
            .collect();
        sizes.sort_by(f64::total_cmp);
        let typical = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0);
        let sign = if measure.better.as_deref() == Some("lower") {
            1.0
        } else {
            -1.0
        };
        (measure.key.clone(), sign * typical)
    };
    measures
        .iter()
        .filter(|measure| with_zero.contains(&measure.key))
        .map(floor)
        .collect()
}

/// Keys, periods and numbers need no quotes.
fn row(one: &DraftValue) -> String {
    format!(
        "{},{},{},{}\n",
        one.measure, one.unit, one.period, one.value
    )
}

fn named(key: &str, name: &str) -> Vec<(String, Tree)> {
    vec![
        ("key".to_owned(), Tree::text(key)),
        ("name".to_owned(), Tree::text(name)),
    ]
}

/// A measure as a record.
fn tree(measure: &MeasureMapping, people: &[Named]) -> Tree {
    let mut entries = named(&measure.key, &measure.name);
    let mut put = |name: &str, value: Option<Tree>| {
        entries.extend(value.map(|value| (name.to_owned(), value)));
    };
    let owner = measure.owner.as_deref().and_then(|owner| {
        people
            .iter()
            .find(|person| plain(&person.found_as) == plain(owner))
    });
    put("definition", measure.definition.as_ref().map(Tree::text));
    put("kind", Some(Tree::text(&measure.kind)));
    put("shown_as", measure.shown_as.as_ref().map(Tree::text));
    put("decimals", Some(Tree::plain(measure.decimals)));
    put("better", measure.better.as_ref().map(Tree::text));
    put("frequency", Some(Tree::text(&measure.frequency)));
    put(
        "due",
        measure.due.map(|days| Tree::text(Days(days).to_string())),
    );
    put("owner", owner.map(|person| Tree::text(&person.key)));
    Tree::Map(entries)
}

/// In the order of measures, units and days.
fn sorted(mut values: Vec<DraftValue>, calendar: &Calendar) -> Vec<DraftValue> {
    let mut days = BTreeMap::new();
    for value in &values {
        if !days.contains_key(&value.period)
            && let Ok(period) = calendar.parse_period(&value.period)
        {
            days.insert(value.period.clone(), period.first);
        }
    }
    values.sort_by(|one, other| {
        let day = |value: &DraftValue| days.get(&value.period).copied();
        one.measure
            .cmp(&other.measure)
            .then_with(|| one.unit.cmp(&other.unit))
            .then_with(|| day(one).cmp(&day(other)))
    });
    values
}

fn month_name(month: u8) -> &'static str {
    use throughline_model::records::Month;
    let index = usize::from(month.clamp(1, 12)) - 1;
    Month::ALL[index].word()
}
