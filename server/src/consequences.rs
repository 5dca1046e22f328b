//! What follows, at the end of a commit group, from what its units changed: each domain's turn, in
//! the order in which one's consequences are another's causes.

use diesel::QueryResult;

use crate::notify::{held, hide_unseen, inbox};
use crate::sync::change_log::{Consequences, Sight, Unit};
use crate::{audiences, badges, check_in, duties, invitations, registration, signups};

/// The consequences in all domains.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllDomains;

impl Consequences for AllDomains {
    fn draw(&self, unit: &mut Unit<'_>) -> QueryResult<()> {
        registration::draw(unit)?;
        audiences::draw(unit)?;
        invitations::draw(unit)?;
        signups::draw(unit)?;
        badges::draw(unit)?;
        check_in::draw(unit)?;
        duties::draw(unit)?;
        registration::write_rows(unit)?;
        invitations::write_rows(unit)?;
        invitations::stand_ins::write_rows(unit)?;
        signups::write_rows(unit)?;
        badges::write_rows(unit)?;
        check_in::follow_rosters(unit)?;
        held::note(unit)?;
        inbox::deliver(unit)
    }

    fn hide(&self, unit: &mut Unit<'_>, sight: &Sight<'_>) -> QueryResult<()> {
        hide_unseen(unit, sight)
    }
}
