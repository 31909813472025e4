//! Writing a file so that it is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Result};

/// Writes `bytes` beside `path` and renames the result to it. On failure the old file, if any,
/// is untouched and nothing new is left.
///
/// A path that is no regular file (a device such as `/dev/stdout`, a pipe) is written directly;
/// a symbolic link keeps pointing where it points, and the file it points to is replaced.
/// Permissions of a file that was there are kept.
///
/// # Errors
///
/// [`Io`](crate::ErrorKind::Io), naming the path.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, bytes).map_err(|io| Error::io_at_path(io, path))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let existing = fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|meta| meta.is_dir()) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if existing.as_ref().is_some_and(|meta| !meta.is_file()) {
        return File::options().write(true).open(&target)?.write_all(bytes);
    }
    let (temporary, mut file) = create_beside(&target)?;
    let written = file.write_all(bytes).and_then(|()| match existing {
        Some(meta) => file.set_permissions(meta.permissions()),
        None => Ok(()),
    });
    drop(file);
    written.and_then(|()| fs::rename(&temporary, &target)).inspect_err(|_| {
        // The first error is the one to report; a temporary file that cannot be removed either
        // is what it is about.
        let _ = fs::remove_file(&temporary);
    })
}

/// A new file in the folder of `target`, under a name nobody else has.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        let path = target.with_file_name(format!(".{name}.{process}-{number}.tmp"));
        match File::options().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            result => return result.map(|file| (path, file)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = std::env::temp_dir().join(format!("pilaf-replace-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("out.bin");
        replace_file(&path, b"one").unwrap();
        replace_file(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);

        let error = replace_file(&folder, b"three").unwrap_err();
        assert!(error.to_string().contains(folder.to_str().unwrap()), "{error}");
        let error = replace_file(&folder.join("no/such/out.bin"), b"four").unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Io);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
