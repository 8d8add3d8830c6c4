//! A file that comes to its name once it is whole: written under another one, flushed to disk, and only then named.
//! What does not come to its end is removed.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{LedgerError, Result};
use crate::hash::hex;
use crate::naming::{folder_of, give_name, sync_folder};
use crate::seal::Randomness;

/// How much is written at once, in bytes.
const BUFFER_LENGTH: usize = 256 * 1024;

/// A file that is being written. Nobody but its owner can read it.
pub(crate) struct NewFile {
    unfinished: PathBuf,
    out: Option<BufWriter<File>>,
}

impl NewFile {
    /// Begins a file that will stand in a folder.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn begin(folder: &Path, randomness: &Randomness) -> Result<NewFile> {
        let mut distinct = [0; 8];
        randomness(&mut distinct);
        let unfinished = folder.join(format!("{}.unfinished", hex(&distinct)));
        let mut options = File::options();
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.write(true).create_new(true).open(&unfinished);
        let file = file.map_err(|error| LedgerError::of_file(folder, &error))?;
        Ok(NewFile {
            unfinished,
            out: Some(BufWriter::with_capacity(BUFFER_LENGTH, file)),
        })
    }

    /// Gives it its name, once all of it is on disk.
    ///
    /// # Errors
    /// [`LedgerError::FileExists`]; what the system says.
    pub(crate) fn finish(mut self, name: &Path) -> Result<()> {
        if let Some(mut out) = self.out.take() {
            out.flush()?;
            out.get_ref().sync_all()?;
        }
        give_name(&self.unfinished, name).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => LedgerError::FileExists {
                file: name.display().to_string(),
            },
            _ => error.into(),
        })?;
        sync_folder(folder_of(name))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes),
            None => Err(ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        drop(self.out.take());
        drop(std::fs::remove_file(&self.unfinished));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_to_its_name_when_it_is_whole_and_leaves_nothing_otherwise() {
        let folder = std::env::temp_dir().join(format!("throughline-file-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let name = folder.join("name");
        let files = || std::fs::read_dir(&folder).unwrap().count();
        let begin = |with: &[u8]| {
            let mut file = NewFile::begin(&folder, &|bytes| bytes.fill(7)).unwrap();
            file.write_all(with).unwrap();
            file
        };

        drop(begin(b"half"));
        assert_eq!(files(), 0);
        begin(b"whole").finish(&name).unwrap();
        assert_eq!(
            (files(), std::fs::read(&name).unwrap()),
            (1, b"whole".to_vec())
        );
        let refused = begin(b"other").finish(&name);
        assert!(matches!(refused, Err(LedgerError::FileExists { .. })));
        assert_eq!(
            (files(), std::fs::read(&name).unwrap()),
            (1, b"whole".to_vec())
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = name.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
