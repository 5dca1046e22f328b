//! Who wants no mail about an attendee whom they are or act for.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, AttendeeId, EventId};

use crate::database::Connection;
use crate::database::schema::mail_refusals;
use crate::on;

/// Writes down that an account refuses mail about an attendee, or that it does not any more. False
/// where it was so.
pub fn set_refusal(
    c: &mut Connection,
    (event, attendee, account): (EventId, AttendeeId, AccountId),
    refuses: bool,
) -> QueryResult<bool> {
    let key = (event.to_string(), attendee.to_string(), account.to_string());
    let changed = on!(c, |c| {
        if refuses {
            let row = (
                mail_refusals::event_id.eq(key.0),
                mail_refusals::attendee_id.eq(key.1),
                mail_refusals::account_id.eq(key.2),
            );
            diesel::insert_into(mail_refusals::table).values(row).on_conflict_do_nothing().execute(c)
        } else {
            diesel::delete(mail_refusals::table.find(key)).execute(c)
        }
    })?;
    Ok(changed > 0)
}
