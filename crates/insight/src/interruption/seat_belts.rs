//! Drivers killed or seriously injured in Great Britain, 1969 to 1984, when belts became compulsory in front seats in February 1983
//! (Harvey and Durbin 1986), as `statsmodels` gives them; and what cannot be told.

use super::structure::{Columns, Structure};
use super::*;
use crate::golden::{assert_near, column, full_column, reference};
use crate::random::Random;

/// The places of the table at which the law is in force.
const LAW: usize = 169;

fn drivers() -> Vec<Option<f64>> {
    column("data/seatbelts.csv", "drivers")
}

fn petrol() -> Vec<Option<f64>> {
    let price = column("data/seatbelts.csv", "PetrolPrice").into_iter();
    price.map(|price| price.map(f64::ln)).collect()
}

#[test]
fn the_law_and_petrol_as_in_the_reference() {
    let expected = &reference("causal.json")["uk_seatbelts"];
    let petrol: Vec<f64> = petrol().into_iter().flatten().collect();
    let law = full_column("data/seatbelts.csv", "law");
    let of = |known: [&[f64]; 2]| Columns {
        values: drivers().iter().map(|value| value.map(f64::ln)).collect(),
        known: known.map(<[f64]>::to_vec).to_vec(),
    };
    let columns = of([&petrol, &law]);
    let structure = Structure::fitted(12, &columns).unwrap();
    let likelihood = structure.likelihood(&columns).unwrap();
    assert_near(likelihood, expected["loglik"].as_f64().unwrap(), 1e-3);
    let last = |columns: &Columns| structure.each(columns, 1)[0].unwrap();
    let (of_law, of_petrol) = (last(&columns), last(&of([&law, &petrol])));
    let number = |part: &str, name: &str| expected[part][name].as_f64().unwrap();
    assert_near(of_law.effect, number("params", "beta.x2"), 0.003);
    assert_near(of_law.standard_error, number("se", "beta.x2"), 0.003);
    assert_near(of_petrol.effect, number("params", "beta.x1"), 0.003);
}

#[test]
fn belts_saved_drivers_and_no_date_before_shows_as_much() {
    let found = effect(&Interrupted {
        values: &drivers(),
        began: LAW,
        period: 12,
        controls: &[&petrol()],
        form: Form::Share,
    })
    .unwrap();
    let expected = &reference("causal.json")["uk_seatbelts"]["law_pct"];
    assert_near(found.told(), expected.as_f64().unwrap() / 100.0, 0.003);
    assert_eq!((found.before, found.after), (169, 23));
    assert!(found.is_shown(), "{:?}", found.interval());
    // Two years before the first, and half a year after the last.
    let rank = Rank {
        as_clear: 0,
        of: 140,
    };
    assert_eq!(found.rank(), rank);
    assert!(found.widened_error > found.standard_error);
}

/// Chance around a level that stays, and a step.
fn made(points: usize, began: usize, step: f64) -> Vec<Option<f64>> {
    let mut random = Random::of_seed(3);
    let value = |at: usize| if at >= began { 50.0 + step } else { 50.0 };
    (0..points)
        .map(|at| Some(value(at) + random.normal()))
        .collect()
}

fn of(values: &[Option<f64>], began: usize) -> Result<Effect, NoEffect> {
    effect(&Interrupted {
        values,
        began,
        period: 1,
        controls: &[],
        form: Form::Amount,
    })
}

#[test]
fn short_and_holey_series_say_why() {
    let values = made(60, 48, 8.0);
    assert!(of(&values, 48).unwrap().is_shown());
    assert_eq!(before_min(1), 36);
    assert_eq!(before_min(12), 48);
    let few = NoEffect::TooFewBefore { have: 35, need: 36 };
    assert_eq!(of(&values, 35), Err(few));
    assert_eq!(of(&values, 55), Err(NoEffect::TooFewAfter { have: 5 }));
    assert_eq!(of(&values, 70), Err(NoEffect::TooFewAfter { have: 0 }));
    let mut holey = values.clone();
    (0..6).for_each(|at| holey[5 + 4 * at] = None);
    // Of the 42 values before all are dates but 12 at the beginning and 5 at the end; at a place without one nothing can begin.
    let found = of(&holey, 48).unwrap();
    assert_eq!(found.rank().of, 25);
    let has_value = |placebo: &Placebo| holey[placebo.began].is_some();
    assert!(found.placebos.iter().all(has_value));
    holey[50] = None;
    assert_eq!(of(&holey, 48), Err(NoEffect::Missing { missing: 7 }));
    let mut odd = values.clone();
    odd[4] = Some(f64::NAN);
    assert_eq!(of(&odd, 48), Err(NoEffect::NotFinite { index: 4 }));
    let many = vec![Some(1.0); POINTS_MAX + 1];
    let have = POINTS_MAX + 1;
    assert_eq!(of(&many, 48), Err(NoEffect::TooManyPoints { have }));
    assert_eq!(of(&[Some(0.1); 60], 48), Err(NoEffect::Unfit));
    let exact: Vec<Option<f64>> = step(48, 60).iter().map(|step| Some(0.1 + step)).collect();
    assert_eq!(of(&exact, 48), Err(NoEffect::Unfit));
}

