use std::collections::BTreeSet;

use serde_json::json;
use shared::programme::{Collection, Programme, Record, RecordBody};

use super::super::{plan, read, write};
use super::{SMALL, event_id, ids, programme_of};

#[test]
fn a_file_with_something_of_everything_is_written_back_as_it_is() {
    assert_eq!(write(&programme_of(SMALL)), SMALL);
}

#[test]
fn local_times_are_of_the_event_s_zone_and_a_repeated_hour_keeps_its_offset() {
    let programme = programme_of(SMALL);
    let record = programme.find_by_slug(Collection::Rooms, "hall").unwrap();
    let closures = record.body.to_json()["closures"].clone();
    assert_eq!(closures[0]["from"], json!("2019-04-05T21:00:00.000Z"));
    assert_eq!(closures[1]["from"], json!("2019-04-07T03:30:00.000Z"));
}

#[test]
fn texts_that_yaml_could_misread_come_back_unchanged() {
    let texts = [
        "no",
        "Yes",
        "NULL",
        "~",
        "true",
        "12",
        "1e3",
        "0x1F",
        "2018-11-26",
        "09:30",
        "- a",
        "? b",
        "a: b",
        "a #b",
        "#b",
        "'q'",
        "\"q\"",
        "*star",
        "&and",
        "!bang",
        "%percent",
        "@at",
        "`tick`",
        "|",
        ">",
        "[a]",
        "{a}",
        "a, b",
        "x:",
        " lead",
        "trail ",
        "back\\slash",
        "tab\tinside",
        "مرحبا بالعالم",
        "🎉 party",
        "a\u{a0}b",
        "\u{feff}bom",
        "\u{200f}rtl",
        "---",
        "...",
        "line\u{2028}break",
        "é",
        "=",
        "<<",
        "-",
        "a  b",
        "one\ntwo",
        "one\n\n  two",
        "ends\n",
        "\nstarts",
        "trailing \nspace",
        "tab\n\tline",
        "# not\n# comment",
    ];
    let long = "word ".repeat(60);
    let longs =
        [long.trim().to_owned(), format!("{}# hash", long), format!("{long} double  space"), format!("{long}: x")];
    for text in texts.iter().map(|text| (*text).to_owned()).chain(longs) {
        let programme = with_description(&text);
        let written = write(&programme);
        let again = read(&written, &programme, &mut ids(), event_id());
        let again = again.unwrap_or_else(|faults| panic!("{text:?}: {faults:?}\n{written}"));
        assert_eq!(plan(&programme, again, &BTreeSet::new()).edits, [], "{text:?}\n{written}");
    }
}

/// The small programme with a text in a block and in a one-line map.
fn with_description(text: &str) -> Programme {
    let mut programme = programme_of(SMALL);
    let mut put = |collection, slug: &str, field: &str, value| {
        let record = programme.find_by_slug(collection, slug).unwrap().clone();
        let mut json = record.body.to_json();
        json[field] = value;
        let body = RecordBody::from_json(collection, json).unwrap();
        programme.put(Record { body, ..(*record).clone() });
    };
    put(Collection::Events, "small", "description", json!({"en": text}));
    put(Collection::Venues, "club", "directions", json!({"es": text, "no": text}));
    put(
        Collection::Sessions,
        "bus",
        "talks",
        json!([{"slug": "t1", "summary": {"en": text}}, {"slug": "t2", "summary": {"en": text, "es": "x"}}]),
    );
    programme
}
