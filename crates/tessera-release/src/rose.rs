//! A wind rose as the file keeps it: 18 numbers of 16 bits a month, little-endian.

use tessera_world::RoseMonth;

/// Eight shares, eight speeds, calms, gales.
const NUMBERS: usize = 18;
const MONTH_BYTES: usize = 2 * NUMBERS;
pub(crate) const BYTES: usize = 12 * MONTH_BYTES;

pub(crate) fn to_bytes(months: &[RoseMonth; 12]) -> Vec<u8> {
    let numbers = months.iter().flat_map(|month| {
        let (shares, speeds) = (month.shares_permille.into_iter(), month.speeds_dm_s.into_iter());
        shares.chain(speeds).chain([month.calm_permille, month.gale_permille])
    });
    numbers.flat_map(u16::to_le_bytes).collect()
}

pub(crate) fn from_bytes(bytes: &[u8]) -> Option<[RoseMonth; 12]> {
    if bytes.len() != BYTES {
        return None;
    }
    let number = |index: usize| {
        let at = 2 * index;
        u16::from_le_bytes([bytes[at], bytes[at + 1]])
    };
    Some(std::array::from_fn(|month| {
        let first = month * NUMBERS;
        RoseMonth {
            shares_permille: std::array::from_fn(|k| number(first + k)),
            speeds_dm_s: std::array::from_fn(|k| number(first + 8 + k)),
            calm_permille: number(first + 16),
            gale_permille: number(first + 17),
        }
    }))
}
