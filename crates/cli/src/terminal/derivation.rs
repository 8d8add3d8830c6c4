//! Where a number came from, for people: the value first, then how it was made, down to single observations.

mod inputs;
mod judgement;

use throughline_app::ExplainedReading;
use throughline_app::words::derivation;
use throughline_engine::{Explanation, MeasureReading};
use throughline_model::Model;
use throughline_model::records::Measure;

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
    /// Whether every value is shown.
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

impl<'a> Derivation<'a> {
    fn explanation(&self) -> &Explanation {
        &self.explained.explanation
    }

    fn reading(&self) -> &MeasureReading {
        &self.explained.explanation.reading
    }

    fn model(&self) -> &Model {
        &self.explained.selected.model
    }

    /// The sentences that every way in says.
    fn in_words(&self) -> derivation::Derivation<'a> {
        derivation::Derivation {
            model: &self.explained.selected.model,
            measure: self.measure,
            explanation: &self.explained.explanation,
            hidden: self.explained.hidden,
        }
    }

    fn period_name(&self, period: &throughline_core::Period) -> String {
        self.model().calendar().name(period)
    }

    /// The name of a period, or the days of a span that is none, such as a year to date.
    fn span_name(&self, span: &throughline_core::Period) -> String {
        let calendar = self.model().calendar();
        if words::spans::is_period(span, calendar) {
            calendar.name(span)
        } else {
            words::spans::in_short(span)
        }
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
        let words = self.in_words();
        let lines = [
            Some(words.how()),
            words.read_over(),
            words.sum(),
            words.completeness(),
        ];
        for line in lines.into_iter().flatten() {
            self.line(&line);
        }
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
        let words = self.in_words();
        let known: Vec<String> = words
            .beside()
            .into_iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        if known.is_empty() {
            return;
        }
        let (change, compared) = (words.change(), words.compared());
        self.section("Beside it");
        let mut text = known.join("; ");
        if let Some(change) = change {
            text.push_str(&format!(" (change {change})"));
        }
        self.line(&text);
        for sentence in compared.into_iter().chain(words.other_lengths()) {
            self.line(&sentence);
        }
    }
}
