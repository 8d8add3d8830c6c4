//! The grades of a whole map anew, after those that were kept: what the job of a period keeps.

use std::collections::HashMap;

use throughline_core::{LinkId, MeasureId, Period};
use throughline_engine::View;
use throughline_insight::links::{self, Direction, Graded, grades};
use throughline_model::records::{self, Effect, Grade, Held};
use throughline_model::{AnyRecord, Change, Entry};

use super::blocks::Blocks;
use super::estimate::{Data, work_out};
use super::panels::{PanelMemory, Panels};
use super::survey::{Asked, Survey};
use super::{Estimates, Pair, Tested, Untestable, to_grade};

/// The kept grades of a plan by their links.
pub(super) fn kept_of(view: &View) -> HashMap<LinkId, &Entry<Grade>> {
    let kept = view.plan.grades().iter();
    kept.map(|kept| (kept.link, &**kept)).collect()
}

/// Whether a grade was kept of what is claimed now.
pub(super) fn is_of(kept: &Grade, pair: Option<&Pair>) -> bool {
    let claimed = |claim: &links::Claim| {
        (
            Some(effect_of(claim.direction)),
            Some(claim.lag as f64),
            Some(claim.strength.effect()),
        )
    };
    let now = pair.map(|pair| (pair.driver, pair.outcome, claimed(&pair.claim)));
    let then = (kept.claimed, kept.lag, kept.strength);
    match (now, kept.driver.zip(kept.outcome)) {
        (Some((driver, outcome, claim)), Some(measures)) => {
            (driver, outcome) == measures && claim == then
        }
        (None, None) => true,
        _ => false,
    }
}

fn effect_of(direction: Direction) -> Effect {
    match direction {
        Direction::Same => Effect::Raises,
        Direction::Opposite => Effect::Lowers,
    }
}

/// What is to be kept of a map.
#[derive(Debug, Default)]
pub(super) struct Regraded {
    /// The grades that differ from what was kept, new ones without an identity, and the ends of those whose links are no more.
    pub changes: Vec<Change>,
    /// How many links the map has.
    pub links: usize,
    /// Until when the data go.
    pub until: Option<Period>,
}

/// Whether a grade may be due, by what is asked alone, before anything is weighed: of a link without one, of another claim, or of
/// data after those of the grade; or whether one was kept of a link that is no more.
fn may_be_due(survey: &Survey, kept: &HashMap<LinkId, &Entry<Grade>>) -> bool {
    let is_due = |(link, asked): &(LinkId, Result<Asked, Untestable>)| {
        let Some(kept) = kept.get(link) else {
            return true;
        };
        let pair = asked.as_ref().ok().map(|asked| &asked.pair);
        let periods = pair.and_then(|pair| survey.periods.get(&pair.frequency));
        let last = periods.and_then(|periods| periods.last());
        // What could not be tested then is tried again with newer data.
        let is_same = is_of(kept, pair) || kept.driver.is_none();
        !is_same || last.is_some_and(|last| last.last > kept.until.last)
    };
    survey.links.iter().any(is_due) || kept.len() > survey.links.len()
}

/// One link on the way to its grade.
struct Weighed<'k> {
    link: LinkId,
    tested: Result<Tested, Untestable>,
    kept: Option<&'k Entry<Grade>>,
    /// Whether what was kept is of the same claim.
    is_same_claim: bool,
    blocks: Blocks,
}

/// Grades a map as of a period. Nothing changes where all of it was kept for the period before.
pub(super) fn regraded(view: &View, until: Period, estimates: &Estimates) -> Regraded {
    let mut kept = kept_of(view);
    let survey = Survey::of(view, until);
    if !may_be_due(&survey, &kept) {
        return Regraded::default();
    }
    let day = view.plan.calendar().date_of(view.now);
    let panels = Panels::read(view, &survey, (&PanelMemory::new(), (None, None, day)));
    let worked = work_out(&panels, &survey, estimates);
    let Survey { links, periods, .. } = survey;
    let weighed: Vec<Weighed<'_>> = links
        .into_iter()
        .map(|(link, asked)| {
            let kept = kept.remove(&link);
            let mut blocks = Blocks::default();
            let mut is_same_claim = false;
            let tested = asked.and_then(|asked| {
                let found = worked.get(&link).ok_or(Untestable::NoUnits)?;
                let periods = periods.get(&asked.pair.frequency);
                let periods = periods.map_or(&[][..], Vec::as_slice);
                let same = kept.filter(|kept| is_of(kept, Some(&asked.pair)));
                is_same_claim = same.is_some();
                let data = Data::of(&panels, &asked);
                let same = same.map(|kept| &kept.record);
                blocks = Blocks::weigh(&data, &asked.pair.claim, &found.held_fixed, periods, same);
                Tested::of(asked, found, periods)
            });
            is_same_claim |= tested.is_err() && kept.is_some_and(|kept| is_of(kept, None));
            Weighed {
                link,
                tested,
                kept,
                is_same_claim,
                blocks,
            }
        })
        .collect();
    let links = weighed.len();
    if !weighed.iter().any(Weighed::is_due) && kept.is_empty() {
        return Regraded::default();
    }
    let graded: Vec<Graded> = weighed.iter().map(Weighed::graded).collect();
    let grades = grades(&graded);
    let ends = weighed.iter().filter_map(Weighed::until);
    let last = ends.max_by_key(|period| period.last);
    let new = weighed.iter().zip(grades);
    let new = new.filter_map(|(weighed, grade)| weighed.change(grade, until));
    let gone = kept
        .values()
        .map(|kept| Change::Retire(throughline_model::Kind::Grade, kept.id));
    Regraded {
        changes: new.chain(gone).collect(),
        links,
        until: last,
    }
}

