//! What signals and outlooks say, in the words that every page and command uses. The sentences themselves are those of
//! `throughline_insight`, which holds words against numbers.

use throughline_core::{Calendar, Frequency, Period};
use throughline_insight::forecast::{Chance, ChanceWord};
use throughline_insight::sentences::{self, OfWhole};
use throughline_insight::signals::{
    NoBaseline, OUTSIDE_LEAST, POINTS_MIN, PROVISIONAL_BELOW, RUN_LENGTH, SignalReading, State,
};
use throughline_model::records::Measure;

use super::cycle_of;
use super::outlook::{Foresight, Range};
use super::signals::{Mark, Signals, Verdict};
use super::whole::Whole;
use crate::trend::Trend;
use crate::words::{self, numbers};

/// What the points of a trend say: a sentence on the newest, on the season, and on shifts of the level.
#[must_use]
pub fn signals_in_words(trend: &Trend, measure: &Measure, calendar: &Calendar) -> Vec<String> {
    let signals = &trend.signals;
    let Some(reading) = &signals.reading else {
        let why = format!("too few points: {} of {POINTS_MIN}", signals.have);
        return vec![sentences::reason(&why)];
    };
    spoken(trend, measure, calendar, |spoken| {
        let mut said = match trend.rests_on() {
            Some((period, value)) => vec![format!(
                "Routine variation but for one value: {} in {}. Check whether that is right.",
                numbers::value(Some(value), measure),
                words::period(&period, calendar)
            )],
            None => {
                let newest = sentences::signal(spoken, &in_season(signals, reading));
                let hints = hints_in_words(trend, spoken, calendar);
                let shifts = sentences::shifts(spoken, &signals.shifts);
                [newest].into_iter().chain(hints).chain(shifts).collect()
            }
        };
        said.extend(baselines_in_words(trend, calendar));
        said.extend(right_in_words(trend, measure, calendar));
        if !signals.season.is_empty() {
            said.push("What comes back each year is taken off before points are compared.".into());
        }
        said
    })
}

/// That the newest points may be leaving their level, and that one of the latest year is unusual for its season.
fn hints_in_words(
    trend: &Trend,
    spoken: &sentences::Measure<'_>,
    calendar: &Calendar,
) -> Vec<String> {
    let leaving = trend.signals.leaving.as_ref().and_then(|found| {
        let (start, _) = trend.readings.get(found.start)?;
        let start = words::period(start, calendar);
        let has_season = !trend.signals.season.is_empty();
        Some(sentences::leaving(&start, found, has_season))
    });
    let latest = trend.readings.last().map(|(period, _)| period.frequency);
    let year = latest.map_or(1, cycle_of);
    let unusual = trend.signals.unusual.last().and_then(|found| {
        let (period, reading) = trend.readings.get(found.index)?;
        let is_of_latest = found.index + year >= trend.readings.len();
        let value = reading.value.filter(|_| is_of_latest)?;
        Some(sentences::anomaly(
            spoken,
            found,
            value,
            &time_of_year(period),
        ))
    });
    leaving.into_iter().chain(unusual).collect()
}

/// `high for a July`, of a period whose point is unusual for its season.
#[must_use]
pub fn unusual_in_words(trend: &Trend, place: usize) -> Option<String> {
    let found = trend.signals.unusual_at(place)?;
    let (period, _) = trend.readings.get(place)?;
    Some(sentences::unusual(found, &time_of_year(period)))
}

/// So many points before the newest one are looked at for what a steady measure did before.
const BEFORE_MAX: usize = 12;

/// When a measure that is steady now signalled or was unusual last: `unusual in Dec 2018`.
#[must_use]
pub fn steady_but(trend: &Trend, shown: &Period, calendar: &Calendar) -> Option<String> {
    if trend.verdict(shown)? != Verdict::Of(State::Steady) {
        return None;
    }
    let newest = trend.signals.reading.as_ref()?.newest;
    let places = (newest.saturating_sub(BEFORE_MAX)..newest).rev();
    let mut said = places.filter_map(|place| {
        let word = match trend.signals.mark(place) {
            Some(_) => "signalled",
            None => trend.signals.unusual_at(place).map(|_| "unusual")?,
        };
        let (period, _) = trend.readings.get(place)?;
        Some(format!("{word} in {}", words::period(period, calendar)))
    });
    said.next()
}

