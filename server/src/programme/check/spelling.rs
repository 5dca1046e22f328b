//! Whether two names of organisations are so alike that one may be a slip of the other.
//!
//! Names are compared word by word, without accents, small words and countries. Words are alike
//! where a slip of the pen lies between them; a space too many or too few is one, too. What only
//! adds a word, or says it in Spanish, is another name and no slip.

use std::collections::BTreeSet;

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
    /// The whole name without what stands in brackets, and each of its parts between commas and
    /// brackets.
    phrases: Vec<Phrase>,
    country: Option<&'static str>,
}

/// A part of a name, as printed and as it is compared.
struct Phrase {
    text: String,
    words: Vec<String>,
}

impl Spelling {
    pub fn of(name: &str) -> Self {
        let (all_words, country) = split_words(name);
        let segments = list_segments(name);
        let whole = (segments.len() > 1).then(|| segments.join(" "));
        let phrases = whole.into_iter().chain(segments).filter_map(|text| {
            let words = split_words(&text).0;
            (!words.is_empty()).then(|| Phrase { text: text.trim().to_owned(), words })
        });
        Self { acronyms: list_acronyms(name), all_words, phrases: phrases.collect(), country }
    }

    /// What two names have in common that differ in accents, capitals, stops and small words alone, or in nothing: their
    /// words, and the country that they name.
    pub fn bare(&self) -> (&[String], Option<&'static str>) {
        (&self.all_words, self.country)
    }

    /// The country that the name names, by ISO 3166-1 alpha-2.
    pub fn country(&self) -> Option<&'static str> {
        self.country
    }

    /// What a name has in common with every other one that may be a slip of it: how its phrases
    /// begin or end, or its first initial. It spares comparing every name with every other.
    pub fn keys(&self) -> BTreeSet<String> {
        let initials = self.acronyms.iter().map(|acronym| format!("#{}", &acronym[..1]));
        let of_phrases = self.phrases.iter().flat_map(|phrase| {
            let letters: Vec<char> = phrase.words.iter().flat_map(|word| word.chars()).collect();
            // A slip leaves three letters at one end of a word of seven, six of a name of thirteen.
            let lengths = [(3, 0..=16), (6, 12..=usize::MAX)];
            let fitting = lengths.into_iter().filter(|(_, range)| range.contains(&letters.len()));
            let keys = fitting.flat_map(|(length, _)| {
                let length = length.min(letters.len());
                let begin: String = letters[..length].iter().collect();
                let end: String = letters[letters.len() - length..].iter().collect();
                [format!("{begin}-"), format!("-{end}")]
            });
            keys.collect::<Vec<_>>()
        });
        of_phrases.chain(initials).collect()
    }

    /// The parts of both names of which one may be a slip of the other, if there are such.
    pub fn find_slip<'a>(&'a self, other: &'a Self, is_one_country: bool) -> Option<(&'a str, &'a str)> {
        let is_slip = |one: &Phrase, two: &Phrase| {
            let is_telling = (one.words.len() > 1 && two.words.len() > 1) || is_one_country;
            is_telling && is_aligned(&one.words, &two.words, false)
        };
        self.find_slip_in_acronym(other).or_else(|| self.find_phrases(other, is_slip))
    }

    /// As [`Spelling::find_slip`], where a space is among what differs.
    pub fn find_slip_in_spaces<'a>(&'a self, other: &'a Self) -> Option<(&'a str, &'a str)> {
        self.find_phrases(other, |one, two| is_aligned(&one.words, &two.words, true))
    }

    fn find_phrases<'a>(
        &'a self,
        other: &'a Self,
        is_slip: impl Fn(&Phrase, &Phrase) -> bool,
    ) -> Option<(&'a str, &'a str)> {
        let pairs = self.phrases.iter().flat_map(|one| other.phrases.iter().map(move |two| (one, two)));
        pairs
            .filter(|(one, two)| one.words != two.words)
            .find(|(one, two)| is_slip(one, two))
            .map(|(one, two)| (one.text.as_str(), two.text.as_str()))
    }

    /// Initials that differ by one letter are a slip where the names have a word in common.
    fn find_slip_in_acronym<'a>(&'a self, other: &'a Self) -> Option<(&'a str, &'a str)> {
        if self.acronyms.is_empty() || other.acronyms.is_empty() {
            return None;
        }
        let has_in_common = |word: &&String| word.len() >= 4 && other.all_words.contains(word);
        let is_related = self.all_words.iter().filter(|word| !self.is_acronym(word)).any(|word| has_in_common(&word));
        if !is_related || self.acronyms.iter().any(|one| other.acronyms.contains(one)) {
            return None;
        }
        let pairs = self.acronyms.iter().flat_map(|one| other.acronyms.iter().map(move |two| (one, two)));
        let mut slips = pairs.filter(|(one, two)| one[..1] == two[..1] && distance(one, two) == 1);
        slips.next().map(|(one, two)| (one.as_str(), two.as_str()))
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

