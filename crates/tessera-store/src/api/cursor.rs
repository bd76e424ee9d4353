//! Where a walk over pages stands: its release, its list, and the last key of the page before. Signed, so
//! that only what this store handed out comes back, and a walk never changes its release.

use super::answer::bad_request;
use crate::secret::{Secret, TAG_BYTES};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use std::str::FromStr;
use tessera_world::ReleaseId;
use theron_service::Refusal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) release: ReleaseId,
    /// Which list it walks: `zones`, or a collection.
    pub(crate) list: String,
    pub(crate) after: String,
}

pub(crate) fn not_valid(what: &str) -> Refusal {
    bad_request("cursor_not_valid", format!("{what}; start the walk again without a cursor"))
}

impl Cursor {
    pub(crate) fn read(text: &str, secret: &Secret) -> Result<Self, Refusal> {
        let not_ours = || not_valid("the cursor is not one that this store made");
        let raw = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_code| not_ours())?;
        let (tag, message) = raw.split_at_checked(TAG_BYTES).ok_or_else(not_ours)?;
        if !secret.signed(message, tag) {
            return Err(not_ours());
        }
        let words = std::str::from_utf8(message).map_err(|_code| not_ours())?;
        let (release, rest) = words.split_once(' ').ok_or_else(not_ours)?;
        let (list, after) = rest.split_once(' ').ok_or_else(not_ours)?;
        let release = release.parse().map_err(|_code| not_ours())?;
        Ok(Self { release, list: list.to_owned(), after: after.to_owned() })
    }

    pub(crate) fn write(&self, secret: &Secret) -> String {
        let message = format!("{} {} {}", self.release, self.list, self.after);
        let mut raw = secret.tag(message.as_bytes()).to_vec();
        raw.extend(message.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(raw)
    }

    /// The key that the walk over a list goes on after.
    pub(crate) fn key<K: FromStr>(&self, list: &str) -> Result<K, Refusal> {
        let other = || not_valid("the cursor belongs to another list");
        if self.list != list {
            return Err(other());
        }
        self.after.parse().map_err(|_code| other())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_as_it_was_written_and_nothing_else_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::open(&folder.path().join("cursor.key")).unwrap();
        let release: ReleaseId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let after = "ostia tiberina".to_owned();
        let cursor = Cursor { release, list: "places".to_owned(), after };
        let text = cursor.write(&secret);
        assert_eq!(Cursor::read(&text, &secret), Ok(cursor.clone()));
        assert_eq!(cursor.key::<String>("places"), Ok("ostia tiberina".to_owned()));
        assert!(cursor.key::<String>("roads").is_err());
        let raw = BASE64_URL_SAFE_NO_PAD.decode(&text).unwrap();
        for at in 0..raw.len() {
            let mut tampered = raw.clone();
            tampered[at] ^= 1;
            let tampered = BASE64_URL_SAFE_NO_PAD.encode(tampered);
            let refusal = Cursor::read(&tampered, &secret).unwrap_err();
            assert_eq!(refusal.0.code, "cursor_not_valid", "byte {at}");
        }
        for wrong in ["", "b3N0aWE", "****", "MDEyMw"] {
            assert!(Cursor::read(wrong, &secret).is_err(), "{wrong}");
        }
    }
}
