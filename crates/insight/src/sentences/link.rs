//! How far a link holds, in words: what was seen, how sure it is, what is not excluded, and what would tell more.

use std::fmt::Display;

use throughline_core::Frequency;

use super::against::Against;
use super::{count, sentence, two_decimals};
use crate::links::{Design, Doubt, Grade, LinkEstimate};

/// How a link is spoken of.
#[derive(Clone, Copy, Debug)]
pub struct LinkNames<'a> {
    /// What is done, in lower case as within a sentence.
    pub driver: &'a str,
    /// What it is to bring, likewise.
    pub outcome: &'a str,
    /// The units in the plural, such as `branches`.
    pub units: &'a str,
    /// How often both are measured.
    pub frequency: Frequency,
}

impl LinkNames<'_> {
    fn head(&self, grade: Grade) -> String {
        sentence(&format!(
            "{} → {}: {}",
            self.driver,
            self.outcome,
            grade.word()
        ))
    }

    /// When the effect is there.
    fn when(&self, lag: usize) -> String {
        let period = self.frequency.everyday_word();
        match lag {
            0 => format!("in the same {period}"),
            1 => format!("the next {period}"),
            lag => format!("{lag} {period}s later"),
        }
    }
}

/// What the data say of a link with an estimate; checks that speak against it hold its grade back.
pub fn link(
    names: &LinkNames<'_>,
    estimate: &LinkEstimate,
    grade: Grade,
    design: Design,
    doubts: &[Doubt],
) -> String {
    let seen = match grade {
        Grade::Untested => seen(names, estimate, grade),
        _ => format!("{} ({})", seen(names, estimate, grade), numbers(estimate)),
    };
    let mut text = vec![names.head(grade), sentence(&seen)];
    let against = Against::of(estimate, grade, doubts);
    text.extend(against.not_called().as_deref().map(sentence));
    text.extend(against.held_back().as_deref().map(sentence));
    text.extend(not_excluded(grade, design).map(sentence));
    text.extend(next(names, estimate, grade).as_deref().map(sentence));
    text.join(" ")
}

/// What the data say of a link, for who reads it first: [`link`] without its numbers, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkParts {
    /// What was seen, and what that leaves open.
    pub seen: String,
    /// What speaks against it, or against calling it what it seems to be; empty where nothing does.
    pub against: String,
    /// What would tell more; empty where nothing is known that would.
    pub next: String,
}

/// The parts of what the data say of a link with an estimate.
pub fn link_parts(
    names: &LinkNames<'_>,
    estimate: &LinkEstimate,
    grade: Grade,
    design: Design,
    doubts: &[Doubt],
) -> LinkParts {
    let joined = |said: Vec<String>| {
        let said: Vec<String> = said.iter().map(|one| sentence(one)).collect();
        said.join(" ")
    };
    let mut seen = vec![seen(names, estimate, grade)];
    seen.extend(not_excluded(grade, design).map(str::to_owned));
    LinkParts {
        seen: joined(seen),
        against: joined(Against::of(estimate, grade, doubts).one_by_one()),
        next: joined(next(names, estimate, grade).into_iter().collect()),
    }
}

/// Why a link without an estimate is untested.
pub fn untestable(names: &LinkNames<'_>, why: &dyn Display) -> String {
    format!(
        "{} {}",
        names.head(Grade::Untested),
        sentence(&why.to_string())
    )
}

/// What was seen, without numbers of the estimate.
fn seen(names: &LinkNames<'_>, estimate: &LinkEstimate, grade: Grade) -> String {
    let LinkNames {
        driver,
        outcome,
        units,
        ..
    } = *names;
    let (many, when) = (count(estimate.units), names.when(estimate.claim.lag));
    let more = format!("in {many} {units}, those with more {driver} than usual");
    let higher = if estimate.effect > 0.0 {
        "higher"
    } else {
        "lower"
    };
    match grade {
        Grade::Supported | Grade::Strong => {
            format!("{more} had {higher} {outcome} {when}")
        }
        Grade::Plausible => format!("{more} probably had {higher} {outcome} {when}"),
        Grade::Contradicted => {
            format!("against what was stated, {more} had {higher} {outcome} {when}")
        }
        Grade::Negligible => {
            format!("{more} had {outcome} that hardly differed {when}")
        }
        Grade::NotShown if is_clear(estimate) => {
            format!("{more} did have {higher} {outcome} {when}")
        }
        Grade::NotShown => format!("{more} had no clearly different {outcome} {when}"),
        Grade::Untested => format!(
            "{many} {units} with {} pairs of values are too few to tell",
            count(estimate.rows)
        ),
    }
}

