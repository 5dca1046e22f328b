//! Texts in several languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};

/// The longest text accepted in one language, in characters.
pub const TEXT_MAX_CHARS: usize = 20_000;

/// The longest line accepted, in characters.
pub const LINE_MAX_CHARS: usize = 500;

/// A text in several languages, by BCP 47 tag (`en`, `pt-BR`): at least one, none empty.
/// What a reader gets when their language is missing is [`Localised::in_language`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Localised(BTreeMap<String, String>);

impl Localised {
    /// A text in one language.
    pub fn one(language: &str, text: &str) -> Self {
        Self(BTreeMap::from([(language.to_owned(), text.to_owned())]))
    }

    /// A text in the languages given; `None` if there is none, or a tag or text is not acceptable.
    pub fn new(texts: BTreeMap<String, String>) -> Option<Self> {
        find_fault(&texts).is_none().then_some(Self(texts))
    }

    /// The text for a reader of `language`: that tag, else its primary language (`de` for
    /// `de-CH`), else the event's `fallback`, else the first there is.
    pub fn in_language(&self, language: &str, fallback: &str) -> &str {
        let primary = language.split('-').next().unwrap_or(language);
        [language, primary, fallback]
            .iter()
            .find_map(|tag| self.0.get(*tag))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Whether there is a text in exactly this language.
    pub fn has(&self, language: &str) -> bool {
        self.0.contains_key(language)
    }

    /// Every language with its text, by tag.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }
}

impl<'de> Deserialize<'de> for Localised {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
        match find_fault(&texts) {
            Some(problem) => Err(de::Error::custom(problem)),
            None => Ok(Self(texts)),
        }
    }
}

/// What is wrong with texts by language, as the rest of a sentence; none if nothing is.
fn find_fault(texts: &BTreeMap<String, String>) -> Option<String> {
    if texts.is_empty() {
        return Some("has no text; write one by language, such as {\"en\": \"Lunch\"}".to_owned());
    }
    texts.iter().find_map(|(tag, text)| {
        if !is_language_tag(tag) {
            return Some(format!("has {tag:?}, which is no language tag such as en or pt-BR"));
        }
        find_fault_of_text(text).map(|problem| format!("in {tag} {problem}"))
    })
}

/// Whether `tag` has the form of a language tag (RFC 5646, language and optional region or script).
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or("");
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether `text` may be stored and shown: not blank, not too long, and without control
/// characters other than line breaks and tabs. Right-to-left text and emoji are text.
pub fn is_text(text: &str) -> bool {
    find_fault_of_text(text).is_none()
}

fn find_fault_of_text(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("is blank".to_owned());
    }
    let length = text.chars().count();
    if length > TEXT_MAX_CHARS {
        return Some(format!("has {length} characters; {TEXT_MAX_CHARS} is the most"));
    }
    text.chars().find(|c| is_forbidden(*c)).map(|c| format!("has the control character U+{:04X}", u32::from(c)))
}

/// Control characters, and those that turn letters round whatever their script (the overrides of
/// Unicode Standard Annex 9), which serve nothing but to show a text as what it is not.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202D}' | '\u{202E}')
}

/// Whether `text` may stand in one line, such as a name or title.
pub fn is_line(text: &str) -> bool {
    is_text(text) && text.chars().count() <= LINE_MAX_CHARS && !text.contains(['\n', '\t'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reader_without_their_language_gets_the_nearest() {
        let text = Localised::new(BTreeMap::from([
            ("de".to_owned(), "Mittagessen".to_owned()),
            ("es".to_owned(), "Almuerzo".to_owned()),
        ]))
        .unwrap();
        assert_eq!(text.in_language("de-CH", "es"), "Mittagessen");
        assert_eq!(text.in_language("fr", "es"), "Almuerzo");
        assert_eq!(text.in_language("fr", "pt"), "Mittagessen");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_language() {
        let told = |texts: serde_json::Value| serde_json::from_value::<Localised>(texts).unwrap_err().to_string();
        assert_eq!(told(json!({})), "has no text; write one by language, such as {\"en\": \"Lunch\"}");
        assert_eq!(
            told(json!({ "english": "Lunch" })),
            "has \"english\", which is no language tag such as en or pt-BR"
        );
        assert_eq!(told(json!({ "en": " " })), "in en is blank");
        assert_eq!(told(json!({ "en": "x".repeat(20_001) })), "in en has 20001 characters; 20000 is the most");
        assert_eq!(told(json!({ "en": "a", "es": "a\u{7}" })), "in es has the control character U+0007");
    }

    #[test]
    fn control_characters_are_refused_and_other_scripts_are_not() {
        assert!(is_text("الحوار الإقليمي 🎉\nline two"));
        assert!(!is_text("a\u{0}b"));
        assert!(!is_text("Lunch \u{202E}hcnul"));
        assert!(is_text("\u{200F}غداء\u{200F} 12"));
        assert!(!is_text("  "));
    }
}
