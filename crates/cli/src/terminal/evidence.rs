//! Evidence for people: the links of the map in a table, and one link with all that its grade rests on.

use anstyle::Style;
use throughline_app::evidence::{
    Following, Grade, KeptGrades, LinkEvidence, PastGrade, ReadEvidence, ReadLinkEvidence, Tested,
    words as told,
};
use throughline_model::Kind;
use throughline_model::records::Link;

use super::paint::{ADDED, FAINT, PLAIN, REMOVED, STRONG, paint};
use super::table::{Cell, Column, Table, wrapped};
use super::{harmless, section, words};
use crate::names;

/// All links with their grades.
pub fn map(read: &ReadEvidence, width: Option<usize>) -> String {
    let model = &read.selected.model;
    let mut out = head(&read.selected, "Evidence for the links of the map");
    if read.map.links.is_empty() {
        out.push_str("\nThe plan has no links.\n");
        return out;
    }
    let mut table = Table::new([
        Column::words("Cause"),
        Column::words("Effect").giving_way(),
        Column::words("Evidence"),
        Column::numbers("n"),
        Column::numbers("Units"),
        Column::numbers("Effect, SD"),
        Column::numbers("95 % interval"),
    ]);
    for found in &read.map.links {
        if let Some(link) = model.links().get(found.link) {
            table.row(row(model, link, found));
        }
    }
    out.push('\n');
    out.push_str(&table.render(width));
    let next = read.map.links.first().map(|found| {
        let key = names::key(model, (Kind::Link, found.link.as_uuid()));
        format!("What a grade rests on: throughline evidence '{key}'")
    });
    out.push_str(&format!("\n{}\n", paint(FAINT, &next.unwrap_or_default())));
    out
}

fn row(model: &throughline_model::Model, link: &Link, found: &LinkEvidence) -> Vec<Cell> {
    let mut cells = vec![
        told::node_name(model, link.from).into(),
        told::node_name(model, link.to).into(),
        Cell::styled(words::sentence(found.grade.word()), of_grade(found.grade)),
    ];
    match &found.tested {
        Ok(tested) => cells.extend([
            words::grouped(tested.estimate.rows as u64).into(),
            words::grouped(tested.estimate.units as u64).into(),
            told::standard(tested.estimate.effect).into(),
            Cell::from(told::interval(&tested.estimate)),
        ]),
        Err(_) => cells.extend(["–", "–", "–", ""].map(|none| Cell::styled(none, FAINT))),
    }
    cells
}

/// Blue is for, orange against; what is undecided has no colour.
fn of_grade(grade: Grade) -> Style {
    match grade {
        Grade::Strong | Grade::Supported => ADDED,
        Grade::Contradicted | Grade::Negligible => REMOVED,
        Grade::Untested => FAINT,
        Grade::Plausible | Grade::NotShown => PLAIN,
    }
}

/// One link.
pub fn link(one: &ReadLinkEvidence, width: Option<usize>) -> String {
    let model = &one.read.selected.model;
    let title = format!(
        "{} → {}",
        told::node_name(model, one.link.from),
        told::node_name(model, one.link.to)
    );
    let mut out = head(&one.read.selected, &title);
    let sentence = told::sentence(model, &one.link, &one.found);
    out.push_str(&format!("\n{}\n", wrapped(&harmless(&sentence), width, "")));
    if let Ok(tested) = &one.found.tested {
        out.push_str(&section(
            "What was looked at",
            &looked_at(one, tested),
            width,
        ));
        out.push_str(&section("How soon it shows", &bites(tested), width));
        let checks = told::checks(tested);
        let checks: Vec<String> = checks.iter().map(check).collect();
        out.push_str(&section("Checks", &checks, width));
    }
    let history: Vec<String> = one.history.iter().map(|past| was(one, past)).collect();
    if !history.is_empty() {
        out.push_str(&section("Grades that were kept", &history, width));
    }
    out
}

/// A grade that was kept.
fn was(one: &ReadLinkEvidence, past: &PastGrade) -> String {
    let calendar = one.read.selected.model.calendar();
    let grade = &past.grade;
    let effect = grade.effect.zip(grade.error);
    let effect = effect.map(|(effect, error)| format!(", {} SD", told::effect(effect, error)));
    let evidence = grade.e.map(|e| format!(", evidence {}", told::evidence(e)));
    format!(
        "{}: {}{}{}.",
        words::period(&grade.until, calendar),
        grade.grade,
        effect.unwrap_or_default(),
        evidence.unwrap_or_default()
    )
}

/// What was kept.
pub fn kept(kept: &KeptGrades) -> String {
    match &kept.commit {
        Some(commit) => format!(
            "Kept the grades of {}, {} of them new or changed, in commit {}.",
            words::count(kept.links as u64, "link"),
            kept.changed,
            commit.number
        ),
        None => "Nothing to keep: the grades of this period are there.".to_owned(),
    }
}

fn looked_at(one: &ReadLinkEvidence, tested: &Tested) -> Vec<String> {
    let model = &one.read.selected.model;
    let calendar = model.calendar();
    let estimate = &tested.estimate;
    let lines = [
        Some(format!("Claimed: {}.", told::claimed(&one.link, tested))),
        Some(format!(
            "{} of values in {}, {} to {}.",
            words::count(estimate.rows as u64, "pair"),
            words::count(estimate.units as u64, "unit"),
            words::period(&tested.periods.0, calendar),
            words::period(&tested.periods.1, calendar)
        )),
        told::in_plain_units(model, tested),
        Some(format!("Design {}.", told::design(tested.design))),
        Some(format!("Grade: {}.", told::kept(model, &one.found))),
    ];
    lines.into_iter().flatten().collect()
}

/// What follows a change of the cause, a line for each period after it.
fn bites(tested: &Tested) -> Vec<String> {
    let line = |one: &Following| {
        format!(
            "{}: {} SD ({} to {}).",
            words::sentence(&told::later(one.lag, tested.pair.frequency)),
            told::standard(one.effect),
            told::standard(one.interval.0),
            told::standard(one.interval.1)
        )
    };
    let lines = tested.follows.iter().map(line);
    told::bites(tested).into_iter().chain(lines).collect()
}

fn check(check: &told::Checked) -> String {
    let verdict = match check.holds {
        Some(true) => " (holds)",
        Some(false) => " (fails)",
        None => "",
    };
    format!("{}{verdict}: {}.", check.name, check.found)
}

fn head(selected: &throughline_app::Selected, title: &str) -> String {
    format!(
        "{}\n{}\n",
        paint(STRONG, &harmless(title)),
        paint(
            FAINT,
            &format!(
                "Up to {}; {}",
                selected.period_name(),
                super::card::clocks(selected)
            )
        )
    )
}
