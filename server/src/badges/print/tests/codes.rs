//! What a camera reads of badges.

use super::*;
use crate::badges::print::code::Code;

#[test]
fn both_sides_of_a_badge_are_read_back() {
    for format in [Format::A6, Format::Card] {
        let badge = printed(&[face("Ana Belén Núñez")], format, Paper::Single);
        let pages = pictures_of(&badge, 150);
        assert_eq!(pages.iter().map(read_codes).collect::<Vec<_>>(), [vec![TOKEN.to_owned(), TOKEN.to_owned()]]);
    }
}

#[test]
fn a_token_takes_a_code_of_forty_one_modules() {
    let digits = "1234567890".repeat(16);
    for token in [TOKEN, &digits[..153]] {
        assert_eq!((token.len(), Code::of(token).unwrap().width), (153, 41));
    }
    for bad in ["0".repeat(155), "lower case".to_owned()] {
        assert!(Code::of(&bad).is_err(), "{bad}");
    }
}

#[test]
fn a_degraded_picture_of_a_badge_is_read_back() {
    let badge = printed(&[face("Ana Belén Núñez")], Format::Card, Paper::Single);
    let [sharp, small] = [150, 75].map(|dots| pictures_of(&badge, dots).remove(0));
    for (what, picture) in [
        ("scaled down", small.clone()),
        ("turned", sharp.rotated(7.0)),
        ("dimmed", sharp.dimmed(0.25)),
        ("blurred", sharp.blurred(1)),
        ("turned, dimmed and blurred", sharp.rotated(7.0).dimmed(0.4).blurred(1)),
        ("scaled down and dimmed", small.dimmed(0.4)),
    ] {
        assert!(read_codes(&picture).contains(&TOKEN.to_owned()), "{what}");
    }
}

/// Fifty pictures of one side, turned by up to twenty degrees, as dim as a quarter, every other one out of focus: each is
/// what a camera makes of it at first.
#[test]
fn ninety_eight_of_a_hundred_pictures_are_read_at_first() {
    let badge = printed(&[face("Ana Belén Núñez")], Format::Card, Paper::Single);
    let side = pictures_of(&badge, 150).remove(0).left_half();
    let is_read = |number: &u16| {
        let (part, other) = (f32::from(*number) / 49.0, f32::from(number * 7 % 50) / 49.0);
        let picture = side.rotated(40.0 * part - 20.0).dimmed(0.25 + 0.75 * other);
        let seen = if number.is_multiple_of(2) { picture } else { picture.blurred(1) };
        read_codes(&seen) == [TOKEN]
    };
    let read_count = (0..50).filter(is_read).count();
    assert!(read_count >= 49, "{read_count} of 50");
}

#[test]
fn a_sheet_has_every_badge_once_on_as_many_pages_as_needed() {
    let number = |number: usize| format!("{:03}{}", number, &TOKEN[3..]);
    let faces: Vec<Face> = (0..9).map(|n| Face { token: number(n), ..face(&format!("Participante {n}")) }).collect();
    for (format, page_count) in [(Format::A6, 5), (Format::Card, 3)] {
        let pages = pictures_of(&printed(&faces, format, Paper::A4), 150);
        assert_eq!(pages.len(), page_count);
        let mut codes: Vec<String> = pages.iter().flat_map(read_codes).collect();
        codes.sort_unstable();
        // Each is there for both sides.
        let expected: Vec<String> = (0..9).flat_map(|n| [number(n), number(n)]).collect();
        assert_eq!(codes, expected);
    }
}

#[test]
fn a_code_is_drawn_as_one_rectangle_for_each_stretch() {
    let (one, ten) = (one("Ana"), printed(&vec![face("Ana"); 10], Format::A6, Paper::A4));
    let each = (ten.pdf.len() - one.pdf.len()) / 9;
    assert!(each < 8_000, "{each} bytes for a badge with two sides");
}