impl Weighed<'_> {
    fn until(&self) -> Option<Period> {
        self.tested.as_ref().ok().map(|tested| tested.periods.1)
    }

    /// Whether there is something that no grade was kept of. What is known of an earlier period than what was kept is not.
    fn is_due(&self) -> bool {
        let Some(kept) = self.kept else { return true };
        let is_later = |until: Period| until.last > kept.until.last;
        let is_claim_new =
            !self.is_same_claim && self.until().is_none_or(|until| !is_earlier(until, kept));
        self.until().is_some_and(is_later) || is_claim_new
    }

    fn graded(&self) -> Graded {
        let mut graded = to_grade(&self.tested);
        if let Some(estimate) = &mut graded.estimate {
            estimate.evidence = self.blocks.evidence().unwrap_or(estimate.evidence);
            let against = self.blocks.evidence_against();
            estimate.evidence_against = against.unwrap_or(estimate.evidence_against);
        }
        // Later data repeat what is arithmetic as well as what is not.
        let is_arithmetic = |tested: &Tested| !tested.pair.shared_columns.is_empty();
        let is_arithmetic = self.tested.as_ref().is_ok_and(is_arithmetic);
        graded.replication = self.blocks.replication().filter(|_| !is_arithmetic);
        graded
    }

    /// The new version of its grade, where it differs from what was kept.
    fn change(&self, grade: links::Grade, until: Period) -> Option<Change> {
        let same = self.kept.filter(|_| self.is_same_claim);
        let until = match (self.until(), same) {
            (Some(until), _) => until,
            (None, Some(kept)) => kept.until,
            (None, None) => until,
        };
        if self.kept.is_some_and(|kept| is_earlier(until, kept)) {
            return None;
        }
        let grade = held(grade);
        let since = same.filter(|kept| kept.grade == grade);
        let is_supported = matches!(grade, Held::Supported | Held::Strong);
        let supported_by = same.and_then(|kept| kept.supported_by).unwrap_or(until);
        let record = Grade {
            link: self.link,
            grade,
            since: since.map_or(until, |kept| kept.since),
            until,
            supported_by: is_supported.then_some(supported_by),
            replication: self.blocks.replication(),
            e: self
                .tested
                .is_ok()
                .then(|| self.blocks.evidence())
                .flatten(),
            blocks: self.blocks.all.clone(),
            ..self.numbers(until)
        };
        if self.kept.is_some_and(|kept| kept.record == record) {
            return None;
        }
        let (id, position) = self
            .kept
            .map_or_else(|| (uuid::Uuid::nil(), 0.0), |kept| (kept.id, kept.position));
        Some(Change::Put(
            AnyRecord::from(record).with_identity(id, position),
        ))
    }

    /// A grade with what was claimed and found, and nothing of what it was before.
    fn numbers(&self, until: Period) -> Grade {
        let tested = self.tested.as_ref().ok();
        let claim = tested.map(|tested| &tested.pair.claim);
        let estimate = tested.map(|tested| &tested.estimate);
        let measure = |of: fn(&Pair) -> MeasureId| tested.map(|tested| of(&tested.pair));
        Grade {
            link: self.link,
            grade: Held::Untested,
            since: until,
            until,
            driver: measure(|pair| pair.driver),
            outcome: measure(|pair| pair.outcome),
            claimed: claim.map(|claim| effect_of(claim.direction)),
            lag: claim.map(|claim| claim.lag as f64),
            strength: claim.map(|claim| claim.strength.effect()),
            n: estimate.map(|estimate| estimate.rows as f64),
            units: estimate.map(|estimate| estimate.units as f64),
            effect: estimate.map(|estimate| estimate.effect),
            error: estimate.map(|estimate| estimate.widened_error),
            design: tested.map(|tested| design(tested.design)),
            e: None,
            replication: None,
            supported_by: None,
            blocks: Vec::new(),
            silences: Vec::new(),
        }
    }
}

fn is_earlier(until: Period, kept: &Grade) -> bool {
    until.last < kept.until.last
}

fn held(grade: links::Grade) -> Held {
    match grade {
        links::Grade::Untested => Held::Untested,
        links::Grade::NotShown => Held::NotShown,
        links::Grade::Plausible => Held::Plausible,
        links::Grade::Supported => Held::Supported,
        links::Grade::Strong => Held::Strong,
        links::Grade::Negligible => Held::Negligible,
        links::Grade::Contradicted => Held::Contradicted,
    }
}

/// A kept grade as the statistics name it.
pub(super) fn grade_of(held: Held) -> links::Grade {
    match held {
        Held::Untested => links::Grade::Untested,
        Held::NotShown => links::Grade::NotShown,
        Held::Plausible => links::Grade::Plausible,
        Held::Supported => links::Grade::Supported,
        Held::Strong => links::Grade::Strong,
        Held::Negligible => links::Grade::Negligible,
        Held::Contradicted => links::Grade::Contradicted,
    }
}

fn design(design: links::Design) -> records::Design {
    match design {
        links::Design::LaggedPanel => records::Design::LaggedPanel,
        links::Design::CheckedPanel => records::Design::CheckedPanel,
        links::Design::QuasiExperiment => records::Design::QuasiExperiment,
        links::Design::Randomised => records::Design::Randomised,
    }
}
