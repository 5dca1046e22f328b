//! The desk at the terminal: lines of badges in, verdicts out, with and without a network.

mod faults;
mod kills;
mod stolen;

use cumbre::device::desk::{DeskArguments, check, exchange};
use cumbre::device::{DeviceArguments, DeviceCommand, EnrolArguments, execute};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::enrolment::cast::{area, checkpoint, code, path};
use crate::harness::Site;
use crate::people::cast::{category, delegation, move_to, put};

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

    /// What it says to these lines, between which the network is there for a moment.
    async fn says_around_a_sync(&self, before: &[&str], after: &[&str]) -> Vec<String> {
        let arguments =
            DeskArguments { store: self.store(), checkpoint: None, language: "en".to_owned(), offline: true };
        let [before, after] =
            [before, after].map(|lines| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        let (store, runtime) = (self.store(), tokio::runtime::Handle::current());
        let answer = move || {
            let sync = std::iter::once_with(|| {
                runtime.block_on(exchange(&store)).unwrap();
                String::new()
            });
            let mut output = Vec::new();
            check(&arguments, before.into_iter().chain(sync).chain(after), &mut output).unwrap();
            String::from_utf8(output).unwrap().lines().skip(1).map(str::to_owned).collect()
        };
        tokio::task::spawn_blocking(answer).await.unwrap()
    }

    /// What it says to these lines with the network there.
    async fn says_connected(&self, lines: &[&str]) -> Vec<String> {
        let arguments =
            DeskArguments { store: self.store(), checkpoint: None, language: "en".to_owned(), offline: false };
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let answer = move || {
            let mut output = Vec::new();
            check(&arguments, lines.into_iter(), &mut output).unwrap();
            String::from_utf8(output).unwrap().lines().skip(1).map(str::to_owned).collect()
        };
        tokio::task::spawn_blocking(answer).await.unwrap()
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

    async fn who_came_in_by_another_door_goes_out_by_this_one_and_comes_back_with_the_cable_out(site) {
        let hall = area(site, "hall", json!({ "rule": "in_and_out", "capacity": 1 })).await;
        let (east, west) = (checkpoint(site, "east", &hall).await, checkpoint(site, "west", &hall).await);
        let experts = category(site, "experts", json!({})).await;
        let (ana, bruno) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await);
        let first = Desk::enrol(site, "full", &east).await;
        first.says(&[&ana]);
        first.sync().await;
        let desk = Desk::enrol(site, "full", &west).await;
        let said = desk.says(&[&bruno, ":out", &ana, ":in", &bruno, ":out", &bruno, ":in", &ana, &ana]);
        let let_in = |line: usize| said[line].starts_with("YES ");
        assert!(!let_in(0), "it is full: {said:?}");
        assert!(let_in(2) && let_in(4), "one went, so another comes: {said:?}");
        assert!(let_in(6) && let_in(8) && !let_in(9), "and back again, once: {said:?}");
    }

    async fn a_way_through_that_was_handed_in_is_taken_back_with_the_cable_out(site) {
        let hall = area(site, "hall", json!({ "rule": "in_and_out" })).await;
        let door = checkpoint(site, "hall-door", &hall).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says_around_a_sync(&[&ana, ":out", &ana], &[":undo", ":in", &ana]).await;
        assert_eq!(said[3], "Taken back.");
        assert!(said[5].starts_with("NO "), "she has not gone out: {said:?}");
        desk.sync().await;
        let said = desk.says_around_a_sync(&[":out", &ana, ":in", &ana], &[":undo", ":in", &ana]).await;
        assert!(said[6].starts_with("YES "), "nor come in again: {said:?}");
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

    async fn a_desk_registers_who_walks_in_with_the_cable_out_and_every_door_takes_the_badge(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "visitors", json!({ "enrolment": "automatic" })).await;
        category(site, "ministers", json!({})).await;
        let desk = Desk::enrol(site, "full", &door).await;
        // It was enrolled, and has had no network since.
        let other = Desk::enrol(site, "door", &door).await;
        let said = desk.says(&[":categories", ":walk-in Ana Soto / ministers", ":walk-in José Núñez / visitors / jose@example.org"]);
        assert_eq!(said[..2], ["Categories: visitors.".to_owned(), "Categories: visitors.".to_owned()]);
        assert_eq!(said[2], "Registered: José Núñez.");
        let here = desk.says(&[":find nunez", ":badges 1", &said[3]]);
        assert_eq!(here[0], "1. José Núñez", "the desk finds whom the server has not heard of");
        assert!(here[1].contains("provisional"), "{here:?}");
        assert!(here[2].starts_with("YES ") && here[2].contains("José Núñez"), "{here:?}");
        let let_in = other.says(&[&said[3], &said[3]]);
        assert!(let_in.iter().all(|line| line.starts_with("YES ")), "{let_in:?}");
        desk.sync().await;
        other.sync().await;
        assert_eq!(admitted(site).await, 3, "every scan is kept");
        let said = desk.says(&[":find nunez", ":take 1"]);
        assert!(said[0].contains("José Núñez") && said[1].starts_with("YES "), "{said:?}");
    }

    async fn somebody_who_walked_in_is_taken_by_name_before_the_server_has_heard_of_them(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "visitors", json!({ "enrolment": "automatic" })).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[":walk-in José Núñez / visitors", ":find jose", ":take 1", ":note 1 Ask for the letter."]);
        assert!(said[3].starts_with("YES ") && said[3].contains("José Núñez"), "{said:?}");
        desk.sync().await;
        let said = desk.says(&[":find jose", ":take 1", ":refused"]);
        assert!(said[1].contains("Ask for the letter."), "{said:?}");
        assert_eq!(said[2], "Nothing was refused.");
    }

    async fn whoever_walks_in_where_an_organiser_approves_has_a_badge_that_says_so(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "press", json!({ "enrolment": "on_approval" })).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let other = Desk::enrol(site, "door", &door).await;
        let said = desk.says(&[":walk-in Ana Soto / press", ":find soto", ":take 1"]);
        assert_eq!(said[0], "Registered: Ana Soto. The badge lets nobody in before an organiser approves.");
        assert!(said[3].starts_with("NO "), "{said:?}");
        assert!(other.says(&[&said[1]])[0].starts_with("NO "), "{said:?}");
        desk.sync().await;
        let olga = site.organiser().await;
        let found = olga.post(&path(site, "/registrations/search"), &json!({ "text": "soto" })).await.expect(200).json();
        let attendee = found["items"][0]["attendee"].as_str().unwrap();
        move_to(site, &olga, attendee, "confirmed").await.expect(200);
        other.sync().await;
        assert!(other.says(&[&said[1]])[0].starts_with("YES "), "approved meanwhile");
    }

    async fn a_desk_whose_key_was_revoked_signs_with_another_one(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "visitors", json!({ "enrolment": "automatic" })).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let other = Desk::enrol(site, "door", &door).await;
        let before = desk.says(&[":walk-in Ana Soto / visitors"]);
        assert!(other.says(&[&before[1]])[0].starts_with("YES "));
        let olga = site.organiser().await;
        olga.post(&path(site, "/badge-keys/128/revoke"), &json!({})).await.expect(200);
        desk.sync().await;
        assert!(desk.says(&[":walk-in Eva Ruiz / visitors"])[0].starts_with("This desk has no key"));
        desk.sync().await;
        let after = desk.says(&[":find ana", ":walk-in Eva Ruiz / visitors"]);
        assert_eq!(after[..2], ["1. Ana Soto [walk-in; not confirmed yet]".to_owned(), "Registered: Eva Ruiz.".to_owned()]);
        other.sync().await;
        let told = other.says(&[&before[1], &after[2]]);
        assert!(told[0].starts_with("NO ") && told[1].starts_with("YES "), "{told:?}");
    }

    async fn a_desk_lends_hands_out_answers_and_notes_with_the_cable_out(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        guest(site, "bruno", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[
            ":loans", ":find ana", ":lend 1 receiver R-231", ":find bruno", ":lend 1 receiver R-231", ":loans",
            ":return receiver R-231", ":loans", ":undo", ":loans", ":find ana", ":hand 1", ":hand 1", ":note 1 Ask for the letter.",
        ]);
        assert_eq!((said[0].as_str(), said[2].as_str()), ("Nothing is out.", "receiver R-231: ana."));
        assert_eq!(said[4], "receiver R-231: bruno. It was out, with ana.");
        assert_eq!(said[5], "receiver R-231: ana, bruno");
        assert_eq!(said[6], "receiver R-231: back (ana, bruno).");
        assert_eq!((said[7].as_str(), said[8].as_str(), said[9].as_str()), ("Nothing is out.", "Taken back.", "receiver R-231: ana, bruno"));
        assert_eq!((said[11].as_str(), said[12].as_str()), ("Badge and envelope: 1.", "Badge and envelope: 1. Already handed out: ana."));
        assert_eq!(said[13], "Noted.");
        desk.sync().await;
        let other = Desk::enrol(site, "full", &door).await;
        let said = other.says(&[":loans", &ana, ":refused"]);
        assert_eq!(said[0], "receiver R-231: ana, bruno");
        assert!(said[1].contains("Ask for the letter."), "{said:?}");
        assert_eq!(said[2], "Nothing was refused.");
    }

    async fn a_desk_lead_sees_what_is_odd_and_settles_it_with_the_cable_out(site) {
        let lunch = area(site, "lunch", json!({ "rule": "once" })).await;
        let door = checkpoint(site, "lunch-door", &lunch).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let olga = site.organiser().await;
        let check = path(site, &format!("/checkpoints/{door}/check"));
        let offline = Desk::enrol(site, "door", &door).await;
        olga.post(&check, &json!({ "code": ana })).await.expect(200);
        assert!(offline.says(&[&ana])[0].starts_with("YES "), "it has not heard of the first");
        offline.sync().await;
        let desk = Desk::enrol(site, "full", &door).await;
        desk.sync().await;
        let said = desk.says(&[":incidents", ":resolve 1"]);
        assert!(said[0].starts_with("1. Used twice: ana: lunch-door ") && said.len() == 2, "{said:?}");
        assert_eq!(said[1], "This device does not settle incidents: ask a desk lead.");
        let enrolled = olga.get(&path(site, "/enrolments")).await.expect(200).json();
        let device = enrolled["items"].as_array().unwrap().iter().find(|one| one["profile"] == "full").unwrap();
        let device = device["device"].as_str().unwrap();
        olga.patch(&path(site, &format!("/enrolments/{device}")), &json!({ "is_lead": true })).await.expect(200);
        desk.sync().await;
        let said = desk.says(&[":resolve 1", ":incidents", ":resolve 2", ":resolve 1 Two plates.", ":incidents"]);
        assert!(said[0].contains(":resolve NUMBER") && said[2].contains(":resolve NUMBER"), "{said:?}");
        assert_eq!((said[3].as_str(), said[4].as_str()), ("Noted.", "Nothing is odd."));
        desk.sync().await;
        let settled = olga.get(&path(site, "/incidents?state=resolved")).await.expect(200).json();
        assert_eq!(settled["items"][0]["note"], "Two plates.");
        assert_eq!(desk.says(&[":incidents", ":refused"]), ["Nothing is odd.", "Nothing was refused."]);
    }

    async fn a_lost_badge_is_void_at_this_desk_at_once_and_another_one_is_printed(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        desk.sync().await;
        let printed = desk.says_connected(&[":find ana", ":print 1", ":print 7"]).await;
        let carrier = printed[1].strip_prefix("New badge ").and_then(|rest| rest.strip_suffix(": ana.")).unwrap();
        let (carrier, paper) = (carrier.to_owned(), printed[2].clone());
        assert!(printed[3].contains(":print NUMBER"), "{printed:?}");
        desk.sync().await;
        let lost = format!(":void 1 {carrier} lost");
        let said = desk.says(&[&paper, ":find ana", ":badges 1", ":void 1 999999 lost", &lost, ":badges 1", &paper, ":print 1"]);
        assert!(said[0].starts_with("YES ana."), "{said:?}");
        // Carriers have random numbers, and are listed by those.
        assert!(said[2..4].iter().any(|line| line.ends_with(": phone")), "{said:?}");
        assert!(said[2..4].contains(&format!("{carrier}: paper")), "{said:?}");
        assert!(said[4].contains(":void NUMBER"), "it is not ana's: {said:?}");
        assert!(said[5] == "Noted." && said[6..8].contains(&format!("{carrier}: paper, void")), "{said:?}");
        assert!(said[8].starts_with("NO ana. This badge"), "{said:?}");
        assert!(said[9].starts_with("This needs the network"), "{said:?}");
        assert!(desk.says(&[&paper])[0].starts_with("NO "), "also when it is started again");
        desk.sync().await;
        let other = Desk::enrol(site, "full", &door).await;
        assert!(other.says(&[&paper])[0].starts_with("NO ana. This badge"));
        assert_eq!(desk.says(&[":refused"]), ["Nothing was refused."]);
    }

    async fn a_desk_puts_a_name_right_and_gives_a_code_while_it_is_connected(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let body = json!({ "name": "Jose Nunes", "category": experts });
        let olga = site.organiser().await;
        let new = olga.post(&path(site, "/registrations"), &body).await.expect(201).json();
        let desk = Desk::enrol(site, "full", &door).await;
        desk.sync().await;
        let offline = desk.says(&[":find jose nunes", ":name 1 José Núñez", ":email 1 jose@example.org", ":code 1"]);
        assert!(offline[1..].iter().all(|said| said.starts_with("This needs the network")), "{offline:?}");
        let said = desk.says_connected(&[":find jose nunes", ":name 1 José Núñez", ":email 1 jose@example.org", ":code 1", ":code 7"]).await;
        assert_eq!((said[1].as_str(), said[2].as_str()), ("Corrected: José Núñez.", "Corrected: José Núñez, jose@example.org."));
        let code = said[3].strip_prefix("Sign-in code: ").and_then(|rest| rest.split(' ').next()).unwrap();
        assert!(said[4].contains(":code NUMBER"), "{said:?}");
        let sign_in = json!({ "code": code, "device": { "name": "Phone", "kind": "phone" } });
        let signed_in = site.anonymous().post("/v1/sign-in", &sign_in).await.expect(200).json();
        assert_eq!(signed_in["attendees"][0]["id"], new["attendee"]);
        // The address is in use from now on, and the server says so.
        let refused = desk.says_connected(&[":find jose nunes", ":email 1 thief@example.org"]).await;
        assert!(refused[1].starts_with("Refused: "), "{refused:?}");
        desk.sync().await;
        assert!(desk.says(&[":find nunez jose"])[0].starts_with("1. José Núñez"));
        // A door has no business with it.
        let tablet = Desk::enrol(site, "door", &door).await;
        assert!(tablet.says_connected(&[":code 1"]).await[0].contains(":code NUMBER"));
    }

    async fn a_steward_sees_who_is_missing_and_how_many_are_in_the_coach(site) {
        let olga = site.organiser().await;
        let transfer = json!({ "slug": "to-the-mine", "title": { "en": "To the mine" }, "kind": "transfer", "state": "published",
            "starts_at": "2018-11-26T11:00:00Z", "ends_at": "2018-11-26T12:00:00Z" });
        let transfer = olga.post(&path(site, "/sessions"), &transfer).await.expect(201).json();
        let out = area(site, "out", json!({ "session": transfer["id"], "rule": "once" })).await;
        let coach = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "session": transfer["id"], "seats": 2 });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let bus = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "kind": "bus", "area": out, "vehicle": coach["id"] });
        let bus = olga.post(&path(site, "/checkpoints"), &bus).await.expect(201).json();
        let experts = category(site, "experts", json!({})).await;
        let (ana, bruno) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await);
        let carla = guest(site, "carla", &experts).await;
        let desk = Desk::enrol(site, "full", bus["id"].as_str().unwrap()).await;
        let said = desk.says(&[&ana, ":missing", &bruno, &carla, ":missing"]);
        assert_eq!(said[1], "1 of 3. Coach 3: 1 of 2. Missing: bruno; carla.");
        assert!(said[3].starts_with("NO ") && said[3].contains("no room"), "{said:?}");
        assert_eq!(said[4], "2 of 3. Coach 3: 2 of 2. Missing: carla.");
        let door = Desk::enrol(site, "door", bus["id"].as_str().unwrap()).await;
        desk.sync().await;
        door.sync().await;
        assert_eq!(door.says(&[":missing"]), ["2 of 3. Coach 3: 2 of 2. Missing: 1 (without a name here)."]);
    }

    async fn the_device_of_a_coach_names_who_is_missing_at_which_stop_and_no_one_else(site) {
        let olga = site.organiser().await;
        let transfer = json!({ "slug": "to-the-mine", "title": { "en": "To the mine" }, "kind": "transfer", "state": "published",
            "starts_at": "2018-11-26T11:00:00Z", "ends_at": "2018-11-26T12:00:00Z" });
        let transfer = olga.post(&path(site, "/sessions"), &transfer).await.expect(201).json();
        let out = area(site, "out", json!({ "session": transfer["id"], "rule": "once" })).await;
        let experts = category(site, "experts", json!({})).await;
        let (ana, _, _) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await, guest(site, "carla", &experts).await);
        let rides = |who: &str, stop: u32| json!({ "attendee": site.week.attendee(who), "stop": stop });
        let coach = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "session": transfer["id"], "seats": 45,
            "stops": [{ "place": { "en": "Hotel Sur" }, "at": "2018-11-26T11:10:00Z" }, { "place": { "en": "Hotel Norte" } }],
            "passengers": [rides("ana", 0), rides("bruno", 0), rides("carla", 1)] });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let bus = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "kind": "bus", "area": out, "vehicle": coach["id"] });
        let bus = olga.post(&path(site, "/checkpoints"), &bus).await.expect(201).json();
        let (bus, told) = (bus["id"].as_str().unwrap(), "1 of 3. Coach 3: 1 of 45. Hotel Sur 08:10: 1 of 2. Hotel Norte: 0 of 1. \
             Missing: bruno [Hotel Sur 08:10]; carla [Hotel Norte].");
        for profile in ["door", "full"] {
            let desk = Desk::enrol(site, profile, bus).await;
            let said = desk.says(&[&ana, ":missing"]);
            assert_eq!(said[1], told, "{profile}");
        }
        // The way back awaits who came, by the names of the way there.
        let back = json!({ "slug": "from-the-mine", "title": { "en": "Back" }, "kind": "transfer", "state": "published",
            "starts_at": "2018-11-26T20:00:00Z", "ends_at": "2018-11-26T21:00:00Z" });
        let back = olga.post(&path(site, "/sessions"), &back).await.expect(201).json();
        let home = area(site, "home", json!({ "session": back["id"], "rule": "once", "way_back_of": out })).await;
        let coach = json!({ "slug": "coach-4", "name": { "en": "Coach 4" }, "session": back["id"], "seats": 45 });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let bus = json!({ "slug": "coach-4", "name": { "en": "Coach 4" }, "kind": "bus", "area": home, "vehicle": coach["id"] });
        let last = olga.post(&path(site, "/checkpoints"), &bus).await.expect(201).json();
        olga.post(&path(site, "/checkpoints/coach-3/check"), &json!({ "code": ana })).await.expect(200);
        let desk = Desk::enrol(site, "door", last["id"].as_str().unwrap()).await;
        assert_eq!(desk.says(&[":missing"]), ["0 of 1. Coach 4: 0 of 45. Missing: ana [Hotel Sur 08:10]."]);
    }

    async fn a_desk_knows_how_many_of_a_delegation_may_be_inside(site) {
        let dialogue = area(site, "dialogue", json!({ "session": session(site).await })).await;
        let door = checkpoint(site, "dialogue-door", &dialogue).await;
        let experts = category(site, "experts", json!({})).await;
        let chile = delegation(site, "chile", json!({ "quotas": [{ "session": session(site).await, "inside_at_most": 1 }] })).await;
        let (ana, bruno) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await);
        let olga = site.organiser().await;
        for who in ["ana", "bruno"] {
            let at = path(site, &format!("/attendees/{}/registration", site.week.attendee(who)));
            olga.patch(&at, &json!({ "delegation": chile })).await.expect(200);
        }
        for profile in ["full", "door"] {
            let desk = Desk::enrol(site, profile, &door).await;
            let said = desk.says(&[&ana, &bruno, ":out", &ana, ":in", &bruno]);
            let words: Vec<&str> = said.iter().map(|line| line.split(' ').next().unwrap()).collect();
            assert_eq!(words, ["YES", "NO", "Exits.", "YES", "Entries.", "YES"], "{profile}: {said:?}");
        }
    }
}

/// A published session without a time: it is entered whenever.
async fn session(site: &Site) -> String {
    let olga = site.organiser().await;
    let found = olga.get(&path(site, "/sessions/dialogue-of-ministers")).await;
    if found.status == 200 {
        return found.json()["id"].as_str().unwrap().to_owned();
    }
    let body = json!({ "slug": "dialogue-of-ministers", "title": { "en": "Dialogue" }, "kind": "session", "state": "published",
        "day": "2018-11-26", "order": 1 });
    olga.post(&path(site, "/sessions"), &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}
