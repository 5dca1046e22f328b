//! Names of organisations that may be one organisation, spelled in two ways.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use shared::localised::Localised;
use shared::programme::{Affiliation, Collection, Programme, Record, RecordBody};

use super::spelling::Spelling;
use super::survey::Survey;
use super::{Finding, FindingCode};

/// A name as it is printed somewhere, with everything that prints it.
struct Printed<'a> {
    name: String,
    spelling: Spelling,
    records: Vec<&'a Record>,
    countries: BTreeSet<String>,
}

/// Compares the names of organisations and exhibitors and those printed beside people. The
/// languages of one record are not compared with each other. A position is compared with the
/// names of bodies for slips in spaces only: an office is rightly called otherwise than its holder.
/// Names without a slip are one organisation's where two records bear them.
pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let printed = list_printed(survey.programme);
    let positions = list_positions(survey.programme);
    let mut findings: Vec<Finding> = find_namesakes(survey.programme);
    for (names, holders) in list_candidates(&printed, &positions) {
        for (index, one) in names.iter().enumerate() {
            let slips = names[index + 1..].iter().filter_map(|other| find_slip(one, other));
            let of_holder = holders.iter().filter_map(|position| find_slip_of_holder(one, position));
            for finding in slips.chain(of_holder) {
                if !findings.iter().any(|found| found.is_same_fault(&finding)) {
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

/// Organisations of which two have one name, but for accents, capitals, stops and small words.
fn find_namesakes(programme: &Programme) -> Vec<Finding> {
    let mut by_name: BTreeMap<_, Vec<(&Record, String, Option<&str>)>> = BTreeMap::new();
    for record in programme.list(Collection::Organisations) {
        let RecordBody::Organisations(organisation) = &record.body else { continue };
        for (_, name) in organisation.name.iter() {
            let spelling = Spelling::of(name);
            let (words, country) = spelling.bare();
            let bearers = by_name.entry((words.to_vec(), country)).or_default();
            if !words.is_empty() && bearers.iter().all(|(known, ..)| known.id != record.id) {
                bearers.push((record, name.to_owned(), organisation.country.as_deref()));
            }
        }
    }
    let pairs = by_name.values().flat_map(|bearers| {
        bearers.iter().enumerate().flat_map(|(index, one)| bearers[index + 1..].iter().map(move |other| (one, other)))
    });
    let mut findings: Vec<Finding> = Vec::new();
    for ((one, name, of), (other, other_name, of_other)) in pairs {
        if of.zip(*of_other).is_some_and(|(one, other)| one != other) {
            continue;
        }
        let message = format!("\u{201c}{name}\u{201d} and \u{201c}{other_name}\u{201d} may be one organisation.");
        let finding = Finding::new(FindingCode::OrganisationNamesNearlyEqual, &[*one, *other], message)
            .with("names", json!([name, other_name]));
        if !findings.iter().any(|found| found.is_same_fault(&finding)) {
            findings.push(finding);
        }
    }
    findings
}

/// Names and positions that have a key in common.
type Candidates<'s, 'a> = (Vec<&'s Printed<'a>>, Vec<&'s Printed<'a>>);

fn list_candidates<'s, 'a>(printed: &'s [Printed<'a>], positions: &'s [Printed<'a>]) -> Vec<Candidates<'s, 'a>> {
    let mut by_key: BTreeMap<String, Candidates> = BTreeMap::new();
    for name in printed {
        for key in name.spelling.keys() {
            by_key.entry(key).or_default().0.push(name);
        }
    }
    for position in positions {
        for key in position.spelling.keys() {
            by_key.entry(key).or_default().1.push(position);
        }
    }
    by_key.into_values().collect()
}

fn find_slip(one: &Printed, other: &Printed) -> Option<Finding> {
    let is_of_one_record = one.bodies().any(|body| other.bodies().any(|other| other.id == body.id));
    if is_of_one_record || is_of_two_countries(one, other) {
        return None;
    }
    let is_one_country = !one.countries.is_disjoint(&other.countries);
    let slip = one.spelling.find_slip(&other.spelling, is_one_country)?;
    Some(nearly_equal(one, other, slip))
}

fn find_slip_of_holder(body: &Printed, position: &Printed) -> Option<Finding> {
    if body.bodies().next().is_none() || is_of_two_countries(body, position) {
        return None;
    }
    let slip = body.spelling.find_slip_in_spaces(&position.spelling)?;
    Some(nearly_equal(body, position, slip))
}

fn is_of_two_countries(one: &Printed, other: &Printed) -> bool {
    let is_known = !one.countries.is_empty() && !other.countries.is_empty();
    is_known && one.countries.is_disjoint(&other.countries)
}

fn nearly_equal(one: &Printed, other: &Printed, slip: (&str, &str)) -> Finding {
    let message = format!("\u{201c}{}\u{201d} and \u{201c}{}\u{201d} may be one organisation.", slip.0, slip.1);
    let mut records: Vec<&Record> = one.records.iter().chain(&other.records).copied().collect();
    records.sort_by_key(|record| (record.body.collection(), record.body.slug()));
    records.dedup_by_key(|record| record.id);
    Finding::new(FindingCode::OrganisationNamesNearlyEqual, &records, message)
        .with("names", json!([one.name, other.name]))
}

impl<'a> Printed<'a> {
    /// The organisations and exhibitors among those that print it.
    fn bodies(&self) -> impl Iterator<Item = &&'a Record> {
        self.records.iter().filter(|record| record.body.collection() != Collection::People)
    }
}

fn list_printed(programme: &Programme) -> Vec<Printed<'_>> {
    let mut names = Names::default();
    for record in programme.list(Collection::Organisations).chain(programme.list(Collection::Exhibitors)) {
        match &record.body {
            RecordBody::Organisations(organisation) => {
                let short = organisation.short_name.as_deref().unwrap_or_default();
                names.add_localised(record, (&organisation.name, short), organisation.country.as_ref());
            }
            RecordBody::Exhibitors(exhibitor) => names.add_localised(record, (&exhibitor.name, ""), None),
            _ => {}
        }
    }
    for (record, affiliation) in list_affiliations(programme) {
        if let Some(name) = &affiliation.organisation_name {
            names.add(record, name, affiliation.country.as_ref());
        }
    }
    names.into_printed()
}

