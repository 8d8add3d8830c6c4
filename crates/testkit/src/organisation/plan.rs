//! The files of the plan of a hospital group.

use std::fmt::Write;

use throughline_model::records::MeasureKind;
use throughline_model::text::PlanFile;

use super::values::{self, Chance};
use super::{FIRST_YEAR, MEASURES_PER_UNIT, MeasureNumber, Organisation, month_name, parent};

/// What each of the measures of a unit is.
pub(super) struct Role {
    key: &'static str,
    name: &'static str,
    pub kind: MeasureKind,
    shown_as: &'static str,
    /// `higher`, `lower`, or empty where it is for information.
    better: &'static str,
    indicator: &'static str,
    level: &'static str,
    is_financial: bool,
}

const fn role(
    key: &'static str,
    name: &'static str,
    kind: MeasureKind,
    shown_as: &'static str,
    better: &'static str,
    indicator: &'static str,
    level: &'static str,
) -> Role {
    Role {
        key,
        name,
        kind,
        shown_as,
        better,
        indicator,
        level,
        is_financial: matches!(shown_as.as_bytes(), b"GBP"),
    }
}

/// The measures of a unit, in their order: two of the outcome, two of the behaviour, the rest of the objective.
#[rustfmt::skip]
pub(super) const ROLES: [Role; MEASURES_PER_UNIT] = [
    role("treated", "Patients treated", MeasureKind::Sum, "patients", "higher", "lagging", "executive"),
    role("cost", "Cost of care", MeasureKind::Sum, "GBP", "lower", "lagging", "executive"),
    role("seen-in-time", "Seen within four hours", MeasureKind::Ratio, "%", "higher", "lagging", "manager"),
    role("stay", "Length of stay", MeasureKind::Mean, "days", "lower", "lagging", "manager"),
    role("waiting", "Patients who wait", MeasureKind::Level, "patients", "lower", "leading", "manager"),
    role("rounds-held", "Ward rounds before nine", MeasureKind::Ratio, "%", "higher", "leading", "frontline"),
    role("longest-wait", "Longest wait", MeasureKind::Max, "hours", "lower", "leading", "frontline"),
    role("stock-least", "Least stock of blood", MeasureKind::Min, "bags", "higher", "leading", "frontline"),
    role("plan-agreed", "Discharge plan agreed", MeasureKind::YesNo, "", "higher", "leading", "frontline"),
    role("cost-per-patient", "Cost per patient", MeasureKind::Formula, "GBP", "", "lagging", "executive"),
];

/// Measures in one file, so that none is larger than a file of a plan may be.
const MEASURES_PER_FILE: usize = 1_000;

const PERSPECTIVES: [(&str, &str); 4] = [
    ("patients", "Patients"),
    ("care", "How we care"),
    ("people", "Our people"),
    ("money", "Money"),
];
const REGIONS: [&str; 8] = [
    "North", "South", "East", "West", "Coast", "Hills", "Lakes", "City",
];
const PLACES: [&str; 6] = [
    "Aldermoor",
    "Brackenfield",
    "Carrow",
    "Dunsley",
    "Eastwick",
    "Fernhill",
];
const DEPARTMENTS: [&str; 6] = [
    "Emergency",
    "Surgery",
    "Maternity",
    "Cardiology",
    "Paediatrics",
    "Radiology",
];
const FIRST_NAMES: [&str; 8] = [
    "Ruth", "Ana", "Tom", "Priya", "Owen", "Leila", "Jonas", "Mei",
];
const LAST_NAMES: [&str; 7] = [
    "Okafor", "Lima", "Fenn", "Sharma", "Price", "Haddad", "Berg",
];

pub(super) fn unit_key(unit: usize) -> String {
    format!("unit-{unit:04}")
}

pub(super) fn measure_key(measure: MeasureNumber) -> String {
    format!("{}-{:04}", ROLES[measure.in_unit].key, measure.unit)
}

fn person_key(person: usize) -> String {
    format!("person-{person:04}")
}