/// What comes back each year: `a July`, `an April`; of longer periods `its time of the year`.
fn time_of_year(period: &Period) -> String {
    const MONTHS: [&str; 12] = [
        "a January",
        "a February",
        "a March",
        "an April",
        "a May",
        "a June",
        "a July",
        "an August",
        "a September",
        "an October",
        "a November",
        "a December",
    ];
    let month = usize::try_from(period.middle().month()).unwrap_or(1);
    match period.frequency {
        Frequency::Month => MONTHS[month - 1].to_owned(),
        _ => "its time of the year".to_owned(),
    }
}

/// The values that somebody said to be right although they lie far from all others, and why.
fn right_in_words(trend: &Trend, measure: &Measure, calendar: &Calendar) -> Vec<String> {
    let said = trend.notes.iter().filter(|note| trend.is_right_by(note));
    let in_words = said.map(|note| {
        format!(
            "{} in {} is right, as is noted: {}",
            numbers::value(note.right, measure),
            words::period(&note.period, calendar),
            words::stopped(&words::sentence(note.what.trim()))
        )
    });
    in_words.collect()
}

/// Where limits begin anew and why, and where somebody says so and the points do not carry it.
fn baselines_in_words(trend: &Trend, calendar: &Calendar) -> Vec<String> {
    let signals = &trend.signals;
    let name = |place: usize| {
        let period = trend.readings.get(place).map(|(period, _)| period);
        period.map_or_else(String::new, |period| words::period(period, calendar))
    };
    let newest = signals.baselines.last().copied();
    let of_newest = newest.and_then(|place| {
        let mut notes = trend.notes.iter().filter(|note| note.baseline);
        notes.find(|note| trend.place_of(note) == Some(place))
    });
    let begun = newest.zip(of_newest).map(|(place, note)| {
        let cause = words::stopped(&words::sentence(note.what.trim()));
        format!("Limits begin anew with {}: {cause}", name(place))
    });
    let without_effect = signals.without_effect.iter().map(|(place, why)| {
        let why = no_baseline_in_words(why);
        format!(
            "Limits do not begin anew with {}, as is noted: {why}.",
            name(*place)
        )
    });
    begun.into_iter().chain(without_effect).collect()
}

/// From when on limits could begin anew, once somebody says why.
#[must_use]
pub fn offered_in_words(trend: &Trend, calendar: &Calendar) -> Option<String> {
    let (period, _) = trend.readings.get(trend.signals.offered?)?;
    let period = words::period(period, calendar);
    Some(format!(
        "Limits could begin anew with {period}, once somebody notes the cause."
    ))
}

/// Why limits do not begin anew.
pub(crate) fn no_baseline_in_words(why: &NoBaseline) -> String {
    match why {
        NoBaseline::TooFewBefore { have } => {
            format!("only {have} of {POINTS_MIN} points are known before it")
        }
        NoBaseline::TooFewSince { have } => {
            format!("only {have} of {POINTS_MIN} points are known since")
        }
        NoBaseline::NoRun => {
            format!("no {RUN_LENGTH} points in a row lie on one side of the average before")
        }
        NoBaseline::ProvisionalBefore { have } => format!(
            "only {have} points are known before it, and as they carry each other along {PROVISIONAL_BELOW} are needed"
        ),
        NoBaseline::CarryOver { outside } => format!(
            "points before it carry each other along, so that a run is not enough: {outside} of the {RUN_LENGTH} from it on lie outside the limits of those before, and {OUTSIDE_LEAST} must"
        ),
        NoBaseline::Wanders => {
            "points before it wander, so that they have no level that another could follow"
                .to_owned()
        }
        NoBaseline::AnotherFollows => {
            "they begin anew soon after it, for a cause that is on the chart".to_owned()
        }
        NoBaseline::Unreadable => "its values cannot be read".to_owned(),
    }
}

/// Why a period signals: `worse: below the lower natural limit`.
#[must_use]
pub fn marks_in_words(mark: &Mark) -> String {
    let word = match mark.state {
        State::Improving => "better",
        State::Worsening => "worse",
        State::Moved | State::Steady => "moved",
    };
    let why: Vec<String> = mark.signals.iter().map(sentences::why).collect();
    format!("{word}: {}", words::list(&why))
}

