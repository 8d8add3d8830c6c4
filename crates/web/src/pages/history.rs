//! History: who changed what, when and why; of the whole organisation, or of one record with what was changed in it.

use askama::Template;
use serde::Deserialize;
use throughline_app::history::{
    CommitAbout, CommitFilter, CommitPage, FilterPart, ToldCommit, commit_page,
};
use throughline_app::{Selected, words};
use throughline_model::{Kind, Model};

use crate::address::Query;
use crate::error::{PageResult, form_page, page};
use crate::frame::{Frame, Section};
use crate::pages::links;
use crate::parts::changes::{Changes, Today};
use crate::parts::problems::Problems;
use crate::parts::told_changes::by;
use crate::routes::path_of;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// What is around it.
    pub frame: Frame,
    /// What else of the history there is.
    pub views: Vec<ViewLink>,
    /// The record that the commits concern, and its page; its name is empty where all are shown.
    pub record: (String, Option<String>),
    /// Which commits these are, in a sentence.
    pub said: String,
    /// What the address says.
    pub asked: Filter,
    /// Name and value of what the form keeps of the address.
    pub kept: Vec<(&'static str, String)>,
    /// Who can be chosen: key, name, whether it is chosen; `None` where they are too many to choose from.
    pub people: Option<Vec<(String, String, bool)>>,
    /// What a commit can be about: value, words, whether it is chosen.
    pub abouts: Vec<(&'static str, &'static str, bool)>,
    /// What of the filter means nothing.
    pub problems: Problems,
    /// The commits, the newest first.
    pub commits: Vec<CommitRow>,
    /// How many targets of the measure are not told of.
    pub targets_left_out: usize,
    /// The address of older ones.
    pub older: Option<String>,
    /// The address of the newest ones, where these are not.
    pub newest: Option<String>,
    /// The address without a filter, where there is one.
    pub all: Option<String>,
}

/// A part of the history that has a page: its words, its address, and whether it is the one that is shown.
pub type ViewLink = (&'static str, String, bool);

/// What the address says of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// The name of a record.
    pub record: String,
    /// The key of a person.
    pub by: String,
    /// What commits are about: `plan`, `observations` or `erasures`.
    pub about: String,
    /// The first day.
    pub since: String,
    /// The last day.
    pub until: String,
    /// Commits below that number.
    #[serde(deserialize_with = "crate::address::number")]
    pub before: Option<u64>,
}

/// A commit in the table.
#[derive(Debug, Clone)]
pub struct CommitRow {
    /// Its number.
    pub number: String,
    /// Its page.
    pub href: Option<String>,
    /// When it became known.
    pub at: String,
    /// Who made it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What it holds.
    pub what: String,
    /// What it changed in the record that is shown.
    pub changes: Changes,
}

/// What a commit can be about.
const ABOUTS: [(&str, &str, CommitAbout); 3] = [
    ("plan", "The plan", CommitAbout::Plan),
    ("observations", "Observations", CommitAbout::Observations),
    ("erasures", "Erased persons", CommitAbout::Erasure),
];

/// The most people that a list to choose from holds.
const PEOPLE_LISTED_MAX: usize = 100;

/// How many changes of a record are told of one commit.
const CHANGES_MAX: usize = 12;

/// The parts of the history: words, and the name of the route.
const VIEWS: [(&str, &str); 3] = [
    ("Every change", "history"),
    ("Between two days", "comparison"),
    ("Moved targets", "moved_targets"),
];

/// The parts of the history, of which one is shown.
#[must_use]
pub fn views(viewer: &Viewer, shown: &str) -> Vec<ViewLink> {
    let link = |(words, route): (&'static str, &str)| {
        let path = path_of(route)?;
        Some((words, viewer.place.href(path), route == shown))
    };
    VIEWS.into_iter().filter_map(link).collect()
}

/// Name and value of what a form keeps of the address.
#[must_use]
pub fn kept(viewer: &Viewer) -> Vec<(&'static str, String)> {
    let pairs = viewer.place.pairs().into_iter();
    pairs
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}

/// Shows the history.
///
/// # Errors
/// If there is no such record, person or day; what may not be read is not there.
pub async fn get(viewer: Viewer, Query(asked): Query<Filter>) -> PageResult {
    let meant = viewer.selected().await?;
    let asked = asked.cleaned();
    let about = ABOUTS.iter().find(|(value, ..)| *value == asked.about);
    let filter = CommitFilter {
        record: said(&asked.record),
        author: said(&asked.by),
        about: about.map(|(.., about)| *about),
        since: said(&asked.since),
        until: said(&asked.until),
        known_at: viewer.place.known_at.clone(),
    };
    let problems = problems(&filter, &viewer);
    if !problems.is_empty() {
        return with_problems(&viewer, &meant, asked, problems);
    }
    let read = commit_page(&viewer.ctx, &filter, asked.before).await?;
    let today = Today::of(&viewer).await?;
    let href = |before: Option<u64>, asked: &Filter| asked.href(&viewer, before);
    let record = read.record.as_ref();
    page(&HistoryPage {
        frame: Frame::at(&viewer, Section::History, "History", &meant)
            .of_no_place()
            .of_one_clock(),
        views: views(&viewer, "history"),
        said: in_a_sentence(&read, &asked),
        kept: kept(&viewer),
        people: people(&read.model, &asked.by),
        abouts: abouts(&asked),
        problems,
        commits: read
            .commits
            .iter()
            .map(|commit| CommitRow::of(commit, &read.model, &viewer, &today))
            .collect(),
        targets_left_out: read.targets_left_out,
        older: read.older.map(|before| href(Some(before), &asked)),
        newest: asked.before.map(|_| href(None, &asked)),
        all: asked.is_set().then(|| href(None, &Filter::default())),
        record: record.map_or_else(Default::default, |(kind, key)| {
            let id = read.model.id_of(*kind, key);
            let name = id.map(|id| words::names::name(&read.model, (*kind, id)));
            let page = id.and_then(|_| links::record(&viewer.place, *kind, key));
            (name.unwrap_or_else(|| key.clone()), page)
        }),
        asked,
    })
}

