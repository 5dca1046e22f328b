//! What a workbook unpacks to, found out before anything of it is kept.
//!
//! Neither the sizes in a zip directory nor the counts inside a workbook can be believed: every entry
//! is unpacked once into nothing, and the count by which the reader of workbooks makes room is
//! looked at first.

use std::io::{BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::fault::FileFault;

/// The most that all entries unpack to, in bytes.
const MOST_UNPACKED: u64 = 128 << 20;

/// The most that a package unpacks to by its own size; the XML of real tables is at most 50 times as large.
const MOST_RATIO: u64 = 200;

/// The most entries of a package.
const MOST_ENTRIES: usize = 2_000;

/// The most texts that cells share, and the most bytes that those unpack to.
const MOST_SHARED: u64 = 2_000_000;
const MOST_SHARED_BYTES: u64 = 48 << 20;

/// Refuses a package that is no zip file, or unpacks to more than a table of people needs.
pub(super) fn check(bytes: &[u8]) -> Result<(), FileFault> {
    let bomb = FileFault::Bomb { most_mebibytes: MOST_UNPACKED >> 20 };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileFault::Damaged)?;
    if archive.len() > MOST_ENTRIES {
        return Err(bomb);
    }
    let most = MOST_UNPACKED.min((bytes.len() as u64).saturating_mul(MOST_RATIO));
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| FileFault::Damaged)?;
        let is_shared = entry.name().map_err(|_| FileFault::Damaged)?.to_lowercase().ends_with("sharedstrings.xml");
        let room = if is_shared { MOST_SHARED_BYTES.min(most - unpacked) } else { most - unpacked };
        let read = std::io::copy(&mut (&mut entry).take(room + 1), &mut std::io::sink());
        let size = read.map_err(|_| FileFault::Damaged)?;
        if size > room {
            return Err(bomb);
        }
        unpacked += size;
        drop(entry);
        if is_shared && !is_modest(archive.by_index(index).map_err(|_| FileFault::Damaged)?)? {
            return Err(bomb);
        }
    }
    Ok(())
}

/// Whether the list of shared texts says a length that it can have.
fn is_modest(entry: impl Read) -> Result<bool, FileFault> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(entry));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| FileFault::Damaged)? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "sst" => {
                let mut attributes = element.attributes();
                for attribute in attributes.with_checks(false) {
                    let attribute = attribute.map_err(|_| FileFault::Damaged)?;
                    if attribute.key.as_ref() == "uniqueCount"
                        && attribute.value.parse().is_ok_and(|count: u128| count > u128::from(MOST_SHARED))
                    {
                        return Ok(false);
                    }
                }
                return Ok(true);
            }
            Event::Eof => return Ok(true),
            _ => {}
        }
    }
}