#[test]
fn a_time_of_the_year_that_is_never_there_is_the_reason() {
    let mut values = made(84, 72, 8.0);
    let of_months = |values: &[Option<f64>]| {
        effect(&Interrupted {
            values,
            began: 72,
            period: 12,
            controls: &[],
            form: Form::Amount,
        })
    };
    assert!(of_months(&values).is_ok());
    let augusts = values.iter_mut().skip(7).step_by(12);
    augusts.for_each(|august| *august = None);
    let why = NoEffect::NeverThere {
        time: 7,
        period: 12,
    };
    assert_eq!(of_months(&values), Err(why));
    assert_eq!(
        crate::sentences::reason(&why),
        "No value is known at place 7 of the cycle of 12 before the change, so that its season is not known."
    );
    // What comes after it tells nothing of the years before.
    values[79] = Some(50.0);
    assert_eq!(of_months(&values), Err(why));
    values[67] = Some(50.0);
    assert!(of_months(&values).is_ok());
}

/// By a structure that is fitted to a step this step is clearer than all others are.
#[test]
fn all_dates_are_ranked_by_the_structure_of_the_past() {
    let values = made(60, 48, 8.0);
    let found = of(&values, 48).unwrap();
    let past = Columns {
        values: values[..48].to_vec(),
        known: Vec::new(),
    };
    let of_past = Structure::fitted(1, &past).unwrap();
    let mut at_placebo = past.clone();
    let placebo = found.placebos[10];
    at_placebo.known.push(step(placebo.began, 48));
    let brought = of_past.each(&at_placebo, 1)[0].unwrap();
    assert_near(brought.effect, placebo.step, 1e-12);
    assert_near(brought.standard_error, placebo.standard_error, 1e-12);
    let whole = Columns {
        known: vec![step(48, 60)],
        values,
    };
    let brought = of_past.each(&whole, 1)[0].unwrap();
    assert_near(found.clear, brought.effect / brought.standard_error, 1e-12);
}

#[test]
fn what_cannot_stand_beside_a_series_is_refused() {
    let values = made(60, 48, 8.0);
    let series = Interrupted {
        values: &values,
        began: 48,
        period: 1,
        controls: &[],
        form: Form::Amount,
    };
    let short = [Some(1.0); 10];
    let controls: [&[Option<f64>]; 1] = [&short];
    let beside = |controls| effect(&Interrupted { controls, ..series });
    assert_eq!(beside(&controls), Err(NoEffect::Shape));
    // What begins with it cannot be told from it.
    let same: Vec<Option<f64>> = step(48, 60).into_iter().map(Some).collect();
    assert_eq!(beside(&[&same]), Err(NoEffect::Unfit));
    let without_cycle = Interrupted {
        period: 0,
        ..series
    };
    assert_eq!(effect(&without_cycle), Err(NoEffect::Shape));
    let mut below = values.clone();
    below[7] = Some(0.0);
    let share = Interrupted {
        values: &below,
        form: Form::Share,
        ..series
    };
    assert_eq!(effect(&share), Err(NoEffect::NotPositive { index: 7 }));
}

/// Every ten points before more happened than at the interruption, which is clear by itself.
#[test]
fn a_step_among_others_has_a_weak_rank() {
    let mut values = made(72, 60, 1.0);
    for (at, value) in values.iter_mut().enumerate() {
        let lifted = at < 60 && (at / 10) % 2 == 1;
        *value = value.map(|value| if lifted { value + 9.0 } else { value });
    }
    let found = of(&values, 60);
    assert!(
        matches!(found, Err(NoEffect::WeakRank(rank)) if rank.as_clear >= 2 && rank.of == 43),
        "{found:?}"
    );
}
