//! Plan folders and observation files on disk: read within limits, written so that nothing is half there.
//!
//! The text room of the model reads bytes; this is where the bytes come from.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use throughline_model::text::observations::OBSERVATIONS_SIZE_LIMIT;
use throughline_model::text::{FILE_SIZE_LIMIT, PlanFile};
use throughline_workbook::limits::FILE_BYTES_MAX;
use throughline_workbook::mapping::MAPPING_BYTES_MAX;

use crate::AppError;

/// The most files of a plan folder.
pub const PLAN_FILES_MAX: usize = 1_000;

/// The most bytes of all files of a plan folder together: they are in memory at once.
pub const PLAN_FOLDER_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// The deepest folder below a plan folder: `measures/`, and one more so that a misplaced file is named.
pub const PLAN_FOLDER_DEPTH_MAX: usize = 2;

/// How much deeper it is looked for files that were put too deep.
const LOST_DEPTH_MAX: usize = 8;

/// The longest text of a checkpoint or a key that is read, in bytes.
pub const SMALL_TEXT_BYTES_MAX: u64 = 16 * 1024;

/// Reads a file that is to be understood as a workbook, and of a larger one as much as shows that it is too large.
///
/// # Errors
/// If it cannot be read.
pub fn read_workbook(file: &Path) -> Result<Vec<u8>, AppError> {
    read_start(file, FILE_BYTES_MAX)
}

/// Reads a kept mapping, and of a larger one as much as shows that it is too large.
///
/// # Errors
/// If it cannot be read.
pub fn read_mapping_text(file: &Path) -> Result<Vec<u8>, AppError> {
    read_start(file, MAPPING_BYTES_MAX)
}

/// Reads a file up to one byte more than it may have.
fn read_start(file: &Path, most: usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).map_err(|error| cannot_read(file, error))?;
    let read = opened.take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| cannot_read(file, error))?;
    Ok(bytes)
}

/// Reads a checkpoint or a key.
///
/// # Errors
/// If the file cannot be read, or is too long or no text.
pub fn read_small_text(file: &Path) -> Result<String, AppError> {
    let mut text = String::new();
    let opened = fs::File::open(file).map_err(|error| cannot_read(file, error))?;
    let read = opened
        .take(SMALL_TEXT_BYTES_MAX + 1)
        .read_to_string(&mut text);
    read.map_err(|error| cannot_read(file, error))?;
    if text.len() as u64 > SMALL_TEXT_BYTES_MAX {
        let kibibytes = SMALL_TEXT_BYTES_MAX / 1024;
        let message = format!("{} has more than {kibibytes} KiB", file.display());
        return Err(AppError::bad_request(message)
            .with_help("a checkpoint or a key has a few lines; name another file"));
    }
    Ok(text)
}

/// Writes a text to a file that is not there yet; nothing is left of what could not be written whole.
///
/// # Errors
/// If the file is there already, or cannot be written.
pub fn write_new(file: &Path, text: &str) -> Result<(), AppError> {
    let cannot_write = |error: io::Error| {
        AppError::failed(format!("{} could not be written", file.display()), error)
    };
    let mut new = match fs::File::create_new(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let message = format!("{} is there already; name another file", file.display());
            return Err(AppError::bad_request(message));
        }
        made => made.map_err(cannot_write)?,
    };
    let written = new.write_all(text.as_bytes()).and_then(|()| new.sync_all());
    written.map_err(|error| {
        drop(fs::remove_file(file));
        cannot_write(error)
    })
}

/// Reads the files of a plan folder that belong to a plan: YAML files and tables, in the order of their names.
/// Hidden files, `observations*` and everything else are left alone; a link that leads out of the folder is an error.
///
/// # Errors
/// If the folder cannot be read, or has more or larger files than a plan may have.
pub fn read_plan_folder(folder: &Path) -> Result<Vec<PlanFile>, AppError> {
    let metadata = fs::metadata(folder).map_err(|error| cannot_read(folder, error))?;
    if !metadata.is_dir() {
        let message = format!("{} is a file, and a plan is a folder", folder.display());
        let parent = folder
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let help = match parent {
            Some(parent) => format!("give the folder that it stands in: {}", parent.display()),
            None => "give the folder that it stands in: .".to_owned(),
        };
        return Err(AppError::bad_request(message).with_help(help));
    }
    let root = fs::canonicalize(folder).map_err(|error| cannot_read(folder, error))?;
    let mut paths = Vec::new();
    collect(&root, &root, "", 0, &mut paths)?;
    paths.sort();
    if !paths.iter().any(|(name, _)| name.ends_with(".yaml")) {
        let message = format!("there is no plan in {}", folder.display());
        let help = "a plan folder has organisation.yaml, strategy.yaml, map.yaml and measures.yaml; see docs/PLAN_FORMAT.md";
        return Err(AppError::bad_request(message).with_help(help));
    }
    // By what the system says first, so that nothing is read of what is too much anyway.
    let mut total = 0;
    for (_, path) in &paths {
        let length = fs::metadata(path).map_err(|error| cannot_read(path, error))?;
        total += length.len();
        refuse_large_folder(folder, total)?;
    }
    let mut total = 0;
    let mut files = Vec::new();
    for (path, real) in paths {
        let bytes = read_limited(&real)?;
        total += bytes.len() as u64;
        refuse_large_folder(folder, total)?;
        files.push(PlanFile { path, bytes });
    }
    Ok(files)
}

