//! How a number was made, in sentences: the rule, the sum, what it is held against, the status and its arithmetic.

use throughline_core::UnitOfMeasure;
use throughline_engine::{
    Counted, Edge, Explanation, FloorRule, MeasureReading, Owed, PeriodLine, ReadingFinding,
    Status, TargetLine, year_of,
};
use throughline_model::records::{
    Better, Joined, Measure, MeasureKind, OverTime, OverUnits, Target,
};
use throughline_model::{Entry, Kind, Model};

use crate::Hidden;

use super::bounds::bounds_in_words;
use super::{names, numbers, spans};

/// An explanation, to be put in words.
#[derive(Clone, Copy)]
pub struct Derivation<'a> {
    /// The plan.
    pub model: &'a Model,
    /// The measure.
    pub measure: &'a Measure,
    /// The explanation of its number.
    pub explanation: &'a Explanation,
    /// What is not in it. What is left is not counted, or summed, as if it were all.
    pub hidden: Hidden,
}

/// Whether a period counts in the reading.
#[must_use]
pub fn counts(period: &PeriodLine) -> bool {
    period.counted != Counted::NotYet
}

/// Whether a period counts, and why.
#[must_use]
pub fn counted_in_words(counted: Counted) -> &'static str {
    match counted {
        Counted::Due => "counts, as it is due",
        Counted::Early => "counts, as all is there",
        Counted::NotYet => "does not count yet: not due, and not all there",
    }
}

/// Why an observation is owed.
#[must_use]
pub fn owed_in_words(owed: Owed) -> &'static str {
    match owed {
        Owed::Listed => "the measure lists it among those that report",
        Owed::ReportedBefore => "it reported before",
        Owed::NobodyElse => "nobody at or below it ever reported",
    }
}

