//! What the desk says of incidents.

use chrono_tz::Tz;
use shared::admission::{IncidentKind, LateWork, Unread};

use super::{hour, pick};

/// The most that is shown of what a device handed in, in characters.
const MOST_SHOWN: usize = 300;

/// What is odd, in one word or a few.
fn kind(kind: IncidentKind, language: &str) -> &'static str {
    let words = match kind {
        IncidentKind::SecondUse => ["Used twice", "Usada dos veces", "Usada duas vezes", "Utilisé deux fois"],
        IncidentKind::TwoPlaces => [
            "At two places at once",
            "En dos lugares a la vez",
            "Em dois lugares ao mesmo tempo",
            "À deux endroits à la fois",
        ],
        IncidentKind::VoidCarrier => [
            "Let in with a void badge",
            "Entró con credencial anulada",
            "Entrou com credencial anulada",
            "Entré avec un badge annulé",
        ],
        IncidentKind::StolenShown => [
            "A stolen badge was shown",
            "Se mostró una credencial robada",
            "Foi mostrada uma credencial roubada",
            "Un badge volé a été montré",
        ],
        IncidentKind::SeatTwice => {
            ["One seat, two people", "Un asiento, dos personas", "Um lugar, duas pessoas", "Une place, deux personnes"]
        }
        IncidentKind::RevokedKey => [
            "Let in with a badge of a desk whose key was revoked",
            "Entró con credencial de una mesa con clave revocada",
            "Entrou com credencial de um balcão com chave revogada",
            "Entré avec un badge d'un bureau dont la clé est révoquée",
        ],
        IncidentKind::Unregistered => [
            "Let in with a desk's badge, and not registered or not confirmed",
            "Entró con credencial de mesa, sin inscripción o sin confirmar",
            "Entrou com credencial de balcão, sem inscrição ou sem confirmação",
            "Entré avec un badge de bureau, sans inscription ou sans confirmation",
        ],
        IncidentKind::Unauthorised => [
            "Scanned or taken back without a right to it",
            "Leído o anulado sin derecho a ello",
            "Lido ou desfeito sem direito a isso",
            "Scanné ou annulé sans en avoir le droit",
        ],
        IncidentKind::IdReused => [
            "Two scans under one id",
            "Dos lecturas con un mismo id",
            "Duas leituras com o mesmo id",
            "Deux lectures sous un même id",
        ],
        IncidentKind::NotUnderstood => {
            ["A scan that nobody can read", "Una lectura ilegible", "Uma leitura ilegível", "Une lecture illisible"]
        }
        IncidentKind::LateWork => [
            "Done at a desk that was not in use any more",
            "Hecho en una mesa que ya no estaba en uso",
            "Feito em um balcão que já não estava em uso",
            "Fait à un bureau qui n'était plus en service",
        ],
    };
    pick(words, language)
}

/// One of them: what is odd, about whom, and where they were when.
pub fn line(place: usize, (odd, guests): (IncidentKind, &[String]), scans: &[String], language: &str) -> String {
    let mut parts = vec![kind(odd, language).to_owned()];
    parts.extend((!guests.is_empty()).then(|| guests.join(", ")));
    parts.extend((!scans.is_empty()).then(|| scans.join(", ")));
    format!("{place}. {}", parts.join(": "))
}

/// What came that cannot be read: when, from which device, which field is at fault, and how it begins.
pub fn came(came: &Unread, zone: Tz, language: &str) -> String {
    let device = device(came.device_name.as_deref(), language);
    shown(&format!("{} {device}, {}: {}: {}", hour(came.received_at, zone), came.field, came.problem, came.text))
}

/// What a desk did that was not in use any more: when, at which device, and what.
pub fn late(work: &LateWork, zone: Tz, language: &str) -> String {
    let device = device(work.device_name.as_deref(), language);
    shown(&format!("{} {device}: {} {}", hour(work.at.unwrap_or(work.received_at), zone), work.op, work.args))
}

fn device<'a>(name: Option<&'a str>, language: &str) -> &'a str {
    let unknown = ["unknown device", "dispositivo desconocido", "dispositivo desconhecido", "appareil inconnu"];
    name.unwrap_or_else(|| pick(unknown, language))
}

/// What a terminal would take for an order of its own is not shown.
fn shown(told: &str) -> String {
    told.chars().map(|one| if one.is_control() { '?' } else { one }).take(MOST_SHOWN).collect()
}

/// There are none.
pub fn none(language: &str) -> &'static str {
    let none = ["Nothing is odd.", "Nada llama la atención.", "Nada de estranho.", "Rien d'anormal."];
    pick(none, language)
}

/// The device was not enrolled for who settles them.
pub fn not_here(language: &str) -> &'static str {
    let not_here = [
        "This device does not settle incidents: ask a desk lead.",
        "Este dispositivo no resuelve incidentes: consulte a quien dirige las mesas.",
        "Este dispositivo não resolve incidentes: consulte quem coordena os balcões.",
        "Cet appareil ne règle pas les incidents : voyez la personne responsable des bureaux.",
    ];
    pick(not_here, language)
}
