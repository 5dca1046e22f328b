//! The words of cells in English, Spanish and Portuguese, their case and accents forgiven.

use std::collections::HashMap;
use std::sync::LazyLock;

use shared::localised::is_language_tag;
use shared::programme::DelegationRole;
use shared::registration::{AccessNeed, RegistrationStatus};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text by which two are compared: in lower case, without accents, with single spaces for
/// whatever is no letter or digit.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A value with its words: in English, Spanish and Portuguese as an export writes it, then others.
pub(super) type Words<T> = (T, [&'static str; 3], &'static [&'static str]);

pub(super) const STATUSES: &[Words<RegistrationStatus>] = &[
    (RegistrationStatus::Invited, ["invited", "invitado", "convidado"], &["invitada", "convidada"]),
    (
        RegistrationStatus::Requested,
        ["requested", "solicitado", "solicitado"],
        &["pending", "pendiente", "pendente", "solicitada"],
    ),
    (
        RegistrationStatus::Waitlisted,
        ["waitlisted", "en lista de espera", "em lista de espera"],
        &["waitlist", "waiting list", "lista de espera"],
    ),
    (
        RegistrationStatus::Confirmed,
        ["confirmed", "confirmado", "confirmado"],
        &["confirmada", "accepted", "aceptado", "aceptada", "aceito", "aceita"],
    ),
    (
        RegistrationStatus::Declined,
        ["declined", "rechazado", "recusado"],
        &["rejected", "rechazada", "declinado", "declinada", "recusada"],
    ),
    (
        RegistrationStatus::Cancelled,
        ["cancelled", "cancelado", "cancelado"],
        &["canceled", "cancelada", "anulado", "anulada"],
    ),
];

pub(super) const DELEGATION_ROLES: &[Words<DelegationRole>] = &[
    (
        DelegationRole::Head,
        ["head", "jefe de delegación", "chefe de delegação"],
        &["head of delegation", "jefa de delegación", "jefe", "jefa", "chefe", "chefe da delegação"],
    ),
    (
        DelegationRole::Alternate,
        ["alternate", "alterno", "suplente"],
        &["alternate head", "alterna", "jefe alterno", "jefa alterna", "chefe suplente", "deputy head"],
    ),
    (DelegationRole::Member, ["member", "miembro", "membro"], &["delegate", "delegado", "delegada", "integrante"]),
];

pub(super) const FLAGS: &[Words<bool>] = &[
    (true, ["yes", "sí", "sim"], &["y", "s", "x", "1", "true", "verdadero", "verdadeiro"]),
    (false, ["no", "no", "não"], &["n", "0", "false", "falso"]),
];

pub(super) const ACCESS_NEEDS: &[Words<AccessNeed>] = &[
    (
        AccessNeed::StepFree,
        ["step-free way", "acceso sin escalones", "acesso sem degraus"],
        &["step free", "step free access", "sin escalones", "sem degraus", "rampa", "ramp"],
    ),
    (
        AccessNeed::Wheelchair,
        ["wheelchair", "silla de ruedas", "cadeira de rodas"],
        &["wheelchair user", "usuario de silla de ruedas"],
    ),
    (AccessNeed::Companion, ["companion", "acompañante", "acompanhante"], &["personal assistant"]),
    (
        AccessNeed::SignLanguage,
        ["sign language", "lengua de señas", "língua de sinais"],
        &["lengua de signos", "sign language interpreter", "libras"],
    ),
    (AccessNeed::Captions, ["captions", "subtítulos", "legendas"], &["subtitles", "subtitulado"]),
    (
        AccessNeed::HearingLoop,
        ["hearing loop", "bucle magnético", "aro magnético"],
        &["induction loop", "aro de inducción"],
    ),
    (
        AccessNeed::ReadableDocuments,
        ["readable documents", "documentos accesibles", "documentos acessíveis"],
        &["large print", "letra grande", "screen reader", "letra ampliada"],
    ),
    (
        AccessNeed::AssistanceAnimal,
        ["assistance animal", "animal de asistencia", "animal de assistência"],
        &["guide dog", "perro guía", "cão guia", "assistance dog"],
    ),
    (AccessNeed::QuietRoom, ["quiet room", "sala tranquila", "sala silenciosa"], &["quiet space", "sala de descanso"]),
];

pub(super) const LANGUAGES: &[Words<&str>] = &[
    ("en", ["English", "inglés", "inglês"], &[]),
    ("es", ["Spanish", "español", "espanhol"], &["castellano"]),
    ("pt", ["Portuguese", "portugués", "português"], &[]),
    ("fr", ["French", "francés", "francês"], &["français"]),
    ("de", ["German", "alemán", "alemão"], &["Deutsch"]),
    ("it", ["Italian", "italiano", "italiano"], &[]),
    ("nl", ["Dutch", "neerlandés", "holandês"], &["Nederlands", "holandés"]),
    ("ja", ["Japanese", "japonés", "japonês"], &["日本語"]),
    ("zh", ["Chinese", "chino", "chinês"], &["中文"]),
    ("ko", ["Korean", "coreano", "coreano"], &["한국어"]),
    ("ar", ["Arabic", "árabe", "árabe"], &["العربية"]),
    ("ht", ["Haitian Creole", "criollo haitiano", "crioulo haitiano"], &["kreyòl ayisyen"]),
];

/// Values by their words, folded once.
pub(super) struct Lookup<T>(HashMap<String, T>);

impl<T: Copy> Lookup<T> {
    pub(super) fn of(words: &[Words<T>]) -> Self {
        let each = |(value, main, others): &Words<T>| {
            let value = *value;
            main.iter().chain(others.iter()).map(move |word| (fold(word), value)).collect::<Vec<_>>()
        };
        Self(words.iter().flat_map(each).collect())
    }

    /// The value that a text names.
    pub(super) fn find(&self, text: &str) -> Option<T> {
        self.0.get(&fold(text)).copied()
    }
}

/// What cells may say in words.
pub(super) struct Vocabulary {
    pub(super) statuses: Lookup<RegistrationStatus>,
    pub(super) delegation_roles: Lookup<DelegationRole>,
    pub(super) flags: Lookup<bool>,
    pub(super) access_needs: Lookup<AccessNeed>,
    languages: Lookup<&'static str>,
}

impl Vocabulary {
    /// The one vocabulary, made when it is first needed.
    pub(super) fn get() -> &'static Self {
        static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::new);
        &VOCABULARY
    }

    fn new() -> Self {
        Self {
            statuses: Lookup::of(STATUSES),
            delegation_roles: Lookup::of(DELEGATION_ROLES),
            flags: Lookup::of(FLAGS),
            access_needs: Lookup::of(ACCESS_NEEDS),
            languages: Lookup::of(LANGUAGES),
        }
    }

    /// The language that a text names, by tag or by name.
    pub(super) fn find_language(&self, text: &str) -> Option<String> {
        if let Some(tag) = self.languages.find(text) {
            return Some(tag.to_owned());
        }
        let mut parts = text.trim().split(['-', '_']);
        let mut tag = parts.next()?.to_ascii_lowercase();
        for part in parts {
            let part = if part.len() == 2 { part.to_ascii_uppercase() } else { part.to_owned() };
            tag = format!("{tag}-{part}");
        }
        is_language_tag(&tag).then_some(tag)
    }
}

/// The word for a value in a language, in English where it is another than the three.
pub(super) fn word_of<T: Copy + PartialEq>(words: &[Words<T>], value: T, language: &str) -> &'static str {
    words.iter().find(|(known, ..)| *known == value).map_or("", |(_, main, _)| main[language_index(language)])
}

