//! What is typed at a desk.

use shared::admission::Direction;
use shared::badge::VoidReason;

/// What a line of the input asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// A badge was scanned.
    Code(String),
    /// Guests go in from now on, or out.
    Turn(Direction),
    /// The last scan was a mistake.
    Undo,
    /// So many people went by.
    Count(u32),
    /// Who is called so?
    Find(String),
    /// Who belongs to the delegation that is called so?
    Delegation(String),
    /// Everybody of a session's own roster.
    Guests,
    /// The one with this number in the last answer stands here.
    Take(usize),
    /// Who is expected and has not come?
    Missing,
    /// In which categories may somebody be registered who walks in?
    Categories,
    /// Somebody walked in: their name, the category, and an address.
    WalkIn(Vec<String>),
    /// The walk-in with the first number is the person with the second, or somebody else.
    Settle(usize, Option<usize>),
    /// These have their badges and envelopes, by one who took them all where there is a name.
    HandOut(Vec<usize>, Option<String>),
    /// Something is lent to the person with this number: its kind and number.
    Lend(usize, String, String),
    /// Something came back.
    TakeBack(String, String),
    /// What is out?
    Loans,
    /// A seat in a session for the person with this number; or their seat is given back.
    Seat(usize, String, bool),
    /// The person's answer to the invitation to a part or session, with a word where they decline.
    Answer(usize, String, Reply),
    /// What is to be read before the person is let in; without words, nothing any more.
    Note(usize, String),
    /// The name of the person with this number is this; while there is a network.
    Rename(usize, String),
    /// The address of the person with this number is this; while there is a network.
    Readdress(usize, String),
    /// A code that signs the person with this number in; while there is a network.
    SignInCode(usize),
    /// What carries the badge of the person with this number?
    Badges(usize),
    /// The badge of the person that has the second number was lost, stolen or damaged.
    Void(usize, u32, VoidReason),
    /// Another badge for the person with this number; while there is a network.
    Print(usize),
    /// What is odd about scans, and nobody has settled?
    Incidents,
    /// The incident with this number in the last list of them is settled, with a note or without.
    Resolve(usize, String),
    /// What a desk handed in that was not in use any more, with this number in the last list, is done in its place.
    DoLate(usize),
    /// How much of what was done here waits to be handed in.
    Waiting,
    /// What the server refused of what was done here.
    Refused,
    /// Nothing that is understood.
    Help,
}

/// What somebody says to an invitation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// They come.
    Accepts,
    /// They do not, and say so in these words; with none, without.
    Declines(String),
}

