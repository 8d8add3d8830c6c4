//! The commits for whoever turns pages: the newest first, filtered by who made them, when, what they are about, and by
//! the record that they concern, then with what each changed in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{MeasureId, PersonId};
use throughline_ledger::{Commit, CommitKind, Ledger, PlanClock};
use throughline_model::diff::Difference;
use throughline_model::observation::CommitNumber;
use throughline_model::{Kind, Model};

use super::record::{find, versions_of};
use super::{Told, told};
use crate::instant::{self, OfDay};
use crate::policy::{Object, ReadHistory};
use crate::{AppError, Ctx};

/// How many commits stand on a page.
pub const COMMITS_ON_A_PAGE: usize = 50;
/// How many commits are looked at for one page; the next one goes on from there.
const LOOKED_AT_MAX: u64 = 5_000;
/// How many commits are read at a time.
const READ_AT_ONCE: u64 = 500;
/// Of how many targets of a measure its history tells.
const TARGETS_MAX: usize = 64;

/// What a commit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitAbout {
    /// It changes records of the plan.
    Plan,
    /// It adds or corrects observations.
    Observations,
    /// It erases a person.
    Erasure,
}

impl CommitAbout {
    /// Whether a commit is about that.
    fn is_of(self, commit: &Commit) -> bool {
        let is_erasure = commit.kind == CommitKind::Erasure;
        match self {
            CommitAbout::Plan => commit.records > 0 && !is_erasure,
            CommitAbout::Observations => commit.observations > 0,
            CommitAbout::Erasure => is_erasure,
        }
    }
}

/// Which commits are meant: those to which all of it applies.
#[derive(Debug, Clone, Default)]
pub struct CommitFilter {
    /// They changed the record with that name, as [`record_history`](super::record_history) takes it, or a target of the
    /// measure with that name.
    pub record: Option<String>,
    /// They were made by the person with that key.
    pub author: Option<String>,
    /// They are about that.
    pub about: Option<CommitAbout>,
    /// They became known on that day or later: a date or a timestamp.
    pub since: Option<String>,
    /// They became known by then: a date, whole, or a timestamp.
    pub until: Option<String>,
    /// When one looks: nothing later is known. A date, whole, or a timestamp.
    pub known_at: Option<String>,
}

/// A part of a filter that a person writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterPart {
    /// The record.
    Record,
    /// The author.
    Author,
    /// The first day.
    Since,
    /// The last day.
    Until,
}

impl CommitFilter {
    /// Each part that means nothing, and why, so that whoever wrote it can mend it there.
    #[must_use]
    pub fn wrong(&self, model: &Model) -> Vec<(FilterPart, AppError)> {
        let day = |text: &Option<String>| wrong_day(text.as_deref()?, model);
        let record = self.record.as_deref();
        let parts = [
            (
                FilterPart::Record,
                record.and_then(|name| find(model, name).err()),
            ),
            (FilterPart::Author, self.author(model).err()),
            (FilterPart::Since, day(&self.since)),
            (FilterPart::Until, day(&self.until)),
        ];
        let wrong = parts.into_iter();
        wrong
            .filter_map(|(part, error)| Some((part, error?)))
            .collect()
    }

    fn author(&self, model: &Model) -> Result<Option<PersonId>, AppError> {
        let Some(key) = &self.author else {
            return Ok(None);
        };
        let person = model.first_user_of(Kind::Person, key);
        let unknown = || AppError::unknown_name(format!("there is no person `{key}` in the plan"));
        Ok(Some(PersonId::from_uuid(person.ok_or_else(unknown)?)))
    }
}

/// Why a text is no day and no instant, if it is none.
#[must_use]
pub fn wrong_day(text: &str, model: &Model) -> Option<AppError> {
    instant::parse(text, model.calendar(), OfDay::Last).err()
}

/// A page of commits.
#[derive(Debug)]
pub struct CommitPage {
    /// The plan of today, for names.
    pub model: Arc<Model>,
    /// The record that they concern, if that was asked: its kind and key.
    pub record: Option<(Kind, String)>,
    /// How many targets of the measure are left out of its history.
    pub targets_left_out: usize,
    /// The commits, the newest first.
    pub commits: Vec<ToldCommit>,
    /// Below which number there may be older ones.
    pub older: Option<u64>,
}

/// A commit, and what it changed in the record that was asked for.
#[derive(Debug, Clone)]
pub struct ToldCommit {
    /// The commit.
    pub told: Told,
    /// What it changed; nothing where no record was asked for.
    pub differences: Vec<Difference>,
}

