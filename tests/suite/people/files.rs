//! People by file: what a preview tells is what an import does, and what an export writes is read
//! again as it was.

use std::io::{Cursor, Read};

use reqwest::Method;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use shared::programme::DelegationDuty;

use super::cast::{category, delegation, on_duty, path};
use crate::harness::{Actor, Answer, Site};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Three people: a head with an assistant, one of a secretariat's mailbox, another of the same.
const PEOPLE: &str = "\u{FEFF}Id externo;Nombre;Apellido;Correo electrónico;País;Categoría;Delegación;Rol en la delegación;\
    Idioma;Correo del asistente;Necesidades de accesibilidad;Dieta;Categoría: clinic\r\n\
    P-1;Ana;Soto;ana@file.example;Chile;Delegados;Chile;Jefa;español;chief@file.example;silla de ruedas;Vegana;\r\n\
    ;Bruno;Núñez;desk@file.example;Perú;delegates;;;;;;;speakers\r\n\
    ;Carla;Díaz;desk@file.example;;delegates;;;pt-BR;;;;\r\n";

async fn prepare(site: &Site) -> String {
    let form = json!([{ "key": "diet", "label": { "en": "Diet", "es": "Dieta" }, "kind": "choice", "choices": [
        { "key": "vegan", "label": { "en": "Vegan", "es": "Vegana" } },
        { "key": "none", "label": { "en": "Everything", "es": "De todo" } }] }]);
    category(site, "delegates", json!({ "title": { "en": "Delegates", "es": "Delegados" }, "form": form })).await;
    category(site, "speakers", json!({})).await;
    delegation(site, "chile", json!({ "name": { "en": "Chile" }, "country": "CL" })).await
}

async fn import(site: &Site, actor: &Actor, (parameters, file): (&str, &[u8])) -> Answer {
    let target = path(site, &format!("/registrations/import{parameters}"));
    let media = if file.starts_with(b"PK") { XLSX } else { "text/csv" };
    actor.send_bytes((Method::POST, &target), &[("content-type", media)], file.to_vec()).await
}

async fn report(site: &Site, actor: &Actor, parameters: &str, file: &[u8]) -> Value {
    import(site, actor, (parameters, file)).await.expect(200).json()
}

/// New, changed, same and faulty rows.
fn counts(report: &Value) -> [u64; 4] {
    ["new_count", "changed_count", "same_count", "faulty_count"].map(|name| report[name].as_u64().unwrap())
}

