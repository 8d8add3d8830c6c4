//! What happened between two instants that a reading could rest on, and in which commits.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{MeasureId, Period, UnitId};
use throughline_ledger::Ledger;
use throughline_model::Kind;
use throughline_model::observation::{CommitNumber, Recorded};

use crate::AppError;
use crate::history::{Teller, Told};
use crate::selection::Selected;

/// What happened between the two instants.
pub(super) struct Causes {
    /// Commits that touched a measure: its observations in the period at or below the unit, its record, its target.
    of_measure: HashMap<MeasureId, BTreeSet<CommitNumber>>,
    /// Commits of the plan that touched what all measures rest on: units, organisation, strategy.
    of_all: BTreeSet<CommitNumber>,
    teller: Teller,
}

impl Causes {
    /// What was committed since an instant and became known by another, of which these are the observations.
    pub(super) async fn of(
        ledger: &Ledger,
        since: &[Recorded],
        (from, to): (Timestamp, Timestamp),
        selected: &Selected,
    ) -> Result<Causes, AppError> {
        let plan = Arc::clone(&selected.model);
        let trees = plan.index().eras();
        let units: HashSet<UnitId> = trees
            .flat_map(|(_, tree)| tree.with_descendants(selected.unit))
            .collect();
        let touches = |period: &Period| {
            plan.calendar().belongs_to(period, &selected.period) || period.covers(&selected.period)
        };
        let mut causes = Causes {
            of_measure: HashMap::new(),
            of_all: BTreeSet::new(),
            teller: Teller::of(ledger).await?,
        };
        for recorded in since {
            let cell = &recorded.observation.cell;
            if units.contains(&cell.unit) && touches(&cell.period) {
                causes.add(cell.measure, recorded.commit);
            }
        }
        let commits = ledger.commits(..).await?.into_iter();
        let between = commits.filter(|commit| {
            commit.recorded_at > from && commit.recorded_at <= to && commit.records > 0
        });
        for commit in between {
            for change in ledger.changes(commit.number).await? {
                causes.add_change(commit.number, &change);
            }
        }
        Ok(causes)
    }

    fn add(&mut self, measure: MeasureId, commit: CommitNumber) {
        self.of_measure.entry(measure).or_default().insert(commit);
    }

    /// The commits that touched one of these measures, in the order in which they became known. Of a formula the measures
    /// that it is made of are to be among them.
    pub(super) fn of_measures(&self, measures: &HashSet<MeasureId>) -> Vec<Told> {
        let touched = measures
            .iter()
            .filter_map(|measure| self.of_measure.get(measure));
        let numbers: BTreeSet<CommitNumber> =
            touched.flatten().chain(&self.of_all).copied().collect();
        let told = numbers
            .into_iter()
            .filter_map(|number| self.teller.tell(number));
        let mut told: Vec<Told> = told.collect();
        told.sort_by_key(|told| (told.commit.recorded_at, told.commit.number));
        told
    }

    fn add_change(&mut self, commit: CommitNumber, change: &throughline_model::Change) {
        use throughline_model::Change;
        use throughline_model::records::AnyRecord;
        let (kind, id) = change.identity();
        match (kind, change) {
            (Kind::Measure, _) => {
                self.add(MeasureId::from_uuid(id), commit);
            }
            (Kind::Target, Change::Put(AnyRecord::Target(target))) => {
                self.add(target.measure, commit);
            }
            (Kind::Target | Kind::Unit | Kind::Organisation | Kind::Strategy, _) => {
                self.of_all.insert(commit);
            }
            _ => {}
        }
    }
}
