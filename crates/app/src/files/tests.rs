//! Limits of what is read: beyond them it is an error, and never a part of it.

use super::*;

/// A folder with files of these names and lengths, which take no room.
fn folder_of(name: &str, files: &[(&str, u64)]) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("throughline-files-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    for (file, length) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let file = fs::File::create(path).expect("a file");
        file.set_len(*length).expect("a file");
    }
    folder
}

/// What is said of a folder; the names of its files where it is read.
fn check(name: &str, files: &[(&str, u64)], expected: &str) {
    let folder = folder_of(name, files);
    let said = match read_plan_folder(&folder) {
        Ok(files) => {
            let names: Vec<String> = files.into_iter().map(|file| file.path).collect();
            names.join(" ")
        }
        Err(error) => error.to_string(),
    };
    assert!(said.contains(expected), "{name}: {said}");
    fs::remove_dir_all(&folder).expect("a folder of ours");
}

#[test]
fn a_plan_folder_is_read_within_its_limits() {
    const LARGE: u64 = FILE_SIZE_LIMIT as u64;
    check(
        "sound",
        &[("a.yaml", 1), ("measures/b.yaml", 1), ("x/y/c.yaml", 1)],
        "a.yaml measures/b.yaml x/y/c.yaml",
    );
    check(
        "deep",
        &[("a.yaml", 1), ("x/y/z/c.yaml", 1)],
        "the plan file x/y/z/c.yaml lies too deep",
    );
    check(
        "deeper",
        &[("a.yaml", 1), ("x/y/z/o/p/c.yml", 1)],
        "the plan file x/y/z/o/p/c.yml lies too deep",
    );
    check("pictures", &[("a.yaml", 1), ("x/y/z/c.png", 1)], "a.yaml");
    let names: Vec<String> = (0..40).map(|number| format!("{number:02}.csv")).collect();
    let mut many: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), LARGE)).collect();
    many.push(("a.yaml", 1));
    check("heavy", &many, "have more than 256 MiB together");
    // Observations are not of the plan.
    let observed = [("a.yaml", 1), ("observations.csv", 400 * 1024 * 1024)];
    check("observed", &observed, "a.yaml");
}

#[test]
fn a_small_text_is_read_whole_or_not_at_all() {
    for (length, is_read) in [
        (0, true),
        (SMALL_TEXT_BYTES_MAX, true),
        (SMALL_TEXT_BYTES_MAX + 1, false),
    ] {
        let folder = folder_of("small", &[("text", length)]);
        let read = read_small_text(&folder.join("text"));
        assert_eq!(read.is_ok(), is_read, "{length}");
        assert!(read.is_err() || read.is_ok_and(|text| text.len() as u64 == length));
        fs::remove_dir_all(&folder).expect("a folder of ours");
    }
}
