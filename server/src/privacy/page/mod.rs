//! What is held, as a page to read: the same document, with its names in the reader's language.
//! The page has no script and loads nothing.

mod labels;

use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use shared::localised::{Localised, is_language_tag};

pub use labels::Language;
use labels::label;

/// How the page looks.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
    color:#1b1b1b;background:#fff}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #bbb}\
    dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.2rem 1rem;margin:0}dt{color:#555}\
    dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}ol{padding-left:1.2rem}li{margin:.6rem 0}\
    @media(prefers-color-scheme:dark){body{color:#eee;background:#161616}dt{color:#aaa}}";

/// The content security policy of the page: its own style and nothing else.
pub static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// Writes the page of a document. `next` is the query that asks for the document after it.
pub fn write_page(language: Language, sections: &Map<String, Value>, next: Option<&str>) -> String {
    let mut page = String::new();
    // Writing into a text cannot fail.
    let _ = Writer { language, page: &mut page }.write(sections, next);
    page
}

struct Writer<'a> {
    language: Language,
    page: &'a mut String,
}

impl Writer<'_> {
    fn write(&mut self, sections: &Map<String, Value>, next: Option<&str>) -> fmt::Result {
        let (tag, title) = (self.language.tag(), label("held", self.language));
        write!(
            self.page,
            "<!doctype html>\n<html lang=\"{tag}\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n"
        )?;
        for (name, section) in sections {
            writeln!(self.page, "<h2>{}</h2>", self.name(name))?;
            self.value(section)?;
            self.page.push('\n');
        }
        if let Some(next) = next {
            let label = label("next", self.language);
            writeln!(self.page, "<p><a href=\"?{}\">{label}</a></p>", Escaped(next))?;
        }
        Ok(())
    }

    /// A field's name in the reader's language; one that has none is shown as it is.
    fn name(&self, name: &str) -> String {
        let known = label(name, self.language);
        let shown = if known.is_empty() { name.replace('_', " ") } else { known.to_owned() };
        Escaped(&shown).to_string()
    }

    fn value(&mut self, value: &Value) -> fmt::Result {
        if let Some(text) = localised(value) {
            return write!(self.page, "{}", Escaped(text.in_language(self.language.tag(), "en")));
        }
        match value {
            Value::Null => write!(self.page, "–"),
            Value::Bool(is_so) => {
                let word = label(if *is_so { "is_so" } else { "is_not_so" }, self.language);
                write!(self.page, "{word}")
            }
            Value::Number(number) => write!(self.page, "{number}"),
            Value::String(text) => write!(self.page, "{}", Escaped(text)),
            Value::Array(items) if items.is_empty() => {
                let nothing = label("nothing", self.language);
                write!(self.page, "{nothing}")
            }
            Value::Array(items) => {
                self.page.push_str("<ol>");
                for item in items {
                    self.page.push_str("<li>");
                    self.value(item)?;
                    self.page.push_str("</li>");
                }
                self.page.push_str("</ol>");
                Ok(())
            }
            Value::Object(fields) => {
                self.page.push_str("<dl>");
                for (name, field) in fields {
                    write!(self.page, "<dt>{}</dt><dd>", self.name(name))?;
                    self.value(field)?;
                    self.page.push_str("</dd>");
                }
                self.page.push_str("</dl>");
                Ok(())
            }
        }
    }
}

/// A text in several languages, where the value is one.
fn localised(value: &Value) -> Option<Localised> {
    let fields = value.as_object()?;
    // Some names of fields, such as `id` and `at`, have the form of a language tag.
    let is_language = |key: &String| is_language_tag(key) && label(key, Language::English).is_empty();
    let is_text = !fields.is_empty() && fields.keys().all(is_language);
    if is_text { serde_json::from_value(value.clone()).ok() } else { None }
}

/// A text as it stands in a page, also within quotation marks.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(language: Language, sections: Value) -> String {
        write_page(language, sections.as_object().unwrap(), None)
    }

    #[test]
    fn what_people_wrote_is_text_and_never_markup() {
        let sections = json!({ "notes": [{ "text": "<script>alert('x')</script> & \"more\"" }], "<b>": { "<i>": 1 } });
        let page = page(Language::English, sections);
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"), "{page}");
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"));
    }

    #[test]
    fn headings_and_texts_are_in_the_readers_language() {
        let sections = json!({ "notes": [], "event": { "title": { "en": "Week", "es": "Semana" } } });
        let in_spanish = page(Language::Spanish, sections.clone());
        assert!(in_spanish.contains("<html lang=\"es\">") && in_spanish.contains("<h2>Notas</h2>"), "{in_spanish}");
        assert!(in_spanish.contains("Semana") && !in_spanish.contains("Week"));
        assert!(page(Language::French, sections).contains("Week"), "a language without a text gets another");
    }

    #[test]
    fn a_field_whose_name_looks_like_a_language_is_a_field() {
        let page = page(Language::English, json!({ "audit": [{ "id": "7" }, { "at": "noon" }] }));
        assert!(page.contains("<dt>Number</dt><dd>7</dd>") && page.contains("<dt>When</dt><dd>noon</dd>"), "{page}");
    }

    #[test]
    fn the_policy_names_the_style_and_allows_nothing_else() {
        assert!(POLICY.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(!POLICY.contains("unsafe") && !POLICY.contains("script-src"));
        assert_eq!(page(Language::English, json!({})).matches("<style>").count(), 1);
    }
}
