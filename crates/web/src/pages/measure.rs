//! A measure at a unit in a period: how it stands, how it came there, what moves it, where its number comes from, who
//! answers for it, how it stands below, and what was corrected.

use askama::Template;
use serde::Deserialize;
use throughline_app::drivers::{Against, drivers_at};
use throughline_app::entry::{held_at, may_correct};
use throughline_app::insight::{
    Outlook, doubts_in_words, likelihood, outlook_in_words, signals_in_words, steady_but,
    target_in_words,
};
use throughline_app::words::derivation::{Derivation, better_in_words};
use throughline_app::words::{self, numbers};
use throughline_app::{AtUnit, Reach, ReadMeasure, Selected, may_confirm, may_note, measure};
use throughline_core::Period;
use throughline_model::records::Measure;
use throughline_model::{Entry, Kind};

use super::measure_periods::periods;
use super::strategy::said_of;
use super::{links, measure_below, measure_not_read, record_form};
use crate::address::{Path, Query};
use crate::error::{PageResult, WebError, form_page};
use crate::frame::{Frame, Section};
use crate::markdown;
use crate::parts::chart_notes::{ChartNotes, NoteState};
use crate::parts::course_chart::{CourseChart, Drawn};
use crate::parts::difference::Difference;
use crate::parts::lineage::Lineage;
use crate::parts::pages::Pages;
use crate::parts::people_of_measure::PeopleOfMeasure;
use crate::parts::person_mark::PersonMark;
use crate::parts::place_bar::Choice;
use crate::parts::readings::Readings;
use crate::parts::signal::SignalMark;
use crate::parts::status::StatusMark;
use crate::parts::ties::TieTable;
use crate::parts::told_changes::{self, ToldChange};
use crate::parts::waiting_figure::{WaitingFigure, published_in_words};
use crate::place::Place;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "measure.html")]
pub struct MeasurePage {
    /// What is around it.
    pub frame: Frame,
    /// Its name.
    pub name: String,
    /// What is counted, how, and which direction is better.
    pub definition: String,
    /// Which figures these are.
    pub said: String,
    /// How it stands.
    pub standing: Option<Standing>,
    /// What there is to say of it, in sentences.
    pub says: Vec<String>,
    /// What its points say, and why.
    pub signals: Vec<String>,
    /// What is to come; none while it is being worked out.
    pub outlook: Option<Vec<String>>,
    /// How often such chances came true.
    pub came_true: Option<String>,
    /// How often today's process meets the target.
    pub advice: Option<String>,
    /// Why the number is what it is.
    pub why: Option<String>,
    /// What was done just now.
    pub done: Option<&'static str>,
    /// The figures that are not published yet, for whoever may see them.
    pub waiting: Vec<WaitingFigure>,
    /// How it went.
    pub chart: Option<CourseChart>,
    /// What somebody noted on it.
    pub notes: ChartNotes,
    /// How far back it may be looked at.
    pub reaches: Vec<Choice>,
    /// Who answers for it.
    pub people: PeopleOfMeasure,
    /// What made the difference to its target, the period before and the year before.
    pub differences: Vec<Difference>,
    /// What moves it, and what it moves.
    pub ties: TieTable,
    /// Where the number comes from.
    pub lineage: Lineage,
    /// How it stands at the units below.
    pub below: Readings,
    /// Which of the units below these are, and the ways on.
    pub below_pages: Pages,
    /// What else can be told of these units, and where it is.
    pub below_more: Vec<(&'static str, String)>,
    /// How what is expected of them was brought together, in sentences.
    pub below_says: Vec<String>,
    /// How it stood in each period.
    pub periods: Readings,
    /// More periods.
    pub more_periods: Option<(&'static str, String)>,
    /// How its target moved.
    pub drifts: Vec<ToldChange>,
    /// What was recorded again.
    pub corrections: Vec<ToldChange>,
    /// How many more corrections there are.
    pub more_corrections: usize,
}

/// How it stands, in the strip at the top.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The status.
    pub status: StatusMark,
    /// The period of the value.
    pub period: String,
    /// The value with its unit.
    pub value: String,
    /// The value whole, where it is shown in millions.
    pub exact: String,
    /// The days that its weeks cover, where they are not those of the period.
    pub covers: String,
    /// The target with its sense and unit.
    pub target: String,
    /// Value less target.
    pub gap: String,
    /// The score.
    pub score: String,
    /// What the newest point says.
    pub signal: Option<SignalMark>,
    /// What points before it said, where it is steady.
    pub but: String,
    /// By when a target is to be reached, the target, and how likely it is.
    pub likely: Option<[String; 3]>,
    /// How much of what is owed is there.
    pub data: String,
    /// Who answers for it.
    pub owner: Option<PersonMark>,
}

/// What the address says of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PageState {
    #[serde(deserialize_with = "crate::address::number")]
    below: Option<usize>,
    pub(super) periods: Option<String>,
    pub(super) reach: Option<String>,
    /// How many figures were published just now: none where it was done already.
    #[serde(deserialize_with = "crate::address::number")]
    published: Option<u64>,
    noted: Option<String>,
    #[serde(deserialize_with = "crate::address::number")]
    taken: Option<u64>,
    /// `units`: what the points of the units below say, too.
    signals: Option<String>,
    /// `units`: what is expected of the units below, too.
    forecasts: Option<String>,
}

