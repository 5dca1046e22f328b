//! Base45 (RFC 9285): bytes in the 45 characters that a QR code packs closest.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Two bytes as three characters, the lowest digit first; a last single byte as two.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    let mut digits = |mut number: usize, count: usize| {
        for _ in 0..count {
            text.push(ALPHABET[number % 45] as char);
            number /= 45;
        }
    };
    for pair in bytes.chunks(2) {
        match *pair {
            [high, low] => digits(usize::from(high) << 8 | usize::from(low), 3),
            [last] => digits(usize::from(last), 2),
            _ => {}
        }
    }
    text
}

/// The bytes; none where the text is not base45. Every sequence of bytes has one text.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len().div_ceil(3) * 2);
    for group in text.as_bytes().chunks(3) {
        let number = group.iter().rev().try_fold(0, |number, character| Some(number * 45 + digit(*character)?))?;
        match group.len() {
            3 => bytes.extend(u16::try_from(number).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(number).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u32> {
    let digit = match character {
        b'0'..=b'9' => character - b'0',
        b'A'..=b'Z' => character - b'A' + 10,
        _ => u8::try_from(ALPHABET.iter().skip(36).position(|other| *other == character)?).ok()? + 36,
    };
    Some(u32::from(digit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_standard_hold() {
        for (bytes, text) in
            [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0"), ("", "")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn what_no_bytes_would_be_written_as_is_not_read() {
        for text in ["A", "AAAA", "GGW", ":::", "::", "5:6", "aaa", "ab", "A\u{e9}", "\n\n\n"] {
            let read = decode(text);
            assert!(read.as_ref().is_none_or(|bytes| encode(bytes) == text), "{text:?} was read as {read:?}");
        }
        assert_eq!((decode("GGW"), decode("::"), decode("FGW")), (None, None, Some(vec![255, 255])));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn a_text_that_is_read_is_the_only_one_of_its_bytes(text in "[0-9A-Z $%*+./:-]{0,12}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
