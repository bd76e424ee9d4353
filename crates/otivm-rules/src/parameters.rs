//! Every number that the rules may be played with: id, unit, bounds, default, meaning, source.
//!
//! The table is the only place where such a number is written. A database records at its head the
//! values it was played with, so that it replays alone after the defaults have moved.

mod crowds;
mod leisure;
mod shipping;
mod storage;
mod table;
mod villa;

use crate::time::{At, WorldClock, WorldTime};
pub use table::{ParameterId, TABLE};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub id: ParameterId,
    pub name: &'static str,
    pub unit: &'static str,
    pub least: i64,
    pub most: i64,
    pub default: i64,
    pub meaning: &'static str,
    pub source: &'static str,
}

/// A value for each parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters([i64; ParameterId::COUNT]);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    #[error("there is no parameter {0:?}")]
    Unknown(String),
    #[error("{name} must be {least} to {most}, not {value}")]
    OutOfBounds { name: &'static str, least: i64, most: i64, value: i64 },
}

impl ParameterId {
    pub fn parameter(self) -> &'static Parameter {
        &TABLE[self as usize]
    }

    pub fn from_name(name: &str) -> Result<Self, ParameterError> {
        TABLE
            .iter()
            .find(|parameter| parameter.name == name)
            .map(|parameter| parameter.id)
            .ok_or_else(|| ParameterError::Unknown(name.to_owned()))
    }

    pub fn check(self, value: i64) -> Result<i64, ParameterError> {
        let Parameter { name, least, most, .. } = *self.parameter();
        if (least..=most).contains(&value) {
            Ok(value)
        } else {
            Err(ParameterError::OutOfBounds { name, least, most, value })
        }
    }
}

impl Parameters {
    pub fn get(&self, id: ParameterId) -> i64 {
        self.0[id as usize]
    }

    /// Keeps a value that is within its bounds.
    pub fn set(&mut self, id: ParameterId, value: i64) -> Result<(), ParameterError> {
        self.0[id as usize] = id.check(value)?;
        Ok(())
    }

    pub fn with(mut self, id: ParameterId, value: i64) -> Result<Self, ParameterError> {
        self.set(id, value)?;
        Ok(self)
    }

    pub fn iter(&self) -> impl Iterator<Item = (ParameterId, i64)> {
        TABLE.iter().map(|parameter| (parameter.id, self.get(parameter.id)))
    }

    pub fn clock(&self) -> WorldClock {
        WorldClock {
            origin: WorldTime(self.get(ParameterId::WorldOrigin)),
            start: At(self.get(ParameterId::Start)),
            rate: self.get(ParameterId::Rate),
            window_us: self.get(ParameterId::Window),
        }
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self(TABLE.map(|parameter| parameter.default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Date;

    #[test]
    fn the_table_is_in_order_and_every_default_within_its_bounds() {
        for (index, parameter) in TABLE.iter().enumerate() {
            assert_eq!(parameter.id as usize, index);
            assert_eq!(ParameterId::from_name(parameter.name), Ok(parameter.id));
            assert_eq!(parameter.id.check(parameter.default), Ok(parameter.default));
        }
    }

    #[test]
    fn a_value_out_of_bounds_is_refused_and_leaves_the_old_one() {
        let mut parameters = Parameters::default();
        let refused = parameters.set(ParameterId::Rate, 0);
        assert_eq!(
            refused,
            Err(ParameterError::OutOfBounds {
                name: "rate",
                least: 1,
                most: 1_000_000_000,
                value: 0
            })
        );
        assert_eq!(parameters, Parameters::default());
    }

    #[test]
    fn the_world_begins_on_the_kalends_of_march_of_150() {
        let origin = Parameters::default().clock().origin;
        assert_eq!(Date::of(origin).start(), origin);
        assert_eq!(Date::of(origin).to_string(), "0150-03-01");
    }
}
