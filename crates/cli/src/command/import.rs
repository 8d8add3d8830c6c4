//! `import`: shows how a KPI workbook is understood, and records it once that is confirmed.

use std::path::Path;

use throughline_app::{
    AppError, ImportedWorkbook, OpenedWorkbook, OutsideFile, PreparedImport, Recording, files,
    import_workbook, open_workbook, prepare_import, read_mapping,
};
use throughline_model::text::PlanFile;
use throughline_workbook::Mapping;

use super::{Outcome, Session, remarks_in_words};
use crate::arguments::Import;
use crate::json::import::Imported;
use crate::terminal::import::{differing, understood};
use crate::terminal::words;

/// Shows how files are understood, and records them where that was asked for.
///
/// # Errors
/// If a file cannot be read or understood; if the ledger or a folder cannot be written.
pub async fn run(session: &Session<'_>, asked: &Import) -> Result<Outcome, AppError> {
    let outside = asked.files.iter().map(|file| {
        let name = file.file_name().unwrap_or(file.as_os_str());
        Ok(OutsideFile {
            name: name.to_string_lossy().into_owned(),
            bytes: files::read_workbook(file)?,
        })
    });
    let outside: Vec<OutsideFile> = outside.collect::<Result<_, AppError>>()?;
    let kept = asked.mapping.as_deref().map(files::read_mapping_text);
    let kept = kept
        .transpose()?
        .map(|text| read_mapping(&text))
        .transpose()?;
    let opened = open_workbook(&session.ctx, outside).await?;
    let opened = opened.recorded_by(Recording {
        replaces: asked.replace,
        owners_first: asked.owners_first,
    });
    let kept = match asked.year {
        Some(year) => Some(of_year(kept, &opened, year)?),
        None => kept,
    };
    let prepared = prepare_import(&session.ctx, &opened, kept.as_ref()).await?;
    if let Some(file) = &asked.write_mapping {
        write_mapping(file, asked.mapping.as_deref(), &prepared)?;
    }
    if let Some(nothing) = prepared.nothing() {
        return Err(nothing);
    }
    if let Some(folder) = &asked.into {
        let plan = [
            prepared.plan.as_slice(),
            std::slice::from_ref(&prepared.observations),
        ];
        files::write_plan_folder(folder, &plan.concat(), false)?;
    }
    let imported = match asked.yes {
        true => Some(import_workbook(&session.ctx, &opened, kept.as_ref()).await?),
        false => None,
    };
    let is_left = prepared.remarks.errors() > 0
        || prepared.refused > 0
        || (!prepared.differing.is_empty() && !asked.replace)
        || (!asked.yes && asked.into.is_none() && !prepared.effect.is_nothing());
    let told = tell(session, asked, &prepared, imported.as_ref());
    let commit = imported.as_ref().and_then(|one| one.commit.as_ref());
    session.recorded(commit, told.map(|()| Outcome::findings_if(is_left)))
}

/// The mapping, or one that says nothing else, with the year of periods that name none.
fn of_year(kept: Option<Mapping>, opened: &OpenedWorkbook, year: i16) -> Result<Mapping, AppError> {
    let mapping = match kept {
        Some(kept) => Mapping {
            year: Some(year),
            ..kept
        },
        None => Mapping::of_year(opened.book(), year),
    };
    read_mapping(mapping.to_text().as_bytes())
}

/// The mapping of last time may be written anew; another file that is there is somebody's.
fn write_mapping(
    file: &Path,
    kept: Option<&Path>,
    prepared: &PreparedImport,
) -> Result<(), AppError> {
    let text = prepared.understood.mapping.to_text();
    if kept != Some(file) {
        return files::write_new(file, &text);
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let named = PlanFile {
        path: name.into_owned(),
        bytes: text.into_bytes(),
    };
    files::write_plan_file(file.parent().unwrap_or(Path::new("")), &named)
}

fn tell(
    session: &Session<'_>,
    asked: &Import,
    prepared: &PreparedImport,
    imported: Option<&ImportedWorkbook>,
) -> Result<(), AppError> {
    if session.is_json() {
        let author = session.common.acting_as.as_deref();
        return session.print_json(&Imported::of(prepared, imported, author));
    }
    session.print(&understood(prepared, asked.all, asked.owners_first))?;
    session.print(&differing(prepared, asked.replace, asked.all))?;
    let wrong = remarks_in_words(&prepared.remarks, "");
    if !wrong.is_empty() {
        session.say(wrong.trim_end());
    }
    if let Some(imported) = imported {
        if imported.is_new_ledger {
            session.say(&format!("Made a ledger in {}", session.ctx.location()));
        }
        return session.print(&recorded(imported));
    }
    if let Some(file) = &asked.write_mapping {
        let file = file.display();
        session.say(&format!("Wrote how it was understood to {file}; correct it there, then give it with --mapping {file}"));
    }
    if let Some(folder) = &asked.into {
        let folder = folder.display();
        let files = words::count(prepared.plan.len() as u64 + 1, "file");
        session.say(&format!("Wrote {files} to {folder}: throughline apply {folder}, then: throughline load {folder}/observations.csv"));
        return Ok(());
    }
    match (prepared.remarks.errors(), prepared.effect.is_nothing()) {
        (0, true) => session.say("Nothing to record: all of it is there already."),
        (0, false) => {
            session.say("Nothing is recorded yet. The same command with --yes records it.")
        }
        _ => session.say("Nothing can be recorded of it as it is: correct the mapping."),
    }
    Ok(())
}

fn recorded(imported: &ImportedWorkbook) -> String {
    match &imported.commit {
        None => "Nothing to record: all of it is there already.\n".to_owned(),
        Some(commit) => format!(
            "Recorded as commit {}: {} and {}\n",
            commit.number,
            words::count(imported.effect.records, "record"),
            words::count(commit.observations, "observation"),
        ),
    }
}
