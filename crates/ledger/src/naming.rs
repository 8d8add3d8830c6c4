//! Names of files: whoever is first gets a name, nobody's file is written over, and what stands in a folder outlasts a loss
//! of power.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use crate::error::Result;

/// Gives a file that is whole its name, unless there is one of that name. Where that is possible it keeps the name that it
/// has besides, so that there is a file under that one at every moment.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`], whoever was quicker; what else the system says.
pub(crate) fn give_name(file: &Path, name: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(file, name) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => take_name(file, name),
        linked => linked,
    }
}

/// The same on a file system without links. Changing a name would write over whatever came to it in between: so the name is
/// taken first by an empty file, which only one can make, and then by what is to stand there.
fn take_name(file: &Path, name: &Path) -> std::io::Result<()> {
    File::options().write(true).create_new(true).open(name)?;
    std::fs::rename(file, name).inspect_err(|_| drop(std::fs::remove_file(name)))
}

/// The folder in which a file of that name stands.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Makes durable which files stand in a folder.
///
/// # Errors
/// What the system says.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // Elsewhere a folder cannot be opened, and names are durable with their files.
    if cfg!(unix) {
        let folder = if folder == Path::new("") {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_to_give_a_name_writes_over_a_file() {
        let folder =
            std::env::temp_dir().join(format!("throughline-naming-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (file, name) = (folder.join("file"), folder.join("name"));
        for give in [give_name, take_name] {
            std::fs::write(&file, "new").unwrap();
            std::fs::write(&name, "old").unwrap();
            let refused = give(&file, &name).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read(&file).unwrap(), b"new");
            assert_eq!(std::fs::read(&name).unwrap(), b"old");

            std::fs::remove_file(&name).unwrap();
            give(&file, &name).unwrap();
            assert_eq!(std::fs::read(&name).unwrap(), b"new");

            // What cannot be named leaves nothing under the name.
            let missing = folder.join("missing");
            std::fs::remove_file(&name).unwrap();
            assert!(give(&missing, &name).is_err());
            assert!(!name.exists());
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
