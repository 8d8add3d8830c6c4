//! A scorecard as a tree: perspectives, their objectives with what supports them, measures; then outcomes and behaviours.

use std::collections::{BTreeMap, HashSet};

use throughline_app::insight::node_doubts_in_words;
use throughline_app::{ReadScorecard, Selected};
use throughline_core::MeasureId;
use throughline_engine::{ChildKey, MeasureReading, NodeKey, NodeReading, ReadingFinding, Status};
use throughline_ledger::Location;
use throughline_model::Model;

use super::meaning::{finding_in_words, fragile_in_words};
use super::paint::{FAINT, STRONG, of_status, paint, status_words};
use super::table::{Cell, Column, Table, wrapped};
use super::{harmless, numbers, words};
use crate::arguments::{Common, DATA_FOLDER, Where};
use crate::names;

/// The scorecard as text, in lines of at most `width` columns.
pub fn render(
    read: &ReadScorecard,
    place: &Where,
    common: &Common,
    width: Option<usize>,
) -> String {
    let mut card = Card::new(read);
    card.perspectives();
    card.others("Objectives of no perspective", |node| {
        matches!(node, NodeKey::Objective(_))
    });
    card.others("Outcomes", |node| matches!(node, NodeKey::Outcome(_)));
    card.others("Behaviours", |node| matches!(node, NodeKey::Behaviour(_)));
    card.other_measures();
    let mut out = head(read);
    if card.table.is_empty() {
        out.push_str("Nothing is read at this unit: no measure has it, or a unit below it, among those that report it.\n");
        return out;
    }
    out.push_str(&card.table.render(width));
    out.push_str(&card.notes(width));
    out.push_str(&foot(read, place, common));
    out
}

/// Which unit, period, observations and plan are shown.
fn head(read: &ReadScorecard) -> String {
    let selected = &read.selected;
    let title = format!(
        "{}, {}",
        harmless(&selected.unit_name()),
        selected.period_name()
    );
    let days = words::days(&selected.period);
    format!(
        "{} ({days})\n{}\n\n",
        paint(STRONG, &title),
        paint(FAINT, &clocks(selected))
    )
}

/// At which two clocks something is read: `As known now, under the plan of today`.
pub fn clocks(selected: &Selected) -> String {
    let calendar = selected.model.calendar();
    let known = if selected.is_known_at_given {
        format!(
            "As known on {}",
            words::instant(selected.known_at, calendar)
        )
    } else {
        "As known now".to_owned()
    };
    let plan = match selected.plan_at {
        _ if selected.is_of_first_plan => {
            "under the plan as first committed, as there was none yet".to_owned()
        }
        Some(at) => format!("under the plan of {}", words::instant(at, calendar)),
        None if selected.is_known_at_given => "under the plan of then".to_owned(),
        None => "under the plan of today".to_owned(),
    };
    format!("{known}, {plan}")
}

struct Card<'a> {
    read: &'a ReadScorecard,
    model: &'a Model,
    nodes: BTreeMap<NodeKey, &'a NodeReading>,
    measures: BTreeMap<MeasureId, &'a MeasureReading>,
    shown: HashSet<ChildKey>,
    shown_nodes: HashSet<NodeKey>,
    table: Table,
    /// Notes, each with the numbers of the lines that carry it.
    notes: Vec<String>,
}

