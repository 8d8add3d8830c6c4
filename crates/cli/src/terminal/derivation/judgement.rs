//! What a number was held against, and how that gave its status and score.

use throughline_engine::{Edge, FloorRule, ReadingFinding, Status, TargetLine};
use throughline_model::records::{Better, Joined, Measure, OverTime};

use super::Derivation;
use crate::terminal::numbers;

impl Derivation<'_> {
    /// The target with its record, and the floor with its rule.
    pub(super) fn target(&mut self) {
        self.section("What it is held against");
        let Some(line) = self.explanation().target.clone() else {
            let why = if self.measure.better.is_none() {
                "It is for information: no direction is better, so it takes no target."
            } else {
                "There is no target for this unit, and none that it inherits."
            };
            return self.line(why);
        };
        let reading = self.reading().clone();
        let Some(target) = reading.target else {
            return self.line("There is a target, and it says nothing of this period.");
        };
        let origin = self.origin(&line);
        let sense = sense(self.measure, target);
        self.line(&format!(
            "Target {sense}{}: {origin}.",
            numbers::edge(target, self.measure)
        ));
        if self.explanation().periods.len() > 1 {
            self.line(match self.explanation().over_time {
                OverTime::Sum => "Target and floor are the sums of those of its periods.",
                OverTime::Mean if self.explanation().weighted => {
                    "Target and floor are the averages over the periods that have a target, each weighing what its observations weigh."
                }
                OverTime::Mean => "Target and floor are the averages over the periods that have a target.",
                OverTime::Last | OverTime::Max | OverTime::Min => "Target and floor are those of the last period that counts.",
            });
        }
        if let Some(floor) = reading.floor {
            let rule = line.floor_rule.map(rule_in_words).unwrap_or("by its rule");
            self.line(&format!(
                "Floor {}: {rule}.",
                numbers::edge(floor, self.measure)
            ));
        }
        let (progress, pace) = (reading.progress, reading.pace);
        if let (Some(baseline), Some(last)) = (line.baseline, line.last) {
            let (from, to) = (
                numbers::value(Some(baseline), self.measure),
                numbers::value(Some(last), self.measure),
            );
            let share = |share: Option<f64>| {
                share.map_or_else(|| "–".to_owned(), |share| numbers::share(Some(share)))
            };
            self.line(&format!(
                "From the baseline {from} to {to} in the end: progress {}, pace {}.",
                share(progress),
                share(pace)
            ));
        }
    }

    /// Which record sets the target, and how it came here.
    fn origin(&self, line: &TargetLine) -> String {
        let record = self.model().targets().get(line.target);
        let key = crate::names::key(
            self.model(),
            (throughline_model::Kind::Target, line.target.as_uuid()),
        );
        let inherited = if line.is_own {
            String::new()
        } else {
            format!(", inherited from {}", self.unit_name(line.unit))
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
        format!("{key}{inherited}{joined}{season}")
    }

    /// How value, target and floor give status and score.
    pub(super) fn judgement(&mut self) {
        self.section("Status");
        let reading = self.reading().clone();
        let value = numbers::value(reading.value, self.measure);
        let text = match reading.status {
            Status::NoTarget => "There is no target to hold it against: no target.".to_owned(),
            Status::NoData => self.why_no_data(),
            Status::OnTrack => format!("{value} is at the target or better: on track."),
            Status::AtRisk => format!("{value} lies between floor and target: at risk."),
            Status::OffTrack => format!("{value} is worse than the floor: off track."),
        };
        self.line(&text);
        if reading.bounds.is_some() && reading.status.is_judgement() {
            self.line("With what is missing at its least and at its greatest the status is the same; the score is the worse of the two.");
        } else if let Some(arithmetic) = self.arithmetic() {
            self.line(&arithmetic);
        }
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
            Some(_) => "What is missing could change the status: no data.".to_owned(),
            None => {
                "Something is missing of which nothing is known from before: no data.".to_owned()
            }
        }
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
}

fn sense(measure: &Measure, target: Edge) -> &'static str {
    match (target, measure.better) {
        (Edge::Range(..), _) => "",
        (_, Some(Better::Lower)) => "≤ ",
        _ => "≥ ",
    }
}

fn rule_in_words(rule: FloorRule) -> &'static str {
    match rule {
        FloorRule::Stated => "stated with the target",
        FloorRule::FromBaseline => {
            "half of the planned improvement behind, never more than a quarter of it worse than the baseline"
        }
        FloorRule::OfAShare => {
            "of a share, the smaller of max(t, 1 − t) / 10 and min(t, 1 − t) / 2 behind"
        }
        FloorRule::TenPercent => "10 % of the target behind",
        FloorRule::HalfTheRange => "half the width of the range beyond either edge",
    }
}
