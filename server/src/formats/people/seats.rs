//! The columns of a list of sign-ups, beside those of people, in English, Spanish and Portuguese.

use chrono_tz::Tz;
use shared::signup::{SignUp, SignUpState};
use shared::time::Timestamp;

use super::words::{FLAGS, Words, language_index, word_of};

/// How a time is written, as the clocks of the event show it; spreadsheets read it as one.
const TIME: &str = "%Y-%m-%d %H:%M";

const STATES: &[Words<SignUpState>] = &[
    (SignUpState::Confirmed, ["confirmed", "confirmado", "confirmado"], &[]),
    (SignUpState::Offered, ["offered", "ofrecido", "oferecido"], &[]),
    (SignUpState::Waitlisted, ["waitlisted", "en lista de espera", "em lista de espera"], &[]),
    (SignUpState::Cancelled, ["cancelled", "cancelado", "cancelado"], &[]),
    (SignUpState::Lapsed, ["lapsed", "vencido", "vencido"], &[]),
];

/// What is listed of a session beside its people.
#[derive(Clone, PartialEq, Debug)]
pub struct SeatSession {
    /// Its slug.
    pub slug: String,
    /// Its title in the language of the file.
    pub title: String,
    /// When it begins, where that is known.
    pub starts_at: Option<Timestamp>,
}

/// What stands over the columns before those of people.
pub fn session_headings(language: &str) -> Vec<String> {
    headings(
        &[["Session", "Sesión", "Sessão"], ["Title", "Título", "Título"], ["Begins", "Comienza", "Começa"]],
        language,
    )
}

/// What stands over the columns behind those of people.
pub fn seat_headings(language: &str) -> Vec<String> {
    let words = [
        ["Seat", "Plaza", "Vaga"],
        ["Number in line", "Número en la fila", "Número na fila"],
        ["Asked at", "Solicitado", "Solicitado"],
        ["Accept by", "Aceptar hasta", "Aceitar até"],
        ["Exception", "Excepción", "Exceção"],
    ];
    headings(&words, language)
}

fn headings(words: &[[&str; 3]], language: &str) -> Vec<String> {
    words.iter().map(|word| word[language_index(language)].to_owned()).collect()
}

/// The cells of a session.
pub fn session_cells(session: &SeatSession, zone: Tz) -> Vec<String> {
    vec![session.slug.clone(), session.title.clone(), session.starts_at.map_or_else(String::new, |at| time(at, zone))]
}

/// The cells of a sign-up.
pub fn seat_cells(sign_up: &SignUp, zone: Tz, language: &str) -> Vec<String> {
    let number = sign_up.number.filter(|_| sign_up.state == SignUpState::Waitlisted);
    vec![
        word_of(STATES, sign_up.state, language).to_owned(),
        number.map_or_else(String::new, |number| number.to_string()),
        time(sign_up.requested_at, zone),
        sign_up.offered_until.map_or_else(String::new, |until| time(until, zone)),
        word_of(FLAGS, sign_up.is_override, language).to_owned(),
    ]
}

fn time(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format(TIME).to_string()
}
