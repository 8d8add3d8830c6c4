//! Whether chances came true: of the times we said 70 %, how often did it happen?

/// A chance that was said, and whether the target was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// The chance, from 0 to 1.
    pub chance: f64,
    /// Whether it came true.
    pub came_true: bool,
}

/// How well chances came true.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Chances from 0 to 1 in five bins, those without any left out.
    pub bins: Vec<Bin>,
    /// The mean squared distance of chances from what happened (Brier 1950); 0 is perfect.
    pub brier: f64,
    /// The part by which that is less than if the overall share had been said each time; below 0 it is more. `None` where all or
    /// nothing came true.
    pub skill: Option<f64>,
    /// How many there are.
    pub count: usize,
}

/// Chances that are near each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The least chance of the bin; it reaches to .2 above.
    pub from: f64,
    /// How many were said.
    pub count: usize,
    /// Their mean.
    pub said: f64,
    /// The share that came true.
    pub came_true: f64,
}

/// The number of bins.
const BINS: usize = 5;

/// How well chances came true, or `None` if none was said or one is not from 0 to 1.
pub fn track(said: &[Said]) -> Option<Track> {
    if said.is_empty() || !said.iter().all(|one| (0.0..=1.0).contains(&one.chance)) {
        return None;
    }
    let count = said.len() as f64;
    let truth = |one: &Said| f64::from(u8::from(one.came_true));
    let brier = said
        .iter()
        .map(|one| (one.chance - truth(one)).powi(2))
        .sum::<f64>()
        / count;
    let share = said.iter().map(truth).sum::<f64>() / count;
    let plain = share * (1.0 - share);
    let bins = (0..BINS).filter_map(|bin| {
        let of_bin: Vec<&Said> = said
            .iter()
            .filter(|one| ((one.chance * BINS as f64) as usize).min(BINS - 1) == bin)
            .collect();
        let count = of_bin.len();
        let mean =
            |of: fn(&Said) -> f64| of_bin.iter().map(|one| of(one)).sum::<f64>() / count as f64;
        (count > 0).then(|| Bin {
            from: bin as f64 / BINS as f64,
            count,
            said: mean(|one| one.chance),
            came_true: mean(|one| f64::from(u8::from(one.came_true))),
        })
    });
    Some(Track {
        bins: bins.collect(),
        brier,
        skill: (plain > 0.0).then(|| 1.0 - brier / plain),
        count: said.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;

    #[test]
    fn chances_are_held_against_what_happened() {
        let said = |chance, came_true| Said { chance, came_true };
        let all = [
            said(0.7, true),
            said(0.7, true),
            said(0.7, false),
            said(0.1, false),
            said(1.0, true),
        ];
        let found = track(&all).unwrap();
        assert_eq!(found.bins.len(), 3);
        assert_eq!((found.bins[1].count, found.bins[1].from), (3, 0.6));
        assert_near(found.bins[1].came_true, 2.0 / 3.0, 1e-12);
        assert_near(found.brier, (0.09 + 0.09 + 0.49 + 0.01) / 5.0, 1e-12);
        assert_near(found.skill.unwrap(), 1.0 - found.brier / 0.24, 1e-12);
        assert_eq!(track(&[]), None);
        assert_eq!(track(&[said(1.5, true)]), None);
        assert_eq!(track(&[said(0.5, true)]).unwrap().skill, None);
    }
}
