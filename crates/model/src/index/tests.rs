//! What is derived from a plan is what one finds by walking through it.

use std::fmt::Write as _;

use proptest::prelude::*;
use throughline_core::id::UnitId;

use super::UnitTree;
use crate::kind::Kind;
use crate::testing::{id, model};

/// The tree of units that stand below others by their numbers; some stand in circles, which a check refuses.
fn with_tree(above: &[Option<usize>], look: impl FnOnce(&UnitTree)) {
    let mut plan =
        String::from("organisation {\"key\":\"h\",\"name\":\"H\",\"time_zone\":\"UTC\"}\n");
    for (number, above) in above.iter().enumerate() {
        let parent = above.map_or_else(String::new, |above| {
            format!(",\"parent\":\"u{}\"", above % above_max(number, above))
        });
        let _ = writeln!(
            plan,
            "unit {{\"key\":\"u{number}\",\"name\":\"U\"{parent}}}"
        );
    }
    let model = model(&plan);
    look(model.index().units_on(jiff::civil::Date::MAX));
}

/// Mostly one of the units before, so that most trees have no circle.
fn above_max(number: usize, above: usize) -> usize {
    match above % 7 {
        0 => 12,
        _ => number.max(1),
    }
}

fn unit(number: usize) -> UnitId {
    UnitId::from_uuid(id(Kind::Unit, &format!("u{number}")))
}

proptest! {
    /// All that is below a unit is one stretch of places, and from each of them the way up leads through one child.
    #[test]
    fn what_is_below_a_unit_is_one_stretch(above in prop::collection::vec(prop::option::of(0_usize..84), 12)) {
        with_tree(&above, |tree| {
            let all = || (0..above.len()).map(unit);
            let place = |unit: UnitId| tree.stretch(unit).map(|stretch| stretch.start);
            let in_circle = |unit: UnitId| tree.ancestors(unit).any(|above| tree.ancestors(above).any(|other| other == above));
            for top in all().filter(|unit| !in_circle(*unit)) {
                let stretch = tree.stretch(top).expect("a place");
                let mut below: Vec<usize> = tree.with_descendants(top).into_iter().filter_map(place).collect();
                below.sort_unstable();
                assert_eq!(below, stretch.clone().collect::<Vec<usize>>());
                for one in all().filter(|one| *one != top) {
                    let at = place(one).expect("a place");
                    let found = tree.child_towards(stretch.start, at).map(|(child, _)| child);
                    let line = || std::iter::once(one).chain(tree.ancestors(one));
                    let expected = line().find(|child| tree.parent(*child) == Some(top));
                    assert_eq!(found, expected.filter(|_| stretch.contains(&at)));
                }
            }
            // Whatever stands in a circle has a place, too, and nothing is there twice.
            let mut places: Vec<usize> = all().filter_map(place).collect();
            places.sort_unstable();
            assert_eq!(places, (0..above.len()).collect::<Vec<usize>>());
        });
    }
}
