//! The shape of `evidence`: how far each link holds, and what that rests on.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_core::{MeasureId, Period};
use throughline_insight::links::{Design, LinkEstimate};
use throughline_model::records::{Grade, Link, NodeId};
use throughline_model::{Entry, Kind, Model};

use crate::evidence::{
    LinkEvidence, MapEvidence, ReadEvidence, ReadLinkEvidence, Tested, words as told,
};
use crate::words::names;

/// The answer of `evidence`.
#[derive(Serialize, JsonSchema)]
pub struct Evidence {
    unit: String,
    period: String,
    known_at: String,
    /// The links, in the order of the plan.
    links: Vec<EvidenceLine>,
}

/// The answer of `evidence` of one link.
#[derive(Serialize, JsonSchema)]
pub struct OneEvidence {
    unit: String,
    period: String,
    known_at: String,
    link: EvidenceLine,
    /// The grades that were kept until that instant, the oldest first; the latest 60 at most.
    history: Vec<KeptLine>,
}

/// The evidence of a link.
#[derive(Serialize, JsonSchema)]
pub struct EvidenceLine {
    /// `cause>effect`.
    key: String,
    cause: EndLine,
    effect: EndLine,
    /// `untested`, `not shown`, `plausible`, `supported`, `strong`, `negligible` or `contradicted`.
    grade: &'static str,
    /// The grade that was kept of what is claimed; none where it is worked out now.
    kept: Option<KeptLine>,
    /// What the data say, in a few sentences.
    sentence: String,
    /// What the grade rests on; none where the link cannot be tested, as the sentence says.
    tested: Option<TestedLine>,
}

/// A grade that was kept once for a period.
#[derive(Serialize, JsonSchema)]
struct KeptLine {
    grade: &'static str,
    /// The period with which the link began to hold so far.
    since: String,
    /// The last period of the data.
    until: String,
    /// When it became known; in the history alone.
    known_at: Option<String>,
    n: Option<f64>,
    units: Option<f64>,
    /// The effect over all periods, in standard deviations, and its standard error.
    standard: Option<f64>,
    standard_error: Option<f64>,
    design: Option<&'static str>,
    /// The evidence for the claim over no effect: that of all blocks, multiplied.
    evidence: Option<f64>,
    /// The evidence of the blocks after the data on which it was first supported.
    replication: Option<f64>,
    blocks: Vec<BlockLine>,
}

/// A stretch of periods whose data were weighed alone.
#[derive(Serialize, JsonSchema)]
struct BlockLine {
    first_period: String,
    last_period: String,
    n: f64,
    standard: f64,
    standard_error: f64,
    evidence: f64,
    evidence_against: f64,
}

