//! What was understood of a workbook: measures, cells left out, a picture of each sheet; and that it is recorded.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::{
    AppError, Differing, PreparedImport, Recording, import_workbook, prepare_import, words,
};
use throughline_workbook::Sure;
use throughline_workbook::mapping::Stands;

use super::import_left_out::left_out;
use crate::address::{Form, Path, Query, number};
use crate::error::{PageResult, WebError, form_page};
use crate::frame::{Frame, Section};
use crate::imports::Import;
use crate::parts::import_columns::{ImportColumn, choices, columns};
use crate::parts::import_measures::{
    ImportMeasure, ImportMeasures, MEASURES_SHOWN_MAX, MeasureForm,
};
use crate::parts::import_summary::{LeftOutRow, holds, parts, share, wrong};
use crate::parts::problems::Problems;
use crate::parts::sheet::SheetPicture;
use crate::place::Place;
use crate::viewer::Viewer;

/// How many reasons for leaving cells out are shown.
const REASONS_MAX: usize = 25;

/// How many figures that differ from what is recorded are shown.
const DIFFERING_MAX: usize = 50;

/// What is shown of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CheckState {
    /// The measure that is being corrected, by its place.
    #[serde(deserialize_with = "number")]
    pub measure: Option<usize>,
    /// The first measure that is shown.
    #[serde(deserialize_with = "number")]
    pub first: Option<usize>,
    /// The sheet, by its place.
    #[serde(deserialize_with = "number")]
    pub sheet: Option<usize>,
    /// The first row of it.
    #[serde(deserialize_with = "number")]
    pub row: Option<usize>,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "import_check.html")]
pub struct ImportCheckPage {
    /// What is around it.
    pub frame: Frame,
    /// The name of the file.
    pub file: String,
    /// The address of this import.
    pub here: String,
    /// `3 sheets, no macros`.
    pub read: String,
    /// How many measures somebody should look at.
    pub questions: String,
    /// Cells that were understood: in words, and as a share.
    pub understood: (String, String),
    /// The parts of all cells: words, count, class, and where its bar begins and how long it is, of 1,000.
    pub parts: Vec<(&'static str, String, &'static str, usize, usize)>,
    /// The measures.
    pub measures: ImportMeasures,
    /// The stretches of measures: words, address, whether it is shown.
    pub stretches: Vec<(String, String, bool)>,
    /// The sheets: name, what it is, address, whether it is shown.
    pub tabs: Vec<(String, String, String, bool)>,
    /// The picture of the sheet that is shown.
    pub picture: SheetPicture,
    /// Where the rows before and after are shown.
    pub around: [Option<String>; 2],
    /// How the sheet that is shown is understood: place, whether it is read, what its name stands for, why.
    pub sheet: (usize, bool, &'static str, String),
    /// The columns of that sheet whose headings are no periods.
    pub columns: Vec<ImportColumn>,
    /// What a column can be: word and what is shown.
    pub roles: Vec<(&'static str, &'static str)>,
    /// The year of periods that name none, where one is needed or was said: in words, and the year.
    pub year: Option<(String, String)>,
    /// What is left out.
    pub left_out: Vec<LeftOutRow>,
    /// How many reasons more there are.
    pub more_reasons: usize,
    /// Where every cell that is left out is shown.
    pub each: String,
    /// How many cells that are.
    pub left_out_cells: String,
    /// What it will hold: how many, and of what.
    pub holds: Vec<(String, String)>,
    /// What else there is to say.
    pub remarks: Vec<String>,
    /// What is wrong with the plan that it would make.
    pub wrong: Vec<String>,
    /// Figures that are recorded and of which it says something else.
    pub differing: Vec<Differing>,
    /// How many more there are.
    pub more_differing: usize,
    /// Whether nothing else of it is new.
    pub nothing_else: bool,
    /// Which of both holds, in words.
    pub stays: String,
    /// What of its figures owners may see first; empty where there is nothing.
    pub waiting: String,
    /// Whether there is something to record.
    pub may_confirm: bool,
    /// The commit that the page is made after.
    pub position: u64,
    /// The commit in which it was recorded.
    pub recorded: Option<u64>,
}

/// Shows what was understood.
///
/// # Errors
/// If there is no such import; as of the use case.
pub async fn get(
    viewer: Viewer,
    Path(name): Path<String>,
    Query(state): Query<CheckState>,
) -> PageResult {
    let import = find(&viewer, &name)?;
    let prepared = prepare_import(&viewer.ctx, &import.opened, import.kept.as_ref()).await?;
    shown(
        &viewer,
        &name,
        &import,
        &prepared,
        &state,
        None,
        Problems::default(),
    )
}

/// The mapping, to be kept in a file.
///
/// # Errors
/// As of [`get`].
pub async fn get_mapping(viewer: Viewer, Path(name): Path<String>) -> PageResult {
    let import = find(&viewer, &name)?;
    let prepared = prepare_import(&viewer.ctx, &import.opened, import.kept.as_ref()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"mapping.json\"",
        ),
    ];
    Ok((headers, prepared.understood.mapping.to_text()).into_response())
}

