//! Advice on targets and doubts about what is on track, in words.

use super::{Measure, count, listed, percent, sentence, two_decimals};
use crate::better::Better;
use crate::targets::{Aim, Benchmark, Capability, CapabilityWord, Ratchet};
use crate::watermelon::Doubt;

/// How many of what is off track are named; of more, the others are counted.
const NAMED_MAX: usize = 5;

/// How often today's process meets a target.
pub fn capability(measure: &Measure<'_>, aim: Aim, found: &Capability) -> String {
    let verdict = match found.word() {
        CapabilityWord::AlreadyMet => "it is already met",
        CapabilityWord::Achievable => "it is achievable",
        CapabilityWord::Stretch => "it is a stretch",
        CapabilityWord::DifferentProcess => "it needs a different process, not more effort",
    };
    sentence(&format!(
        "today's process reaches {} in about {} of {}s: {verdict}",
        measure.aim(aim),
        percent(found.chance),
        measure.frequency.everyday_word()
    ))
}

/// What good peers reach.
pub fn benchmark(measure: &Measure<'_>, found: &Benchmark, better: Better) -> String {
    let or = if better == Better::Lower {
        "or less"
    } else {
        "or more"
    };
    sentence(&format!(
        "a quarter of the peers truly reaches {} {or}; without taking luck off it would look like {}",
        measure.value(found.level),
        measure.value(found.raw_level)
    ))
}

/// Whether targets follow past results.
pub fn ratchet(found: &Ratchet) -> String {
    let text = if found.warns() {
        format!(
            "targets follow good results: {} of what is over goes into the next target, {} of what is short comes off it, which \
             teaches to hold back",
            two_decimals(found.up),
            two_decimals(found.down)
        )
    } else {
        format!(
            "targets do not ratchet up after good results, over {} revisions",
            count(found.revisions)
        )
    };
    sentence(&text)
}

/// Why a parent that is on track deserves a second look; `None` without a doubt.
pub fn doubts(found: &[Doubt], child_name: &dyn Fn(usize) -> String) -> Option<String> {
    let children: Vec<String> = found
        .iter()
        .filter_map(|doubt| match doubt {
            Doubt::ChildOffTrack { child } => Some(child_name(*child)),
            _ => None,
        })
        .collect();
    let off_track = match children.len() {
        0 => None,
        1 => Some(format!("{} is off track", children[0])),
        many if many > NAMED_MAX => {
            let mut named = children[..NAMED_MAX - 1].to_vec();
            named.push(format!("{} others", many + 1 - NAMED_MAX));
            Some(format!("{} are off track", listed(&named)))
        }
        _ => Some(format!("{} are off track", listed(&children))),
    };
    let others = found.iter().filter_map(|doubt| match doubt {
        Doubt::ChildOffTrack { .. } => None,
        Doubt::WeightOffTrack { share } => Some(format!(
            "{} of the weight below is off track",
            percent(*share)
        )),
        Doubt::ChanceUnderHalf { .. } => {
            Some("the chance to reach the target is under half".to_owned())
        }
        Doubt::WithinNoise(_) => {
            Some("the last value is within noise of the next worse status".to_owned())
        }
        Doubt::Late => Some("its data are late".to_owned()),
        Doubt::Overridden => Some("a person set the status".to_owned()),
    });
    let all: Vec<String> = off_track.into_iter().chain(others).collect();
    (!all.is_empty()).then(|| sentence(&format!("on track, but {}", listed(&all))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{assert_sentence, plain};
    use super::*;

    fn of_chance(chance: f64) -> Capability {
        Capability {
            chance,
            centre: 90.0,
            sigma: 5.0,
            points: 24,
        }
    }

    #[test]
    fn targets_and_doubts() {
        let name = |_: usize| String::new();
        let measure = plain(&name);
        assert_eq!(
            capability(&measure, Aim::AtLeast(95.0), &of_chance(0.331)),
            "Today's process reaches at least 95.0 in about 33% of months: it is a stretch."
        );
        let child = |child: usize| ["Sales", "Service"][child].to_owned();
        let found = [
            Doubt::ChildOffTrack { child: 0 },
            Doubt::ChildOffTrack { child: 1 },
            Doubt::ChanceUnderHalf { chance: 0.3 },
        ];
        assert_eq!(
            doubts(&found, &child).unwrap(),
            "On track, but Sales and Service are off track and the chance to reach the target is under half."
        );
        assert_eq!(doubts(&[], &child), None);
        let many: Vec<Doubt> = (0..7).map(|child| Doubt::ChildOffTrack { child }).collect();
        assert_eq!(
            doubts(&many, &|child| format!("U{child}")).unwrap(),
            "On track, but U0, U1, U2, U3 and 3 others are off track."
        );
        let followed = Ratchet {
            drift: 0.0,
            up: 0.6,
            down: 0.1,
            revisions: 9,
        };
        let text = ratchet(&followed);
        assert!(
            text.contains("0.60 of what is over") && text.contains("hold back"),
            "{text}"
        );
        let free = ratchet(&Ratchet {
            up: 0.1,
            ..followed
        });
        assert!(free.contains("do not ratchet"), "{free}");
        let peers = Benchmark {
            level: 74.7,
            raw_level: 75.5,
            shrunken: vec![],
            mean: 70.0,
            between: 76.0,
        };
        let text = benchmark(&measure, &peers, Better::Lower);
        assert!(text.contains("74.7 or less"), "{text}");
    }

    proptest! {
        #[test]
        fn words_of_a_capability_agree_with_its_number(chance in 0.0..=1.0_f64) {
            let name = |_: usize| String::new();
            let text = capability(&plain(&name), Aim::AtMost(3.0), &of_chance(chance));
            assert_sentence(&text);
            prop_assert_eq!(text.contains("already met"), chance >= 0.8);
            prop_assert_eq!(text.contains("different process"), chance < 0.1);
            prop_assert_eq!(text.contains("stretch"), (0.1..0.5).contains(&chance));
        }
    }
}
