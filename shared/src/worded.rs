//! Words for programs that are sentences for people as well.

/// Makes an enum of words on the wire, each with its sentence in English, Spanish, Portuguese and French.
macro_rules! worded {
    ($(#[$about:meta])+ enum $kind:ident {
        $($(#[$doc:meta])+ $name:ident = $text:literal, [$en:literal, $es:literal, $pt:literal, $fr:literal];)+
    }) => {
        $(#[$about])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $kind { $($(#[$doc])+ #[serde(rename = $text)] $name,)+ }

        impl $kind {
            /// Every one, in their order.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The sentence in a language (BCP 47), or in English.
            pub fn sentence(self, language: &str) -> &'static str {
                let sentences = match self { $(Self::$name => [$en, $es, $pt, $fr],)+ };
                $crate::worded::in_language(sentences, language)
            }
        }
    };
}

pub(crate) use worded;

/// The one for a reader of a language, of those in English, Spanish, Portuguese and French.
pub(crate) fn in_language(sentences: [&'static str; 4], language: &str) -> &'static str {
    let [english, spanish, portuguese, french] = sentences;
    match language.split('-').next() {
        Some("es") => spanish,
        Some("pt") => portuguese,
        Some("fr") => french,
        _ => english,
    }
}
