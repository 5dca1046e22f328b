//! Names that may be one person's: the same words in another order, with or without a second family
//! name, with one letter more, less or other.

use std::collections::{BTreeSet, HashMap};

use super::names::fold;

/// The most words of a name of which all smaller selections are looked up.
const MOST_WORDS: usize = 6;

/// The fewest letters of a name in which one other letter may be a slip: two short names differ in one
/// letter and are two people's.
const FEWEST_LETTERS: usize = 8;

/// Names to be looked up by likeness. A look-up takes as long as there are names with the rarest word.
#[derive(Default)]
pub struct NameIndex {
    names: Vec<Vec<String>>,
    by_words: HashMap<String, Vec<usize>>,
    by_word: HashMap<String, Vec<usize>>,
    by_shortened: HashMap<String, Vec<usize>>,
}

impl NameIndex {
    /// Names, which are found by their place.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        names.into_iter().for_each(|name| index.enter(words_of(name)));
        index
    }

    fn enter(&mut self, words: Vec<String>) {
        let place = self.names.len();
        let joined = words.join(" ");
        for word in &words {
            self.by_word.entry(word.clone()).or_default().push(place);
        }
        for shortened in shortened(&joined) {
            self.by_shortened.entry(shortened).or_default().push(place);
        }
        if !joined.is_empty() {
            self.by_words.entry(joined).or_default().push(place);
        }
        self.names.push(words);
    }

    /// The places of the names that are like this one.
    pub fn find_like(&self, name: &str) -> BTreeSet<usize> {
        let words = words_of(name);
        let joined = words.join(" ");
        let mut found: BTreeSet<usize> = self.with_words(&joined).collect();
        for fewer in selections(&words) {
            found.extend(self.with_words(&fewer));
        }
        if words.len() > 1 {
            found.extend(self.with_all_of(&words));
        }
        for shortened in shortened(&joined) {
            let near = self.by_shortened.get(&shortened).into_iter().flatten();
            found.extend(near.filter(|place| is_one_off(&self.names[**place].join(" "), &joined)));
        }
        found
    }

    fn with_words(&self, joined: &str) -> impl Iterator<Item = usize> {
        self.by_words.get(joined).into_iter().flatten().copied()
    }

    fn with_all_of<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        let postings = words.iter().map(|word| self.by_word.get(word).map(Vec::as_slice).unwrap_or_default());
        let rarest = postings.min_by_key(|places| places.len()).unwrap_or_default();
        rarest.iter().copied().filter(|place| words.iter().all(|word| self.names[*place].contains(word)))
    }
}

/// What names have in common that are the same but for order, accents and capitals; empty where there is
/// no letter.
pub fn key_of(name: &str) -> String {
    words_of(name).join(" ")
}

/// The words of some length of a name.
pub fn long_words_of(name: &str) -> Vec<String> {
    words_of(name).into_iter().filter(|word| word.chars().count() > 1).collect()
}

/// The words of a name, each once, in the order of letters.
fn words_of(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: BTreeSet<&str> = words.collect();
    words.into_iter().map(str::to_owned).collect()
}

/// Every selection of two words and more, but not of all.
fn selections(words: &[String]) -> Vec<String> {
    if !(3..=MOST_WORDS).contains(&words.len()) {
        return Vec::new();
    }
    let chosen = |bits: u32| words.iter().enumerate().filter(move |(place, _)| bits >> place & 1 == 1);
    let all = 1u32 << words.len();
    let some = (1..all - 1).filter(|bits| bits.count_ones() > 1);
    some.map(|bits| chosen(bits).map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" ")).collect()
}

/// A text with each of its letters left out once, and as it is.
fn shortened(text: &str) -> BTreeSet<String> {
    if text.chars().count() < FEWEST_LETTERS {
        return BTreeSet::new();
    }
    let without =
        |at: usize| text.chars().enumerate().filter(|(place, _)| *place != at).map(|(_, sign)| sign).collect();
    (0..text.chars().count()).map(without).chain([text.to_owned()]).collect()
}

/// Whether one letter makes the difference.
fn is_one_off(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    let (shorter, longer) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    match longer.len() - shorter.len() {
        0 => longer.is_empty() || longer[1..] == shorter[1..],
        1 => longer[1..] == *shorter,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_like(one: &str, other: &str) -> bool {
        let found = NameIndex::of([one]).find_like(other);
        assert_eq!(found, NameIndex::of([other]).find_like(one), "{one} and {other}, both ways");
        !found.is_empty()
    }

    #[test]
    fn order_accents_and_capitals_do_not_make_another_person() {
        assert!(are_like("José Núñez", "NUNEZ, Jose"));
        assert!(are_like("Ana-María Soto", "ana maria soto"));
        assert!(!are_like("José Núñez", "José Pérez"));
        assert!(!are_like("Ana", "Anita"));
    }

    #[test]
    fn a_second_family_name_does_not_make_another_person() {
        assert!(are_like("José Núñez", "José Luis Núñez Pérez"));
        assert!(!are_like("José", "José Núñez"), "one word is not enough");
        assert!(!are_like("José Núñez Soto", "José Núñez Pérez"));
    }

    #[test]
    fn one_letter_is_a_slip_in_a_name_of_some_length() {
        assert!(are_like("Fabiola Reyes", "Fabiola Reies"));
        assert!(are_like("Fabiola Reyes", "Fabiola Reyess"));
        assert!(!are_like("Fabiola Reyes", "Fabiola Rojas"));
        assert!(!are_like("Li Wei", "Li Wen"));
    }

    #[test]
    fn a_name_without_letters_is_like_none() {
        assert!(!are_like("—", "—"));
    }

    #[test]
    fn a_word_of_some_length_tells_people_apart() {
        assert_eq!(long_words_of("SOTO, Ana M."), ["ana", "soto"]);
        assert_eq!(key_of("SOTO, Ana M."), key_of("m ana soto"));
    }
}
