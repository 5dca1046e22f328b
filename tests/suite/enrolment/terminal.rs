//! A device at the terminal that is enrolled by code, with its replica on the disk.

use std::path::{Path, PathBuf};

use cumbre::device::{DeviceArguments, DeviceCommand, EnrolArguments, Enrolment, execute, store::SqliteStore};
use serde_json::{Value, json};
use shared::replica::RowFilter;

use super::cast::{area, code, path};
use crate::harness::Site;

async fn run(store: &Path, command: DeviceCommand) -> Result<String, String> {
    let mut output = Vec::new();
    let arguments = DeviceArguments { store: store.to_owned(), command };
    execute(arguments, &mut output).await.map_err(|error| error.to_string())?;
    Ok(String::from_utf8(output).unwrap())
}

fn enrol(site: &Site, code: &str) -> DeviceCommand {
    let (server, code) = (site.node.base(), code.to_owned());
    DeviceCommand::Enrol(EnrolArguments { server, code, name: "Terminal".to_owned() })
}

/// Where the terminals of a test keep their files.
fn folder(site: &Site) -> PathBuf {
    site.node.app().config.data_folder.clone()
}

/// How many rows of its roster the file holds, by the name of the collection.
fn count(store: &Path, collection: &str) -> usize {
    let mut store = SqliteStore::open(store).unwrap();
    let mut replica = Enrolment::load(&mut store).unwrap().open(store).unwrap();
    replica.list_held(&RowFilter::of_collection(collection)).unwrap().len()
}

on_both! {
    async fn a_terminal_is_enrolled_by_code_or_link_and_keeps_its_roster_on_the_disk(site) {
        let folder = folder(site);
        for (file, form) in [("one.sqlite3", "code"), ("two.sqlite3", "link")] {
            let store = folder.join(file);
            let told = code(site, &json!({ "name": "Door of the library", "profile": "door" })).await;
            let said = run(&store, enrol(site, told[form].as_str().unwrap())).await.unwrap();
            assert!(said.starts_with("Enrolled for week-2018 as Door of the library (door)."), "{said}");
            assert_eq!(count(&store, "roster_sessions"), 6);
            let again = run(&folder.join("three.sqlite3"), enrol(site, told[form].as_str().unwrap())).await;
            assert!(again.unwrap_err().contains("credential_refused"));
        }
        area(site, "library-area", json!({ "room": site.week.id("library") })).await;
        let store = folder.join("one.sqlite3");
        run(&store, DeviceCommand::Sync).await.unwrap();
        assert_eq!(count(&store, "access_areas"), 1);
        let organiser = site.organiser().await;
        let items = organiser.get(&path(site, "/enrolments")).await.expect(200).json()["items"].clone();
        let versions: Vec<&Value> = items.as_array().unwrap().iter().map(|item| &item["app_version"]).collect();
        assert_eq!(versions, [concat!("cumbre ", env!("CARGO_PKG_VERSION")); 2]);
        let told = |field: &str| items.as_array().unwrap().iter().all(|item| item.get(field).is_some());
        assert!(told("unsent_scans") && told("last_seen_at"), "{items}");
    }

    async fn a_revoked_terminal_loses_its_roster_at_the_next_sync(site) {
        let folder = folder(site);
        let store = folder.join("device.sqlite3");
        let told = code(site, &json!({ "name": "Door", "profile": "full" })).await;
        run(&store, enrol(site, told["code"].as_str().unwrap())).await.unwrap();
        let device = Enrolment::load(&mut SqliteStore::open(&store).unwrap()).unwrap().device;
        let target = path(site, &format!("/enrolments/{device}/revoke"));
        site.organiser().await.post(&target, &json!(null)).await.expect(200);
        run(&store, DeviceCommand::Sync).await.unwrap();
        assert_eq!(count(&store, "roster_sessions"), 0);
        assert!(count(&store, "sessions") > 0, "the public programme stays");
    }
}
