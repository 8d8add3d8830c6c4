//! How a workbook was understood, for a terminal: measures, what is left out by reason, and what recording it would do.

use throughline_app::{CellLeftOut, CellsLeftOut, FoundMeasure, PreparedImport};
use throughline_model::fields::Days;
use throughline_workbook::Sure;

use super::paint::{FAINT, PLAIN, STRONG, WARNING, paint};
use super::table::{Cell, Column, Table, wrapped};
use super::{harmless, width, words};

/// The most cells of a reason that are named where not all are asked for.
const CELLS_NAMED_MAX: usize = 4;

/// The most reasons that are shown where not all are asked for.
const REASONS_SHOWN_MAX: usize = 25;

/// The most figures that differ from what is recorded that are named where not all are asked for.
const DIFFERING_SHOWN_MAX: usize = 20;

/// All that is told before anything is recorded; of what is left out, every cell where `all` is asked for; that figures wait, where
/// owners are to see them first.
pub fn understood(prepared: &PreparedImport, all: bool, owners_first: bool) -> String {
    let measures = prepared.measures();
    let mut out = format!("{}\n\n", paint(STRONG, &harmless(&head(prepared))));
    out.push_str(&table(&measures));
    out.push_str(&to_check(&measures));
    out.push_str(&left_out(&prepared.left_out(), all));
    for remark in &prepared.understood.remarks {
        let line = format!("{}.", words::sentence(&harmless(remark)));
        out.push_str(&format!("{}\n", wrapped(&line, width(), "")));
    }
    out.push_str(&format!("\n{}\n", effect(prepared, owners_first)));
    out
}

/// `ops-kpis.xlsx: 1,037 of 1,343 cells understood`
fn head(prepared: &PreparedImport) -> String {
    let counts = prepared.counts();
    let (understood, all) = (counts.understood() as u64, counts.all() as u64);
    format!(
        "{}: {} of {} understood: {}, {}, {}",
        prepared.name,
        words::grouped(understood),
        words::count(all, "cell"),
        words::count(counts.values as u64, "value"),
        words::count(counts.targets as u64, "target"),
        words::count(counts.names as u64, "name"),
    )
}

