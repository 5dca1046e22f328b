//! What the desk says of badges.

use chrono_tz::Tz;
use shared::admission::DeskCarrier;
use shared::badge::CarrierKind;

use super::{hour, pick};

/// One of somebody's badges: its number, what it is, and whether it counts.
pub fn badge(one: &DeskCarrier, is_void: bool, (zone, language): (Tz, &str)) -> String {
    let kind = match one.kind {
        CarrierKind::Phone => ["phone", "teléfono", "telefone", "téléphone"],
        CarrierKind::Paper => ["paper", "papel", "papel", "papier"],
        CarrierKind::Provisional => ["provisional", "provisional", "provisória", "provisoire"],
    };
    let mut told = format!("{}: {}", one.carrier, pick(kind, language));
    if let Some(at) = one.handed_out_at {
        let given = pick(["handed out", "entregada", "entregue", "remis"], language);
        told = format!("{told}, {given} {}", hour(at, zone));
    }
    if is_void {
        told = format!("{told}, {}", pick(["void", "anulada", "anulada", "annulé"], language));
    }
    told
}

/// Another badge was issued; what its code says is a line of its own, for the printer.
pub fn printed(name: &str, (carrier, token): (u64, &str), language: &str) -> String {
    let said = pick(["New badge", "Nueva credencial", "Nova credencial", "Nouveau badge"], language);
    format!("{said} {carrier}: {name}.\n{token}")
}
