//! Which way an effect goes: towards what is better, where links are read together, and by the numbers as they are measured,
//! where one is looked into.

use throughline_core::MeasureId;
use throughline_insight::links::Direction;
use throughline_model::Model;
use throughline_model::records::{Better, Effect, Link};

use super::Tested;
use super::words::measure_within;

/// An effect and the ends of its interval, in standard deviations.
pub type WithInterval = (f64, (f64, f64));

/// The effect with its 95 % interval, counted towards what is better: above 0 where more of what is better at the cause went
/// with more of what is better at the effect. The estimate itself is of the numbers as they are measured, of which less may
/// be better.
#[must_use]
pub fn towards_goal(link: &Link, tested: &Tested) -> WithInterval {
    let estimate = &tested.estimate;
    let measured = (estimate.effect, estimate.interval());
    turned(measured, link.effect, tested.pair.claim.direction)
}

/// What is stated is counted in the better direction of both ends, what is claimed of the numbers is not: where the two differ,
/// less is better at one of the ends, and the effect is turned.
fn turned(measured: WithInterval, stated: Effect, claimed: Direction) -> WithInterval {
    let (effect, (low, high)) = measured;
    match (stated, claimed) {
        (Effect::Raises, Direction::Same) | (Effect::Lowers, Direction::Opposite) => measured,
        (Effect::Raises, Direction::Opposite) | (Effect::Lowers, Direction::Same) => {
            (-effect, (-high, -low))
        }
    }
}

/// Which way the numbers of a link go: what an effect above and below 0 says of its measures, and which of the two the link
/// states.
#[must_use]
pub fn which_way(model: &Model, tested: &Tested) -> String {
    let ends = [tested.pair.driver, tested.pair.outcome];
    let [driver, outcome] = ends.map(|id| measure_within(model, id));
    let stated = match tested.pair.claim.direction {
        Direction::Same => "above",
        Direction::Opposite => "below",
    };
    let is_less_better = |id: &MeasureId| {
        let measure = model.measures().get(*id);
        measure.is_some_and(|measure| measure.better == Some(Better::Lower))
    };
    let of_less = ends.into_iter().filter(is_less_better);
    let of_less: Vec<String> = of_less.map(|id| measure_within(model, id)).collect();
    let why = match &of_less[..] {
        [one] => format!(", as of {one} less is better"),
        // Where less is better at both ends, the numbers go the same way as what is better.
        _ => String::new(),
    };
    format!(
        "Above 0, more {driver} went with more {outcome}; below 0, with less. The link states an effect {stated} 0{why}."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_is_turned_where_less_is_better_at_one_end() {
        let measured = (-0.6, (-0.7, -0.5));
        let check = |stated, claimed, expected: WithInterval| {
            assert_eq!(turned(measured, stated, claimed), expected);
        };
        // More flights on time went with a lower cost of late ones: that helps.
        check(Effect::Raises, Direction::Opposite, (0.6, (0.5, 0.7)));
        check(Effect::Raises, Direction::Same, measured);
        check(Effect::Lowers, Direction::Opposite, measured);
        check(Effect::Lowers, Direction::Same, (0.6, (0.5, 0.7)));
    }
}
