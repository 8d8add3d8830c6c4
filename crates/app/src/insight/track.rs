//! Whether chances came true: of the times that 70 % was said, how often was the target reached?
//!
//! What was said is worked out again from plan and observations as they were known at the end of each month, of the period
//! that pages opened on then: as the ledger keeps what was known, the same chance comes out as was shown then, and nothing has to be stored. What came of it is what
//! is known at the instant that is asked for.
//!
//! Where nothing that was said has come due, as the figures were brought in later, chances are rehearsed: what would have been said
//! of each month from the values up to it as they are known now.

use std::collections::HashMap;
use std::sync::Arc;

use throughline_core::{Calendar, Frequency, MeasureId, Period};
use throughline_insight::forecast::{
    BY_CHANCE_MAX, Bin, ChanceWord, Leaning, Overall, Said, SaidAs, Stated, TARGETS_MIN, Track,
    track,
};

use super::outlook::{Foresight, outlooks};
use crate::live::ScorecardKey;
use crate::selection::{Selected, Selection, select};
use crate::trend::{Trend, trends};
use crate::words::{self, numbers};
use crate::{AppError, Ctx};

/// The ends of so many months are looked at.
pub const MONTHS_BACK: i32 = 24;
/// The most measures of which chances are looked at.
const MEASURES_MAX: usize = 60;

/// Of more observations than these only some of the months are looked at: all that was known is read for each.
const OBSERVATIONS_FEW: usize = 100_000;
/// Every so many months are looked at then.
const MONTHS_APART: i8 = 3;

/// Chances that are near each other are named as far off where the share that came true lies so far outside of them.
const FAR_OFF: f64 = 0.1;

/// How well chances came true.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tracked {
    track: Option<Track>,
    months: usize,
    is_rehearsed: bool,
}

/// Whether chances came true at a unit.
pub struct ReadTrack {
    /// What was meant.
    pub selected: Selected,
    /// How well they came true; none where none has come due yet.
    pub track: Option<Track>,
    /// At the ends of how many months something was said that has come due.
    pub months: usize,
    /// Whether nothing that was said has come due, and this is what would have been said from the figures as they are known now.
    pub is_rehearsed: bool,
    /// Whether it is still being worked out, and nothing is known of it yet.
    pub is_pending: bool,
    /// Whether some of the months were left out, because so much is known.
    pub is_sampled: bool,
}

/// Reads whether the chances came true that were said at a unit in the two years up to the end of a period, and have come due by
/// then. On a server that is worked out once, beside whoever asks.
///
/// # Errors
/// If there is no such unit, period or instant, or no ledger, or the actor may not read there.
pub async fn chances_come_true(ctx: &Ctx, asked: &Selection) -> Result<ReadTrack, AppError> {
    let (selected, _) = select(ctx, asked).await?;
    ctx.step("Looking at what was said before");
    let found = match ctx.snapshot() {
        None => Some(Arc::new(tracked(ctx, &selected).await?)),
        Some(snapshot) => {
            let seen = (ScorecardKey::of(&selected), ctx.sight().await?.of_whom());
            let known = &snapshot.said_of_targets().tracks;
            if known.get(&seen).is_none() {
                let work = make_track(ctx.clone().with_all_the_time(), asked.clone());
                let beside = &snapshot.foreseen().tracks;
                ctx.waiting().for_work(beside, seen, work).await?;
            }
            known.get(&seen)
        }
    };
    if found.is_none() {
        ctx.waiting().go_without();
    }
    let is_pending = found.is_none();
    let found = found.unwrap_or_default();
    Ok(ReadTrack {
        track: found.track.clone(),
        months: found.months,
        is_rehearsed: found.is_rehearsed,
        is_pending,
        is_sampled: is_much(&selected),
        selected,
    })
}

/// Works out whether the chances came true, unless that is remembered when its turn has come.
async fn make_track(ctx: Ctx, asked: Selection) -> Result<(), AppError> {
    let (selected, _) = select(&ctx, &asked).await?;
    let seen = (ScorecardKey::of(&selected), ctx.sight().await?.of_whom());
    if let Some(snapshot) = ctx.snapshot() {
        let work = async { Ok((Arc::new(tracked(&ctx, &selected).await?), 1)) };
        let known = &snapshot.said_of_targets().tracks;
        let made: Result<_, AppError> = known.get_or_make(seen, work).await;
        made?;
    }
    Ok(())
}

