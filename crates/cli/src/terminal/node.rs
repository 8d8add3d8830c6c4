//! Where the numbers of a node came from, for people: what it is made of, how that adds up, what decided its status.

use throughline_app::insight::node_doubts_in_words;
use throughline_app::{ExplainedNode, LeftOut};
use throughline_engine::ChildReading;

use super::paint::{FAINT, STRONG, of_status, paint, status_words};
use super::table::{Cell, Column, Table};
use super::{harmless, numbers, section, words};
use crate::names;

/// The derivation as text, in lines of at most `width` columns.
pub fn render(explained: &ExplainedNode, width: Option<usize>) -> String {
    let mut out = head(explained);
    out.push_str(&children(explained, width));
    let sums = [explained.score_in_words(), explained.coverage_in_words()];
    let mut status = vec![explained.status_in_words()];
    if let Some(worst) = explained.node.worst {
        let name = explained.child_name(worst);
        status.push(format!("Its worst child, by the score: {name}."));
    }
    status.extend(node_doubts_in_words(&explained.read, &explained.node));
    let sections = [
        ("How it adds up", sums.into_iter().flatten().collect()),
        ("Status", status),
        ("Read in another way", explained.otherwise_in_words()),
    ];
    for (title, lines) in sections {
        out.push_str(&section(title, &lines, width));
    }
    if let Some(next) = next(explained) {
        out.push_str(&format!("\n{}\n", paint(FAINT, &next)));
    }
    out
}

fn head(explained: &ExplainedNode) -> String {
    let selected = &explained.read.selected;
    let name = names::name(&selected.model, names::of_node(explained.node.node));
    let title = format!(
        "{name}, {}, {}",
        selected.unit_name(),
        selected.period_name()
    );
    let status = explained.node.status;
    let score = explained.node.score;
    let score = score.map_or_else(String::new, |score| {
        format!("   score {}", numbers::score(Some(score)))
    });
    format!(
        "{} ({})\n{}\n\n  {}{score}\n",
        paint(STRONG, &harmless(&title)),
        words::days(&selected.period),
        paint(FAINT, &super::card::clocks(selected)),
        paint(of_status(status), status_words(status)),
    )
}

fn children(explained: &ExplainedNode, width: Option<usize>) -> String {
    if explained.node.children.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        Column::words("  Child"),
        Column::words("Key"),
        Column::numbers("Weight"),
        Column::words("Status"),
        Column::numbers("Score"),
        Column::numbers("Data"),
        Column::words("").optional(),
    ]);
    for child in &explained.node.children {
        let model = &explained.read.selected.model;
        let status = Cell::styled(status_words(child.status), of_status(child.status));
        table.row([
            Cell::from(format!("  {}", explained.child_name(child.child))),
            names::key(model, names::of_child(child.child)).into(),
            numbers::plain(child.weight).into(),
            status,
            numbers::score(child.score).into(),
            numbers::share(Some(child.coverage)).into(),
            Cell::styled(remark(explained, child), FAINT),
        ]);
    }
    let title = paint(STRONG, "What it is made of");
    format!("\n{title}\n{}", table.render(width))
}

fn remark(explained: &ExplainedNode, child: &ChildReading) -> String {
    let critical = child.critical.then_some("critical");
    let left_out = explained.left_out(child).map(|why| match why {
        LeftOut::NotReadHere => "takes no part: it is not read at this unit",
        LeftOut::NoTarget => "takes no part: it has no target here",
        LeftOut::TooFew => "takes no part: it rests on too few to be judged",
        LeftOut::NothingInIt => "takes no part: nothing in it does",
    });
    let said: Vec<&str> = critical.into_iter().chain(left_out).collect();
    said.join(", ")
}

/// The command that explains the worst child.
fn next(explained: &ExplainedNode) -> Option<String> {
    let worst = explained.node.worst?;
    let selected = &explained.read.selected;
    let (kind, id) = names::of_child(worst);
    let key = names::key(&selected.model, (kind, id));
    let name = match kind {
        throughline_model::Kind::Measure => key,
        kind => format!("{}/{key}", kind.word()),
    };
    Some(format!(
        "Where its worst child comes from: throughline explain {name} --unit {} --period {}",
        selected.unit_key(),
        selected.period_name()
    ))
}
