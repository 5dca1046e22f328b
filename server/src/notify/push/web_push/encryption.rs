//! Encrypting a message for a browser (RFC 8291, in the coding `aes128gcm` of RFC 8188).

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

/// The bytes of an uncompressed point of P-256.
pub const PUBLIC_KEY_BYTES: usize = 65;

/// The bytes of a subscription's secret.
pub const AUTH_BYTES: usize = 16;

/// The size of a record; a message is one, and push services take no larger one.
const RECORD_BYTES: u32 = 4096;

/// The most bytes of a message: a record less the header, the padding's mark and the tag.
pub const MOST_BYTES: usize = RECORD_BYTES as usize - 16 - 4 - 1 - PUBLIC_KEY_BYTES - 1 - 16;

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// A message, encrypted with a key of its own; none where the browser's key is no point of the curve, or the
/// message is too long.
pub fn encrypt(message: &[u8], (public, auth): (&[u8], &[u8])) -> Option<Vec<u8>> {
    let mut salt = [0; 16];
    aws_lc_rs::rand::fill(&mut salt).ok()?;
    let key = PrivateKey::generate(&ECDH_P256).ok()?;
    encrypt_with(message, (public, auth), (&key, &salt))
}

fn encrypt_with(
    message: &[u8],
    (public, auth): (&[u8], &[u8]),
    (key, salt): (&PrivateKey, &[u8; 16]),
) -> Option<Vec<u8>> {
    if message.len() > MOST_BYTES {
        return None;
    }
    let own = key.compute_public_key().ok()?;
    let info = [b"WebPush: info\0", public, own.as_ref()].concat();
    let theirs = UnparsedPublicKey::new(&ECDH_P256, public);
    let secret = agreement::agree(key, theirs, (), |shared| derive::<32>((auth, shared), &info).ok_or(())).ok()?;
    let content_key: [u8; 16] = derive((salt, &secret), b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = derive((salt, &secret), b"Content-Encoding: nonce\0")?;
    let sealing = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &content_key).ok()?);
    // The mark of the last record.
    let mut sealed = [message, &[2]].concat();
    sealing.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed).ok()?;
    let length = u8::try_from(own.as_ref().len()).ok()?;
    Some([&salt[..], &RECORD_BYTES.to_be_bytes(), &[length], own.as_ref(), &sealed].concat())
}

fn derive<const N: usize>((salt, secret): (&[u8], &[u8]), info: &[u8]) -> Option<[u8; N]> {
    let mut derived = [0; N];
    let key = Salt::new(HKDF_SHA256, salt).extract(secret);
    key.expand(&[info], Length(N)).ok()?.fill(&mut derived).ok()?;
    Some(derived)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_rfc_is_encrypted_as_there() {
        let own =
            PrivateKey::from_private_key(&ECDH_P256, &bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let public = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let (auth, salt) = (bytes("BTBZMqHH6r4Tts7J_aSIgg"), bytes("DGv6ra1nlYgDCS1FRnbzlw"));
        let salt: [u8; 16] = salt.try_into().unwrap();
        let message = b"When I grow up, I want to be a watermelon";
        let sealed = encrypt_with(message, (&public, &auth), (&own, &salt)).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
            AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(sealed), expected.replace(' ', ""));
    }

    #[test]
    fn what_is_no_key_or_too_long_is_not_encrypted() {
        let public = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        assert_eq!(encrypt(b"x", (&[4; PUBLIC_KEY_BYTES], &[0; AUTH_BYTES])), None);
        assert_eq!(encrypt(&[0; MOST_BYTES + 1], (&public, &[0; AUTH_BYTES])), None);
        assert_eq!(encrypt(&[0; MOST_BYTES], (&public, &[0; AUTH_BYTES])).map(|sealed| sealed.len()), Some(4096));
    }
}
