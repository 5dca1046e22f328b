//! Files that only their owner reads: databases hold keys, mails hold codes.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file to write, made for its owner alone where there is none. What it holds stays.
///
/// # Errors
///
/// It can neither be opened nor made.
pub fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
