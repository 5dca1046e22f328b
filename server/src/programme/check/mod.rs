//! What is wrong with a programme. Each family of findings has a file; none looks at anything but
//! the programme.

mod bounds;
mod countries;
mod finding;
mod gaps;
mod names;
mod overlaps;
mod people;
mod rooms;
mod spelling;
mod survey;
mod transfers;
mod translations;
mod vehicles;

pub use finding::{Finding, FindingCode, RecordName, Severity};
use shared::programme::Programme;
use survey::Survey;

/// Everything wrong with a programme, in the order of codes, then of slugs. Cancelled sessions
/// and those of cancelled parts are left out; drafts are not.
pub fn check(programme: &Programme) -> Vec<Finding> {
    let survey = Survey::of(programme);
    sorted(list_apart_from_names(&survey).chain(names::check(&survey)).collect())
}

/// As [`check`], without comparing the names of organisations, which takes longest.
pub fn check_apart_from_names(programme: &Programme) -> Vec<Finding> {
    sorted(list_apart_from_names(&Survey::of(programme)).collect())
}

fn list_apart_from_names(survey: &Survey) -> impl Iterator<Item = Finding> {
    let families = [
        rooms::check,
        people::check,
        transfers::check,
        bounds::check,
        overlaps::check,
        gaps::check,
        translations::check,
        vehicles::check,
    ];
    families.into_iter().flat_map(|family| family(survey))
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_cached_key(Finding::key);
    findings
}

#[cfg(test)]
mod santiago;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::sketch::Sketch;

    /// The findings of a sketch as code and slugs.
    pub fn found(sketch: &Sketch) -> Vec<(FindingCode, Vec<String>)> {
        check(&sketch.programme)
            .into_iter()
            .map(|finding| (finding.code, finding.records.into_iter().map(|record| record.slug).collect()))
            .collect()
    }

    /// One expected finding.
    pub fn finding(code: FindingCode, slugs: &[&str]) -> (FindingCode, Vec<String>) {
        (code, slugs.iter().map(|slug| (*slug).to_owned()).collect())
    }

    #[test]
    fn an_event_without_a_programme_has_nothing_wrong() {
        assert_eq!(found(&Sketch::new()), []);
        assert_eq!(check(&Programme::default()), []);
    }
}