pub(super) fn files(organisation: &Organisation) -> Vec<PlanFile> {
    let mut files = vec![
        file("organisation.yaml", text(organisation, write_organisation)),
        file("strategy.yaml", text(organisation, write_strategy)),
        file("map.yaml", text(organisation, write_map)),
        file("targets.csv", text(organisation, write_targets)),
    ];
    let measures: Vec<MeasureNumber> = (0..organisation.measures())
        .map(|number| MeasureNumber {
            unit: number / MEASURES_PER_UNIT,
            in_unit: number % MEASURES_PER_UNIT,
        })
        .collect();
    for (number, some) in measures.chunks(MEASURES_PER_FILE).enumerate() {
        let mut out = String::from("measures:\n");
        for measure in some {
            // Writing to a text cannot fail, here and below.
            write_measure(&mut out, organisation, *measure).unwrap_or_default();
        }
        files.push(file(&format!("measures/part-{number:03}.yaml"), out));
    }
    files
}

fn file(path: &str, text: String) -> PlanFile {
    PlanFile {
        path: path.to_owned(),
        bytes: text.into_bytes(),
    }
}

fn text(
    organisation: &Organisation,
    write: fn(&mut String, &Organisation) -> std::fmt::Result,
) -> String {
    let mut out = String::new();
    write(&mut out, organisation).unwrap_or_default();
    out
}

fn write_organisation(out: &mut String, organisation: &Organisation) -> std::fmt::Result {
    out.push_str(
        "organisation:\n  key: northbridge\n  name: Northbridge Hospitals\n  time_zone: Europe/London\n  \
         fiscal_year_starts: april\nunits:\n",
    );
    for unit in 0..organisation.units {
        let (key, name) = (unit_key(unit), unit_name(unit));
        write!(out, "  - {{ key: {key}, name: {name}")?;
        if let Some(parent) = parent(unit) {
            write!(out, ", parent: {}", unit_key(parent))?;
        }
        out.push_str(" }\n");
    }
    out.push_str("people:\n");
    for person in 0..organisation.units {
        let mut chance = Chance::of(&[person]);
        let first = FIRST_NAMES[chance.number(FIRST_NAMES.len())];
        let last = LAST_NAMES[chance.number(LAST_NAMES.len())];
        let level = match depth(person) {
            0 | 1 => "executive",
            2 => "manager",
            _ => "frontline",
        };
        let (key, unit) = (person_key(person), unit_key(person));
        write!(
            out,
            "  - {{ key: {key}, name: {first} {last} {person}, email: {key}@example.org, unit: {unit}, level: {level}"
        )?;
        if let Some(above) = parent(person) {
            write!(out, ", reports_to: {}", person_key(above))?;
        }
        out.push_str(" }\n");
    }
    Ok(())
}

fn write_strategy(out: &mut String, organisation: &Organisation) -> std::fmt::Result {
    writeln!(
        out,
        "strategy:\n  key: to-2028\n  name: Care without waiting\n  from: {FIRST_YEAR}\n  to: 2028\n  \
         vision: Nobody waits who need not.\nperspectives:"
    )?;
    for (key, name) in PERSPECTIVES {
        writeln!(out, "  - {{ key: {key}, name: {name} }}")?;
    }
    out.push_str("objectives:\n");
    for unit in 0..organisation.units {
        let measures = [0, 1, 4, 7, 8, 9]
            .map(|in_unit| measure_key(MeasureNumber { unit, in_unit }))
            .join(", ");
        let (perspective, _) = PERSPECTIVES[unit % PERSPECTIVES.len()];
        write!(
            out,
            "  - key: objective-{unit:04}\n    name: More care for the same money, {}\n    perspective: {perspective}\n    \
             owner: {}\n    measures: [{measures}]\n    due: 2028\n",
            unit_name(unit),
            person_key(unit)
        )?;
        if let Some(above) = parent(unit) {
            writeln!(
                out,
                "    supports: [{{ objective: objective-{above:04}, weight: 2 }}]"
            )?;
        }
    }
    Ok(())
}

