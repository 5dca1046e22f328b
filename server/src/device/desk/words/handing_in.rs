//! What the desk says of what the server has not heard of, and of what it refused.

use chrono_tz::Tz;
use shared::sync::MutationResult;
use shared::time::Timestamp;

use super::{pick, when};

/// How much waits to be handed in, and when the device heard from the server last; `now` and the zone are the event's.
pub fn waiting(count: usize, (heard_at, now, zone): (Option<Timestamp>, Timestamp, Tz), language: &str) -> String {
    let told = match count {
        0 => pick(
            ["Everything is handed in.", "Todo está entregado.", "Tudo foi entregue.", "Tout est remis."],
            language,
        )
        .to_owned(),
        _ => {
            let waits = ["Still to hand in:", "Por entregar:", "A entregar:", "À remettre :"];
            format!("{} {count}.", pick(waits, language))
        }
    };
    let Some(at) = heard_at else {
        let never = [
            "The server was not heard of yet.",
            "Aún no se supo del servidor.",
            "Ainda não se soube do servidor.",
            "Pas encore de nouvelles du serveur.",
        ];
        return format!("{told} {}", pick(never, language));
    };
    let heard = [
        "Last heard from the server:",
        "Último contacto con el servidor:",
        "Último contato com o servidor:",
        "Dernier contact avec le serveur :",
    ];
    format!("{told} {} {}.", pick(heard, language), when(at, (now, zone)))
}

/// The server refused what was asked, and may want to be asked later.
pub fn not_done(why: &str, after_s: Option<u32>, language: &str) -> String {
    let said = pick(REFUSED, language);
    match after_s {
        Some(after_s) => format!("{said} {why} ({after_s} s)"),
        None => format!("{said} {why}"),
    }
}

/// The server refused something.
pub fn refused(op: &str, result: &MutationResult, language: &str) -> String {
    let why = match result {
        MutationResult::Rejected { reason, detail, .. } => detail.as_ref().unwrap_or(reason).clone(),
        other => serde_json::to_string(other).unwrap_or_default(),
    };
    format!("{} {op}: {why}", pick(REFUSED, language))
}

/// The server refused nothing.
pub fn nothing_refused(language: &str) -> &'static str {
    pick(["Nothing was refused.", "Nada fue rechazado.", "Nada foi recusado.", "Rien n'a été refusé."], language)
}

const REFUSED: [&str; 4] = ["Refused:", "Rechazado:", "Recusado:", "Refusé :"];
