//! What is derived from the records of a plan: the tree of units at each time, who supports whom, which targets there are.

mod reported;

use std::collections::BTreeMap;
use std::collections::hash_map::Entry as Slot;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::hash::{Map, Set};
use throughline_core::id::{MeasureId, ObjectiveId, UnitId};

use self::reported::Reported;
use crate::depth::{FORMULA_DEPTH_MAX, FORMULA_REACH_MAX, depths, longest_ways};
use crate::formula::Formula;
use crate::model::Tables;
use crate::record::Entry;
use crate::records::{Note, Target, Unit};

/// The tree of units as it stands from a day on.
#[derive(Clone, Debug, Default)]
pub struct UnitTree {
    parents: Map<UnitId, UnitId>,
    children: Map<UnitId, Vec<UnitId>>,
    roots: Vec<UnitId>,
    depths: Map<UnitId, usize>,
    /// Every unit, each right before all that is below it.
    order: Vec<Placed>,
    places: Map<UnitId, usize>,
}

/// A unit in the order of a tree.
#[derive(Clone, Copy, Debug)]
struct Placed {
    unit: UnitId,
    /// The place of the unit above.
    above: Option<usize>,
    /// The place after the last one below it.
    end: usize,
}

impl UnitTree {
    fn on(day: Date, units: &[Arc<Entry<Unit>>]) -> UnitTree {
        let mut tree = UnitTree::default();
        for unit in units {
            match unit.parent_on(day) {
                Some(parent) => {
                    tree.parents.insert(unit.id(), parent);
                    tree.children.entry(parent).or_default().push(unit.id());
                }
                None => tree.roots.push(unit.id()),
            }
        }
        let above = |unit: UnitId| tree.parents.get(&unit).copied().into_iter().collect();
        tree.depths = depths(tree.parents.keys().copied(), above);
        let known: Set<UnitId> = units.iter().map(|unit| unit.id()).collect();
        let is_top = |unit: &UnitId| {
            let above = tree.parents.get(unit);
            above.is_none_or(|above| !known.contains(above))
        };
        let all = || units.iter().map(|unit| unit.id());
        let tops: Vec<UnitId> = all().filter(is_top).collect();
        // A circle, which a check refuses, has no top: it begins with its first unit.
        for top in tops.into_iter().chain(all()) {
            tree.place_with_descendants(top);
        }
        for place in (0..tree.order.len()).rev() {
            let placed = tree.order[place];
            if let Some(above) = placed.above {
                let end = &mut tree.order[above].end;
                *end = placed.end.max(*end);
            }
        }
        tree
    }

    /// Puts a unit and all that is below it next into the order, as far as it is not in it.
    fn place_with_descendants(&mut self, top: UnitId) {
        let mut ahead = vec![(top, None)];
        while let Some((unit, above)) = ahead.pop() {
            let place = self.order.len();
            if let Slot::Vacant(vacant) = self.places.entry(unit) {
                vacant.insert(place);
                let end = place + 1;
                self.order.push(Placed { unit, above, end });
                let children = self.children(unit).iter().rev();
                ahead.extend(children.map(|child| (*child, Some(place))));
            }
        }
    }

    /// The places of a unit and all that is below it: those of any unit are one stretch, which begins with its own.
    pub fn stretch(&self, unit: UnitId) -> Option<Range<usize>> {
        let place = *self.places.get(&unit)?;
        Some(place..self.order.get(place)?.end)
    }

    /// The unit directly below another that leads to a place below that, with its stretch. Both are named by their places.
    pub fn child_towards(&self, above: usize, below: usize) -> Option<(UnitId, Range<usize>)> {
        let mut place = below;
        loop {
            let placed = self.order.get(place)?;
            if placed.above == Some(above) {
                return Some((placed.unit, place..placed.end));
            }
            place = placed.above?;
        }
    }

    /// Below how many units a unit stands.
    pub fn depth(&self, unit: UnitId) -> usize {
        self.depths.get(&unit).copied().unwrap_or(0)
    }

    /// The unit above.
    pub fn parent(&self, unit: UnitId) -> Option<UnitId> {
        self.parents.get(&unit).copied()
    }

    /// The units directly below, in the order of the plan.
    pub fn children(&self, unit: UnitId) -> &[UnitId] {
        self.children.get(&unit).map_or(&[], Vec::as_slice)
    }

    /// The units at the top.
    pub fn roots(&self) -> &[UnitId] {
        &self.roots
    }

