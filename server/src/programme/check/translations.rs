//! Texts that lack a language which the event declares.

use serde_json::json;
use shared::localised::Localised;
use shared::programme::{Link, RecordBody, State};

use super::survey::Survey;
use super::{Finding, FindingCode};

/// One finding for each record, with the languages that each of its fields lacks.
pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let Some((_, event)) = survey.programme.event() else { return Vec::new() };
    let mut findings = Vec::new();
    for (_, record) in survey.programme.iter().filter(|(_, record)| record.body.state() != Some(State::Cancelled)) {
        let mut lacking = serde_json::Map::new();
        for (field, text) in list_texts(&record.body) {
            let languages: Vec<&String> = event.languages.iter().filter(|tag| !text.has(tag)).collect();
            if !languages.is_empty() {
                lacking.insert(field, json!(languages));
            }
        }
        if !lacking.is_empty() {
            let mut words: Vec<String> =
                lacking.iter().map(|(field, tags)| format!("{field} in {}", join(tags))).collect();
            words.sort_unstable();
            let message = format!("{} {} lacks {}.", record.body.collection(), record.body.slug(), words.join(", "));
            findings.push(Finding::new(FindingCode::MissingTranslation, &[record], message).with("fields", lacking));
        }
    }
    findings
}

fn join(tags: &serde_json::Value) -> String {
    let tags = tags.as_array().map(Vec::as_slice).unwrap_or_default();
    tags.iter().filter_map(|tag| tag.as_str()).collect::<Vec<_>>().join(" and ")
}

/// Every text of a record that is there, with its field as a JSON pointer.
fn list_texts(body: &RecordBody) -> Vec<(String, &Localised)> {
    let mut texts = Texts::default();
    match body {
        RecordBody::Events(b) => {
            texts.some(&[("/title", Some(&b.title)), ("/theme", b.theme.as_ref())]);
            texts.some(&[("/description", b.description.as_ref()), ("/place", b.place.as_ref())]);
            texts.links(&b.links);
        }
        RecordBody::Series(b) => {
            texts.some(&[("/title", Some(&b.title)), ("/description", b.description.as_ref())]);
            texts.links(&b.links);
        }
        RecordBody::Organisations(b) => {
            texts.some(&[("/name", Some(&b.name))]);
            texts.links(&b.links);
        }
        RecordBody::Venues(b) => texts.some(&[("/name", Some(&b.name)), ("/directions", b.directions.as_ref())]),
        RecordBody::Rooms(b) => {
            texts.some(&[("/name", Some(&b.name)), ("/directions", b.directions.as_ref())]);
            texts.each("/closures", b.closures.iter().map(|closure| ("/reason", closure.reason.as_ref())));
        }
        RecordBody::Tracks(b) => texts.some(&[("/title", Some(&b.title)), ("/description", b.description.as_ref())]),
        RecordBody::People(b) => {
            texts.each("/affiliations", b.affiliations.iter().map(|held| ("/position", held.position.as_ref())));
            texts.some(&[("/biography", b.biography.as_ref())]);
        }
        RecordBody::Delegations(b) => texts.some(&[("/name", Some(&b.name))]),
        RecordBody::Categories(b) => {
            texts.some(&[("/title", Some(&b.title))]);
            texts.each("/form", b.form.iter().map(|field| ("/label", Some(&field.label))));
            texts.each("/form", b.form.iter().map(|field| ("/help", field.help.as_ref())));
            texts.each("/form", b.form.iter().map(|field| ("/purpose", field.purpose.as_ref())));
            texts.each("/consents", b.consents.iter().map(|consent| ("/text", Some(&consent.text))));
        }
        RecordBody::Audiences(b) => texts.some(&[("/title", Some(&b.title))]),
        RecordBody::Parts(b) => {
            texts.some(&[("/title", Some(&b.title)), ("/theme", b.theme.as_ref())]);
            texts.some(&[("/description", b.description.as_ref())]);
            texts.each("/topics", b.topics.iter().map(|topic| ("", Some(topic))));
            texts.links(&b.links);
        }
        RecordBody::ChoiceGroups(b) => texts.some(&[("/title", Some(&b.title))]),
        RecordBody::Sessions(b) => {
            texts.some(&[("/title", b.title.as_ref()), ("/objective", b.objective.as_ref())]);
            texts.some(&[("/description", b.description.as_ref())]);
            texts.each("/talks", b.talks.iter().map(|talk| ("/title", talk.title.as_ref())));
            texts.each("/talks", b.talks.iter().map(|talk| ("/summary", talk.summary.as_ref())));
            texts.links(&b.links);
        }
        RecordBody::Exhibitors(b) => texts.some(&[("/name", Some(&b.name)), ("/description", b.description.as_ref())]),
        // A document has its title in its own language.
        RecordBody::Documents(b) => texts.links(&b.links),
        RecordBody::OverviewEntries(b) => texts.some(&[("/title", Some(&b.title))]),
        RecordBody::AccessAreas(b) => texts.some(&[("/name", Some(&b.name))]),
        RecordBody::Vehicles(b) => {
            texts.some(&[("/name", Some(&b.name))]);
            texts.each("/stops", b.stops.iter().map(|stop| ("/place", Some(&stop.place))));
        }
        RecordBody::Checkpoints(b) => texts.some(&[("/name", Some(&b.name))]),
    }
    texts.0
}

