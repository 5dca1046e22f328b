//! Grey pictures, and what happens to them between a printer or screen and a camera.

/// A grey picture.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub grey: Vec<u8>,
}

impl Picture {
    /// Reads pictures in binary PGM, one after the other.
    pub fn read_all(mut bytes: &[u8]) -> Vec<Self> {
        let mut pictures = Vec::new();
        while !bytes.is_empty() {
            let mut fields = [0; 3];
            assert!(bytes.starts_with(b"P5"));
            bytes = &bytes[2..];
            for field in &mut fields {
                let start = bytes.iter().position(u8::is_ascii_digit).unwrap();
                let end = start + bytes[start..].iter().position(|byte| !byte.is_ascii_digit()).unwrap();
                *field = std::str::from_utf8(&bytes[start..end]).unwrap().parse().unwrap();
                bytes = &bytes[end..];
            }
            let [width, height, _] = fields;
            let (grey, rest) = bytes[1..].split_at(width * height);
            pictures.push(Self { width, height, grey: grey.to_vec() });
            bytes = rest;
        }
        pictures
    }

    pub fn to_pgm(&self) -> Vec<u8> {
        let mut bytes = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        bytes.extend(&self.grey);
        bytes
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let pixel = |x: f32, y: f32| {
            let inside = x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height;
            if inside { f32::from(self.grey[y as usize * self.width + x as usize]) } else { 255.0 }
        };
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let above = pixel(left, top) * (1.0 - across) + pixel(left + 1.0, top) * across;
        let below = pixel(left, top + 1.0) * (1.0 - across) + pixel(left + 1.0, top + 1.0) * across;
        above * (1.0 - down) + below * down
    }

    fn map(&self, value: impl Fn(f32, f32) -> f32) -> Self {
        let places = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x as f32, y as f32)));
        let grey = places.map(|(x, y)| value(x, y).round().clamp(0.0, 255.0) as u8).collect();
        Self { grey, ..self.clone() }
    }

    /// What is left of its middle.
    pub fn left_half(&self) -> Self {
        let width = self.width / 2;
        let rows = self.grey.chunks(self.width).flat_map(|row| row[..width].iter().copied());
        Self { width, height: self.height, grey: rows.collect() }
    }

    /// Turned about its middle.
    pub fn rotated(&self, degrees: f32) -> Self {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let (middle_x, middle_y) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        self.map(|x, y| {
            let (x, y) = (x - middle_x, y - middle_y);
            self.at(middle_x + x * cosine + y * sine, middle_y + y * cosine - x * sine)
        })
    }

    /// With a part of its contrast, as a dark screen in a dark room.
    pub fn dimmed(&self, part: f32) -> Self {
        self.map(|x, y| 20.0 + self.at(x, y) * part)
    }

    /// Each pixel the mean of those around it, `reach` to every side.
    pub fn blurred(&self, reach: i32) -> Self {
        let count = ((2 * reach + 1) * (2 * reach + 1)) as f32;
        self.map(|x, y| {
            let around = (-reach..=reach).flat_map(|down| (-reach..=reach).map(move |across| (across, down)));
            around.map(|(across, down)| self.at(x + across as f32, y + down as f32)).sum::<f32>() / count
        })
    }

    /// The part of pixels in a rectangle, given in parts of the picture, that are darker than half.
    pub fn darkness(&self, (left, top, right, bottom): (f32, f32, f32, f32)) -> f32 {
        let rows = (top * self.height as f32) as usize..(bottom * self.height as f32) as usize;
        let columns = (left * self.width as f32) as usize..(right * self.width as f32) as usize;
        let pixels = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
        let dark: Vec<bool> = pixels.map(|(x, y)| self.grey[y * self.width + x] < 128).collect();
        dark.iter().filter(|is_dark| **is_dark).count() as f32 / dark.len() as f32
    }
}