impl<'a> Derivation<'a> {
    fn reading(&self) -> &'a MeasureReading {
        &self.explanation.reading
    }

    /// The rule by which it is made: its formula, or how its inputs add up.
    #[must_use]
    pub fn how(&self) -> String {
        match names::formula(self.model, self.measure) {
            Some(formula) => format!("The formula {formula}, on its inputs added up."),
            None => self.rule(),
        }
    }

    fn rule(&self) -> String {
        let every = if self.explanation.weighted {
            ", each value counted by its weight"
        } else {
            ""
        };
        let over_units = match self.explanation.over_units {
            OverUnits::Sum => "The sum over units",
            OverUnits::Mean if self.measure.kind == MeasureKind::YesNo => {
                "The share of yes over units"
            }
            OverUnits::Mean => "The mean over units",
            OverUnits::Max => "The greatest of all units",
            OverUnits::Min => "The least of all units",
            OverUnits::None => "The unit’s own value",
        };
        let over_time = match self.explanation.over_time {
            OverTime::Sum => "the sum over time",
            OverTime::Mean => "the mean over time",
            OverTime::Last => "the last period that counts",
            OverTime::Max => "the greatest over time",
            OverTime::Min => "the least over time",
        };
        format!(
            "{over_units}, then {over_time}{every} (kind {}). Observed by the {}.",
            self.measure.kind, self.measure.frequency
        )
    }

    /// The weighted mean written out, where it is one of all inputs at once.
    #[must_use]
    pub fn sum(&self) -> Option<String> {
        let explanation = self.explanation;
        let is_mean =
            explanation.over_time == OverTime::Mean && explanation.over_units == OverUnits::Mean;
        let is_written_out = !self.hidden.is_any() && self.measure.formula.is_none();
        if !explanation.weighted || !is_mean || !is_written_out {
            return None;
        }
        let mut total = 0.0;
        let mut weights = 0.0;
        let periods = explanation.periods.iter().filter(|period| counts(period));
        for input in periods.flat_map(|period| &period.inputs) {
            let weight = input.weight?;
            total += input.value * weight;
            weights += weight;
        }
        let value = self.reading().value?;
        let [total, parts] = [total, weights].map(numbers::sum);
        let value = numbers::value(Some(value), self.measure);
        (weights > 0.0).then(|| match self.measure.kind {
            MeasureKind::Ratio if numbers::unit_of(self.measure) == UnitOfMeasure::Percent => {
                format!("Counted: {total} of {parts}, which is {value}.")
            }
            _ => format!("Sum of value × weight {total} / sum of weights {parts} = {value}"),
        })
    }

    /// How much of what is owed is there.
    #[must_use]
    pub fn completeness(&self) -> Option<String> {
        let share = self.reading().completeness?;
        let counted = match self.inputs() {
            Some((present, owed)) if owed > 0 => {
                format!(": {present} of {owed} values are there")
            }
            _ => String::new(),
        };
        Some(format!(
            "Completeness {}{counted}.",
            numbers::share(Some(share))
        ))
    }

    /// Values that are there, and values that are there or owed, over the periods that count; `None` where some of them
    /// are hidden.
    #[must_use]
    pub fn inputs(&self) -> Option<(usize, usize)> {
        if self.hidden.is_any() {
            return None;
        }
        let periods = self.explanation.periods.iter();
        let counting = periods.filter(|period| counts(period));
        Some(counting.fold((0, 0), |(present, owed), period| {
            (
                present + period.inputs.len(),
                owed + period.inputs.len() + period.missing.len(),
            )
        }))
    }

    /// What it is held against, line by line: the target with the unit that it is set for, how it is added up over several periods,
    /// the floor with its rule, the way from the baseline.
    #[must_use]
    pub fn target(&self) -> Vec<String> {
        let Some(line) = &self.explanation.target else {
            let why = if self.measure.better.is_none() {
                "It is for information: no direction is better, so it takes no target."
            } else {
                "There is no target for this unit, and none that it inherits."
            };
            return vec![why.to_owned()];
        };
        let Some(target) = self.reading().target else {
            return vec!["There is a target, and it says nothing of this period.".to_owned()];
        };
        let mut lines = vec![format!(
            "Target {}: {}.",
            numbers::target_in_words(target, self.measure),
            self.origin(line)
        )];
        if self.explanation.periods.len() > 1 {
            lines.push(self.over_periods().to_owned());
        }
        if let Some(stated) = line.stated {
            lines.push(format!(
                "The target states {} for this period itself. Its parts lie on the line, which gets there with the last of them.",
                numbers::value(Some(stated), self.measure)
            ));
        }
        if let Some(floor) = self.reading().floor {
            let rule = line.floor_rule.map_or("by its rule", floor_rule_in_words);
            let floor = numbers::edge(floor, self.measure);
            lines.push(format!("Floor {floor}: {rule}."));
        }
        lines.extend(self.way(line));
        lines
    }

    fn over_periods(&self) -> &'static str {
        match self.explanation.over_time {
            OverTime::Sum => "Target and floor are the sums of those of its periods.",
            OverTime::Mean if self.explanation.weighted => {
                "Target and floor are the averages over the periods that have a target, each weighing what its observations weigh."
            }
            OverTime::Mean => {
                "Target and floor are the averages over the periods that have a target."
            }
            OverTime::Last | OverTime::Max | OverTime::Min => {
                "Target and floor are those of the last period that counts."
            }
        }
    }

    fn way(&self, line: &TargetLine) -> Option<String> {
        let share = |share: Option<f64>| {
            share.map_or_else(|| "–".to_owned(), |share| numbers::share(Some(share)))
        };
        let (progress, pace) = (self.reading().progress, self.reading().pace);
        let done = match progress {
            // How far it went back says nothing as a share of the way.
            Some(progress) if progress < 0.0 => "it is worse than the baseline".to_owned(),
            _ => format!("progress {}, pace {}", share(progress), share(pace)),
        };
        Some(format!(
            "From the baseline {} to {} in the end: {done}.",
            numbers::value(Some(line.baseline?), self.measure),
            numbers::value(Some(line.last?), self.measure),
        ))
    }

    /// The record of the target that it is held against.
    #[must_use]
    pub fn target_record(&self) -> Option<&'a Entry<Target>> {
        let line = self.explanation.target.as_ref()?;
        self.model.targets().get(line.target).map(AsRef::as_ref)
    }

    /// For which unit the target is set, and how it came here.
    fn origin(&self, line: &TargetLine) -> String {
        let record = self.target_record();
        let unit = names::name(self.model, (Kind::Unit, line.unit.as_uuid()));
        let set = match line.is_own {
            true => format!("set for {unit}"),
            false => format!("inherited from {unit}"),
        };
        let joined = match record.map(|target| target.joined) {
            Some(Joined::Line) => ", its points joined by a line",
            _ => "",
        };
        let season = if record.is_some_and(|target| target.seasonal) {
            ", following the season"
        } else {
            ""
        };
        format!("{set}{joined}{season}")
    }

    /// How value, target and floor give status and score, line by line.
    #[must_use]
    pub fn judgement(&self) -> Vec<String> {
        let reading = self.reading();
        let mut lines = vec![self.judged(&numbers::value(reading.value, self.measure))];
        if self.rests_on_bounds() {
            let bounds = self.explanation.bounds.as_ref();
            lines.extend(
                bounds
                    .into_iter()
                    .flat_map(|bounds| bounds_in_words(bounds, self.measure)),
            );
            if reading.status.is_judgement() {
                lines.push(
                    "The status is the same in both; the score is the worse of the two.".to_owned(),
                );
            }
        } else {
            lines.extend(self.arithmetic());
        }
        lines
    }

    /// How the value, said in these words, stands.
    #[must_use]
    pub fn judged(&self, value: &str) -> String {
        match self.reading().status {
            status if self.rests_on_bounds() && status.is_judgement() => format!(
                "Some figures are missing, so it is judged by what the whole could be: {}.",
                status.word()
            ),
            Status::NoTarget => "There is no target to hold it against.".to_owned(),
            Status::NoData => self.why_no_data(),
            Status::OnTrack => format!("{value} is at the target or better: on track."),
            Status::AtRisk => format!("{value} lies between floor and target: at risk."),
            Status::OffTrack => format!("{value} is worse than the floor: off track."),
        }
    }

    /// Whether it is judged by what the whole could be.
    fn rests_on_bounds(&self) -> bool {
        let reading = self.reading();
        reading.bounds.is_some()
            && (reading.status.is_judgement() || self.is_open())
            && self.measure.formula.is_none()
    }

    /// Whether there is no status because what is missing could change it.
    fn is_open(&self) -> bool {
        let reading = self.reading();
        reading.status == Status::NoData
            && reading.value.is_some()
            && !reading.findings.contains(&ReadingFinding::TooFew)
    }

    fn why_no_data(&self) -> String {
        let reading = self.reading();
        if reading.value.is_none() {
            return "There is no value: no data.".to_owned();
        }
        if reading.findings.contains(&ReadingFinding::TooFew) {
            let least = numbers::plain(self.measure.least_weight());
            return format!(
                "It rests on a total weight below {least}, too few to be judged: no data."
            );
        }
        if self.measure.formula.is_some() {
            return "Less than 80% of what its parts need is there: no data.".to_owned();
        }
        match reading.bounds {
            Some(_) => "What is missing could change the status: no data.",
            None => "Something is missing of which nothing is known from before: no data.",
        }
        .to_owned()
    }

    /// `60 + 40 × (0.7512 − 0.73) / (0.77 − 0.73) = 81.2`
    fn arithmetic(&self) -> Option<String> {
        let reading = self.reading();
        let (value, score) = (reading.value?, reading.score?);
        let (target, floor) = self.nearer_edges(value)?;
        if target == floor {
            return None;
        }
        let unclipped = 60.0 + 40.0 * (value - floor) / (target - floor);
        let [value, target, floor] = [value, target, floor].map(numbers::plain);
        let clipped = if (0.0..=100.0).contains(&unclipped) {
            String::new()
        } else {
            format!(", kept within 0 and 100: {}", numbers::score(Some(score)))
        };
        Some(format!(
            "Score 60 + 40 × ({value} − {floor}) / ({target} − {floor}) = {}{clipped}",
            numbers::score(Some(unclipped))
        ))
    }

    /// Target and floor as numbers; of a range those of the edge that is nearer.
    fn nearer_edges(&self, value: f64) -> Option<(f64, f64)> {
        match (self.reading().target?, self.reading().floor?) {
            (Edge::Number(target), Edge::Number(floor)) => Some((target, floor)),
            (Edge::Range(low, high), Edge::Range(floor_low, floor_high)) => {
                Some(if value - low <= high - value {
                    (low, floor_low)
                } else {
                    (high, floor_high)
                })
            }
            _ => None,
        }
    }

    /// What it would be with each missing observation at its least and at its greatest, where that is known.
    #[must_use]
    pub fn bounds(&self) -> Option<String> {
        let (low, high) = self.reading().bounds?;
        Some(format!(
            "With each of them at its least and at its greatest of its last 12 observations it would be {} to {}.",
            numbers::value(Some(low), self.measure),
            numbers::value(Some(high), self.measure)
        ))
    }

    /// Readings that every measure has beside this one, by name, those that there are.
    #[must_use]
    pub fn beside(&self) -> Vec<(String, String)> {
        let derived = &self.explanation.derived;
        let named = |name: &str, reading| (name.to_owned(), reading);
        let readings = [
            (self.year_to_date(), derived.year_to_date),
            named("Rolling year", derived.rolling_year),
            named("Same period last year", derived.same_period_last_year),
            named("Previous period", derived.previous),
        ];
        let known = readings
            .into_iter()
            .filter(|(_, reading)| reading.is_some());
        known
            .map(|(name, reading)| (name, numbers::value(reading, self.measure)))
            .collect()
    }

    /// What is read from the beginning of the year on, with the year that it is of: `FY2019 to date`.
    #[must_use]
    pub fn year_to_date(&self) -> String {
        let calendar = self.model.calendar();
        let year = year_of(calendar, &self.reading().shown_period);
        format!("{} to date", super::period(&year, calendar))
    }

    /// What a period that is not over is compared with.
    #[must_use]
    pub fn compared(&self) -> Option<String> {
        spans::comparison(&self.explanation.derived.comparison)
    }

    /// The change on the previous period, with its sign.
    #[must_use]
    pub fn change(&self) -> Option<String> {
        let change = self.explanation.derived.change_on_previous;
        change.map(|change| numbers::change(Some(change), self.measure))
    }
}

/// The direction in which a measure is better, in a sentence.
#[must_use]
pub fn better_in_words(better: Option<Better>) -> &'static str {
    match better {
        Some(Better::Higher) => "Higher is better.",
        Some(Better::Lower) => "Lower is better.",
        Some(Better::Between) => "Inside its range is better.",
        None => "For information: no direction is better.",
    }
}

fn floor_rule_in_words(rule: FloorRule) -> &'static str {
    match rule {
        FloorRule::Stated => "stated with the target",
        FloorRule::FromBaseline => {
            "half of the planned improvement behind, never more than a quarter of it worse than the baseline"
        }
        FloorRule::OfAShare => {
            "behind the target by a tenth of it or of what it leaves to 100%, whichever is more, but by no more than half of the smaller"
        }
        FloorRule::TenPercent => "10% of the target behind it",
        FloorRule::HalfTheRange => "half the width of the range beyond either edge",
    }
}
