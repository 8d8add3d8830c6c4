//! The measures of a workbook as they were understood, and the form in which one of them is corrected in its place.

use askama::Template;
use throughline_app::{FoundMeasure, PreparedImport, words};
use throughline_core::Frequency;
use throughline_model::Model;
use throughline_model::fields::Days;
use throughline_model::records::{Better, MeasureKind};
use throughline_workbook::{MeasureMapping, Sure};

use super::problems::Problems;

/// How many measures are shown at a time.
pub const MEASURES_SHOWN_MAX: usize = 40;

/// The most measures of the plan that can be chosen from; of more, none: their list would be longer than the page.
const CHOICE_MAX: usize = 200;

/// The most people that can be chosen from as owners.
const PEOPLE_MAX: usize = 200;

/// The table.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/import_measures.html")]
pub struct ImportMeasures {
    /// The address to which corrections are sent.
    pub action: String,
    /// The measures of this stretch.
    pub rows: Vec<ImportMeasure>,
    /// The form of the one that is being corrected.
    pub form: Option<MeasureForm>,
    /// What is wrong with it.
    pub problems: Problems,
    /// The address without it.
    pub closed: String,
}

/// A measure.
#[derive(Debug, Clone)]
pub struct ImportMeasure {
    /// Its place among the measures of the workbook.
    pub number: usize,
    /// Its name in the plan.
    pub name: String,
    /// What the workbook calls it, where that is something else.
    pub found_as: String,
    /// Its unit of measure.
    pub unit: String,
    /// Better, in words.
    pub better: String,
    /// How it adds up.
    pub kind: String,
    /// How often it is observed.
    pub every: String,
    /// When its value is due.
    pub due: String,
    /// Its last target.
    pub target: String,
    /// Its owner.
    pub owner: String,
    /// How many values there are.
    pub values: String,
    /// How sure all this is.
    pub sure: String,
    /// How many of three dots are full.
    pub dots: usize,
    /// Whether somebody should look.
    pub to_check: bool,
    /// Whether it is taken in.
    pub is_read: bool,
    /// Why it was understood so.
    pub because: String,
    /// The address that opens its form.
    pub href: String,
}

impl ImportMeasure {
    /// A row.
    #[must_use]
    pub fn of(number: usize, found: &FoundMeasure<'_>, href: String) -> ImportMeasure {
        let mapping = found.mapping;
        let to_check = mapping.read && !found.stands && mapping.sure == Sure::ToCheck;
        let (sure, dots) = match (mapping.read, found.stands, mapping.sure) {
            (false, ..) => ("Left out".to_owned(), 0),
            (true, true, _) => ("In the plan".to_owned(), 3),
            (true, false, sure) => (words::sentence(sure.word()), 1 + sure as usize),
        };
        let sign = match mapping.better.as_deref() {
            Some("higher") => "≥ ",
            Some("lower") => "≤ ",
            _ => "",
        };
        let target = found
            .target
            .map(|target| format!("{sign}{}", found.shown(target.value)));
        ImportMeasure {
            number,
            name: mapping.name.clone(),
            // Without the sign of its unit it is the same name.
            found_as: match mapping.found_as.starts_with(&mapping.name) {
                true => String::new(),
                false => mapping.found_as.clone(),
            },
            unit: mapping.shown_as.clone().unwrap_or_default(),
            better: better_words(mapping.better.as_deref()).to_owned(),
            kind: words::sentence(&mapping.kind),
            every: words::sentence(&mapping.frequency),
            due: match mapping.due {
                None | Some(0) => "due at its end".to_owned(),
                Some(days) => format!("due {} later", Days(days)),
            },
            target: target.unwrap_or_else(|| "none yet".to_owned()),
            owner: mapping.owner.clone().unwrap_or_default(),
            values: words::grouped(found.values as u64),
            sure,
            dots,
            to_check,
            is_read: mapping.read,
            because: because(mapping),
            href,
        }
    }
}

/// The reasons as sentences.
fn because(mapping: &MeasureMapping) -> String {
    let sentences = mapping
        .because
        .iter()
        .map(|reason| format!("{}.", words::sentence(reason)));
    sentences.collect::<Vec<_>>().join(" ")
}

