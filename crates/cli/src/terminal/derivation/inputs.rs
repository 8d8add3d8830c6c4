//! What a number was made of: parts of a formula, periods, observations, what is missing, and who recorded it.

use throughline_app::words::derivation::{counted_in_words, counts, owed_in_words};
use throughline_core::{Period, UnitId};
use throughline_engine::{FormulaPart, InputLine, Owed};
use throughline_model::Kind;

use super::{Derivation, INPUTS_SHOWN_MAX};
use crate::names;
use crate::terminal::paint::FAINT;
use crate::terminal::table::{Cell, Column, Table};
use crate::terminal::{numbers, words};

impl Derivation<'_> {
    /// What a formula refers to.
    pub(super) fn parts(&mut self) {
        let parts: Vec<FormulaPart> = self.explanation().parts.clone();
        if parts.is_empty() {
            return;
        }
        self.section("Its parts");
        let columns = ["  Measure", "Unit", "Period"].map(Column::words);
        let mut table = Table::new(
            columns
                .into_iter()
                .chain([Column::numbers("Value"), Column::words("Values")]),
        );
        for part in &parts {
            let Some(measure) = self.model().measures().get(part.measure) else {
                continue;
            };
            let matched = if part.matched {
                ", matched: only where all measures are there"
            } else {
                ""
            };
            table.row([
                Cell::from(format!("  {}", measure.key)),
                self.unit_key(part.unit).into(),
                self.span_name(&part.span).into(),
                numbers::value(part.value, measure).into(),
                format!("{} of {}{matched}", part.present, part.owed).into(),
            ]);
        }
        self.out.push_str(&table.render(self.width));
    }

    /// The measure's periods, each with why it counts, its value and its target.
    pub(super) fn periods(&mut self) {
        let periods = self.explanation().periods.clone();
        if periods.len() < 2 && periods.iter().all(counts) {
            return;
        }
        let hidden = if self.all {
            0
        } else {
            periods.len().saturating_sub(INPUTS_SHOWN_MAX)
        };
        self.section(&match hidden {
            0 => "Its periods".to_owned(),
            _ => format!(
                "Its periods: the last {INPUTS_SHOWN_MAX} of {}",
                periods.len()
            ),
        });
        let mut table = Table::new([
            Column::words("  Period"),
            Column::numbers("Value"),
            Column::numbers("Weight").optional(),
            Column::numbers("Target"),
            Column::words("Values"),
            Column::words("Counts").optional(),
        ]);
        let weighted = self.explanation().weighted;
        for period in periods.iter().skip(hidden) {
            let owed = period.inputs.len() + period.missing.len();
            let weight = if weighted && period.weight > 0.0 {
                numbers::plain(period.weight)
            } else {
                String::new()
            };
            let inputs = if owed > 0 {
                format!("{} of {owed}", period.inputs.len())
            } else {
                String::new()
            };
            let has_own_value = self.measure.formula.is_none();
            table.row([
                Cell::from(format!("  {}", self.period_name(&period.period))),
                (if has_own_value {
                    numbers::bare(period.value, self.measure)
                } else {
                    String::new()
                })
                .into(),
                weight.into(),
                numbers::target(period.target, self.measure).into(),
                inputs.into(),
                Cell::styled(counted_in_words(period.counted), FAINT),
            ]);
        }
        self.out.push_str(&table.render(self.width));
    }

    /// The observations themselves, those that weigh most first where not all are shown.
    pub(super) fn inputs(&mut self) {
        let mut inputs = self.all_inputs();
        let total = inputs.len();
        if total == 0 {
            return;
        }
        let is_cut = !self.all && total > INPUTS_SHOWN_MAX;
        if is_cut {
            let size = |input: &InputLine| input.weight.unwrap_or(input.value.abs());
            inputs.sort_by(|(_, _, one), (_, _, other)| size(other).total_cmp(&size(one)));
            inputs.truncate(INPUTS_SHOWN_MAX);
        }
        self.section(&match is_cut {
            true => format!(
                "Its observations: the {INPUTS_SHOWN_MAX} that weigh most of {}",
                words::grouped(total as u64)
            ),
            false => "Its observations".to_owned(),
        });
        let mut table = Table::new([
            Column::words("  Unit"),
            Column::words("Period"),
            Column::words("Measure"),
            Column::numbers("Value"),
            Column::numbers("Weight"),
            Column::words("Recorded").optional(),
            Column::words("").optional(),
        ]);
        for (key, period, input) in &inputs {
            table.row([
                Cell::from(format!(
                    "  {} ({})",
                    self.unit_name(input.unit),
                    self.unit_key(input.unit)
                )),
                self.period_name(period).into(),
                key.clone().unwrap_or_default().into(),
                numbers::plain(input.value).into(),
                input.weight.map(numbers::plain).unwrap_or_default().into(),
                format!("commit {}", input.commit).into(),
                Cell::styled(remark(input), FAINT),
            ]);
        }
        self.out.push_str(&table.render(self.width));
        if is_cut {
            self.line("--all shows every one.");
        }
    }

    /// Every observation with its period and, in a formula, the key of its measure.
    fn all_inputs(&self) -> Vec<(Option<String>, Period, InputLine)> {
        let explanation = self.explanation();
        let own = explanation
            .periods
            .iter()
            .filter(|period| counts(period))
            .flat_map(|period| {
                period
                    .inputs
                    .iter()
                    .map(|input| (None, period.period, input.clone()))
            });
        let parts = explanation.parts.iter().flat_map(|part| {
            let key = names::key(self.model(), (Kind::Measure, part.measure.as_uuid()));
            part.inputs
                .iter()
                .map(move |(period, input)| (Some(key.clone()), *period, input.clone()))
        });
        own.chain(parts).collect()
    }

    /// What is owed and not there, unit by unit.
    pub(super) fn missing(&mut self) {
        let mut missing: Vec<(UnitId, Owed, Vec<String>)> = Vec::new();
        let periods = self
            .explanation()
            .periods
            .iter()
            .filter(|period| counts(period));
        for (period, line) in
            periods.flat_map(|period| period.missing.iter().map(move |line| (period, line)))
        {
            let name = self.period_name(&period.period);
            match missing
                .iter_mut()
                .find(|(unit, owed, _)| (*unit, *owed) == (line.unit, line.owed))
            {
                Some((_, _, names)) => names.push(name),
                None => missing.push((line.unit, line.owed, vec![name])),
            }
        }
        if missing.is_empty() {
            return;
        }
        self.section("Missing");
        let shown = if self.all {
            missing.len()
        } else {
            INPUTS_SHOWN_MAX
        };
        for (unit, owed, names) in missing.iter().take(shown) {
            let why = owed_in_words(*owed);
            let periods = match names.as_slice() {
                [first, _, .., last] if !self.all => {
                    format!("{} periods from {first} to {last}", names.len())
                }
                names => words::list(names),
            };
            let (name, key) = (self.unit_name(*unit), self.unit_key(*unit));
            self.line(&format!("{name} ({key}), {periods}: owed, because {why}"));
        }
        let more = missing.len().saturating_sub(shown);
        if more > 0 {
            self.line(&format!(
                "... and {}; --all shows every one.",
                words::count(more as u64, "more unit")
            ));
        }
        if let Some(bounds) = self.in_words().bounds() {
            self.line(&bounds);
        }
    }

    /// What is in the number and not shown.
    pub(super) fn left_out(&mut self) {
        let hidden = self.explained.hidden;
        if hidden.observations > 0 {
            let count = words::count(hidden.observations as u64, "observation");
            self.line(&format!(
                "{count} of units that you may not see: in the number, and not shown"
            ));
        } else if hidden.is_any() {
            self.line("What units owe that you may not see is not shown");
        }
    }

    /// Who recorded the observations, when and why.
    pub(super) fn commits(&mut self) {
        if self.explained.commits.is_empty() {
            return;
        }
        self.section("Recorded in");
        let calendar = self.model().calendar().clone();
        let mut lines = Vec::new();
        for told in self.explained.commits.values() {
            let commit = &told.commit;
            let by = words::author(told, self.model());
            let reason = commit
                .reason
                .as_ref()
                .map(|reason| format!(": {reason}"))
                .unwrap_or_default();
            let brought_in = if commit.brought_in {
                ", brought in as history"
            } else {
                ""
            };
            lines.push(format!(
                "commit {}, {}, by {by} ({}{brought_in}){reason}",
                commit.number,
                words::instant(commit.recorded_at, &calendar),
                commit.origin
            ));
        }
        for line in lines {
            self.line(&line);
        }
    }
}

/// State and note of an observation.
fn remark(input: &InputLine) -> String {
    let state = input.state.map(|state| state.word().to_owned());
    let parts: Vec<String> = state.into_iter().chain(input.note.clone()).collect();
    parts.join(": ")
}