/// Whether the interval leaves no doubt of the direction.
pub(super) fn is_clear(estimate: &LinkEstimate) -> bool {
    let (low, high) = estimate.interval();
    low.signum() * high.signum() > 0.0
}

fn numbers(estimate: &LinkEstimate) -> String {
    let (low, high) = estimate.interval();
    format!(
        "n = {}, effect {} SD, {} to {}",
        count(estimate.rows),
        two_decimals(estimate.effect),
        two_decimals(low),
        two_decimals(high)
    )
}

/// What the design leaves open.
fn not_excluded(grade: Grade, design: Design) -> Option<&'static str> {
    match (grade, design) {
        (Grade::Untested | Grade::NotShown | Grade::Negligible, _) => None,
        (_, Design::LaggedPanel | Design::CheckedPanel) => Some("other causes are not excluded"),
        (_, Design::QuasiExperiment) => Some("the design makes other causes unlikely"),
        (_, Design::Randomised) => {
            Some("chance decided who did more, so other causes are excluded")
        }
    }
}

/// What would tell more.
fn next(names: &LinkNames<'_>, estimate: &LinkEstimate, grade: Grade) -> Option<String> {
    let units = names.units;
    match grade {
        Grade::Supported => Some(format!(
            "to reach strong: run a trial in {} {units}, chosen at random, or see it again on later data",
            count((estimate.units / 2).max(1))
        )),
        Grade::Untested => {
            let enough = estimate.enough();
            // More periods do not make up for too few units.
            let periods = (enough.units > estimate.units && estimate.units >= 6).then(|| {
                format!(
                    ", or {} {}s,",
                    count(enough.periods),
                    names.frequency.everyday_word()
                )
            });
            Some(format!(
                "{} {units}{} would be enough",
                count(enough.units),
                periods.unwrap_or_default()
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::assert_sentence;
    use super::*;
    use crate::links::{
        Claim, Direction, Graded, LinkData, NoEvidence, Strength, USEFUL, estimate, grades,
    };
    use crate::random::Random;

    const NAMES: LinkNames<'static> = LinkNames {
        driver: "coaching",
        outcome: "skill",
        units: "branches",
        frequency: Frequency::Month,
    };

    /// A made panel with an effect at a lag of one period, its estimate and its grade.
    fn made(
        effect: f64,
        units: usize,
        periods: usize,
        seed: u64,
        direction: Direction,
    ) -> (LinkEstimate, Grade) {
        let mut random = Random::of_seed(seed);
        let mut series = || -> Vec<f64> { (0..periods).map(|_| random.normal()).collect() };
        let driver: Vec<Vec<f64>> = (0..units).map(|_| series()).collect();
        let outcome: Vec<Vec<Option<f64>>> = driver
            .iter()
            .map(|driver| {
                let noise = series().into_iter().enumerate();
                noise
                    .map(|(at, noise)| {
                        Some(
                            noise
                                + at.checked_sub(1)
                                    .map_or(0.0, |before| effect * driver[before]),
                        )
                    })
                    .collect()
            })
            .collect();
        let driver: Vec<Vec<Option<f64>>> = driver
            .iter()
            .map(|values| values.iter().copied().map(Some).collect())
            .collect();
        let claim = Claim {
            direction,
            lag: 1,
            strength: Strength::Moderate,
            useful: USEFUL,
        };
        let data = LinkData {
            driver: &driver,
            outcome: &outcome,
            controls: &[],
        };
        let found = estimate(&data, &claim).unwrap();
        let graded = Graded {
            estimate: Some(found.clone()),
            design: Design::LaggedPanel,
            check_failed: false,
            replication: None,
        };
        (found, grades(&[graded])[0])
    }

    #[test]
    fn a_link_that_holds() {
        let (found, grade) = made(0.3, 24, 36, 1, Direction::Same);
        let text = link(&NAMES, &found, grade, Design::LaggedPanel, &[]);
        let (low, high) = found.interval();
        let expected = format!(
            "Coaching → skill: supported. In 24 branches, those with more coaching than usual had higher skill the next month \
             (n = 840, effect {:.2} SD, {low:.2} to {high:.2}). Other causes are not excluded. To reach strong: run a \
             trial in 12 branches, chosen at random, or see it again on later data.",
            found.effect
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_link_that_goes_the_other_way() {
        let (found, grade) = made(-0.3, 24, 36, 1, Direction::Same);
        let text = link(&NAMES, &found, grade, Design::LaggedPanel, &[]);
        assert!(text.starts_with(
            "Coaching → skill: contradicted. Against what was stated, in 24 branches, those with more coaching than usual had lower skill"
        ), "{text}");
        assert!(text.contains("effect −0."), "{text}");
    }

    #[test]
    fn a_link_that_a_check_holds_back() {
        let (found, _) = made(-0.3, 24, 36, 1, Direction::Same);
        let text = link(
            &NAMES,
            &found,
            Grade::NotShown,
            Design::LaggedPanel,
            &[Doubt::Lead],
        );
        assert_sentence(&text);
        assert!(
            text.contains("did have lower skill the next month"),
            "{text}"
        );
        assert!(
            text.contains(
                "It is not called contradicted, as a check speaks against it. What speaks against it: what was done in the period after"
            ),
            "{text}"
        );
        // Without such a check it is what was asked of all links together; or it lacks something by itself.
        let of_many = link(&NAMES, &found, Grade::NotShown, Design::LaggedPanel, &[]);
        assert!(
            of_many.contains("It is not called contradicted, as of all links of the map together"),
            "{of_many}"
        );
        let mut weak = found.clone();
        weak.evidence_against = 4.27;
        let weak = link(
            &NAMES,
            &weak,
            Grade::NotShown,
            Design::LaggedPanel,
            &[Doubt::Lead],
        );
        assert!(
            weak.contains(
                "It is not called contradicted, as the evidence is 4.2, and 10 is asked for."
            ),
            "{weak}"
        );
    }

    #[test]
    fn parts_say_it_without_numbers() {
        let (found, grade) = made(0.3, 24, 36, 1, Direction::Same);
        let parts = link_parts(&NAMES, &found, grade, Design::LaggedPanel, &[]);
        assert_eq!(
            parts,
            LinkParts {
                seen: "In 24 branches, those with more coaching than usual had higher skill the next month. Other causes are not excluded."
                    .to_owned(),
                against: String::new(),
                next: "To reach strong: run a trial in 12 branches, chosen at random, or see it again on later data."
                    .to_owned(),
            }
        );
        let (opposite, _) = made(-0.3, 24, 36, 1, Direction::Same);
        let doubts = [Doubt::Lead];
        let grade = Grade::NotShown;
        let parts = link_parts(&NAMES, &opposite, grade, Design::LaggedPanel, &doubts);
        assert!(parts.seen.ends_with("did have lower skill the next month."));
        assert!(
            parts
                .against
                .starts_with("It goes against what was stated. What was done in the period after"),
            "{parts:?}"
        );
        assert_eq!(parts.next, "");
    }

    #[test]
    fn a_link_without_enough_data() {
        let (found, grade) = made(0.3, 4, 30, 1, Direction::Same);
        let text = link(&NAMES, &found, grade, Design::LaggedPanel, &[]);
        let enough = found.enough().units;
        assert_eq!(
            text,
            format!(
                "Coaching → skill: untested. 4 branches with 116 pairs of values are too few to tell. {enough} branches would be enough."
            )
        );
        assert_eq!(
            untestable(&NAMES, &NoEvidence::Exact),
            "Coaching → skill: untested. One measure is computed from the other."
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn words_agree_with_the_numbers(
            effect in -0.5..0.5_f64,
            units in 4..30_usize,
            seed in 0..1000_u64,
            is_opposite in proptest::bool::ANY
        ) {
            let direction = if is_opposite { Direction::Opposite } else { Direction::Same };
            let (found, grade) = made(effect, units, 24, seed, direction);
            let text = link(&NAMES, &found, grade, Design::LaggedPanel, &[]);
            assert_sentence(&text);
            prop_assert!(text.contains(&format!(": {}.", grade.word())), "{}", text);
            if text.contains("higher") || text.contains("lower") {
                prop_assert_eq!(text.contains("higher"), found.effect > 0.0);
                let is_as_claimed = (found.effect > 0.0) != is_opposite;
                let says_so = text.contains("Against what was stated");
                prop_assert!(says_so != is_as_claimed || text.contains("did have"), "{}", text);
            }
            let is_sure = text.contains("had higher") || text.contains("had lower");
            let is_probable = text.contains("probably");
            prop_assert_eq!(is_probable, grade == Grade::Plausible);
            if is_sure && !is_probable {
                prop_assert!(matches!(grade, Grade::Supported | Grade::Strong | Grade::Contradicted));
                let (low, high) = found.interval();
                prop_assert!(low.signum() == high.signum(), "{}", text);
            }
            prop_assert_eq!(text.contains("too few"), grade == Grade::Untested);
        }
    }
}
