//! Values as a file stores them, and as a caller wants them.

/// How a raster's values are stored, of the three ways they are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleKind {
    /// Classes and flags.
    U8,
    /// Whole metres and the like.
    I16,
    /// Everything else; wider integers are brought to it.
    F32,
}

/// A run of values of one kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Samples {
    U8(Vec<u8>),
    I16(Vec<i16>),
    F32(Vec<f32>),
}

impl Samples {
    pub(crate) const fn empty(kind: SampleKind) -> Self {
        match kind {
            SampleKind::U8 => Self::U8(Vec::new()),
            SampleKind::I16 => Self::I16(Vec::new()),
            SampleKind::F32 => Self::F32(Vec::new()),
        }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            Self::U8(values) => values.clear(),
            Self::I16(values) => values.clear(),
            Self::F32(values) => values.clear(),
        }
    }

    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::I16(values) => values.len(),
            Self::F32(values) => values.len(),
        }
    }

    /// A part of other values of the same kind.
    pub(crate) fn append(&mut self, other: &Self, range: std::ops::Range<usize>) {
        match (self, other) {
            (Self::U8(into), Self::U8(from)) => into.extend_from_slice(&from[range]),
            (Self::I16(into), Self::I16(from)) => into.extend_from_slice(&from[range]),
            (Self::F32(into), Self::F32(from)) => into.extend_from_slice(&from[range]),
            _ => debug_assert!(false, "one source, one kind"),
        }
    }

    /// One value of other values of the same kind; `None` writes what stands for nothing.
    pub(crate) fn push_from(&mut self, other: &Self, index: usize) {
        self.append(other, index..index + 1);
    }
}

/// From stored values to measured ones.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decode {
    /// Stored values that stand for "unknown".
    pub(crate) nodata: Vec<f64>,
    pub(crate) scale: f64,
    pub(crate) offset: f64,
}

impl Decode {
    pub(crate) const PLAIN: Self = Self { nodata: Vec::new(), scale: 1.0, offset: 0.0 };

    fn value(&self, stored: f64) -> f32 {
        if self.nodata.contains(&stored) {
            return f32::NAN;
        }
        self.scale.mul_add(stored, self.offset) as f32
    }

    /// All 256 answers, so that a byte costs one look-up.
    pub(crate) fn bytes(&self) -> [f32; 256] {
        std::array::from_fn(|stored| self.value(stored as f64))
    }

    fn shorts(&self, from: &[i16], into: &mut [f32]) {
        let nodata: Vec<i16> = self
            .nodata
            .iter()
            .filter(|value| value.fract() == 0.0 && (-32768.0..=32767.0).contains(*value))
            .map(|&value| value as i16)
            .collect();
        let (scale, offset) = (self.scale as f32, self.offset as f32);
        for (value, &stored) in into.iter_mut().zip(from) {
            let measured = scale.mul_add(f32::from(stored), offset);
            *value = if nodata.contains(&stored) { f32::NAN } else { measured };
        }
    }

    fn floats(&self, from: &[f32], into: &mut [f32]) {
        let nodata: Vec<f32> = self.nodata.iter().map(|&value| value as f32).collect();
        let (scale, offset) = (self.scale as f32, self.offset as f32);
        let plain = (self.scale.to_bits(), self.offset.to_bits()) == (1.0_f64.to_bits(), 0);
        for (value, &stored) in into.iter_mut().zip(from) {
            let known = stored.is_finite() && !nodata.contains(&stored);
            let measured = if plain { stored } else { stored * scale + offset };
            *value = if known { measured } else { f32::NAN };
        }
    }

    pub(crate) fn floats_of(
        &self,
        bytes: &[f32; 256],
        from: &Samples,
        at: std::ops::Range<usize>,
        into: &mut [f32],
    ) {
        match from {
            Samples::U8(values) => {
                for (value, &stored) in into.iter_mut().zip(&values[at]) {
                    *value = bytes[usize::from(stored)];
                }
            }
            Samples::I16(values) => self.shorts(&values[at], into),
            Samples::F32(values) => self.floats(&values[at], into),
        }
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for i16 {}
    impl Sealed for f32 {}
}

/// A type values are handed out in: `f32` measured (scaled, NaN where unknown), from any file; `u8` and `i16`
/// as stored, from files that store them.
pub trait Sample: sealed::Sealed + Copy + Default + Send + 'static {
    /// Whether a raster of that kind can be read so.
    fn reads(kind: SampleKind) -> bool;
    #[doc(hidden)]
    fn copy(from: &Stored<'_>, at: std::ops::Range<usize>, into: &mut [Self]);
}

/// Stored values together with what makes them measured ones.
#[doc(hidden)]
#[derive(Debug)]
pub struct Stored<'a> {
    pub(crate) samples: &'a Samples,
    pub(crate) decode: &'a Decode,
    pub(crate) bytes: &'a [f32; 256],
}

impl Sample for f32 {
    fn reads(_any: SampleKind) -> bool {
        true
    }

    fn copy(from: &Stored<'_>, at: std::ops::Range<usize>, into: &mut [Self]) {
        from.decode.floats_of(from.bytes, from.samples, at, into);
    }
}

impl Sample for u8 {
    fn reads(kind: SampleKind) -> bool {
        kind == SampleKind::U8
    }

    fn copy(from: &Stored<'_>, at: std::ops::Range<usize>, into: &mut [Self]) {
        if let Samples::U8(values) = from.samples {
            into.copy_from_slice(&values[at]);
        }
    }
}

impl Sample for i16 {
    fn reads(kind: SampleKind) -> bool {
        kind == SampleKind::I16
    }

    fn copy(from: &Stored<'_>, at: std::ops::Range<usize>, into: &mut [Self]) {
        if let Samples::I16(values) = from.samples {
            into.copy_from_slice(&values[at]);
        }
    }
}