fn refuse_large_folder(folder: &Path, bytes: u64) -> Result<(), AppError> {
    if bytes <= PLAN_FOLDER_BYTES_MAX {
        return Ok(());
    }
    let mebibytes = PLAN_FOLDER_BYTES_MAX / 1024 / 1024;
    let message = format!(
        "the plan files in {} have more than {mebibytes} MiB together",
        folder.display()
    );
    Err(AppError::bad_request(message).with_help(
        "name files of observations `observations*.csv`, and put other tables elsewhere",
    ))
}

/// Collects the files of a folder, and of those below it.
fn collect(
    root: &Path,
    folder: &Path,
    prefix: &str,
    depth: usize,
    found: &mut Vec<(String, PathBuf)>,
) -> Result<(), AppError> {
    for entry in fs::read_dir(folder).map_err(|error| cannot_read(folder, error))? {
        let entry = entry.map_err(|error| cannot_read(folder, error))?;
        let Ok(name) = entry.file_name().into_string() else {
            let message = format!(
                "the name of {} is not UTF-8",
                entry.path().to_string_lossy()
            );
            return Err(AppError::bad_request(message));
        };
        if name.starts_with('.') {
            continue;
        }
        let path = within(root, &entry.path())?;
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            if depth < PLAN_FOLDER_DEPTH_MAX {
                collect(root, &path, &format!("{name}/"), depth + 1, found)?;
            } else if let Some(lost) = lost_in(&path, &name, LOST_DEPTH_MAX) {
                let message = format!("the plan file {lost} lies too deep to be read");
                return Err(AppError::bad_request(message)
                    .with_help("put it into the plan folder itself, or its folder `measures`"));
            }
        } else if belongs_to_a_plan(&name) {
            if !path.is_file() {
                let message = format!("{name} is no regular file");
                return Err(AppError::bad_request(message)
                    .with_help("a plan is read from files; put one in its place"));
            }
            if found.len() == PLAN_FILES_MAX {
                let message = format!("a plan folder has at most {PLAN_FILES_MAX} files");
                return Err(AppError::bad_request(message));
            }
            found.push((name, path));
        }
    }
    Ok(())
}

/// A YAML file in a folder that is too deep, or below it.
fn lost_in(folder: &Path, name: &str, levels: usize) -> Option<String> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let inner = entry.file_name().into_string().ok()?;
        let is_yaml = inner.ends_with(".yaml") || inner.ends_with(".yml");
        let name = format!("{name}/{inner}");
        if inner.starts_with('.') {
            continue;
        }
        if entry.path().is_dir() {
            let below = levels.checked_sub(1);
            let lost = below.and_then(|levels| lost_in(&entry.path(), &name, levels));
            if lost.is_some() {
                return lost;
            }
        } else if is_yaml {
            return Some(name);
        }
    }
    None
}

/// The file that a path leads to, if it lies within the folder.
fn within(root: &Path, path: &Path) -> Result<PathBuf, AppError> {
    let real = fs::canonicalize(path).map_err(|error| cannot_read(path, error))?;
    if real.starts_with(root) {
        return Ok(real);
    }
    let message = format!(
        "{} is a link that leads out of the plan folder",
        path.display()
    );
    Err(AppError::bad_request(message).with_help("put the file itself into the folder"))
}

fn belongs_to_a_plan(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let is_table = file.ends_with(".csv") && !file.starts_with("observations");
    file.ends_with(".yaml") || file.ends_with(".yml") || is_table
}

/// Reads a plan file, and of a larger one as much as shows that it is too large.
fn read_limited(path: &Path) -> Result<Vec<u8>, AppError> {
    let file = fs::File::open(path).map_err(|error| cannot_read(path, error))?;
    let mut bytes = Vec::new();
    // The text room says that it is too large.
    file.take(FILE_SIZE_LIMIT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(path, error))?;
    Ok(bytes)
}