/// What the form of a confirmation sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConfirmationForm {
    /// The commit that the page was made after: the same page sent twice records once.
    position: String,
    /// `yes` where its figures take the place of those that are recorded.
    replace: String,
    /// `yes` where owners see its figures first.
    owners_first: String,
}

/// Records it, and goes to what was recorded.
///
/// # Errors
/// As of the use case.
pub async fn confirm(
    viewer: Viewer,
    Path(name): Path<String>,
    Form(form): Form<ConfirmationForm>,
) -> PageResult {
    let mut import = find(&viewer, &name)?;
    let kept = import.kept.as_ref();
    let said = kept.map(|kept| kept.to_text()).unwrap_or_default();
    let viewer = viewer.once(&(&form, said));
    let opened = import.opened.clone().recorded_by(Recording {
        replaces: form.replace == "yes",
        owners_first: form.owners_first == "yes",
    });
    let imported = import_workbook(&viewer.ctx, &opened, kept).await?;
    if let Some(commit) = &imported.commit {
        // Whoever reads next finds what was written.
        let _ = viewer.server.live().reached(commit.number).await;
    }
    let recorded = imported.commit.map(|commit| commit.number);
    import.recorded = recorded.or(import.recorded);
    viewer
        .server
        .imports()
        .put(&name, import, viewer.server.now());
    let shown = match recorded {
        Some(number) => format!("/imports/{number}"),
        None => "/scorecard".to_owned(),
    };
    // What came may be of other periods: the latest with figures is shown from here on.
    let latest = Place {
        period: None,
        ..viewer.place.as_of_now()
    };
    Ok(Redirect::to(&latest.href(&shown)).into_response())
}

/// The import of that name. One that is gone, or another's, is not there.
pub(super) fn find(viewer: &Viewer, name: &str) -> Result<Import, WebError> {
    let person = viewer.ctx.actor().person;
    let found = viewer
        .server
        .imports()
        .get(name, person, viewer.server.now());
    found.ok_or_else(|| {
        let error = AppError::not_found("this workbook is no longer here");
        WebError::App(error.with_help(
            "it is kept for an hour after it was last looked at, until the server is started again; bring the file once more",
        ))
    })
}

/// The address of an import in a state.
pub(super) fn address(viewer: &Viewer, name: &str, state: &[(&str, &str)]) -> String {
    viewer.place.href_with(&format!("/import/{name}"), state)
}

