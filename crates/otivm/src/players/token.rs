//! The name of a seat and of its database: 128 random bits as 26 of `a-z2-7` (RFC 4648, lower case).

use std::{fmt, str::FromStr};

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Token(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token is 26 of a-z and 2-7")]
pub(crate) struct TokenError;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl Token {
    const LENGTH: usize = 26;

    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self::of(bytes))
    }

    pub(crate) fn of(bytes: [u8; 16]) -> Self {
        // 26 x 5 = 130: two zero bits stand at the end.
        let value = u128::from_be_bytes(bytes);
        let digit = |index: usize| {
            let shift = 123_i32 - 5 * index as i32;
            let five = if shift >= 0 { value >> shift } else { value << -shift };
            char::from(ALPHABET[(five & 31) as usize])
        };
        Self((0..Self::LENGTH).map(digit).collect())
    }

    /// The random bits behind the name.
    pub(crate) fn bytes(&self) -> [u8; 16] {
        let digit = |letter: u8| ALPHABET.iter().position(|known| *known == letter).unwrap_or(0);
        let (all_but_last, last) = self.0.as_bytes().split_at(Self::LENGTH - 1);
        let value =
            all_but_last.iter().fold(0, |value, letter| value << 5 | digit(*letter) as u128);
        // Two zero bits stand at the end.
        (value << 3 | digit(last[0]) as u128 >> 2).to_be_bytes()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Token {
    type Err = TokenError;
    fn from_str(text: &str) -> Result<Self, TokenError> {
        let valid = text.len() == Self::LENGTH && text.bytes().all(|b| ALPHABET.contains(&b));
        if valid { Ok(Self(text.to_owned())) } else { Err(TokenError) }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_base32_of_its_bytes() {
        // RFC 4648, section 10: base32("foobar") is MZXW6YTBOI.
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(b"foobar");
        assert_eq!(Token::of(bytes).as_str(), "mzxw6ytboiaaaaaaaaaaaaaaaa");
        assert_eq!(Token::of([255; 16]).as_str(), "77777777777777777777777774");
        for bytes in [bytes, [255; 16], std::array::from_fn(|index| 17 * index as u8)] {
            assert_eq!(Token::of(bytes).bytes(), bytes);
        }
    }

    #[test]
    fn what_could_leave_the_folder_is_no_token() {
        for text in
            ["", "../../../etc/passwd", "MZXW6YTBOIAAAAAAAAAAAAAAAA", "mzxw6ytboiaaaaaaaaaaaaaaa1"]
        {
            assert_eq!(text.parse::<Token>(), Err(TokenError), "{text}");
        }
    }
}
