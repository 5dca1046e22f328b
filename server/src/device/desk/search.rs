//! Finding a person by name, without minding accents, the order of names or a slip of the finger.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters that no decomposition takes apart, as they are typed where a keyboard does not have them.
const PLAIN: [(char, &str); 10] = [
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('þ', "th"),
];

/// A name in the form in which names are compared: small letters without accents, by words.
pub fn words_of(name: &str) -> Vec<String> {
    let small: String = name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let plain = PLAIN.iter().fold(small, |text, (letter, typed)| text.replace(*letter, typed));
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// How far a name is from what was typed: none where a word of it is like none of the name's. A word may be
/// begun and not ended; one of four letters or more may have one letter wrong, missing or too many.
pub fn distance(typed: &[String], name: &[String]) -> Option<usize> {
    typed.iter().map(|word| name.iter().filter_map(|other| of_words(word, other)).min()).sum()
}

fn of_words(typed: &str, word: &str) -> Option<usize> {
    if word == typed {
        return Some(0);
    }
    if word.starts_with(typed) {
        return Some(1);
    }
    let is_near = typed.chars().count() >= 4 && is_one_slip(typed, word);
    is_near.then_some(2)
}

/// Whether one letter more, less or otherwise, or two that changed places, makes one of the other.
fn is_one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (a, b) = (&one[same..], &other[same..]);
    let is_swap = a.len() >= 2 && b.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..];
    let tail = |list: &[char]| list.get(1..).map(<[char]>::to_vec).unwrap_or_default();
    is_swap
        || (!a.is_empty() && !b.is_empty() && tail(a) == tail(b))
        || (!a.is_empty() && tail(a) == b)
        || (!b.is_empty() && tail(b) == a)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, name: &str) -> Option<usize> {
        distance(&words_of(typed), &words_of(name))
    }

    #[test]
    fn accents_capitals_and_the_order_of_names_do_not_matter() {
        assert_eq!(found("munoz jose", "José Ángel Muñoz-Peña"), Some(0));
        assert_eq!(found("PENA", "José Ángel Muñoz-Peña"), Some(0));
        assert_eq!(found("li 王", "王 Li"), Some(0));
        assert_eq!(found("lukasz soren strasse", "Søren Łukasz Straße"), Some(0));
    }

    #[test]
    fn a_beginning_and_one_slip_are_forgiven_and_come_behind_what_fits() {
        assert_eq!(found("ang", "José Ángel Muñoz"), Some(1));
        for slip in ["gonzales", "gonzlez", "gonzaalez", "gnozalez", "gonzale"] {
            assert!(found(slip, "Ana González").is_some_and(|far| far > 0), "{slip}");
        }
        assert!(found("anna", "Ana González") > found("ana", "Ana González"));
        assert_eq!(found("gonzlaes", "Ana González"), None, "two slips");
    }

    #[test]
    fn somebody_else_is_not_found() {
        assert_eq!(found("ana perez", "Ana González"), None);
        assert_eq!(found("eva", "Ava Lopez"), None, "short names bear no slip");
    }
}