impl<'a> Card<'a> {
    fn new(read: &'a ReadScorecard) -> Card<'a> {
        let columns = [
            Column::words(""),
            Column::words("Status"),
            Column::numbers("Value"),
            Column::numbers("Target"),
            Column::numbers("Gap").optional(),
            Column::numbers("Score"),
            Column::numbers("Data").optional(),
            Column::words(""),
        ];
        Card {
            read,
            model: &read.selected.model,
            nodes: read
                .scorecard
                .nodes
                .iter()
                .map(|node| (node.node, node))
                .collect(),
            measures: read
                .scorecard
                .measures
                .iter()
                .map(|reading| (reading.measure, reading))
                .collect(),
            shown: HashSet::new(),
            shown_nodes: HashSet::new(),
            table: Table::new(columns),
            notes: Vec::new(),
        }
    }

    fn perspectives(&mut self) {
        for node in self
            .read
            .scorecard
            .nodes
            .iter()
            .filter(|node| matches!(node.node, NodeKey::Perspective(_)))
        {
            if node.children.is_empty() {
                continue;
            }
            self.node(node, 0);
        }
    }

    /// The nodes of a kind that stand nowhere else yet, under a heading.
    fn others(&mut self, heading: &str, is_meant: impl Fn(NodeKey) -> bool) {
        let meant = |card: &Self, node: &NodeReading| {
            is_meant(node.node)
                && !card.shown_nodes.contains(&node.node)
                && !node.children.is_empty()
        };
        let nodes: Vec<&NodeReading> = self
            .read
            .scorecard
            .nodes
            .iter()
            .filter(|node| meant(self, node))
            .collect();
        if nodes.is_empty() {
            return;
        }
        self.heading(heading);
        for node in nodes {
            if !self.shown_nodes.contains(&node.node) {
                self.node(node, 1);
            }
        }
    }

    /// Measures that no node of the plan is read by.
    fn other_measures(&mut self) {
        let is_shown = |card: &Self, id: MeasureId| card.shown.contains(&ChildKey::Measure(id));
        let readings: Vec<&MeasureReading> = self
            .read
            .scorecard
            .measures
            .iter()
            .filter(|reading| !is_shown(self, reading.measure))
            .collect();
        if readings.is_empty() {
            return;
        }
        self.heading("Other measures");
        for reading in readings {
            self.measure(reading, 1, false);
        }
    }

    fn heading(&mut self, text: &str) {
        self.table.space();
        self.table.across(Cell::styled(text, STRONG));
    }

    /// A node with all that it is made of.
    fn node(&mut self, node: &NodeReading, depth: usize) {
        if depth == 0 && !self.table.is_empty() {
            self.table.space();
        }
        let again = !self.shown_nodes.insert(node.node);
        let name = names::name(self.model, names::of_node(node.node));
        let style = if depth == 0 {
            STRONG
        } else {
            super::paint::PLAIN
        };
        let mut remarks = Vec::new();
        if !node.fragile.is_empty() {
            let reasons: Vec<String> = node
                .fragile
                .iter()
                .map(|reason| fragile_in_words(*reason).to_owned())
                .collect();
            remarks.push(format!(
                "Fragile: the status would differ {}",
                words::list(&reasons)
            ));
        }
        remarks.extend(node_doubts_in_words(self.read, node));
        let remark = self.remarks(remarks);
        self.table.row([
            Cell::styled(format!("{}{name}", indent(depth)), style),
            status(node.status),
            "".into(),
            "".into(),
            "".into(),
            numbers::score(node.score).into(),
            Cell::styled(numbers::share(node.coverage), FAINT),
            Cell::styled(remark, FAINT),
        ]);
        // What supports two objectives is shown with its measures below the first of them alone.
        if again {
            return;
        }
        for child in &node.children {
            match child.child {
                ChildKey::Measure(id) => {
                    self.shown.insert(child.child);
                    if let Some(reading) = self.measures.get(&id).copied() {
                        self.measure(reading, depth + 1, child.critical);
                    }
                }
                ChildKey::Objective(id) => {
                    if let Some(below) = self.nodes.get(&NodeKey::Objective(id)).copied() {
                        self.node(below, depth + 1);
                    }
                }
            }
        }
    }

    fn measure(&mut self, reading: &MeasureReading, depth: usize, critical: bool) {
        let Some(measure) = self.model.measures().get(reading.measure) else {
            return;
        };
        let remark = self.measure_remarks(reading, critical);
        let incomplete = reading.completeness.is_some_and(|share| share < 1.0);
        self.table.row([
            format!("{}{}", indent(depth), numbers::name_with_unit(measure)).into(),
            status(reading.status),
            numbers::bare(reading.value, measure).into(),
            numbers::target(reading.target, measure).into(),
            numbers::gap(reading.gap, measure).into(),
            numbers::score(reading.score).into(),
            Cell::styled(
                if incomplete {
                    numbers::share(reading.completeness)
                } else {
                    String::new()
                },
                FAINT,
            ),
            Cell::styled(remark, FAINT),
        ]);
    }

    fn measure_remarks(&mut self, reading: &MeasureReading, critical: bool) -> String {
        let mut said = Vec::new();
        if critical {
            said.push("Critical: where it is off track, so is its objective".to_owned());
        }
        if reading.shown_period.frequency != self.read.selected.period.frequency
            || reading.shown_period != self.read.selected.period
        {
            let name = self.model.calendar().name(&reading.shown_period);
            said.push(format!(
                "Read in {name}, the latest period of this measure that counts"
            ));
        }
        if reading.value.is_none() {
            said.push(
                if reading.late {
                    "Nothing was observed, and it is due"
                } else {
                    "Nothing was observed"
                }
                .to_owned(),
            );
        } else if reading.status == Status::NoData
            && !reading.findings.contains(&ReadingFinding::TooFew)
        {
            said.push("What is missing could change the status, so there is none".to_owned());
        }
        said.extend(
            reading
                .findings
                .iter()
                .map(|finding| finding_in_words(*finding).to_owned()),
        );
        if reading.late && reading.value.is_some() {
            said.push("Late: something that is due has not come".to_owned());
        }
        self.remarks(said)
    }

    /// The numbers of notes, which are made where they are new.
    fn remarks(&mut self, said: Vec<String>) -> String {
        let number = |notes: &mut Vec<String>, text: String| {
            let known = notes.iter().position(|note| *note == text);
            let position = known.unwrap_or_else(|| {
                notes.push(text);
                notes.len() - 1
            });
            (position + 1).to_string()
        };
        let numbers: Vec<String> = said
            .into_iter()
            .map(|text| number(&mut self.notes, text))
            .collect();
        numbers.join(" ")
    }

    fn notes(&self, width: Option<usize>) -> String {
        let mut out = String::new();
        for (position, note) in self.notes.iter().enumerate() {
            if position == 0 {
                out.push('\n');
            }
            let text = wrapped(&format!("{:>2}  {note}", position + 1), width, "    ");
            out.push_str(&paint(FAINT, &text));
            out.push('\n');
        }
        out
    }
}

fn status(status: Status) -> Cell {
    Cell::styled(status_words(status), of_status(status))
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

/// Counts by status, and what to do next.
fn foot(read: &ReadScorecard, place: &Where, common: &Common) -> String {
    let order = [
        Status::OnTrack,
        Status::AtRisk,
        Status::OffTrack,
        Status::NoData,
        Status::NoTarget,
    ];
    let measures = &read.scorecard.measures;
    let counts = order.into_iter().filter_map(|status| {
        let count = measures
            .iter()
            .filter(|reading| reading.status == status)
            .count();
        let words = status_words(status).to_lowercase();
        (count > 0).then(|| paint(of_status(status), &format!("{count} {words}")))
    });
    let counted = words::count(measures.len() as u64, "measure");
    let counts = counts.collect::<Vec<_>>().join(", ");
    format!(
        "\n{counted}: {counts}\n{}\n",
        paint(FAINT, &next(read, place, common))
    )
}

/// The command that explains the worst measure.
fn next(read: &ReadScorecard, place: &Where, common: &Common) -> String {
    let scored = read
        .scorecard
        .measures
        .iter()
        .filter(|reading| reading.score.is_some());
    let worst = scored.min_by(|one, other| {
        let score = |reading: &MeasureReading| reading.score.unwrap_or(f64::INFINITY);
        score(one).total_cmp(&score(other))
    });
    let Some(reading) = worst.or_else(|| read.scorecard.measures.get(0)) else {
        return String::new();
    };
    let model = &read.selected.model;
    let key = names::key(
        model,
        (throughline_model::Kind::Measure, reading.measure.as_uuid()),
    );
    let mut command = format!(
        "throughline explain {key} --unit {} --period {}",
        read.selected.unit_key(),
        read.selected.period_name()
    );
    for (option, value) in [
        ("--known-at", &place.known_at),
        ("--plan-at", &place.plan_at),
    ] {
        if let Some(value) = value {
            command.push_str(&format!(" {option} {value}"));
        }
    }
    match common.location() {
        Ok(Location::Folder(folder)) if folder != std::path::Path::new(DATA_FOLDER) => {
            command.push_str(&format!(" --data {}", folder.display()));
        }
        Ok(Location::Database(url)) => command.push_str(&format!(" --database '{url}'")),
        _ => {}
    }
    format!("Where a number comes from: {command}")
}