/// Which of the three words a language takes.
pub(super) fn language_index(language: &str) -> usize {
    match language.split('-').next() {
        Some("es") => 1,
        Some("pt") => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_without_case_accents_and_marks() {
        assert_eq!(fold("  Correo-electrónico: "), "correo electronico");
        assert_eq!(fold("AÇÃO  (2)"), "acao 2");
        assert_eq!(fold("—"), "");
    }

    #[test]
    fn every_word_of_every_language_is_read_as_what_it_was_written_for() {
        fn check<T: Copy + PartialEq + std::fmt::Debug>(words: &[Words<T>]) {
            let lookup = Lookup::of(words);
            for (value, main, others) in words {
                for word in main.iter().chain(others.iter()) {
                    assert_eq!(lookup.find(word), Some(*value), "{word}");
                }
                let written = ["en", "es-CL", "pt-BR"].map(|language| word_of(words, *value, language));
                assert_eq!(written, *main);
            }
        }
        check(STATUSES);
        check(DELEGATION_ROLES);
        check(FLAGS);
        check(ACCESS_NEEDS);
        check(LANGUAGES);
    }

    #[test]
    fn a_language_is_known_by_its_tag_and_by_its_name() {
        for (text, tag) in [("Español", "es"), ("PT-br", "pt-BR"), ("pt_BR", "pt-BR"), ("ENGLISH", "en"), ("qu", "qu")]
        {
            assert_eq!(Vocabulary::get().find_language(text).as_deref(), Some(tag), "{text}");
        }
        assert_eq!(Vocabulary::get().find_language("Klingon, mostly"), None);
    }
}
