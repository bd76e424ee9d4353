//! The house's own key: what a door answered under an idempotency key is worked out again, and kept nowhere.
//!
//! A new session's secret and a new recovery phrase are drawn from this key, the seat and the caller's
//! idempotency key. So a caller whose answer was lost gets the same one, also after a restart, while the
//! databases hold hashes only, also of the idempotency keys: whoever reads the disk opens nothing.

use super::Token;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{fs, io, path::Path};
use theron_service::{KEY_BYTES, make_key};

const FILE: &str = "doors.key";

/// What is drawn, each apart from every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The session that an enrolment opens.
    Enrol,
    /// The phrase that an enrolment gives.
    FirstPhrase,
    /// The session that the recovery phrase opens.
    Return,
    /// The session that a passkey opens.
    Passkey,
    /// The session that takes the place of another.
    Renew,
    /// A phrase that takes the place of another.
    NewPhrase,
    /// The session that an import opens.
    Import,
    /// The phrase that an import gives.
    ImportPhrase,
}

pub(crate) struct Doorkeeper([u8; KEY_BYTES]);

impl Doorkeeper {
    /// Reads the key below the service's folder; makes it at the first start.
    pub(crate) fn open(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => {
                let length = bytes.len();
                let key = bytes.try_into().map_err(|_wrong| {
                    let path = path.display();
                    let why = format!("{path} has {length} bytes, not {KEY_BYTES}; restore it");
                    io::Error::new(io::ErrorKind::InvalidData, why)
                })?;
                Ok(Self(key))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self(make_key(&path)?)),
            Err(error) => Err(error),
        }
    }

    /// The same for the same purpose, seat and key; nothing can be told from one of another.
    pub(crate) fn draw(&self, purpose: Purpose, token: &Token, key: &str) -> [u8; 24] {
        let name = match purpose {
            Purpose::Enrol => "enrol",
            Purpose::FirstPhrase => "first phrase",
            Purpose::Return => "return",
            Purpose::Passkey => "passkey",
            Purpose::Renew => "renew",
            Purpose::NewPhrase => "new phrase",
            Purpose::Import => "import",
            Purpose::ImportPhrase => "import phrase",
        };
        // As RFC 2104 pads a key that is shorter than a block.
        let mut block = [0; 64];
        block[..KEY_BYTES].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in ["otivm door 1", name, token.as_str(), key] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        let drawn: [u8; 32] = mac.finalize().into_bytes().into();
        std::array::from_fn(|index| drawn[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_the_same_after_a_restart_and_another_for_everything_else() {
        let folder = tempfile::tempdir().unwrap();
        let (token, other) = (Token::random().unwrap(), Token::random().unwrap());
        let first = Doorkeeper::open(folder.path()).unwrap();
        let drawn = first.draw(Purpose::Enrol, &token, "k");
        let again = Doorkeeper::open(folder.path()).unwrap();
        assert_eq!(again.draw(Purpose::Enrol, &token, "k"), drawn);
        assert_ne!(again.draw(Purpose::Return, &token, "k"), drawn);
        assert_ne!(again.draw(Purpose::Enrol, &other, "k"), drawn);
        assert_ne!(again.draw(Purpose::Enrol, &token, "l"), drawn);
        let elsewhere = tempfile::tempdir().unwrap();
        let stranger = Doorkeeper::open(elsewhere.path()).unwrap();
        assert_ne!(stranger.draw(Purpose::Enrol, &token, "k"), drawn);
    }

    #[test]
    fn a_key_that_was_cut_off_is_not_replaced_in_silence() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), [1; 31]).unwrap();
        let refused = Doorkeeper::open(folder.path()).err().unwrap().to_string();
        assert!(refused.ends_with("doors.key has 31 bytes, not 32; restore it"), "{refused}");
    }
}
