//! What is told by mail: to whom, in which words, and that none is lost.

use std::collections::BTreeSet;

use cumbre::database::schema::{accounts, attendees, mails};
use cumbre::notify::inbox::{tell, tell_with_link};
use cumbre::on;
use cumbre::sync::change_log::{Actor, PersonalLink, Unit};
use cumbre::sync::row::{RowCollection, RowKey};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use shared::ids::RecordId;
use shared::notice::NoticeKind;
use shared::programme::{Collection, RecordBody, RecordEdit};
use shared::sync::MutationResult;

use super::cast::{category, put};
use crate::harness::{Letter, Mood, SECRETS, Site};

/// Ten minutes: longer than a first pause, as long as a claim.
const LATER_MS: i64 = 10 * 60_000;

fn session(site: &Site, name: &str) -> Option<RowKey> {
    Some((RowCollection::Sessions, site.week.id(name).0))
}

async fn say(site: &Site, name: &str, kind: NoticeKind, about: Option<RowKey>, details: Value) {
    let attendee = site.week.attendee(name);
    let telling = move |unit: &mut Unit<'_>| {
        tell(unit, attendee, kind, (about, details.clone()));
        Ok(())
    };
    site.node.app().writer.unit(site.week.event, telling).await.unwrap();
}

/// The states of all mails, with their attempts and failures.
async fn states(site: &Site) -> Vec<(String, i64, Option<String>)> {
    let query = mails::table.order(mails::id).select((mails::state, mails::attempt_count, mails::failure));
    site.node.app().readers.read(move |c| on!(c, |c| query.load(c))).await.unwrap()
}

/// The states once each mail was tried and nothing is under way.
async fn settled_states(site: &Site) -> Vec<(String, i64, Option<String>)> {
    let settling = async {
        loop {
            let states = states(site).await;
            // Of what is not tried yet, or is under way, there is no failure to tell.
            let is_open = |(state, _, failure): &(String, i64, Option<String>)| state == "waiting" && failure.is_none();
            if !states.iter().any(is_open) {
                return states;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), settling).await.unwrap()
}

fn find<'a>(letters: &'a [Letter], address: &str) -> &'a Letter {
    letters.iter().find(|letter| letter.to == address).unwrap()
}

fn ids(letters: &[Letter]) -> BTreeSet<String> {
    letters.iter().map(|letter| letter.message_id.clone()).collect()
}

