//! Badges on paper: one on a page of its own, or several on an A4 page with marks to cut and fold by.

use krilla::color::rgb;
use krilla::geom::{Rect, Transform};
use krilla::page::{Page, PageSettings};
use krilla::surface::Surface;

use super::code::Code;
use super::side::{Press, draw, fill_rectangle};
use super::{Face, Format, MILLIMETRE, Paper};

/// The least space between two badges on a page, and around them.
const GAP: f32 = 8.0 * MILLIMETRE;

/// How long a mark is, how far from the badge, and how thick.
const MARK: (f32, f32, f32) = (4.0 * MILLIMETRE, 1.5 * MILLIMETRE, 0.5);

/// A4, in points.
const A4: (f32, f32) = (210.0 * MILLIMETRE, 297.0 * MILLIMETRE);

/// Where badges lie on a page.
pub struct Layout {
    /// The page's width and height.
    pub page: (f32, f32),
    /// The left upper corners of the badges on it.
    pub places: Vec<(f32, f32)>,
    has_marks: bool,
}

impl Layout {
    /// The layout for badges of a format on a paper: as many as there is room for, turning the page
    /// where more fit so.
    pub fn of(format: Format, paper: Paper) -> Self {
        let spread = spread_of(format);
        match paper {
            Paper::Single => Self { page: spread, places: vec![(0.0, 0.0)], has_marks: false },
            Paper::A4 => {
                let upright = places_on(A4, spread);
                let turned = places_on((A4.1, A4.0), spread);
                let is_turned = turned.len() > upright.len();
                let (page, places) = if is_turned { ((A4.1, A4.0), turned) } else { (A4, upright) };
                Self { page, places, has_marks: true }
            }
        }
    }

    /// An empty page of this layout.
    pub fn settings(&self) -> Option<PageSettings> {
        let (width, height) = self.page;
        PageSettings::from_wh(width, height).map(|page| page.with_media_box(Rect::from_xywh(0.0, 0.0, width, height)))
    }

    /// Draws a page of badges.
    pub fn draw_page(&self, page: &mut Page<'_>, press: &mut Press<'_, '_>, badges: &[(&Face, Code)]) {
        let mut surface = page.surface();
        for ((face, code), place) in badges.iter().zip(&self.places) {
            draw_badge(&mut surface, press, (face, code), *place);
            if self.has_marks {
                draw_marks(&mut surface, press.format, *place);
            }
        }
        surface.finish();
    }
}

/// A badge unfolded: two sides beside one another.
fn spread_of(format: Format) -> (f32, f32) {
    let (width, height) = format.side();
    (2.0 * width, height)
}

fn places_on((width, height): (f32, f32), (badge_width, badge_height): (f32, f32)) -> Vec<(f32, f32)> {
    let count = |room: f32, badge: f32| ((room - GAP) / (badge + GAP)).floor() as usize;
    let starts = |room: f32, badge: f32| -> Vec<f32> {
        let count = count(room, badge);
        let gap = (room - count as f32 * badge) / (count + 1) as f32;
        (0..count).map(|number| gap + number as f32 * (badge + gap)).collect()
    };
    let columns = starts(width, badge_width);
    let rows = starts(height, badge_height);
    rows.iter().flat_map(|y| columns.iter().map(|x| (*x, *y))).collect()
}

fn draw_badge(
    surface: &mut Surface<'_>,
    press: &mut Press<'_, '_>,
    (face, code): (&Face, &Code),
    (left, top): (f32, f32),
) {
    let (width, _) = press.format.side();
    for x in [left, left + width] {
        surface.push_transform(&Transform::from_translate(x, top));
        draw(surface, press, (face, code));
        surface.pop();
    }
}

/// Marks at the four corners to cut by, and above and below the middle to fold by.
fn draw_marks(surface: &mut Surface<'_>, format: Format, (left, top): (f32, f32)) {
    let (width, height) = spread_of(format);
    let (right, bottom) = (left + width, top + height);
    let (length, distance, thickness) = MARK;
    let half = thickness / 2.0;
    let mut marks = Vec::new();
    for y in [top, bottom] {
        marks.push((left - distance - length, y - half, length, thickness));
        marks.push((right + distance, y - half, length, thickness));
    }
    for (x, part) in [(left, 1.0), (left + width / 2.0, 0.5), (right, 1.0)] {
        marks.push((x - half, top - distance - length * part, thickness, length * part));
        marks.push((x - half, bottom + distance, thickness, length * part));
    }
    for mark in marks {
        fill_rectangle(surface, rgb::Color::black(), mark);
    }
}
