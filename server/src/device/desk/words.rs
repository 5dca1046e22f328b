//! What the desk says, in English, Spanish, Portuguese and French.

use chrono_tz::Tz;
use shared::admission::{Direction, GuestDetails, Verdict};
use shared::programme::{AccessArea, Checkpoint};
use shared::time::Timestamp;

use super::roster::Person;

/// From which age on what is held is said to be old, in milliseconds: five minutes.
const OLD_MS: u64 = 5 * 60_000;

/// The languages, in the order of the texts.
const LANGUAGES: [&str; 4] = ["en", "es", "pt", "fr"];

fn pick<'a>(texts: [&'a str; 4], language: &str) -> &'a str {
    let place = LANGUAGES.iter().position(|known| language.split('-').next() == Some(known)).unwrap_or(0);
    texts[place]
}

/// The first line: which device, where, what for.
pub fn heading(device: &str, at: &Checkpoint, area: &AccessArea, language: &str) -> String {
    let (place, what) = (at.name.in_language(language, "en"), area.name.in_language(language, "en"));
    let ready = pick(["Ready.", "Listo.", "Pronto.", "Prêt."], language);
    format!("{device}: {place} ({what}). {ready} {}", help(language))
}

/// What can be typed.
pub fn help(language: &str) -> &'static str {
    let orders = [
        "Scan a badge, or type :find NAME, :take NUMBER, :in, :out, :undo, :count NUMBER.",
        "Escanee una credencial, o escriba :find NOMBRE, :take NÚMERO, :in, :out, :undo, :count NÚMERO.",
        "Leia uma credencial, ou digite :find NOME, :take NÚMERO, :in, :out, :undo, :count NÚMERO.",
        "Scannez un badge, ou tapez :find NOM, :take NUMÉRO, :in, :out, :undo, :count NUMÉRO.",
    ];
    pick(orders, language)
}

/// The answer to a badge: whether, who, why, what to do next, and how old what it rests on is.
pub fn verdict(
    verdict: &Verdict,
    (name, first_at): (Option<&str>, Option<&Checkpoint>),
    zone: Tz,
    language: &str,
) -> String {
    let word = match verdict.admits {
        true => pick(["YES", "SÍ", "SIM", "OUI"], language),
        false => pick(["NO", "NO", "NÃO", "NON"], language),
    };
    let mut parts = vec![word.to_owned()];
    parts.extend(name.map(|name| format!("{name}.")));
    parts.push(verdict.sentence(language));
    parts.extend(verdict.note.iter().map(|note| format!("\u{201c}{note}\u{201d}")));
    parts.push(verdict.next.sentence(language).to_owned());
    if let Some(first) = verdict.first.as_ref().filter(|_| !verdict.admits) {
        let place = first_at.map_or("", |at| at.name.in_language(language, "en"));
        parts.push(format!("({} {place})", hour(first.at, zone)));
    }
    parts.extend(verdict.opens_at.or(verdict.closed_at).map(|at| format!("({})", hour(at, zone))));
    parts.extend(age(verdict, language));
    parts.join(" ")
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
    let minutes = verdict.knowledge.age_ms.filter(|age| *age >= OLD_MS)? / 60_000;
    let old = pick(["as of", "datos de hace", "dados de", "données d'il y a"], language);
    let ago = pick(["min ago", "min", "min atrás", "min"], language);
    Some(format!("[{old} {minutes} {ago}]"))
}

fn hour(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%H:%M").to_string()
}

/// A guest's name with what stands on the badge.
pub fn name(details: &GuestDetails, language: &str) -> String {
    let form = details.form_of_address.iter().map(String::as_str);
    let called: Vec<&str> = form.chain([details.name.as_str()]).collect();
    let delegation = details.delegation_name.as_ref().map(|name| name.in_language(language, "en"));
    match delegation.or(details.organisation.as_deref()) {
        Some(from) => format!("{} ({from})", called.join(" ")),
        None => called.join(" "),
    }
}

/// The people that were found, numbered.
pub fn found(people: &[Person], language: &str) -> String {
    if people.is_empty() {
        return pick(["Nobody.", "Nadie.", "Ninguém.", "Personne."], language).to_owned();
    }
    let line = |(place, person): (usize, &Person)| format!("{}. {}", place + 1, name(&person.details, language));
    people.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// In which direction guests go from now on.
pub fn turned(direction: Direction, language: &str) -> &'static str {
    match direction {
        Direction::In => pick(["Entries.", "Entradas.", "Entradas.", "Entrées."], language),
        Direction::Out => pick(["Exits.", "Salidas.", "Saídas.", "Sorties."], language),
    }
}

/// The last scan is taken back.
pub fn undone(language: &str) -> &'static str {
    pick(["Taken back.", "Anulado.", "Desfeito.", "Annulé."], language)
}

/// There is nothing to take back.
pub fn nothing_to_undo(language: &str) -> &'static str {
    let nothing = ["Nothing to take back.", "Nada que anular.", "Nada a desfazer.", "Rien à annuler."];
    pick(nothing, language)
}

/// So many were counted.
pub fn counted(count: u32, language: &str) -> String {
    format!("{} {count}.", pick(["Counted:", "Contados:", "Contados:", "Comptés :"], language))
}

/// Whoever was found has no badge that a scan could name.
pub fn no_badge(language: &str) -> &'static str {
    let none = [
        "This person has no badge: see the registration.",
        "Esta persona no tiene credencial: ver la inscripción.",
        "Esta pessoa não tem credencial: ver a inscrição.",
        "Cette personne n'a pas de badge : voir l'inscription.",
    ];
    pick(none, language)
}
