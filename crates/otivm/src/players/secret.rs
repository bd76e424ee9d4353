//! What opens a seat: 192 random bits and the moment since when they do, of which we keep only a hash.
//!
//! The moment is part of the secret and so of its hash: nobody can make a session younger than it is, and
//! the life need not remember when it was opened.

use super::{Token, TokenError};
use otivm_rules::At;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Set apart from every other hash of ours.
const DOMAIN: &[u8] = b"otivm session 1\0";

const DAY_US: i64 = 86_400_000_000;
/// A session ends so long after it was opened: a player may be away for a season, a stolen cookie not for ever.
pub(crate) const SESSION_US: i64 = 180 * DAY_US;
/// A session that is older should be renewed; who plays every week never meets the end of one.
pub(crate) const RENEW_AFTER_US: i64 = 7 * DAY_US;

/// The secret half of a cookie. Never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// Opened at a moment, of bytes that nobody can guess.
    pub(crate) fn of(opened_at: At, chance: [u8; 24]) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&opened_at.0.to_be_bytes());
        bytes[8..].copy_from_slice(&chance);
        Self(bytes)
    }

    pub(crate) fn opened_at(&self) -> At {
        At(i64::from_be_bytes(std::array::from_fn(|index| self.0[index])))
    }

    pub(crate) fn ends_at(&self) -> At {
        At(self.opened_at().0.saturating_add(SESSION_US))
    }

    /// A clock that went back ends nothing.
    pub(crate) fn is_over(&self, now: At) -> bool {
        now >= self.ends_at()
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

    fn secret(chance: u8) -> Secret {
        Secret::of(At(1_790_000_000_000_000), [chance; 24])
    }

    #[test]
    fn a_session_ends_180_days_after_it_was_opened_whatever_the_clock_did_meanwhile() {
        let secret = secret(1);
        let after = |days: i64| At(1_790_000_000_000_000 + days * DAY_US);
        assert!(!secret.is_over(after(179)) && secret.is_over(after(180)));
        assert!(!secret.is_over(after(-3650)) && !secret.is_over(At(i64::MIN)));
        let ancient = Secret([0xff; 32]);
        assert!(ancient.is_over(after(0)), "a secret that holds no such moment opens nothing");
    }

    #[test]
    fn a_cookie_reads_as_it_was_written_and_opens_its_own_hash_alone() {
        let (token, secret) = (Token::random().unwrap(), secret(1));
        let (read_token, read) = Secret::parse_cookie(&secret.cookie(&token)).unwrap();
        assert!(read_token == token && read == secret);
        assert!(secret.opens(&[self::secret(2).hash(), secret.hash()]));
        assert!(!secret.opens(&[self::secret(2).hash()]) && !secret.opens(&[]));
        assert!(Secret::parse_cookie("a.b").is_err() && Secret::parse_cookie("").is_err());
    }
}
