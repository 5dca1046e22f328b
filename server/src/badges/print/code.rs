//! The code of a badge as one path, with its quiet zone.

use krilla::geom::{Path, PathBuilder, Rect};
use qrcode::bits::Bits;
use qrcode::types::{Color, QrError};
use qrcode::{EcLevel, QrCode, Version};

/// Light modules around a code (ISO/IEC 18004).
const QUIET_MODULES: usize = 4;

/// The smallest version that holds a token: 41 modules to a side.
const VERSION: i16 = 6;

/// The characters of the alphanumeric mode (ISO/IEC 18004, table 5).
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// A code to be drawn.
pub struct Code {
    /// How many modules it has to a side, without the quiet zone.
    pub width: usize,
    dark: Vec<bool>,
}

impl Code {
    /// The code of a token, at level M in version 6. It is one stretch of the alphanumeric mode: what
    /// chooses modes for itself sets digits apart, and then needs a larger code for some tokens.
    ///
    /// # Errors
    ///
    /// The token is too long, or of other characters.
    pub fn of(token: &str) -> Result<Self, QrError> {
        // The library takes whatever it is given, and makes another text of it.
        if !token.bytes().all(|byte| ALPHANUMERIC.contains(&byte)) {
            return Err(QrError::InvalidCharacter);
        }
        let mut bits = Bits::new(Version::Normal(VERSION));
        bits.push_alphanumeric_data(token.as_bytes())?;
        bits.push_terminator(EcLevel::M)?;
        let code = QrCode::with_bits(bits, EcLevel::M)?;
        let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
        Ok(Self { width: code.width(), dark })
    }

    /// The size of a module where the code has this side, quiet zone included.
    pub fn module(&self, side: f32) -> f32 {
        side / (self.width + 2 * QUIET_MODULES) as f32
    }

    /// Its dark modules where a module has the size 1 and the quiet zone begins at the origin. Modules
    /// side by side are one rectangle with whole numbers: as they are drawn, they would take many times
    /// as much.
    pub fn path(&self) -> Option<Path> {
        let at = |modules: usize| (modules + QUIET_MODULES) as f32;
        let mut path = PathBuilder::new();
        for (row, dark) in self.dark.chunks(self.width).enumerate() {
            let mut from = 0;
            for stretch in dark.chunk_by(|one, other| one == other) {
                let to = from + stretch.len();
                if stretch[0] {
                    path.push_rect(Rect::from_xywh(at(from), at(row), (to - from) as f32, 1.0)?);
                }
                from = to;
            }
        }
        path.finish()
    }
}
