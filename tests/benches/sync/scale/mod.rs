//! A model of scale: what one phone, one edit and one node more cost on PostgreSQL, measured, and what a million
//! phones on many nodes behind a CDN would ask for, calculated from that.

mod costs;
mod demand;

use crate::table::{self, Row};
use crate::{Failure, Folder};

/// Measures the costs and prints what follows from them.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let costs = costs::measure(folder).await?;
    for (figure, here) in costs.describe().into_iter().chain(demand::describe(&costs)) {
        table::print(&Row::plain(&figure, here, ""));
    }
    Ok(())
}
