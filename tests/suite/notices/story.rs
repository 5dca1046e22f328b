//! The York room of Punta Nueva closes at half past five, and every person concerned is told, or known by name.

use std::collections::BTreeSet;
use std::time::Duration;

use cumbre::due::run_due;
use serde_json::{Value, json};
use shared::time::Timestamp;

use super::cast::{PAUSE_MS, address, move_session, newest_dispatch, path, work};
use super::crowd::{
    BYSTANDERS, Crowd, DEAD, MAIL_ONLY, NOTHING, OFFLINE, ONLINE, SUPPER, UNINVITED, is_at_supper, name, phone_of,
};
use super::pushing::{mails_settled, settled_lines};
use crate::harness::{Actor, ApnsService, PushServices, Site};

/// Two whose phones know of themselves what they starred, one of which is out of touch for a while.
const WITH_STARS: [usize; 2] = [0, OFFLINE.start];

/// Somebody's phone by the name of it at its service, and the words of the push, where it has any.
fn list_taken(services: &PushServices) -> Vec<(String, Option<String>)> {
    let title = |value: &Value| value.as_str().map(str::to_owned);
    let fcm = services.fcm.taken().into_iter().map(|message| {
        let token = message["token"].as_str().unwrap().to_owned();
        (token, title(&message["data"]["title"]))
    });
    let apns = services.apns.taken().into_iter().map(|message| {
        let number = (0..640).find(|number| ApnsService::token_of(&phone_of(*number)) == message.device).unwrap();
        (phone_of(number), title(&message.payload["aps"]["alert"]["title"]))
    });
    let browsers = services.browsers.taken().into_iter().map(|pushed| (pushed.browser, title(&pushed.says["title"])));
    fcm.chain(apns).chain(browsers).collect()
}

/// Waits until the figures are these; they never become others first that are wrong for good.
async fn expect_reach(site: &Site, olga: &Actor, expected: Value) {
    let reaching = async {
        loop {
            work(site).await;
            if newest_dispatch(site, olga).await["reach"] == expected {
                return;
            }
        }
    };
    if tokio::time::timeout(Duration::from_secs(20), reaching).await.is_err() {
        assert_eq!(newest_dispatch(site, olga).await["reach"], expected);
    }
}

fn reach(told: (usize, Value), (holding, seen, by_hand): (usize, usize, usize)) -> Value {
    let not_told = 120 - told.0;
    json!({ "people": 120, "told": told.0, "not_told": not_told, "must_still_be_told": not_told, "seen": seen,
        "acknowledged": 0, "by_hand": by_hand, "by_channel": told.1,
        "devices": { "concerned": 115, "sent": 115, "accepted": 110, "holding": holding, "failed": 5,
            "unheard": 110 - holding } })
}

