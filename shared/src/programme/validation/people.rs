//! The checks of categories, delegations and audiences.

use std::fmt::Display;

use super::faults::Faults;
use super::{LIST_MAX, PEOPLE_MAX};
use crate::ids::is_slug;
use crate::programme::{Audience, AudienceRule, Category, Delegation, FieldKind, FormField, ValueProblem};

/// The longest time that an answer is kept after the event, in days.
const KEEP_DAYS_MAX: u32 = 3_650;

pub(super) fn check_category(faults: &mut Faults, category: &Category) {
    faults.line_by_language("/title", &category.title);
    faults.colour("/colour", category.colour.as_ref());
    faults.number("/order", category.order, 0..=10_000);
    faults.number("/capacity", category.capacity, 0..=PEOPLE_MAX);
    let in_order = category.opens_at.zip(category.closes_at).is_none_or(|(opens, closes)| closes > opens);
    faults.require(in_order, "/closes_at", ValueProblem::NotAfter { field: "opens_at" });
    let keys: Vec<&str> = category.form.iter().map(|field| field.key.as_str()).collect();
    check_keys(faults, "/form", &keys);
    for (index, field) in category.form.iter().enumerate().take(LIST_MAX) {
        check_form_field(faults, &format!("/form/{index}"), field);
    }
    let keys: Vec<&str> = category.consents.iter().map(|consent| consent.key.as_str()).collect();
    check_keys(faults, "/consents", &keys);
    for (index, consent) in category.consents.iter().enumerate().take(LIST_MAX) {
        faults.number(format!("/consents/{index}/version"), Some(consent.version), 1..=10_000);
        faults.paragraphs(format!("/consents/{index}/text"), Some(&consent.text));
    }
}

fn check_form_field(faults: &mut Faults, at: &str, field: &FormField) {
    faults.line_by_language(format!("{at}/label"), &field.label);
    faults.paragraphs(format!("{at}/help"), field.help.as_ref());
    faults.paragraphs(format!("{at}/purpose"), field.purpose.as_ref());
    faults.number(format!("{at}/keep_days"), field.keep_days, 0..=KEEP_DAYS_MAX);
    let chooses = matches!(field.kind, FieldKind::Choice | FieldKind::Choices);
    faults.require(chooses != field.choices.is_empty(), format!("{at}/choices"), ValueProblem::ChoicesMisplaced);
    let keys: Vec<&str> = field.choices.iter().map(|choice| choice.key.as_str()).collect();
    check_keys(faults, format!("{at}/choices"), &keys);
    for (index, choice) in field.choices.iter().enumerate().take(LIST_MAX) {
        faults.line_by_language(format!("{at}/choices/{index}/label"), &choice.label);
    }
}

/// Keys that answers name: of the form of a slug, each once.
fn check_keys(faults: &mut Faults, at: impl Display, keys: &[&str]) {
    faults.length(&at, keys.len());
    for (index, key) in keys.iter().enumerate().take(LIST_MAX) {
        faults.slug(format!("{at}/{index}/key"), key);
        let twice = keys[..index].contains(key);
        faults.require(!twice || !is_slug(key), format!("{at}/{index}/key"), ValueProblem::TakenEarlier);
    }
}

pub(super) fn check_delegation(faults: &mut Faults, delegation: &Delegation) {
    faults.line_by_language("/name", &delegation.name);
    faults.country("/country", delegation.country.as_ref());
    faults.number("/order", delegation.order, 0..=10_000);
    faults.number("/capacity", delegation.capacity, 0..=PEOPLE_MAX);
    faults.length("/quotas", delegation.quotas.len());
    for (index, quota) in delegation.quotas.iter().enumerate().take(LIST_MAX) {
        let field = format!("/quotas/{index}");
        let names_one = quota.part.is_some() != quota.session.is_some();
        faults.require(names_one, &field, ValueProblem::NotOneOfTwo);
        let says_something = quota.at_most.is_some() || quota.inside_at_most.is_some();
        faults.require(says_something, &field, ValueProblem::NoQuota);
        let earlier = &delegation.quotas[..index];
        let twice = earlier.iter().any(|other| (other.part, other.session) == (quota.part, quota.session));
        faults.require(!twice, &field, ValueProblem::SameAsEarlier);
        faults.number(format!("{field}/at_most"), quota.at_most, 0..=PEOPLE_MAX);
        faults.number(format!("{field}/inside_at_most"), quota.inside_at_most, 0..=PEOPLE_MAX);
    }
}

pub(super) fn check_audience(faults: &mut Faults, audience: &Audience) {
    faults.line_by_language("/title", &audience.title);
    faults.length("/rules", audience.rules.len());
    for (index, rule) in audience.rules.iter().enumerate().take(LIST_MAX) {
        let field = format!("/rules/{index}");
        faults.list(&format!("{field}/categories"), &rule.categories);
        faults.list(&format!("{field}/delegations"), &rule.delegations);
        faults.list(&format!("{field}/delegation_roles"), &rule.delegation_roles);
        faults.list(&format!("{field}/programme_roles"), &rule.programme_roles);
        faults.list(&format!("{field}/statuses"), &rule.statuses);
        let without_part = AudienceRule { part: None, ..rule.clone() };
        faults.require(without_part != AudienceRule::default(), &field, ValueProblem::RuleForNobody);
        let part_fits = rule.part.is_none() || !rule.categories.is_empty();
        faults.require(part_fits, format!("{field}/part"), ValueProblem::GoesWith { field: "categories" });
    }
}
