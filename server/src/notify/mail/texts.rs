//! The words of mails in each language, from the files in `texts/`.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Offset};
use chrono_tz::Tz;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use shared::time::Timestamp;
use unic_langid::{LanguageIdentifier, langid};

const ENGLISH: usize = 0;

/// The languages that there are words in, with their files.
const LANGUAGES: [(LanguageIdentifier, &str, &str); 4] = [
    (langid!("en"), "en", include_str!("texts/en.ftl")),
    (langid!("es"), "es", include_str!("texts/es.ftl")),
    (langid!("pt"), "pt", include_str!("texts/pt.ftl")),
    (langid!("fr"), "fr", include_str!("texts/fr.ftl")),
];

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words {
    /// Its tag.
    pub language: &'static str,
    /// The zone of the reader's own clock, where it is known.
    own_zone: Option<Tz>,
    bundle: &'static FluentBundle<FluentResource>,
}

/// The words for the first of these languages (BCP 47) that there are words in, else the English ones.
pub fn words_for(languages: &[&str]) -> Words {
    static BUNDLES: OnceLock<[FluentBundle<FluentResource>; 4]> = OnceLock::new();
    let bundles = BUNDLES.get_or_init(|| LANGUAGES.map(|(id, _, text)| read(id, text)));
    let find = |tag: &&str| {
        let primary = tag.split('-').next().unwrap_or_default();
        LANGUAGES.iter().position(|(_, known, _)| *known == primary)
    };
    let found = languages.iter().find_map(find).unwrap_or(ENGLISH);
    Words { language: LANGUAGES[found].1, own_zone: None, bundle: &bundles[found] }
}

