//! Corrections of what was understood of a workbook: of a measure, a better direction, a sheet, a value that was doubted.

use std::collections::HashMap;

use axum::response::{IntoResponse, Redirect};
use throughline_app::{AppError, PreparedImport, prepare_import, read_mapping};
use throughline_core::Frequency;
use throughline_model::check::is_unseen;
use throughline_model::fields::DAYS_LIMIT;
use throughline_workbook::mapping::{MAPPING_VERSION, Stands, YEARS};
use throughline_workbook::{Mapping, MeasureMapping, Sure, due_after};

use super::import_check::{CheckState, address, find, shown, stands_word};
use crate::address::{Form, Path};
use crate::error::{PageResult, WebError};
use crate::imports::Import;
use crate::parts::import_columns;
use crate::parts::import_measures::MeasureForm;
use crate::parts::problems::Problems;
use crate::viewer::Viewer;

/// Why something is understood so, where somebody said it.
const SAID: &str = "corrected by hand";

/// The longest text of a field, in characters.
const TEXT_MAX: usize = 200;

/// What the form sends.
pub type CorrectionForm = HashMap<String, String>;

/// Corrects what was understood, and shows it anew.
///
/// # Errors
/// If there is no such import or nothing of that kind to correct; as of the use case.
pub async fn post(
    viewer: Viewer,
    Path(name): Path<String>,
    Form(form): Form<CorrectionForm>,
) -> PageResult {
    let import = find(&viewer, &name)?;
    let prepared = prepare_import(&viewer.ctx, &import.opened, import.kept.as_ref()).await?;
    let mut kept = import.kept.clone().unwrap_or_else(|| Mapping {
        version: MAPPING_VERSION,
        organisation: prepared.understood.mapping.organisation.clone(),
        ..Mapping::default()
    });
    let said = |field: &str| -> String {
        let text = form.get(field).map_or("", |text| text.trim());
        text.chars()
            .filter(|character| !is_unseen(*character))
            .take(TEXT_MAX)
            .collect()
    };
    let number: Option<usize> = said("number").parse().ok();
    let (state, anchor) = match said("what").as_str() {
        "measure" => {
            let measure = measure_of(&prepared, number)?;
            match as_said(measure, &said, form.contains_key("is"), &viewer) {
                Ok(measure) => kept.put_measure(measure),
                Err(problems) => {
                    return again(&viewer, &name, &import, &prepared, number, &said, problems);
                }
            }
            (first_of(number), format!("measure-{}", number.unwrap_or(0)))
        }
        "better" => {
            let measure = measure_of(&prepared, number)?;
            kept.put_measure(MeasureMapping {
                better: Some(said("better")).filter(|better| !better.is_empty()),
                sure: Sure::Certain,
                because: vec![SAID.to_owned()],
                ..measure.clone()
            });
            (first_of(number), format!("measure-{}", number.unwrap_or(0)))
        }
        "sheet" => {
            let sheets = &prepared.understood.mapping.sheets;
            let sheet = number.and_then(|number| sheets.get(number));
            let mut sheet = sheet.ok_or(WebError::NotThere)?.clone();
            sheet.read = said("read") == "yes";
            let all = [
                Stands::Unit,
                Stands::Measure,
                Stands::Period,
                Stands::Nothing,
            ];
            let stands = all
                .into_iter()
                .find(|one| stands_word(*one) == said("stands_for"));
            sheet.stands_for = stands.unwrap_or(sheet.stands_for);
            // Its columns are guessed anew, by what its name stands for now.
            sheet.columns.clear();
            sheet.sure = Sure::Certain;
            SAID.clone_into(&mut sheet.because);
            kept.put_sheet(sheet);
            (vec![("sheet", said("number"))], "as-found".to_owned())
        }
        "columns" => {
            let sheets = &prepared.understood.mapping.sheets;
            let sheet = number.and_then(|number| sheets.get(number));
            let mut sheet = sheet.ok_or(WebError::NotThere)?.clone();
            let roles = import_columns::as_said(&sheet, &form);
            if !roles.is_empty() {
                sheet.put_roles(&roles, SAID);
                kept.put_sheet(sheet);
            }
            (vec![("sheet", said("number"))], "as-found".to_owned())
        }
        "year" => match year_as_said(&said("year")) {
            Ok(year) => {
                kept.year = year;
                (vec![("sheet", said("number"))], "as-found".to_owned())
            }
            Err(problems) => {
                let state = CheckState {
                    sheet: number,
                    ..CheckState::default()
                };
                return shown(&viewer, &name, &import, &prepared, &state, None, problems);
            }
        },
        "value" => {
            let value = said("value");
            let groups = prepared.left_out();
            let doubted = groups
                .iter()
                .flat_map(|group| &group.cells)
                .filter_map(|cell| cell.doubted);
            if !doubted.into_iter().any(|doubted| doubted.place() == value) {
                return Err(WebError::NotThere);
            }
            kept.put_taken_in(&value);
            (Vec::new(), "left-out".to_owned())
        }
        _ => return Err(AppError::bad_request("nothing of that kind is corrected here").into()),
    };
    let kept = read_mapping(kept.to_text().as_bytes())?;
    let mut corrected = import.clone();
    corrected.kept = Some(kept);
    let now = viewer.server.now();
    viewer.server.imports().put(&name, corrected, now);
    let state: Vec<(&str, &str)> = state
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let href = format!("{}#{anchor}", address(&viewer, &name, &state));
    Ok(Redirect::to(&href).into_response())
}

