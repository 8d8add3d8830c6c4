//! Link evidence: what the data of the units say of each link of the map, and how sure they are.
//!
//! A link states direction, lag and strength before the data are looked at. All links of a plan are graded together, because
//! what may be kept of many questions depends on how many were asked. The whole organisation's units are looked at, wherever
//! the reader stands: a link is a belief of the plan as a whole. Only periods count that ended with the period that is read,
//! and only what was known at the instant.

mod blocks;
mod claim;
mod estimate;
mod job;
mod keep;
mod kept;
mod panels;
mod regrade;
mod survey;
mod towards;
pub mod words;

pub use claim::{End, Pair, Untestable};
pub(crate) use estimate::Estimates;
pub(crate) use job::EvidenceMemory;
pub use job::{ReadEvidence, ReadLinkEvidence, evidence, evidence_at, link_evidence};
pub use keep::{KeptGrades, keep_grades};
pub use kept::{GRADES_SHOWN, PastGrade, grade_history};
pub use survey::LINKS_MAX;
pub use throughline_insight::links::{Design, Doubt, Grade};
pub use towards::{WithInterval, towards_goal, which_way};

use std::collections::HashMap;
use std::sync::Arc;

use throughline_core::{LinkId, MeasureId, Period};
use throughline_engine::View;
use throughline_insight::links::{Checks, Graded, LinkEstimate, Projection, grades};
use throughline_model::{Entry, records};

use self::panels::{Clocks, PanelMemory, Panels};
use self::survey::Survey;

/// The evidence of all links.
#[derive(Debug, Clone, Default)]
pub struct MapEvidence {
    /// Each link, in the order of the plan.
    pub links: Vec<LinkEvidence>,
    places: HashMap<LinkId, usize>,
}

/// The evidence of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkEvidence {
    /// The link.
    pub link: LinkId,
    /// How far it holds: as it was kept, or as it is worked out now where no grade was kept of what is claimed.
    pub grade: Grade,
    /// The grade that was kept, as it was known.
    pub kept: Option<records::Grade>,
    /// What it rests on, or why it cannot be tested.
    pub tested: Result<Tested, Untestable>,
}

/// What a grade rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// The measures, and what is claimed of them.
    pub pair: Pair,
    /// The first and the last period that were looked at.
    pub periods: (Period, Period),
    /// The effect, with other causes held fixed.
    pub estimate: LinkEstimate,
    /// How the data came to be.
    pub design: Design,
    /// The measures of other causes that are held fixed.
    pub held_fixed: Vec<MeasureId>,
    /// The effect without anything held fixed, where something is.
    pub alone: Option<LinkEstimate>,
    /// The checks, where they could be made.
    pub checks: Option<Checks>,
    /// What follows a change of the driver, from its own period on; nothing where that cannot be told.
    pub follows: Vec<Following>,
    /// What speaks against the link; it holds the grade back.
    pub doubts: Vec<Doubt>,
}

/// What follows so many periods after the driver changed, with driver and outcome of the period before held fixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Following {
    /// How many periods later.
    pub lag: usize,
    /// How many pairs of values there are.
    pub rows: usize,
    /// The effect in standard deviations, with its sign.
    pub effect: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
}

impl Following {
    /// With the effect in the standard deviations of the link's estimate.
    fn of(one: &Projection, estimate: &LinkEstimate) -> Following {
        let scale = estimate.driver_sd / estimate.outcome_sd;
        let (low, high) = one.interval();
        Following {
            lag: one.horizon,
            rows: one.rows,
            effect: scale * one.plain_effect,
            interval: (scale * low, scale * high),
        }
    }

    /// Whether the interval leaves no doubt of the direction.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let (low, high) = self.interval;
        low > 0.0 || high < 0.0
    }
}

impl MapEvidence {
    /// The evidence of a link.
    #[must_use]
    pub fn of_link(&self, link: LinkId) -> Option<&LinkEvidence> {
        self.links.get(*self.places.get(&link)?)
    }

    /// How far a link holds, if the plan has it.
    #[must_use]
    pub fn grade(&self, link: LinkId) -> Option<Grade> {
        self.of_link(link).map(|found| found.grade)
    }

    /// The evidence as of a period: of the data until the period of the grades that were kept until then, where any were.
    fn of(
        view: &View,
        (until, mut kept): (Period, HashMap<LinkId, Arc<Entry<records::Grade>>>),
        (estimates, read): (&Estimates, (&PanelMemory, Clocks)),
    ) -> MapEvidence {
        let tested = kept.values().filter(|kept| kept.driver.is_some());
        let graded = tested.map(|kept| kept.until).max_by_key(|until| until.last);
        let survey = Survey::of(view, graded.unwrap_or(until));
        let panels = Panels::read(view, &survey, read);
        let worked = estimate::work_out(&panels, &survey, estimates);
        let Survey { links, periods, .. } = survey;
        let tested: Vec<(LinkId, Result<Tested, Untestable>)> = links
            .into_iter()
            .map(|(link, asked)| {
                let tested = asked.and_then(|asked| {
                    let found = worked.get(&link).ok_or(Untestable::NoUnits)?;
                    let periods = periods.get(&asked.pair.frequency);
                    let periods = periods.map_or(&[][..], Vec::as_slice);
                    Tested::of(asked, found, periods)
                });
                (link, tested)
            })
            .collect();
        let to_grade: Vec<Graded> = tested.iter().map(|(_, tested)| to_grade(tested)).collect();
        let links: Vec<LinkEvidence> = tested
            .into_iter()
            .zip(grades(&to_grade))
            .map(|((link, tested), worked_out)| {
                let pair = tested.as_ref().ok().map(|tested| &tested.pair);
                let kept = kept.remove(&link).filter(|kept| regrade::is_of(kept, pair));
                LinkEvidence {
                    link,
                    grade: kept
                        .as_ref()
                        .map_or(worked_out, |kept| regrade::grade_of(kept.grade)),
                    kept: kept.map(|kept| kept.record.clone()),
                    tested,
                }
            })
            .collect();
        let places = links.iter().enumerate();
        MapEvidence {
            places: places.map(|(at, found)| (found.link, at)).collect(),
            links,
        }
    }
}

impl Tested {
    fn of(
        asked: survey::Asked,
        found: &estimate::Worked,
        periods: &[Period],
    ) -> Result<Tested, Untestable> {
        let estimate = found.estimate.clone().map_err(Untestable::NoEvidence)?;
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
            return Err(Untestable::NoUnits);
        };
        let doubts = found.checks.as_ref().map(Checks::doubts);
        let held_fixed = found.held_fixed.iter();
        Ok(Tested {
            periods: (*first, *last),
            design: match &doubts {
                Some(doubts) if doubts.is_empty() => Design::CheckedPanel,
                _ => Design::LaggedPanel,
            },
            follows: (found.follows.iter())
                .map(|one| Following::of(one, &estimate))
                .collect(),
            estimate,
            held_fixed: held_fixed
                .filter_map(|at| asked.others.get(*at).map(|(measure, _)| *measure))
                .collect(),
            alone: found.alone.clone(),
            checks: found.checks.clone(),
            doubts: doubts.unwrap_or_default(),
            pair: asked.pair,
        })
    }
}

fn to_grade(tested: &Result<Tested, Untestable>) -> Graded {
    let tested = tested.as_ref().ok();
    Graded {
        estimate: tested.map(|tested| tested.estimate.clone()),
        design: tested.map_or(Design::LaggedPanel, |tested| tested.design),
        check_failed: tested.is_some_and(|tested| !tested.doubts.is_empty()),
        replication: None,
    }
}
