//! The shape of `import`.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::{CommitLine, FindingLine, findings};
use crate::{
    CellLeftOut, CellsLeftOut, Differing, FoundMeasure, ImportEffect, ImportedWorkbook,
    PreparedImport,
};

/// The answer of `import`.
#[derive(Serialize, JsonSchema)]
pub struct Imported<'a> {
    file: &'a str,
    cells: CellsLine,
    measures: Vec<FoundMeasureLine<'a>>,
    units: Vec<NameLine<'a>>,
    people: Vec<NameLine<'a>>,
    left_out: Vec<LeftOutLine<'a>>,
    remarks: &'a [String],
    /// Figures that are recorded and of which the workbook says something else.
    differing: Vec<DifferingLine<'a>>,
    effect: EffectLine,
    refused: usize,
    commit: Option<CommitLine>,
    findings: Vec<FindingLine<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct CellsLine {
    all: usize,
    values: usize,
    targets: usize,
    names: usize,
    left_out: usize,
}

#[derive(Serialize, JsonSchema)]
struct FoundMeasureLine<'a> {
    found_as: &'a str,
    key: &'a str,
    name: &'a str,
    read: bool,
    stands: bool,
    kind: &'a str,
    shown_as: Option<&'a str>,
    decimals: u8,
    better: Option<&'a str>,
    frequency: &'a str,
    /// Days after the end of a period by which its value is due.
    due: Option<u16>,
    owner: Option<&'a str>,
    target: Option<f64>,
    values: usize,
    units: usize,
    sure: &'static str,
    because: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct NameLine<'a> {
    found_as: &'a str,
    key: &'a str,
    name: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct LeftOutLine<'a> {
    because: &'a str,
    cells: Vec<CellLine<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct CellLine<'a> {
    sheet: &'a str,
    cell: String,
    found: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct DifferingLine<'a> {
    measure: &'a str,
    unit: &'a str,
    period: &'a str,
    /// What is recorded, in words.
    recorded: &'a str,
    /// Who recorded it, and when.
    by: &'a str,
    /// What the workbook says.
    says: f64,
}

#[derive(Serialize, JsonSchema)]
struct EffectLine {
    records: u64,
    added: u64,
    corrections: u64,
    unchanged: u64,
    none: u64,
}

impl<'a> Imported<'a> {
    /// The answer for what was prepared, and recorded where it was confirmed, for the author with that key.
    #[must_use]
    pub fn of(
        prepared: &'a PreparedImport,
        imported: Option<&ImportedWorkbook>,
        author: Option<&str>,
    ) -> Imported<'a> {
        let counts = prepared.counts();
        let mapping = &prepared.understood.mapping;
        let commit = imported.and_then(|imported| imported.commit.as_ref());
        let effect = imported.map_or(prepared.effect, |imported| imported.effect);
        Imported {
            file: &prepared.name,
            cells: CellsLine {
                all: counts.all(),
                values: counts.values,
                targets: counts.targets,
                names: counts.names,
                left_out: counts.left_out,
            },
            measures: prepared
                .measures()
                .iter()
                .map(FoundMeasureLine::of)
                .collect(),
            units: mapping.units.iter().map(NameLine::of).collect(),
            people: mapping.people.iter().map(NameLine::of).collect(),
            left_out: prepared.left_out().iter().map(LeftOutLine::of).collect(),
            remarks: &prepared.understood.remarks,
            differing: prepared.differing.iter().map(DifferingLine::of).collect(),
            effect: EffectLine::of(effect),
            refused: prepared.refused,
            commit: commit.map(|commit| CommitLine::of(commit, author.map(str::to_owned))),
            findings: findings(&prepared.remarks),
        }
    }
}

impl<'a> FoundMeasureLine<'a> {
    fn of(found: &FoundMeasure<'a>) -> FoundMeasureLine<'a> {
        let mapping = found.mapping;
        FoundMeasureLine {
            found_as: &mapping.found_as,
            key: &mapping.key,
            name: &mapping.name,
            read: mapping.read,
            stands: found.stands,
            kind: &mapping.kind,
            shown_as: mapping.shown_as.as_deref(),
            decimals: mapping.decimals,
            better: mapping.better.as_deref(),
            frequency: &mapping.frequency,
            due: mapping.due,
            owner: mapping.owner.as_deref(),
            target: found.target.map(|target| target.value),
            values: found.values,
            units: found.units,
            sure: mapping.sure.word(),
            because: &mapping.because,
        }
    }
}

impl<'a> NameLine<'a> {
    fn of(named: &'a throughline_workbook::mapping::Named) -> NameLine<'a> {
        NameLine {
            found_as: &named.found_as,
            key: &named.key,
            name: &named.name,
        }
    }
}

impl<'a> LeftOutLine<'a> {
    fn of(group: &CellsLeftOut<'a>) -> LeftOutLine<'a> {
        let line = |left_out: &CellLeftOut<'a>| CellLine {
            sheet: left_out.sheet,
            cell: left_out.cell.to_string(),
            found: left_out.found,
        };
        LeftOutLine {
            because: group.because,
            cells: group.cells.iter().map(line).collect(),
        }
    }
}

impl<'a> DifferingLine<'a> {
    fn of(one: &'a Differing) -> DifferingLine<'a> {
        DifferingLine {
            measure: &one.says.measure,
            unit: &one.says.unit,
            period: &one.says.period,
            recorded: &one.recorded,
            by: &one.by,
            says: one.says.value,
        }
    }
}

impl EffectLine {
    fn of(effect: ImportEffect) -> EffectLine {
        EffectLine {
            records: effect.records,
            added: effect.added,
            corrections: effect.corrections,
            unchanged: effect.unchanged,
            none: effect.none,
        }
    }
}
