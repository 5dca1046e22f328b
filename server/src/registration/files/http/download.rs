//! Sheets as answers that are sent while they are made.

use std::fs::File;
use std::io::{Read, Seek};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use futures_util::stream::try_unfold;
use serde::Deserialize;

use super::super::export::Sheet;
use crate::database::{ReadError, Readers};
use crate::formats::people::{SeparatedWriter, WorkbookWriter};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;

/// How many bytes of a workbook are read at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// What kind of file is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Comma-separated values in UTF-8.
    Csv,
    /// An Office Open XML workbook.
    Xlsx,
}

impl FileFormat {
    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// A sheet as a file: separated values page by page as the database gives them, a workbook once it
/// is written to a file without a name.
pub async fn download<S: Sheet>(
    member: &Member,
    format: FileFormat,
    (name, sheet): (&'static str, S),
) -> Result<HttpResponse, Problem> {
    let mut answer = private(StatusCode::OK);
    let file = format!("attachment; filename=\"{name}.{}\"", format.ending());
    answer.content_type(format.media_type()).insert_header((header::CONTENT_DISPOSITION, file));
    match format {
        FileFormat::Csv => Ok(answer.streaming(Box::pin(separated(member.app.readers.clone(), sheet)))),
        FileFormat::Xlsx => {
            let (readers, folder) = (member.app.readers.clone(), member.app.config.data_folder.clone());
            let written = web::block(move || workbook(&readers, &folder, (name, sheet)));
            let file = written.await.map_err(Problem::unavailable)??;
            Ok(answer.streaming(Box::pin(chunks(file))))
        }
    }
}

fn separated<S: Sheet>(readers: Readers, sheet: S) -> impl futures_util::Stream<Item = Result<Bytes, ReadError>> {
    let mut writer = SeparatedWriter::default();
    writer.put(&sheet.headings());
    try_unfold(Some((readers, sheet, writer)), |state| async {
        let Some((readers, mut sheet, mut writer)) = state else { return Ok(None) };
        let begun = writer.take();
        let (page, sheet) =
            readers.read(move |connection| sheet.next_page(connection).map(|page| (page, sheet))).await?;
        page.iter().for_each(|row| writer.put(row));
        let bytes = Bytes::from([begun, writer.take()].concat());
        let rest = (!page.is_empty()).then_some((readers, sheet, writer));
        Ok((!bytes.is_empty()).then_some((bytes, rest)))
    })
}

fn workbook<S: Sheet>(
    readers: &Readers,
    folder: &std::path::Path,
    (name, mut sheet): (&str, S),
) -> Result<File, Problem> {
    let mut writer = WorkbookWriter::new(folder, name).map_err(Problem::unavailable)?;
    writer.put(&sheet.headings()).map_err(Problem::unavailable)?;
    loop {
        let page = readers.read_blocking(|connection| sheet.next_page(connection))?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            writer.put(row).map_err(Problem::unavailable)?;
        }
    }
    let mut file = tempfile::tempfile_in(folder).map_err(Problem::unavailable)?;
    writer.finish(&mut file).map_err(Problem::unavailable)?;
    file.rewind().map_err(Problem::unavailable)?;
    Ok(file)
}

fn chunks(file: File) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    try_unfold(file, |mut file| async {
        let read = move || {
            let mut bytes = vec![0; CHUNK_BYTES];
            let length = file.read(&mut bytes)?;
            bytes.truncate(length);
            std::io::Result::Ok((bytes, file))
        };
        let (bytes, file) = tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)??;
        Ok((!bytes.is_empty()).then(|| (Bytes::from(bytes), file)))
    })
}
