//! From the bytes of a text file to its text.
//!
//! UTF-8 is read with its mark and without, UTF-16 with its mark (Excel's "Unicode text"). The
//! encodings of one byte for each character (Windows-1252, Mac Roman, DOS) cannot be told apart, and
//! a wrong guess would misspell names without anybody noticing: they are refused.

use std::borrow::Cow;

use super::fault::FileFault;

/// The text of a file.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileFault> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(FileFault::Encoding { encoding: "UTF-32" }),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes, 0),
    }
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<Cow<'_, str>, FileFault> {
    // Before anything else: UTF-16 without its mark is no UTF-8 either where a name has an accent.
    refuse_nul(bytes)?;
    let fault = |error: std::str::Utf8Error| FileFault::NotUtf8 { at: skipped + error.valid_up_to() + 1 };
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(fault)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, FileFault> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return Err(FileFault::BrokenUtf16) };
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<String, _>>();
    let text = text.map_err(|_| FileFault::BrokenUtf16)?;
    refuse_nul(text.as_bytes())?;
    Ok(Cow::Owned(text))
}

fn refuse_nul(text: &[u8]) -> Result<(), FileFault> {
    let Some(at) = text.iter().position(|byte| *byte == 0) else { return Ok(()) };
    Err(FileFault::Nul { line: text[..at].iter().filter(|byte| **byte == b'\n').count() + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_read_with_its_mark_and_without() {
        assert_eq!(decode("Núñez".as_bytes()).unwrap(), "Núñez");
        assert_eq!(decode(b"\xEF\xBB\xBFAna").unwrap(), "Ana");
    }

    #[test]
    fn utf16_is_read_by_its_mark_in_both_orders() {
        let units: Vec<u16> = "Núñez 🌵".encode_utf16().collect();
        let little: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain(units.iter().flat_map(|unit| unit.to_le_bytes())).collect();
        let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(units.iter().flat_map(|unit| unit.to_be_bytes())).collect();
        assert_eq!(decode(&little).unwrap(), "Núñez 🌵");
        assert_eq!(decode(&big).unwrap(), "Núñez 🌵");
        assert_eq!(decode(&little[..little.len() - 1]), Err(FileFault::BrokenUtf16));
        assert_eq!(decode(&[0xFF, 0xFE, 0x00, 0xD8]), Err(FileFault::BrokenUtf16));
    }

    #[test]
    fn other_encodings_are_named_and_not_guessed() {
        assert_eq!(decode(b"Ana;Nu\xF1ez"), Err(FileFault::NotUtf8 { at: 7 }));
        assert!(FileFault::NotUtf8 { at: 7 }.to_string().contains("Windows-1252"));
        assert_eq!(decode(b"\xFF\xFE\0\0A\0\0\0"), Err(FileFault::Encoding { encoding: "UTF-32" }));
        assert_eq!(decode(b"N\0a\0m\0e\0"), Err(FileFault::Nul { line: 1 }));
        assert_eq!(decode(b"Name\nA\0na"), Err(FileFault::Nul { line: 2 }));
        assert_eq!(decode(b"N\0\xFA\0\xF1\0e\0z\0"), Err(FileFault::Nul { line: 1 }), "an accent is no Windows-1252");
        assert_eq!(decode(b"\xFF\xFEA\0\n\0\0\0"), Err(FileFault::Nul { line: 2 }));
    }
}