/// What stands outside brackets, between brackets and commas.
fn list_segments(name: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut depth = 0usize;
    for c in name.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match segments.last_mut() {
            Some(segment) if depth == 0 && !matches!(c, ',' | ')') => segment.push(c),
            _ if depth == 0 || (c == '(' && depth == 1) => segments.push(String::new()),
            _ => {}
        }
    }
    segments.retain(|segment| !segment.trim().is_empty());
    segments
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

/// Whether the words of two names are alike one by one, two together counting as one; with
/// `is_joined_somewhere`, only where two together do count as one.
fn is_aligned(one: &[String], two: &[String], is_joined_somewhere: bool) -> bool {
    match (one, two) {
        ([], []) => !is_joined_somewhere,
        ([a, rest @ ..], [b, others @ ..]) => {
            (is_alike(a, b) && is_aligned(rest, others, is_joined_somewhere))
                || is_aligned_joined(one, two)
                || is_aligned_joined(two, one)
        }
        _ => false,
    }
}

/// As [`is_aligned`], with the first two words of `one` written as one.
fn is_aligned_joined(one: &[String], two: &[String]) -> bool {
    match (one, two) {
        ([a, b, rest @ ..], [joined, others @ ..]) => {
            joined.starts_with(a.as_str()) && is_alike(&format!("{a}{b}"), joined) && is_aligned(rest, others, false)
        }
        _ => false,
    }
}

/// Whether two words are equal or a slip apart: one letter, or one in five of long words. A slip
/// leaves two letters as they are at the beginning or at the end.
fn is_alike(one: &str, two: &str) -> bool {
    if one == two {
        return true;
    }
    let allowed = (one.len().max(two.len()) / 5).max(1);
    let (a, b) = (one.as_bytes(), two.as_bytes());
    let is_word = |word: &[u8]| (5..=40).contains(&word.len()) && !word.iter().any(u8::is_ascii_digit);
    let has_common_end = || a[..2] == b[..2] || a[a.len() - 2..] == b[b.len() - 2..];
    a.len().abs_diff(b.len()) <= allowed
        && is_word(a)
        && is_word(b)
        && has_common_end()
        && distance(one, two) <= allowed
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
        one.find_slip(&two, one.country().is_some() && one.country() == two.country()).is_some()
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
            (
                "National Center for Crimina Analysis (CENACRIM)",
                "National Center for Criminal Analysis (CENACRIM) of the Police of Chile",
            ),
            ("Inter-American Development Bank", "Interamerican Development Bank"),
            ("Justice Policy Centre", "Justice Policy Center"),
        ] {
            assert!(is_nearly(one, two), "{one} / {two}");
            assert!(is_nearly(two, one), "{two} / {one}");
            let (one, two) = (Spelling::of(one).keys(), Spelling::of(two).keys());
            assert!(!one.is_disjoint(&two), "{one:?} / {two:?}");
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
    fn the_parts_in_which_the_slip_lies_are_told() {
        let center = Spelling::of("Citizen Security Studies Center (CESC), Univsersity of Chile");
        let university = Spelling::of("Universidad de Chile");
        assert_eq!(center.find_slip(&university, true), Some(("Univsersity of Chile", "Universidad de Chile")));
        let (one, two) = (Spelling::of("Association of the Zone (AMZO)"), Spelling::of("AMSZO (Association)"));
        assert_eq!(one.find_slip(&two, false), Some(("AMZO", "AMSZO")));
    }

    #[test]
    fn an_office_and_its_holder_are_alike_but_for_spaces() {
        let holder = Spelling::of("Undersecretary of Crime Prevention");
        let is_slip = |name: &str| Spelling::of(name).find_slip_in_spaces(&holder).is_some();
        assert!(is_slip("Under secretariat of Crime Prevention of Chile"));
        assert!(!is_slip("Undersecretariat of Crime Prevention of Chile"));
        assert!(!is_slip("Undersecretary of Crime Prevention"));
    }

    #[test]
    fn the_distance_counts_letters_and_exchanges() {
        assert_eq!(distance("AMZO", "AMSZO"), 1);
        assert_eq!(distance("centre", "center"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("justice", "justice"), 0);
    }
}
