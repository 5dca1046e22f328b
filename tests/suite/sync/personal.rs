//! An attendee's own things: stars and notes, made anywhere, on several devices, over bad cables.

use serde_json::json;
use shared::problem_code::ProblemCode;
use shared::replica::RequestLimits;
use shared::sync::{Mutation, MutationResult, ResetReason};
use uuid::Uuid;

use crate::harness::{Cable, Device, Fate, Site};

fn is_applied(result: &MutationResult) -> bool {
    matches!(result, MutationResult::Applied { .. })
}

fn reason(result: &MutationResult) -> &str {
    match result {
        MutationResult::Rejected { reason, .. } | MutationResult::Conflict { reason, .. } => reason,
        _ => "",
    }
}

/// Sends mutations beside the replica's own and gives the results.
async fn send(device: &mut Device, mutations: &[Mutation]) -> Vec<MutationResult> {
    let body = json!({ "device": device.actor.device(), "schema": 1, "mutations": mutations });
    let answer: shared::sync::ExchangeResponse = device.actor.post(&device.sync_path(), &body).await.expect(200).read();
    answer.results.into_iter().map(|given| given.result).collect()
}

async fn count_commits(site: &Site) -> u64 {
    let cell = site.node.app().events.find(site.week.event).unwrap();
    let memory = cell.read();
    memory.head.seq
}

