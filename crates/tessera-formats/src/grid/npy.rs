//! The header of a NumPy array: a line of Python that says type, order and shape.

use super::SampleKind;

pub(super) const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// Bytes of the header's text; NumPy itself refuses more than 10,000.
pub(super) const HEADER_BYTES_MAX: usize = 10_000;

/// Stored types that are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Bool,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
}

impl Stored {
    pub(super) const fn size(self) -> usize {
        match self {
            Self::Bool | Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    pub(super) const fn kind(self) -> SampleKind {
        match self {
            Self::Bool | Self::U8 => SampleKind::U8,
            Self::I8 | Self::I16 => SampleKind::I16,
            _ => SampleKind::F32,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) stored: Stored,
    pub(super) big_endian: bool,
    pub(super) shape: Vec<usize>,
}

impl Header {
    /// `text` is what stands after the header's length, `{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let value = |key: &str| -> Result<&str, String> {
            let found = text.split_once(&format!("'{key}':"));
            let (_, rest) = found.ok_or_else(|| format!("its header names no {key}"))?;
            Ok(rest.trim_start())
        };
        let descr = value("descr")?
            .strip_prefix('\'')
            .and_then(|rest| rest.split_once('\''))
            .map(|(descr, _)| descr)
            .ok_or("its values are records, not numbers")?;
        if !value("fortran_order")?.starts_with("False") {
            return Err("it is stored by columns (fortran_order)".to_owned());
        }
        let shape = value("shape")?
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .map(|(shape, _)| shape)
            .ok_or("its header has no shape")?;
        let shape = shape
            .split(',')
            .map(str::trim)
            .filter(|side| !side.is_empty())
            .map(|side| side.parse::<usize>().map_err(|error| format!("shape {side:?}: {error}")))
            .collect::<Result<Vec<_>, _>>()?;
        let (stored, big_endian) = stored(descr)?;
        Ok(Self { stored, big_endian, shape })
    }
}

fn stored(descr: &str) -> Result<(Stored, bool), String> {
    let unknown = || format!("values of the type {descr:?} are no numbers that are read");
    let order = descr.chars().next().ok_or_else(unknown)?;
    let (big_endian, name) = match order {
        '<' | '|' | '=' => (false, descr.get(1..)),
        '>' => (true, descr.get(1..)),
        _ => (false, Some(descr)),
    };
    let stored = match name.ok_or_else(unknown)? {
        "b1" | "?" => Stored::Bool,
        "u1" => Stored::U8,
        "i1" => Stored::I8,
        "u2" => Stored::U16,
        "i2" => Stored::I16,
        "u4" => Stored::U32,
        "i4" => Stored::I32,
        "u8" => Stored::U64,
        "i8" => Stored::I64,
        "f4" => Stored::F32,
        "f8" => Stored::F64,
        _ => return Err(unknown()),
    };
    Ok((stored, big_endian))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_header_says_type_order_and_shape() {
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (180, 360), }   \n";
        assert_eq!(
            Header::parse(text),
            Ok(Header { stored: Stored::F64, big_endian: false, shape: vec![180, 360] })
        );
        assert!(Header::parse("{'descr': '|S38', 'fortran_order': False, 'shape': (), }").is_err());
        assert!(Header::parse("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 1)}").is_err());
    }

    proptest! {
        #[test]
        fn no_header_makes_the_parser_panic(text in "\\PC*|[{}'(), :<>a-z0-9A-F]*") {
            drop(Header::parse(&text));
        }

        #[test]
        fn what_numpy_writes_is_read_back(sides in proptest::collection::vec(0usize..100_000, 1..4)) {
            let list: Vec<String> = sides.iter().map(ToString::to_string).collect();
            let text = format!(
                "{{'descr': '>i2', 'fortran_order': False, 'shape': ({},), }}", list.join(", ")
            );
            let header = Header { stored: Stored::I16, big_endian: true, shape: sides };
            prop_assert_eq!(Header::parse(&text), Ok(header));
        }
    }
}
