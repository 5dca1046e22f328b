//! The table that the benchmark prints, in Markdown.

use crate::measure::Cost;

/// One figure beside its reference.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What was done.
    pub figure: String,
    /// What it took here.
    pub here: String,
    /// What the reference took in the same run.
    pub reference: String,
    /// The one by the other.
    pub ratio: String,
    /// What is to be reached.
    pub target: String,
}

impl Row {
    /// A figure without a reference.
    pub fn plain(figure: &str, here: String, target: &str) -> Self {
        Self { figure: figure.to_owned(), here, target: target.to_owned(), ..Self::default() }
    }

    /// The cost of a request beside that of a reference.
    pub fn cost(figure: &str, here: Cost, reference: Cost, target: &str) -> Self {
        let mut ratio = format!("{:.1} x", here.cpu_us / reference.cpu_us);
        if let (Some(here), Some(reference)) = (here.instructions, reference.instructions) {
            ratio += &format!("; {:.1} x", here / reference);
        }
        Self {
            figure: figure.to_owned(),
            here: describe(here),
            reference: describe(reference),
            ratio,
            target: target.to_owned(),
        }
    }
}

/// A cost in words.
pub fn describe(cost: Cost) -> String {
    match cost.instructions {
        Some(instructions) => format!("{:.1} µs; {:.1} k", cost.cpu_us, instructions / 1_000.0),
        None => format!("{:.1} µs", cost.cpu_us),
    }
}

/// Prints the head of the table.
pub fn print_head() {
    println!("| figure | here | reference | ratio | to reach |");
    println!("| --- | --- | --- | --- | --- |");
}

/// Prints a row.
pub fn print(row: &Row) {
    println!("| {} | {} | {} | {} | {} |", row.figure, row.here, row.reference, row.ratio, row.target);
}
