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
        "today’s process reaches {} in {} of {}s: {verdict}",
        measure.aim(aim),
        how_often(found),
        measure.frequency.everyday_word()
    ))
}

/// `about 33%`; where that would be the least of a better verdict than the one that is given, `fewer than 50%`.
fn how_often(found: &Capability) -> String {
    let rounded = Capability {
        chance: (found.chance * 100.0).round() / 100.0,
        ..*found
    };
    let said = percent(found.chance);
    if rounded.word() == found.word() {
        format!("about {said}")
    } else {
        format!("fewer than {said}")
    }
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
        measure.whole(found.level),
        measure.whole(found.raw_level)
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
    use crate::pooling::Estimate;
    use crate::targets::Revision;
    use crate::watermelon::{Child, Margin, OnTrack};

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
            "Today’s process reaches at least 95.0 in about 33% of months: it is a stretch."
        );
        assert_eq!(
            capability(&measure, Aim::AtLeast(69.8), &of_chance(0.0962)),
            "Today’s process reaches at least 69.8 in fewer than 10% of months: it needs a different process, not more effort."
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
        fn words_of_a_capability_agree_with_its_number(
            chance in 0.0..=1.0_f64,
            border in proptest::sample::select(vec![0.1, 0.5, 0.8]),
            beside in -0.006..0.006_f64,
        ) {
            let name = |_: usize| String::new();
            for chance in [chance, border + beside, border] {
                let text = capability(&plain(&name), Aim::AtMost(3.0), &of_chance(chance));
                assert_sentence(&text);
                prop_assert_eq!(text.contains("already met"), chance >= 0.8);
                prop_assert_eq!(text.contains("achievable"), (0.5..0.8).contains(&chance));
                prop_assert_eq!(text.contains("different process"), chance < 0.1);
                prop_assert_eq!(text.contains("stretch"), (0.1..0.5).contains(&chance));
                // The number as it is read gives the same verdict.
                let number = |before: &str| {
                    let rest = text.split_once(before)?.1;
                    rest.split_once('%')?.0.parse::<f64>().ok()
                };
                if let Some(border) = number("fewer than ") {
                    prop_assert!([10.0, 50.0, 80.0].contains(&border), "{}", text);
                    prop_assert!(chance < border / 100.0 && chance > border / 100.0 - 0.01, "{}", text);
                } else {
                    let said = number("about ").expect("a number") / 100.0;
                    prop_assert!((said - chance).abs() <= 0.01, "{}", text);
                    prop_assert_eq!(of_chance(said).word(), of_chance(chance).word(), "{}", text);
                }
            }
        }

        #[test]
        fn peers_reach_what_is_said_of_them(
            levels in proptest::collection::vec(0.0..100.0_f64, 5..30), variance in 0.1..200.0_f64
        ) {
            let name = |_: usize| String::new();
            let peers: Vec<Estimate> = levels.iter().map(|value| Estimate { value: *value, variance }).collect();
            for better in [Better::Higher, Better::Lower] {
                let found = crate::targets::benchmark(&peers, better).unwrap();
                let measure = plain(&name);
                let text = benchmark(&measure, &found, better);
                assert_sentence(&text);
                let or = if better == Better::Lower { "or less" } else { "or more" };
                let told = format!("reaches {} {or};", measure.value(found.level));
                prop_assert!(text.contains(&told), "{}", text);
                // At least a quarter of the peers, and not all of them, are that good.
                let is_as_good = |level: &f64| match better {
                    Better::Lower => *level <= found.level + 1e-9,
                    _ => *level >= found.level - 1e-9,
                };
                let count = found.shrunken.iter().filter(|level| is_as_good(level)).count();
                prop_assert!(4 * count + 4 > found.shrunken.len(), "{}", text);
            }
        }

        #[test]
        fn a_ratchet_is_warned_of_where_targets_follow_good_results_alone(
            up in -0.5..1.0_f64, down in -0.5..1.0_f64, drift in -1.0..1.0_f64,
            results in proptest::collection::vec(1.0..20.0_f64, 4..12),
        ) {
            // Above and below the target in turn, and the next target follows exactly so.
            let revisions: Vec<Revision> = results
                .iter()
                .flat_map(|over| [*over, -*over * 0.8])
                .map(|over| {
                    let follows = if over > 0.0 { up } else { down };
                    Revision { target: 50.0, actual: 50.0 + over, next_target: 50.0 + drift + follows * over }
                })
                .collect();
            let Ok(found) = crate::targets::ratchet(&revisions, Better::Higher) else {
                return Ok(());
            };
            let is_at_a_border = (up - 0.3).abs() < 1e-6 || (up - down - 0.2).abs() < 1e-6;
            prop_assume!(!is_at_a_border);
            let text = ratchet(&found);
            assert_sentence(&text);
            let follows = up > 0.3 && up - down > 0.2;
            prop_assert_eq!(text.contains("hold back"), follows, "{}", text);
            prop_assert_eq!(text.contains("do not ratchet"), !follows, "{}", text);
            if follows {
                let told = format!("{} of what is over", two_decimals(found.up));
                prop_assert!(text.contains(&told) && (found.up - up).abs() < 1e-6, "{}", text);
            }
        }

        #[test]
        fn a_second_look_names_what_is_so_and_nothing_else(
            off_track in proptest::collection::vec(proptest::bool::ANY, 0..9),
            chance in proptest::option::of(0.0..=1.0_f64),
            distance in 0.0..5.0_f64, sigma in 0.1..5.0_f64,
            is_late in proptest::bool::ANY,
        ) {
            let children: Vec<Child> = off_track
                .iter()
                .map(|is_off_track| Child { weight: 1.0, is_off_track: *is_off_track, off_track_within: 0.0 })
                .collect();
            let found = crate::watermelon::doubts(&OnTrack {
                children: &children,
                chance,
                margin: Some(Margin { distance, sigma }),
                is_late,
                is_overridden: false,
            });
            let text = doubts(&found, &|child| format!("U{child}.")).unwrap_or_default();
            let red = off_track.iter().filter(|is_off| **is_off).count();
            let share = red as f64 / off_track.len().max(1) as f64;
            let is_weighty = !off_track.is_empty() && share >= 0.2;
            let is_unlikely = chance.is_some_and(|chance| chance < 0.5);
            prop_assert_eq!(text.is_empty(), red == 0 && !is_unlikely && distance >= sigma && !is_late, "{}", text);
            prop_assert_eq!(text.contains("the weight below is off track"), is_weighty, "{}", text);
            prop_assert_eq!(text.contains("under half"), is_unlikely, "{}", text);
            prop_assert_eq!(text.contains("within noise"), distance < sigma, "{}", text);
            prop_assert_eq!(text.contains("late"), is_late, "{}", text);
            for (at, is_off) in off_track.iter().enumerate() {
                let is_named = text.contains(&format!("U{at}."));
                prop_assert!(!is_named || *is_off, "{}", text);
                prop_assert!(is_named || !*is_off || red > NAMED_MAX, "{}", text);
            }
        }
    }
}
