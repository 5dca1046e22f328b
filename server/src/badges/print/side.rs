//! One side of a badge. Both sides of a badge are alike, so that it never hangs the wrong way round.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;

use super::code::Code;
use super::fit::{Block, Bounds, LEADING, fit};
use super::fonts::Weight;
use super::typeset::Typesetter;
use super::{Face, Format, Frame, colour};

/// Space between what is beside one another, as a part of the width.
const GAP: f32 = 0.04;

/// How high a letter stands over the foot of its line, at size 1.
const ASCENT: f32 = 0.94;

/// What a side is drawn with.
pub struct Press<'a, 'f> {
    /// What sets the text.
    pub setter: &'a mut Typesetter<'f>,
    /// What is on every badge.
    pub frame: &'a Frame,
    /// Its logo, read once.
    pub logo: Option<&'a Image>,
    /// The format.
    pub format: Format,
}

/// A text that is set, its colour, and the middle of its top.
struct Placed {
    block: Block,
    colour: rgb::Color,
    top: (f32, f32),
}

/// Draws a side with its left upper corner at the origin.
pub fn draw(surface: &mut Surface<'_>, press: &mut Press<'_, '_>, (face, code): (&Face, &Code)) {
    let (width, height) = press.format.side();
    let (head, foot, code_side) = (height * 0.13, height * 0.1, height * press.format.code_part());
    let ground = colour::of_category(face.colour.as_deref());
    fill_rectangle(surface, ground, (0.0, 0.0, width, head));
    fill_rectangle(surface, ground, (0.0, height - foot, width, foot));
    draw_head(surface, press, (width, head), colour::on(ground));
    let code_top = height - foot - code_side - GAP * width / 2.0;
    draw_person(surface, press, face, (head, code_top));
    fill_rectangle(surface, rgb::Color::white(), ((width - code_side) / 2.0, code_top, code_side, code_side));
    let module = code.module(code_side);
    if let Some(path) = code.path() {
        let place = Transform::from_row(module, 0.0, 0.0, module, (width - code_side) / 2.0, code_top);
        surface.push_transform(&place);
        surface.set_fill(Some(fill(rgb::Color::black())));
        surface.draw_path(&path);
        surface.pop();
    }
    let size = foot * 0.5;
    let bounds = Bounds { width: width * (1.0 - 2.0 * GAP), height: foot * 0.8, largest: size, smallest: size * 0.4 };
    let block = fit(press.setter, Weight::Bold, &face.category, bounds);
    let top = (width / 2.0, height - foot + (foot - block.height()) / 2.0);
    draw_block(surface, &Placed { block, colour: colour::on(ground), top });
}

/// The event's name, with its logo on white where it has one.
fn draw_head(surface: &mut Surface<'_>, press: &mut Press<'_, '_>, (width, head): (f32, f32), letters: rgb::Color) {
    let gap = GAP * width;
    let plate = press.logo.map_or(0.0, |logo| draw_logo(surface, logo, (width, head)));
    let room = width - plate - 2.0 * gap;
    let bounds = Bounds { width: room, height: head * 0.8, largest: head * 0.3, smallest: head * 0.14 };
    let block = fit(press.setter, Weight::Bold, &press.frame.event_title, bounds);
    let top = (plate + gap + room / 2.0, (head - block.height()) / 2.0);
    draw_block(surface, &Placed { block, colour: letters, top });
}

/// Draws the logo on a white plate at the left; the width of the plate.
fn draw_logo(surface: &mut Surface<'_>, logo: &Image, (width, head): (f32, f32)) -> f32 {
    let (columns, rows) = logo.size();
    let (columns, rows) = (columns.max(1) as f32, rows.max(1) as f32);
    let scale = (head * 0.8 / rows).min(width * 0.3 / columns);
    let (logo_width, logo_height) = (columns * scale, rows * scale);
    let plate = logo_width + head * 0.2;
    fill_rectangle(surface, rgb::Color::white(), (0.0, 0.0, plate, head));
    if let Some(size) = Size::from_wh(logo_width, logo_height) {
        surface.push_transform(&Transform::from_translate(head * 0.1, (head - logo_height) / 2.0));
        surface.draw_image(logo.clone(), size);
        surface.pop();
    }
    plate
}

/// Form of address, name and delegation, in the middle between `top` and `bottom`.
fn draw_person(surface: &mut Surface<'_>, press: &mut Press<'_, '_>, face: &Face, (top, bottom): (f32, f32)) {
    let (width, _) = press.format.side();
    let room = bottom - top - GAP * width;
    let large = press.format.name_points();
    let texts = [
        (face.form_of_address.as_deref(), Weight::Regular, 0.2, large * 0.45),
        (Some(face.name.as_str()), Weight::Bold, 0.5, large),
        (face.affiliation.as_deref(), Weight::Regular, 0.3, large * 0.55),
    ];
    let mut blocks = Vec::new();
    for (text, weight, part, largest) in texts {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
        let bounds = Bounds {
            width: width * (1.0 - 2.0 * GAP),
            height: room * part,
            largest,
            smallest: press.format.least_points(),
        };
        blocks.push(fit(press.setter, weight, text, bounds));
    }
    let used: f32 = blocks.iter().map(Block::height).sum();
    let mut y = top + (bottom - top - used) / 2.0;
    for block in blocks {
        let height = block.height();
        draw_block(surface, &Placed { block, colour: rgb::Color::black(), top: (width / 2.0, y) });
        y += height;
    }
}

fn draw_block(surface: &mut Surface<'_>, placed: &Placed) {
    let (middle, top) = placed.top;
    let size = placed.block.size;
    surface.set_fill(Some(fill(placed.colour)));
    for (number, line) in placed.block.lines.iter().enumerate() {
        let mut x = middle - line.width * size / 2.0;
        let y = top + (number as f32 * LEADING + ASCENT) * size;
        for run in &line.runs {
            let start = Point::from_xy(x, y);
            surface.draw_glyphs(start, &run.glyphs, run.face.font.clone(), &run.text, size, false);
            x += run.width * size;
        }
    }
}

/// Fills a rectangle given by left, top, width and height.
pub fn fill_rectangle(surface: &mut Surface<'_>, colour: rgb::Color, (x, y, width, height): (f32, f32, f32, f32)) {
    let Some(rectangle) = Rect::from_xywh(x, y, width, height) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rectangle);
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(colour)));
        surface.draw_path(&path);
    }
}

fn fill(colour: rgb::Color) -> Fill {
    Fill { paint: colour.into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}
