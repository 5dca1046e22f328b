//! Names as they are compared: accents, capitals and the order of words left aside.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in small letters without accents.
pub fn fold(text: &str) -> String {
    text.trim().nfkd().filter(|sign| !is_combining_mark(*sign)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_capitals_are_left_aside() {
        assert_eq!(fold(" José NÚÑEZ "), "jose nunez");
        assert_eq!(fold("الحوار"), "الحوار");
    }
}