fn write_map(out: &mut String, organisation: &Organisation) -> std::fmt::Result {
    let measures = |unit, numbers: [usize; 2]| {
        numbers
            .map(|in_unit| measure_key(MeasureNumber { unit, in_unit }))
            .join(", ")
    };
    out.push_str("outcomes:\n");
    for unit in 0..organisation.units {
        writeln!(
            out,
            "  - {{ key: outcome-{unit:04}, name: \"Patients leave sooner, {}\", owner: {}, measures: [{}] }}",
            unit_name(unit),
            person_key(unit),
            measures(unit, [2, 3])
        )?;
    }
    out.push_str("behaviours:\n");
    for unit in 0..organisation.units {
        writeln!(
            out,
            "  - {{ key: behaviour-{unit:04}, name: \"Hold the round before nine, {}\", level: frontline, who: ward \
             teams, how_often: every morning, seen_by: the time of the round in the record, measures: [{}] }}",
            unit_name(unit),
            measures(unit, [5, 6])
        )?;
    }
    out.push_str("links:\n");
    for unit in 0..organisation.units {
        writeln!(
            out,
            "  - {{ from: behaviour-{unit:04}, to: outcome-{unit:04}, effect: raises, lag: 1 month, strength: strong, \
             why: An early round lets people go home before noon., review_by: 2027-12-31 }}\n  \
             - {{ from: outcome-{unit:04}, to: objective-{unit:04}, effect: raises, lag: 1 month, strength: moderate, \
             why: A bed that is free treats the next patient., review_by: 2027-12-31 }}"
        )?;
    }
    Ok(())
}

fn write_measure(
    out: &mut String,
    organisation: &Organisation,
    measure: MeasureNumber,
) -> std::fmt::Result {
    let role = &ROLES[measure.in_unit];
    let key = measure_key(measure);
    writeln!(
        out,
        "  - key: {key}\n    name: {}, {}",
        role.name,
        unit_name(measure.unit)
    )?;
    writeln!(
        out,
        "    definition: {} of the month, as the records of {} have it on its last day.",
        role.name,
        unit_name(measure.unit)
    )?;
    writeln!(out, "    kind: {}", role.kind)?;
    if role.kind == MeasureKind::Formula {
        let of = |in_unit| {
            measure_key(MeasureNumber {
                unit: measure.unit,
                in_unit,
            })
        };
        writeln!(out, "    formula: \"`{}` / `{}`\"", of(1), of(0))?;
    }
    if !role.shown_as.is_empty() {
        writeln!(out, "    shown_as: \"{}\"", role.shown_as)?;
    }
    if !role.better.is_empty() {
        writeln!(out, "    better: {}", role.better)?;
    }
    out.push_str("    frequency: month\n");
    if role.kind != MeasureKind::Formula && !organisation.is_organisation_wide(measure.unit) {
        let reporters = organisation.reporters(measure);
        let reporters: Vec<String> = reporters.into_iter().map(unit_key).collect();
        writeln!(out, "    reported_by: [{}]", reporters.join(", "))?;
    }
    writeln!(out, "    indicator: {}", role.indicator)?;
    if role.is_financial {
        out.push_str("    financial: true\n");
    }
    let units = organisation.units;
    let person = |step: usize| person_key((measure.unit + step) % units);
    writeln!(
        out,
        "    owner: {}\n    steward: {}\n    validator: {}",
        person(0),
        person(1),
        person(2)
    )?;
    writeln!(
        out,
        "    levels: [{}]\n    due: 5 days\n    source: push",
        role.level
    )
}

fn write_targets(out: &mut String, organisation: &Organisation) -> std::fmt::Result {
    out.push_str("measure,unit,period,value,joined,baseline_period,baseline_value\n");
    for unit in 0..organisation.units {
        for (in_unit, role) in ROLES.iter().enumerate() {
            if role.better.is_empty() || role.kind == MeasureKind::YesNo {
                continue;
            }
            let measure = MeasureNumber { unit, in_unit };
            let (measure_key, unit_key) = (measure_key(measure), unit_key(unit));
            let points = values::path(measure, role.better == "higher");
            for (number, (period, value)) in points.into_iter().enumerate() {
                write!(out, "{measure_key},{unit_key},{period},{value:.4},")?;
                if number == 0 {
                    write!(out, "line,{},{:.4}", month_name(0), values::level(measure))?;
                } else {
                    out.push(',');
                    out.push(',');
                }
                out.push('\n');
            }
        }
    }
    Ok(())
}

/// How many units stand above.
fn depth(unit: usize) -> usize {
    std::iter::successors(parent(unit), |above| parent(*above)).count()
}

fn unit_name(unit: usize) -> String {
    let pick = |names: &[&'static str]| names[unit % names.len()];
    match depth(unit) {
        0 => "Northbridge".to_owned(),
        1 => format!("Region {} {unit}", pick(&REGIONS)),
        2 => format!("{} Hospital {unit}", pick(&PLACES)),
        _ => format!("{} {unit}", pick(&DEPARTMENTS)),
    }
}
