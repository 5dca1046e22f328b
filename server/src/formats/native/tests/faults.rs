use std::collections::BTreeSet;

use serde_json::json;
use shared::programme::Programme;

use super::super::{FILE_MAX_BYTES, Fault, FileProblem, decode, plan, read, write};
use super::{SMALL, event_id, ids, programme_of, read_new};

/// The faults of the small file with some of its texts replaced.
fn faults_with(changes: &[(&str, &str)]) -> Vec<String> {
    let mut text = SMALL.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    read_new(&text).err().unwrap_or_default()
}

#[track_caller]
fn assert_fault(change: (&str, &str), expected: &str) {
    assert_eq!(faults_with(&[change]), [expected]);
}

#[test]
fn every_fault_of_a_file_is_told_with_its_line() {
    let text = "\
cumbre: 1
event:
  slug: Bad Slug
  title: Week
  starts_on: 2018-11-25
  ends_on: 2018-11-24
  time_zone: America/Atlantis
  languages: [en]
  fallback_language: en
  colour: red
tracks:
  - {slug: a, title: A, colour: red}
  - {slug: a, title: B}
  - {title: C}
sessions:
  - slug: one
    kind: seminar
    title: {english: A, en: \"B\\u0007\"}
    part: nowhere
    starts: 2018-11-26 25:00
    ends: 2018-11-26 10:00
    seats: -1
    talks:
      - people: [{person: nobody, role: singer}, {role: chair, affiliation: x}]
    links: [{url: ftp://example.org}]
  - just text
extras: []
";
    let problems: Vec<_> = read(text, &Programme::default(), &mut ids(), event_id())
        .unwrap_err()
        .into_iter()
        .map(|fault| (fault.line, fault.field))
        .collect();
    let expected = [
        (3, "event.slug"),
        (6, "event.ends_on"),
        (7, "event.time_zone"),
        (10, "event.colour"),
        (12, "tracks[0].colour"),
        (13, "tracks[1].slug"),
        (14, "tracks[2].slug"),
        (17, "sessions[0].kind"),
        (18, "sessions[0].title.english"),
        (18, "sessions[0].title.en"),
        (19, "sessions[0].part"),
        (20, "sessions[0].starts"),
        (22, "sessions[0].seats"),
        (24, "sessions[0].talks[0].people[0].person"),
        (24, "sessions[0].talks[0].people[0].role"),
        (24, "sessions[0].talks[0].people[1].person"),
        (24, "sessions[0].talks[0].people[1].affiliation"),
        (25, "sessions[0].links[0].url"),
        (26, "sessions[1]"),
        (27, "extras"),
    ];
    assert_eq!(problems, expected.map(|(line, field)| (line, field.to_owned())));
}

#[test]
fn problems_are_told_in_plain_words() {
    assert_fault(
        ("part: dialogue\n    starts", "part: clinic\n    starts"),
        r#"line 87, column 11: sessions[0].part names "clinic", which is not in parts"#,
    );
    assert_fault(
        ("2019-04-05 10:30\n    room", "2019-04-05 08:30\n    room"),
        "line 89, column 11: sessions[0].ends is not after starts",
    );
    assert_fault(
        ("    ends: 2019-04-05 10:30\n    room", "    room"),
        "line 83, column 5: sessions[0].ends is missing: it goes together with starts",
    );
    assert_fault(
        ("from: 2019-04-05 18:00", "from: 2019-09-08 00:30"),
        "line 42, column 20: venues[0].rooms[0].closures[0].from does not exist: clocks in America/Santiago skip it",
    );
    assert_fault(
        ("affiliation: 1", "affiliation: 2"),
        "line 98, column 98: sessions[0].talks[0].people[0].affiliation is none of the person's 2, which are counted from 0",
    );
    assert_fault(
        ("country: UY\n\nvenues", "country: Uruguay\n\nvenues"),
        "line 27, column 14: organisations[0].country is not a country code of two upper-case letters such as CL",
    );
    assert_fault(
        ("  - slug: weeks\n    title: Weeks\n", "  - slug: weeks\n"),
        "line 20, column 5: series[0].title is missing",
    );
    assert_fault(("latitude: -33.44", "latitude: south"), "line 32, column 15: venues[0].latitude is not a number");
    assert_fault(
        ("kind: field_visit", "kind: field_visit\n    transfer: {to: club}"),
        "line 109, column 15: sessions[2].transfer is only for the kind transfer",
    );
    assert_fault(
        ("after: talks", "after: bus"),
        "line 106, column 46: sessions[1].transfer.after leads back to the transfer itself",
    );
}

#[test]
fn programs_read_what_is_wrong_with_the_names_of_the_file() {
    let kind = |change: (&str, &str)| {
        let text = SMALL.replacen(change.0, change.1, 1);
        let faults = read(&text, &Programme::default(), &mut ids(), event_id()).unwrap_err();
        serde_json::to_value(faults.into_iter().map(|fault| fault.problem).collect::<Vec<_>>()).unwrap()
    };
    let named = json!([{ "code": "names_none", "details": { "name": "clinic", "among": "parts" } }]);
    assert_eq!(kind(("part: dialogue\n    starts", "part: clinic\n    starts")), named);
    let after = json!([{ "code": "not_after", "details": { "field": "starts" } }]);
    assert_eq!(kind(("2019-04-05 10:30\n    room", "2019-04-05 08:30\n    room")), after);
    let words = json!([{ "code": "not_a_word", "details": { "words": ["draft", "published", "cancelled"] } }]);
    assert_eq!(kind(("state: draft", "state: hidden")), words);
    assert_eq!(kind(("latitude: -33.44", "latitude: south")), json!([{ "code": "not_a_number" }]));
    let closes = "sign_up: {opens: 2019-04-02 09:00, closes: 2019-04-01 09:00}\n    kind: field_visit";
    let inside = json!([{ "code": "not_after", "details": { "field": "opens" } }]);
    assert_eq!(kind(("kind: field_visit", closes)), inside);
}

#[test]
fn bytes_that_are_no_text_are_told_by_their_place() {
    assert_eq!(decode("año".as_bytes()), Ok("año"));
    let Fault { line, column, problem, .. } = decode(b"cumbre: 1\n# a\xc3\xb1o \xf1").unwrap_err();
    assert_eq!((line, column, problem), (2, 7, FileProblem::NotUtf8));
}

#[test]
fn the_version_comes_first() {
    for text in ["event: {}", "cumbre: 2", "cumbre: one", "cumbre: [1]"] {
        let faults = read_new(text).unwrap_err();
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert!(faults[0].contains("cumbre is "), "{faults:?}");
    }
}

#[test]
fn rubbish_is_refused_and_never_more_than_that() {
    let bomb = "a: &a [x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n".to_owned();
    let cases = [
        (String::new(), "is empty"),
        ("# nothing\n".to_owned(), "is empty"),
        ("just text".to_owned(), "is not a map"),
        ("- 1\n- 2\n".to_owned(), "is not a map"),
        ("cumbre: 1\n---\ncumbre: 1\n".to_owned(), "more than one YAML document"),
        ("cumbre: 1\nevent: [".to_owned(), "is not valid YAML"),
        ("cumbre: 1\n\tevent: x".to_owned(), "is not valid YAML"),
        ("cumbre: 1\nevent: \"open".to_owned(), "is not valid YAML"),
        ("cumbre: 1\nevent: !!binary x".to_owned(), "has a YAML tag"),
        ("cumbre: 1\ncumbre: 1\n".to_owned(), "is there twice"),
        ("cumbre: 1\n? [a, b]\n: c\n".to_owned(), "has a list or map as a key"),
        (bomb, "has a YAML alias"),
        ("[".repeat(100_000), "is not valid YAML: recursion limit exceeded"),
        ("{a: ".repeat(50), "is nested too deeply"),
        ("\u{0}\u{1}\u{2}".to_owned(), ""),
        (format!("cumbre: 1\n# {}", "x".repeat(FILE_MAX_BYTES)), "is larger than 8 MiB"),
        (format!("- [{}]", "a,".repeat(600_000)), "has too many values"),
        ((0..300).map(|i| format!("k{i}: 1\n")).collect(), "has a map with too many keys"),
        (format!("cumbre: 1\nevent: {{languages: [{}]}}", "a,".repeat(501)), "event.languages has more than 500 items"),
        ("cumbre: 1\nevent:\n".to_owned(), "event is missing"),
        ("cumbre: 1\nevent: 3\nsessions: 4\n".to_owned(), "sessions is not a list"),
    ];
    for (text, problem) in cases {
        let start: String = text.chars().take(40).collect();
        let faults = read_new(&text).unwrap_err();
        assert!(faults.iter().any(|fault| fault.contains(problem)), "{start:?}: {faults:?}");
    }
}

#[test]
fn any_line_of_a_file_can_be_lost_or_doubled_without_a_panic() {
    let lines: Vec<_> = SMALL.lines().collect();
    for index in 0..lines.len() {
        let without = lines.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, line)| *line);
        let _ = read_new(&without.collect::<Vec<_>>().join("\n"));
        let mut doubled = lines.clone();
        doubled.insert(index, lines[index]);
        let _ = read_new(&doubled.join("\n"));
        let cut = &SMALL[..SMALL.len() * index / lines.len()];
        let _ = read_new(cut);
    }
}

#[test]
fn a_file_with_random_damage_is_refused_or_can_be_written_back() {
    let noise: Vec<char> = "{}[]:,-?&*!|>%@`\"'#\n\t \\a1~=<.é\u{feff}\u{85}\u{2028}\r\0/_+".chars().collect();
    // A fixed sequence (xorshift, Marsaglia 2003), so that a failure comes again.
    let mut state = 88_172_645_463_325_252_u64;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..300 {
        let mut text: Vec<char> = SMALL.chars().collect();
        for _ in 0..=draw(3) {
            let at = draw(text.len());
            match draw(3) {
                0 => text[at] = noise[draw(noise.len())],
                1 => text.insert(at, noise[draw(noise.len())]),
                _ => drop(text.remove(at)),
            }
        }
        let text: String = text.into_iter().collect();
        if read_new(&text).is_ok() {
            let programme = programme_of(&text);
            let again = read(&write(&programme), &programme, &mut ids(), event_id()).unwrap();
            assert_eq!(plan(&programme, again, &BTreeSet::new()).edits, [], "{text}");
        }
    }
}
