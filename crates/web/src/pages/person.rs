//! A person: where they work, whom they report to, and how what they answer for stands.

use askama::Template;
use throughline_app::words::{self, names};
use throughline_app::{Duty, DutyPart, InitiativeState, ReadPerson, ReadScorecard, node_reading};
use throughline_core::MeasureId;
use throughline_engine::Status;
use throughline_model::records::NodeId;
use throughline_model::{Entry, Kind, records::Person};

use super::links;
use super::strategy::said;
use crate::address::Path;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section, initials};
use crate::parts::initiatives::StateMark;
use crate::parts::measures::MeasureTable;
use crate::parts::person_mark::PersonMark;
use crate::parts::status::StatusMark;
use crate::server::Mode;
use crate::viewer::Viewer;

/// How many people who report to somebody are named.
const REPORTS_MAX: usize = 30;
/// How many records of a kind are named.
const RECORDS_MAX: usize = 40;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "person.html")]
pub struct PersonPage {
    /// What is around it.
    pub frame: Frame,
    /// The initials of the name.
    pub initials: String,
    /// Level and unit.
    pub about: String,
    /// Which figures these are.
    pub said: String,
    /// Their line of sight.
    pub line: Option<String>,
    /// Where they are given access, for those who may.
    pub access: Option<String>,
    /// The address at which they are reached, up to its @ and after it, where a line may break; empty where there is none, or
    /// none to be seen.
    pub email: (String, String),
    /// Their unit, and where it is shown.
    pub unit: Option<(String, Option<String>)>,
    /// Whom they report to.
    pub reports_to: Option<PersonMark>,
    /// Who reports to them.
    pub reports: Vec<PersonMark>,
    /// How many more report to them.
    pub more_reports: usize,
    /// What they answer for, by kind.
    pub groups: Vec<Group>,
    /// The measures that they answer for.
    pub measures: MeasureTable,
    /// The measures that they collect or check.
    pub helps: MeasureTable,
}

/// What somebody answers for, of a kind.
#[derive(Debug, Clone)]
pub struct Group {
    /// `Objectives`
    pub name: &'static str,
    /// Each of them.
    pub records: Vec<Owned>,
}

/// A record that somebody answers for.
#[derive(Debug, Clone)]
pub struct Owned {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// How it stands, as a mark.
    pub mark: String,
}

/// Shows a person.
///
/// # Errors
/// If there is none with that key, or as of the scorecard's use case.
pub async fn get(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    let found = throughline_app::person(&viewer.ctx, &key, &viewer.place.selection()).await?;
    let ReadPerson {
        person,
        read,
        duties,
    } = &found;
    let measures = |parts: &[DutyPart]| {
        let mut ids: Vec<MeasureId> = duties
            .iter()
            .filter(|duty| duty.kind == Kind::Measure && parts.contains(&duty.part))
            .map(|duty| MeasureId::from_uuid(duty.id))
            .collect();
        ids.dedup();
        ids.into_iter().map(|id| (id, None)).collect::<Vec<_>>()
    };
    let owned = measures(&[DutyPart::Owner]);
    let mut helped = measures(&[DutyPart::Steward, DutyPart::Validator]);
    helped.retain(|measure| !owned.contains(measure));
    let owned = MeasureTable::read(&viewer, read, "Measures that they answer for", &owned).await?;
    let helps = MeasureTable::read(
        &viewer,
        read,
        "Measures that they collect or check",
        &helped,
    )
    .await?;
    page(&PersonPage {
        line: links::line_of_sight(&viewer, person).await,
        measures: owned,
        helps,
        groups: groups(&viewer, read, duties),
        ..PersonPage::of(&viewer, read, person)
    })
}

impl PersonPage {
    fn of(viewer: &Viewer, read: &ReadScorecard, person: &Entry<Person>) -> PersonPage {
        let model = &read.selected.model;
        let place = &viewer.place;
        let unit = person.unit.and_then(|unit| model.units().get(unit));
        let level = person.level.map(|level| words::sentence(level.word()));
        let about = [level, unit.map(|unit| unit.name.clone())];
        let about: Vec<String> = about.into_iter().flatten().collect();
        let reports: Vec<_> = model
            .people()
            .iter()
            .filter(|one| one.reports_to == Some(person.id()))
            .collect();
        let shown = reports.iter().take(REPORTS_MAX);
        PersonPage {
            frame: Frame::at(viewer, Section::People, person.name.clone(), &read.selected)
                .below("Units and people", Some(place.href("/people")))
                .below(person.name.clone(), None)
                .of_record(viewer, Kind::Person, person.key.as_str()),
            initials: initials(&person.name),
            about: about.join(", "),
            said: said(read),
            access: access(viewer, person),
            email: person.email.as_deref().map(in_halves).unwrap_or_default(),
            unit: unit.map(|unit| {
                let there = place.at_unit(unit.key.as_str()).href("/people");
                let may_read = read.selected.may_read(unit.id());
                (unit.name.clone(), may_read.then_some(there))
            }),
            reports_to: PersonMark::of(model, place, person.reports_to),
            reports: shown
                .filter_map(|one| PersonMark::of(model, place, Some(one.id())))
                .collect(),
            more_reports: reports.len().saturating_sub(REPORTS_MAX),
            ..PersonPage::default()
        }
    }

    fn has_nothing(&self) -> bool {
        self.groups.is_empty() && self.measures.rows.is_empty() && self.helps.rows.is_empty()
    }
}

/// Where access is given; in the demonstration nobody signs in.
fn access(viewer: &Viewer, person: &Person) -> Option<String> {
    let gives = viewer.ctx.may_give_access() && matches!(viewer.server.mode(), Mode::Serve);
    let path = format!("/people/{}/access", person.key);
    gives.then(|| viewer.place.href(&path))
}

fn groups(viewer: &Viewer, read: &ReadScorecard, duties: &[Duty]) -> Vec<Group> {
    const KINDS: [(Kind, &str); 4] = [
        (Kind::Objective, "Objectives"),
        (Kind::Outcome, "Outcomes"),
        (Kind::Behaviour, "Behaviours"),
        (Kind::Initiative, "Initiatives"),
    ];
    let of_kind = |(kind, name): (Kind, &'static str)| Group {
        name,
        records: duties
            .iter()
            .filter(|duty| duty.kind == kind)
            .take(RECORDS_MAX)
            .map(|duty| owned(viewer, read, duty))
            .collect(),
    };
    let groups = KINDS.into_iter().map(of_kind);
    groups.filter(|group| !group.records.is_empty()).collect()
}

/// An address for mail, up to its @ and after it.
fn in_halves(address: &str) -> (String, String) {
    let after_at = address.find('@').map_or(0, |at| at + 1);
    let (before, after) = address.split_at(after_at);
    (before.to_owned(), after.to_owned())
}

fn owned(viewer: &Viewer, read: &ReadScorecard, duty: &Duty) -> Owned {
    let model = &read.selected.model;
    let record = (duty.kind, duty.id);
    let mark = match NodeId::new(duty.kind, duty.id) {
        Some(node) => {
            let reading = node_reading(read, node);
            StatusMark(reading.map_or(Status::NoData, |node| node.status)).to_string()
        }
        None => {
            let mut initiatives = model.initiatives().iter();
            let day = read.selected.day();
            initiatives
                .find(|one| one.id == duty.id)
                .map(|one| StateMark(InitiativeState::of(one, day)).to_string())
                .unwrap_or_default()
        }
    };
    Owned {
        name: names::name(model, record),
        href: links::record(&viewer.place, duty.kind, &names::key(model, record)),
        mark,
    }
}