    /// The units above, the nearest first. A circle, which a check refuses, ends the walk.
    pub fn ancestors(&self, unit: UnitId) -> impl Iterator<Item = UnitId> + '_ {
        std::iter::successors(self.parent(unit), |above| self.parent(*above))
            .take(self.parents.len())
    }

    /// The unit and everything below it, each before what is below it.
    pub fn with_descendants(&self, unit: UnitId) -> Vec<UnitId> {
        let mut found = vec![unit];
        let mut next = 0;
        let most = self.parents.len() + 1;
        while next < found.len() && found.len() <= most {
            found.extend_from_slice(self.children(found[next]));
            next += 1;
        }
        found
    }
}

/// A supporting objective and how it counts in the one above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supporter {
    /// The objective that supports.
    pub objective: ObjectiveId,
    /// How much it counts.
    pub weight: f64,
    /// Whether the objective above is off track when it is.
    pub critical: bool,
}

/// What is derived from the records of a plan.
#[derive(Clone, Debug, Default)]
pub struct Index {
    eras: BTreeMap<Date, UnitTree>,
    supporters: Map<ObjectiveId, Vec<Supporter>>,
    targets: Map<MeasureId, Map<UnitId, Arc<Entry<Target>>>>,
    /// By measure and unit, the notes on its chart, the oldest period first.
    notes: Map<(MeasureId, UnitId), Vec<Arc<Entry<Note>>>>,
    formula_depths: Map<MeasureId, usize>,
    formula_reaches: Map<MeasureId, usize>,
    support_depths: Map<ObjectiveId, usize>,
    reported: Reported,
    /// By measure, the formulas that name it.
    named_by: Map<MeasureId, Vec<MeasureId>>,
    /// The units that have dates of validity.
    dated: Map<UnitId, Arc<Entry<Unit>>>,
}

impl Index {
    pub(crate) fn of(tables: &Tables) -> Index {
        let units: Vec<Arc<Entry<Unit>>> = tables.units.iter().cloned().collect();
        let moves = units
            .iter()
            .flat_map(|unit| unit.parents.iter().filter_map(|dated| dated.from));
        let eras = std::iter::once(Date::MIN)
            .chain(moves)
            .map(|day| (day, ()))
            .collect::<BTreeMap<_, _>>();
        let mut index = Index {
            eras: eras
                .into_keys()
                .map(|day| (day, UnitTree::on(day, &units)))
                .collect(),
            dated: (units.iter())
                .filter(|unit| unit.from.is_some() || unit.to.is_some())
                .map(|unit| (unit.id(), Arc::clone(unit)))
                .collect(),
            ..Index::default()
        };
        for objective in &tables.objectives {
            for support in &objective.supports {
                let supporter = Supporter {
                    objective: objective.id(),
                    weight: support.weight.0,
                    critical: support.critical,
                };
                index
                    .supporters
                    .entry(support.objective)
                    .or_default()
                    .push(supporter);
            }
        }
        index.support_depths = depths(
            tables.objectives.iter().map(|objective| objective.id()),
            |objective| {
                let supporters = index.supporters(objective).iter();
                supporters.map(|supporter| supporter.objective).collect()
            },
        );
        index.formula_depths = formula_depths(tables);
        index.formula_reaches = formula_reaches(tables);
        index.reported = Reported::of(tables, |formula| index.is_too_deep(formula));
        for formula in formulas(tables) {
            let named = formula_of(tables, formula).into_iter();
            for named in named.flat_map(Formula::measures) {
                index.named_by.entry(named).or_default().push(formula);
            }
        }
        for target in &tables.targets {
            index
                .targets
                .entry(target.measure)
                .or_default()
                .insert(target.unit, Arc::clone(target));
        }
        for note in &tables.notes {
            let of = (note.measure, note.unit);
            index.notes.entry(of).or_default().push(Arc::clone(note));
        }
        for notes in index.notes.values_mut() {
            notes.sort_by_key(|note| note.period.first);
        }
        index
    }

    /// A unit that has dates of validity; of all others the whole of time is valid.
    pub fn dated(&self, unit: UnitId) -> Option<&Arc<Entry<Unit>>> {
        self.dated.get(&unit)
    }

    /// The tree of units as it stands on a day.
    pub fn units_on(&self, day: Date) -> &UnitTree {
        static EMPTY: std::sync::LazyLock<UnitTree> = std::sync::LazyLock::new(UnitTree::default);
        self.eras
            .range(..=day)
            .next_back()
            .map_or(&EMPTY, |(_, tree)| tree)
    }

