//! What made a value differ, for people: a sentence and a small table for each thing that it is held against.

use throughline_app::drivers::{Across, Bridge, Compared, ReadDrivers, words as told};

use super::paint::{FAINT, STRONG, paint};
use super::table::{Cell, Column, Table, wrapped};
use super::{harmless, words};

/// The differences.
pub fn render(read: &ReadDrivers, width: Option<usize>) -> String {
    let selected = &read.selected;
    let title = format!(
        "{}, {}, {}",
        read.measure.name,
        selected.unit_name(),
        selected.period_name()
    );
    let mut out = format!(
        "{} ({})\n{}\n",
        paint(STRONG, &harmless(&title)),
        words::days(&selected.period),
        paint(FAINT, &super::card::clocks(selected))
    );
    for compared in read.compared.iter() {
        out.push('\n');
        out.push_str(&one(read, compared, width));
    }
    out
}

fn one(read: &ReadDrivers, compared: &Compared, width: Option<usize>) -> String {
    let said = |text: &str| format!("{}\n", wrapped(&harmless(text), width, ""));
    let mut out = format!(
        "{}\n",
        paint(STRONG, &told::against(&read.selected, compared))
    );
    if compared.value.is_some() && compared.other.is_some() {
        out.push_str(&said(&format!(
            "{}.",
            told::values(&read.measure, compared)
        )));
    }
    for bridge in compared.made_of.iter().flatten() {
        let sentence = told::sentence(&read.selected.model, &read.measure, bridge);
        out.push_str(&said(&sentence));
        out.push_str(&table(read, bridge, told::heads(compared), width));
    }
    let remark = told::remark(&read.measure, compared);
    out.push_str(&remark.as_deref().map(said).unwrap_or_default());
    out
}

fn table(
    read: &ReadDrivers,
    bridge: &Bridge,
    (other, value): (&'static str, &'static str),
    width: Option<usize>,
) -> String {
    let model = &read.selected.model;
    let has_weights = bridge.parts.iter().any(|part| part.by_weight.is_some());
    let mut table = Table::new([
        Column::words(match bridge.across {
            Across::Units => "  Unit",
            Across::Inputs => "  Measure",
            Across::Money => "  Part",
        }),
        Column::numbers(other),
        Column::numbers(value),
        Column::numbers("Brought"),
        Column::numbers(if has_weights { "Of it by weight" } else { "" }).optional(),
    ]);
    for part in &bridge.parts {
        let shown = |value| told::part_value(model, &read.measure, part.of, value);
        let by_weight = part
            .by_weight
            .map(|part| told::brought(&read.measure, part));
        table.row([
            Cell::from(format!("  {}", told::part_name(model, part.of))),
            shown(part.other).into(),
            shown(part.value).into(),
            told::brought(&read.measure, part.brought).into(),
            Cell::styled(by_weight.unwrap_or_default(), FAINT),
        ]);
    }
    if let Some(others) = bridge.others {
        let name = match others.count {
            0 => "  Everything else".to_owned(),
            count => format!(
                "  {} and everything else",
                words::count(count as u64, "other")
            ),
        };
        table.row([
            Cell::styled(name, FAINT),
            "".into(),
            "".into(),
            told::brought(&read.measure, others.brought).into(),
        ]);
    }
    table.render(width)
}
