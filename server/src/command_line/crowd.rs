//! `cumbre crowd`.

use clap::Args;

use crate::administration::{AdministrationCommand, crowd, demonstration};

/// Which crowd, and where.
#[derive(Debug, Args)]
pub(super) struct CrowdArguments {
    /// How many people; at most 50,000.
    #[arg(long)]
    people: usize,
    /// The same number gives the same people.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The event's slug or id.
    #[arg(long, default_value = demonstration::EVENT)]
    event: String,
}

impl From<CrowdArguments> for AdministrationCommand {
    fn from(CrowdArguments { people, seed, event }: CrowdArguments) -> Self {
        Self::GatherCrowd { event, order: crowd::Order { people, seed } }
    }
}