/// The year of periods that name none, as the form says; nothing takes it back.
fn year_as_said(text: &str) -> Result<Option<i16>, Problems> {
    if text.is_empty() {
        return Ok(None);
    }
    let year = text.parse().ok().filter(|year| YEARS.contains(year));
    year.map(Some).ok_or_else(|| {
        let mut problems = Problems::default();
        let error = AppError::bad_request("this is no year");
        problems.add("year", &error.with_help("write four digits, such as 2026"));
        problems
    })
}

/// The stretch of measures in which one is shown.
fn first_of(number: Option<usize>) -> Vec<(&'static str, String)> {
    vec![("first", number.unwrap_or(0).to_string())]
}

fn measure_of(
    prepared: &PreparedImport,
    number: Option<usize>,
) -> Result<&MeasureMapping, WebError> {
    let measures = &prepared.understood.measures;
    let measure = number.and_then(|number| measures.get(number));
    measure.ok_or(WebError::NotThere)
}

/// A measure as the form says, or what is wrong with that.
fn as_said(
    measure: &MeasureMapping,
    said: &impl Fn(&str) -> String,
    has_choice: bool,
    viewer: &Viewer,
) -> Result<MeasureMapping, Problems> {
    let mut problems = Problems::default();
    if said("name").is_empty() {
        let error = AppError::bad_request("a measure needs a name");
        problems.add(
            "name",
            &error.with_help("write what it is called in the plan"),
        );
    }
    let decimals = said("decimals")
        .parse::<u8>()
        .ok()
        .filter(|places| *places <= 9);
    if decimals.is_none() {
        let error = AppError::bad_request("this is no number of decimal places");
        problems.add("decimals", &error.with_help("write a digit, such as 1"));
    }
    let due = due_as_said(measure, said);
    if due.is_err() {
        let error = AppError::bad_request("this is no number of days");
        let help =
            format!("write how many days after its period a value is due, up to {DAYS_LIMIT}");
        problems.add("due", &error.with_help(help));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let some = |field: &str| Some(said(field)).filter(|text| !text.is_empty());
    let model = viewer.ctx.snapshot().map(|snapshot| snapshot.model.clone());
    let is_of_plan = |key: &str| {
        model
            .as_ref()
            .is_some_and(|model| model.measures().by_key(key).is_some())
    };
    let key = match some("is") {
        Some(key) if is_of_plan(&key) => key,
        // What was one of the plan and is a new one now needs a key of its own.
        None if has_choice && is_of_plan(&measure.key) => format!("{}-new", measure.key),
        _ => measure.key.clone(),
    };
    Ok(MeasureMapping {
        found_as: measure.found_as.clone(),
        read: said("read") == "yes",
        key,
        name: said("name"),
        definition: measure.definition.clone(),
        kind: said("kind"),
        shown_as: some("shown_as"),
        decimals: decimals.unwrap_or(measure.decimals),
        better: some("better"),
        frequency: said("frequency"),
        sundays: measure.sundays,
        weeks_doubted: measure.weeks_doubted,
        due: due.unwrap_or(measure.due),
        owner: some("owner"),
        sure: Sure::Certain,
        because: vec![SAID.to_owned()],
    })
}

/// When values are due, as the form says. Where another frequency was chosen and these days left as they were, they are the
/// usual ones of that frequency: 15 days after a month say nothing of a year.
fn due_as_said(
    measure: &MeasureMapping,
    said: &impl Fn(&str) -> String,
) -> Result<Option<u16>, ()> {
    let text = said("due");
    let days = match text.as_str() {
        "" => None,
        text => Some(
            text.parse()
                .ok()
                .filter(|days| *days <= DAYS_LIMIT)
                .ok_or(())?,
        ),
    };
    let frequency = said("frequency").parse::<Frequency>().ok();
    Ok(match frequency {
        Some(other) if other != measure.frequency() && days == measure.due => {
            Some(due_after(other))
        }
        _ => days,
    })
}

/// The form once more, with what was written and what is wrong with it.
fn again(
    viewer: &Viewer,
    name: &str,
    import: &Import,
    prepared: &PreparedImport,
    number: Option<usize>,
    said: &impl Fn(&str) -> String,
    problems: Problems,
) -> PageResult {
    let found = prepared.measures();
    let number = number.unwrap_or(0);
    let model = viewer
        .ctx
        .snapshot()
        .map(|snapshot| snapshot.model.clone())
        .unwrap_or_default();
    let form = found.get(number).map(|found| MeasureForm {
        is_read: said("read") == "yes",
        is: said("is"),
        name: said("name"),
        shown_as: said("shown_as"),
        decimals: said("decimals"),
        better: said("better"),
        kind: said("kind"),
        frequency: said("frequency"),
        due: said("due"),
        owner: said("owner"),
        ..MeasureForm::of(number, found, prepared, &model)
    });
    let state = CheckState {
        first: Some(number),
        ..CheckState::default()
    };
    shown(viewer, name, import, prepared, &state, form, problems)
}
