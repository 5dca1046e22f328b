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
        let acceptable = texts.iter().all(|(tag, text)| is_language_tag(tag) && is_text(text));
        (acceptable && !texts.is_empty()).then_some(Self(texts))
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
        Self::new(texts).ok_or_else(|| {
            de::Error::custom("is not a text by language, such as {\"en\": \"Lunch\"}, without control characters")
        })
    }
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
    !text.trim().is_empty()
        && text.chars().count() <= TEXT_MAX_CHARS
        && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

/// Whether `text` may stand in one line, such as a name or title.
pub fn is_line(text: &str) -> bool {
    is_text(text) && text.chars().count() <= LINE_MAX_CHARS && !text.contains(['\n', '\t'])
}

#[cfg(test)]
mod tests {
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
    fn control_characters_are_refused_and_other_scripts_are_not() {
        assert!(is_text("الحوار الإقليمي 🎉\nline two"));
        assert!(!is_text("a\u{0}b"));
        assert!(!is_text("  "));
    }
}
