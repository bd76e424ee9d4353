//! What opens a seat: 256 random bits in the player's cookie, of which we keep only a hash.

use super::{Token, TokenError};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Set apart from every other hash of ours.
const DOMAIN: &[u8] = b"otivm session 1\0";

/// The secret half of a cookie. Never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// `TOKEN.SECRET`
    pub(crate) fn cookie(&self, token: &Token) -> String {
        format!("{token}.{}", hex::encode(self.0))
    }

    pub(crate) fn parse_cookie(text: &str) -> Result<(Token, Self), TokenError> {
        let (token, secret) = text.split_once('.').ok_or(TokenError)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(secret, &mut bytes).map_err(|_not_hex| TokenError)?;
        Ok((token.parse()?, Self(bytes)))
    }

    /// As it stands in the database.
    pub(crate) fn hash(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(DOMAIN);
        digest.update(self.0);
        hex::encode(digest.finalize())
    }

    /// Whether one of the stored hashes is this secret's, in a time that does not tell which.
    pub(crate) fn opens<'a>(&self, hashes: impl IntoIterator<Item = &'a String>) -> bool {
        let own = self.hash();
        let mut found = subtle::Choice::from(0);
        for hash in hashes {
            found |= hash.as_bytes().ct_eq(own.as_bytes());
        }
        found.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_reads_as_it_was_written_and_opens_its_own_hash_alone() {
        let (token, secret) = (Token::random().unwrap(), Secret::random().unwrap());
        let (read_token, read) = Secret::parse_cookie(&secret.cookie(&token)).unwrap();
        assert!(read_token == token && read == secret);
        assert!(secret.opens(&[Secret::random().unwrap().hash(), secret.hash()]));
        assert!(!secret.opens(&[Secret::random().unwrap().hash()]) && !secret.opens(&[]));
        assert!(Secret::parse_cookie("a.b").is_err() && Secret::parse_cookie("").is_err());
    }
}