on_both! {
    async fn what_somebody_is_told_reaches_them_and_who_acts_for_them(site) {
        let attendee = site.week.attendee("ana");
        let about = session(site, "round-table");
        let link = PersonalLink { secret: "opensesame".to_owned(), code: Some("7KQ2-M9XT".to_owned()) };
        let telling = move |unit: &mut Unit<'_>| {
            let details = json!({ "until": "2018-11-26T12:00:00Z", "message": "We count on you." });
            tell_with_link(unit, attendee, NoticeKind::Invited, (about, details), Some(link.clone()));
            Ok(())
        };
        site.node.app().writer.unit(site.week.event, telling).await.unwrap();
        let letters = site.post.wait_for(2).await;
        let own = find(&letters, "ana@example.org");
        assert_eq!(own.subject, "Invitación: Ministers' round table");
        for part in [
            "Hola, ana:",
            "lunes 26 de noviembre de 2018, 10:30–12:00, hora de Santiago",
            "Cinema, Military Club",
            "Responder antes de: lunes 26 de noviembre de 2018, 09:00, hora de Santiago",
            "We count on you.",
            "http://cumbre.example/invitation#opensesame",
            "7KQ2-M9XT",
            "Semana de la Seguridad Ciudadana",
        ] {
            assert!(own.plain.contains(part), "{part} is not in {}", own.plain);
        }
        assert!(own.html.contains("<a href=\"http://cumbre.example/invitation#opensesame\">Responder</a>"), "{}", own.html);
        let assistants = find(&letters, "sol@example.org");
        assert!(assistants.plain.contains("ana ha recibido una invitación"), "{}", assistants.plain);
        assert!(assistants.plain.contains("porque actúa en nombre de ana"), "{}", assistants.plain);
        let mut phone = site.device("ana").await;
        phone.sync().await;
        let notices = phone.list("notices");
        assert_eq!(notices.len(), 1);
        let row: Value = serde_json::from_str(&notices[0].value).unwrap();
        assert_eq!((&row["kind"], &row["id"]), (&json!("invited"), &json!(site.week.id("round-table"))));
        assert!(!notices[0].value.contains("opensesame") && !notices[0].value.contains("7KQ2"), "the link is in the mail alone");
        assert_eq!(settled_states(site).await, vec![("sent".to_owned(), 1, None); 2]);
        let kept = mails::table.select((mails::address, mails::body));
        let kept: Vec<(String, String)> = site.node.app().readers.read(move |c| on!(c, |c| kept.load(c))).await.unwrap();
        assert_eq!(kept, vec![(String::new(), "{}".to_owned()); 2], "what was sent is forgotten");
    }

    async fn who_is_asked_to_come_reads_where_and_how_to_answer(site) {
        let olga = site.organiser().await;
        let guests = category(site, "guests", json!({})).await;
        put(site, &olga, site.week.attendee("ana"), json!({ "category": guests, "status": "invited" })).await.expect(200);
        let letters = site.post.wait_for(2).await;
        let own = find(&letters, "ana@example.org");
        let page = format!("http://cumbre.example/?event={}#/registration", site.week.slug);
        assert!(own.plain.contains(&page) && own.plain.contains("Entre allí con la dirección"), "{}", own.plain);
        assert!(own.html.contains(&format!("<a href=\"{page}\">Responder</a>")), "{}", own.html);
        assert!(find(&letters, "sol@example.org").plain.contains(&page));
    }

    async fn a_mail_names_nothing_that_its_reader_may_not_see(site) {
        // bruno is neither minister nor adviser.
        let gated = [("round-table", NoticeKind::Invited), ("quiet-lunch", NoticeKind::SeatGiven), ("quiet-lunch", NoticeKind::SeatMoved)];
        for (name, kind) in gated {
            say(site, "bruno", kind, session(site, name), json!({})).await;
        }
        assert_eq!(settled_states(site).await, vec![("dropped".to_owned(), 1, None); 6]);
        for name in ["quiet-lunch", "round-table", "briefing"] {
            say(site, "bruno", NoticeKind::InvitationWithdrawn, session(site, name), json!({})).await;
        }
        let letters = site.post.wait_for(6).await;
        let told = letters.iter().map(|letter| format!("{} {} {}", letter.subject, letter.plain, letter.html));
        let told: String = told.collect();
        for secret in SECRETS.iter().copied().chain(["round table", "Patio", "Cinema"]) {
            assert!(!told.contains(secret), "{secret} is told to somebody who may not know: {told}");
        }
        // What is listed is known to everybody by its title, and not by its room.
        assert!(told.contains("Se ha retirado su invitación: Briefing of advisers."), "{told}");
        assert!(told.contains("Se ha retirado su invitación: una actividad del programa."), "{told}");
    }

    async fn a_mail_that_was_delayed_says_nothing_of_what_was_withdrawn_meanwhile(site) {
        site.post.expect_moods(&[Mood::Refuse("451 later"), Mood::Refuse("451 later")]);
        say(site, "ana", NoticeKind::Invited, session(site, "round-table"), json!({})).await;
        let failure = Some("the mail server did not take a mail: it answered 451".to_owned());
        assert_eq!(settled_states(site).await, vec![("waiting".to_owned(), 1, failure); 2]);
        site.week.withdraw(site.node.app(), "ministers", "ana").await;
        site.clock.advance_ms(LATER_MS);
        say(site, "ana", NoticeKind::PlaceConfirmed, None, json!({})).await;
        let letters = site.post.wait_for(2).await;
        assert!(letters.iter().all(|letter| letter.subject.starts_with("Plaza confirmada")), "{letters:?}");
        let states = settled_states(site).await.into_iter().map(|(state, ..)| state);
        assert_eq!(states.collect::<Vec<_>>(), ["dropped", "dropped", "sent", "sent"]);
    }

    async fn each_reads_in_their_own_language_and_in_the_time_of_the_event(site) {
        let languages = [("ana", "pt-BR"), ("bruno", "fr"), ("carla", "zh-Hans")];
        for (name, language) in languages {
            let key = (site.week.event.to_string(), site.week.attendee(name).to_string());
            let change = move |c: &mut _| {
                let set = diesel::update(attendees::table.find(key.clone())).set(attendees::language.eq(language));
                on!(c, |c| set.execute(c))
            };
            site.node.app().writer.system(change).await.unwrap();
        }
        let sol = site.week.account("sol").to_string();
        let change = move |c: &mut _| {
            on!(c, |c| diesel::update(accounts::table.find(&sol)).set(accounts::language.eq("en")).execute(c))
        };
        site.node.app().writer.system(change).await.unwrap();
        for (name, _) in languages {
            say(site, name, NoticeKind::SeatGiven, session(site, "visit"), json!({})).await;
        }
        let letters = site.post.wait_for(5).await;
        let line = |address: &str, part: &str| {
            let letter = find(&letters, address);
            assert!(letter.plain.contains(part), "{part} is not in {}", letter.plain);
        };
        line("ana@example.org", "Quando: segunda-feira, 26 de novembro de 2018, 14:00–16:00, hora de Santiago");
        line("bruno@example.org", "Quand: lundi 26 novembre 2018, 14:00–16:00, heure de Santiago");
        line("sol@example.org", "When: Monday 26 November 2018, 14:00–16:00, Santiago time");
        // There are no Chinese words yet: carla reads the event's own language.
        line("carla@example.org", "You have a seat: Visit to a police station.");
    }

    async fn a_mail_that_was_not_taken_comes_later_once_and_one_refused_for_good_does_not(site) {
        site.post.expect_moods(&[Mood::Refuse("451 try later")]);
        say(site, "carla", NoticeKind::PlaceWaitlisted, None, json!({ "waitlist_number": 12 })).await;
        site.post.wait_for_attempts(1).await;
        settled_states(site).await;
        site.post.expect_moods(&[Mood::Refuse("550 there is no carla@example.org")]);
        say(site, "carla", NoticeKind::PlaceDeclined, None, json!({ "reason": "The hall is too small." })).await;
        site.post.wait_for_attempts(2).await;
        let states = settled_states(site).await;
        assert_eq!(states[1], ("failed".to_owned(), 1, Some("the mail server did not take a mail: it answered 550".to_owned())));
        assert_eq!(site.post.letters(), []);
        site.clock.advance_ms(LATER_MS);
        site.post.wait_for_attempts(3).await;
        let letters = site.post.wait_for(1).await;
        assert!(letters[0].plain.contains("Número en la lista de espera: 12"), "{}", letters[0].plain);
        assert_eq!(settled_states(site).await[0], ("sent".to_owned(), 2, None));
    }

    async fn a_mail_whose_line_was_cut_is_sent_again_under_the_same_id(site) {
        site.post.expect_moods(&[Mood::CutAfter, Mood::CutBefore]);
        say(site, "carla", NoticeKind::PlaceConfirmed, None, json!({})).await;
        for attempts in 1..=3 {
            site.post.wait_for_attempts(attempts).await;
            settled_states(site).await;
            site.clock.advance_ms(LATER_MS);
        }
        let letters = site.post.wait_for(2).await;
        assert_eq!(ids(&letters).len(), 1, "a repeat is known by its Message-ID");
        assert_eq!(settled_states(site).await, [("sent".to_owned(), 3, None)]);
    }

    async fn a_mail_that_nobody_takes_is_given_up_after_two_days(site) {
        site.post.expect_moods(&[Mood::Refuse("421 closed"), Mood::Refuse("421 closed")]);
        say(site, "carla", NoticeKind::PlaceConfirmed, None, json!({})).await;
        site.post.wait_for_attempts(1).await;
        settled_states(site).await;
        site.clock.advance_ms(2 * 86_400_000);
        site.post.wait_for_attempts(2).await;
        assert_eq!(settled_states(site).await[0].0, "failed");
    }

    async fn who_acts_for_somebody_says_whether_mail_is_to_come(site) {
        let ana = site.week.attendee("ana");
        let mut assistants = site.device("sol").await;
        assistants.edit("notice.mail", Some(ana), json!({ "on": false }));
        assistants.sync().await;
        let refused = |profile: Value| -> Vec<String> {
            let all = profile["attendees"].as_array().unwrap().clone();
            let refused = all.into_iter().filter(|attendee| attendee["refuses_mail"] == json!(true));
            refused.map(|attendee| attendee["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(refused(assistants.actor.get("/v1/account").await.expect(200).json()), ["ana"]);
        for name in ["ana", "bruno"] {
            say(site, name, NoticeKind::PlaceConfirmed, None, json!({})).await;
        }
        let mut to: Vec<String> = site.post.wait_for(3).await.into_iter().map(|letter| letter.to).collect();
        to.sort();
        assert_eq!(to, ["ana@example.org", "bruno@example.org", "sol@example.org"]);
        assert_eq!(settled_states(site).await.len(), 3);
        assistants.edit("notice.mail", Some(ana), json!({ "on": true }));
        assistants.sync().await;
        assert_eq!(refused(assistants.actor.get("/v1/account").await.expect(200).json()), [""; 0]);
    }

    async fn who_has_seen_a_notice_first_is_written_on_it(site) {
        let ana = site.week.attendee("ana");
        for name in ["ana", "carla"] {
            say(site, name, NoticeKind::PlaceConfirmed, None, json!({})).await;
        }
        let (mut phone, mut assistants) = (site.device("ana").await, site.device("sol").await);
        phone.sync().await;
        assistants.sync().await;
        let id = phone.list("notices")[0].id.clone();
        let mut carlas = site.device("carla").await;
        carlas.sync().await;
        let foreign = carlas.list("notices")[0].id.clone();
        site.clock.advance_ms(60_000);
        let at = site.clock.now();
        assistants.edit("notice.seen", Some(ana), json!({ "ids": [id, foreign, id] }));
        assert!(matches!(assistants.sync().await[0], MutationResult::Applied { .. }));
        site.clock.advance_ms(60_000);
        phone.edit("notice.seen", Some(ana), json!({ "ids": [id] }));
        phone.sync().await;
        let row = phone.find("notices", &id).unwrap();
        assert_eq!((&row["seen_at"], &row["seen_by"]), (&json!(at), &json!(site.week.account("sol"))));
        carlas.sync().await;
        assert_eq!(carlas.find("notices", &foreign).unwrap().get("seen_at"), None);
        carlas.edit("notice.seen", Some(ana), json!({ "ids": [id] }));
        assert!(matches!(&carlas.sync().await[0], MutationResult::Rejected { reason, .. } if reason == "forbidden"));
        let many: Vec<_> = (0..201).map(|_| uuid::Uuid::new_v4()).collect();
        phone.edit("notice.seen", Some(ana), json!({ "ids": many }));
        assert!(matches!(&phone.sync().await[0], MutationResult::Rejected { reason, field: Some(field), .. }
            if reason == "too_large" && field == "/ids"));
    }

    async fn with_an_attendee_goes_what_they_were_told(site) {
        site.post.expect_moods(&[Mood::Refuse("451 later"), Mood::Refuse("451 later")]);
        say(site, "bruno", NoticeKind::PlaceConfirmed, None, json!({})).await;
        settled_states(site).await;
        let path = format!("/v1/events/{}/attendees/{}", site.week.slug, site.week.attendee("bruno"));
        site.organiser().await.delete(&path).await.expect(204);
        assert_eq!(states(site).await, []);
    }

    async fn of_a_draft_nobody_hears_by_mail(site) {
        let event = RecordId(site.week.event.0);
        let take_back = move |unit: &mut Unit<'_>| {
            let mut body = unit.group.body((Collection::Events, event)).unwrap().to_json();
            body["state"] = json!("draft");
            let body = RecordBody::from_json(Collection::Events, body).unwrap();
            unit.group.edit(Actor::default(), "event.withdraw", &[RecordEdit::Put { id: event, body }]);
            Ok(())
        };
        site.node.app().writer.unit(site.week.event, take_back).await.unwrap();
        say(site, "carla", NoticeKind::PlaceConfirmed, None, json!({})).await;
        assert_eq!(states(site).await, []);
    }
}

#[cfg(feature = "postgres")]
mod two_nodes {
    use super::*;
    use crate::harness::run_on_postgres;

    #[tokio::test]
    async fn two_nodes_send_each_mail_once() {
        run_on_postgres(async |site| {
            let second = site.start_second_node().await;
            let (attendee, event) = (site.week.attendee("carla"), site.week.event);
            for node in [&site.node, &second] {
                let telling = move |unit: &mut Unit<'_>| {
                    for number in 0..150 {
                        tell(unit, attendee, NoticeKind::PlaceWaitlisted, (None, json!({ "waitlist_number": number })));
                    }
                    Ok(())
                };
                node.app().writer.unit(event, telling).await.unwrap();
            }
            let letters = site.post.wait_for(300).await;
            assert_eq!(settled_states(site).await, vec![("sent".to_owned(), 1, None); 300]);
            assert_eq!((letters.len(), ids(&letters).len()), (300, 300));
            assert_eq!(site.post.letters().len(), 300);
            second.stop().await;
        })
        .await;
    }
}
