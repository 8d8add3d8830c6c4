//! Where a number came from, for people: the value first, then how it was made, down to single observations.

mod inputs;
mod judgement;

use throughline_app::ExplainedReading;
use throughline_engine::{Explanation, MeasureReading};
use throughline_model::Model;
use throughline_model::records::{Measure, MeasureKind, OverTime, OverUnits};

use super::meaning::finding_in_words;
use super::paint::{FAINT, STRONG, of_status, paint, status_words};
use super::table::wrapped;
use super::{harmless, numbers, words};

/// The most lines of inputs that are shown without being asked for all.
pub const INPUTS_SHOWN_MAX: usize = 12;

/// A text that is made section by section.
pub struct Derivation<'a> {
    explained: &'a ExplainedReading,
    measure: &'a Measure,
    width: Option<usize>,
    /// Whether every input is shown.
    all: bool,
    out: String,
}

/// The derivation as text, in lines of at most `width` columns.
pub fn render(explained: &ExplainedReading, all: bool, width: Option<usize>) -> String {
    let Some(measure) = explained
        .selected
        .model
        .measures()
        .get(explained.explanation.reading.measure)
    else {
        return String::new();
    };
    let mut derivation = Derivation {
        explained,
        measure,
        width,
        all,
        out: String::new(),
    };
    derivation.head();
    derivation.how();
    derivation.parts();
    derivation.periods();
    derivation.inputs();
    derivation.missing();
    derivation.left_out();
    derivation.target();
    derivation.judgement();
    derivation.findings();
    derivation.beside();
    derivation.commits();
    derivation.out
}

