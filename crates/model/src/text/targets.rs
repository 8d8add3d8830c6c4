//! `targets.csv`: one row for each point, gathered into one record for each measure and unit.

use std::collections::HashMap;

use throughline_core::finding::{Finding, nearest};

use super::cells::{Cell, Row, Rows};
use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, Entry, Node};
use super::source::{Source, Span};

/// The columns that each row must have.
pub(crate) const POINT_COLUMNS: [&str; 4] = ["measure", "unit", "period", "value"];

/// The columns that say something of the whole target, by the field that they fill.
pub(crate) const TARGET_COLUMNS: [&str; 8] = [
    "joined",
    "baseline_period",
    "baseline_value",
    "floor",
    "stretch",
    "better_range",
    "below",
    "seasonal",
];

/// Reads the table. `None` says that nobody can tell which targets there are.
pub(super) fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Vec<Node>> {
    let mut rows = Rows::of(&source.text);
    let mut cells = Vec::new();
    let mut table = Table {
        source,
        columns: header(source, &mut rows, &mut cells, diagnostics)?,
        targets: Vec::new(),
        by_name: HashMap::new(),
        diagnostics,
    };
    while let Some(next) = rows.next(&mut cells) {
        match next {
            Ok(row) => table.add(&rows, row, &cells),
            Err(bad) => table
                .diagnostics
                .add(Diagnostic::new(source, bad.at, bad.finding)),
        }
    }
    Some(table.targets.into_iter().map(Draft::into_node).collect())
}

/// Reads the header; `None` if the rows cannot be understood without a better one.
fn header<'a>(
    source: &Source,
    rows: &mut Rows<'a>,
    cells: &mut Vec<Cell<'a>>,
    diagnostics: &mut Diagnostics,
) -> Option<Columns> {
    let mut report = |at: Span, finding: Finding| {
        diagnostics.add(Diagnostic::new(source, at, finding));
    };
    let row = match rows.next(cells) {
        Some(Ok(row)) => row,
        Some(Err(bad)) => {
            report(bad.at, bad.finding);
            return None;
        }
        None => {
            let at = Span {
                line: 1,
                column: 1,
                length: 1,
            };
            report(at, missing_header(&POINT_COLUMNS));
            return None;
        }
    };
    let names: Vec<&str> = cells.iter().map(|cell| cell.text.as_ref()).collect();
    match columns(&names, &POINT_COLUMNS, &TARGET_COLUMNS) {
        Ok(columns) => Some(columns),
        Err(flaws) => {
            for (index, finding) in flaws {
                let cell = cells.get(index.unwrap_or(0));
                let at = cell.map_or(Span::default(), |cell| rows.span(row, cell));
                report(at, finding);
            }
            None
        }
    }
}

/// Which column stands where.
pub(crate) type Columns = Vec<&'static str>;

