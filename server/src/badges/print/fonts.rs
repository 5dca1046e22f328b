//! The fonts of badges: two that the program carries, and those of folders for what these do not have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use krilla::text::Font;
use parking_lot::Mutex;
use rustybuzz::ttf_parser::{self, Face as Tables};

/// Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian (server/fonts).
const REGULAR: &[u8] = include_bytes!("../../../fonts/DejaVuSansCondensed.ttf");

/// The same, bold.
const BOLD: &[u8] = include_bytes!("../../../fonts/DejaVuSansCondensed-Bold.ttf");

/// Where systems usually have their fonts.
const SYSTEM_FOLDERS: [&str; 5] =
    ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:\\Windows\\Fonts"];

/// The largest file that is taken for a font.
const FILE_MAX_BYTES: u64 = 64 << 20;

/// How deep folders are looked into.
const FOLDER_DEPTH: usize = 4;

/// How heavy letters are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// As running text.
    Regular,
    /// As a name.
    Bold,
}

/// A font that can be set in.
pub struct Typeface {
    /// As documents embed it.
    pub font: Font,
    /// As text is shaped with it.
    pub shaper: rustybuzz::Face<'static>,
}

impl Typeface {
    fn read(data: &'static [u8], index: u32) -> Option<Self> {
        let font = Font::new(data.into(), index)?;
        Some(Self { font, shaper: rustybuzz::Face::from_slice(data, index)? })
    }

    /// Whether the font has a glyph for the character.
    pub fn has(&self, character: char) -> bool {
        self.shaper.glyph_index(character).is_some()
    }
}

/// A font of a folder, and the characters that it has.
struct Listed {
    path: PathBuf,
    index: u32,
    ranges: Vec<(u32, u32)>,
}

impl Listed {
    fn has(&self, character: char) -> bool {
        let code = u32::from(character);
        let at = self.ranges.partition_point(|(_, last)| *last < code);
        self.ranges.get(at).is_some_and(|(first, _)| *first <= code)
    }
}

/// All fonts, looked up by character.
pub struct Fonts {
    folders: Vec<PathBuf>,
    carried: Vec<(Weight, Arc<Typeface>)>,
    listed: OnceLock<Vec<Listed>>,
    loaded: Mutex<BTreeMap<usize, Option<Arc<Typeface>>>>,
}

impl Fonts {
    /// The fonts that the program carries; for what these do not have, those of `folder` and then the
    /// system's. Folders are read when a character first asks for it.
    pub fn new(folder: &Path) -> Self {
        let system = SYSTEM_FOLDERS.into_iter().map(PathBuf::from);
        Self::of_folders(std::iter::once(folder.to_owned()).chain(system).collect())
    }

    /// The fonts that the program carries, and those of these folders alone.
    pub fn of_folders(folders: Vec<PathBuf>) -> Self {
        let carried = [(Weight::Regular, REGULAR), (Weight::Bold, BOLD)];
        let read = |(weight, data)| Some((weight, Arc::new(Typeface::read(data, 0)?)));
        let carried = carried.into_iter().filter_map(read).collect();
        Self { folders, carried, listed: OnceLock::new(), loaded: Mutex::default() }
    }

    /// The font to set a character in; none where no font has it.
    pub fn find(&self, weight: Weight, character: char) -> Option<Arc<Typeface>> {
        let carried = self.carried.iter().find(|(own, face)| *own == weight && face.has(character));
        if let Some((_, face)) = carried {
            return Some(Arc::clone(face));
        }
        let listed = self.listed.get_or_init(|| list_fonts(&self.folders)).iter().enumerate();
        listed.filter(|(_, font)| font.has(character)).find_map(|(number, font)| self.load(number, font))
    }

    /// The font that shows a box for what no font has.
    pub fn fallback(&self, weight: Weight) -> Option<Arc<Typeface>> {
        self.carried.iter().find(|(own, _)| *own == weight).map(|(_, face)| Arc::clone(face))
    }

    fn load(&self, number: usize, listed: &Listed) -> Option<Arc<Typeface>> {
        let read = || {
            // A font that was needed once is needed again: it stays as long as the process.
            let data: &'static [u8] = Vec::leak(std::fs::read(&listed.path).ok()?);
            Typeface::read(data, listed.index).map(Arc::new)
        };
        self.loaded.lock().entry(number).or_insert_with(read).clone()
    }
}

/// The fonts of folders, in the order of the folders and then of their paths.
fn list_fonts(folders: &[PathBuf]) -> Vec<Listed> {
    let mut found = Vec::new();
    for folder in folders {
        let mut files = Vec::new();
        list_files(folder, FOLDER_DEPTH, &mut files);
        files.sort_unstable();
        found.extend(files.iter().flat_map(|path| read_listed(path)));
    }
    tracing::info!(font_count = found.len(), "fonts of folders were listed for badges");
    found
}

fn list_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        if path.is_dir() {
            if depth > 0 {
                list_files(&path, depth - 1, files);
            }
        } else if matches!(extension.as_deref(), Some("ttf" | "otf" | "ttc" | "otc")) {
            files.push(path);
        }
    }
}

/// The upright outline fonts of a file.
fn read_listed(path: &Path) -> Vec<Listed> {
    let is_small = std::fs::metadata(path).is_ok_and(|about| about.len() <= FILE_MAX_BYTES);
    let Some(data) = is_small.then(|| std::fs::read(path).ok()).flatten() else { return Vec::new() };
    let read = |index: u32| {
        let tables = Tables::parse(&data, index).ok()?;
        let has_outlines = tables.tables().glyf.is_some() || tables.tables().cff.is_some();
        let is_upright = !tables.is_italic() && !tables.is_oblique();
        let ranges = ranges_of(&tables);
        (has_outlines && is_upright && !ranges.is_empty()).then(|| Listed { path: path.to_owned(), index, ranges })
    };
    (0..ttf_parser::fonts_in_collection(&data).unwrap_or(1)).filter_map(read).collect()
}

/// The characters that a font maps to a glyph, as ranges in order.
fn ranges_of(tables: &Tables<'_>) -> Vec<(u32, u32)> {
    let mut codes = Vec::new();
    let subtables = tables.tables().cmap.iter().flat_map(|cmap| cmap.subtables);
    for subtable in subtables.filter(ttf_parser::cmap::Subtable::is_unicode) {
        subtable.codepoints(|code| {
            if subtable.glyph_index(code).is_some_and(|glyph| glyph.0 != 0) {
                codes.push(code);
            }
        });
    }
    codes.sort_unstable();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in codes {
        match ranges.last_mut() {
            Some((_, last)) if code <= *last + 1 => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    ranges
}
