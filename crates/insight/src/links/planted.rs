//! The planted map of `golden/insight`: a made panel with known truth, from data to grades.

use crate::golden::{assert_near, column, numbers, reference};
use serde_json::Value;

use super::*;

/// A column of the planted map as a panel.
fn panel(name: &str) -> Vec<Vec<Option<f64>>> {
    const PERIODS: usize = 36;
    let values = column("planted-map-seed1.csv", name);
    values.chunks(PERIODS).map(<[_]>::to_vec).collect()
}

fn claim(link: &Value) -> Claim {
    Claim {
        direction: if link["claimed_sign"].as_i64() == Some(1) {
            Direction::Same
        } else {
            Direction::Opposite
        },
        lag: usize::try_from(link["lag"].as_u64().unwrap()).unwrap(),
        strength: Strength::Moderate,
        useful: USEFUL,
    }
}

/// Calls `then` with the data of a link.
fn with_data<T>(link: &Value, then: impl FnOnce(&LinkData<'_>) -> T) -> T {
    let (driver, outcome) = link["link"].as_str().unwrap().split_once("->").unwrap();
    let (driver, outcome) = (panel(driver), panel(outcome));
    then(&LinkData {
        driver: &driver,
        outcome: &outcome,
        controls: &[],
    })
}

fn graded(link: &Value) -> Graded {
    Graded {
        estimate: with_data(link, |data| estimate(data, &claim(link)).ok()),
        design: Design::LaggedPanel,
        check_failed: with_data(link, |data| {
            checks(data, &claim(link)).is_ok_and(|checks| checks.fails())
        }),
        replication: None,
    }
}

#[test]
fn all_eight_links_have_the_grades_of_the_reference() {
    let expected = reference("planted-map-seed1.json");
    let links = expected["links"].as_array().unwrap();
    let map: Vec<Graded> = links.iter().map(graded).collect();
    for (link, graded) in links.iter().zip(&map) {
        let found = graded.estimate.as_ref().unwrap();
        let number = |name: &str| link[name].as_f64();
        assert_eq!(number("n"), Some(found.rows as f64), "{}", link["link"]);
        assert_eq!(number("G"), Some(found.units as f64));
        let Some(effect) = number("b") else { continue };
        assert_near(found.effect, effect, 1e-8);
        assert_near(found.standard_error, number("se").unwrap(), 1e-8);
        assert_near(found.widened_error, number("se_eff").unwrap(), 1e-8);
        assert_near(found.theta(), number("theta").unwrap(), 1e-8);
        assert_near(found.evidence / number("e").unwrap(), 1.0, 1e-5);
        assert_near(found.evidence_against / number("e_rev").unwrap(), 1.0, 1e-5);
        assert_near(found.posterior.above(0.0), number("P_gt_0").unwrap(), 1e-8);
    }
    for (link, grade) in links.iter().zip(grades(&map)) {
        let word = link["grade"].as_str().unwrap().to_lowercase();
        assert_eq!(grade.word(), word, "{}", link["link"]);
    }
}

#[test]
fn checks_are_those_of_the_reference() {
    let expected = reference("planted-map-seed1.json");
    for link in expected["links"].as_array().unwrap() {
        let Some(lead_t) = link["placebo_lead_t"].as_f64() else {
            continue;
        };
        let found = with_data(link, |data| checks(data, &claim(link))).unwrap();
        // The reference does not count the second driver among the degrees of freedom that are used up.
        assert_near(found.lead_t.unwrap() / lead_t, 1.0, 1e-3);
        for effect in &found.lags {
            let expected = numbers(&link["lag_scan"][effect.lag.to_string()]);
            assert_near(effect.effect, expected[0], 1e-8);
            assert_near(effect.standard_error, expected[1], 1e-8);
        }
        assert_eq!(found.wild, None, "24 units are too many to enumerate");
    }
}

#[test]
fn an_unmeasured_cause_is_measured_by_what_the_driver_explains() {
    let expected = reference("planted-map-seed1.json");
    let link = &expected["links"][0];
    let found = with_data(link, |data| checks(data, &claim(link))).unwrap();
    // The partial correlation within units and periods is the effect itself, as both are standardised.
    let effect = link["b"].as_f64().unwrap();
    let square = effect * effect / (1.0 - effect * effect);
    let robustness = 0.5 * ((square * square + 4.0 * square).sqrt() - square);
    assert_near(found.robustness, robustness, 1e-3);
    assert!(found.robustness_of_signal < found.robustness);
}

#[test]
fn what_would_be_enough_is_more_than_there_is() {
    let expected = reference("planted-map-seed1.json");
    let links = expected["links"].as_array().unwrap();
    let audit = links
        .iter()
        .find(|link| link["link"] == "audit->errors")
        .unwrap();
    let found = graded(audit).estimate.unwrap().enough();
    assert!(found.units >= 6 && found.periods >= 33, "{found:?}");
    let coaching = graded(&links[0]).estimate.unwrap();
    let enough = Enough {
        units: 24,
        periods: 35,
    };
    assert_eq!(coaching.enough(), enough);
}

#[test]
fn strong_needs_a_design_or_a_replication_and_a_failed_check_holds_back() {
    let expected = reference("planted-map-seed1.json");
    let coaching = graded(&expected["links"][0]);
    let grade = |graded: Graded| grades(&[graded])[0];
    assert_eq!(grade(coaching.clone()), Grade::Supported);
    let randomised = Graded {
        design: Design::Randomised,
        ..coaching.clone()
    };
    assert_eq!(grade(randomised), Grade::Strong);
    let again = Graded {
        replication: Some(12.0),
        ..coaching.clone()
    };
    assert_eq!(grade(again), Grade::Strong);
    let not_again = Graded {
        replication: Some(0.4),
        ..coaching.clone()
    };
    assert_eq!(grade(not_again), Grade::Supported);
    let doubted = Graded {
        check_failed: true,
        design: Design::Randomised,
        ..coaching
    };
    assert_eq!(grade(doubted), Grade::Plausible);
}

#[test]
fn what_cannot_be_tested_says_why() {
    let (driver, outcome) = (panel("coaching"), panel("skill"));
    let expected = reference("planted-map-seed1.json");
    let claim = claim(&expected["links"][0]);
    let try_data = |driver: Panel<'_>, outcome: Panel<'_>| {
        let data = LinkData {
            driver,
            outcome,
            controls: &[],
        };
        estimate(&data, &claim).unwrap_err()
    };
    assert_eq!(try_data(&driver[..5], &outcome), NoEvidence::Shape);
    let same = vec![vec![Some(1.0); 36]; 24];
    assert_eq!(try_data(&driver, &same), NoEvidence::NoVariation);
    let mut shifted = driver.clone();
    for unit in &mut shifted {
        unit.insert(0, None);
        unit.pop();
    }
    assert_eq!(try_data(&driver, &shifted), NoEvidence::Exact);
    assert_eq!(try_data(&[], &[]), NoEvidence::NoVariation);
}