/// Each reach as it stands in the address, and its words.
const REACHES: [(Reach, &str, &str); 3] = [
    (Reach::OneYear, "1-year", "1 year"),
    (Reach::ThreeYears, "3-years", "3 years"),
    (Reach::All, "all", "All"),
];

impl PageState {
    /// What is asked of the table of units below.
    fn asked_below(&self) -> measure_below::Asked {
        let of_units = |asked: &Option<String>| asked.as_deref() == Some("units");
        measure_below::Asked {
            first: self.below,
            signals: of_units(&self.signals),
            forecasts: of_units(&self.forecasts),
        }
    }

    /// How far back is asked for; any other text asks for nothing.
    pub(super) fn reach(&self) -> Option<Reach> {
        let asked = self.reach.as_deref()?;
        let found = REACHES.iter().find(|(_, name, _)| *name == asked);
        found.map(|(reach, ..)| *reach)
    }
}

/// Shows a measure.
///
/// # Errors
/// As of the measure's use case.
pub async fn get(
    viewer: Viewer,
    Path(key): Path<String>,
    Query(state): Query<PageState>,
) -> PageResult {
    let noted = NoteState {
        added: state.noted.clone(),
        taken_off: state.taken,
        ..NoteState::default()
    };
    page_of(&viewer, &key, &state, noted).await
}

/// The page with what was typed into the form of a note, and what is wrong with it.
pub(super) async fn shown(viewer: &Viewer, key: &str, noted: NoteState) -> PageResult {
    let state = PageState {
        reach: viewer.said("reach").map(|(_, value)| value.to_owned()),
        ..PageState::default()
    };
    page_of(viewer, key, &state, noted).await
}

async fn page_of(viewer: &Viewer, key: &str, state: &PageState, noted: NoteState) -> PageResult {
    let asked = viewer.place.selection();
    let below = state.below.unwrap_or(0);
    let read = measure(&viewer.ctx, key, &asked, below, state.reach()).await?;
    let read = match read {
        AtUnit::Read(read) => read,
        AtUnit::NotRead(not_read) => return measure_not_read::show(viewer, &not_read).await,
    };
    let model = &read.selected.model;
    let found = model
        .measures()
        .get(read.measure)
        .ok_or(WebError::NotThere)?;
    let evidence = viewer.evidence(&read.selected).await?;
    let compared = drivers_at(&viewer.ctx, &read.selected, read.measure, &Against::ALL).await?;
    let held = match read.selected.is_known_at_given {
        true => Vec::new(),
        false => held_at(&viewer.ctx, read.measure, read.selected.unit).await?,
    };
    let is_now = !read.selected.is_known_at_given && read.selected.plan_known_at().is_none();
    let may_note = is_now && may_note(&viewer.ctx, read.selected.unit).await?;
    let may_confirm = may_note
        && read.trend.rests_on().is_some()
        && may_confirm(&viewer.ctx, read.measure, read.selected.unit).await?;
    let may_correct = is_now && may_correct(&viewer.ctx).await?(found, read.selected.unit);
    let waiting = held.iter();
    let waiting = waiting.filter_map(|one| WaitingFigure::of(viewer, model, one, None));
    let problems = noted.problems.clone();
    let mut page = MeasurePage {
        waiting: waiting.map(WaitingFigure::on_measure).collect(),
        ties: TieTable::of_measure(model, read.measure, &viewer.place, evidence.as_deref()),
        differences: Difference::of(&viewer.place, &read.selected, found, &compared),
        notes: ChartNotes::of(viewer, &read, key, (may_note, may_confirm), noted),
        ..MeasurePage::of(viewer, &read, found, state, may_correct)
    };
    let below = state.asked_below();
    if below.signals {
        measure_below::tell_signals(viewer, &read, &mut page.below).await?;
    }
    if below.forecasts {
        let told = measure_below::tell_forecasts(viewer, &read, found, &mut page.below).await?;
        page.below_says = told;
    }
    page.frame.title = problems.title(&page.frame.title);
    page.offer_acts(may_note);
    form_page(&page, &problems)
}