fn read(id: LanguageIdentifier, text: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks around values are for right-to-left readers of mixed text; a subject shows them as boxes.
    bundle.set_use_isolating(false);
    // What can be read of a faulty file is used; a test reads all files whole.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Words {
    /// The same words for a reader whose clock is in this zone: times are told in it too, where it shows another time.
    pub fn for_clock_in(self, own_zone: Option<Tz>) -> Self {
        Self { own_zone, ..self }
    }

    /// A message with its values.
    pub fn say<'a>(&self, message: &str, values: &[(&'a str, FluentValue<'a>)]) -> String {
        self.fill(message, None, values)
    }

    /// The sentence with which a mail of this kind begins.
    pub fn say_lead<'a>(&self, message: &str, values: &[(&'a str, FluentValue<'a>)]) -> String {
        self.fill(message, Some("lead"), values)
    }

    /// A day in words: `Monday 26 November 2018`.
    pub fn say_day(&self, day: NaiveDate) -> String {
        let word = |message, number: u32| FluentValue::from(self.say(message, &[("number", number.into())]));
        self.say(
            "date",
            &[
                ("weekday", word("weekday", day.weekday().number_from_monday())),
                ("day", day.day().to_string().into()),
                ("month", word("month", day.month())),
                ("year", day.year().to_string().into()),
            ],
        )
    }

    /// Some days in words; one where both are the same.
    pub fn say_days(&self, from: NaiveDate, to: NaiveDate) -> String {
        if from == to {
            return self.say_day(from);
        }
        self.say("days", &[("from", self.say_day(from).into()), ("to", self.say_day(to).into())])
    }

    /// A time, and when what begins then ends, as clocks in `zone` show them.
    pub fn say_time(&self, zone: Tz, from: Timestamp, to: Option<Timestamp>) -> String {
        let time = say_clock(zone, from, to);
        let place = city_of(zone);
        let date = self.say_day(from.day_in(zone));
        let told = self.say("moment", &[("date", date.into()), ("time", time.into()), ("place", place.into())]);
        self.add_own(told, zone, (from, to))
    }

    /// A day in few words: `Monday 26 November`.
    pub fn say_short_day(&self, day: NaiveDate) -> String {
        let word = |message, number: u32| FluentValue::from(self.say(message, &[("number", number.into())]));
        let weekday = word("weekday", day.weekday().number_from_monday());
        let values =
            [("weekday", weekday), ("day", day.day().to_string().into()), ("month", word("month", day.month()))];
        self.say("short-date", &values)
    }

    /// A time in few words, and when what begins then ends, as clocks in `zone` show them.
    pub fn say_moment(&self, zone: Tz, from: Timestamp, to: Option<Timestamp>) -> String {
        let date = self.say_short_day(from.day_in(zone));
        let told = self.say("short-moment", &[("date", date.into()), ("time", say_clock(zone, from, to).into())]);
        self.add_own(told, zone, (from, to))
    }

    /// A time of day, as clocks in `zone` show it.
    pub fn say_clock_time(&self, zone: Tz, at: Timestamp) -> String {
        say_clock(zone, at, None)
    }

    /// A time that was told, with what the reader's own clock shows then, where that is something else.
    fn add_own(&self, told: String, zone: Tz, (from, to): (Timestamp, Option<Timestamp>)) -> String {
        let Some(own) = self.own_zone.filter(|own| offset_of(*own, from) != offset_of(zone, from)) else { return told };
        let clock = say_clock(own, from, to);
        let there = match from.day_in(own) == from.day_in(zone) {
            true => clock,
            false => {
                let date = self.say_short_day(from.day_in(own));
                self.say("short-moment", &[("date", date.into()), ("time", clock.into())])
            }
        };
        self.say("both-times", &[("when", told.into()), ("own", there.into()), ("place", city_of(own).into())])
    }

    fn fill(&self, message: &str, attribute: Option<&str>, values: &[(&str, FluentValue<'_>)]) -> String {
        let found = self.bundle.get_message(message).and_then(|message| match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        });
        let Some(pattern) = found else { return String::new() };
        let mut args = FluentArgs::with_capacity(values.len());
        values.iter().for_each(|(name, value)| args.set(*name, value.clone()));
        // A variable that is not given shows as its name; the tests give all.
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

/// The city that a zone is named after.
fn city_of(zone: Tz) -> String {
    zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
}

/// How far a zone's clocks are from UTC at a time, in seconds.
fn offset_of(zone: Tz, at: Timestamp) -> i32 {
    at.to_utc().with_timezone(&zone).offset().fix().local_minus_utc()
}

fn say_clock(zone: Tz, from: Timestamp, to: Option<Timestamp>) -> String {
    let clock = |at: Timestamp| at.to_utc().with_timezone(&zone).format("%H:%M").to_string();
    match to {
        Some(to) => format!("{}–{}", clock(from), clock(to)),
        None => clock(from),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The messages and attributes of a file, with the variables that each names.
    fn outline(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors).unwrap();
        let mut outline: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut message = String::new();
        let lines = resource.source().lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let name = line.split(" =").next().unwrap().trim().to_owned();
            if line.starts_with("    .") {
                message = format!("{}{name}", message.split('.').next().unwrap());
            } else if !line.starts_with([' ', '}']) {
                message = name;
            }
            let variables = line.split('$').skip(1).map(|rest| rest.split([' ', '}']).next().unwrap().to_owned());
            outline.entry(message.clone()).or_default().extend(variables);
        }
        outline
    }

    #[test]
    fn every_language_has_the_same_messages_with_the_same_variables() {
        let english = outline(LANGUAGES[ENGLISH].2);
        assert!(english.len() > 30 && english["invited.lead"].contains("reader"), "{english:?}");
        for (_, tag, text) in &LANGUAGES {
            assert_eq!(outline(text), english, "{tag}");
        }
    }

    #[test]
    fn days_and_times_are_told_in_the_zone_of_the_event() {
        let at = Timestamp(1_543_266_000_000); // 2018-11-26T21:00Z
        let zone = chrono_tz::America::Santiago;
        let told = |tag: &str| words_for(&[tag]).say_time(zone, at, Some(at.plus_minutes(90)));
        assert_eq!(told("en"), "Monday 26 November 2018, 18:00–19:30, Santiago time");
        assert_eq!(told("es-CL"), "lunes 26 de noviembre de 2018, 18:00–19:30, hora de Santiago");
        assert_eq!(told("pt-BR"), "segunda-feira, 26 de novembro de 2018, 18:00–19:30, hora de Santiago");
        assert_eq!(told("fr"), "lundi 26 novembre 2018, 18:00–19:30, heure de Santiago");
        let late = Timestamp(1_543_370_400_000); // 2018-11-28T02:00Z
        assert!(words_for(&["en"]).say_time(zone, late, None).starts_with("Tuesday 27 November 2018, 23:00"));
    }

    #[test]
    fn who_has_another_clock_is_told_both_times() {
        let at = Timestamp(1_543_266_000_000); // 2018-11-26T21:00Z
        let zone = chrono_tz::America::Santiago;
        let told = |tag: &str, own: Tz| {
            words_for(&[tag]).for_clock_in(Some(own)).say_moment(zone, at, Some(at.plus_minutes(90)))
        };
        let santiago = "Monday 26 November, 18:00–19:30";
        assert_eq!(told("en", chrono_tz::Europe::Lisbon), format!("{santiago} (21:00–22:30 in Lisbon)"));
        let tokyo = "Tuesday 27 November, 06:00–07:30";
        assert_eq!(told("en", chrono_tz::Asia::Tokyo), format!("{santiago} ({tokyo} in Tokyo)"));
        assert_eq!(told("es", chrono_tz::Europe::Lisbon), "lunes 26 de noviembre, 18:00–19:30 (21:00–22:30 en Lisbon)");
        // Clocks in Asunción show the same in November, and another time in winter.
        assert_eq!(told("en", chrono_tz::America::Asuncion), santiago);
    }

    #[test]
    fn a_reader_without_words_of_their_language_gets_the_events() {
        assert_eq!(words_for(&["zh-Hans", "es"]).language, "es");
        assert_eq!(words_for(&["zh"]).language, "en");
    }
}