on_both! {
    async fn a_session_starred_in_the_tunnel_is_starred_everywhere_after_it(site) {
        let (mut phone, mut tablet) = (site.device("ana").await, site.device("ana").await);
        phone.sync().await;
        tablet.sync().await;
        let cable = Cable::to(site.node.address()).await;
        phone.connect_to(&cable.base());
        cable.set(Fate::Unplugged);
        phone.star(site.week.attendee("ana"), site.week.id("visit"), true);
        assert!(phone.try_exchange().await.is_none());
        assert_eq!(phone.list("favourites").len(), 1, "it shows at once");
        assert!(phone.list("favourites")[0].is_pending);
        cable.set(Fate::Whole);
        let results = phone.sync().await;
        assert!(results.len() == 1 && is_applied(&results[0]));
        tablet.sync().await;
        for device in [&mut phone, &mut tablet] {
            let stars = device.list("favourites");
            assert_eq!(stars.len(), 1);
            assert!(!stars[0].is_pending);
            assert!(stars[0].value.contains(&site.week.id("visit").to_string()));
        }
    }

    async fn the_servers_order_decides_between_two_devices_of_one_account(site) {
        let (mut phone, mut tablet) = (site.device("ana").await, site.device("ana").await);
        phone.sync().await;
        tablet.sync().await;
        let (ana, visit) = (site.week.attendee("ana"), site.week.id("visit"));
        phone.star(ana, visit, true);
        tablet.star(ana, visit, false);
        phone.sync().await;
        tablet.sync().await;
        phone.sync().await;
        assert_eq!((phone.list("favourites").len(), tablet.list("favourites").len()), (0, 0));
        assert_eq!(phone.everything(), tablet.everything());
    }

    async fn an_assistant_stars_for_several_attendees_and_for_nobody_else(site) {
        let mut sol = site.device("sol").await;
        sol.sync().await;
        assert_eq!(sol.scopes().len(), 4, "public, two people, the gate of one");
        let visit = site.week.id("visit");
        sol.star(site.week.attendee("ana"), visit, true);
        sol.star(site.week.attendee("bruno"), visit, true);
        sol.star(site.week.attendee("carla"), visit, true);
        let results = sol.sync().await;
        assert!(is_applied(&results[0]) && is_applied(&results[1]));
        assert_eq!(reason(&results[2]), ProblemCode::Forbidden.as_str());
        for (name, count) in [("ana", 1), ("bruno", 1), ("carla", 0)] {
            let mut device = site.device(name).await;
            device.sync().await;
            assert_eq!(device.list("favourites").len(), count, "{name}");
        }
    }

    async fn an_assistant_may_star_for_each_what_each_may_see(site) {
        let mut sol = site.device("sol").await;
        sol.sync().await;
        let round_table = site.week.id("round-table");
        sol.star(site.week.attendee("ana"), round_table, true);
        sol.star(site.week.attendee("bruno"), round_table, true);
        let results = sol.sync().await;
        assert!(is_applied(&results[0]), "{results:?}");
        assert_eq!(reason(&results[1]), ProblemCode::UnknownReference.as_str());
    }

    async fn the_third_of_five_is_rejected_and_the_other_four_are_applied(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let attendee = site.week.attendee("ana");
        for name in ["opening", "reality", "quiet-lunch", "visit", "round-table"] {
            ana.star(attendee, site.week.id(name), true);
        }
        let results = ana.sync().await;
        assert_eq!(results.iter().map(is_applied).collect::<Vec<_>>(), [true, true, false, true, true]);
        assert_eq!(reason(&results[2]), ProblemCode::UnknownReference.as_str());
        assert_eq!(ana.list("favourites").len(), 4);
        assert_eq!(ana.replica.list_results().unwrap().len(), 1, "what was refused is shown");
    }

    async fn a_hidden_session_and_one_that_never_was_are_refused_in_the_same_words(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let attendee = site.week.attendee("ana");
        for session in [site.week.id("quiet-lunch"), shared::ids::RecordId(Uuid::new_v4()), site.week.id("draft-idea")] {
            ana.star(attendee, session, true);
        }
        let results = ana.sync().await;
        assert_eq!(results[0], results[1]);
        assert_eq!(results[2], results[1]);
    }

    async fn a_note_written_on_two_devices_is_kept_twice(site) {
        let (mut phone, mut tablet) = (site.device("ana").await, site.device("ana").await);
        let (ana, note) = (site.week.attendee("ana"), Uuid::new_v4());
        phone.write_note(ana, note, "Ask about the budget");
        phone.sync().await;
        tablet.sync().await;
        phone.write_note(ana, note, "Ask about the budget and the staff");
        tablet.write_note(ana, note, "Ask about the budget, politely");
        phone.sync().await;
        let results = tablet.sync().await;
        match &results[0] {
            MutationResult::Conflict { reason, server: Some(server), .. } => {
                assert_eq!(reason, "stale_base");
                assert_eq!((server.collection.as_str(), server.id.as_str()), ("notes", note.to_string().as_str()));
                assert_eq!(server.value["text"], "Ask about the budget and the staff");
            }
            other => panic!("no conflict: {other:?}"),
        }
        let kept = tablet.replica.list_results().unwrap();
        assert_eq!(kept[0].mutation.args["text"], "Ask about the budget, politely");
        // The device keeps both: what it had goes into a note of its own.
        tablet.write_note(ana, Uuid::new_v4(), "Ask about the budget, politely");
        tablet.sync().await;
        phone.sync().await;
        let mut texts: Vec<_> = phone.list("notes").into_iter().map(|row| row.value).collect();
        texts.sort();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("and the staff") && texts[1].contains("politely"));
    }

    async fn a_note_that_the_same_device_changed_before_is_no_conflict(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let note = Uuid::new_v4();
        for text in ["one", "one, two", "one, two, three"] {
            ana.write_note(site.week.attendee("ana"), note, text);
        }
        assert!(ana.sync().await.iter().all(is_applied));
        assert_eq!(ana.find("notes", note).unwrap()["text"], "one, two, three");
        ana.edit("note.delete", Some(site.week.attendee("ana")), json!({ "id": note }));
        ana.sync().await;
        assert_eq!(ana.find("notes", note), None);
    }

    async fn right_to_left_text_and_emoji_are_kept_as_they_are(site) {
        let mut ana = site.device("ana").await;
        let (note, text) = (Uuid::new_v4(), "الحوار الإقليمي — שלום 🎉👩🏽‍⚖️\n\tline two");
        ana.write_note(site.week.attendee("ana"), note, text);
        assert!(ana.sync().await.iter().all(is_applied));
        let mut other = site.device("ana").await;
        other.sync().await;
        assert_eq!(other.find("notes", note).unwrap()["text"], text);
    }

    async fn an_answer_lost_three_times_has_one_effect(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let before = count_commits(site).await;
        let cable = Cable::to(site.node.address()).await;
        ana.connect_to(&cable.base());
        let note = Uuid::new_v4();
        ana.write_note(site.week.attendee("ana"), note, "once");
        for fate in [Fate::AnswerLost, Fate::AnswerHalved, Fate::AnswerLost] {
            cable.set(fate);
            assert!(ana.try_exchange().await.is_none(), "{fate:?}");
        }
        cable.set(Fate::Whole);
        let results = ana.sync().await;
        assert_eq!(count_commits(site).await, before + 1);
        assert!(matches!(&results[0], MutationResult::Duplicate { original } if is_applied(original)));
        let notes = ana.list("notes");
        assert_eq!(notes.len(), 1);
        assert!(!notes[0].is_pending);
    }

    async fn an_answer_that_comes_after_a_newer_request_is_dropped(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        ana.star(site.week.attendee("ana"), site.week.id("visit"), true);
        let (token, outgoing) = ana.prepare();
        let late = ana.transmit(&outgoing).await.unwrap().expect(200).read();
        ana.sync().await;
        let held = ana.everything();
        let outcome = ana.replica.apply_answer(token, &late, site.clock.now()).unwrap();
        assert_eq!(outcome.stored(), None);
        assert_eq!(ana.everything(), held);
    }

    async fn an_id_used_for_something_else_is_refused(site) {
        let mut ana = site.device("ana").await;
        let attendee = Some(site.week.attendee("ana"));
        let first = ana.mutation("favourite.set", attendee, json!({ "session": site.week.id("visit"), "on": true }));
        let mut other = first.clone();
        other.args["on"] = json!(false);
        let mut reordered = first.clone();
        reordered.args = json!({ "on": true, "session": site.week.id("visit") });
        let results = send(&mut ana, &[first.clone(), other.clone(), reordered]).await;
        assert!(is_applied(&results[0]));
        assert_eq!(reason(&results[1]), ProblemCode::IdReused.as_str());
        assert!(matches!(results[2], MutationResult::Duplicate { .. }), "the order of keys is no content");
        let mut tablet = site.device("ana").await;
        assert!(is_applied(&send(&mut tablet, &[other]).await[0]), "another device's ids are its own");
    }

    async fn what_depends_on_a_rejected_edit_is_rejected_with_it(site) {
        let mut ana = site.device("ana").await;
        let attendee = Some(site.week.attendee("ana"));
        let star = |name: &str| json!({ "session": site.week.id(name), "on": true });
        let rejected = ana.mutation("favourite.set", attendee, star("quiet-lunch"));
        let mut dependent = ana.mutation("note.put", attendee, json!({ "id": Uuid::new_v4(), "text": "About it" }));
        dependent.depends_on = Some(rejected.id);
        let mut third = ana.mutation("favourite.set", attendee, star("visit"));
        third.depends_on = Some(dependent.id);
        let free = ana.mutation("favourite.set", attendee, star("reality"));
        let results = send(&mut ana, &[rejected, dependent, third, free]).await;
        let reasons: Vec<_> = results.iter().map(reason).collect();
        assert_eq!(reasons, ["unknown_reference", "dependency", "dependency", ""]);
    }

    async fn arguments_of_the_wrong_kind_are_rejected_with_their_field(site) {
        let mut ana = site.device("ana").await;
        let attendee = Some(site.week.attendee("ana"));
        let cases = [
            ("favourite.set", json!({ "session": "not an id", "on": true }), "invalid_request", Some("/session")),
            ("favourite.set", json!({ "session": site.week.id("visit"), "on": "yes" }), "invalid_request", Some("/on")),
            ("favourite.set", json!({ "session": site.week.id("visit"), "on": true, "extra": 1 }), "invalid_request", None),
            ("favourite.set", json!([]), "invalid_request", None),
            ("favourite.set", json!(null), "invalid_request", None),
            ("note.put", json!({ "id": Uuid::new_v4(), "text": "bell \u{7}" }), "invalid_value", Some("/text")),
            ("note.put", json!({ "id": Uuid::new_v4(), "text": "nul \u{0}" }), "invalid_value", Some("/text")),
            ("note.put", json!({ "id": Uuid::new_v4(), "text": "x".repeat(20_001) }), "invalid_value", Some("/text")),
            ("seat.take", json!({}), "unknown_operation", None),
            ("", json!({}), "unknown_operation", None),
        ];
        let mutations: Vec<_> = cases.iter().map(|(op, args, _, _)| ana.mutation(op, attendee, args.clone())).collect();
        let before = count_commits(site).await;
        let results = send(&mut ana, &mutations).await;
        for ((op, args, wanted, at), result) in cases.iter().zip(&results) {
            let MutationResult::Rejected { reason, field, .. } = result else { panic!("{op} {args}: {result:?}") };
            assert_eq!(reason, wanted, "{op} {args}");
            if at.is_some() {
                assert_eq!(field.as_deref(), *at, "{op} {args}");
            }
        }
        assert_eq!(count_commits(site).await, before, "nothing changed");
    }

    async fn an_attendee_cannot_edit_the_programme(site) {
        let mut ana = site.device("ana").await;
        let args = json!({ "session": site.week.id("visit"), "room": site.week.id("cinema") });
        let move_it = ana.mutation("session.move", None, args.clone());
        let for_herself = ana.mutation("session.move", Some(site.week.attendee("ana")), args);
        let results = send(&mut ana, &[move_it, for_herself]).await;
        assert!(results.iter().all(|result| reason(result) == "forbidden"), "{results:?}");
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("visit")).unwrap().get("room"), None);
    }
}