/// Whether so much is known that some months are left out.
fn is_much(selected: &Selected) -> bool {
    selected.observations.len() > OBSERVATIONS_FEW
}

/// How well the chances came true that were said up to what is meant, or else those that would have been said.
async fn tracked(ctx: &Ctx, selected: &Selected) -> Result<Tracked, AppError> {
    let said = looked_at(ctx, selected, Asked::AsItWas).await?;
    if said.track.is_some() {
        return Ok(said);
    }
    looked_at(ctx, selected, Asked::AsKnownNow).await
}

/// From which figures the chances of a month are worked out.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    /// Those that were known at its end.
    AsItWas,
    /// Those up to its end, as they are known now.
    AsKnownNow,
}

/// Looks at the chances of each month.
async fn looked_at(ctx: &Ctx, selected: &Selected, asked: Asked) -> Result<Tracked, AppError> {
    let (mut said, mut months) = (Vec::new(), 0);
    let mut targets = HashMap::new();
    let mut shown_before = None;
    let apart = if is_much(selected) { MONTHS_APART } else { 1 };
    // The same months whichever is the latest, so that what is told does not change with each.
    let ends = months_until(selected.model.calendar(), &selected.period);
    let ends = ends.iter();
    for month in ends.filter(|month| month.first.month() % apart == 0) {
        let Some(then) = at_the_end_of(ctx, selected, month, asked).await? else {
            continue;
        };
        // Where no newer period was known pages went on to say the same.
        if shown_before.replace(then.period) == Some(then.period) {
            continue;
        }
        let foresights = foresights(ctx, &then).await?;
        let before = said.len();
        said.extend(foresights.iter().filter_map(|(measure, foresight)| {
            came_due(selected, *measure, foresight.as_deref()?, &mut targets)
        }));
        months += usize::from(said.len() > before);
    }
    Ok(Tracked {
        track: track(&said),
        months,
        is_rehearsed: asked == Asked::AsKnownNow,
    })
}

/// What is foreseen of each measure with a better direction.
async fn foresights(
    ctx: &Ctx,
    then: &Selected,
) -> Result<Vec<(MeasureId, Option<Arc<Foresight>>)>, AppError> {
    let measures = then.model.measures().iter();
    let measures: Vec<MeasureId> = measures
        .filter(|measure| measure.better.is_some())
        .map(|measure| measure.id())
        .take(MEASURES_MAX)
        .collect();
    let trends = trends(ctx, then, &measures).await?;
    let with_trends: Vec<(MeasureId, Arc<Trend>)> = measures.iter().copied().zip(trends).collect();
    let foresights = outlooks(ctx, then, &with_trends).await?;
    Ok(measures.into_iter().zip(foresights).collect())
}

/// The latest months that ended by the end of a period, the oldest first.
fn months_until(calendar: &Calendar, period: &Period) -> Vec<Period> {
    let last = calendar.latest_ended_by(Frequency::Month, period.last);
    let known = calendar.index_range(Frequency::Month);
    let months = (last - MONTHS_BACK + 1..=last).filter(|index| known.contains(index));
    months
        .map(|index| calendar.period(Frequency::Month, index))
        .collect()
}