    /// The day from which the tree of a day stands, and that tree.
    pub fn era_of(&self, day: Date) -> (Date, &UnitTree) {
        let era = self.eras.range(..=day).next_back();
        era.map_or((Date::MIN, self.units_on(day)), |(from, tree)| {
            (*from, tree)
        })
    }

    /// Every tree of units that there has been, each with the day from which it stands.
    pub fn eras(&self) -> impl Iterator<Item = (Date, &UnitTree)> {
        self.eras.iter().map(|(day, tree)| (*day, tree))
    }

    /// The objectives that support one, in the order of the plan.
    pub fn supporters(&self, objective: ObjectiveId) -> &[Supporter] {
        self.supporters.get(&objective).map_or(&[], Vec::as_slice)
    }

    /// How many objectives support one, one after the other: those that support it directly, those that support these, and
    /// so on.
    pub fn support_depth(&self, objective: ObjectiveId) -> usize {
        self.support_depths.get(&objective).copied().unwrap_or(0)
    }

    /// How many formulas a measure needs, one after the other, itself included; 0 for one that is observed.
    pub fn formula_depth(&self, measure: MeasureId) -> usize {
        self.formula_depths.get(&measure).copied().unwrap_or(0)
    }

    /// Over how many periods a measure looks back by `prev` and `rolling`, through all the formulas that it needs.
    pub fn formula_reach(&self, measure: MeasureId) -> usize {
        self.formula_reaches.get(&measure).copied().unwrap_or(0)
    }

    /// Whether a formula needs more others than are read, or itself, or looks back over too many periods: a check refuses such.
    pub fn is_too_deep(&self, measure: MeasureId) -> bool {
        self.formula_depth(measure) > FORMULA_DEPTH_MAX
            || self.formula_reach(measure) > FORMULA_REACH_MAX
    }

    /// The measures that can be read where some units report, by their places in the order of the plan: those that list one
    /// of them, those that list nobody, and formulas of these. Each once, in that order.
    pub fn reported_among(&self, units: impl IntoIterator<Item = UnitId>) -> Vec<usize> {
        self.reported.among(units)
    }

    /// Some measures, and every formula that needs one of them, however many formulas lie between.
    pub fn with_formulas_of(
        &self,
        measures: impl IntoIterator<Item = MeasureId>,
    ) -> Set<MeasureId> {
        let mut ahead: Vec<MeasureId> = measures.into_iter().collect();
        let mut found = Set::default();
        while let Some(measure) = ahead.pop() {
            if found.insert(measure) {
                ahead.extend(self.named_by.get(&measure).into_iter().flatten());
            }
        }
        found
    }

    /// The target of a measure that is set for exactly that unit.
    pub fn target(&self, measure: MeasureId, unit: UnitId) -> Option<&Arc<Entry<Target>>> {
        self.targets.get(&measure)?.get(&unit)
    }

    /// The notes on the chart of a measure at a unit, the oldest period first.
    pub fn notes(&self, measure: MeasureId, unit: UnitId) -> &[Arc<Entry<Note>>] {
        self.notes.get(&(measure, unit)).map_or(&[], Vec::as_slice)
    }

    /// Whether there is a target for the measure anywhere.
    pub fn has_targets(&self, measure: MeasureId) -> bool {
        self.targets.contains_key(&measure)
    }
}

fn formula_depths(tables: &Tables) -> Map<MeasureId, usize> {
    let named = |measure: MeasureId| {
        let formula = formula_of(tables, measure);
        formula.map_or_else(Vec::new, |formula| formula.measures().collect())
    };
    // What is observed is one step from the formula that names it, so that the steps from a formula are its depth.
    depths(formulas(tables), named)
}

fn formula_reaches(tables: &Tables) -> Map<MeasureId, usize> {
    let named = |measure: MeasureId| {
        let formula = formula_of(tables, measure);
        formula.map_or_else(Vec::new, |formula| formula.reaches().collect())
    };
    longest_ways(formulas(tables), named)
}

fn formulas(tables: &Tables) -> impl Iterator<Item = MeasureId> {
    let measures = tables.measures.iter();
    let formulas = measures.filter(|measure| measure.formula.is_some());
    formulas.map(|measure| measure.id())
}

fn formula_of(tables: &Tables, measure: MeasureId) -> Option<&Formula> {
    tables.measures.get(measure)?.formula.as_ref()
}

#[cfg(test)]
mod tests;