#[tokio::test]
async fn after_a_restore_devices_send_again_what_was_lost() {
    let site = Site::on_sqlite().await;
    let mut ana = site.device("ana").await;
    ana.sync().await;
    let (attendee, kept, lost) = (site.week.attendee("ana"), Uuid::new_v4(), Uuid::new_v4());
    ana.write_note(attendee, kept, "before the copy");
    ana.sync().await;
    let copy = site.back_up();
    ana.write_note(attendee, lost, "after the copy");
    ana.sync().await;
    let site = site.restore(&copy).await;
    ana.connect_to(&site.node.base());
    ana.write_note(attendee, Uuid::new_v4(), "after the restore");
    let first = ana.exchange().await;
    assert!(first.resend, "the server says that it lost something");
    assert!(matches!(first.results[0].1, MutationResult::Retry { .. }), "and runs nothing before it has it back");
    assert_eq!(ana.reset_of("public"), Some(ResetReason::Epoch));
    ana.limits = RequestLimits::default();
    ana.sync().await;
    assert_eq!(ana.list("notes").len(), 3);
    let mut other = site.device("ana").await;
    other.sync().await;
    assert_eq!(other.list("notes").len(), 3);
    assert_eq!(other.find("notes", lost).unwrap()["text"], "after the copy");
    assert_eq!(ana.everything(), other.everything());
    site.close().await;
}
