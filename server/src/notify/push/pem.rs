//! Keys in files, as providers hand them out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The PKCS#8 document of the first private key in a PEM file.
pub fn read_private_key(file: &str) -> Option<Vec<u8>> {
    let inner = file.split_once("-----BEGIN PRIVATE KEY-----")?.1.split_once("-----END PRIVATE KEY-----")?.0;
    let text: String = inner.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_between_its_marks_and_nothing_else_is_one() {
        let file = "of the team\n-----BEGIN PRIVATE KEY-----\nAQID\nBA==\n-----END PRIVATE KEY-----\n";
        assert_eq!(read_private_key(file), Some(vec![1, 2, 3, 4]));
        assert_eq!(read_private_key("-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----"), None);
        assert_eq!(read_private_key("-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----"), None);
    }
}
