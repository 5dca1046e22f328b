//! What is pasted into a delegation's chat, and read out by telephone.

use serde_json::json;

use super::cast::{address, move_session, newest_dispatch, path, phone_that_stars, work};
use crate::harness::SECRETS;
use crate::people::cast::{category, delegation, put};

on_both! {
    async fn a_delegations_text_says_what_all_of_those_are_told_whom_it_names(site) {
        let olga = site.organiser().await;
        let delegates = category(site, "delegates", json!({})).await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        for (name, of) in [("carla", &chile), ("bruno", &peru)] {
            put(site, &olga, site.week.attendee(name), json!({ "category": delegates, "delegation": of })).await.expect(200);
            phone_that_stars(site, name, "reality").await;
        }
        for session in ["quiet-lunch", "reality"] {
            move_session(site, &olga, session, json!({ "room": site.week.id("cinema") })).await;
        }
        // They stay on the list, whatever mail reaches them.
        olga.post(&path(site, "/notices/held/send"), &json!({ "asks_acknowledgement": true })).await.expect(202);
        work(site).await;
        let dispatch = newest_dispatch(site, &olga).await;
        let read = async |sheet: &str, of: &str| {
            olga.get(&address(site, &dispatch, &format!("/{sheet}{of}"))).await.expect(200).text()
        };
        for sheet in ["paste-text", "call-sheet"] {
            let perus = read(sheet, &format!("?delegation={peru}")).await;
            assert!(perus.contains("bruno") && perus.contains("The Internal Reality"), "{perus}");
            assert!(!SECRETS.iter().any(|secret| perus.contains(secret)), "{perus}");
            let chiles = read(sheet, &format!("?delegation={chile}")).await;
            assert!(chiles.contains("carla") && chiles.contains(SECRETS[1]) && chiles.contains("The Internal Reality"), "{chiles}");
            let all = read(sheet, "").await;
            let (of_chile, of_peru) = (all.find("carla").unwrap(), all.find("bruno").unwrap());
            assert!(all.find(SECRETS[1]).is_some_and(|at| at < of_chile && of_chile < of_peru), "{all}");
        }
    }
}
