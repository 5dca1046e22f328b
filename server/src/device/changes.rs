//! What changed between two looks at the programme, in words.

use std::collections::BTreeMap;

use super::programme::Programme;

/// The lines of all sessions, to be compared later.
pub fn list_lines(programme: &Programme) -> BTreeMap<String, String> {
    programme.sessions().map(|(id, session)| (id.to_owned(), programme.dated_line(id, session))).collect()
}

/// What changed, a line for each session: new, gone, or before and after.
pub fn describe(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let mut changes = Vec::new();
    for (id, line) in after {
        match before.get(id) {
            None => changes.push(format!("+ {line}")),
            Some(former) if former != line => changes.push(format!("- {former}\n+ {line}")),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
    changes.extend(gone.map(|(_, line)| format!("- {line}")));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_with_what_was_before() {
        let lines = |pairs: &[(&str, &str)]| pairs.iter().map(|(id, l)| ((*id).into(), (*l).into())).collect();
        let before = lines(&[("1", "Opening  Room A"), ("2", "Lunch"), ("3", "Round")]);
        let after = lines(&[("1", "Opening  Room B"), ("2", "Lunch"), ("4", "Dinner")]);
        assert_eq!(describe(&before, &after), ["- Opening  Room A\n+ Opening  Room B", "+ Dinner", "- Round"]);
    }
}