async fn list_untold(site: &Site, olga: &Actor) -> BTreeSet<String> {
    let dispatch = newest_dispatch(site, olga).await;
    let page = olga.get(&address(site, &dispatch, "/people?told=false&limit=500")).await.expect(200).json();
    page["items"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

fn at(text: &str) -> Timestamp {
    serde_json::from_value(json!(text)).unwrap()
}

/// Sets the clock, and does what is due then.
async fn at_clock(site: &Site, now: Timestamp) {
    site.clock.advance_ms(now.0 - site.clock.now().0);
    run_due(site.node.app()).await.unwrap();
}

fn names(numbers: impl IntoIterator<Item = usize>) -> BTreeSet<String> {
    numbers.into_iter().map(name).collect()
}

/// A phone comes for what is new, and says at its next exchange that it holds it.
async fn come(crowd: &mut Crowd, numbers: impl IntoIterator<Item = usize>) {
    for number in numbers {
        let phone = crowd.phone(number);
        phone.sync().await;
        phone.exchange().await;
    }
}

async fn nothing_is_sent_of_what_is_taken_back(site: &Site, olga: &Actor, services: &PushServices, crowd: &Crowd) {
    move_session(site, olga, "reality", json!({ "room": site.week.id("cinema") })).await;
    site.clock.advance_ms(PAUSE_MS / 2);
    work(site).await;
    move_session(site, olga, "reality", json!({ "room": crowd.york })).await;
    site.clock.advance_ms(60_000);
    work(site).await;
    let page = olga.get(&path(site, "/dispatches")).await.expect(200).json();
    assert_eq!(page["items"], json!([]));
    assert_eq!((settled_lines(site).await, list_taken(services)), (vec![], vec![]));
}

/// What each device is pushed of the change, by its name.
fn expected_words() -> Vec<(String, Option<String>)> {
    ONLINE
        .chain(OFFLINE)
        .map(|number| {
            let title = if number.is_multiple_of(2) {
                "Cambio de hora y sala: The Internal Reality"
            } else {
                "New time and room: The Internal Reality"
            };
            // Of the supper no provider learns.
            (phone_of(number), (!is_at_supper(number)).then(|| title.to_owned()))
        })
        .collect()
}

fn check_words(services: &PushServices) {
    let (mut taken, mut expected) = (list_taken(services), expected_words());
    expected.sort();
    taken.sort();
    assert_eq!(taken, expected, "one push to each device that is concerned, and none to others");
}

/// The reminder goes by when the session begins now: nobody is reminded a quarter of an hour before it would have
/// begun, and everybody with a phone before it does, where it is.
async fn the_reminder_moved(site: &Site, services: &PushServices, crowd: &mut Crowd) {
    let taken = list_taken(services).len();
    let moved = at("2018-11-26T18:00:00-03:00");
    at_clock(site, at("2018-11-26T17:45:00-03:00")).await;
    let reality = site.week.id("reality");
    for number in WITH_STARS {
        let phone = crowd.phone(number);
        phone.sync().await;
        let known = phone.replica.list_reminders(site.clock.now()).unwrap();
        let known: Vec<_> = known.iter().map(|one| (one.session, one.at)).collect();
        assert_eq!(known, [(reality, moved)], "{}", name(number));
    }
    assert_eq!((settled_lines(site).await.len(), list_taken(services).len()), (115, taken));
    at_clock(site, moved).await;
    settled_lines(site).await;
    let mut reminded = list_taken(services);
    let mut before: Vec<(String, Option<String>)> = expected_words();
    before.sort();
    reminded.sort();
    for line in before {
        reminded.remove(reminded.iter().position(|one| *one == line).unwrap());
    }
    let words = |number: usize| {
        if number.is_multiple_of(2) { "Pronto: The Internal Reality" } else { "Soon: The Internal Reality" }
    };
    let expected = ONLINE
        .chain(OFFLINE)
        .map(|number| (phone_of(number), (!is_at_supper(number)).then(|| words(number).to_owned())));
    assert_eq!(reminded, expected.collect::<Vec<_>>(), "one reminder each");
    let texts = format!("{:?}", services.fcm.taken());
    assert!(
        texts.contains("The Internal Reality: lunes 26 de noviembre, 18:15–19:15, Cinema, Military Club."),
        "{texts}"
    );
}

fn everything_said(site: &Site, services: &PushServices) -> String {
    let pushes = format!("{:?} {:?} {:?}", services.fcm.taken(), services.apns.taken(), services.browsers.taken());
    let letters: Vec<String> = site.post.letters().into_iter().map(|letter| letter.plain).collect();
    pushes + &letters.join("\n")
}

on_both_with_services! {
    async fn the_york_room_closes_and_who_was_told_is_known_at_every_moment(site, services) {
        // In the afternoon somebody makes up their mind within the pause.
        site.clock.advance_ms(8 * 3_600_000);
        let mut crowd = Crowd::gather(site, services).await;
        run_due(site.node.app()).await.unwrap();
        for number in WITH_STARS {
            let attendee = crowd.guests[number].attendee;
            crowd.phone(number).star(attendee, site.week.id("reality"), true);
            crowd.phone(number).sync().await;
        }
        nothing_is_sent_of_what_is_taken_back(site, &site.organiser().await, services, &crowd).await;

        // Half past five: the room is flooded. One person was uninvited from the supper there a minute ago.
        site.clock.advance_ms(3_600_000 + 27 * 60_000 + 55_000);
        crowd.renew_tokens().await;
        let (olga, mut console) = (site.organiser().await, site.device("olga").await);
        console.sync().await;
        crowd.uninvite(site, UNINVITED).await;
        site.clock.advance_ms(60_000);
        crowd.close_york(site).await;
        work(site).await;
        let lines = settled_lines(site).await;
        assert_eq!(lines.len(), 115);
        assert_eq!(lines.iter().filter(|line| line.state == "accepted").count(), 110);
        check_words(services);
        mails_settled(site).await;
        // Those who have no device, or none any more.
        expect_reach(site, &olga, reach((8, json!({ "mail": 8 })), (0, 0, 0))).await;
        let untold = names(ONLINE.chain(OFFLINE).chain(NOTHING));
        assert_eq!(list_untold(site, &olga).await, untold);

        // Those who are in touch come, and some look at it.
        come(&mut crowd, ONLINE).await;
        expect_reach(site, &olga, reach((98, json!({ "device": 90, "mail": 8 })), (90, 0, 0))).await;
        for number in [0, 1, 2] {
            let attendee = crowd.guests[number].attendee;
            let phone = crowd.phone(number);
            let id = phone.list("notices")[0].id.clone();
            phone.edit("notice.seen", Some(attendee), json!({ "ids": [id] }));
            phone.sync().await;
        }
        expect_reach(site, &olga, reach((98, json!({ "device": 90, "mail": 8 })), (90, 3, 0))).await;
        assert_eq!(list_untold(site, &olga).await, names(OFFLINE.chain(NOTHING)));
        site.clock.advance_ms(2_000);
        work(site).await;
        console.sync().await;
        let row: Value = serde_json::from_str(&console.list("dispatches")[0].value).unwrap();
        assert_eq!(row["reach"], reach((98, json!({ "device": 90, "mail": 8 })), (90, 3, 0)), "on the organisers' screens");

        // Four minutes later the others are in touch again.
        site.clock.advance_ms(4 * 60_000);
        come(&mut crowd, OFFLINE).await;
        expect_reach(site, &olga, reach((118, json!({ "device": 110, "mail": 8 })), (110, 3, 0))).await;

        // When a mail would go to those whom no device of theirs has told, all of them are.
        site.clock.advance_ms(6 * 60_000);
        crowd.renew_tokens().await;
        let olga = site.organiser().await;
        mails_settled(site).await;
        expect_reach(site, &olga, reach((118, json!({ "device": 110, "mail": 8 })), (110, 3, 0))).await;
        let readers: BTreeSet<String> = site.post.letters().into_iter().map(|letter| letter.to).collect();
        let expected: BTreeSet<String> = DEAD.chain(MAIL_ONLY).map(|number| format!("guest-{number}@example.org")).collect();
        assert_eq!((site.post.letters().len(), readers), (8, expected));
        assert_eq!(list_untold(site, &olga).await, names(NOTHING));

        // The last two are told by a human.
        let dispatch = newest_dispatch(site, &olga).await;
        for (done, number) in NOTHING.enumerate() {
            let told = address(site, &dispatch, &format!("/people/{}/told", crowd.guests[number].attendee));
            olga.post(&told, &json!({ "note": "At the bar" })).await.expect(200);
            let channels = json!({ "by_hand": done + 1, "device": 110, "mail": 8 });
            expect_reach(site, &olga, reach((119 + done, channels), (110, 3, done + 1))).await;
        }
        assert_eq!(list_untold(site, &olga).await, BTreeSet::new());
        assert_eq!(list_taken(services).len(), 110, "nobody was pushed to twice");

        the_reminder_moved(site, services, &mut crowd).await;
        crowd.renew_tokens().await;

        // Dead tokens are given up, once.
        for number in DEAD {
            let view = crowd.phone(number).actor.get("/v1/account/push").await.expect(200).json();
            assert_eq!((view["subscription"].get("provider"), view["subscription"]["failed_at"].is_string()), (None, true));
        }
        // Nothing about the supper anywhere where it may not be.
        let said = everything_said(site, services);
        assert!(!said.contains(&phone_of(UNINVITED)) && !said.contains(&ApnsService::token_of(&phone_of(UNINVITED))));
        for number in BYSTANDERS.chain([UNINVITED]) {
            let phone = crowd.phone(number);
            phone.sync().await;
            assert!(phone.list("notices").is_empty() && !phone.everything().contains(SUPPER), "{}", name(number));
        }
        let pushes = format!("{:?} {:?} {:?}", services.fcm.taken(), services.apns.taken(), services.browsers.taken());
        assert!(!pushes.contains(SUPPER));
    }
}