#[derive(Serialize, JsonSchema)]
struct EndLine {
    kind: &'static str,
    key: String,
    /// The key of the measure that stands for it, where the link was tested.
    measure: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct TestedLine {
    /// How many pairs of values there are.
    n: usize,
    units: usize,
    periods: usize,
    first_period: String,
    last_period: String,
    frequency: String,
    /// After how many periods the effect is claimed to be there.
    lag: usize,
    /// The claimed size, in standard deviations within units and periods.
    claimed_size: f64,
    /// 1 where more of the cause's measure is to bring more of the effect's, as measured; -1 where less.
    claimed_sign: i8,
    size: SizeLine,
    /// The evidence for the claim over no effect; 10 is much.
    evidence: f64,
    /// The evidence for the opposite.
    evidence_against: f64,
    /// How sure a sceptic is that the effect has the claimed direction.
    probability: f64,
    /// `L1` lagged panel, `L2` the same with checks that hold, `L3` quasi-experiment, `L4` randomised.
    design: &'static str,
    /// The keys of measures of other causes that are held fixed.
    held_fixed: Vec<String>,
    /// The size without these held fixed.
    size_alone: Option<SizeLine>,
    /// Columns of facts from which both measures are counted: a part of the effect is arithmetic.
    shared_columns: Vec<String>,
    checks: Option<ChecksLine>,
    /// What follows a change of the cause, from its own period on, with cause and effect of the period before held fixed.
    follows: Vec<FollowingLine>,
    /// What speaks against the link.
    doubts: Vec<String>,
    /// How much would be enough to tell: so many units, or so many periods.
    enough_units: usize,
    enough_periods: usize,
}

/// The size of an effect with its 95 % interval.
#[derive(Serialize, JsonSchema)]
struct SizeLine {
    /// In standard deviations.
    standard: f64,
    standard_interval: [f64; 2],
    /// In units of the effect's measure, for one more of the cause's.
    plain: f64,
    plain_interval: [f64; 2],
}

#[derive(Serialize, JsonSchema)]
struct ChecksLine {
    /// t of the cause in the period after.
    placebo_t: Option<f64>,
    /// Beyond this such a t is no chance.
    placebo_limit: f64,
    /// The effect at other lags, in standard deviations.
    lags: Vec<LagLine>,
    /// The least and the greatest effect in the claimed direction without one of the units.
    without_one_unit: Option<[f64; 2]>,
    /// The probability by the wild cluster bootstrap, with up to 12 units.
    wild: Option<f64>,
    /// What an unmeasured cause would have to explain of both.
    robustness: f64,
    /// The same to let it be chance at 5 %.
    robustness_of_signal: f64,
    /// The ratio by which an unmeasured cause would have to go with both.
    e_value: f64,
}

#[derive(Serialize, JsonSchema)]
struct FollowingLine {
    /// How many periods later.
    lag: usize,
    n: usize,
    /// The effect in standard deviations, and its 95 % interval.
    standard: f64,
    standard_interval: [f64; 2],
}

#[derive(Serialize, JsonSchema)]
struct LagLine {
    lag: usize,
    standard: f64,
    standard_error: f64,
}

impl Evidence {
    /// The answer.
    #[must_use]
    pub fn of(read: &ReadEvidence) -> Evidence {
        Evidence {
            unit: read.selected.unit_key(),
            period: read.selected.period_name(),
            known_at: read.selected.known_at.to_string(),
            links: lines(&read.selected.model, &read.map),
        }
    }
}

impl OneEvidence {
    /// The answer.
    #[must_use]
    pub fn of(one: &ReadLinkEvidence) -> OneEvidence {
        let selected = &one.read.selected;
        OneEvidence {
            unit: selected.unit_key(),
            period: selected.period_name(),
            known_at: selected.known_at.to_string(),
            link: line(&selected.model, &one.link, &one.found),
            history: one
                .history
                .iter()
                .map(|past| KeptLine {
                    known_at: Some(past.known_at.to_string()),
                    ..kept(&selected.model, &past.grade)
                })
                .collect(),
        }
    }
}

fn lines(model: &Model, map: &MapEvidence) -> Vec<EvidenceLine> {
    let links = map.links.iter();
    links
        .filter_map(|found| Some(line(model, model.links().get(found.link)?, found)))
        .collect()
}

fn line(model: &Model, link: &Entry<Link>, found: &LinkEvidence) -> EvidenceLine {
    let tested = found.tested.as_ref().ok();
    let end = |node: NodeId, measure: Option<MeasureId>| EndLine {
        kind: node.kind().word(),
        key: names::key(model, (node.kind(), node.uuid())),
        measure: measure.map(|measure| measure_key(model, measure)),
    };
    EvidenceLine {
        key: names::key(model, (Kind::Link, link.id().as_uuid())),
        cause: end(link.from, tested.map(|tested| tested.pair.driver)),
        effect: end(link.to, tested.map(|tested| tested.pair.outcome)),
        grade: found.grade.word(),
        kept: found.kept.as_ref().map(|grade| kept(model, grade)),
        sentence: told::sentence(model, link, found),
        tested: tested.map(|tested| tested_line(model, tested)),
    }
}

fn kept(model: &Model, grade: &Grade) -> KeptLine {
    let name = |period: &Period| model.calendar().name(period);
    let block = |block: &throughline_model::records::Block| BlockLine {
        first_period: name(&block.from),
        last_period: name(&block.until),
        n: block.n,
        standard: block.effect,
        standard_error: block.error,
        evidence: block.e,
        evidence_against: block.e_against,
    };
    KeptLine {
        grade: grade.grade.word(),
        since: name(&grade.since),
        until: name(&grade.until),
        known_at: None,
        n: grade.n,
        units: grade.units,
        standard: grade.effect,
        standard_error: grade.error,
        design: grade.design.map(|design| design.word()),
        evidence: grade.e,
        replication: grade.replication,
        blocks: grade.blocks.iter().map(block).collect(),
    }
}

fn measure_key(model: &Model, measure: MeasureId) -> String {
    names::key(model, (Kind::Measure, measure.as_uuid()))
}

fn tested_line(model: &Model, tested: &Tested) -> TestedLine {
    let (estimate, claim) = (&tested.estimate, &tested.pair.claim);
    let enough = estimate.enough();
    let calendar = model.calendar();
    TestedLine {
        n: estimate.rows,
        units: estimate.units,
        periods: estimate.periods,
        first_period: calendar.name(&tested.periods.0),
        last_period: calendar.name(&tested.periods.1),
        frequency: tested.pair.frequency.to_string(),
        lag: claim.lag,
        claimed_size: claim.strength.effect(),
        claimed_sign: match claim.direction {
            throughline_insight::links::Direction::Same => 1,
            throughline_insight::links::Direction::Opposite => -1,
        },
        size: size(estimate),
        evidence: estimate.evidence,
        evidence_against: estimate.evidence_against,
        probability: estimate.posterior.above(0.0),
        design: match tested.design {
            Design::LaggedPanel => "L1",
            Design::CheckedPanel => "L2",
            Design::QuasiExperiment => "L3",
            Design::Randomised => "L4",
        },
        held_fixed: tested
            .held_fixed
            .iter()
            .map(|id| measure_key(model, *id))
            .collect(),
        size_alone: tested.alone.as_ref().map(size),
        shared_columns: tested.pair.shared_columns.clone(),
        checks: tested.checks.as_ref().map(|checks| ChecksLine {
            placebo_t: checks.lead_t,
            placebo_limit: checks.lead_t_limit,
            lags: checks
                .lags
                .iter()
                .map(|lag| LagLine {
                    lag: lag.lag,
                    standard: lag.effect,
                    standard_error: lag.standard_error,
                })
                .collect(),
            without_one_unit: checks.left_out.map(|(least, greatest)| [least, greatest]),
            wild: checks.wild,
            robustness: checks.robustness,
            robustness_of_signal: checks.robustness_of_signal,
            e_value: checks.e_value,
        }),
        follows: tested
            .follows
            .iter()
            .map(|one| FollowingLine {
                lag: one.lag,
                n: one.rows,
                standard: one.effect,
                standard_interval: [one.interval.0, one.interval.1],
            })
            .collect(),
        doubts: tested.doubts.iter().map(ToString::to_string).collect(),
        enough_units: enough.units,
        enough_periods: enough.periods,
    }
}

fn size(estimate: &LinkEstimate) -> SizeLine {
    let (low, high) = estimate.interval();
    let plain = estimate.outcome_sd / estimate.driver_sd;
    SizeLine {
        standard: estimate.effect,
        standard_interval: [low, high],
        plain: estimate.plain_effect,
        plain_interval: [low * plain, high * plain],
    }
}
