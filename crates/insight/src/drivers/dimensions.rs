//! Dimensions: in which of them, and where in it, does a difference sit? Adtributor (Bhagwan et al. 2014).
//!
//! For each dimension the few elements that explain most of the difference; dimensions in the order of how surprising these
//! elements are, because a difference that lies in one region alone says more than one that lies everywhere.

use super::{Change, NoDrivers, check};
use crate::signals::{SignalReading, State};

/// The most dimensions.
const DIMENSIONS_MAX: usize = 50;
/// An element explains more than this of the difference ...
const ELEMENT_MIN: f64 = 0.10;
/// ... and those of a dimension together more than this.
const TOGETHER_MIN: f64 = 0.67;

/// A dimension with its elements, expected (before) and as they came (after); each dimension adds up to the total.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// The elements, in any order.
    pub elements: Vec<Change>,
}

/// Where a difference sits.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The dimensions that explain it, most surprising first.
    pub dimensions: Vec<DimensionPart>,
}

/// A dimension that explains a difference.
#[derive(Clone, Debug, PartialEq)]
pub struct DimensionPart {
    /// The place of the dimension.
    pub dimension: usize,
    /// The elements that explain it, most surprising first.
    pub elements: Vec<Element>,
    /// The part of the difference that they explain together; may be above 1 where others went the other way.
    pub explained: f64,
    /// How surprising they are: the divergence of Jensen and Shannon, in nats.
    pub surprise: f64,
}

/// An element that explains a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Element {
    /// Its place in the dimension.
    pub element: usize,
    /// The part of the difference that it explains.
    pub explained: f64,
    /// How surprising it is, in nats.
    pub surprise: f64,
}

/// Where the difference of a total sits, if the total's newest point is a signal; routine variation is not explained.
pub fn attribute(
    dimensions: &[Dimension],
    total: &SignalReading,
) -> Result<Attribution, NoDrivers> {
    if total.state == State::Steady {
        return Err(NoDrivers::Noise);
    }
    if dimensions.is_empty() || dimensions.len() > DIMENSIONS_MAX {
        return Err(NoDrivers::Parts {
            have: dimensions.len(),
        });
    }
    let mut found = Vec::new();
    for (at, dimension) in dimensions.iter().enumerate() {
        found.extend(of_dimension(at, dimension)?);
    }
    found.sort_by(|one, other| other.surprise.total_cmp(&one.surprise));
    Ok(Attribution { dimensions: found })
}

/// What explains the difference within a dimension, if its elements explain enough.
fn of_dimension(at: usize, dimension: &Dimension) -> Result<Option<DimensionPart>, NoDrivers> {
    let elements = &dimension.elements;
    check(elements.len(), elements.iter().copied().enumerate())?;
    let is_odd = |change: &Change| change.before < 0.0 || change.after < 0.0;
    if let Some(part) = elements.iter().position(is_odd) {
        return Err(NoDrivers::NotPositive { part });
    }
    let total = Change {
        before: elements.iter().map(|change| change.before).sum(),
        after: elements.iter().map(|change| change.after).sum(),
    };
    if !total.is_positive() {
        return Err(NoDrivers::NotPositive { part: 0 });
    }
    if total.step().abs() <= 1e-12 * total.before {
        return Err(NoDrivers::NoChange);
    }
    let mut all: Vec<Element> = elements
        .iter()
        .enumerate()
        .map(|(element, change)| Element {
            element,
            explained: change.step() / total.step(),
            surprise: surprise(change.before / total.before, change.after / total.after),
        })
        .collect();
    all.sort_by(|one, other| other.surprise.total_cmp(&one.surprise));
    let mut part = DimensionPart {
        dimension: at,
        elements: Vec::new(),
        explained: 0.0,
        surprise: 0.0,
    };
    for element in all {
        if element.explained > ELEMENT_MIN {
            part.explained += element.explained;
            part.surprise += element.surprise;
            part.elements.push(element);
        }
        if part.explained > TOGETHER_MIN {
            return Ok(Some(part));
        }
    }
    Ok(None)
}

/// The divergence of two shares from their mean.
fn surprise(before: f64, after: f64) -> f64 {
    let term = |share: f64| {
        if share > 0.0 {
            share * (2.0 * share / (before + after)).ln()
        } else {
            0.0
        }
    };
    0.5 * (term(before) + term(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::better::Better;
    use crate::golden::{assert_near, reference};
    use crate::signals::read;

    const NAMES: [(&str, &[&str]); 3] = [
        ("segment", &["new", "old"]),
        ("channel", &["web", "shop", "phone"]),
        ("region", &["N", "S", "E", "W"]),
    ];

    fn dimensions() -> Vec<Dimension> {
        let case = &reference("drivers-and-scenarios.json")["adtributor"];
        let change = |dimension: &str, element: &&str| Change {
            before: case["forecast"][dimension][*element].as_f64().unwrap(),
            after: case["actual"][dimension][*element].as_f64().unwrap(),
        };
        NAMES
            .iter()
            .map(|(name, elements)| Dimension {
                elements: elements
                    .iter()
                    .map(|element| change(name, element))
                    .collect(),
            })
            .collect()
    }

    fn total(newest: f64) -> SignalReading {
        let before = [
            100.0, 102.0, 99.0, 101.0, 98.0, 100.0, 101.0, 99.0, 102.0, 100.0,
        ];
        let values = before.into_iter().chain([newest]).map(Some);
        read(&values.collect::<Vec<_>>(), Better::Higher, &[]).unwrap()
    }

    #[test]
    fn a_drop_sits_where_the_reference_finds_it() {
        let case = &reference("drivers-and-scenarios.json")["adtributor"]["result"];
        let found = attribute(&dimensions(), &total(60.0)).unwrap();
        assert_eq!(found.dimensions.len(), 3);
        for (found, expected) in found.dimensions.iter().zip(case.as_array().unwrap()) {
            let (name, elements) = NAMES[found.dimension];
            assert_eq!(expected["dim"], name);
            let names: Vec<&str> = found
                .elements
                .iter()
                .map(|one| elements[one.element])
                .collect();
            let wanted = expected["elements"].as_array().unwrap();
            assert_eq!(names.len(), wanted.len());
            assert!(
                names
                    .iter()
                    .all(|name| wanted.iter().any(|wanted| wanted == name))
            );
            assert_near(found.explained, expected["ep"].as_f64().unwrap(), 1e-9);
            assert_near(found.surprise, expected["surprise"].as_f64().unwrap(), 1e-9);
        }
    }

    #[test]
    fn noise_is_not_explained() {
        assert_eq!(
            attribute(&dimensions(), &total(101.0)),
            Err(NoDrivers::Noise)
        );
    }
}
