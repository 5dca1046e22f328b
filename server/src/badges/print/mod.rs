//! Badges as PDF: one for the printer at a desk, or sheets for the envelopes of a delegation.

mod code;
mod colour;
mod fit;
mod fonts;
mod sheet;
mod side;
#[cfg(test)]
mod tests;
mod typeset;

use std::collections::BTreeSet;

use krilla::Document;
use krilla::image::Image;
use krilla::metadata::Metadata;
use serde::Deserialize;
use thiserror::Error;

pub use fonts::Fonts;

use code::Code;
use sheet::Layout;
use side::Press;
use typeset::Typesetter;

/// A millimetre in points.
const MILLIMETRE: f32 = 72.0 / 25.4;

/// How large a badge is when it is folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// 96 x 134 mm, for holders of A6.
    #[default]
    A6,
    /// 54 x 85.6 mm, as a bank card (ISO/IEC 7810 ID-1).
    Card,
}

impl Format {
    /// Width and height of one side, in points.
    fn side(self) -> (f32, f32) {
        let (width, height) = match self {
            Self::A6 => (96.0, 134.0),
            Self::Card => (54.0, 85.6),
        };
        (width * MILLIMETRE, height * MILLIMETRE)
    }

    /// The side of the code with its quiet zone, as a part of the height: 48 and 33 mm, so that a
    /// module is no smaller than two thirds of a millimetre.
    fn code_part(self) -> f32 {
        match self {
            Self::A6 => 0.36,
            Self::Card => 0.39,
        }
    }

    /// The size of a short name, in points.
    fn name_points(self) -> f32 {
        match self {
            Self::A6 => 34.0,
            Self::Card => 18.0,
        }
    }

    /// The smallest size that is printed, in points.
    fn least_points(self) -> f32 {
        match self {
            Self::A6 => 8.0,
            Self::Card => 5.0,
        }
    }
}

/// What badges are printed on. They are cut out where there are marks, and folded in the middle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// A page for each badge, as large as the badge unfolded.
    Single,
    /// As many as there is room for on A4, with marks.
    #[default]
    A4,
}

/// What is on every badge of an event.
#[derive(Clone, PartialEq, Debug)]
pub struct Frame {
    /// The event's name.
    pub event_title: String,
    /// The event's logo, a PNG file.
    pub logo: Option<Vec<u8>>,
    /// The language of the texts, by BCP 47 tag.
    pub language: String,
}

/// What is on one badge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Face {
    /// The name, as the person wants it.
    pub name: String,
    /// Title or rank before it.
    pub form_of_address: Option<String>,
    /// Delegation, else organisation.
    pub affiliation: Option<String>,
    /// The category's name.
    pub category: String,
    /// Its colour, `#rrggbb`.
    pub colour: Option<String>,
    /// What the code says.
    pub token: String,
}

/// Badges as a PDF.
pub struct Printed {
    /// The document.
    pub pdf: Vec<u8>,
    /// The characters that no font has; boxes stand for them.
    pub missing: BTreeSet<char>,
}

/// Why badges cannot be printed.
#[derive(Debug, Error)]
pub enum PrintError {
    /// A token does not fit into a code.
    #[error("a token does not fit into a code: {0}")]
    Code(#[from] qrcode::types::QrError),
    /// The document cannot be written.
    #[error("the document cannot be written: {0:?}")]
    Document(krilla::error::KrillaError),
    /// The page has no size.
    #[error("the page has no size")]
    Page,
}

/// Prints badges in the order given.
///
/// # Errors
///
/// A token that is too long, or a document that cannot be written.
pub fn print(
    fonts: &Fonts,
    frame: &Frame,
    badges: &[Face],
    (format, paper): (Format, Paper),
) -> Result<Printed, PrintError> {
    let mut document = Document::new();
    let metadata = Metadata::new().title(frame.event_title.clone()).language(frame.language.clone());
    document.set_metadata(metadata);
    let logo = frame.logo.as_ref().and_then(|logo| read_logo(logo));
    let mut setter = Typesetter::new(fonts);
    let layout = Layout::of(format, paper);
    for badges in badges.chunks(layout.places.len().max(1)) {
        let mut page = document.start_page_with(layout.settings().ok_or(PrintError::Page)?);
        let mut press = Press { setter: &mut setter, frame, logo: logo.as_ref(), format };
        let coded = badges.iter().map(|face| Ok((face, Code::of(&face.token)?)));
        let coded = coded.collect::<Result<Vec<_>, PrintError>>()?;
        layout.draw_page(&mut page, &mut press, &coded);
        page.finish();
    }
    let pdf = document.finish().map_err(PrintError::Document)?;
    Ok(Printed { pdf, missing: setter.missing() })
}

/// A logo that cannot be read is left out: a badge without it is better than none.
fn read_logo(logo: &[u8]) -> Option<Image> {
    let image = Image::from_png(logo.to_vec().into(), true);
    image.inspect_err(|error| tracing::warn!(error, "the event's logo cannot be read")).ok()
}