/// The columns of a header, or what is wrong with it, each with the index of the cell that it is about.
pub(crate) fn columns(
    names: &[&str],
    required: &[&'static str],
    optional: &[&'static str],
) -> Result<Columns, Vec<(Option<usize>, Finding)>> {
    let known = || required.iter().chain(optional).copied();
    if let [only] = names
        && let Some(separator) = [';', '\t', '|'].iter().find(|c| only.contains(**c))
    {
        let shown = if *separator == '\t' {
            "tabs".to_string()
        } else {
            format!("`{separator}`")
        };
        let finding = Finding::error("bad-header", format!("the cells are separated by {shown}"))
            .with_help(
                "save the file again with commas between the cells, and a decimal point in numbers",
            );
        return Err(vec![(Some(0), finding)]);
    }
    let lower: Vec<String> = names
        .iter()
        .map(|name| name.trim().to_lowercase())
        .collect();
    if lower.iter().map(String::as_str).ne(names.iter().copied())
        && lower.iter().all(|name| known().any(|known| known == name))
    {
        let finding = Finding::error("bad-header", "the columns are written in small letters")
            .with_help(format!("begin with the line {}", lower.join(",")));
        return Err(vec![(Some(0), finding)]);
    }
    if names.iter().all(|name| known().all(|known| known != *name)) {
        return Err(vec![(Some(0), missing_header(required))]);
    }
    let mut flaws = Vec::new();
    let mut columns: Columns = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match known().find(|known| known == name) {
            Some(column) if columns.contains(&column) => {
                let message = format!("the column `{name}` is there twice");
                flaws.push((Some(index), Finding::error("bad-header", message)));
            }
            Some(column) => columns.push(column),
            None => {
                let message = format!("there is no column `{name}`");
                let finding = Finding::error("unknown-column", message);
                flaws.push((
                    Some(index),
                    match nearest(name, known()) {
                        Some(near) => finding.with_nearest(Some(near)),
                        None => finding.with_help(format!(
                            "the columns are {}",
                            known().collect::<Vec<_>>().join(", ")
                        )),
                    },
                ));
            }
        }
    }
    for column in required {
        if !columns.contains(column) {
            let message = format!("the column `{column}` is missing");
            let finding = Finding::error("missing-column", message)
                .with_help(format!("the header must have {}", required.join(", ")));
            flaws.push((None, finding));
        }
    }
    if flaws.is_empty() {
        Ok(columns)
    } else {
        Err(flaws)
    }
}

/// For a file that does not begin with its header.
pub(crate) fn missing_header(required: &[&str]) -> Finding {
    Finding::error("bad-header", "the first line is not a header")
        .with_help(format!("begin with the line {}", required.join(",")))
}

/// For a row with too many or too few cells.
pub(crate) fn wrong_cell_count(cells: usize, columns: usize) -> Finding {
    let finding = Finding::error(
        "bad-row",
        format!("this row has {cells} cells, and the header has {columns}"),
    );
    if cells > columns {
        finding
            .with_help("numbers have no thousands separators; text with a comma stands in quotes")
    } else {
        finding.with_help("write a comma for each cell that is left empty")
    }
}

/// A target while its rows are gathered.
struct Draft {
    at: Span,
    fields: Vec<Entry>,
    baseline: Vec<Entry>,
    points: Vec<Node>,
}

impl Draft {
    fn field(&self, column: &str) -> Option<&Entry> {
        let fields = match column.strip_prefix("baseline_") {
            Some(_) => &self.baseline,
            None => &self.fields,
        };
        let name = column.strip_prefix("baseline_").unwrap_or(column);
        fields.iter().find(|entry| entry.name == name)
    }

    fn into_node(mut self) -> Node {
        let group = |name: &str, at: Span, content: Content| Entry {
            name: name.to_string(),
            at,
            value: Node { at, content },
        };
        if let Some(first) = self.baseline.first() {
            let at = first.at;
            self.fields
                .push(group("baseline", at, Content::Map(self.baseline)));
        }
        self.fields
            .push(group("points", self.at, Content::List(self.points)));
        Node {
            at: self.at,
            content: Content::Map(self.fields),
        }
    }
}

struct Table<'a> {
    source: &'a Source,
    columns: Columns,
    targets: Vec<Draft>,
    by_name: HashMap<(String, String), usize>,
    diagnostics: &'a mut Diagnostics,
}

impl Table<'_> {
    fn add(&mut self, rows: &Rows<'_>, row: Row, cells: &[Cell<'_>]) {
        let first = cells.first().map(|cell| rows.span(row, cell));
        let at = first.unwrap_or_default();
        if cells.len() != self.columns.len() {
            let finding = wrong_cell_count(cells.len(), self.columns.len());
            self.diagnostics
                .add(Diagnostic::new(self.source, at, finding));
            return;
        }
        let mut entries: Vec<(&'static str, Entry)> = Vec::new();
        for (column, cell) in self.columns.iter().zip(cells) {
            if !cell.text.is_empty() {
                entries.push((column, entry(column, rows.span(row, cell), &cell.text)));
            }
        }
        let text = |name: &str| {
            let found = entries.iter().find(|(column, _)| *column == name);
            found
                .and_then(|(_, entry)| entry.value.scalar())
                .unwrap_or_default()
                .to_string()
        };
        let name = (text("measure"), text("unit"));
        let index = *self.by_name.entry(name).or_insert_with(|| {
            self.targets.push(Draft {
                at,
                fields: Vec::new(),
                baseline: Vec::new(),
                points: Vec::new(),
            });
            self.targets.len() - 1
        });
        let mut point = Vec::new();
        for (column, entry) in entries {
            match column {
                "period" | "value" => point.push(entry),
                _ => self.set(index, column, entry),
            }
        }
        if !point.is_empty() {
            self.targets[index].points.push(Node {
                at,
                content: Content::Map(point),
            });
        }
    }

    /// Sets what belongs to the whole target, which another row may have said already.
    fn set(&mut self, index: usize, column: &str, entry: Entry) {
        let target = &mut self.targets[index];
        if let Some(first) = target.field(column) {
            if first.value.scalar() != entry.value.scalar() {
                let message = format!(
                    "`{column}` belongs to the whole target, and another row says something else"
                );
                let finding = Finding::error("contradicting-rows", message)
                    .with_help("give it in one row, or the same in all");
                let diagnostic = Diagnostic::new(self.source, entry.at, finding);
                self.diagnostics
                    .add(diagnostic.and(self.source, first.at, "first given here"));
            }
            return;
        }
        match column.starts_with("baseline_") {
            true => target.baseline.push(entry),
            false => target.fields.push(entry),
        }
    }
}

fn entry(column: &str, at: Span, text: &str) -> Entry {
    Entry {
        name: column.trim_start_matches("baseline_").to_string(),
        at,
        value: Node {
            at,
            content: Content::Plain(text.to_string()),
        },
    }
}
