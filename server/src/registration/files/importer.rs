//! Bringing a file in, in chunks between which others write.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared::programme::Programme;
use thiserror::Error;

use super::chunk::{Chunk, Fate, Setting, There, no_reach};
use super::reach::{Authority, Reach};
use super::report::Report;
use crate::app::App;
use crate::database::{GROUP_STEPS, ReadError};
use crate::formats::people::{CellFault, CellProblem, FileFault, PeopleFile, PersonRow, Reader, read_people};
use crate::refusal::Refusal;
use crate::sync::WriteError;
use crate::sync::change_log::Unit;
use crate::sync::feed::EventCell;

/// What is to be done with a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Only to be told what would become of each row.
    Preview,
    /// Every row is to be written; none is if one has faults.
    AllOrNothing,
    /// What has no faults is to be written.
    SkipFaulty,
}

/// Why a file was not brought in.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It is no table of people.
    #[error("{0}")]
    File(#[from] FileFault),
    /// Some rows have faults, and nothing was written.
    #[error("{} rows have faults; nothing was changed", .0.faulty_count)]
    Faulty(Box<Report>),
    /// Whoever brings it in reaches nobody.
    #[error("{}", .0.detail)]
    Refused(Refusal),
    /// It was not written, or not to its end; the same file again writes the rest.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The database does not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Brings files of people into an event.
pub struct Importer {
    /// What requests use.
    pub app: App,
    /// The event.
    pub cell: Arc<EventCell>,
    /// Who brings them in.
    pub authority: Authority,
    /// The language in which is told what was there before.
    pub language: String,
}

impl Importer {
    /// Brings a file in: its rows in order, in as many groups as need be, between which others write.
    /// A file that was brought in before changes nothing.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; rows with faults unless they may be skipped.
    pub async fn run(&self, programme: Programme, bytes: Bytes, mode: Mode) -> Result<Report, ImportError> {
        let reach = Reach::of(&self.authority.rights()).ok_or_else(|| ImportError::Refused(no_reach()))?;
        let reading = tokio::task::spawn_blocking(move || {
            let names = reach.names(&programme);
            read_people(&bytes, &names).map(|file| (file, names))
        });
        let (file, names) = reading.await.map_err(|_| ReadError::Cancelled)??;
        let PeopleFile { layout, people, faults } = file;
        let preview = Report::new(&layout, true, &faults);
        let (names, layout) = (Arc::new(names), Arc::new(layout));
        let setting = |is_preview| Setting {
            names: Arc::clone(&names),
            layout: Arc::clone(&layout),
            language: self.language.clone(),
            authority: self.authority.clone(),
            is_preview,
        };
        if mode != Mode::SkipFaulty {
            let preview = self.run_rows(preview.clone(), &people, setting(true)).await?;
            match (mode, preview.faulty_count) {
                (Mode::Preview, _) => return Ok(preview),
                (_, 0) => {}
                _ => return Err(ImportError::Faulty(Box::new(preview))),
            }
        }
        self.run_rows(Report { is_preview: false, ..preview }, &people, setting(false)).await
    }

    async fn run_rows(
        &self,
        mut report: Report,
        people: &[PersonRow],
        setting: Setting,
    ) -> Result<Report, ImportError> {
        let setting = Arc::new(setting);
        for rows in people.chunks(GROUP_STEPS) {
            let mut chunk = Chunk { setting: Arc::clone(&setting), rows: rows.to_vec(), there: There::default() };
            let run = move |unit: &mut Unit<'_>, step: usize| chunk.run(unit, step);
            let ended = self.app.writer.steps(self.cell.id, rows.len(), run).await;
            for (row, ended) in rows.iter().zip(ended?) {
                let fate = match ended {
                    Ok(fate) => fate,
                    Err(WriteError::Refused(refusal)) => Fate::Faulty(vec![locate(row, refusal, &setting)]),
                    Err(error) => return Err(error.into()),
                };
                report.add(row, fate, &setting.layout);
            }
        }
        Ok(report.finish())
    }
}

/// The cell that a refusal is about.
fn locate(row: &PersonRow, refusal: Refusal, setting: &Setting) -> CellFault {
    let column = Reader::new(&setting.names, &setting.layout).find_column(&refusal.field);
    let problem = CellProblem::Refused { reason: refusal.code, detail: refusal.detail };
    CellFault { row: row.number, column, problem }
}
