//! A synthetic crowd: invented people of 26 countries who register, are invited, answer and ask for
//! seats as real ones do. The same number and seed give the same people; a second time brings nobody new.
//! Their addresses are under `.invalid`, so that nobody is ever mailed.

mod countries;
mod ground;
mod names;
mod roll;
mod sheet;
mod taken;

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};
use shared::ids::AttendeeId;

use super::{AdministrationError, accounts};
use crate::app::App;
use crate::registration::files::{Authority, ImportError, Importer, Mode};
use crate::sync::feed::EventCell;
use roll::Person;

/// The most people of a crowd: so many rows has a file of people at most.
pub const MOST_PEOPLE: usize = 50_000;

/// Which crowd.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    /// How many people.
    pub people: usize,
    /// What the lots are drawn by.
    pub seed: u64,
}

/// What a crowd did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Gathered {
    /// People who are new.
    pub people: usize,
    /// Invitations sent.
    pub invitations: usize,
    /// Answers given to them.
    pub answers: usize,
    /// Seats taken, and places in waitlists.
    pub sign_ups: usize,
    /// Who was neither invited nor given a seat because it is too late, or not open.
    pub shut_out: usize,
}

impl Gathered {
    /// For the terminal.
    pub fn describe(self) -> String {
        let Self { people, invitations, answers, sign_ups, shut_out } = self;
        let told = format!(
            "{people} people came, {invitations} were invited, {answers} answered, {sign_ups} asked for a seat."
        );
        match shut_out {
            0 => told,
            _ => format!("{told} {shut_out} could not, since what they would come to is over, or not open."),
        }
    }
}

/// Gathers a crowd at an event.
///
/// # Errors
///
/// There is no such event; too many people; a write fails.
pub async fn gather(app: &App, event: &str, order: Order) -> Result<Gathered, AdministrationError> {
    let cell = accounts::load_event(app, event)?;
    if order.people > MOST_PEOPLE {
        return Err(AdministrationError::Value("a crowd has at most 50,000 people"));
    }
    let ground = ground::prepare(app, &cell).await?;
    let people = roll::call(order.people, order.seed);
    let came = bring_in(app, &cell, sheet::write(&people, &ground)?).await?;
    let ids = taken::find_attendees(app, cell.id, people.iter().map(|person| person.external_id.clone())).await?;
    let guests: Vec<_> =
        people.into_iter().filter_map(|person| Some((*ids.get(&person.external_id)?, person))).collect();
    // Another lot than that of the people: what is decided here changes no name.
    let mut lot = ChaCha12Rng::seed_from_u64(order.seed ^ u64::MAX);
    let mut gathered = Gathered { people: came, ..Gathered::default() };
    taken::invite(app, &cell, (&ground, &guests), (&mut lot, &mut gathered)).await?;
    taken::sign_up(app, &cell, (&ground, &guests), (&mut lot, &mut gathered)).await?;
    Ok(gathered)
}

/// The attendees of a crowd with what they are.
type Guests = [(AttendeeId, Person)];

/// Ids by what people are known by in the file.
type Ids = BTreeMap<String, AttendeeId>;

async fn bring_in(app: &App, cell: &Arc<EventCell>, file: Vec<u8>) -> Result<usize, AdministrationError> {
    let programme = app.events.programme(cell).await?;
    let (cell, language) = (Arc::clone(cell), "en".to_owned());
    let importer = Importer { app: app.clone(), cell, authority: Authority::CommandLine, language };
    match importer.run(programme, file.into(), Mode::SkipFaulty).await {
        Ok(report) => match report.faults.first() {
            None => Ok(report.new_count),
            Some(fault) => Err(AdministrationError::Faults(format!("row {}: {}", fault.row, fault.problem))),
        },
        Err(ImportError::Faulty(_)) => Err(AdministrationError::Value("the crowd does not fit the event")),
        Err(ImportError::File(fault)) => Err(AdministrationError::Faults(fault.to_string())),
        Err(ImportError::Refused(refusal)) => Err(crate::sync::WriteError::Refused(refusal).into()),
        Err(ImportError::Write(error)) => Err(error.into()),
        Err(ImportError::Read(error)) => Err(error.into()),
    }
}
