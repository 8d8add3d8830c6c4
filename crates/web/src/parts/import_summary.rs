//! What an import is made of, counted: cells by what they were taken for, what is left out, and what will be recorded.

use std::collections::BTreeSet;

use throughline_app::{CellCounts, CellLeftOut, CellsLeftOut, PreparedImport, words};

use crate::error::{help, said};

/// How many cells of a reason are named.
const CELLS_NAMED_MAX: usize = 3;

/// How many names are listed before the others are counted.
const NAMES_MAX: usize = 5;

/// Cells left out for one reason.
#[derive(Debug, Clone)]
pub struct LeftOutRow {
    /// Where the first ones are.
    pub places: String,
    /// What stands in the first one.
    pub found: String,
    /// How many there are.
    pub count: String,
    /// Where each of them is shown, where there is more than one.
    pub each: Option<String>,
    /// Why.
    pub because: String,
    /// The value that it is if somebody says so.
    pub take_in: Option<String>,
}

impl LeftOutRow {
    /// The row of a reason, all of whose cells are shown at an address.
    #[must_use]
    pub fn of(group: &CellsLeftOut<'_>, each: String) -> LeftOutRow {
        let place = |cell: &CellLeftOut<'_>| format!("{}!{}", cell.sheet, cell.cell);
        let mut places: Vec<String> = group
            .cells
            .iter()
            .take(CELLS_NAMED_MAX)
            .map(place)
            .collect();
        if group.cells.len() > CELLS_NAMED_MAX {
            places.push("…".to_owned());
        }
        let first = group.cells.first();
        let doubted = first
            .and_then(|cell| cell.doubted)
            .filter(|_| group.cells.len() == 1);
        LeftOutRow {
            places: places.join(", "),
            found: first.map(|cell| cell.found.to_owned()).unwrap_or_default(),
            count: words::count(group.cells.len() as u64, "cell"),
            each: (group.cells.len() > 1).then_some(each),
            because: format!("{}.", words::sentence(group.because)),
            take_in: doubted.map(|value| value.place()),
        }
    }
}

/// A part of a whole, in percent.
#[must_use]
pub fn share(part: usize, whole: usize) -> String {
    let share = (part as f64) / (whole.max(1) as f64);
    words::numbers::share(Some(share))
}

/// The parts of all cells: words, how many, class, and where its bar begins and how long it is, of 1,000.
#[must_use]
pub fn parts(counts: CellCounts) -> Vec<(&'static str, String, &'static str, usize, usize)> {
    let all = counts.all().max(1);
    let mut before = 0;
    [
        ("values", counts.values, "of-values"),
        ("targets", counts.targets, "of-targets"),
        ("names", counts.names, "of-names"),
        ("left out", counts.left_out, "of-left-out"),
    ]
    .into_iter()
    .map(|(words, count, class)| {
        let start = before * 1000 / all;
        before += count;
        let length = (before * 1000 / all).saturating_sub(start);
        (words, words::grouped(count as u64), class, start, length)
    })
    .collect()
}

/// What keeps it from being recorded: that there is nothing to bring in, or what is wrong with the plan that it would make.
#[must_use]
pub fn wrong(prepared: &PreparedImport) -> Vec<String> {
    if let Some(nothing) = prepared.nothing() {
        let said = [Some(said(&nothing.to_string())), help(&nothing)];
        return vec![said.into_iter().flatten().collect::<Vec<_>>().join(" ")];
    }
    let placed = prepared.remarks.placed.iter().map(|one| &one.finding);
    let all = placed.chain(&prepared.remarks.unplaced);
    all.map(|finding| said(&finding.message)).collect()
}

/// What is in the draft, by kind: how many, and which.
#[must_use]
pub fn holds(prepared: &PreparedImport) -> Vec<(String, String)> {
    let measures = prepared.measures();
    let read = measures.iter().filter(|one| one.mapping.read);
    let (standing, new): (Vec<_>, Vec<_>) = read.partition(|one| one.stands);
    let mapping = &prepared.understood.mapping;
    let effect = prepared.effect;
    let used: BTreeSet<&str> = prepared
        .understood
        .draft
        .observations
        .iter()
        .map(|one| one.unit.as_str())
        .collect();
    let names = mapping
        .units
        .iter()
        .filter(|unit| used.contains(unit.key.as_str()));
    let names: Vec<&str> = names.map(|unit| unit.name.as_str()).collect();
    let periods = prepared.periods().map(|(first, last)| match first == last {
        true => format!(" of {first}"),
        false => format!(", {first} to {last}"),
    });
    let owners = prepared
        .understood
        .measures
        .iter()
        .filter(|one| one.read)
        .filter_map(|one| one.owner.as_deref());
    let owners: BTreeSet<&str> = owners.collect();
    let plural = |count: u64, one: &str| {
        words::count(count, one)
            .split_once(' ')
            .map(|(_, word)| word.to_owned())
            .unwrap_or_default()
    };
    let line = |count: u64, one: &str, more: String| {
        (
            words::grouped(count),
            format!("{}{more}", plural(count, one)),
        )
    };
    let mut holds = vec![line(new.len() as u64, "new measure", String::new())];
    if !standing.is_empty() {
        holds.push(line(
            standing.len() as u64,
            "measure",
            " of the plan, unchanged".to_owned(),
        ));
    }
    holds.push(line(used.len() as u64, "unit", listed(&names)));
    holds.push(line(effect.added, "new value", periods.unwrap_or_default()));
    if effect.corrections > 0 {
        holds.push(line(
            effect.corrections,
            "value",
            " that take the place of another".to_owned(),
        ));
    }
    if effect.unchanged > 0 {
        holds.push(line(effect.unchanged, "value", " known already".to_owned()));
    }
    if prepared.refused > 0 {
        holds.push(line(
            prepared.refused as u64,
            "value",
            " that the plan does not take, left out".to_owned(),
        ));
    }
    let owners: Vec<&str> = owners.into_iter().collect();
    holds.push(line(owners.len() as u64, "owner", listed(&owners)));
    holds
}

/// `: North, West and 3 more`
fn listed(names: &[&str]) -> String {
    let named = names
        .iter()
        .take(NAMES_MAX)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMES_MAX) {
        _ if names.is_empty() => String::new(),
        0 => format!(": {named}"),
        more => format!(": {named} and {more} more"),
    }
}
