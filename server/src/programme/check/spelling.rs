//! Whether two names of organisations are so alike that one may be a slip of the other.
//!
//! Names are compared word by word, without accents, small words and countries. Words are alike
//! where a slip of the pen lies between them; a space too many or too few is one, too. What only
//! adds a word, or says it in Spanish, is another name and no slip.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::countries::find_country;

/// Words that names have or leave out as they please.
const SMALL_WORDS: &[&str] = &[
    "a", "an", "and", "at", "da", "das", "de", "del", "do", "dos", "e", "el", "for", "in", "la", "las", "los", "of",
    "on", "s", "the", "y",
];

/// Spanish and Portuguese words of institutions, each with the English one that it is compared as.
const TRANSLATIONS: &[(&str, &str)] = &[
    ("asociacion", "association"),
    ("centro", "center"),
    ("ciudadana", "citizen"),
    ("escuela", "school"),
    ("fundacion", "foundation"),
    ("instituto", "institute"),
    ("ministerio", "ministry"),
    ("municipalidades", "municipalities"),
    ("nacional", "national"),
    ("policia", "police"),
    ("seguridad", "security"),
    ("universidad", "university"),
    ("universidade", "university"),
];

/// A name taken apart.
pub(super) struct Spelling {
    acronyms: Vec<String>,
    all_words: Vec<String>,
    /// The whole name without what stands in brackets, and each of its parts between commas.
    phrases: Vec<Vec<String>>,
    country: Option<&'static str>,
}

impl Spelling {
    pub fn of(name: &str) -> Self {
        let (all_words, country) = split_words(name);
        let outside = without_brackets(name);
        let (whole, _) = split_words(&outside);
        let parts = outside.split(',').filter(|_| outside.contains(',')).map(|part| split_words(part).0);
        let phrases = std::iter::once(whole).chain(parts).filter(|words| !words.is_empty()).collect();
        Self { acronyms: list_acronyms(name), all_words, phrases, country }
    }

    /// The country that the name names, by ISO 3166-1 alpha-2.
    pub fn country(&self) -> Option<&'static str> {
        self.country
    }

    /// Whether one may be a slip of the other. Equal names are not.
    pub fn is_nearly(&self, other: &Self, is_one_country: bool) -> bool {
        let phrases = |one: &Vec<String>| {
            other.phrases.iter().any(|two| {
                let is_telling = (one.len() > 1 && two.len() > 1) || is_one_country;
                one != two && is_telling && is_aligned(one, two)
            })
        };
        self.has_slip_in_acronym(other) || self.phrases.iter().any(phrases)
    }

    /// Initials that differ by one letter are a slip where the names have a word in common.
    fn has_slip_in_acronym(&self, other: &Self) -> bool {
        let is_slip = |one: &String| {
            other.acronyms.iter().any(|two| one != two && one[..1] == two[..1] && distance(one, two) == 1)
        };
        let has_in_common = |word: &&String| word.len() >= 4 && other.all_words.contains(word);
        self.acronyms.iter().any(is_slip)
            && !self.acronyms.iter().any(|one| other.acronyms.contains(one))
            && self.all_words.iter().filter(|word| !self.is_acronym(word)).any(|word| has_in_common(&word))
    }

    fn is_acronym(&self, word: &str) -> bool {
        self.acronyms.iter().any(|acronym| acronym.eq_ignore_ascii_case(word))
    }
}

/// Words of four capitals or more.
fn list_acronyms(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.len() >= 4 && word.bytes().all(|b| b.is_ascii_uppercase())).map(str::to_owned).collect()
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0usize;
    let outside = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    name.chars().filter(outside).collect()
}

/// The telling words in lower case without accents, translated, without the country.
fn split_words(name: &str) -> (Vec<String>, Option<&'static str>) {
    let plain: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '\u{2019}'))
        .flat_map(char::to_lowercase)
        .collect();
    let mut words: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !SMALL_WORDS.contains(word))
        .map(|word| TRANSLATIONS.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to).to_owned())
        .collect();
    let country = find_country(&words);
    if let Some((range, _)) = &country
        && range.len() < words.len()
    {
        words.drain(range.clone());
    }
    (words, country.map(|(_, code)| code))
}

