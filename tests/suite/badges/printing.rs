//! Badges as PDF, from what is registered to what a camera and a reader find in it.

use std::process::Command;

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::ids::AttendeeId;

use super::cast::{carrier, confirm, list, paper};
use crate::harness::{Answer, Site};
use crate::people::cast::{delegation, path, registration, with_role};

/// What a program writes about a document.
fn read_with(program: &str, arguments: &[&str], pdf: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("badges.pdf");
    std::fs::write(&file, pdf).unwrap();
    let arguments = arguments.iter().map(|argument| argument.replace("FILE", file.to_str().unwrap()));
    Command::new(program).args(arguments).output().unwrap().stdout
}

fn text_of(pdf: &Answer) -> String {
    assert_eq!(pdf.header("content-type"), "application/pdf");
    String::from_utf8(read_with("pdftotext", &["FILE", "-"], &pdf.body)).unwrap()
}

/// The codes on the first page, as zbar reads them.
fn codes_of(pdf: &Answer) -> Vec<String> {
    let page = read_with("pdftoppm", &["-gray", "-r", "150", "-f", "1", "-l", "1", "FILE"], &pdf.body);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pgm");
    std::fs::write(&file, page).unwrap();
    let arguments = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file.to_str().unwrap()];
    let read = Command::new("zbarimg").args(arguments).output().unwrap().stdout;
    let mut codes: Vec<String> = String::from_utf8(read).unwrap().lines().map(str::to_owned).collect();
    codes.sort();
    codes.dedup();
    codes
}

async fn name(site: &Site, who: &str, details: Value) -> AttendeeId {
    let attendee = site.week.attendee(who);
    let patch = json!({ "details": details });
    let target = path(site, &format!("/attendees/{attendee}/registration"));
    site.organiser().await.patch(&target, &patch).await.expect(200);
    attendee
}

on_both! {
    async fn a_badge_says_who_it_is_as_the_person_wants_it(site) {
        confirm(site, &["ana"]).await;
        name(site, "ana", json!({ "badge_name": "Ana Belén 王", "form_of_address": "Dra.", "organisation": "OIJ" })).await;
        let dan = with_role(site, "dan", Role::Desk).await;
        let printed = paper(site, &dan, "ana").await;
        assert_eq!(printed["pdf"], path(site, "/").replace(&site.week.slug, &site.week.event.to_string()) + &format!("badges/{}/pdf", printed["carrier"]));
        let pdf = dan.get(printed["pdf"].as_str().unwrap()).await.expect(200);
        let text = text_of(&pdf);
        for part in ["Ana Belén", "王", "Dra.", "OIJ", "delegates"] {
            assert_eq!(text.matches(part).count(), 2, "{part} on both sides: {text}");
        }
        assert_eq!(codes_of(&pdf), [printed["token"].as_str().unwrap()]);
        assert_eq!(pdf.header("cumbre-missing-characters"), "");
    }

    async fn what_no_font_has_is_told(site) {
        confirm(site, &["ana"]).await;
        name(site, "ana", json!({ "badge_name": "Ana \u{1F9FF}" })).await;
        let olga = site.organiser().await;
        let phone = list(site, &olga, "ana").await.remove(0);
        let pdf = olga.get(&carrier(site, &phone, "pdf?format=card&paper=a4&language=en")).await.expect(200);
        assert_eq!(pdf.header("cumbre-missing-characters"), "U+1F9FF");
    }

    async fn the_badges_of_a_delegation_come_in_one_go_and_the_second_time_the_same(site) {
        let delegates = confirm(site, &["ana", "bruno", "carla"]).await;
        let olga = site.organiser().await;
        let chile = delegation(site, "chile", json!({})).await;
        for who in ["ana", "bruno"] {
            let target = registration(site, &site.week.attendee(who).to_string());
            olga.patch(&target, &json!({ "delegation": chile })).await.expect(200);
        }
        let dan = with_role(site, "dan", Role::DeskLead).await;
        let order = json!({ "delegation": chile });
        let first = dan.post(&path(site, "/badges/print"), &order).await.expect(200);
        let text = text_of(&first);
        assert!(text.contains("ana") && text.contains("bruno") && !text.contains("carla"), "{text}");
        let printed = |badges: Vec<Value>| badges.into_iter().filter(|one| one["kind"] == "paper").collect::<Vec<_>>();
        let mut tokens = Vec::new();
        for who in ["ana", "bruno"] {
            let papers = printed(list(site, &olga, who).await);
            assert_eq!(papers.len(), 1);
            tokens.push(papers[0]["token"].as_str().unwrap().to_owned());
        }
        tokens.sort();
        assert_eq!(codes_of(&first), tokens);
        let again = dan.post(&path(site, "/badges/print"), &order).await.expect(200);
        assert_eq!((codes_of(&again), printed(list(site, &olga, "ana").await).len()), (tokens, 1));
        let everybody = dan.post(&path(site, "/badges/print"), &json!({ "format": "card", "paper": "a4" })).await.expect(200);
        assert_eq!(codes_of(&everybody).len(), 3);
        let one = json!({ "attendees": [site.week.attendee("carla")], "category": delegates, "paper": "single" });
        assert_eq!(codes_of(&dan.post(&path(site, "/badges/print"), &one).await.expect(200)).len(), 1);
    }
}
