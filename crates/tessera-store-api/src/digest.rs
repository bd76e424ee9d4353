//! `Content-Digest` (RFC 9530): the SHA-256 that an upload promises.

use base64::{Engine, prelude::BASE64_STANDARD};

/// The header's value for a SHA-256 in hexadecimal; `None` when it is none.
pub fn content_digest(sha256: &str) -> Option<String> {
    let raw = hex::decode(sha256).ok().filter(|raw| raw.len() == 32)?;
    Some(format!("sha-256=:{}:", BASE64_STANDARD.encode(raw)))
}

/// The SHA-256 of a header's value, lower-case hexadecimal; `None` when it names none.
pub fn sha256_of_content_digest(value: &str) -> Option<String> {
    let member = value.split(',').find_map(|part| part.trim().strip_prefix("sha-256=:"))?;
    let raw = BASE64_STANDARD.decode(member.strip_suffix(':')?).ok()?;
    (raw.len() == 32).then(|| hex::encode(raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of no bytes at all.
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_digest_reads_as_it_was_written() {
        let value = content_digest(EMPTY).unwrap();
        assert_eq!(value, "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
        assert_eq!(sha256_of_content_digest(&value).as_deref(), Some(EMPTY));
        assert_eq!(
            sha256_of_content_digest(&format!("sha-512=:x:, {value}")).as_deref(),
            Some(EMPTY)
        );
    }

    #[test]
    fn what_is_no_digest_is_none() {
        assert_eq!(content_digest("0123"), None);
        assert_eq!(sha256_of_content_digest("sha-256=:AAAA:"), None);
        assert_eq!(sha256_of_content_digest("md5=:AAAA:"), None);
    }
}
