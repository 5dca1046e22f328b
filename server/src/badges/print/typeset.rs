//! Setting a line of text: direction, fonts and shapes of its letters.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;

use super::fonts::{Fonts, Typeface, Weight};

/// A stretch of a line in one font and direction, ready to be drawn.
pub struct Run {
    /// Its font.
    pub face: Arc<Typeface>,
    /// What it says.
    pub text: String,
    /// Its glyphs from left to right.
    pub glyphs: Vec<KrillaGlyph>,
    /// Its width at size 1.
    pub width: f32,
}

/// Sets text, and remembers which characters no font has.
pub struct Typesetter<'a> {
    fonts: &'a Fonts,
    missing: BTreeSet<char>,
}

impl<'a> Typesetter<'a> {
    /// A typesetter with these fonts.
    pub fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, missing: BTreeSet::new() }
    }

    /// The characters that no font had so far: a box stands for each.
    pub fn missing(self) -> BTreeSet<char> {
        self.missing
    }

    /// The runs of a line, from left to right.
    pub fn set(&mut self, weight: Weight, line: &str) -> Vec<Run> {
        let bidi = BidiInfo::new(line, None);
        let mut runs = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for range in ranges {
                let is_right_to_left = levels.get(range.start).is_some_and(|level| level.is_rtl());
                let mut pieces = self.split_by_font(weight, line, range);
                if is_right_to_left {
                    pieces.reverse();
                }
                runs.extend(pieces.into_iter().map(|(face, piece)| shape(face, &line[piece], is_right_to_left)));
            }
        }
        runs
    }

    /// The width of a text at size 1.
    pub fn width(&mut self, weight: Weight, text: &str) -> f32 {
        self.set(weight, text).iter().map(|run| run.width).sum()
    }

    /// A range of the line as pieces of one font each, in the order of reading.
    fn split_by_font(&mut self, weight: Weight, line: &str, range: Range<usize>) -> Vec<(Arc<Typeface>, Range<usize>)> {
        let mut pieces: Vec<(Arc<Typeface>, Range<usize>)> = Vec::new();
        for (at, character) in line[range.clone()].char_indices() {
            let (from, to) = (range.start + at, range.start + at + character.len_utf8());
            // What shows nothing, and spaces, stay with what is before them.
            if let Some((face, piece)) = pieces.last_mut()
                && (is_invisible(character) || (character == ' ' && face.has(character)))
            {
                piece.end = to;
                continue;
            }
            let found = self.fonts.find(weight, character);
            if found.is_none() && !is_invisible(character) {
                self.missing.insert(character);
            }
            let Some(face) = found.or_else(|| self.fonts.fallback(weight)) else { continue };
            match pieces.last_mut() {
                Some((last, piece)) if Arc::ptr_eq(last, &face) => piece.end = to,
                _ => pieces.push((face, from..to)),
            }
        }
        pieces
    }
}

/// Whether a character shows nothing by itself: joiners, marks of direction, selectors of variants.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}' | '\u{AD}' | '\u{61C}' | '\u{34F}')
}

fn shape(face: Arc<Typeface>, text: &str, is_right_to_left: bool) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if is_right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
    let shaped = rustybuzz::shape(&face.shaper, &[], buffer);
    let clusters: BTreeSet<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    let end_of = |start: usize| clusters.range(start + 1..).next().copied().unwrap_or(text.len());
    let unit = face.font.units_per_em();
    let glyphs: Vec<KrillaGlyph> = shaped
        .glyph_infos()
        .iter()
        .zip(shaped.glyph_positions())
        .map(|(info, position)| {
            let start = info.cluster as usize;
            let scaled = |value: i32| value as f32 / unit;
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                scaled(position.x_advance),
                scaled(position.x_offset),
                scaled(position.y_offset),
                scaled(position.y_advance),
                start..end_of(start),
                None,
            )
        })
        .collect();
    let width = shaped.glyph_positions().iter().map(|position| position.x_advance as f32 / unit).sum();
    Run { face, text: text.to_owned(), glyphs, width }
}
