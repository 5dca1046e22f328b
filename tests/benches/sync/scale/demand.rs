//! What a million phones would ask for, from what one costs.

use super::costs::{ATTENDEES, Costs};

/// Phones of the model.
const PHONES: f64 = 1_000_000.0;

/// How often a phone is opened in the busiest hour; each time it renews its tokens, which are good for ten minutes,
/// and exchanges.
const OPENED_AN_HOUR: f64 = 6.0;

/// The share of phones that listen at one time.
const LISTENING: f64 = 0.25;

/// Edits of each event in that hour.
const EDITS_AN_HOUR: f64 = 12.0;

/// The share of an event's phones that an edit concerns, which a push wakes.
const CONCERNED: f64 = 0.2;

/// Stars, notes and answers of a phone in that hour.
const MUTATIONS_AN_HOUR: f64 = 1.0;

/// Over how many seconds the phones that a push wakes spread themselves, as the server tells them.
const SPREAD_S: f64 = 60.0;

/// Places where a CDN keeps answers, each of which asks for an event's public scope once in [`KEPT_S`].
const CACHES: f64 = 30.0;

/// For how many seconds a cache keeps the newest answer.
const KEPT_S: f64 = 5.0;

/// A node, and the machine of PostgreSQL: cores, the share of each that may be used, and memory.
const CORES: f64 = 8.0;
const DATABASE_CORES: f64 = 16.0;
const USABLE: f64 = 0.5;
const MEMORY_GIB: f64 = 16.0;

const HOUR_S: f64 = 3_600.0;

/// The rows of the table: the busiest hour, its worst minute, the nodes, and what gives out first.
pub fn describe(costs: &Costs) -> Vec<(String, String)> {
    let demand = Demand::of(costs);
    let nodes = demand.nodes(costs);
    let database = demand.database_cores(costs, nodes, demand.exchanges);
    let worst = demand.database_cores(costs, nodes, demand.worst_exchanges);
    let rows = [
        (
            "the busiest hour",
            format!(
                "{:.0} exchanges and {:.0} mutations a second; {:.0} streams open; {:.0} Mbit/s",
                demand.exchanges, demand.mutations, demand.streams, demand.mbits
            ),
        ),
        (
            "the worst minute, an edit of every event that concerns everybody",
            format!("{:.0} exchanges a second, {:.0} Mbit/s", demand.worst_exchanges, demand.worst_mbits),
        ),
        ("the public scope behind a CDN", format!("{:.0} requests a second reach a node", demand.uncached)),
        (
            "nodes for the worst minute",
            format!(
                "{:.1} cores and {:.0} GiB of streams: {nodes:.0} nodes, of which each spends {:.3} of a core on the others' commits",
                demand.worst_cores,
                demand.stream_gib,
                demand.following_cores(costs)
            ),
        ),
        (
            "PostgreSQL",
            format!(
                "{database:.1} cores and {:.0} statements a second in the busiest hour, {worst:.1} cores in the worst minute",
                demand.statements(costs, nodes)
            ),
        ),
        ("what gives out first", demand.first_limit(costs, nodes, (database, worst))),
    ];
    rows.map(|(figure, here)| (format!("scale, calculated for {PHONES:.0} phones: {figure}"), here)).into()
}

/// Rates a second, and what is open at one time.
struct Demand {
    exchanges: f64,
    mutations: f64,
    /// Commits at most: each mutation and each edit its own.
    commits: f64,
    streams: f64,
    mbits: f64,
    worst_exchanges: f64,
    worst_mbits: f64,
    worst_cores: f64,
    stream_gib: f64,
    uncached: f64,
    events: f64,
}

impl Demand {
    fn of(costs: &Costs) -> Self {
        let events = PHONES / ATTENDEES as f64;
        let edits = events * EDITS_AN_HOUR / HOUR_S;
        let (opened, woken) = (PHONES * OPENED_AN_HOUR / HOUR_S, edits * CONCERNED * ATTENDEES as f64);
        let (streams, mutations) = (PHONES * LISTENING, PHONES * MUTATIONS_AN_HOUR / HOUR_S);
        let told = edits * streams / events;
        let bytes = (opened + woken) * costs.delta.1 + told * costs.broadcast.1;
        let worst_exchanges = opened + PHONES / SPREAD_S;
        let worst_told = streams / SPREAD_S;
        // Every phone that wakes or is opened has slept longer than its token was good.
        let worst_us = worst_exchanges * (costs.delta.0 + costs.fresh_us - costs.quiet_us + costs.renewal.node_us)
            + worst_told * costs.broadcast.0
            + mutations * costs.mutation.node_us;
        let worst_bytes = worst_exchanges * costs.delta.1 + worst_told * costs.broadcast.1;
        Self {
            exchanges: opened + woken,
            mutations,
            commits: mutations + edits,
            streams,
            mbits: bytes * 8.0 / 1e6,
            worst_exchanges,
            worst_mbits: worst_bytes * 8.0 / 1e6,
            worst_cores: worst_us / 1e6,
            stream_gib: streams * costs.stream_kib / (1_024.0 * 1_024.0),
            uncached: CACHES * events / KEPT_S,
            events,
        }
    }

    /// Enough for the worst minute's work and for the memory of streams beside all events.
    fn nodes(&self, costs: &Costs) -> f64 {
        let free_gib = MEMORY_GIB * USABLE - self.events * costs.event_mib / 1_024.0;
        let of_cpu = self.worst_cores / (CORES * USABLE - self.following_cores(costs));
        of_cpu.max(self.stream_gib / free_gib.max(0.1)).ceil().max(2.0)
    }

    /// What each node spends on commits that others made, were there so many nodes that nearly all are others'.
    fn following_cores(&self, costs: &Costs) -> f64 {
        self.commits * costs.follow.0 / 1e6
    }

    fn following_statements(&self, costs: &Costs, nodes: f64) -> f64 {
        self.commits * costs.follow.1 * (nodes - 1.0)
    }

    fn statements(&self, costs: &Costs, nodes: f64) -> f64 {
        let renewing = self.exchanges * costs.renewal.statements;
        self.mutations * costs.mutation.statements + renewing + self.following_statements(costs, nodes)
    }

    /// Each exchange comes with tokens that are renewed; a statement of another node that follows is counted as dear
    /// as one of a mutation.
    fn database_cores(&self, costs: &Costs, nodes: f64, exchanges: f64) -> f64 {
        let following = self.following_statements(costs, nodes) / costs.mutation.statements.max(1.0);
        let writing = self.mutations * costs.mutation.database_us + exchanges * costs.renewal.database_us;
        (writing + following * costs.mutation.database_us) / 1e6
    }

    fn first_limit(&self, costs: &Costs, nodes: f64, (database, worst): (f64, f64)) -> String {
        let shares = [
            ("PostgreSQL's cores in the worst minute, nearly all for tokens", worst / (DATABASE_CORES * USABLE)),
            ("PostgreSQL's cores in the busiest hour", database / (DATABASE_CORES * USABLE)),
            ("what a node spends on following the others", self.following_cores(costs) / (CORES * USABLE)),
            ("the commits of one event", self.mutations / self.events / costs.mutation.a_second),
        ];
        let first = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let (name, share) = first.copied().unwrap_or_default();
        format!(
            "{name}, at {:.0} % of what may be used with {nodes:.0} nodes: about {:.1} million phones",
            share * 100.0,
            PHONES / share / 1e6
        )
    }
}