fn list_positions(programme: &Programme) -> Vec<Printed<'_>> {
    let mut names = Names::default();
    for (record, affiliation) in list_affiliations(programme) {
        if let Some(position) = &affiliation.position {
            names.add_localised(record, (position, ""), affiliation.country.as_ref());
        }
    }
    names.into_printed()
}

fn list_affiliations(programme: &Programme) -> impl Iterator<Item = (&Record, &Affiliation)> {
    let people = programme.list(Collection::People).filter_map(|record| match &record.body {
        RecordBody::People(person) => Some((record.as_ref(), person)),
        _ => None,
    });
    people.flat_map(|(record, person)| person.affiliations.iter().map(move |affiliation| (record, affiliation)))
}

#[derive(Default)]
struct Names<'a>(BTreeMap<String, (Vec<&'a Record>, BTreeSet<String>)>);

impl<'a> Names<'a> {
    fn into_printed(self) -> Vec<Printed<'a>> {
        let printed = self.0.into_iter().map(|(name, (records, mut countries))| {
            let spelling = Spelling::of(&name);
            countries.extend(spelling.country().map(str::to_owned));
            Printed { spelling, name, records, countries }
        });
        printed.collect()
    }

    fn add(&mut self, record: &'a Record, name: &str, country: Option<&String>) {
        let (records, countries) = self.0.entry(name.trim().to_owned()).or_default();
        if !records.iter().any(|known| known.id == record.id) {
            records.push(record);
        }
        countries.extend(country.cloned());
    }

    /// Initials that stand beside the name are compared with it.
    fn add_localised(&mut self, record: &'a Record, (name, short): (&Localised, &str), country: Option<&String>) {
        for (_, text) in name.iter() {
            match short.is_empty() || text.contains(short) {
                true => self.add(record, text, country),
                false => self.add(record, &format!("{text} ({short})"), country),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::programme::check::check as check_all;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::Sketch;

    fn organisation(slug: &str, name: Value, short: Value) -> Sketch {
        let body = json!({"slug": slug, "name": name, "short_name": short});
        Sketch::new().with(Collection::Organisations, body)
    }

    fn affiliated(sketch: Sketch, slug: &str, (name, country): (&str, &str)) -> Sketch {
        let affiliations = json!([{"organisation_name": name, "country": country}]);
        sketch.with(Collection::People, json!({"slug": slug, "name": slug, "affiliations": affiliations}))
    }

    #[test]
    fn an_exhibitor_with_a_slip_in_its_initials_is_found() {
        let name = json!({"en": "Association of Municipalities for Citizen Security in the Eastern Zone"});
        let stand = json!({
            "slug": "stand-amzo", "name": {"en": "Municipal Association of the East Zone (AMZO)"}, "state": "published",
        });
        let sketch = organisation("amszo", name, json!("AMSZO")).with(Collection::Exhibitors, stand);
        let expected = finding(FindingCode::OrganisationNamesNearlyEqual, &["amszo", "stand-amzo"]);
        assert_eq!(found(&sketch), [expected]);
        assert!(check_all(&sketch.programme)[0].message.contains("“AMSZO” and “AMZO”"));
    }

    #[test]
    fn a_name_printed_beside_a_person_with_a_slip_is_found() {
        let sketch = organisation("iniciativa", json!({"en": "Innovative Prison Systems"}), Value::Null);
        let sketch = affiliated(sketch, "das-neves", ("Innovative Prison Sistems", "PT"));
        let expected = finding(FindingCode::OrganisationNamesNearlyEqual, &["das-neves", "iniciativa"]);
        let mut findings = found(&sketch);
        findings[0].1.sort();
        assert_eq!(findings, [expected]);
    }

    #[test]
    fn two_organisations_whose_names_differ_in_accents_capitals_stops_and_small_words_are_found() {
        for (one, two) in [
            ("Ministry of Interior", "Ministry of the Interior"),
            ("Carabineros de Chile", "CARABINEROS DE CHILE."),
            ("Policía de Investigaciones", "Policia de Investigaciones"),
            ("Fundación Paz Ciudadana", "Fundación Paz Ciudadana"),
        ] {
            let body = json!({"slug": "other", "name": {"en": two}});
            let sketch = organisation("one", json!({"en": one}), Value::Null).with(Collection::Organisations, body);
            let expected = finding(FindingCode::OrganisationNamesNearlyEqual, &["one", "other"]);
            let mut findings = found(&sketch);
            findings[0].1.sort();
            assert_eq!(findings, [expected], "{one} / {two}");
        }
    }

    #[test]
    fn one_name_of_two_countries_is_that_of_two_organisations() {
        for (one, two, of_two) in [
            ("Ministry of the Interior", "Ministry of the Interior", "PE"),
            ("National Police of Chile", "National Police of Peru", "CL"),
        ] {
            let body =
                |slug: &str, name: &str, country: &str| json!({"slug": slug, "name": {"en": name}, "country": country});
            let sketch = Sketch::new()
                .with(Collection::Organisations, body("one", one, "CL"))
                .with(Collection::Organisations, body("other", two, of_two));
            assert_eq!(found(&sketch), [], "{one} / {two}");
        }
    }

    #[test]
    fn like_names_of_two_countries_are_two_organisations() {
        let sketch = affiliated(Sketch::new(), "ossa", ("Ministry of Justice and Human Right", "CL"));
        let sketch = affiliated(sketch, "sheehan", ("Ministry of Justice and Human Rights", "AR"));
        assert_eq!(found(&sketch), []);
    }

    #[test]
    fn the_languages_of_one_record_are_not_compared() {
        let name = json!({"en": "Carabineros of Chile", "es": "Carabinero of Chile"});
        assert_eq!(found(&organisation("carabineros", name, Value::Null)), []);
    }
}
