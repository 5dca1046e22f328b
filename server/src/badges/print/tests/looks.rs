//! What people read on badges.

use super::*;
use crate::badges::print::fit::{Bounds, fit};
use crate::badges::print::fonts::Weight;
use crate::badges::print::typeset::Typesetter;

fn bounds(width: f32, height: f32) -> Bounds {
    Bounds { width, height, largest: 34.0, smallest: 8.0 }
}

fn lines(setter: &mut Typesetter<'_>, text: &str, bounds: Bounds) -> (Vec<String>, f32) {
    let block = fit(setter, Weight::Bold, text, bounds);
    let line = |runs: &[crate::badges::print::typeset::Run]| runs.iter().map(|run| run.text.as_str()).collect();
    (block.lines.iter().map(|own| line(&own.runs)).collect(), block.size)
}

#[test]
fn everything_on_a_badge_is_text_that_can_be_found() {
    let text = text_of(&one("Ana Belén Núñez"));
    for part in ["Ana Belén", "Núñez", "Sra.", "República Oriental", "Delegada", "Seguridad Ciudadana"] {
        assert_eq!(text.matches(part).count(), 2, "{part} on both sides");
    }
}

#[test]
fn names_of_every_script_are_set_in_fonts_that_have_them() {
    let names = [
        "Zoë Łukasiewicz-Ørsted",
        "Ελένη Παπαδοπούλου",
        "Наталья Щербакова",
        "王小明",
        "محمد عبد الله",
        "Nguyễn Thị Ánh",
    ];
    let badges: Vec<Face> = names.iter().map(|name| face(name)).collect();
    let printed = printed(&badges, Format::Card, Paper::A4);
    assert!(printed.missing.is_empty(), "{:?}", printed.missing);
    let text = text_of(&printed);
    for name in names {
        for word in name.split([' ', '-']) {
            assert!(text.contains(word), "{word} in {text}");
        }
    }
}

#[test]
fn arabic_runs_from_right_to_left_in_joined_shapes() {
    let fonts = system_fonts();
    let mut setter = Typesetter::new(&fonts);
    let runs = setter.set(Weight::Bold, "محمد Ana");
    let texts: Vec<&str> = runs.iter().map(|run| run.text.trim()).filter(|text| !text.is_empty()).collect();
    assert_eq!(texts, ["Ana", "محمد"], "the first word is at the right");
    let arabic = setter.set(Weight::Bold, "محمد").remove(0);
    let nominal: Vec<_> =
        "محمد".chars().rev().map(|letter| arabic.face.shaper.glyph_index(letter).unwrap().0).collect();
    let shaped: Vec<_> = arabic.glyphs.iter().map(krilla::text::Glyph::glyph_id).map(|id| id.to_u32()).collect();
    assert_eq!(shaped.len(), nominal.len());
    assert!(shaped.iter().zip(&nominal).all(|(shaped, nominal)| *shaped != u32::from(*nominal)), "every letter joins");
}

#[test]
fn a_long_name_breaks_between_words_and_shrinks_no_more_than_it_must() {
    let fonts = Fonts::of_folders(Vec::new());
    let mut setter = Typesetter::new(&fonts);
    assert_eq!(lines(&mut setter, "Ana Núñez", bounds(250.0, 90.0)), (vec!["Ana Núñez".to_owned()], 34.0));
    let (broken, size) = lines(&mut setter, "María Fernanda de los Ángeles Etcheverry Goyeneche", bounds(250.0, 90.0));
    assert_eq!(
        (broken.as_slice(), size),
        (&["María Fernanda de los", "Ángeles Etcheverry", "Goyeneche"].map(str::to_owned)[..], 22.0)
    );
}

#[test]
fn what_fits_in_no_size_is_cut_with_an_ellipsis() {
    let fonts = Fonts::of_folders(Vec::new());
    let mut setter = Typesetter::new(&fonts);
    let (cut, size) = lines(&mut setter, &"W".repeat(200), bounds(100.0, 30.0));
    assert_eq!((cut.len(), size), (3, 8.0));
    assert!(cut.iter().all(|line| line.starts_with("WWW")) && cut[2].ends_with('…'));
}

#[test]
fn chinese_breaks_between_any_two_letters() {
    let fonts = system_fonts();
    let mut setter = Typesetter::new(&fonts);
    let (broken, size) = lines(&mut setter, "中华人民共和国外交部代表团", bounds(120.0, 90.0));
    assert_eq!((broken.concat().as_str(), broken.len() > 1, size > 8.0), ("中华人民共和国外交部代表团", true, true));
}

#[test]
fn what_no_font_has_is_a_box_and_is_told() {
    let nowhere = Fonts::of_folders(Vec::new());
    let badge = print(&nowhere, &frame(), &[face("王 Ana 🎉")], (Format::A6, Paper::Single)).unwrap();
    assert_eq!(badge.missing.into_iter().collect::<String>(), "王🎉");
    assert!(one("Ana\u{200D}\u{FE0F} Núñez").missing.is_empty(), "what shows nothing is not missing");
}

#[test]
fn the_category_has_its_colour_and_letters_that_can_be_read_on_it() {
    let with = |colour: &str| Face { colour: Some(colour.to_owned()), ..face("Ana") };
    let band = |colour: &str| {
        let badge = printed(&[with(colour)], Format::A6, Paper::Single);
        pictures_of(&badge, 60).remove(0).darkness((0.0, 0.91, 0.5, 1.0))
    };
    let (dark, light) = (band("#102040"), band("#ffe080"));
    assert!(dark > 0.8 && dark < 1.0, "light letters on a dark ground: {dark}");
    assert!(light > 0.0 && light < 0.2, "dark letters on a light ground: {light}");
}