fn table(measures: &[FoundMeasure<'_>]) -> String {
    let columns = [
        Column::words("Measure"),
        Column::words("Kind"),
        Column::words("Better"),
        Column::words("Every").optional(),
        Column::words("Due after").optional(),
        Column::words("Owner").optional(),
        Column::numbers("Target"),
        Column::numbers("Values"),
        Column::words("How sure"),
    ];
    let mut table = Table::new(columns);
    for found in measures {
        let mapping = found.mapping;
        let name = match &mapping.shown_as {
            Some(unit) => format!("{}, {unit}", mapping.name),
            None => mapping.name.clone(),
        };
        let (sure, style) = match (mapping.read, found.stands, mapping.sure) {
            (false, ..) => ("left out", FAINT),
            (true, true, _) => ("in the plan", PLAIN),
            (true, false, Sure::ToCheck) => ("to check", WARNING),
            (true, false, sure) => (sure.word(), PLAIN),
        };
        let target = found.target.map(|target| found.shown(target.value));
        table.row([
            name.into(),
            mapping.kind.clone().into(),
            mapping
                .better
                .clone()
                .unwrap_or_else(|| "–".to_owned())
                .into(),
            mapping.frequency.clone().into(),
            (mapping.due.map(|days| Days(days).to_string()))
                .unwrap_or_default()
                .into(),
            mapping.owner.clone().unwrap_or_default().into(),
            target.unwrap_or_default().into(),
            words::grouped(found.values as u64).into(),
            Cell::styled(sure, style),
        ]);
    }
    table.render(width())
}

/// The guesses that somebody should look at, with their reasons.
fn to_check(measures: &[FoundMeasure<'_>]) -> String {
    let doubtful = measures
        .iter()
        .filter(|found| found.mapping.read && !found.stands && found.mapping.sure == Sure::ToCheck);
    let mut out = String::new();
    for found in doubtful {
        let why = found.mapping.because.join("; ");
        let line = harmless(&format!("{}: {why}", found.mapping.name));
        out.push_str(&format!("  {}\n", wrapped(&line, width(), "    ")));
    }
    match out.is_empty() {
        true => out,
        false => format!("\n{}\n{out}", paint(STRONG, "To check")),
    }
}

fn left_out(groups: &[CellsLeftOut<'_>], all: bool) -> String {
    if groups.is_empty() {
        return "\n".to_owned();
    }
    let cells: usize = groups.iter().map(|group| group.cells.len()).sum();
    let head = format!("Left out: {}", words::count(cells as u64, "cell"));
    let mut table = Table::new([
        Column::numbers("Cells"),
        Column::words("Why").giving_way(),
        Column::words("Where"),
    ]);
    let shown = if all { groups.len() } else { REASONS_SHOWN_MAX };
    for group in groups.iter().take(shown) {
        let count = words::grouped(group.cells.len() as u64);
        let named = if all { 1 } else { CELLS_NAMED_MAX };
        let of = |left_out: &CellLeftOut<'_>| {
            let place = format!("{}!{}", left_out.sheet, left_out.cell);
            match all {
                true => format!("{place}: {}", left_out.found),
                false => place,
            }
        };
        let mut places: Vec<String> = group.cells.iter().take(named).map(of).collect();
        if !all && group.cells.len() > named {
            places.push("...".to_owned());
        }
        table.row([count.into(), group.because.into(), places.join(", ").into()]);
        for cell in group.cells.iter().skip(1).filter(|_| all) {
            table.row(["".into(), "".into(), of(cell).into()]);
        }
    }
    let more = groups.len().saturating_sub(shown);
    if more > 0 {
        let more = words::count(more as u64, "reason");
        table.across(Cell::styled(
            format!("... and {more} more: --all shows every cell"),
            FAINT,
        ));
    }
    format!("\n{}\n{}\n", paint(STRONG, &head), table.render(width()))
}

/// The figures that are recorded and of which the workbook says something else, and which of both holds; nothing where there is none.
pub fn differing(prepared: &PreparedImport, is_replaced: bool, all: bool) -> String {
    if prepared.differing.is_empty() {
        return String::new();
    }
    let count = words::count(prepared.differing.len() as u64, "figure");
    let head = match is_replaced {
        true => format!("Replaced: {count} that said something else"),
        false => format!(
            "Kept: {count} of which the workbook says something else; --replace takes what it says"
        ),
    };
    let mut table = Table::new([
        Column::words("Measure"),
        Column::words("Unit"),
        Column::words("Period"),
        Column::numbers("Recorded"),
        Column::numbers("The workbook"),
        Column::words("Recorded by").giving_way(),
    ]);
    let shown = if all { usize::MAX } else { DIFFERING_SHOWN_MAX };
    for one in prepared.differing.iter().take(shown) {
        let cells = [
            &one.measure,
            &one.unit,
            &one.period,
            &one.recorded,
            &one.becomes,
            &one.by,
        ];
        table.row(cells.map(|text| Cell::from(harmless(text))));
    }
    let more = prepared.differing.len().saturating_sub(shown);
    if more > 0 {
        let more = words::count(more as u64, "figure");
        table.across(Cell::styled(
            format!("... and {more} more: --all shows each"),
            FAINT,
        ));
    }
    format!("\n{}\n{}\n", paint(STRONG, &head), table.render(width()))
}

/// What recording it would do.
fn effect(prepared: &PreparedImport, owners_first: bool) -> String {
    let effect = prepared.effect;
    let mut parts = vec![
        words::count(effect.records, "new record"),
        words::count(effect.added, "new value"),
    ];
    if effect.corrections > 0 {
        parts.push(words::count(effect.corrections, "correction"));
    }
    if effect.unchanged > 0 {
        parts.push(format!("{} unchanged", words::grouped(effect.unchanged)));
    }
    if effect.none > 0 {
        parts.push(format!(
            "{} without a value",
            words::count(effect.none, "cell")
        ));
    }
    if prepared.refused > 0 {
        let refused = words::grouped(prepared.refused as u64);
        parts.push(format!("{refused} that the plan does not take"));
    }
    let replaced = match effect.corrections {
        0 => 0,
        _ => prepared.waiting.replaced,
    };
    let waiting = prepared.waiting.added + replaced;
    if waiting > 0 && owners_first {
        let waiting = words::grouped(waiting as u64);
        parts.push(format!("{waiting} that wait for the owners"));
    }
    let periods = prepared.periods().map(|(first, last)| match first == last {
        true => format!(", of {first}"),
        false => format!(", of {first} to {last}"),
    });
    format!(
        "Brings in: {}{}",
        words::list(&parts),
        periods.unwrap_or_default()
    )
}
