//! A value that is to be checked before anything is said to have changed: one wrong reading pulls the average away from all
//! others, so that they lie on one side of it.

use throughline_insight::Better;
use throughline_insight::signals::State;

use super::signals::Signals;

/// The place of the value in doubt: the one that lies farthest away on the other side of the average than the newest point,
/// which were routine without it, and outside of the limits of all others. `values` and `cycle` are those that the signals
/// were made of, `shown` how many periods the trend has.
pub(super) fn of(
    signals: &Signals,
    values: &[Option<f64>],
    shown: usize,
    cycle: usize,
) -> Option<usize> {
    let reading = signals.reading.as_ref()?;
    if reading.state == State::Steady {
        return None;
    }
    let start = values.len().checked_sub(shown)?;
    let is_up = signals.is_up();
    let beyond = |place: usize| {
        let (value, limits) = (values[start + place]?, signals.limits(place)?);
        let above = value - limits.centre;
        let away = if is_up { -above } else { above };
        (place != reading.newest && away > 0.0).then_some((place, away))
    };
    let (place, _) = (0..shown)
        .filter_map(beyond)
        .max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let mut others = values.to_vec();
    let value = others[start + place].take()?;
    let without = Signals::at_face_value(&others, shown, cycle, Better::Higher, &signals.in_effect);
    let limits = without.limits(place)?;
    let without = without.reading?;
    let is_routine = without.newest == reading.newest && without.state == State::Steady;
    let is_far = !(limits.lower..=limits.upper).contains(&value);
    (is_routine && is_far).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::super::baselines::Stated;
    use super::*;

    fn rests_on(values: &[f64]) -> (Option<State>, Option<usize>) {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let stated = Stated::default();
        let signals = Signals::of(&values, values.len(), 1, Better::Higher, &stated);
        let state = signals.reading.as_ref().map(|reading| reading.state);
        (state, signals.doubt)
    }

    #[test]
    fn a_shift_that_one_wrong_reading_makes_is_known() {
        let mut values = [
            15.0, 16.0, 14.0, 15.0, 17.0, 15.0, 14.0, 16.0, 15.0, 14.0, 16.0, 15.0,
        ];
        assert_eq!(rests_on(&values), (Some(State::Steady), None));
        // Somebody forgot the decimal point: all others lie below the average that this makes.
        values[2] = 152.0;
        assert_eq!(rests_on(&values), (Some(State::Worsening), Some(2)));
        // Of all that are equal but one, nothing has changed since that one.
        let mut equal = [100.0; 28];
        equal[4] = 99.9;
        assert_eq!(rests_on(&equal).1, Some(4));
        // A value that is as routine as others is in no doubt, though the newest were routine without it.
        let routine = [
            20.0, 24.0, 20.5, 23.0, 19.5, 24.5, 21.0, 22.0, 20.0, 23.5, 19.0, 24.0, 27.6,
        ];
        assert_eq!(rests_on(&routine).1, None);
        // Whose value is said to be right counts as any other, and what it makes of the others is said.
        let series: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let stated = |place: usize| Stated {
            right: vec![place],
            ..Stated::default()
        };
        let of = |stated: &Stated| Signals::of(&series, 12, 1, Better::Higher, stated);
        assert_eq!(of(&stated(2)).doubt, None);
        assert_eq!(of(&stated(3)).doubt, Some(2));
        // A level that really moved rests on no single value.
        values[2] = 14.0;
        let after = [17.0, 18.0, 17.0, 18.0, 17.0, 18.0, 17.0, 18.0];
        let (state, on) = rests_on(&[&values[..], &values, &after].concat());
        assert_eq!((state, on), (Some(State::Improving), None));
    }
}
