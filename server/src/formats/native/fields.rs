//! The fields of every collection in the order in which they are written.

use shared::programme::{
    AdmissionPolicy, CheckpointKind, Collection, DelegationRole, Enrolment, EntryRule, Feature, FieldKind, Openness,
    OrganisationRole, ParticipationState, Presence, ProgressState, Role, SessionKind, State, Visibility,
};
use shared::registration::RegistrationStatus;

use super::shape::{Field, Shape, check_attendee, check_word};
use Shape::{Day, Degrees, Flag, Inner, Line, List, Map, Moment, Number, Reference, Text, Word};

const LINES: Shape = List(&Line);
const NO_SLUG: &str = r#""x""#;
const NO_TEXT: &str = r#"{"en":"x"}"#;
const NO_ID: &str = r#""00000000-0000-0000-0000-000000000000""#;
const LONG_AGO: &str = r#""1900-01-01T12:00:00Z""#;

const SLUG: Field = Field::required("slug", Line, NO_SLUG);
const TITLE: Field = Field::required("title", Text, NO_TEXT);
const NAME: Field = Field::required("name", Text, NO_TEXT);
const DESCRIPTION: Field = Field::optional("description", Text);
const COUNTRY: Field = Field::optional("country", Line);
const PART: Field = Field::optional("part", Reference(Collection::Parts));
const STATE: Field = Field::with_default("state", Word(check_word::<State>), r#""published""#);
const LINKS: Field = Field::optional("links", List(&Map(LINK)));
const PEOPLE: Field = Field::optional("people", List(&Map(PARTICIPATION)));
const SESSIONS: Field = Field::optional("sessions", List(&Reference(Collection::Sessions)));
const SERIES_OF: Field = Field::optional("series", Reference(Collection::Series));
const ORGANISATIONS: Field = Field::optional("organisations", List(&Map(ORGANISATION_PART)));

const LINK: &[Field] = &[Field::required("url", Line, r#""https://x""#), Field::optional("title", Text)];

const ORGANISATION_PART: &[Field] = &[
    Field::required("organisation", Reference(Collection::Organisations), NO_ID),
    Field::required("role", Word(check_word::<OrganisationRole>), r#""host""#),
];

const ADMISSION: &[Field] = &[
    Field::required("policy", Word(check_word::<AdmissionPolicy>), r#""open""#),
    Field::optional("visibility", Word(check_word::<Visibility>)),
    Field::optional("audiences", List(&Reference(Collection::Audiences))),
];

const PARTICIPATION: &[Field] = &[
    Field::required("person", Reference(Collection::People), NO_ID),
    Field::required("role", Word(check_word::<Role>), r#""presenter""#),
    Field::optional("presence", Word(check_word::<Presence>)),
    Field::optional("state", Word(check_word::<ParticipationState>)),
    Field::optional("affiliation", Number),
];

const EVENT: &[Field] = &[
    SLUG,
    TITLE,
    Field::optional("theme", Text),
    DESCRIPTION,
    SERIES_OF,
    Field::optional("ordinal", Number),
    Field::required("starts_on", Day, r#""1900-01-01""#),
    Field::required("ends_on", Day, r#""2200-12-31""#),
    Field::required("time_zone", Line, r#""UTC""#),
    Field::required("languages", LINES, r#"["en"]"#),
    Field::required("fallback_language", Line, r#""en""#),
    Field::optional("place", Text),
    ORGANISATIONS,
    LINKS,
    STATE,
];

const SERIES: &[Field] = &[SLUG, TITLE, DESCRIPTION, LINKS];

const ORGANISATION: &[Field] = &[SLUG, NAME, Field::optional("short_name", Line), COUNTRY, LINKS];

const TRAVEL_TIME: &[Field] =
    &[Field::required("to", Reference(Collection::Venues), NO_ID), Field::required("minutes", Number, "0")];

const VENUE: &[Field] = &[
    SLUG,
    NAME,
    Field::optional("address", Line),
    Field::optional("city", Line),
    COUNTRY,
    Field::optional("directions", Text),
    Field::optional("latitude", Degrees),
    Field::optional("longitude", Degrees),
    Field::optional("travel_times", List(&Map(TRAVEL_TIME))),
    Field::optional("rooms", Inner),
];

const CLOSURE: &[Field] =
    &[Field::required("from", Moment, LONG_AGO), Field::optional("to", Moment), Field::optional("reason", Text)];

/// The venue of a room is the one that it is written in.
const ROOM: &[Field] = &[
    SLUG,
    NAME,
    Field::optional("capacity", Number),
    Field::optional("layouts", LINES),
    Field::optional("features", List(&Word(check_word::<Feature>))),
    Field::optional("directions", Text),
    Field::optional("closures", List(&Map(CLOSURE))),
];

const TRACK: &[Field] = &[SLUG, TITLE, DESCRIPTION, Field::optional("colour", Line)];

const AFFILIATION: &[Field] = &[
    Field::optional("position", Text),
    Field::optional("organisation", Reference(Collection::Organisations)),
    Field::optional("organisation_name", Line),
    COUNTRY,
];

const PERSON: &[Field] = &[
    SLUG,
    Field::required("name", Line, r#""x""#),
    Field::optional("form_of_address", Line),
    Field::optional("affiliations", List(&Map(AFFILIATION))),
    Field::optional("biography", Text),
    Field::optional("attendee", Word(check_attendee)),
];

const QUOTA: &[Field] = &[
    PART,
    Field::optional("session", Reference(Collection::Sessions)),
    Field::optional("at_most", Number),
    Field::optional("inside_at_most", Number),
];

const DELEGATION: &[Field] = &[
    SLUG,
    NAME,
    COUNTRY,
    Field::optional("organisation", Reference(Collection::Organisations)),
    Field::optional("order", Number),
    Field::optional("is_listed", Flag),
    Field::optional("capacity", Number),
    Field::optional("quotas", List(&Map(QUOTA))),
];

const KEY: Field = Field::required("key", Line, NO_SLUG);

const FIELD_CHOICE: &[Field] = &[KEY, Field::required("label", Text, NO_TEXT)];

const FORM_FIELD: &[Field] = &[
    KEY,
    Field::required("label", Text, NO_TEXT),
    Field::optional("help", Text),
    Field::required("kind", Word(check_word::<FieldKind>), r#""text""#),
    Field::optional("choices", List(&Map(FIELD_CHOICE))),
    Field::optional("is_required", Flag),
    Field::optional("purpose", Text),
    Field::optional("keep_days", Number),
];

const CONSENT: &[Field] = &[
    KEY,
    Field::required("version", Number, "1"),
    Field::required("text", Text, NO_TEXT),
    Field::optional("is_required", Flag),
];

const CATEGORY: &[Field] = &[
    SLUG,
    TITLE,
    Field::optional("colour", Line),
    Field::optional("order", Number),
    Field::with_default("enrolment", Word(check_word::<Enrolment>), r#""closed""#),
    Field::optional("opens", Moment).on_the_wire("opens_at"),
    Field::optional("closes", Moment).on_the_wire("closes_at"),
    Field::optional("capacity", Number),
    Field::optional("is_outside_quotas", Flag),
    Field::optional("form", List(&Map(FORM_FIELD))),
    Field::optional("consents", List(&Map(CONSENT))),
];

const AUDIENCE_RULE: &[Field] = &[
    Field::optional("categories", List(&Reference(Collection::Categories))),
    PART,
    Field::optional("delegations", List(&Reference(Collection::Delegations))),
    Field::optional("delegation_roles", List(&Word(check_word::<DelegationRole>))),
    Field::optional("programme_roles", List(&Word(check_word::<Role>))),
    Field::optional("statuses", List(&Word(check_word::<RegistrationStatus>))),
];

const AUDIENCE: &[Field] = &[SLUG, TITLE, Field::optional("rules", List(&Map(AUDIENCE_RULE)))];

const EVENT_PART: &[Field] = &[
    SLUG,
    TITLE,
    Field::optional("theme", Text),
    DESCRIPTION,
    SERIES_OF,
    Field::optional("ordinal", Number),
    Field::optional("starts_on", Day),
    Field::optional("ends_on", Day),
    Field::with_default("admission", Map(ADMISSION), r#"{"policy":"open"}"#),
    Field::optional("topics", List(&Text)),
    ORGANISATIONS,
    LINKS,
    STATE,
];

const CHOICE_GROUP: &[Field] = &[SLUG, TITLE, PART];

const NEEDS: &[Field] =
    &[Field::optional("features", List(&Word(check_word::<Feature>))), Field::optional("layout", Line)];

const TRANSFER: &[Field] = &[
    Field::optional("from", Reference(Collection::Venues)),
    Field::optional("to", Reference(Collection::Venues)),
    Field::optional("after", Reference(Collection::Sessions)),
    Field::optional("before", Reference(Collection::Sessions)),
];

const TALK: &[Field] =
    &[Field::numbered_slug(), Field::optional("title", Text), Field::optional("summary", Text), PEOPLE];

const PROGRESS: &[Field] = &[
    Field::required("state", Word(check_word::<ProgressState>), r#""started""#),
    Field::required("at", Moment, LONG_AGO),
    Field::optional("minutes_late", Number),
];

const SIGN_UP: &[Field] = &[
    Field::optional("opens", Moment).on_the_wire("opens_at"),
    Field::optional("closes", Moment).on_the_wire("closes_at"),
    Field::optional("accept_within_minutes", Number),
    Field::optional("has_no_waitlist", Flag),
    Field::optional("may_overlap", Flag),
];

const SESSION: &[Field] = &[
    SLUG,
    Field::required("kind", Word(check_word::<SessionKind>), r#""session""#),
    Field::optional("number", Line),
    Field::optional("title", Text),
    PART,
    Field::optional("starts", Moment).on_the_wire("starts_at"),
    Field::optional("ends", Moment).on_the_wire("ends_at"),
    Field::optional("day", Day),
    Field::optional("order", Number),
    Field::optional("venue", Reference(Collection::Venues)),
    Field::optional("room", Reference(Collection::Rooms)),
    Field::optional("tracks", List(&Reference(Collection::Tracks))),
    Field::optional("objective", Text),
    DESCRIPTION,
    Field::optional("expected_people", Number),
    Field::optional("needs", Map(NEEDS)),
    Field::optional("openness", List(&Word(check_word::<Openness>))),
    Field::optional("admission", Map(ADMISSION)),
    Field::optional("seats", Number),
    Field::optional("sign_up", Map(SIGN_UP)),
    Field::optional("choice_group", Reference(Collection::ChoiceGroups)),
    Field::optional("transfer", Map(TRANSFER)),
    Field::optional("talks", List(&Map(TALK))),
    PEOPLE,
    LINKS,
    Field::optional("progress", Map(PROGRESS)),
    STATE,
];

const EXHIBITOR: &[Field] = &[
    SLUG,
    NAME,
    Field::optional("organisation", Reference(Collection::Organisations)),
    SESSIONS,
    Field::optional("stand", Line),
    DESCRIPTION,
    STATE,
];

const DOCUMENT: &[Field] = &[
    SLUG,
    Field::optional("symbol", Line),
    Field::optional("revision", Number),
    TITLE,
    Field::optional("language", Line),
    PART,
    Field::optional("session", Reference(Collection::Sessions)),
    Field::optional("admission", Map(ADMISSION)),
    LINKS,
    STATE,
];

const OVERVIEW_ENTRY: &[Field] = &[
    SLUG,
    Field::required("day", Day, r#""1900-01-01""#),
    Field::required("starts", Line, r#""00:00""#),
    Field::optional("ends", Line),
    TITLE,
    PART,
    SESSIONS,
];

const WINDOW: &[Field] =
    &[Field::required("from", Moment, LONG_AGO), Field::required("to", Moment, r#""2200-12-31T12:00:00Z""#)];

const ACCESS_AREA: &[Field] = &[
    SLUG,
    NAME,
    PART,
    Field::optional("room", Reference(Collection::Rooms)),
    Field::optional("session", Reference(Collection::Sessions)),
    Field::optional("rule", Word(check_word::<EntryRule>)),
    Field::optional("opens_minutes_before", Number),
    Field::optional("closes_minutes_after", Number),
    Field::optional("windows", List(&Map(WINDOW))),
    Field::optional("capacity", Number),
    Field::optional("categories", List(&Reference(Collection::Categories))),
    Field::optional("audiences", List(&Reference(Collection::Audiences))),
    Field::optional("way_back_of", Reference(Collection::AccessAreas)),
];

const STOP: &[Field] = &[
    Field::required("place", Text, NO_TEXT),
    Field::optional("venue", Reference(Collection::Venues)),
    Field::optional("at", Moment),
];

const PASSENGER: &[Field] =
    &[Field::required("attendee", Word(check_attendee), NO_ID), Field::optional("stop", Number)];

const VEHICLE: &[Field] = &[
    SLUG,
    NAME,
    Field::required("session", Reference(Collection::Sessions), NO_ID),
    Field::optional("plate", Line),
    Field::optional("driver", Line),
    Field::optional("seats", Number),
    Field::optional("stops", List(&Map(STOP))),
    Field::optional("passengers", List(&Map(PASSENGER))),
];

const CHECKPOINT: &[Field] = &[
    SLUG,
    NAME,
    Field::required("kind", Word(check_word::<CheckpointKind>), r#""door""#),
    Field::required("area", Reference(Collection::AccessAreas), NO_ID),
    Field::optional("room", Reference(Collection::Rooms)),
    Field::optional("vehicle", Reference(Collection::Vehicles)),
];

/// The fields of a collection's records.
pub(super) fn fields_of(collection: Collection) -> &'static [Field] {
    match collection {
        Collection::Events => EVENT,
        Collection::Series => SERIES,
        Collection::Organisations => ORGANISATION,
        Collection::Venues => VENUE,
        Collection::Rooms => ROOM,
        Collection::Tracks => TRACK,
        Collection::People => PERSON,
        Collection::Delegations => DELEGATION,
        Collection::Categories => CATEGORY,
        Collection::Audiences => AUDIENCE,
        Collection::Parts => EVENT_PART,
        Collection::ChoiceGroups => CHOICE_GROUP,
        Collection::Sessions => SESSION,
        Collection::Exhibitors => EXHIBITOR,
        Collection::Documents => DOCUMENT,
        Collection::OverviewEntries => OVERVIEW_ENTRY,
        Collection::AccessAreas => ACCESS_AREA,
        Collection::Vehicles => VEHICLE,
        Collection::Checkpoints => CHECKPOINT,
    }
}

/// The top-level lists of a file with their collections, in the order in which they are written.
/// Rooms are written inside their venues.
pub(super) const SECTIONS: &[(&str, Collection)] = &[
    ("series", Collection::Series),
    ("organisations", Collection::Organisations),
    ("venues", Collection::Venues),
    ("tracks", Collection::Tracks),
    ("people", Collection::People),
    ("delegations", Collection::Delegations),
    ("categories", Collection::Categories),
    ("audiences", Collection::Audiences),
    ("parts", Collection::Parts),
    ("choice_groups", Collection::ChoiceGroups),
    ("sessions", Collection::Sessions),
    ("exhibitors", Collection::Exhibitors),
    ("documents", Collection::Documents),
    ("overview", Collection::OverviewEntries),
    ("access_areas", Collection::AccessAreas),
    ("vehicles", Collection::Vehicles),
    ("checkpoints", Collection::Checkpoints),
];