/// The page with what was understood, and a form with what is wrong with it.
pub(super) fn shown(
    viewer: &Viewer,
    name: &str,
    import: &Import,
    prepared: &PreparedImport,
    state: &CheckState,
    form: Option<MeasureForm>,
    problems: Problems,
) -> PageResult {
    let counts = prepared.counts();
    let found = prepared.measures();
    let book = import.opened.book();
    let model = viewer
        .ctx
        .snapshot()
        .map(|snapshot| snapshot.model.clone())
        .unwrap_or_default();
    let questions = found
        .iter()
        .filter(|one| one.mapping.read && !one.stands && one.mapping.sure == Sure::ToCheck)
        .count();
    let title = problems.title("Check what we read");
    let sheet = state.sheet.filter(|sheet| *sheet < book.sheets.len());
    let sheet = sheet.unwrap_or_else(|| first_read(prepared));
    let picture = SheetPicture::of(prepared, book, sheet, state.row.unwrap_or(0));
    let of_sheet = |row: usize| {
        let (sheet, row) = (sheet.to_string(), row.to_string());
        address(viewer, name, &[("sheet", &sheet), ("row", &row)]) + "#as-found"
    };
    let first = state.first.unwrap_or(0).min(found.len().saturating_sub(1));
    let first = first - first % MEASURES_SHOWN_MAX;
    let opens = |measure: usize| {
        let (measure, first) = (measure.to_string(), first.to_string());
        address(viewer, name, &[("measure", &measure), ("first", &first)]) + "#correction"
    };
    let rows = found
        .iter()
        .enumerate()
        .skip(first)
        .take(MEASURES_SHOWN_MAX);
    let form = form.or_else(|| {
        let number = state.measure?;
        Some(MeasureForm::of(
            number,
            found.get(number)?,
            prepared,
            &model,
        ))
    });
    let groups = prepared.left_out();
    let mapping = prepared.understood.mapping.sheets.get(sheet);
    let page = ImportCheckPage {
        frame: Frame::new(viewer, Section::Import, title)
            .below("Imports", Some(viewer.place.href("/import")))
            .below(prepared.name.clone(), None),
        file: prepared.name.clone(),
        here: format!("/import/{name}"),
        read: format!(
            "{}, {}",
            words::count(book.sheets.len() as u64, "sheet"),
            if book.has_macros {
                "macros not run"
            } else {
                "no macros"
            }
        ),
        questions: match questions + usize::from(!prepared.differing.is_empty()) {
            0 => "No questions".to_owned(),
            questions => words::count(questions as u64, "question"),
        },
        understood: (
            format!(
                "{} of {} understood",
                words::grouped(counts.understood() as u64),
                words::count(counts.all() as u64, "cell")
            ),
            share(counts.understood(), counts.all()),
        ),
        parts: parts(counts),
        stretches: stretches(viewer, name, found.len(), first),
        measures: ImportMeasures {
            action: format!("/import/{name}/corrections"),
            rows: rows
                .map(|(number, one)| ImportMeasure::of(number, one, opens(number)))
                .collect(),
            form,
            problems: problems.clone(),
            closed: address(viewer, name, &[("first", &first.to_string())]),
        },
        tabs: tabs(viewer, name, prepared, book, sheet),
        around: picture.around.map(|row| row.map(of_sheet)),
        picture,
        sheet: (
            sheet,
            mapping.is_some_and(|mapping| mapping.read),
            mapping.map_or("nothing", |mapping| stands_word(mapping.stands_for)),
            mapping
                .map(|mapping| format!("{}.", words::sentence(&mapping.because)))
                .unwrap_or_default(),
        ),
        columns: mapping
            .filter(|mapping| mapping.read)
            .map(columns)
            .unwrap_or_default(),
        roles: choices(),
        year: year(prepared),
        each: left_out(viewer, name, None, 0),
        more_reasons: groups.len().saturating_sub(REASONS_MAX),
        left_out: groups
            .iter()
            .take(REASONS_MAX)
            .map(|group| LeftOutRow::of(group, left_out(viewer, name, Some(group.because), 0)))
            .collect(),
        left_out_cells: words::count(counts.left_out as u64, "cell"),
        holds: holds(prepared),
        remarks: prepared
            .understood
            .remarks
            .iter()
            .map(|remark| format!("{}.", words::sentence(remark)))
            .collect(),
        wrong: wrong(prepared),
        may_confirm: prepared.remarks.errors() == 0
            && !(prepared.effect.is_nothing() && prepared.differing.is_empty()),
        waiting: waiting(prepared),
        nothing_else: prepared.effect.is_nothing(),
        stays: match prepared.differing.len() {
            1 => "The figure that is recorded stays unless you say that the workbook is right"
                .to_owned(),
            count => format!(
                "{} that are recorded stay unless you say that the workbook is right",
                words::count(count as u64, "figure")
            ),
        },
        more_differing: prepared.differing.len().saturating_sub(DIFFERING_MAX),
        differing: prepared
            .differing
            .iter()
            .take(DIFFERING_MAX)
            .cloned()
            .collect(),
        position: viewer
            .ctx
            .snapshot()
            .map_or(0, |snapshot| snapshot.position.0),
        recorded: import.recorded.map(|commit| commit.0),
    };
    form_page(&page, &problems)
}

