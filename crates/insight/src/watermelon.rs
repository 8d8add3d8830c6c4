//! Watermelons: green outside, red inside. Why a parent that is on track may not be.

/// The share of the weight below a parent that must be off track to be named.
const WEIGHT_SHARE: f64 = 0.2;
/// A chance to reach the target below this is named.
const CHANCE: f64 = 0.5;

/// What is known of a parent that is on track.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnTrack<'a> {
    /// What it is made of, directly.
    pub children: &'a [Child],
    /// The chance to reach its target by its date, from 0 to 1, if it was forecast.
    pub chance: Option<f64>,
    /// How far its last value is from the next worse status, and the spread of values from point to point (sigma), both in
    /// its units; if both are known.
    pub margin: Option<Margin>,
    /// Whether its newest data are late.
    pub is_late: bool,
    /// Whether a person set its status by hand.
    pub is_overridden: bool,
}

/// How near the next worse status is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margin {
    /// The distance of the last value from the next worse status, 0 or more.
    pub distance: f64,
    /// The spread of values from point to point.
    pub sigma: f64,
}

/// A child of a parent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Child {
    /// Its weight, 0 or more; weights need not add up to 1.
    pub weight: f64,
    /// Whether it is off track itself.
    pub is_off_track: bool,
    /// The share of the weight within it that is off track, from 0 to 1; for a leaf 1 or 0.
    pub off_track_within: f64,
}

/// Why a parent that is on track deserves a second look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doubt {
    /// A child is off track.
    ChildOffTrack {
        /// Its place among the children.
        child: usize,
    },
    /// Much of what is below is off track.
    WeightOffTrack {
        /// The share of the weight, from 0 to 1.
        share: f64,
    },
    /// The chance to reach the target is under half.
    ChanceUnderHalf {
        /// The chance, from 0 to 1.
        chance: f64,
    },
    /// The last value is within noise of the next worse status.
    WithinNoise(Margin),
    /// Its data are late.
    Late,
    /// A person set the status.
    Overridden,
}

/// The doubts about a parent that is on track; none is good news.
pub fn doubts(parent: &OnTrack<'_>) -> Vec<Doubt> {
    let off_track = parent
        .children
        .iter()
        .enumerate()
        .filter(|(_, child)| child.is_off_track);
    let mut doubts: Vec<Doubt> = off_track
        .map(|(child, _)| Doubt::ChildOffTrack { child })
        .collect();
    let share = share_off_track(parent.children);
    if share >= WEIGHT_SHARE {
        doubts.push(Doubt::WeightOffTrack { share });
    }
    if let Some(chance) = parent.chance.filter(|chance| *chance < CHANCE) {
        doubts.push(Doubt::ChanceUnderHalf { chance });
    }
    if let Some(margin) = parent
        .margin
        .filter(|margin| margin.distance < margin.sigma)
    {
        doubts.push(Doubt::WithinNoise(margin));
    }
    if parent.is_late {
        doubts.push(Doubt::Late);
    }
    if parent.is_overridden {
        doubts.push(Doubt::Overridden);
    }
    doubts
}

/// The share of the weight that is off track, from 0 to 1; 0 where nothing has a weight.
pub fn share_off_track(children: &[Child]) -> f64 {
    let total: f64 = children.iter().map(|child| child.weight).sum();
    if total <= 0.0 {
        return 0.0;
    }
    let off_track = children.iter().map(|child| {
        let within = if child.is_off_track {
            1.0
        } else {
            child.off_track_within
        };
        child.weight * within
    });
    off_track.sum::<f64>() / total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(weight: f64, is_off_track: bool, off_track_within: f64) -> Child {
        Child {
            weight,
            is_off_track,
            off_track_within,
        }
    }

    fn of_children(children: &[Child]) -> Vec<Doubt> {
        doubts(&OnTrack {
            children,
            ..OnTrack::default()
        })
    }

    #[test]
    fn a_child_off_track_is_named_whatever_its_weight() {
        let children = [child(9.0, false, 0.0), child(1.0, true, 1.0)];
        assert_eq!(of_children(&children), [Doubt::ChildOffTrack { child: 1 }]);
    }

    #[test]
    fn weight_further_below_counts() {
        let children = [child(1.0, false, 0.4), child(1.0, false, 0.0)];
        assert_eq!(
            of_children(&children),
            [Doubt::WeightOffTrack { share: 0.2 }]
        );
        assert_eq!(of_children(&[child(1.0, false, 0.19)]), []);
        assert_eq!(of_children(&[child(0.0, false, 1.0)]), []);
    }

    #[test]
    fn other_doubts_stand_for_themselves() {
        let margin = Margin {
            distance: 1.0,
            sigma: 2.0,
        };
        let parent = OnTrack {
            children: &[],
            chance: Some(0.4),
            margin: Some(margin),
            is_late: true,
            is_overridden: true,
        };
        let expected = [
            Doubt::ChanceUnderHalf { chance: 0.4 },
            Doubt::WithinNoise(margin),
            Doubt::Late,
            Doubt::Overridden,
        ];
        assert_eq!(doubts(&parent), expected);
        let sound = OnTrack {
            chance: Some(0.5),
            margin: Some(Margin {
                distance: 2.0,
                sigma: 2.0,
            }),
            ..OnTrack::default()
        };
        assert_eq!(doubts(&sound), []);
    }
}