/// `20%`, or where too little is known for a number `unlikely`, `even`, `likely`.
#[must_use]
pub fn chance_in_words(chance: &Chance) -> String {
    let word = || chance.word().word().to_owned();
    chance
        .percent()
        .map_or_else(word, |percent| format!("{percent}%"))
}

/// `20% likely`, or where too little is known for a number `unlikely`, `as likely as not`, `likely`.
#[must_use]
pub fn likelihood(chance: &Chance) -> String {
    match (chance.percent(), chance.word()) {
        (Some(percent), _) => format!("{percent}% likely"),
        (None, ChanceWord::Even) => "as likely as not".to_owned(),
        (None, word) => word.word().to_owned(),
    }
}

/// What is to come, in sentences, or why nothing can be said of it.
#[must_use]
pub fn outlook_in_words(
    foresight: &Foresight,
    trend: &Trend,
    measure: &Measure,
    calendar: &Calendar,
) -> Vec<String> {
    let outlook = match foresight {
        Ok(outlook) => outlook,
        Err(why) => return vec![format!("There is no forecast. {}", sentences::reason(why))],
    };
    let Some(last) = outlook.expected.last() else {
        return Vec::new();
    };
    let at = words::period(&last.period, calendar);
    let mut said = match &outlook.whole {
        Some(whole) => whole_in_words(whole, trend, measure, calendar),
        None => Vec::new(),
    };
    said.push(spoken(trend, measure, calendar, |spoken| {
        let aimed = outlook.aimed.filter(|_| outlook.whole.is_none());
        let of_target =
            aimed.map(|aimed| sentences::chance(spoken, &at, last.mean, aimed.aim, &aimed.chance));
        of_target.unwrap_or_else(|| sentences::expected(spoken, &at, last.mean, None))
    }));
    said.extend(range_in_words(last.ranges[1], measure));
    said.extend(outlook.is_cut.then(|| {
        format!("Further than {at} the values here are too few to see how far off forecasts are.")
    }));
    said
}

/// How a longer period ends that a target is for, and how far off that may be.
fn whole_in_words(
    whole: &Whole,
    trend: &Trend,
    measure: &Measure,
    calendar: &Calendar,
) -> Vec<String> {
    let at = words::period(&whole.period, calendar);
    let of = OfWhole {
        is_sum: whole.is_sum,
        so_far: whole.so_far,
        expected: whole.expected,
    };
    let aimed = &whole.aimed;
    let chance = spoken(trend, measure, calendar, |spoken| {
        sentences::chance_of_whole(spoken, &at, of, aimed.aim, &aimed.chance)
    });
    let range = range_in_words(whole.range, measure);
    std::iter::once(chance).chain(range).collect()
}

/// `Four of five such forecasts end between 79.6% and 86.2%.`
fn range_in_words(range: Option<Range>, measure: &Measure) -> Option<String> {
    let (low, high) = range?;
    let [low, high] = [low, high].map(|edge| numbers::short(Some(edge), measure));
    Some(format!(
        "Four of five such forecasts end between {low} and {high}."
    ))
}

/// A reading whose newest limits stand where the season of the newest point has them.
fn in_season(signals: &Signals, reading: &SignalReading) -> SignalReading {
    let mut reading = reading.clone();
    let season = signals.season.get(reading.newest).copied().unwrap_or(0.0);
    if let Some(segment) = reading.segments.last_mut() {
        let limits = &mut segment.limits;
        limits.lower = signals.possible_limit(limits.lower + season);
        limits.centre += season;
        limits.upper = signals.possible_limit(limits.upper + season);
    }
    reading
}

/// Says something of a measure in the names of its periods.
pub(super) fn spoken<T>(
    trend: &Trend,
    measure: &Measure,
    calendar: &Calendar,
    say: impl FnOnce(&sentences::Measure<'_>) -> T,
) -> T {
    let periods: Vec<Period> = trend.readings.iter().map(|(period, _)| *period).collect();
    let name = |place: usize| {
        let period = periods.get(place);
        period.map_or_else(String::new, |period| words::period(period, calendar))
    };
    say(&sentences::Measure {
        unit: &numbers::unit_of(measure),
        decimals: numbers::decimals_of(measure),
        frequency: periods
            .last()
            .map_or(Frequency::Month, |period| period.frequency),
        period_name: &name,
    })
}