/// Whether the words of two names are alike one by one, two together counting as one.
fn is_aligned(one: &[String], two: &[String]) -> bool {
    match (one, two) {
        ([], []) => true,
        ([a, rest @ ..], [b, others @ ..]) => {
            (is_alike(a, b) && is_aligned(rest, others)) || is_aligned_joined(one, two) || is_aligned_joined(two, one)
        }
        _ => false,
    }
}

/// As [`is_aligned`], with the first two words of `one` written as one.
fn is_aligned_joined(one: &[String], two: &[String]) -> bool {
    match (one, two) {
        ([a, b, rest @ ..], [joined, others @ ..]) => {
            joined.starts_with(a.as_str()) && is_alike(&format!("{a}{b}"), joined) && is_aligned(rest, others)
        }
        _ => false,
    }
}

/// Whether two words are equal or a slip apart: one letter, or one in five of long words.
fn is_alike(one: &str, two: &str) -> bool {
    let longest = one.len().max(two.len());
    let has_digit = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    let may_differ = one.len().min(two.len()) >= 5 && longest <= 40 && !has_digit(one) && !has_digit(two);
    let allowed = (longest / 5).max(1);
    one == two || (may_differ && one.len().abs_diff(two.len()) <= allowed && distance(one, two) <= allowed)
}

/// How many letters are to be put in, taken out, changed or exchanged with their neighbour
/// (optimal string alignment).
fn distance(one: &str, two: &str) -> usize {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in two.iter().enumerate() {
            let mut best = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == two[j - 1] && one[i - 1] == *b {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_nearly(one: &str, two: &str) -> bool {
        let (one, two) = (Spelling::of(one), Spelling::of(two));
        one.is_nearly(&two, one.country().is_some() && one.country() == two.country())
    }

    #[test]
    fn slips_of_the_pen_are_seen() {
        for (one, two) in [
            (
                "Municipal Association of the East Zone (AMZO)",
                "AMSZO (Association of Municipalities in the Eastern Zone)",
            ),
            ("Under secretariat of Crime Prevention of Chile", "Undersecretary of Crime Prevention"),
            ("Under secretariat of Crime Prevention", "Undersecretariat of Crime Prevention, Chile"),
            (
                "Citizen Security Studies Center (CESC), Univsersity of Chile",
                "Institute of Public Affairs, Universidad de Chile",
            ),
            ("Univsersity of Chile", "University of Chile"),
            ("Inter-American Development Bank", "Interamerican Development Bank"),
            ("Justice Policy Centre", "Justice Policy Center"),
        ] {
            assert!(is_nearly(one, two), "{one} / {two}");
            assert!(is_nearly(two, one), "{two} / {one}");
        }
    }

    #[test]
    fn other_bodies_with_like_names_are_not_taken_for_slips() {
        for (one, two) in [
            ("Ministry of Justice and Human Rights", "Ministry of Justice and Public Security"),
            ("Undersecretary of Justice of Chile", "Under secretariat of Crime Prevention of Chile"),
            ("Ministry of the Interior", "Ministry of the Interior and Public Security"),
            ("Ministry of the Interior", "National Police, Ministry of the Interior"),
            ("Association of the North Zone", "Association of the South Zone"),
            ("University of Palermo", "University of Sydney"),
            ("Universidad de Chile", "University of Chile"),
            ("Carabineros de Chile", "Carabineros de Chile."),
            ("Ministry of Interior", "Ministry of the Interior"),
            ("Police Academy 11", "Police Academy 12"),
            ("Inter-American Dialogue", "Inter-American Development Bank"),
            ("OAS", "OEA"),
            ("University of Chile", "University"),
        ] {
            assert!(!is_nearly(one, two), "{one} / {two}");
            assert!(!is_nearly(two, one), "{two} / {one}");
        }
    }

    #[test]
    fn the_distance_counts_letters_and_exchanges() {
        assert_eq!(distance("AMZO", "AMSZO"), 1);
        assert_eq!(distance("centre", "center"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("justice", "justice"), 0);
    }
}
