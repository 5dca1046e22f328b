//! Who is invited to something, or belongs to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, RecordId};
use shared::notice::Reason;
use shared::programme::{AdmissionPolicy, Collection, RecordBody};

use super::{Search, confirmed, list_delegations, read_ids};
use crate::database::schema::{audience_matches, audience_members, gate_rights, invitations, registrations};
use crate::on;
use crate::sync::grants::{DUTY, DUTY_INSIDE};

impl Search<'_> {
    /// Who is invited to something, by themselves or by an audience, and did not decline.
    pub(super) fn add_invited(
        &mut self,
        key: (Collection, RecordId),
        session: RecordId,
        reason: Reason,
    ) -> QueryResult<()> {
        let record = self.programme.find(key.0, key.1);
        let Some(admission) = record.and_then(|record| record.body.admission()) else { return Ok(()) };
        let (is_gated, audiences) = (admission.is_gated(), admission.audiences.clone());
        let query = invitations::table
            .filter(invitations::event_id.eq(&self.event))
            .filter(invitations::object_id.eq(key.1.to_string()))
            .select((invitations::attendee_id, invitations::answer));
        let answers: Vec<(String, String)> = on!(&mut *self.c, |c| query.load(c))?;
        let is_coming = |answer: &str| matches!(answer, "pending" | "accepted");
        let of = |coming: bool| -> BTreeSet<AttendeeId> {
            let theirs = answers.iter().filter(|(_, answer)| is_coming(answer) == coming);
            theirs.filter_map(|(attendee, _)| attendee.parse().ok()).collect()
        };
        let (coming, not_coming) = (of(true), of(false));
        let mut invited = self.list_members(&audiences)?;
        if is_gated {
            // Who holds the gate because they work there is not invited by that.
            let at_work = self.list_at_work(key.1)?;
            let is_guest = |attendee: &&AttendeeId| invited.contains(attendee) || !at_work.contains(attendee);
            let holders = self.known.holders.get(&key.1).into_iter().flatten();
            invited = holders.filter(is_guest).copied().collect();
        }
        invited.retain(|attendee| !not_coming.contains(attendee));
        invited.extend(coming);
        self.add_delegations(&audiences, &invited, session)?;
        self.add(invited, session, reason);
        Ok(())
    }

    /// Those of the invited whose delegation an audience is for.
    fn add_delegations(
        &mut self,
        audiences: &[RecordId],
        invited: &BTreeSet<AttendeeId>,
        session: RecordId,
    ) -> QueryResult<()> {
        let rules = |id: &RecordId| match &self.programme.find(Collection::Audiences, *id)?.body {
            RecordBody::Audiences(audience) => Some(audience.rules.iter().flat_map(|rule| rule.delegations.clone())),
            _ => None,
        };
        let named: BTreeSet<RecordId> = audiences.iter().filter_map(rules).flatten().collect();
        if named.is_empty() {
            return Ok(());
        }
        let invited: Vec<AttendeeId> = invited.iter().copied().collect();
        let of_members = list_delegations(self.c, &self.event, &invited)?;
        let theirs = of_members.into_iter().filter(|(_, delegation)| named.contains(delegation));
        self.add(theirs.map(|(attendee, _)| attendee).collect::<Vec<_>>(), session, Reason::Delegation);
        Ok(())
    }

    /// Everybody registered, where a part is for them all and everybody may read of it.
    pub(super) fn add_registered(&mut self, part: RecordId, session: RecordId) -> QueryResult<()> {
        let admission = self.programme.part(part).map(|part| &part.admission);
        let is_theirs = admission.is_some_and(|own| own.policy == AdmissionPolicy::Registered && !own.is_gated());
        if is_theirs {
            let registered = self.list_confirmed()?;
            self.add(registered.iter().copied(), session, Reason::Part);
        }
        Ok(())
    }

    /// Everybody whose registration is confirmed; of a whole morning that is asked once.
    pub(super) fn list_confirmed(&mut self) -> QueryResult<Arc<[AttendeeId]>> {
        if let Some(known) = &self.confirmed {
            return Ok(Arc::clone(known));
        }
        let query = confirmed(self.event_id);
        let ids: Vec<String> = on!(&mut *self.c, |c| query.select(registrations::attendee_id).load(c))?;
        let found: Arc<[AttendeeId]> = read_ids(&ids).collect();
        self.confirmed = Some(Arc::clone(&found));
        Ok(found)
    }

    /// Who holds a gate by a duty and by nothing else.
    fn list_at_work(&mut self, gate: RecordId) -> QueryResult<BTreeSet<AttendeeId>> {
        let query = gate_rights::table
            .filter(gate_rights::event_id.eq(&self.event))
            .filter(gate_rights::object_id.eq(gate.to_string()))
            .select((gate_rights::attendee_id, gate_rights::reason));
        let rights: Vec<(String, String)> = on!(&mut *self.c, |c| query.load(c))?;
        let is_duty = |reason: &str| [DUTY, DUTY_INSIDE].contains(&reason);
        let of = |duties: bool| -> BTreeSet<AttendeeId> {
            let theirs = rights.iter().filter(|(_, reason)| is_duty(reason) == duties);
            theirs.filter_map(|(attendee, _)| attendee.parse().ok()).collect()
        };
        Ok(of(true).difference(&of(false)).copied().collect())
    }

    pub(super) fn list_members(&mut self, audiences: &[RecordId]) -> QueryResult<BTreeSet<AttendeeId>> {
        if audiences.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ids: Vec<String> = audiences.iter().map(ToString::to_string).collect();
        let by_hand = audience_members::table
            .filter(audience_members::event_id.eq(&self.event))
            .filter(audience_members::audience_id.eq_any(&ids))
            .select(audience_members::attendee_id);
        let by_rule = audience_matches::table
            .filter(audience_matches::event_id.eq(&self.event))
            .filter(audience_matches::audience_id.eq_any(&ids))
            .select(audience_matches::attendee_id);
        let (mut members, by_rule): (Vec<String>, Vec<String>) =
            on!(&mut *self.c, |c| QueryResult::Ok((by_hand.load(&mut *c)?, by_rule.load(c)?)))?;
        members.extend(by_rule);
        Ok(read_ids(&members).collect())
    }
}
