//! The desk at the terminal: lines of badges in, verdicts out, with and without a network.

use cumbre::device::desk::{DeskArguments, check, exchange};
use cumbre::device::{DeviceArguments, DeviceCommand, EnrolArguments, execute};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::enrolment::cast::{area, checkpoint, code, path};
use crate::harness::Site;
use crate::people::cast::{category, move_to, put};

/// A desk with a database of its own.
struct Desk {
    folder: TempDir,
}

impl Desk {
    /// Enrolled by a code, at the only checkpoint that it may check at.
    async fn enrol(site: &Site, profile: &str, checkpoint: &str) -> Self {
        let code = code(site, &json!({ "name": "Desk 1", "profile": profile, "checkpoints": [checkpoint] })).await;
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let how = EnrolArguments {
            server: site.node.base(),
            code: code["code"].as_str().unwrap().to_owned(),
            name: "Terminal".to_owned(),
        };
        let arguments = DeviceArguments { store: desk.store(), command: DeviceCommand::Enrol(how) };
        execute(arguments, &mut Vec::new()).await.unwrap();
        desk
    }

    fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("desk.sqlite3")
    }

    /// What it says to these lines, one answer a line, without any network.
    fn says(&self, lines: &[&str]) -> Vec<String> {
        let arguments =
            DeskArguments { store: self.store(), checkpoint: None, language: "en".to_owned(), offline: true };
        let mut output = Vec::new();
        check(&arguments, lines.iter().map(|line| (*line).to_owned()), &mut output).unwrap();
        let said = String::from_utf8(output).unwrap();
        said.lines().skip(1).map(str::to_owned).collect()
    }

    /// The network is back.
    async fn sync(&self) {
        exchange(&self.store()).await.unwrap();
    }
}

/// Somebody confirmed, and the text of the badge on their phone.
async fn guest(site: &Site, name: &str, category: &str) -> String {
    let (olga, attendee) = (site.organiser().await, site.week.attendee(name));
    put(site, &olga, attendee, json!({ "category": category })).await;
    move_to(site, &olga, &attendee.to_string(), "confirmed").await.expect(200);
    let mut phone = site.device(name).await;
    phone.sync().await;
    let badges = phone.list("badges");
    let badge: Value = serde_json::from_str(&badges.first().expect("a phone shows its badge").value).unwrap();
    badge["token"].as_str().unwrap().to_owned()
}

async fn admitted(site: &Site) -> usize {
    let scans = site.organiser().await.get(&path(site, "/scans/export?format=csv")).await.expect(200);
    scans.text().lines().skip(1).filter(|line| line.contains("admitted")).count()
}

on_both! {
    async fn a_desk_lets_in_once_where_once_is_the_rule_with_the_cable_out(site) {
        let lunch = area(site, "lunch", json!({ "rule": "once" })).await;
        let door = checkpoint(site, "lunch-door", &lunch).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[&ana, &ana, "a menu", ":undo", ":find an", ":nonsense"]);
        assert!(said[0].starts_with("YES ") && said[0].contains("ana"), "{said:?}");
        assert!(said[1].starts_with("NO "), "{said:?}");
        assert!(said[2].starts_with("NO ") && !said[2].contains("ana"), "{said:?}");
        assert_eq!(said[3], "Taken back.");
        assert!(said[4].starts_with("1. ") && said[4].contains("ana"), "{said:?}");
        assert!(said[5].contains(":find NAME"), "{said:?}");
        // The program ends and begins anew, still without a network: nothing is forgotten.
        assert!(desk.says(&[&ana])[0].starts_with("NO "));
        assert_eq!(admitted(site).await, 0, "nothing was handed in yet");
        desk.sync().await;
        assert_eq!(admitted(site).await, 1);
        // What is handed in counts for other desks too.
        let other = Desk::enrol(site, "door", &door).await;
        assert!(other.says(&[&ana])[0].starts_with("NO "));
        desk.sync().await;
        assert_eq!(admitted(site).await, 1, "what was handed in is not handed in again");
    }

    async fn a_door_knows_who_stands_there_by_the_badge_alone(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "door", &door).await;
        let said = desk.says(&[":find ana", &ana]);
        assert_eq!(said[0], "Nobody.", "a door has no names");
        assert!(said[1].starts_with("YES ") && said[1].contains("ana"), "the badge opens its own: {said:?}");
    }

    async fn somebody_without_a_badge_is_found_and_let_in_by_hand(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[":find ana", ":take 1", ":take 7", ":count 12"]);
        assert!(said[1].starts_with("YES ") && said[1].contains("ana"), "{said:?}");
        assert!(said[2].contains(":take NUMBER"), "{said:?}");
        assert_eq!(said[3], "Counted: 12.");
        desk.sync().await;
        let occupancy = site.organiser().await.get(&path(site, "/check-in/occupancy")).await.expect(200).text();
        assert!(occupancy.contains("\"counted\":12"), "{occupancy}");
    }
}
