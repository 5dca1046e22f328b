//! What the desk says to a badge.

use chrono_tz::Tz;
use shared::admission::Verdict;
use shared::time::Timestamp;

use super::{pick, when};

/// From which age on what is held is said to be old, in milliseconds: five minutes.
const OLD_MS: u64 = 5 * 60_000;

/// What tells whoever knows it that a badge of the person is reported stolen, and nobody else.
const SILENT_MARK: &str = "\u{b7}";

/// What the desk knows of a verdict beside it.
pub struct Told<'a> {
    /// Who stands there.
    pub name: Option<&'a str>,
    /// The checkpoint where they were let in first.
    pub first_at: Option<&'a str>,
    /// The room in which what they come for takes place.
    pub moved_to: Option<&'a str>,
    /// The time, and the event's time zone.
    pub now: (Timestamp, Tz),
}

/// The answer to a badge: whether, who, why, where to and since when, what to do next, and how far what it rests on
/// can be relied upon.
pub fn verdict(verdict: &Verdict, told: &Told<'_>, language: &str) -> String {
    let word = match verdict.admits {
        true => pick(["YES", "SÍ", "SIM", "OUI"], language),
        false => pick(["NO", "NO", "NÃO", "NON"], language),
    };
    let mut parts = vec![word.to_owned()];
    parts.extend(told.name.map(|name| format!("{name}.")));
    parts.push(verdict.sentence(language));
    parts.extend(told.moved_to.map(|room| {
        let now_in = pick(["Now in", "Ahora en", "Agora em", "Maintenant :"], language);
        format!("{now_in} {room}.")
    }));
    parts.extend(verdict.note.iter().map(|note| format!("\u{201c}{note}\u{201d}")));
    parts.push(verdict.next.sentence(language).to_owned());
    if let Some(first) = verdict.first.as_ref().filter(|_| !verdict.admits) {
        parts.push(format!("({})", [&*when(first.at, told.now), told.first_at.unwrap_or_default()].join(" ").trim()));
    }
    parts.extend(verdict.opens_at.or(verdict.closed_at).map(|at| format!("({})", when(at, told.now))));
    if let Some(limit) = verdict.limit {
        let of = pick(["of", "de", "de", "sur"], language);
        parts.push(format!("({} {of} {})", limit.inside, limit.at_most));
    }
    parts.extend(verdict.is_by_badge_alone.then(|| by_badge_alone(language).to_owned()));
    parts.extend(age(verdict, language));
    if verdict.is_reported_stolen {
        parts.push(SILENT_MARK.to_owned());
    }
    parts.join(" ")
}

fn by_badge_alone(language: &str) -> &'static str {
    let alone = [
        "[known by the badge alone]",
        "[solo se conoce por la credencial]",
        "[conhecido só pela credencial]",
        "[connu par le badge seul]",
    ];
    pick(alone, language)
}

fn age(verdict: &Verdict, language: &str) -> Option<String> {
    if !verdict.knowledge.is_complete {
        let incomplete = [
            "[the roster is not complete]",
            "[la lista no está completa]",
            "[a lista não está completa]",
            "[la liste n'est pas complète]",
        ];
        return Some(pick(incomplete, language).to_owned());
    }
    let Some(age_ms) = verdict.knowledge.age_ms else {
        let unknown = [
            "[nobody knows how old the list is: the clock was put back]",
            "[no se sabe de cuándo es la lista: el reloj se atrasó]",
            "[não se sabe de quando é a lista: o relógio foi atrasado]",
            "[on ne sait pas de quand date la liste : l'horloge a été retardée]",
        ];
        return Some(pick(unknown, language).to_owned());
    };
    let minutes = Some(age_ms).filter(|age| *age >= OLD_MS)? / 60_000;
    let old = pick(["as of", "datos de hace", "dados de", "données d'il y a"], language);
    let ago = pick(["min ago", "min", "min atrás", "min"], language);
    Some(format!("[{old} {minutes} {ago}]"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};
    use shared::admission::Knowledge;

    use super::super::LANGUAGES;
    use super::*;

    /// Santiago, on a Monday at noon.
    const NOW: (Timestamp, Tz) = (Timestamp(1_543_244_400_000), chrono_tz::America::Santiago);

    fn verdict_of(more: Value) -> Verdict {
        let knowledge = Knowledge { age_ms: Some(0), as_of: None, is_complete: true };
        let mut verdict = json!({ "admits": false, "reason": "moved", "next": "show_the_way", "knowledge": knowledge });
        verdict.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(verdict).unwrap()
    }

    fn said(more: Value, language: &str) -> String {
        let told = Told { name: Some("Ana"), first_at: Some("East"), moved_to: None, now: NOW };
        verdict(&verdict_of(more), &told, language)
    }

    /// What is said of the age of what a verdict rests on.
    fn told(age_ms: Option<u64>, language: &str) -> Option<String> {
        age(&verdict_of(json!({ "knowledge": Knowledge { age_ms, as_of: None, is_complete: true } })), language)
    }

    #[test]
    fn a_list_of_which_nobody_knows_how_old_it_is_is_said_to_be_in_every_language() {
        let said: BTreeSet<String> = LANGUAGES.iter().map(|language| told(None, language).expect("a word")).collect();
        assert_eq!(said.len(), LANGUAGES.len());
        assert_eq!(told(Some(OLD_MS - 1), "en"), None);
        assert_eq!(told(Some(OLD_MS), "en").as_deref(), Some("[as of 5 min ago]"));
    }

    #[test]
    fn where_a_session_has_moved_to_is_said_in_every_language() {
        let moved = Told { name: None, first_at: None, moved_to: Some("Sala 2"), now: NOW };
        let said: BTreeSet<String> =
            LANGUAGES.iter().map(|language| verdict(&verdict_of(json!({})), &moved, language)).collect();
        assert_eq!(said.len(), LANGUAGES.len());
        assert!(said.iter().all(|line| line.contains(" Sala 2.")), "{said:?}");
        assert!(
            said.contains("NO The session has moved to another room. Now in Sala 2. Show the way to the other room.")
        );
    }

    #[test]
    fn a_time_has_its_day_where_that_is_another() {
        let early =
            |opens_at: &str| said(json!({ "reason": "too_early", "next": "ask_to_wait", "opens_at": opens_at }), "en");
        assert!(early("2018-11-26T16:30:00.000Z").ends_with(" (13:30)"));
        assert!(early("2018-11-27T12:00:00.000Z").ends_with(" (2018-11-27 09:00)"));
    }

    #[test]
    fn how_many_are_inside_and_what_nobody_but_the_badge_says_is_told() {
        let limit = json!({ "of": "area", "inside": 40, "at_most": 40 });
        let full = said(json!({ "reason": "full", "next": "wait_for_room", "limit": limit }), "fr");
        assert!(full.ends_with(" (40 sur 40)"), "{full}");
        let walk_in = json!({ "admits": true, "reason": "admitted", "next": "let_in", "is_by_badge_alone": true });
        assert_eq!(said(walk_in, "en"), "YES Ana. Welcome. Let in. [known by the badge alone]");
    }
}
