//! What readers are answered from: the heads, rights and newest entries of every event, in memory.

mod delta;
mod events;
pub(super) mod load;
mod memory;
mod notices;
mod rights;
mod stored;
mod tail;

pub use delta::{Delta, RecordChange, ScopeHead};
pub use events::{Broadcast, EventCell, Events, LiveEntry};
pub use load::{find_head, find_row, load_programme};
pub use memory::{EventMemory, ScopeMemory};
pub use notices::{Announcer, listen};
pub use rights::Rights;
pub use stored::stored_rows;
pub use tail::Tail;
