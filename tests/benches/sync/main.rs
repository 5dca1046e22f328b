//! The figures of sync, each beside its reference measured in the same run.
//!
//! The benchmark starts itself again as the processes that are measured, and tells them what to do
//! by lines; the table goes to the standard output, and nothing else is left behind. See
//! `tests/benches/README.md`.

mod callgrind;
mod checkpoints;
mod child;
mod cluster;
mod crowd;
mod device;
mod exchanges;
mod first_sync;
mod load;
mod measure;
mod notices;
mod people_file;
mod roles;
mod scale;
mod start;
mod table;
mod world;
mod writes;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Whatever stops the benchmark.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A folder for databases, removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    /// Made at once, since a server that made it would keep it from the user that PostgreSQL runs as.
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("cumbre-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// A folder inside.
    pub fn join(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench-sync: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Failure> {
    let threads = || tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match words {
        ["role", "bare"] => threads()?.block_on(roles::bare::run()),
        ["role", "push-services"] => threads()?.block_on(roles::services::run()),
        ["role", "serve", folder, scene @ ..] => {
            threads()?.block_on(roles::serve::run(Path::new(folder), roles::serve::Scene::read(scene)?))
        }
        families => {
            // One thread, so that the load generator leaves the other core to what it measures.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(measure_families(families))
        }
    }
}

/// Measures the families that are named, or all.
async fn measure_families(families: &[&str]) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let is_wanted = |family: &str| families.is_empty() || families.contains(&family);
    table::print_head();
    if is_wanted("exchanges") {
        exchanges::measure(&folder).await?;
    }
    if is_wanted("first-sync") {
        first_sync::measure(&folder).await?;
    }
    if is_wanted("crowd") {
        crowd::measure(&folder).await?;
    }
    if is_wanted("writes") {
        writes::measure(&folder).await?;
    }
    if is_wanted("checkpoints") {
        checkpoints::measure(&folder).await?;
    }
    if is_wanted("people-file") {
        people_file::measure(&folder).await?;
    }
    if is_wanted("notices") {
        notices::measure(&folder).await?;
    }
    if is_wanted("start") {
        start::measure(&folder).await?;
    }
    if is_wanted("scale") {
        scale::measure(&folder).await?;
    }
    Ok(())
}
