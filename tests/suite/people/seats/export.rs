//! Sign-ups as files.

use std::io::{Cursor, Read};

use serde_json::json;
use shared::programme::DelegationDuty;
use uuid::Uuid;

use super::hall::Hall;

fn lines(body: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(body).unwrap().strip_prefix('\u{FEFF}').unwrap();
    text.lines().map(str::to_owned).collect()
}

on_both! {
    async fn sign_ups_are_given_out_session_by_session_as_the_events_clocks_show_them(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        let later = hall.session("late-visit", ("17:00", "18:00"), json!({ "seats": 5, "title": { "en": "=Late", "es": "Tarde" } })).await;
        let chile = hall.delegation("chile", (visit, 3)).await;
        hall.register("ana", json!({ "delegation": chile, "details": { "position": "Minister", "organisation": "Ministry; of Justice", "country": "CL" } })).await;
        for (name, session) in [("ana", later), ("ana", visit), ("bruno", visit)] {
            hall.take(name, session).await;
            site.clock.advance_ms(60_000);
        }
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        let target = hall.world.path("/sign-ups/export?format=csv");
        let file = hall.world.olga.get(&target).await.expect(200);
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"sign-ups.csv\"");
        let expected = [
            "Session,Title,Begins,Attendee id,Name,Category,Delegation,Position,Organisation,Country,Seat,Number in line,Asked at,Accept by,Exception".to_owned(),
            format!("visit,Visit to a police station,2018-11-26 14:00,{ana},ana,delegates,chile,Minister,\"Ministry; of Justice\",CL,confirmed,,2018-11-26 08:01,,no"),
            format!("visit,Visit to a police station,2018-11-26 14:00,{bruno},bruno,delegates,,,,,waitlisted,1,2018-11-26 08:02,,no"),
            format!("late-visit,'=Late,2018-11-26 17:00,{ana},ana,delegates,chile,Minister,\"Ministry; of Justice\",CL,confirmed,,2018-11-26 08:00,,no"),
        ];
        assert_eq!(lines(&file.body), expected);
        let spanish = lines(&hall.world.olga.get(&format!("{target}&language=es&session=late-visit")).await.expect(200).body);
        assert!(spanish[0].starts_with("Sesión,Título,Comienza,"), "{spanish:?}");
        assert!(spanish[1].starts_with("late-visit,Tarde,2018-11-26 17:00,"), "{spanish:?}");
        let waiting = lines(&hall.world.olga.get(&format!("{target}&state=waitlisted")).await.expect(200).body);
        assert_eq!(waiting.len(), 2);
        let workbook = hall.world.olga.get(&hall.world.path("/sign-ups/export?format=xlsx")).await.expect(200);
        let mut archive = zip::ZipArchive::new(Cursor::new(workbook.body.to_vec())).unwrap();
        let mut sheet = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        assert_eq!((sheet.matches("<row ").count(), sheet.contains("<f>")), (4, false));
    }

    async fn who_looks_after_a_delegation_has_its_members_and_strangers_have_nothing(site) {
        let hall = Hall::of(site, 5).await;
        let visit = site.week.id("visit");
        let chile = hall.delegation("chile", (visit, 3)).await;
        hall.register("ana", json!({ "delegation": chile })).await;
        for name in ["ana", "bruno"] {
            hall.take(name, visit).await;
        }
        hall.give_duty("sol", chile, DelegationDuty::FocalPoint).await;
        let target = hall.world.path("/sign-ups/export?format=csv");
        let sol = site.sign_in("sol").await;
        let file = sol.get(&target).await.expect(200);
        assert_eq!(lines(&file.body).len(), 2);
        assert!(file.mentions(&site.week.attendee("ana").to_string()));
        assert!(!file.mentions(&site.week.attendee("bruno").to_string()));
        for session in ["quiet-lunch".to_owned(), Uuid::new_v4().to_string()] {
            sol.get(&format!("{target}&session={session}")).await.expect_problem(404, "not_found");
        }
        for name in ["ana", "otto"] {
            site.sign_in(name).await.get(&target).await.expect_problem(403, "forbidden");
        }
        site.anonymous().get(&target).await.expect_problem(401, "unauthenticated");
        hall.world.olga.get(&hall.world.path("/sign-ups/export")).await.expect_problem(400, "invalid_request");
        hall.world.olga.get(&format!("{target}&state=requested")).await.expect_problem(400, "invalid_request");
    }
}
