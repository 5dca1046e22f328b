//! Writes the table of the browser's files that `web_assets` includes.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // Cargo looks into these folders for new files too. The macro that embeds the migrations knows
    // only those that were there when it ran.
    println!("cargo::rerun-if-changed=web");
    println!("cargo::rerun-if-changed=../migrations");
    let web = folder_of("CARGO_MANIFEST_DIR").join("web");
    let mut table = String::from("&[");
    for file in list_files(&web)? {
        let name = file.strip_prefix(&web).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        // Relative to the package: a target folder may outlive the checkout that it was built from.
        let path = format!("/web/{name}");
        let include = format!("include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))");
        table.push_str(&format!("({name:?}, {include}.as_slice()),\n"));
    }
    table.push(']');
    fs::write(folder_of("OUT_DIR").join("web_files.rs"), table)
}

/// A folder that Cargo names to build scripts.
fn folder_of(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_default().into()
}

/// The files below a folder, by name.
fn list_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(list_files(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