/// What of a filter means nothing, at its field.
fn problems(filter: &CommitFilter, viewer: &Viewer) -> Problems {
    let mut problems = Problems::default();
    let snapshot = viewer.ctx.snapshot();
    for (part, error) in snapshot.map_or_else(Vec::new, |newest| filter.wrong(&newest.model)) {
        let field = match part {
            FilterPart::Record => "record",
            FilterPart::Author => "by",
            FilterPart::Since => "since",
            FilterPart::Until => "until",
        };
        problems.add(field, &error);
    }
    problems
}

/// The form as it was filled in, with what is wrong with it.
fn with_problems(
    viewer: &Viewer,
    meant: &Selected,
    asked: Filter,
    problems: Problems,
) -> PageResult {
    let shown = HistoryPage {
        frame: Frame::at(viewer, Section::History, problems.title("History"), meant)
            .of_no_place()
            .of_one_clock(),
        views: views(viewer, "history"),
        said: "No commit is shown, because the filter cannot be read.".to_owned(),
        kept: kept(viewer),
        people: people(&meant.model, &asked.by),
        abouts: abouts(&asked),
        all: Some(Filter::default().href(viewer, None)),
        problems,
        asked,
        ..HistoryPage::default()
    };
    form_page(&shown, &shown.problems)
}

/// What a commit can be about, and what is chosen.
fn abouts(asked: &Filter) -> Vec<(&'static str, &'static str, bool)> {
    ABOUTS
        .map(|(value, words, _)| (value, words, value == asked.about))
        .to_vec()
}

fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Filter {
    /// What was said, without spaces around it.
    fn cleaned(self) -> Filter {
        let plain = |text: String| text.trim().to_owned();
        Filter {
            record: plain(self.record),
            by: plain(self.by),
            // What no choice offers is none.
            about: ABOUTS
                .iter()
                .find(|(value, ..)| *value == self.about.trim())
                .map_or_else(String::new, |(value, ..)| (*value).to_owned()),
            since: plain(self.since),
            until: plain(self.until),
            before: self.before,
        }
    }

    fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("record", &self.record),
            ("by", &self.by),
            ("about", &self.about),
            ("since", &self.since),
            ("until", &self.until),
        ]
    }

    fn is_set(&self) -> bool {
        self.pairs().iter().any(|(_, value)| !value.is_empty())
    }

    /// The address of the commits of this filter below a number.
    fn href(&self, viewer: &Viewer, before: Option<u64>) -> String {
        let number = before.map(|before| before.to_string()).unwrap_or_default();
        let state = self
            .pairs()
            .into_iter()
            .chain([("before", number.as_str())]);
        let state: Vec<_> = state.filter(|(_, value)| !value.is_empty()).collect();
        viewer.place.href_with(&viewer.path, &state)
    }
}

/// Everybody who is in the plan, and who is chosen among them; of more than a list can hold one is asked for by the key.
fn people(model: &Model, chosen: &str) -> Option<Vec<(String, String, bool)>> {
    if model.people().len() > PEOPLE_LISTED_MAX {
        return None;
    }
    let people = model.people().iter().map(|person| {
        let key = person.key.to_string();
        let is_chosen = key == chosen;
        (key, person.name.clone(), is_chosen)
    });
    Some(people.collect())
}

/// Which commits are shown: `Commits of the whole organisation by Ada Bold, recorded until 8 Jul 2013, the newest first.`
fn in_a_sentence(read: &CommitPage, asked: &Filter) -> String {
    let mut said = match &read.record {
        None => "Commits of the whole organisation".to_owned(),
        Some((Kind::Measure, _)) => "Commits that changed this measure or its targets".to_owned(),
        Some((kind, _)) => format!("Commits that changed this {kind}"),
    };
    if !asked.by.is_empty() {
        let person = read.model.people().by_key(&asked.by);
        let name = person.map_or(asked.by.as_str(), |person| &person.name);
        said.push_str(&format!(" by {name}"));
    }
    if !asked.since.is_empty() {
        said.push_str(&format!(", recorded from {} on", day(&asked.since)));
    }
    if !asked.until.is_empty() {
        said.push_str(&format!(", recorded until {}", day(&asked.until)));
    }
    format!("{said}, the newest first.")
}

/// A day as people write it; a text that is no day as it is.
fn day(text: &str) -> String {
    let date: Result<jiff::civil::Date, _> = text.parse();
    date.map_or_else(|_| text.to_owned(), words::date)
}

impl CommitRow {
    /// A commit.
    fn of(commit: &ToldCommit, model: &Model, viewer: &Viewer, today: &Today) -> CommitRow {
        let told = &commit.told;
        let number = told.commit.number.to_string();
        CommitRow {
            href: links::commit(&viewer.place, told.commit.number.0),
            at: words::instant(told.commit.recorded_at, model.calendar()),
            by: by(told, model),
            reason: told.commit.reason.clone().unwrap_or_default(),
            what: words::contents(told),
            changes: Changes::of(&commit.differences, CHANGES_MAX, &viewer.place, today),
            number,
        }
    }
}