/// The commits that are meant and have a number below `before`, the newest first.
///
/// # Errors
/// If there is no such record, person or instant; if there is no ledger, or it cannot be read.
pub async fn commit_page(
    ctx: &Ctx,
    filter: &CommitFilter,
    before: Option<u64>,
) -> Result<CommitPage, AppError> {
    let proof = ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let model = ctx.plan(ledger, PlanClock::Newest).await?;
    let meant = Meant::of(&model, filter, before)?;
    let mut page = CommitPage {
        model: Arc::clone(&model),
        record: None,
        targets_left_out: 0,
        commits: Vec::new(),
        older: None,
    };
    match &filter.record {
        Some(name) => page.read_of_record(ctx, ledger, name, &meant).await?,
        None => page.read(ledger, &meant).await?,
    }
    Ok(page)
}

impl CommitPage {
    /// Reads backwards from the newest commit that can be meant.
    async fn read(&mut self, ledger: &Ledger, meant: &Meant) -> Result<(), AppError> {
        let head = ledger.head().await?.number.0;
        let mut last = meant.before.saturating_sub(1).min(head);
        let stop = last.saturating_sub(LOOKED_AT_MAX);
        while last > stop {
            let first = last.saturating_sub(READ_AT_ONCE - 1).max(stop + 1);
            for commit in ledger.commits(first..=last).await?.into_iter().rev() {
                if meant.has(&commit) && !self.add(told(commit, &self.model), Vec::new()) {
                    return Ok(());
                }
            }
            last = first - 1;
        }
        self.older = (last > 0).then_some(last + 1);
        Ok(())
    }

    /// Reads the versions of a record, and those of the targets of a measure.
    async fn read_of_record(
        &mut self,
        ctx: &Ctx,
        ledger: &Ledger,
        name: &str,
        meant: &Meant,
    ) -> Result<(), AppError> {
        let model = Arc::clone(&self.model);
        let (kind, key, id) = find(&model, name)?;
        let targets = model.targets().iter();
        let targets = targets
            .filter(|target| kind == Kind::Measure && target.measure == MeasureId::from_uuid(id));
        let mut records: Vec<_> = targets
            .map(|target| (Kind::Target, target.id().as_uuid()))
            .collect();
        self.targets_left_out = records.len().saturating_sub(TARGETS_MAX);
        records.truncate(TARGETS_MAX);
        records.insert(0, (kind, id));
        let mut commits: BTreeMap<CommitNumber, ToldCommit> = BTreeMap::new();
        for (kind, id) in records {
            for version in versions_of(ctx, ledger, &model, kind, id).await? {
                if meant.has(&version.told.commit) {
                    let number = version.told.commit.number;
                    let entry = commits.entry(number).or_insert_with(|| ToldCommit {
                        told: version.told,
                        differences: Vec::new(),
                    });
                    entry.differences.extend(version.differences);
                }
            }
        }
        self.record = Some((kind, key));
        for commit in commits.into_values().rev() {
            if !self.add(commit.told, commit.differences) {
                break;
            }
        }
        Ok(())
    }

    /// Adds a commit, if there is room; the next page goes on with it otherwise.
    fn add(&mut self, told: Told, differences: Vec<Difference>) -> bool {
        let has_room = self.commits.len() < COMMITS_ON_A_PAGE;
        if has_room {
            self.commits.push(ToldCommit { told, differences });
        } else {
            self.older = Some(told.commit.number.0 + 1);
        }
        has_room
    }
}

/// Which commits are meant, looked up once.
struct Meant {
    before: u64,
    author: Option<PersonId>,
    about: Option<CommitAbout>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Meant {
    fn of(model: &Model, filter: &CommitFilter, before: Option<u64>) -> Result<Meant, AppError> {
        let at = |text: &Option<String>, of_day| {
            let text = text.as_deref();
            text.map(|text| instant::parse(text, model.calendar(), of_day))
                .transpose()
        };
        Ok(Meant {
            before: before.unwrap_or(u64::MAX),
            author: filter.author(model)?,
            about: filter.about,
            since: at(&filter.since, OfDay::First)?,
            until: [&filter.until, &filter.known_at]
                .map(|text| at(text, OfDay::Last))
                .into_iter()
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
                .min(),
        })
    }

    fn has(&self, commit: &Commit) -> bool {
        commit.number.0 < self.before
            && self
                .author
                .is_none_or(|author| commit.author == Some(author))
            && self.about.is_none_or(|about| about.is_of(commit))
            && self.since.is_none_or(|since| commit.recorded_at >= since)
            && self.until.is_none_or(|until| commit.recorded_at <= until)
    }
}
