//! How bodies are compressed on the wire (RFC 9110, content codings).

use std::io::Write as _;

use bytes::Bytes;

/// How a body is encoded on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// gzip (RFC 1952).
    Gzip,
    /// Brotli (RFC 7932).
    Brotli,
}

/// How hard a body is compressed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effort {
    /// Soon ready.
    Fast,
    /// As small as can be.
    Best,
}

impl Coding {
    /// The best coding that the values of `Accept-Encoding` allow.
    pub fn wanted<'a>(accept_encoding: impl Iterator<Item = &'a str>) -> Self {
        let (mut brotli, mut gzip) = (false, false);
        for item in accept_encoding.flat_map(|value| value.split(',')) {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let is_refused = parts.filter_map(|part| part.strip_prefix("q=")).any(|q| q.parse() == Ok(0.0_f32));
            brotli |= !is_refused && name.eq_ignore_ascii_case("br");
            gzip |= !is_refused && name.eq_ignore_ascii_case("gzip");
        }
        match (brotli, gzip) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Identity,
        }
    }

    /// The word for `Content-Encoding`; none where the body is as it is.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// The body in this coding.
    ///
    /// Writing to memory cannot fail; were it to, the plain bytes would be sent under a wrong
    /// coding, so the empty body is the lesser harm.
    pub fn compress(self, plain: &Bytes, effort: Effort) -> Bytes {
        match self {
            Self::Identity => plain.clone(),
            Self::Gzip => {
                let level = match effort {
                    Effort::Fast => flate2::Compression::fast(),
                    Effort::Best => flate2::Compression::best(),
                };
                let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(plain.len() / 4), level);
                let _ = encoder.write_all(plain);
                encoder.finish().unwrap_or_default().into()
            }
            Self::Brotli => {
                let quality = if effort == Effort::Fast { 3 } else { 11 };
                let parameters = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
                let mut out = Vec::with_capacity(plain.len() / 4);
                let _ = brotli::BrotliCompress(&mut plain.as_ref(), &mut out, &parameters);
                out.into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(header: &str) -> Coding {
        Coding::wanted([header].into_iter())
    }

    #[test]
    fn brotli_is_preferred_and_what_is_refused_is_not_taken() {
        assert_eq!(wanted("gzip, deflate, br"), Coding::Brotli);
        assert_eq!(wanted("GZIP;q=0.5, br;q=0"), Coding::Gzip);
        assert_eq!(wanted("br;q=0.0, gzip; q=0.000"), Coding::Identity);
        assert_eq!(wanted("identity, deflate"), Coding::Identity);
        assert_eq!(Coding::wanted(["deflate", "gzip"].into_iter()), Coding::Gzip);
        assert_eq!(Coding::wanted(std::iter::empty()), Coding::Identity);
    }

    #[test]
    fn more_effort_makes_a_smaller_body() {
        let plain = Bytes::from_static(include_bytes!("../samples/quito-2015.yaml"));
        for coding in [Coding::Gzip, Coding::Brotli] {
            let [fast, best] = [Effort::Fast, Effort::Best].map(|effort| coding.compress(&plain, effort).len());
            assert!(best < fast && fast < plain.len() / 2, "{coding:?}: {best} and {fast} bytes");
        }
        assert_eq!(Coding::Identity.compress(&plain, Effort::Best), plain);
    }
}
