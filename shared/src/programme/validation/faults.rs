//! The list of faults and the checks of single values.

use std::fmt::Display;

use super::LIST_MAX;
use crate::ids::is_slug;
use crate::localised::{LINE_MAX_CHARS, Localised, TEXT_MAX_CHARS, is_language_tag, is_line, is_text};
use crate::programme::{Admission, InvalidBody, Link, OrganisationPart, Participation, ValueProblem};

/// The longest address of a page accepted, in bytes.
const URL_MAX_BYTES: usize = 2_000;

/// Collects what is wrong with one record.
#[derive(Default)]
pub(super) struct Faults(Vec<InvalidBody>);

impl Faults {
    pub(super) fn into_list(self) -> Vec<InvalidBody> {
        self.0
    }

    /// Adds a fault unless `good`.
    pub(super) fn require(&mut self, good: bool, field: impl Display, problem: ValueProblem) {
        if !good {
            self.0.push(InvalidBody { field: field.to_string(), problem });
        }
    }

    pub(super) fn slug(&mut self, field: impl Display, slug: &str) {
        self.require(is_slug(slug), field, ValueProblem::NotASlug);
    }

    /// A single line of text.
    pub(super) fn line(&mut self, field: impl Display, text: &str) {
        self.require(is_line(text), field, ValueProblem::NotALine { most: LINE_MAX_CHARS });
    }

    pub(super) fn optional_line(&mut self, field: impl Display, text: Option<&String>) {
        if let Some(text) = text {
            self.line(field, text);
        }
    }

    /// A name or title in several languages: one line in each.
    pub(super) fn line_by_language(&mut self, field: impl Display, texts: &Localised) {
        for (tag, text) in texts.iter() {
            self.language(format!("{field}/{tag}"), tag);
            self.line(format!("{field}/{tag}"), text);
        }
    }

    pub(super) fn optional_line_by_language(&mut self, field: impl Display, texts: Option<&Localised>) {
        if let Some(texts) = texts {
            self.line_by_language(field, texts);
        }
    }

    /// Paragraphs in several languages.
    pub(super) fn paragraphs(&mut self, field: impl Display, texts: Option<&Localised>) {
        for (tag, text) in texts.into_iter().flat_map(Localised::iter) {
            self.language(format!("{field}/{tag}"), tag);
            let problem = ValueProblem::NotAText { most: TEXT_MAX_CHARS };
            self.require(is_text(text), format!("{field}/{tag}"), problem);
        }
    }

    pub(super) fn language(&mut self, field: impl Display, tag: &str) {
        self.require(is_language_tag(tag), field, ValueProblem::NotALanguage);
    }

    pub(super) fn country(&mut self, field: impl Display, country: Option<&String>) {
        let good = country.is_none_or(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
        self.require(good, field, ValueProblem::NotACountry);
    }

    pub(super) fn colour(&mut self, field: impl Display, colour: Option<&String>) {
        let is_colour = |text: &String| {
            text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        self.require(colour.is_none_or(is_colour), field, ValueProblem::NotAColour);
    }

    pub(super) fn number(&mut self, field: impl Display, number: Option<u32>, range: std::ops::RangeInclusive<u32>) {
        let good = number.is_none_or(|n| range.contains(&n));
        let (least, most) = range.into_inner();
        self.require(good, field, ValueProblem::OutOfRange { least: least.into(), most: most.into() });
    }

    /// A list that is not too long and holds nothing twice.
    pub(super) fn list<T: PartialEq>(&mut self, field: &str, list: &[T]) {
        self.length(field, list.len());
        for (index, item) in list.iter().enumerate().take(LIST_MAX) {
            self.require(!list[..index].contains(item), format!("{field}/{index}"), ValueProblem::ListedTwice);
        }
    }

    pub(super) fn length(&mut self, field: impl Display, length: usize) {
        self.require(length <= LIST_MAX, field, ValueProblem::TooMany { most: LIST_MAX });
    }

    pub(super) fn links(&mut self, links: &[Link]) {
        self.length("/links", links.len());
        for (index, link) in links.iter().enumerate() {
            self.require(is_url(&link.url), format!("/links/{index}/url"), ValueProblem::NotAWebAddress);
            self.optional_line_by_language(format!("/links/{index}/title"), link.title.as_ref());
        }
    }

    pub(super) fn admission(&mut self, admission: Option<&Admission>) {
        if let Some(admission) = admission {
            self.list("/admission/audiences", &admission.audiences);
        }
    }

    pub(super) fn organisations(&mut self, organisations: &[OrganisationPart]) {
        self.list("/organisations", organisations);
    }

    pub(super) fn participations(&mut self, field: impl Display, people: &[Participation]) {
        self.length(format!("{field}/people"), people.len());
        for (index, person) in people.iter().enumerate().take(LIST_MAX) {
            self.number(format!("{field}/people/{index}/affiliation"), person.affiliation, 0..=99);
            let twice = people[..index].iter().any(|p| p.person == person.person && p.role == person.role);
            self.require(!twice, format!("{field}/people/{index}"), ValueProblem::SameRoleTwice);
        }
    }
}

/// Whether `url` is an address of a page: scheme, a host, and nothing that a browser would not
/// take as it stands.
fn is_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    url.len() <= URL_MAX_BYTES
        && !host.is_empty()
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
        && host.chars().any(char::is_alphanumeric)
        && !url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '`'))
}