async fn registrations(site: &Site) -> Value {
    site.organiser().await.get(&path(site, "/registrations?limit=500")).await.expect(200).json()["items"].clone()
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn without_preview(mut report: Value) -> Value {
    report["is_preview"] = json!(null);
    report
}

on_both! {
    async fn a_person_is_known_by_the_address_of_their_account_too(site) {
        prepare(site).await;
        let olga = site.organiser().await;
        let body = json!({ "name": "Ana Soto", "category": category(site, "guests", json!({})).await, "email": "ana.soto@file.example" });
        let made = olga.post(&path(site, "/registrations"), &body).await.expect(201).json();
        assert_eq!(made["details"].get("email"), None, "the address is her account's alone");
        let export = olga.get(&path(site, "/registrations/export?format=csv")).await.expect(200);
        assert!(export.text().contains("ana.soto@file.example"), "{}", export.text());
        assert_eq!(counts(&report(site, &olga, "", &export.body).await), [0, 0, 1, 0], "an export says what is kept");
        let row = b"Name;E-mail;Category\r\nANA SOTO ROJAS;Ana.Soto@file.example;guests\r\n";
        assert_eq!(counts(&report(site, &olga, "", row).await), [0, 1, 0, 0]);
        let other = json!({ "name": "Ana S. Soto", "category": made["category"], "details": { "email": "ana.soto@file.example" } });
        olga.post(&path(site, "/registrations"), &other).await.expect(201);
        let duplicates = olga.get(&path(site, "/registrations/duplicates")).await.expect(200).json();
        assert_eq!(duplicates["items"][0]["reasons"], json!(["email"]), "{duplicates}");
        assert_eq!(duplicates["items"][0]["attendee_count"], 2);
    }

    async fn what_a_preview_tells_an_import_does_and_the_same_file_again_changes_nothing(site) {
        prepare(site).await;
        let olga = site.organiser().await;
        let preview = report(site, &olga, "?preview=true", PEOPLE.as_bytes()).await;
        assert_eq!(counts(&preview), [3, 0, 0, 0], "{preview}");
        assert_eq!(registrations(site).await, json!([]), "a preview writes nothing");
        let done = report(site, &olga, "", PEOPLE.as_bytes()).await;
        assert_eq!(without_preview(done), without_preview(preview));
        let kept = registrations(site).await;
        let ana = &kept[0];
        assert_eq!(
            (&ana["name"], &ana["external_id"], &ana["status"], &ana["delegation_role"], &ana["language"]),
            (&json!("Ana Soto"), &json!("P-1"), &json!("confirmed"), &json!("head"), &json!("es"))
        );
        assert_eq!(ana["details"], json!({ "given_name": "Ana", "family_name": "Soto", "country": "CL", "email": "ana@file.example" }));
        assert_eq!(ana["answers"], json!({ "diet": "vegan" }));
        let again = report(site, &olga, "", PEOPLE.as_bytes()).await;
        assert_eq!(counts(&again), [0, 0, 3, 0], "{again}");
        assert_eq!(registrations(site).await, kept);
    }

    async fn a_changed_row_changes_its_person_in_what_differs_and_in_nothing_else(site) {
        prepare(site).await;
        let olga = site.organiser().await;
        report(site, &olga, "", PEOPLE.as_bytes()).await;
        let before = registrations(site).await;
        let file = "External id,Name,Position,Diet,Status\nP-1,Ana Soto Pérez,Minister,Everything,cancelled\n";
        let preview = report(site, &olga, "?preview=true&language=es", file.as_bytes()).await;
        let fields = json!([{ "field": "name", "before": "Ana Soto" }, { "field": "position" },
            { "field": "status", "before": "confirmado" }, { "field": "answers/diet", "before": "Vegana" }]);
        assert_eq!(preview["changed"], json!([{ "row": 2, "attendee": before[0]["attendee"], "name": "Ana Soto", "fields": fields }]));
        report(site, &olga, "", file.as_bytes()).await;
        let mut expected = before.clone();
        expected[0]["name"] = json!("Ana Soto Pérez");
        expected[0]["details"]["position"] = json!("Minister");
        expected[0]["answers"]["diet"] = json!("none");
        expected[0]["status"] = json!("cancelled");
        let mut after = registrations(site).await;
        after[0]["rev"] = expected[0]["rev"].clone();
        assert_eq!(after, expected);
    }

    async fn a_file_with_a_faulty_row_changes_nothing_unless_faulty_rows_may_be_skipped(site) {
        prepare(site).await;
        let olga = site.organiser().await;
        let file = "Name,Category,Delegation,Favourite colour,Role in the delegation\n\
            Ana,delegates,Chile,red,head\nBruno,kings,Chile,,\nCarla,,,,\nDora,delegates,Chile,,head\nEva,delegates,,,\n";
        let refused = import(site, &olga, ("", file.as_bytes())).await.expect_problem(422, "faulty_file").json();
        let told: Vec<_> = refused["report"]["faults"].as_array().unwrap().iter()
            .map(|fault| (fault["row"].as_u64().unwrap(), fault["cell"].as_str().unwrap_or_default(), fault["heading"].as_str().unwrap_or_default()))
            .collect();
        assert_eq!(told, [(3, "B3", "Category"), (4, "B4", "Category"), (5, "E5", "Role in the delegation")]);
        let kinds: Vec<_> = refused["report"]["faults"].as_array().unwrap().iter()
            .map(|fault| json!([fault["code"], fault["details"]]))
            .collect();
        let named = json!({ "text": "kings", "among": "categories" });
        assert_eq!(kinds, [json!(["names_none", named]), json!(["category_missing", null]), json!(["second_head", { "row": 2 }])]);
        assert_eq!(refused["report"]["unknown_columns"], json!([{ "cell": "D1", "heading": "Favourite colour" }]));
        assert_eq!(registrations(site).await, json!([]));
        let done = report(site, &olga, "?skip_errors=true", file.as_bytes()).await;
        assert_eq!(counts(&done), [2, 0, 0, 3], "{done}");
        assert_eq!(done["faults"], refused["report"]["faults"]);
        assert_eq!(registrations(site).await.as_array().unwrap().len(), 2);
    }

    async fn an_export_is_read_again_without_a_change_in_both_forms_and_three_languages(site) {
        prepare(site).await;
        let olga = site.organiser().await;
        report(site, &olga, "", PEOPLE.as_bytes()).await;
        let risky = "Name,Category,Position,Telephone\n=1+1,delegates,\"+cmd, \"\"quoted\"\"\",+56 2 2345 6789\n@SUM(A1),delegates,\"-two\nlines\",\n";
        report(site, &olga, "", risky.as_bytes()).await;
        let kept = registrations(site).await;
        for language in ["en", "es", "pt-BR"] {
            for format in ["csv", "xlsx"] {
                let target = path(site, &format!("/registrations/export?format={format}&language={language}"));
                let file = olga.get(&target).await.expect(200);
                let again = report(site, &olga, "", &file.body).await;
                assert_eq!(counts(&again), [0, 0, 5, 0], "{language} {format}: {again}");
                assert_eq!(again["unknown_columns"], json!([]), "{language} {format}");
            }
        }
        assert_eq!(registrations(site).await, kept);
        let csv = olga.get(&path(site, "/registrations/export?format=csv")).await.expect(200).text();
        assert!(!csv.contains(",=") && !csv.contains(",+") && !csv.contains(",@") && csv.contains("'=1+1"), "{csv}");
        let xlsx = olga.get(&path(site, "/registrations/export?format=xlsx")).await.expect(200).body;
        let mut sheet = String::new();
        let mut archive = zip::ZipArchive::new(Cursor::new(xlsx)).unwrap();
        archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        assert!(sheet.contains("=1+1") && !sheet.contains("<f>"), "{sheet}");
    }

    async fn a_focal_point_brings_in_and_takes_out_the_members_of_their_delegation_alone(site) {
        let chile = prepare(site).await;
        delegation(site, "peru", json!({})).await;
        let focal = on_duty(site, "focal", (&chile, DelegationDuty::FocalPoint)).await;
        let olga = site.organiser().await;
        let theirs = "Id,Name,Category,Delegation,E-mail\nX-1,Pedro Perú,delegates,peru,pedro@file.example\n";
        report(site, &olga, "", theirs.as_bytes()).await;
        let pedro = registrations(site).await[0]["attendee"].as_str().unwrap().to_owned();
        let file = format!(
            "Attendee id,Id,Name,Category,Delegation,E-mail,Access needs,Diet\n,,Ana Soto,delegates,Chile,,wheelchair,vegan\n\
             ,,Bruno,delegates,,,,vegan\n,,Carla,delegates,peru,,,vegan\n{pedro},,Pedro,,,,,\n,X-1,Pedro Perú,delegates,,pedro@file.example,,vegan\n"
        );
        let preview = report(site, &focal, "?preview=true", file.as_bytes()).await;
        let cells: Vec<_> = preview["faults"].as_array().unwrap().iter().map(|fault| fault["cell"].as_str().unwrap()).collect();
        assert_eq!(cells, ["E4", "A5"], "{preview}");
        assert_eq!(counts(&preview), [3, 0, 0, 2], "whom they do not reach is not there for them");
        report(site, &focal, "?skip_errors=true", file.as_bytes()).await;
        let out = focal.get(&path(site, "/registrations/export?format=csv")).await.expect(200).text();
        assert_eq!(out.lines().count(), 4, "{out}");
        assert!(out.contains("Ana Soto") && out.contains("wheelchair") && !out.contains(&pedro), "{out}");
        let again = report(site, &focal, "", out.as_bytes()).await;
        assert_eq!(counts(&again), [0, 0, 3, 0], "{again}");
        let whole = olga.get(&path(site, "/registrations/export?format=csv")).await.expect(200).text();
        assert!(whole.contains(&pedro) && !whole.contains("wheelchair"), "{whole}");
    }

    async fn one_mailbox_of_several_people_acts_for_all_of_them_and_one_of_a_single_person_is_theirs(site) {
        prepare(site).await;
        let olga = site.organiser().await;
        report(site, &olga, "", PEOPLE.as_bytes()).await;
        let attendees = olga.get(&path(site, "/attendees?limit=500")).await.expect(200).json();
        let accounts = |name: &str| -> Vec<(String, String)> {
            let attendee = attendees["items"].as_array().unwrap().iter().find(|attendee| attendee["name"] == name).unwrap();
            let text = |account: &Value, field: &str| account[field].as_str().unwrap().to_owned();
            let told = attendee["accounts"].as_array().unwrap().iter();
            let mut told: Vec<_> = told.map(|account| (text(account, "email"), text(account, "relation"))).collect();
            told.sort_unstable();
            told
        };
        let pair = |email: &str, relation: &str| (email.to_owned(), relation.to_owned());
        assert_eq!(accounts("Ana Soto"), [pair("ana@file.example", "self"), pair("chief@file.example", "assistant")]);
        assert_eq!(accounts("Bruno Núñez"), [pair("desk@file.example", "assistant")]);
        assert_eq!(accounts("Carla Díaz"), [pair("desk@file.example", "assistant")]);
    }

    async fn who_waits_for_a_place_goes_on_waiting_when_the_file_comes_again(site) {
        category(site, "press", json!({ "capacity": 1 })).await;
        let olga = site.organiser().await;
        let file = b"Name,Category,Status\nAna,press,confirmed\nBruno,press,confirmed\n";
        report(site, &olga, "", file).await;
        let kept = registrations(site).await;
        let statuses: Vec<_> = kept.as_array().unwrap().iter().map(|item| item["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["confirmed", "waitlisted"]);
        let again = report(site, &olga, "", file).await;
        assert_eq!(counts(&again), [0, 0, 2, 0], "{again}");
    }

    async fn hostile_files_are_refused_with_a_reason_and_change_nothing(site) {
        prepare(site).await;
        let olga = site.organiser().await;
        let long = format!("Name,Position\nAna,{}\n", "x".repeat(10 << 20));
        let wide = "x,".repeat(1_000_000);
        let cases: [(&[u8], &str); 9] = [
            (b"", "no rows"),
            (b"Nombre;Cargo\nJos\xE9;Rector\n", "Windows-1252"),
            (b"N\0a\0m\0e\0", "NUL"),
            (b"Name,Position\nAna,\"open\n", "quotation mark in row 2"),
            (long.as_bytes(), "B2"),
            (wide.as_bytes(), "200 columns"),
            (b"PK\x03\x04 and no more", "damaged"),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], ".xls"),
            (b"Colour,Size\nred,4\n", "No row of headings"),
        ];
        for (file, reason) in cases {
            let refused = import(site, &olga, ("", file)).await.expect_problem(422, "faulty_file").json();
            assert!(refused["detail"].as_str().unwrap().contains(reason), "{reason}: {refused}");
        }
        let huge = vec![b'x'; 17 << 20];
        import(site, &olga, ("", &huge)).await.expect_problem(413, "too_large");
        let target = path(site, "/registrations/import");
        let json = olga.send_bytes((Method::POST, &target), &[], b"{}".to_vec()).await;
        json.expect_problem(415, "unsupported_media_type");
        let unknown = olga.get(&path(site, "/registrations/export?format=pdf")).await;
        unknown.expect_problem(400, "invalid_request");
        assert_eq!(registrations(site).await, json!([]));
    }

    async fn nobody_else_brings_people_in_or_takes_them_out(site) {
        let chile = prepare(site).await;
        let liaison = on_duty(site, "liaison", (&chile, DelegationDuty::Liaison)).await;
        let file = b"Name,Category\nEva,delegates\n";
        for actor in [liaison, site.sign_in("ana").await, site.sign_in("sol").await, site.sign_in("otto").await] {
            import(site, &actor, ("", file)).await.expect_problem(403, "forbidden");
            actor.get(&path(site, "/registrations/export?format=csv")).await.expect_problem(403, "forbidden");
        }
        import(site, &site.anonymous(), ("", file)).await.expect_problem(401, "unauthenticated");
        site.anonymous().get(&path(site, "/registrations/export?format=csv")).await.expect_problem(401, "unauthenticated");
        assert_eq!(registrations(site).await, json!([]));
    }

    async fn a_workbook_comes_in_like_a_text_and_reaches_the_devices_of_its_people(site) {
        prepare(site).await;
        let mut olga = site.device("olga").await;
        olga.sync().await;
        let ana = site.week.attendee("ana").to_string();
        let mut device = site.device("ana").await;
        device.sync().await;
        let file = workbook(&[&["Participants"], &["Attendee id", "Name", "Category"], &[&ana, "", "Delegates"], &["", "Eva", "Delegates"]]);
        let done = report(site, &site.organiser().await, "", &file).await;
        assert_eq!(counts(&done), [2, 0, 0, 0], "{done}");
        olga.sync().await;
        device.sync().await;
        assert!(olga.everything().contains(&ana));
        let own = device.find("registrations", site.week.attendee("ana")).unwrap();
        assert_eq!(own["status"], "confirmed");
    }
}
