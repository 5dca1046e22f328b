//! Colours of categories, and what can be read on them.

use krilla::color::rgb;

/// What a category without a colour has.
const GREY: (u8, u8, u8) = (64, 64, 64);

/// How light a colour is at most under white letters, of 1.
const DARK_UNDER: f32 = 0.55;

/// The colour `#rrggbb`; grey where there is none.
pub fn of_category(colour: Option<&str>) -> rgb::Color {
    let digits = colour.and_then(|colour| colour.strip_prefix('#')).filter(|digits| digits.len() == 6);
    let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let (red, green, blue) = number.map_or(GREY, |number| {
        let [_, red, green, blue] = number.to_be_bytes();
        (red, green, blue)
    });
    rgb::Color::new(red, green, blue)
}

/// Black or white, whichever is read on the colour.
pub fn on(ground: rgb::Color) -> rgb::Color {
    // Weights of ITU-R BT.601.
    let lightness =
        0.299 * f32::from(ground.red()) + 0.587 * f32::from(ground.green()) + 0.114 * f32::from(ground.blue());
    if lightness / 255.0 < DARK_UNDER { rgb::Color::white() } else { rgb::Color::black() }
}
