//! Who may move a registration from which status to which.

use super::RegistrationStatus as Status;

/// As what somebody moves a registration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mover {
    /// An organiser.
    Organiser,
    /// The protocol officer, who asks people to come.
    Protocol,
    /// A focal point, for a member of their delegation.
    FocalPoint,
    /// The attendee, or their assistant.
    Person,
    /// The event's rules, when a place is free.
    Rules,
}

impl Mover {
    /// Every mover.
    pub const ALL: [Self; 5] = [Self::Organiser, Self::Protocol, Self::FocalPoint, Self::Person, Self::Rules];
}

/// Whether `mover` may move a registration from one status to another; from `None`, make it.
///
/// Who may confirm may also put on the waitlist: that is what a confirmation becomes where there is
/// no room. Whoever declined, cancelled or was declined asks again, and an organiser decides.
pub fn may_move(mover: Mover, from: Option<Status>, to: Status) -> bool {
    movers_of(from, to).contains(&mover)
}

/// Whether anybody may move a registration so.
pub fn is_move(from: Option<Status>, to: Status) -> bool {
    !movers_of(from, to).is_empty()
}

fn movers_of(from: Option<Status>, to: Status) -> &'static [Mover] {
    use Mover::{FocalPoint, Organiser, Person, Protocol, Rules};
    use Status::{Cancelled, Confirmed, Declined, Invited, Requested, Waitlisted};
    match (from, to) {
        (None | Some(Declined | Cancelled), Invited) => &[Organiser, Protocol],
        (None, Requested | Waitlisted | Confirmed) => &[Organiser, FocalPoint, Person],
        (Some(Invited), Waitlisted | Confirmed | Declined) => &[Organiser, Protocol, FocalPoint, Person],
        (Some(Invited), Cancelled) => &[Organiser, Protocol],
        (Some(Requested), Waitlisted | Confirmed | Declined) => &[Organiser],
        (Some(Waitlisted), Confirmed) => &[Organiser, Rules],
        (Some(Waitlisted), Declined) => &[Organiser],
        (Some(Requested | Waitlisted), Cancelled) => &[Organiser, FocalPoint, Person],
        (Some(Confirmed), Waitlisted) => &[Organiser],
        (Some(Confirmed), Cancelled) => &[Organiser, Protocol, FocalPoint, Person],
        (Some(Declined | Cancelled), Requested) => &[FocalPoint, Person],
        (Some(Declined | Cancelled), Waitlisted | Confirmed) => &[Organiser],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows are where a registration comes from (`-` is nowhere), columns where it goes; a cell
    /// names who may move it: organiser, protocol officer, focal point, person, rules.
    const TABLE: &str = "
        from        invited  requested  waitlisted  confirmed  declined  cancelled
        -           OP       OFA        OFA         OFA        .         .
        invited     .        .          OPFA        OPFA       OPFA      OP
        requested   .        .          O           O          O         OFA
        waitlisted  .        .          .           OR         O         OFA
        confirmed   .        .          O           .          .         OPFA
        declined    OP       FA         O           O          .         .
        cancelled   OP       FA         O           O          .         .";

    fn letter(mover: Mover) -> char {
        match mover {
            Mover::Organiser => 'O',
            Mover::Protocol => 'P',
            Mover::FocalPoint => 'F',
            Mover::Person => 'A',
            Mover::Rules => 'R',
        }
    }

    #[test]
    fn every_mover_may_move_from_every_status_to_every_other_as_the_table_says() {
        let mut lines = TABLE.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
        let head = lines.next().unwrap();
        let mut cells = 0;
        for line in lines {
            let from = (line[0] != "-").then(|| line[0].parse::<Status>().unwrap());
            for (column, cell) in line.iter().enumerate().skip(1) {
                let to: Status = head[column].parse().unwrap();
                for mover in Mover::ALL {
                    assert_eq!(may_move(mover, from, to), cell.contains(letter(mover)), "{mover:?} {from:?} {to:?}");
                    cells += 1;
                }
                assert_eq!(is_move(from, to), *cell != ".", "{from:?} {to:?}");
            }
        }
        assert_eq!(cells, 7 * 6 * 5);
    }

    #[test]
    fn nobody_moves_a_registration_to_where_it_is() {
        for status in Status::ALL {
            assert!(!is_move(Some(status), status), "{status:?}");
        }
    }

    #[test]
    fn who_may_confirm_may_put_on_the_waitlist() {
        let starts = [None].into_iter().chain(Status::ALL.map(Some));
        for (from, mover) in starts.flat_map(|from| Mover::ALL.map(|mover| (from, mover))) {
            let waits_already = from == Some(Status::Waitlisted);
            if may_move(mover, from, Status::Confirmed) && !waits_already {
                assert!(may_move(mover, from, Status::Waitlisted), "{mover:?} {from:?}");
            }
        }
    }
}
