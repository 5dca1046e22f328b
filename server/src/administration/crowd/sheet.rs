//! A crowd as a file of people, so that it comes in as any list of people does.

use std::collections::BTreeSet;

use super::ground::Ground;
use super::roll::{Kind, Person};
use crate::administration::AdministrationError;

const HEADINGS: [&str; 14] = [
    "External id",
    "Name",
    "Placeholder",
    "Category",
    "Category: intensive-clinic",
    "Delegation",
    "Role in the delegation",
    "Country",
    "Position",
    "Language",
    "Status",
    "E-mail",
    "Assistant's e-mail",
    "Form of address",
];

/// The file, in CSV.
pub fn write(people: &[Person], ground: &Ground) -> Result<Vec<u8>, AdministrationError> {
    let broken = |_: csv::Error| AdministrationError::Value("the crowd cannot be written as a file");
    let is_known = |heading: &str| ground.has_clinic || !heading.starts_with("Category:");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS.iter().filter(|heading| is_known(heading))).map_err(broken)?;
    for person in people {
        let cells = cells(person, &ground.headed);
        let named = HEADINGS.iter().zip(&cells).filter(|(heading, _)| is_known(heading));
        writer.write_record(named.map(|(_, cell)| cell.as_str())).map_err(broken)?;
    }
    writer.into_inner().map_err(|_| AdministrationError::Value("the crowd cannot be written as a file"))
}

fn cells(person: &Person, headed: &BTreeSet<String>) -> [String; 14] {
    let text = |text: &str| text.to_owned();
    let is_official = matches!(person.kind, Kind::Minister | Kind::Delegate);
    let role = match (person.kind, person.is_alternate) {
        // An empty cell says nothing: the head stays, and whoever comes later is a member.
        (Kind::Minister, _) if headed.contains(&person.country.code.to_lowercase()) => "",
        (Kind::Minister, _) => "head",
        (_, true) => "alternate",
        _ => "member",
    };
    let delegation = person.country.code.to_lowercase();
    [
        person.external_id.clone(),
        person.name.clone(),
        text(if person.is_placeholder { "yes" } else { "no" }),
        text(person.kind.category()),
        text(if person.is_speaker { "speakers" } else { "" }),
        if is_official { delegation } else { String::new() },
        text(if is_official { role } else { "" }),
        text(person.country.code),
        text(person.position),
        text(person.country.language.tag()),
        text(person.status.as_str()),
        person.email.clone().unwrap_or_default(),
        person.assistant.clone().unwrap_or_default(),
        text(if person.kind == Kind::Minister { "H.E." } else { "" }),
    ]
}
