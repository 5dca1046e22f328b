//! Who may import whom, read from the `use` lines and paths of the sources.

use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(repository()).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources under {}", folder.display());
    found
}

fn is_test(name: &str) -> bool {
    name.ends_with("tests.rs") || name.contains("/tests/")
}

/// The code without its unit tests and comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn assert_none(folder: &str, forbidden: &[&str], is_exempt: impl Fn(&str) -> bool) {
    let mut faults = Vec::new();
    for (name, text) in sources(&repository().join(folder)) {
        if is_exempt(&name) || is_test(&name) {
            continue;
        }
        let code = code(&text);
        faults.extend(forbidden.iter().filter(|word| code.contains(**word)).map(|word| format!("{name} names {word}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn shared_knows_no_io_no_clock_no_database_and_nothing_of_the_server() {
    let forbidden = [
        "cumbre::",
        "diesel",
        "actix",
        "tokio",
        "reqwest",
        "std::fs",
        "std::net",
        "Utc::now",
        "SystemTime",
        "Instant::now",
    ];
    assert_none("shared/src", &forbidden, |_| false);
}

#[test]
fn the_database_knows_no_domain() {
    let domains = ["crate::programme", "crate::personal", "crate::sync", "crate::identity", "crate::formats"];
    assert_none("server/src/database", &domains, |_| false);
}

#[test]
fn rules_and_checks_know_only_shared_and_refusals() {
    let forbidden = ["crate::database", "crate::sync", "crate::app", "crate::identity", "diesel", "actix"];
    assert_none("server/src/programme/rules", &forbidden, |_| false);
    assert_none("server/src/programme/check", &forbidden, |_| false);
}

#[test]
fn only_the_edge_names_actix() {
    let edge = [
        "/app/",
        "/routes.rs",
        "/problem/",
        "/middleware/",
        "/telemetry",
        "/health.rs",
        "/negotiation.rs",
        "/web_assets.rs",
        "/http",
        "/extractors.rs",
    ];
    assert_none("server/src", &["actix_web", "actix_rt"], |name| edge.iter().any(|part| name.contains(part)));
}

#[test]
fn no_domain_names_the_exchange() {
    let forbidden = ["sync::exchange", "sync::live", "sync::mutations", "sync::public"];
    assert_none("server/src/programme", &forbidden, |name| name.contains("/http"));
    assert_none("server/src/personal", &forbidden, |_| false);
    assert_none("server/src/identity", &forbidden, |_| false);
}

#[test]
fn only_the_clock_asks_the_machine_for_the_time() {
    let exempt = ["/clock.rs", "/device/", "/middleware/", "/telemetry"];
    assert_none("server/src", &["Utc::now", "SystemTime::now"], |name| exempt.iter().any(|part| name.contains(part)));
}

#[test]
fn both_databases_have_the_same_migrations() {
    let texts = |database: &str| -> Vec<(String, String)> {
        let mut folders: Vec<PathBuf> = std::fs::read_dir(repository().join("migrations").join(database))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        folders.sort_unstable();
        assert!(!folders.is_empty(), "{database} has no migrations");
        let read = |folder: &PathBuf, file: &str| {
            let name = format!("{}/{file}", folder.file_name().unwrap().to_string_lossy());
            (name, std::fs::read_to_string(folder.join(file)).unwrap())
        };
        folders.iter().flat_map(|folder| [read(folder, "up.sql"), read(folder, "down.sql")]).collect()
    };
    assert_eq!(texts("sqlite"), texts("postgres"), "one text is to make the same tables in both");
}