#[derive(Default)]
struct Texts<'a>(Vec<(String, &'a Localised)>);

impl<'a> Texts<'a> {
    fn some(&mut self, fields: &[(&str, Option<&'a Localised>)]) {
        self.0.extend(fields.iter().filter_map(|(field, text)| Some(((*field).to_owned(), (*text)?))));
    }

    fn each(&mut self, list: &str, texts: impl Iterator<Item = (&'static str, Option<&'a Localised>)>) {
        let named = texts.enumerate().map(|(index, (field, text))| (format!("{list}/{index}{field}"), text));
        self.0.extend(named.filter_map(|(field, text)| Some((field, text?))));
    }

    fn links(&mut self, links: &'a [Link]) {
        self.each("/links", links.iter().map(|link| ("/title", link.title.as_ref())));
    }
}

#[cfg(test)]
mod tests {
    use shared::programme::Collection;

    use crate::programme::check::tests::{finding, found};
    use crate::programme::check::{FindingCode, check};
    use crate::programme::sketch::Sketch;
    use serde_json::json;

    fn in_two_languages() -> Sketch {
        Sketch::new().with(
            Collection::Events,
            json!({
                "slug": "csw-2018", "title": {"en": "Citizen Security Week", "es": "Semana"}, "starts_on": "2018-11-25",
                "ends_on": "2018-12-01", "time_zone": "America/Santiago", "languages": ["en", "es"],
                "fallback_language": "en", "state": "published",
            }),
        )
    }

    #[test]
    fn texts_without_a_declared_language_are_told_by_record_and_field() {
        let talks = json!([{"slug": "a", "title": {"es": "Uno"}}, {"slug": "b", "title": {"en": "Two", "es": "Dos"}}]);
        let sketch = in_two_languages().session("first", ("28 09:00", "28 10:00"), json!({"talks": talks}));
        assert_eq!(found(&sketch), [finding(FindingCode::MissingTranslation, &["first"])]);
        let findings = check(&sketch.programme);
        assert_eq!(findings[0].details["fields"], json!({"/title": ["es"], "/talks/0/title": ["en"]}));
        assert_eq!(findings[0].message, "sessions first lacks /talks/0/title in en, /title in es.");
    }

    #[test]
    fn a_text_in_every_declared_language_or_none_lacks_nothing() {
        let titled = json!({"title": {"en": "Lunch", "es": "Almuerzo", "pt": "Almoço"}});
        assert_eq!(found(&in_two_languages().session("lunch", ("28 13:00", "28 15:00"), titled)), []);
    }
}
