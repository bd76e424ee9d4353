//! The recovery phrase: twelve of 1,024 Latin words, 120 random bits. We keep only its hash.
//!
//! 120 bits cannot be searched, so a plain SHA-256 is as good as a slow hash, and finds the seat.

use sha2::{Digest, Sha256};

const WORDS: &str = include_str!("latin_words.txt");
const WORDS_IN_A_PHRASE: usize = 12;
const DOMAIN: &[u8] = b"otivm recovery 1\0";

/// Longer text is no phrase; the longest words together stay far below.
const TEXT_BYTES_MAX: usize = 512;

pub(crate) struct Phrase(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a recovery phrase is twelve words of the list")]
pub(crate) struct PhraseError;

impl Phrase {
    /// Of bytes that nobody can guess.
    pub(crate) fn of(bytes: [u8; 2 * WORDS_IN_A_PHRASE]) -> Self {
        let words: Vec<&str> = WORDS.lines().collect();
        let chosen: Vec<&str> = bytes
            .chunks_exact(2)
            .map(|pair| words[usize::from(u16::from_be_bytes([pair[0], pair[1]])) % words.len()])
            .collect();
        Self(chosen.join(" "))
    }

    /// Forgives case and spaces.
    pub(crate) fn parse(text: &str) -> Result<Self, PhraseError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(PhraseError);
        }
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let known = words.iter().all(|word| WORDS.lines().any(|line| line == word));
        if words.len() == WORDS_IN_A_PHRASE && known {
            Ok(Self(words.join(" ")))
        } else {
            Err(PhraseError)
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As it stands in the database.
    pub(crate) fn hash(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(DOMAIN);
        digest.update(self.0.as_bytes());
        hex::encode(digest.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_list_has_1024_different_words_so_that_every_draw_is_fair() {
        let words: BTreeSet<&str> = WORDS.lines().collect();
        assert_eq!((words.len(), WORDS.lines().count()), (1024, 1024));
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }

    #[test]
    fn a_phrase_is_known_again_however_it_is_typed() {
        let phrase = Phrase::of(std::array::from_fn(|index| 10 * index as u8));
        let typed = format!("  {} ", phrase.as_str().to_uppercase().replace(' ', "  \n"));
        assert_eq!(Phrase::parse(&typed).map(|p| p.hash()), Ok(phrase.hash()));
        assert!(Phrase::parse("gallia est omnis divisa").is_err());
        assert!(Phrase::parse(&"a ".repeat(10_000)).is_err());
    }
}