/// `12 figures, and 4 that would be replaced`
fn waiting(prepared: &PreparedImport) -> String {
    let figures = |count: usize| words::count(count as u64, "figure");
    let waiting = prepared.waiting;
    match (waiting.added, waiting.replaced) {
        (0, 0) => String::new(),
        (added, 0) => figures(added),
        (0, replaced) => format!("{} that would take the place of others", figures(replaced)),
        (added, replaced) => format!(
            "{}, and {} that would take the place of others",
            figures(added),
            words::grouped(replaced as u64)
        ),
    }
}

/// The first sheet that is read.
fn first_read(prepared: &PreparedImport) -> usize {
    let mut sheets = prepared.understood.mapping.sheets.iter();
    sheets.position(|sheet| sheet.read).unwrap_or(0)
}

/// The year of periods that name none, where one is needed or was said.
fn year(prepared: &PreparedImport) -> Option<(String, String)> {
    let without = prepared.understood.without_year() as u64;
    let said = prepared.understood.mapping.year;
    let about = match (without, said) {
        (0, None) => return None,
        (0, Some(_)) => "Periods that name no year are of this one.".to_owned(),
        (1, _) => "1 cell has a period without a year.".to_owned(),
        (cells, _) => format!(
            "{} cells have a period without a year.",
            words::grouped(cells)
        ),
    };
    let said = said.map(|year| year.to_string()).unwrap_or_default();
    Some((about, said))
}

fn stretches(
    viewer: &Viewer,
    name: &str,
    count: usize,
    first: usize,
) -> Vec<(String, String, bool)> {
    if count <= MEASURES_SHOWN_MAX {
        return Vec::new();
    }
    let starts = (0..count).step_by(MEASURES_SHOWN_MAX);
    starts
        .map(|start| {
            let words = format!("{} to {}", start + 1, count.min(start + MEASURES_SHOWN_MAX));
            (
                words,
                address(viewer, name, &[("first", &start.to_string())]),
                start == first,
            )
        })
        .collect()
}

fn tabs(
    viewer: &Viewer,
    name: &str,
    prepared: &PreparedImport,
    book: &throughline_workbook::Workbook,
    shown: usize,
) -> Vec<(String, String, String, bool)> {
    let sheets = book.sheets.iter().enumerate();
    let tab = |(place, sheet): (usize, &throughline_workbook::Sheet)| {
        let mapping = prepared.understood.mapping.sheets.get(place);
        let about = match mapping {
            Some(mapping) if mapping.read => words::count(sheet.rows().len() as u64, "row"),
            _ if sheet.is_hidden => "hidden, not read".to_owned(),
            _ => "not read".to_owned(),
        };
        let href = address(viewer, name, &[("sheet", &place.to_string())]) + "#as-found";
        (sheet.name.clone(), about, href, place == shown)
    };
    sheets.map(tab).collect()
}

/// The word of what the name of a sheet stands for, as the form sends it.
pub(super) const fn stands_word(stands: Stands) -> &'static str {
    match stands {
        Stands::Unit => "unit",
        Stands::Measure => "measure",
        Stands::Period => "period",
        Stands::Nothing => "nothing",
    }
}