/// The unit at the end of a month: as pages opened on it then, or as its figures up to then are known now; none where nothing
/// was known of it.
async fn at_the_end_of(
    ctx: &Ctx,
    selected: &Selected,
    month: &Period,
    asked: Asked,
) -> Result<Option<Selected>, AppError> {
    let calendar = selected.model.calendar();
    let known_at = calendar.end_of_day(month.last);
    let first = selected.observations.recorded(0).map(|first| first.at);
    let unit = Some(selected.unit_key());
    let asked = match asked {
        // Before the first observation there is nothing to read, neither plan nor values.
        Asked::AsItWas if known_at >= selected.known_at => return Ok(None),
        Asked::AsItWas if first.is_none_or(|first| known_at < first) => return Ok(None),
        Asked::AsItWas => Selection {
            unit,
            known_at: Some(known_at.to_string()),
            ..Selection::default()
        },
        Asked::AsKnownNow => Selection {
            unit,
            period: Some(calendar.name(month)),
            known_at: selected
                .is_known_at_given
                .then(|| selected.known_at.to_string()),
            plan_at: selected.plan_at.map(|at| at.to_string()),
        },
    };
    match select(ctx, &asked).await {
        Ok((then, _)) if then.unit == selected.unit && !then.observations.is_empty() => {
            Ok(Some(then))
        }
        // The unit may not have been there, or had another key.
        Ok(_) | Err(AppError::NotFound { .. } | AppError::BadRequest { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The targets of which something was said, numbered as they come.
type Targets = HashMap<(MeasureId, Period), usize>;

/// What came of a chance as it was said, where its period has ended and has a value.
fn came_due(
    selected: &Selected,
    measure: MeasureId,
    foresight: &Foresight,
    targets: &mut Targets,
) -> Option<Said> {
    let outlook = foresight.as_ref().ok()?;
    let (period, aimed) = outlook.goal()?;
    if period.last > selected.period.last {
        return None;
    }
    let reading = selected
        .view()
        .reading(measure, selected.unit, period)
        .filter(|reading| reading.is_over)?;
    let came_true = aimed.aim.is_met_by(reading.value?);
    let next = targets.len();
    Some(Said {
        stated: Stated::of(&aimed.chance),
        target: *targets.entry((measure, period)).or_insert(next),
        came_true,
    })
}

/// What was said in a bin: `70% to 80%`, `5%`, or where it was said without a number `unlikely, in words alone`.
#[must_use]
pub fn said_in_words(bin: &Bin) -> String {
    let percent = |percent: u8| numbers::share(Some(f64::from(percent) / 100.0));
    match bin.said {
        SaidAs::Percent { least, most, .. } if least == most => percent(least),
        SaidAs::Percent { least, most, .. } => format!("{} to {}", percent(least), percent(most)),
        SaidAs::Word(ChanceWord::Even) => "as likely as not, in words alone".to_owned(),
        SaidAs::Word(word) => format!("{}, in words alone", word.word()),
    }
}

/// How well chances came true, in sentences.
#[must_use]
pub fn track_in_words(read: &ReadTrack) -> Vec<String> {
    let would = match read.is_rehearsed {
        true => "would have said",
        false => "said",
    };
    let bins = read.track.iter().flat_map(|track| &track.bins);
    let of_bins = bins.map(|bin| {
        format!(
            "Of the times we {would} {}, {} came true (n = {}, of {}).",
            said_in_words(bin),
            numbers::share(Some(bin.came_true)),
            words::grouped(bin.count as u64),
            words::count(bin.targets as u64, "target")
        )
    });
    about_track(read).into_iter().chain(of_bins).collect()
}

/// What there is to know before the numbers of [`track_in_words`] are read, in sentences: what they are of, or why there are none,
/// and which way the chances lean.
#[must_use]
pub fn about_track(read: &ReadTrack) -> Vec<String> {
    if read.is_pending {
        return vec!["What came of the chances that were said is not worked out yet.".to_owned()];
    }
    let mut said = Vec::new();
    if read.is_rehearsed || read.track.is_none() {
        said.push("No chance that was said has come due yet.");
    }
    if read.is_rehearsed && read.track.is_some() {
        said.push("This is what we would have said, from the figures as they are known now and the plan of today.");
    }
    if read.is_sampled {
        said.push("So much is known here that the ends of March, June, September and December alone are looked at.");
    }
    let said = said.into_iter().map(str::to_owned);
    let leaning = read.track.as_ref();
    let leaning =
        leaning.map(|track| leaning_in_words(&track.overall, &track.bins, read.is_rehearsed));
    said.chain(leaning).collect()
}

/// Which way chances lean, or that it cannot be told. Of a rehearsal nothing was said.
fn leaning_in_words(overall: &Overall, bins: &[Bin], is_rehearsed: bool) -> String {
    let are = match is_rehearsed {
        true => "would have been",
        false => "are",
    };
    let targets = words::count(overall.targets as u64, "target");
    let came_true = words::grouped(overall.came_true as u64);
    // One decimal, as chances are rounded.
    let expected = numbers::plain((overall.expected * 10.0).round() / 10.0);
    let found = format!("{came_true} of {targets} came true, and {expected} were to be expected");
    let cases = numbers::plain(BY_CHANCE_MAX * 100.0);
    let leans = |how: &str| {
        format!(
            "Chances {are} too {how} here: {found}. By chance alone it would be as far off in at most {cases} of 100 cases."
        )
    };
    match overall.leaning() {
        Leaning::TooFew => {
            let had = match overall.targets {
                0 => "no target had".to_owned(),
                _ => format!("only {targets} had"),
            };
            format!("Too few to judge: {had} a chance in numbers, and {TARGETS_MIN} are needed.")
        }
        Leaning::Hopeful => leans("hopeful"),
        Leaning::Cautious => leans("cautious"),
        Leaning::Neither => {
            let together = format!(
                "Taken together, chances {are} neither too hopeful nor too cautious here, as far as can be told: {found}."
            );
            let said: Vec<String> = [together].into_iter().chain(one_by_one(bins)).collect();
            said.join(" ")
        }
    }
}

/// What the verdict on all chances says nothing of, in sentences: bins in numbers of which too little is known, and of the
/// others the one of which what came true lies furthest from what was said.
fn one_by_one(bins: &[Bin]) -> Vec<String> {
    let off = |bin: &Bin| match bin.said {
        SaidAs::Percent { least, most, .. } => {
            let below = f64::from(least) / 100.0 - bin.came_true;
            Some(below.max(bin.came_true - f64::from(most) / 100.0))
        }
        SaidAs::Word(_) => None,
    };
    let in_numbers = bins.iter().filter_map(|bin| Some((bin, off(bin)?)));
    let (enough, few): (Vec<_>, Vec<_>) =
        in_numbers.partition(|(bin, _)| bin.targets >= TARGETS_MIN);
    let few = match (few.is_empty(), enough.is_empty()) {
        (true, _) => None,
        (false, true) => Some("Taken one by one, none has enough targets to be judged.".to_owned()),
        (false, false) => Some(format!(
            "Taken one by one, those with fewer than {TARGETS_MIN} targets cannot be judged."
        )),
    };
    let furthest = enough.into_iter().filter(|(_, far)| *far >= FAR_OFF);
    let furthest = furthest.max_by(|(_, one), (_, other)| one.total_cmp(other));
    let furthest = furthest.map(|(bin, _)| {
        format!(
            "Of those with {TARGETS_MIN} targets or more, {} is furthest off: {} came true.",
            said_in_words(bin),
            numbers::share(Some(bin.came_true))
        )
    });
    few.into_iter().chain(furthest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaning_of_chances_is_told_with_its_numbers() {
        let check = |count: usize, came_true: usize, expected: &str| {
            let said = (0..count).map(|target| Said {
                stated: Stated::Percent(75),
                target,
                came_true: target < came_true,
            });
            let said: Vec<Said> = said.collect();
            let bins = track(&said).map(|track| track.bins).unwrap_or_default();
            let told = leaning_in_words(&Overall::of(&said), &bins, false);
            assert_eq!(told, expected);
        };
        check(
            0,
            0,
            "Too few to judge: no target had a chance in numbers, and 10 are needed.",
        );
        check(
            1,
            1,
            "Too few to judge: only 1 target had a chance in numbers, and 10 are needed.",
        );
        check(
            4,
            0,
            "Too few to judge: only 4 targets had a chance in numbers, and 10 are needed.",
        );
        check(
            10,
            2,
            "Chances are too hopeful here: 2 of 10 targets came true, and 7.5 were to be expected. By chance alone it would be as far off in at most 1 of 100 cases.",
        );
        check(
            10,
            8,
            "Taken together, chances are neither too hopeful nor too cautious here, as far as can be told: 8 of 10 targets came true, and 7.5 were to be expected.",
        );
    }

    #[test]
    fn what_all_chances_together_do_not_tell_is_said() {
        let check = |bins: &[(u8, usize, f64)], expected: &[&str]| {
            let bins = bins.iter().map(|(percent, targets, came_true)| Bin {
                said: SaidAs::Percent {
                    least: *percent,
                    most: percent + 10,
                    mean: f64::from(percent + 5),
                },
                count: *targets,
                targets: *targets,
                came_true: *came_true,
            });
            let bins: Vec<Bin> = bins.collect();
            assert_eq!(one_by_one(&bins), expected);
        };
        check(&[], &[]);
        check(&[(70, 10, 0.75)], &[]);
        check(
            &[(10, 9, 0.5), (70, 7, 0.0)],
            &["Taken one by one, none has enough targets to be judged."],
        );
        check(
            &[(40, 24, 0.42), (70, 7, 0.0)],
            &["Taken one by one, those with fewer than 10 targets cannot be judged."],
        );
        check(
            &[(10, 12, 0.5), (40, 20, 0.25), (70, 7, 0.0)],
            &[
                "Taken one by one, those with fewer than 10 targets cannot be judged.",
                "Of those with 10 targets or more, 10% to 20% is furthest off: 50% came true.",
            ],
        );
    }
}
