//! A synthetic crowd comes as real people do.

use std::collections::BTreeMap;

use cumbre::administration::crowd::{Gathered, Order, gather};
use serde_json::{Value, json};
use shared::programme::Collection;

use crate::harness::{Actor, Site};

const PEOPLE: usize = 260;

async fn come(site: &Site, seed: u64) -> Gathered {
    gather(site.node.app(), &site.week.slug, Order { people: PEOPLE, seed }).await.unwrap()
}

/// How often each value of a field stands in a list.
async fn tally(olga: &Actor, path: &str, field: &str) -> BTreeMap<String, usize> {
    let items = olga.list_by_pages(&format!("/v1/events/week-2018{path}"), 100).await;
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item[field].as_str().unwrap_or("none").to_owned()).or_insert(0) += 1;
    }
    counts
}

on_both! {
    async fn a_crowd_registers_is_invited_answers_and_asks_for_seats(site) {
        let olga = site.organiser().await;
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 12 })).await;
        let gathered = come(site, 7).await;
        assert_eq!((gathered.people, gathered.sign_ups), (PEOPLE, 11));
        assert_eq!(olga.list_by_pages("/v1/events/week-2018/delegations", 100).await.len(), 26);
        let categories = tally(&olga, "/registrations", "category").await;
        assert_eq!(categories.len(), 4, "{categories:?}");
        let statuses = tally(&olga, "/registrations", "status").await;
        assert_eq!(statuses.values().sum::<usize>(), PEOPLE);
        assert!(statuses["confirmed"] > 200 && statuses["requested"] > 0 && statuses["invited"] > 0, "{statuses:?}");
        let answers = tally(&olga, "/invitations", "answer").await;
        assert_eq!(answers.values().sum::<usize>(), 156, "six of each country");
        assert_eq!(answers["pending"], gathered.invitations - gathered.answers);
        assert!(answers["accepted"] > 80 && answers["declined"] > 0, "{answers:?}");
        let seats = tally(&olga, &format!("/sessions/{}/sign-ups", site.week.id("visit")), "state").await;
        assert_eq!(seats, [("confirmed".to_owned(), 11)].into());
        assert_eq!(site.post.letters().len(), 0, "nobody mails invented people");
    }

    async fn a_crowd_that_comes_too_late_is_told_why_nobody_answers(site) {
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 12 })).await;
        site.clock.advance_ms(30 * 86_400_000);
        let gathered = come(site, 7).await;
        assert_eq!((gathered.people, gathered.answers, gathered.sign_ups), (PEOPLE, 0, 0));
        let told = gathered.describe();
        assert!(gathered.shut_out > 100 && told.contains(&format!("{} could not", gathered.shut_out)), "{told}");
    }

    async fn a_crowd_that_comes_again_changes_nothing_and_another_one_is_of_others(site) {
        let olga = site.organiser().await;
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 12 })).await;
        come(site, 7).await;
        let state = async || -> Vec<Vec<Value>> {
            let mut lists = Vec::new();
            for list in ["registrations", "invitations", "delegations", "categories"] {
                lists.push(olga.list_by_pages(&format!("/v1/events/week-2018/{list}"), 100).await);
            }
            lists
        };
        let before = state().await;
        assert_eq!(come(site, 7).await, Gathered::default());
        assert_eq!(state().await, before);
        assert_eq!(come(site, 8).await.people, PEOPLE);
        let roles = tally(&olga, "/registrations", "delegation_role").await;
        assert_eq!(roles["head"], 26, "a delegation has one: {roles:?}");
    }
}