/// The better direction, for a table.
fn better_words(better: Option<&str>) -> &'static str {
    match better {
        Some("higher") => "Higher",
        Some("lower") => "Lower",
        Some(_) => "In a range",
        None => "For information",
    }
}

/// The form of one measure.
#[derive(Debug, Clone, Default)]
pub struct MeasureForm {
    /// Its place among the measures of the workbook.
    pub number: usize,
    /// What the workbook calls it.
    pub found_as: String,
    /// Whether it is taken in.
    pub is_read: bool,
    /// The key of the measure of the plan that it is; empty where it is a new one.
    pub is: String,
    /// Measures of the plan: key and name.
    pub measures: Vec<(String, String)>,
    /// Its name.
    pub name: String,
    /// Its unit of measure.
    pub shown_as: String,
    /// Decimal places.
    pub decimals: String,
    /// The better direction: `higher`, `lower` or nothing.
    pub better: String,
    /// How it adds up.
    pub kind: String,
    /// How often it is observed.
    pub frequency: String,
    /// Days after the end of a period by which its value is due.
    pub due: String,
    /// Its owner.
    pub owner: String,
    /// People that may be meant.
    pub people: Vec<String>,
}

impl MeasureForm {
    /// The form of a measure as it is understood.
    #[must_use]
    pub fn of(
        number: usize,
        found: &FoundMeasure<'_>,
        prepared: &PreparedImport,
        model: &Model,
    ) -> MeasureForm {
        let mapping = found.mapping;
        let people = prepared
            .understood
            .mapping
            .people
            .iter()
            .map(|person| person.name.clone());
        let standing = model
            .people()
            .iter()
            .map(|person| person.record.name.clone());
        let mut people: Vec<String> = people.chain(standing).collect();
        people.sort();
        people.dedup();
        people.truncate(PEOPLE_MAX);
        let measures = model
            .measures()
            .iter()
            .filter(|one| one.record.kind != MeasureKind::Formula);
        let measures = measures.map(|one| (one.record.key.to_string(), one.record.name.clone()));
        let mut measures: Vec<(String, String)> = measures.collect();
        if measures.len() > CHOICE_MAX {
            measures.clear();
        }
        MeasureForm {
            number,
            found_as: mapping.found_as.clone(),
            is_read: mapping.read,
            is: match found.stands {
                true => mapping.key.clone(),
                false => String::new(),
            },
            measures,
            name: mapping.name.clone(),
            shown_as: mapping.shown_as.clone().unwrap_or_default(),
            decimals: mapping.decimals.to_string(),
            better: mapping.better.clone().unwrap_or_default(),
            kind: mapping.kind.clone(),
            frequency: mapping.frequency.clone(),
            due: mapping.due.map_or(String::new(), |days| days.to_string()),
            owner: mapping.owner.clone().unwrap_or_default(),
            people,
        }
    }

    /// The kinds that can be chosen: a workbook has no formulas of ours.
    #[must_use]
    pub fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let kinds = MeasureKind::ALL
            .iter()
            .filter(|kind| **kind != MeasureKind::Formula);
        kinds.map(|kind| (kind.word(), kind_words(*kind))).collect()
    }

    /// The frequencies that can be chosen.
    #[must_use]
    pub fn frequencies(&self) -> Vec<(&'static str, String)> {
        let all = Frequency::ALL.into_iter();
        all.map(|one| (one.word(), words::sentence(&one.word().replace('-', " "))))
            .collect()
    }

    /// The better directions that can be chosen: a range takes edges, which no workbook says.
    #[must_use]
    pub fn betters(&self) -> [(&'static str, &'static str); 3] {
        [
            (Better::Higher.word(), "Higher"),
            (Better::Lower.word(), "Lower"),
            ("", "For information"),
        ]
    }
}

/// What a kind means, for whoever chooses it.
const fn kind_words(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Sum => "Sum: counts and amounts",
        MeasureKind::Level => "Level: a stock, the last one over time",
        MeasureKind::Ratio => "Ratio: a share, as %",
        MeasureKind::Mean => "Mean: an average",
        MeasureKind::Last => "Last: not added up over units",
        MeasureKind::Max => "Greatest",
        MeasureKind::Min => "Least",
        MeasureKind::YesNo => "Yes or no",
        MeasureKind::Formula => "Formula",
    }
}
