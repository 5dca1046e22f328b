use serde_json::{Value, json};

use super::*;
use crate::admission::derive::tests::recorded_by;

/// The cases of what is derived.
const VECTORS: &str = include_str!("../../../vectors/admission.json");

#[test]
fn what_was_done_without_a_right_to_it_is_told_as_the_vectors_say_in_either_order() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    for case in file["unauthorised"].as_array().unwrap() {
        let mut scans = recorded_by(case);
        for _ in 0..2 {
            let by_id: BTreeMap<Uuid, Incident> =
                list_unauthorised(&scans).into_iter().map(|incident| (incident.id, incident)).collect();
            assert_eq!(json!(by_id.into_values().collect::<Vec<_>>()), case["incidents"], "{}", case["note"]);
            scans.reverse();
        }
    }
}

#[test]
fn rights_are_told_in_words_of_their_own() {
    for authority in Authority::ALL {
        assert_eq!(authority.as_str().parse(), Ok(authority));
        assert_eq!(json!(authority), authority.as_str());
    }
    assert_eq!("".parse::<Authority>(), Err(()));
}