impl MeasurePage {
    /// Puts the ways to what is done further down beside those to the forms of the record.
    fn offer_acts(&mut self, may_note: bool) {
        let note = may_note.then(|| ("Add a note".to_owned(), "#notes".to_owned()));
        let mut rows = self.periods.rows.iter();
        let may_correct = rows.any(|row| row.correct.is_some());
        let correct = may_correct.then(|| ("Correct a figure".to_owned(), "#periods".to_owned()));
        let acts = note.into_iter().chain(correct);
        self.frame.changes.splice(0..0, acts);
    }

    fn of(
        viewer: &Viewer,
        read: &ReadMeasure,
        measure: &Entry<Measure>,
        state: &PageState,
        may_correct: bool,
    ) -> MeasurePage {
        let (place, meant) = (&viewer.place, &read.selected);
        let model = &meant.model;
        let derivation = Derivation {
            model,
            measure,
            explanation: &read.explanation,
            hidden: read.hidden,
        };
        let key = measure.key.as_str();
        let frame = Frame::at(viewer, Section::Measures, measure.name.clone(), meant);
        let (periods, more_periods) = periods(viewer, read, measure, state, may_correct);
        let corrections = told_changes::corrections(read, viewer);
        MeasurePage {
            frame: frame
                .below("Measures", links::page(place, "measures"))
                .below(measure.name.clone(), None)
                .of_record(viewer, Kind::Measure, key)
                .with_change(
                    "Change the target here",
                    target_link(viewer, meant, measure),
                ),
            name: measure.name.clone(),
            definition: definition(measure),
            said: said_of(meant),
            standing: Some(standing(read, &derivation, measure, place)),
            says: says(&derivation, measure)
                .into_iter()
                .chain(doubts(read))
                .collect(),
            why: links::explanation(place, key),
            chart: CourseChart::of(
                &Drawn {
                    course: &read.course,
                    measure,
                    calendar: model.calendar(),
                    trend: &read.trend,
                    outlook: outlook(read),
                    noted: &read.noted,
                    with_steps: true,
                },
                counted(&derivation, meant.period),
            ),
            signals: signals_in_words(&read.trend, measure, model.calendar()),
            outlook: read.foresight.as_ref().map(|foresight| {
                outlook_in_words(foresight, &read.trend, measure, model.calendar())
            }),
            came_true: outlook(read)
                .and_then(Outlook::goal)
                .and_then(|_| links::page(place, "chances")),
            advice: target_in_words(&read.trend, measure, model.calendar()),
            reaches: reaches(viewer, read),
            people: PeopleOfMeasure::of(model, measure, place),
            waiting: Vec::new(),
            done: state.published.map(published_in_words),
            notes: ChartNotes::default(),
            ties: TieTable::default(),
            differences: Vec::new(),
            lineage: Lineage::of(&derivation, measure, place),
            below: measure_below::units(read, measure, place),
            below_pages: state.asked_below().pages(viewer, &read.below),
            below_more: state.asked_below().more(viewer, read, measure),
            below_says: Vec::new(),
            periods,
            more_periods,
            drifts: told_changes::drifts(read, measure),
            more_corrections: read.corrections.all - corrections.len(),
            corrections,
        }
    }
}

/// `134 of 134 values`, of the period that is shown.
fn counted(derivation: &Derivation<'_>, shown: Period) -> Option<(Period, String)> {
    let (present, owed) = derivation.inputs()?;
    let [present, owed_words] = [present, owed].map(|count| words::grouped(count as u64));
    (owed > 0).then(|| (shown, format!("{present} of {owed_words} values")))
}

/// How far back the course may be looked at.
fn reaches(viewer: &Viewer, read: &ReadMeasure) -> Vec<Choice> {
    let course = &read.course;
    if course.reaches.len() < 2 {
        return Vec::new();
    }
    let offered = REACHES
        .iter()
        .filter(|(reach, ..)| course.reaches.contains(reach));
    offered
        .map(|(reach, name, words)| Choice {
            name: (*words).to_owned(),
            href: viewer.place.href_with(&viewer.path, &[("reach", name)]),
            is_current: *reach == course.reach,
        })
        .collect()
}

