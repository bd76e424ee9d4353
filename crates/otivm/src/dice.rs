//! Chance as an argument: the server draws a seed a command here, tests say which.

use otivm_rules::Chance;

pub trait Dice: Send + Sync + 'static {
    /// What a command's chances follow from: sealed in the moment that it decides, so that no replay needs dice.
    fn draw(&self) -> Result<Chance, getrandom::Error>;
}

/// The machine's chance.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDice;

impl Dice for SystemDice {
    fn draw(&self) -> Result<Chance, getrandom::Error> {
        let mut seed = [0; 16];
        getrandom::fill(&mut seed)?;
        Ok(Chance { seed })
    }
}