impl Order {
    /// Reads a line; none where it is blank. What begins with a colon is an order, everything else a badge.
    pub fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        let Some(order) = line.strip_prefix(':') else {
            return (!line.is_empty()).then(|| Self::Code(line.to_owned()));
        };
        let (word, rest) = order.split_once(' ').unwrap_or((order, ""));
        Some(Self::of(word, rest.trim()).unwrap_or(Self::Help))
    }

    fn of(word: &str, rest: &str) -> Option<Self> {
        let (first, behind) = rest.split_once(' ').map_or((rest, ""), |(first, behind)| (first, behind.trim()));
        let number = || first.parse::<usize>().ok();
        let reply = |said: &str| match said.split_once(' ').map_or((said, ""), |(word, rest)| (word, rest.trim())) {
            ("yes", "") => Some(Reply::Accepts),
            ("no", word) => Some(Reply::Declines(word.to_owned())),
            _ => None,
        };
        Some(match (word, rest) {
            ("in", "") => Self::Turn(Direction::In),
            ("out", "") => Self::Turn(Direction::Out),
            ("undo", "") => Self::Undo,
            ("guests", "") => Self::Guests,
            ("missing", "") => Self::Missing,
            ("categories", "") => Self::Categories,
            ("loans", "") => Self::Loans,
            ("incidents", "") => Self::Incidents,
            ("badges", _) if behind.is_empty() => Self::Badges(number()?),
            ("void", _) => {
                let (carrier, reason) = behind.split_once(' ')?;
                let reason = reason.trim().parse().ok().filter(|reason: &VoidReason| reason.is_given())?;
                Self::Void(number()?, carrier.parse().ok()?, reason)
            }
            ("print", _) if behind.is_empty() => Self::Print(number()?),
            ("resolve", _) => Self::Resolve(number()?, behind.to_owned()),
            ("do", _) => Self::DoLate(rest.parse().ok()?),
            ("waiting", "") => Self::Waiting,
            ("refused", "") => Self::Refused,
            ("count", _) => Self::Count(rest.parse().ok()?),
            ("find", name) if !name.is_empty() => Self::Find(name.to_owned()),
            ("delegation", name) if !name.is_empty() => Self::Delegation(name.to_owned()),
            ("take", _) => Self::Take(rest.parse().ok()?),
            ("walk-in", _) if !rest.is_empty() => {
                Self::WalkIn(rest.split('/').map(|part| part.trim().to_owned()).collect())
            }
            ("settle", _) => Self::Settle(number()?, if behind.is_empty() { None } else { Some(behind.parse().ok()?) }),
            ("hand", _) => {
                let (numbers, by) =
                    rest.split_once('/').map_or((rest, None), |(numbers, by)| (numbers, Some(by.trim().to_owned())));
                let numbers: Option<Vec<usize>> = numbers.split_whitespace().map(|one| one.parse().ok()).collect();
                Self::HandOut(numbers.filter(|numbers| !numbers.is_empty() || by.is_some())?, by)
            }
            ("lend", _) => {
                let (kind, label) = behind.split_once(' ')?;
                Self::Lend(number()?, kind.to_owned(), label.trim().to_owned())
            }
            ("return", _) if !behind.is_empty() => Self::TakeBack(first.to_owned(), behind.to_owned()),
            ("seat", _) if !behind.is_empty() => Self::Seat(number()?, behind.to_owned(), true),
            ("free", _) if !behind.is_empty() => Self::Seat(number()?, behind.to_owned(), false),
            ("answer", _) => {
                let (object, answer) = behind.split_once(' ')?;
                Self::Answer(number()?, object.to_owned(), reply(answer.trim())?)
            }
            ("name", _) if !behind.is_empty() => Self::Rename(number()?, behind.to_owned()),
            ("email", _) if !behind.is_empty() => Self::Readdress(number()?, behind.to_owned()),
            ("code", _) if behind.is_empty() => Self::SignInCode(number()?),
            ("note", _) => Self::Note(number()?, behind.to_owned()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_a_colon_is_an_order_and_everything_else_a_badge() {
        let walk_in = ["José Núñez", "visitors", "jose@example.org"].map(str::to_owned).to_vec();
        let declines = Reply::Declines("I am sorry.".to_owned());
        for (line, expected) in [
            ("UP8ENB9Z3Q", Order::Code("UP8ENB9Z3Q".to_owned())),
            (":out", Order::Turn(Direction::Out)),
            (":find  ana ", Order::Find("ana".to_owned())),
            (":count 12", Order::Count(12)),
            (":walk-in José Núñez / visitors / jose@example.org", Order::WalkIn(walk_in)),
            (":hand 1 2 / Carla", Order::HandOut(vec![1, 2], Some("Carla".to_owned()))),
            (":hand / Carla", Order::HandOut(vec![], Some("Carla".to_owned()))),
            (":lend 1 receiver R 231", Order::Lend(1, "receiver".to_owned(), "R 231".to_owned())),
            (":return receiver R 231", Order::TakeBack("receiver".to_owned(), "R 231".to_owned())),
            (":seat 2 visit-mine", Order::Seat(2, "visit-mine".to_owned(), true)),
            (":answer 1 dialogue yes", Order::Answer(1, "dialogue".to_owned(), Reply::Accepts)),
            (":answer 1 dialogue no", Order::Answer(1, "dialogue".to_owned(), Reply::Declines(String::new()))),
            (":answer 1 dialogue no  I am sorry.", Order::Answer(1, "dialogue".to_owned(), declines)),
            (":badges 1", Order::Badges(1)),
            (":void 1 17 lost", Order::Void(1, 17, VoidReason::Lost)),
            (":print 1", Order::Print(1)),
            (":incidents", Order::Incidents),
            (":resolve 2 Seen.", Order::Resolve(2, "Seen.".to_owned())),
            (":resolve 2", Order::Resolve(2, String::new())),
            (":do 2", Order::DoLate(2)),
            (":waiting", Order::Waiting),
            (":settle 1 2", Order::Settle(1, Some(2))),
            (":settle 1", Order::Settle(1, None)),
            (":note 1", Order::Note(1, String::new())),
            (":name 2 José Núñez", Order::Rename(2, "José Núñez".to_owned())),
            (":email 2 jose@example.org", Order::Readdress(2, "jose@example.org".to_owned())),
            (":code 2", Order::SignInCode(2)),
        ] {
            assert_eq!(Order::read(line), Some(expected), "{line}");
        }
        for line in [
            ":take all",
            ":lend 1 receiver",
            ":answer 1 dialogue perhaps",
            ":answer 1 dialogue yes gladly",
            ":resolve all",
            ":do all",
            ":void 1 17",
            ":void 1 17 replaced",
            ":void 1 x lost",
            ":badges",
            ":print all",
            ":incidents 1",
            ":hand",
            ":nonsense",
            ":settle 1 x",
            ":code",
            ":name 1",
        ] {
            assert_eq!(Order::read(line), Some(Order::Help), "{line}");
        }
        assert_eq!(Order::read("  "), None);
    }
}