/// The form of the target of a measure at the unit, or of a new one.
fn target_link(viewer: &Viewer, meant: &Selected, measure: &Entry<Measure>) -> Option<String> {
    let (model, key) = (&meant.model, measure.key.as_str());
    let unit = model.units().get(meant.unit)?.key.as_str();
    match model.index().target(measure.id(), meant.unit) {
        Some(_) => record_form::edit_link(viewer, Kind::Target, &format!("{key}@{unit}")),
        None => {
            let given = [("measure", key), ("unit", unit)];
            record_form::new_link(viewer, Kind::Target, &given)
        }
    }
}

/// What is counted, and which direction is better.
pub(super) fn definition(measure: &Measure) -> String {
    let definition = measure.definition.as_ref();
    let text = definition.map_or_else(String::new, markdown::line);
    let direction = better_in_words(measure.better);
    if text.is_empty() {
        direction.to_owned()
    } else {
        format!("{text} {direction}")
    }
}

fn standing(
    read: &ReadMeasure,
    derivation: &Derivation<'_>,
    measure: &Measure,
    place: &Place,
) -> Standing {
    let reading = &read.explanation.reading;
    let model = &read.selected.model;
    let [value, target] = numbers::value_and_target(reading.value, reading.target, measure);
    Standing {
        status: StatusMark(reading.status),
        period: words::period(&reading.shown_period, model.calendar()),
        value,
        exact: numbers::unshortened(reading.value, measure),
        covers: derivation.covers().unwrap_or_default(),
        target,
        gap: numbers::short_against_plan(reading.gap, measure),
        score: numbers::score(reading.score),
        signal: SignalMark::of(&read.trend, &read.selected.period),
        but: steady_but(&read.trend, &read.selected.period, model.calendar()).unwrap_or_default(),
        likely: likely(read, measure),
        data: numbers::share(reading.completeness),
        owner: PersonMark::of(model, place, measure.owner),
    }
}

/// Why it may not stay on track.
fn doubts(read: &ReadMeasure) -> Option<String> {
    let below = (&read.below.standing[..], &*read.selected.model);
    let reading = &read.explanation.reading;
    doubts_in_words(reading, &read.trend, read.foresight.as_deref(), below)
}

/// What is to come, where something can be said of it.
fn outlook(read: &ReadMeasure) -> Option<&Outlook> {
    read.foresight.as_ref()?.as_ref().as_ref().ok()
}

/// By when a target is to be reached, the target, and how likely it is: `Target Dec 2014`, `82.0%`, `20% likely`.
fn likely(read: &ReadMeasure, measure: &Measure) -> Option<[String; 3]> {
    let outlook = outlook(read)?;
    let (period, aimed) = outlook.goal()?;
    let period = words::period(&period, read.selected.model.calendar());
    let target = numbers::short_target(aimed.target, measure);
    Some([
        format!("Target {period}"),
        target,
        likelihood(&aimed.chance),
    ])
}

/// What there is to say: the judgement, the change, and what stands beside the number.
fn says(derivation: &Derivation<'_>, measure: &Measure) -> Vec<String> {
    let derived = &derivation.explanation.derived;
    let reading = &derivation.explanation.reading;
    // As the value stands beside it.
    let [value, _] = numbers::value_and_target(reading.value, reading.target, measure);
    let mut says = vec![derivation.judged(&value)];
    let change = derived.change_on_previous;
    says.extend(change.map(|change| {
        let change = numbers::short_change(Some(change), measure);
        format!("{change} on the period before.")
    }));
    if let (Some(now), Some(then)) = (reading.value, derived.same_period_last_year) {
        let say = numbers::apart(&[Some(now), Some(then)], measure);
        says.push(format!(
            "{} on the same period of the year before, which was {}.",
            numbers::short_change(Some(now - then), measure),
            say(Some(then), measure)
        ));
    }
    says.extend(derivation.other_lengths());
    if derived.year_to_date.is_some() && derived.year_to_date != reading.value {
        let to_date = numbers::short(derived.year_to_date, measure);
        says.push(format!("{}: {to_date}.", derivation.year_to_date()));
    }
    let findings = reading.findings.iter();
    says.extend(findings.map(|finding| format!("{}.", words::meaning::finding_in_words(*finding))));
    if reading.late {
        says.push("Something that is due has not come yet.".to_owned());
    }
    says
}