impl Derivation<'_> {
    fn explanation(&self) -> &Explanation {
        &self.explained.explanation
    }

    fn reading(&self) -> &MeasureReading {
        &self.explained.explanation.reading
    }

    fn model(&self) -> &Model {
        &self.explained.selected.model
    }

    fn period_name(&self, period: &throughline_core::Period) -> String {
        self.model().calendar().name(period)
    }

    fn unit_key(&self, unit: throughline_core::UnitId) -> String {
        crate::names::key(
            self.model(),
            (throughline_model::Kind::Unit, unit.as_uuid()),
        )
    }

    fn unit_name(&self, unit: throughline_core::UnitId) -> String {
        crate::names::name(
            self.model(),
            (throughline_model::Kind::Unit, unit.as_uuid()),
        )
    }

    fn section(&mut self, title: &str) {
        self.out.push_str(&format!("\n{}\n", paint(STRONG, title)));
    }

    /// A line of a section, broken where the terminal ends.
    fn line(&mut self, text: &str) {
        let text = wrapped(&format!("  {}", harmless(text)), self.width, "    ");
        self.out.push_str(&text);
        self.out.push('\n');
    }

    fn head(&mut self) {
        let selected = &self.explained.selected;
        let reading = self.reading();
        let title = format!(
            "{}, {}, {}",
            self.measure.name,
            selected.unit_name(),
            selected.period_name()
        );
        let mut out = format!(
            "{} ({})\n",
            paint(STRONG, &harmless(&title)),
            words::days(&selected.period)
        );
        out.push_str(&format!(
            "{}\n",
            paint(FAINT, &super::card::clocks(selected))
        ));
        if let Some(definition) = &self.measure.definition {
            out.push_str(&wrapped(&harmless(definition.0.trim()), self.width, ""));
            out.push('\n');
        }
        let value = numbers::value(reading.value, self.measure);
        let status = paint(of_status(reading.status), status_words(reading.status));
        let score = reading
            .score
            .map(|score| format!("   score {}", numbers::score(Some(score))))
            .unwrap_or_default();
        out.push_str(&format!(
            "\n  {}   {status}{score}\n",
            paint(STRONG, &value)
        ));
        let shown = (reading.shown_period != selected.period)
            .then(|| self.period_name(&reading.shown_period));
        self.out.push_str(&out);
        if let Some(name) = shown {
            self.line(&format!(
                "It is read in {name}, the latest period of this measure that counts."
            ));
        }
    }

    /// The rule by which it was added up, and the sum itself where it is one.
    fn how(&mut self) {
        self.section("How it is made");
        if let Some(formula) = crate::names::formula(self.model(), self.measure) {
            self.line(&format!("The formula {formula}, on its inputs added up."));
        } else {
            let rule = self.rule();
            self.line(&rule);
        }
        if let Some(sum) = self.sum_in_words() {
            self.line(&sum);
        }
        let reading = self.reading();
        if let Some(share) = reading.completeness {
            let (present, owed) = self.counts();
            let counted = if owed > 0 {
                format!(": {present} of {owed} inputs are there")
            } else {
                String::new()
            };
            let line = format!("Completeness {}{counted}.", numbers::share(Some(share)));
            self.line(&line);
        }
    }

    fn rule(&self) -> String {
        let explanation = self.explanation();
        let every = if explanation.weighted {
            ", each input counted by its weight"
        } else {
            ""
        };
        let over_units = match explanation.over_units {
            OverUnits::Sum => "the sum over units",
            OverUnits::Mean if self.measure.kind == MeasureKind::YesNo => {
                "the share of yes over units"
            }
            OverUnits::Mean => "the mean over units",
            OverUnits::Max => "the greatest of all units",
            OverUnits::Min => "the least of all units",
            OverUnits::None => "the unit's own value",
        };
        let over_time = match explanation.over_time {
            OverTime::Sum => "the sum over time",
            OverTime::Mean => "the mean over time",
            OverTime::Last => "the last period that counts",
            OverTime::Max => "the greatest over time",
            OverTime::Min => "the least over time",
        };
        format!(
            "Kind {}: {over_units}, then {over_time}{every}. Observed by the {}.",
            self.measure.kind, self.measure.frequency
        )
    }

    /// The weighted mean written out, where it is one of all inputs at once.
    fn sum_in_words(&self) -> Option<String> {
        let explanation = self.explanation();
        let is_mean =
            explanation.over_time == OverTime::Mean && explanation.over_units == OverUnits::Mean;
        if !explanation.weighted || !is_mean || self.measure.formula.is_some() {
            return None;
        }
        let mut total = 0.0;
        let mut weights = 0.0;
        for input in explanation
            .periods
            .iter()
            .filter(|period| inputs::counts(period))
            .flat_map(|period| &period.inputs)
        {
            let weight = input.weight?;
            total += input.value * weight;
            weights += weight;
        }
        let value = self.reading().value?;
        (weights > 0.0).then(|| {
            format!(
                "Sum of value × weight {} / sum of weights {} = {}",
                numbers::plain(total),
                numbers::plain(weights),
                numbers::value(Some(value), self.measure)
            )
        })
    }

    /// Inputs that are there, and inputs that are there or owed, over the periods that count.
    fn counts(&self) -> (usize, usize) {
        let periods = self
            .explanation()
            .periods
            .iter()
            .filter(|period| inputs::counts(period));
        periods.fold((0, 0), |(present, owed), period| {
            (
                present + period.inputs.len(),
                owed + period.inputs.len() + period.missing.len(),
            )
        })
    }

    fn findings(&mut self) {
        let findings = self.reading().findings.clone();
        if findings.is_empty() && !self.reading().late {
            return;
        }
        self.section("Findings");
        for finding in findings {
            self.line(&format!("{}.", finding_in_words(finding)));
        }
        if self.reading().late {
            self.line("Late: something that is due has not come.");
        }
        let differing: Vec<String> = self
            .explanation()
            .periods
            .iter()
            .flat_map(|period| period.differing.iter().map(|unit| (period.period, *unit)))
            .map(|(period, unit)| {
                format!("{} in {}", self.unit_key(unit), self.period_name(&period))
            })
            .take(INPUTS_SHOWN_MAX)
            .collect();
        if !differing.is_empty() {
            self.line(&format!(
                "Own value and those below differ: {}.",
                words::list(&differing)
            ));
        }
    }

    /// Readings that every measure has beside this one.
    fn beside(&mut self) {
        let derived = self.explanation().derived.clone();
        let readings = [
            ("Year to date", derived.year_to_date),
            ("Rolling year", derived.rolling_year),
            ("Same period last year", derived.same_period_last_year),
            ("Previous period", derived.previous),
        ];
        let known: Vec<String> = readings
            .into_iter()
            .filter(|(_, value)| value.is_some())
            .map(|(name, value)| format!("{name} {}", numbers::value(value, self.measure)))
            .collect();
        if known.is_empty() {
            return;
        }
        self.section("Beside it");
        let mut text = known.join("; ");
        if derived.change_on_previous.is_some() {
            text.push_str(&format!(
                " (change {})",
                numbers::change(derived.change_on_previous, self.measure)
            ));
        }
        self.line(&text);
    }
}
