//! Chance: a seed that the server draws once a command, from which everything else follows.

use sha2::{Digest, Sha256};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    pub seed: [u8; 16],
}

impl Chance {
    /// A number in `0..bound` for a named question; the same question has the same answer.
    pub fn draw(&self, question: &str, bound: u64) -> u64 {
        let mut digest = Sha256::new();
        digest.update(self.seed);
        digest.update(question.as_bytes());
        let bytes = <[u8; 32]>::from(digest.finalize());
        let mut head = [0; 16];
        head.copy_from_slice(&bytes[..16]);
        // 128 bits over a 64-bit bound: the bias is below 2^-64.
        let drawn = u128::from_be_bytes(head) % u128::from(bound.max(1));
        u64::try_from(drawn).unwrap_or(0)
    }

    pub fn to_hex(self) -> String {
        hex::encode(self.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_one_answer_and_another_question_another() {
        let chance = Chance { seed: [7; 16] };
        assert_eq!(chance.draw("pace", 1_000_000), chance.draw("pace", 1_000_000));
        assert_ne!(chance.draw("pace", 1_000_000), chance.draw("storm", 1_000_000));
        assert!((0..100).all(|question| chance.draw(&question.to_string(), 6) < 6));
        assert_eq!(chance.draw("pace", 0), 0);
    }
}
