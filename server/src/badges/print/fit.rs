//! Fitting a text into a box: as large as it can be, in lines of about one length.

use unicode_normalization::char::is_combining_mark;

use super::fonts::Weight;
use super::typeset::{Run, Typesetter};

/// The distance of two lines' feet, at size 1.
pub const LEADING: f32 = 1.22;

/// By how much a size is made smaller, in points, until a text fits.
const STEP: f32 = 0.5;

/// How often the width of balanced lines is halved in on.
const BALANCE_STEPS: usize = 8;

/// The box of a text, in points.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bounds {
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
    /// The size that a short text has.
    pub largest: f32,
    /// The smallest size that can be read; what still does not fit is cut.
    pub smallest: f32,
}

/// A line that is set.
pub struct Line {
    /// Its runs, from left to right.
    pub runs: Vec<Run>,
    /// Its width at size 1.
    pub width: f32,
}

/// A text that is set.
pub struct Block {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its size in points.
    pub size: f32,
}

impl Block {
    /// How high it is, in points.
    pub fn height(&self) -> f32 {
        self.lines.len() as f32 * LEADING * self.size
    }
}

/// A text between two places where a line may end.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    width: f32,
    has_space_before: bool,
}

/// Sets a text as large as the box allows.
pub fn fit(setter: &mut Typesetter<'_>, weight: Weight, text: &str, bounds: Bounds) -> Block {
    let space = setter.width(weight, " ");
    let mut pieces = split(setter, weight, text);
    let most_lines = |size: f32| ((bounds.height / (LEADING * size)).floor() as usize).max(1);
    let mut size = bounds.largest.max(bounds.smallest);
    let lines = loop {
        let limit = bounds.width / size;
        let lines = fill(&pieces, space, limit);
        if lines.len() <= most_lines(size) && pieces.iter().all(|piece| piece.width <= limit) {
            break balance(&pieces, space, (limit, lines.len()));
        }
        if size <= bounds.smallest {
            pieces = split_long(setter, weight, pieces, limit);
            break cut(fill(&pieces, space, limit), most_lines(size));
        }
        size = (size - STEP).max(bounds.smallest);
    };
    let set = |line: String| {
        let runs = setter.set(weight, &line);
        let width = runs.iter().map(|run| run.width).sum();
        Line { runs, width }
    };
    Block { lines: lines.into_iter().map(set).collect(), size }
}

fn split(setter: &mut Typesetter<'_>, weight: Weight, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for word in text.split_whitespace() {
        for (number, text) in split_word(word).into_iter().enumerate() {
            let width = setter.width(weight, &text);
            pieces.push(Piece { text, width, has_space_before: number == 0 });
        }
    }
    pieces
}

/// A word may be broken behind a hyphen or slash, and around ideographs.
fn split_word(word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before: Option<char> = None;
    for character in word.chars() {
        let may_break = before.is_some_and(|before| {
            matches!(before, '-' | '/' | '\u{2010}') || is_ideograph(before) || is_ideograph(character)
        });
        if may_break && !is_closing(character) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
        before = Some(character);
    }
    parts
}

/// Whether a line may end on either side of it: Chinese and Japanese letters.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{2FDF}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether no line may begin with it.
fn is_closing(character: char) -> bool {
    is_combining_mark(character)
        || matches!(character, ')' | ',' | '.' | ';' | ':' | '\u{3001}' | '\u{3002}' | '\u{30FB}' | '\u{30FC}'
            | '\u{FF09}' | '\u{FF0C}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}')
}

/// Breaks what is longer than a line, before any letter.
fn split_long(setter: &mut Typesetter<'_>, weight: Weight, pieces: Vec<Piece>, limit: f32) -> Vec<Piece> {
    let mut parts = Vec::new();
    for piece in pieces {
        if piece.width <= limit {
            parts.push(piece);
            continue;
        }
        let mut part = Piece { text: String::new(), width: 0.0, has_space_before: piece.has_space_before };
        for letter in letters(&piece.text) {
            let width = setter.width(weight, &letter);
            if part.width + width > limit && !part.text.is_empty() {
                let next = Piece { text: String::new(), width: 0.0, has_space_before: false };
                parts.push(std::mem::replace(&mut part, next));
            }
            part.text.push_str(&letter);
            part.width += width;
        }
        parts.push(part);
    }
    parts
}

/// The letters of a text with the marks on them.
fn letters(text: &str) -> Vec<String> {
    let mut letters: Vec<String> = Vec::new();
    for character in text.chars() {
        match letters.last_mut() {
            Some(letter) if is_combining_mark(character) => letter.push(character),
            _ => letters.push(character.to_string()),
        }
    }
    letters
}

/// Fills lines of this width one after the other.
fn fill(pieces: &[Piece], space: f32, limit: f32) -> Vec<String> {
    let mut lines: Vec<(String, f32)> = Vec::new();
    for piece in pieces {
        let gap = if piece.has_space_before { space } else { 0.0 };
        match lines.last_mut() {
            Some((line, width)) if *width + gap + piece.width <= limit => {
                if piece.has_space_before {
                    line.push(' ');
                }
                line.push_str(&piece.text);
                *width += gap + piece.width;
            }
            _ => lines.push((piece.text.clone(), piece.width)),
        }
    }
    lines.into_iter().map(|(line, _)| line).collect()
}

/// As many lines, but none longer than needed.
fn balance(pieces: &[Piece], space: f32, (limit, line_count): (f32, usize)) -> Vec<String> {
    let (mut least, mut most) = (pieces.iter().map(|piece| piece.width).fold(0.0, f32::max), limit);
    for _ in 0..BALANCE_STEPS {
        let middle = (least + most) / 2.0;
        if fill(pieces, space, middle).len() <= line_count { most = middle } else { least = middle }
    }
    fill(pieces, space, most)
}

/// The first lines; where there are more, the last one ends in an ellipsis.
fn cut(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.pop();
            last.push('…');
        }
    }
    lines
}
