//! How a node came to its numbers, in sentences: the arithmetic of score and coverage, what decided the status, and whether
//! it would differ.

use throughline_engine::{ChildKey, ChildReading, NodeRule, Status};

use super::meaning::fragile_in_words;
use super::{list, names, numbers};
use crate::ExplainedNode;

/// The most children whose numbers are written out in a sum.
const WRITTEN_OUT_MAX: usize = 8;

impl ExplainedNode {
    /// The name of a child.
    #[must_use]
    pub fn child_name(&self, child: ChildKey) -> String {
        names::name(&self.read.selected.model, names::of_child(child))
    }

    fn part(&self) -> impl Iterator<Item = &ChildReading> {
        self.node.children.iter().filter(|child| child.takes_part)
    }

    /// `Score (1 × 81.2 + 2 × 53.3) / 3 = 62.6`, over those that have one.
    #[must_use]
    pub fn score_in_words(&self) -> Option<String> {
        let scored: Vec<(f64, f64)> = self
            .part()
            .filter_map(|child| Some((child.weight, child.score?)))
            .collect();
        let mean = numbers::score(Some(self.derivation.mean?));
        let score = |score: f64| numbers::score(Some(score));
        let sum = weighted_sum(&scored, score, mean);
        Some(match self.node.score {
            Some(_) => format!("Score {sum}."),
            None => format!("The scores that are there: {sum}. That is too little for a score."),
        })
    }

    /// `Coverage (1 × 100% + 2 × 50%) / 3 = 67%`: a child without a score counts as 0.
    #[must_use]
    pub fn coverage_in_words(&self) -> Option<String> {
        let covered: Vec<(f64, f64)> = self
            .part()
            .map(|child| {
                let coverage = child.score.map_or(0.0, |_| child.coverage);
                (child.weight, coverage)
            })
            .collect();
        if covered.is_empty() {
            return None;
        }
        let all = numbers::share(self.node.coverage);
        let share = |share: f64| numbers::share(Some(share));
        Some(format!("Coverage {}.", weighted_sum(&covered, share, all)))
    }

    /// What decided the status.
    #[must_use]
    pub fn status_in_words(&self) -> String {
        let borders = self.derivation.borders;
        let (on_track, at_risk) = (
            numbers::plain(borders.on_track_from),
            numbers::plain(borders.at_risk_from),
        );
        let score = numbers::score(self.node.score);
        let coverage = numbers::share(self.node.coverage);
        let status = self.node.status.word();
        match self.derivation.rule {
            NodeRule::Score => match self.node.status {
                Status::OnTrack => format!("The score {score} is {on_track} or more: {status}."),
                Status::AtRisk => {
                    format!(
                        "The score {score} is {at_risk} or more and below {on_track}: {status}."
                    )
                }
                _ => format!("The score {score} is below {at_risk}: {status}."),
            },
            NodeRule::BestChild => format!(
                "By its score {score} it would be better, and a node is never better than its best child: {status}."
            ),
            NodeRule::WorstChild => format!(
                "By its score {score} it would be worse, and a node is never worse than its worst child: {status}."
            ),
            NodeRule::CriticalOffTrack => {
                let critical = self
                    .part()
                    .filter(|child| child.critical && child.status == Status::OffTrack);
                format!(
                    "{}, and so is this: {status}.",
                    self.critical(critical, "off track")
                )
            }
            NodeRule::CriticalBelow => format!(
                "By its score {score} it would be on track, and something critical at or below it is off track or has no data, so it is at risk at best: {status}."
            ),
            NodeRule::CoverageForOnTrack => format!(
                "By its score {score} it would be on track, and coverage {coverage} is below the {} that this needs: {status}.",
                numbers::share(Some(borders.on_track_coverage))
            ),
            NodeRule::CoverageMinimum => format!(
                "Coverage {coverage} is below the minimum of {}: {status}, and no score.",
                numbers::share(Some(borders.coverage_minimum))
            ),
            NodeRule::NothingJudged => {
                format!("Nothing that takes part has been judged: {status}.")
            }
            NodeRule::NothingTakesPart => {
                format!("Nothing that it is made of takes part here: {status}.")
            }
            NodeRule::NothingMeasures => format!("Nothing measures it: {status}."),
        }
    }

    /// `“Visits” is critical and off track`
    fn critical<'c>(&self, children: impl Iterator<Item = &'c ChildReading>, word: &str) -> String {
        let named: Vec<String> = children
            .map(|child| format!("“{}”", self.child_name(child.child)))
            .collect();
        let are = if named.len() == 1 { "is" } else { "are" };
        format!("{} {are} critical and {word}", list(&named))
    }

    /// What it would be in each other way that tells whether it is fragile; nothing where there is only one way.
    #[must_use]
    pub fn otherwise_in_words(&self) -> Vec<String> {
        if self.part().count() < 2 && self.node.fragile.is_empty() {
            return Vec::new();
        }
        let line = |then: &throughline_engine::NodeOtherwise| {
            let score = match then.score {
                Some(score) => format!("score {}, ", numbers::score(Some(score))),
                None => String::new(),
            };
            let same = if then.status == self.node.status {
                "the same".to_owned()
            } else {
                format!("not {}: fragile", self.node.status.word())
            };
            format!(
                "{}: {score}{}, {same}.",
                super::sentence(fragile_in_words(then.way)),
                then.status.word()
            )
        };
        self.derivation.otherwise.iter().map(line).collect()
    }
}

/// `(1 × 81.2 + 2 × 53.3) / 3 = 62.6`; the numbers of one alone, or of many, are not written out.
fn weighted_sum(weighted: &[(f64, f64)], show: impl Fn(f64) -> String, result: String) -> String {
    let weights: f64 = weighted.iter().map(|(weight, _)| weight).sum();
    let weights = numbers::plain(weights);
    match weighted {
        [_] => format!("{result}, that of the only one"),
        few if few.len() <= WRITTEN_OUT_MAX => {
            let parts: Vec<String> = few
                .iter()
                .map(|(weight, number)| format!("{} × {}", numbers::plain(*weight), show(*number)))
                .collect();
            format!("({}) / {weights} = {result}", parts.join(" + "))
        }
        many => format!(
            "the sum of weight × number of {} over the sum of their weights, {weights} = {result}",
            many.len()
        ),
    }
}