/// Reads a file of observations; `-` is standard input.
///
/// # Errors
/// If it cannot be read, or is larger than [`OBSERVATIONS_SIZE_LIMIT`].
pub fn read_observations(path: &Path) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        let input = io::stdin().lock().take(OBSERVATIONS_SIZE_LIMIT as u64 + 1);
        input_to_end(input, &mut bytes)
    } else {
        fs::File::open(path).and_then(|file| {
            if file.metadata()?.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            input_to_end(file.take(OBSERVATIONS_SIZE_LIMIT as u64 + 1), &mut bytes)
        })
    };
    read.map_err(|error| cannot_read(path, error))?;
    if bytes.len() > OBSERVATIONS_SIZE_LIMIT {
        let mebibytes = OBSERVATIONS_SIZE_LIMIT / 1024 / 1024;
        let message = format!("{} has more than {mebibytes} MiB", path.display());
        return Err(AppError::bad_request(message).with_help("load it in parts"));
    }
    Ok(bytes)
}

fn input_to_end(mut input: impl Read, bytes: &mut Vec<u8>) -> io::Result<usize> {
    input.read_to_end(bytes)
}

/// Writes the files of a plan into a folder, which is made if there is none. Each file is written beside its place and
/// then moved there, so that a reader never sees half of one.
///
/// Plan files that are there are somebody's work: they may hold changes that are not in the ledger, and others beside the
/// list would be read together with it. Unless `replace` says so, nothing is written where there are such files; with it
/// they make room. All other files stay.
///
/// # Errors
/// If there are such files; if something cannot be written.
pub fn write_plan_folder(folder: &Path, files: &[PlanFile], replace: bool) -> Result<(), AppError> {
    let standing = plan_files_of(folder)?;
    let of_list = |name: &str| files.iter().find(|file| file.path == name);
    if !replace {
        let mut lost = Vec::new();
        for (name, path) in &standing {
            let same = match of_list(name) {
                Some(file) => read_limited(path)? == file.bytes,
                None => false,
            };
            if !same {
                lost.push(name.as_str());
            }
        }
        if !lost.is_empty() {
            return Err(would_be_lost(folder, &lost));
        }
    }
    for file in files {
        write_plan_file(folder, file)?;
    }
    // Only when all that takes their place is there.
    for (name, path) in &standing {
        if of_list(name).is_none() {
            fs::remove_file(path).map_err(|error| cannot_write(path, error))?;
        }
    }
    Ok(())
}

/// Writes one file of a plan folder, whole or not at all.
///
/// # Errors
/// If it cannot be written.
pub fn write_plan_file(folder: &Path, file: &PlanFile) -> Result<(), AppError> {
    let path = folder.join(&file.path);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|error| cannot_write(parent, error))?;
    let beside = parent.join(format!(
        ".{}.new",
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    let written = fs::File::create(&beside)
        .and_then(|mut new| new.write_all(&file.bytes).and_then(|()| new.sync_all()))
        .and_then(|()| fs::rename(&beside, &path));
    written.map_err(|error| {
        // What was begun is of no use to anybody; that it cannot be removed either adds nothing to the error.
        let _ = fs::remove_file(&beside);
        cannot_write(&path, error)
    })
}

/// The plan files of a folder, names and paths; none where there is no folder.
fn plan_files_of(folder: &Path) -> Result<Vec<(String, PathBuf)>, AppError> {
    let mut found = Vec::new();
    if let Ok(root) = fs::canonicalize(folder) {
        collect(&root, &root, "", 0, &mut found)?;
        found.sort();
    }
    Ok(found)
}

fn would_be_lost(folder: &Path, names: &[&str]) -> AppError {
    /// The most files that are named.
    const NAMED_MAX: usize = 5;
    let mut named = names
        .iter()
        .take(NAMED_MAX)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > NAMED_MAX {
        named.push_str(&format!(" and {} more", names.len() - NAMED_MAX));
    }
    let message = format!(
        "{} has plan files that the export would replace: {named}; nothing was written",
        folder.display()
    );
    AppError::bad_request(message).with_help(format!(
        "export into another folder, or replace them with `--replace`; `throughline diff {}` shows what is in them and not in the ledger",
        folder.display()
    ))
}

fn cannot_write(path: &Path, error: io::Error) -> AppError {
    let help = match error.kind() {
        io::ErrorKind::StorageFull => Some("make room, and try again".to_owned()),
        _ => None,
    };
    AppError::Failed {
        message: format!("{} could not be written", path.display()),
        help,
        cause: Some(error.into()),
    }
}

fn cannot_read(path: &Path, error: io::Error) -> AppError {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            AppError::not_found(format!("there is no file or folder `{shown}`"))
        }
        io::ErrorKind::PermissionDenied => {
            AppError::failed(format!("{shown} may not be read"), error)
                .with_help("ask its owner for the right to read it")
        }
        io::ErrorKind::IsADirectory => {
            AppError::bad_request(format!("{shown} is a folder, and a file is needed here"))
        }
        _ => AppError::failed(format!("{shown} could not be read"), error),
    }
}

#[cfg(test)]
mod tests;
