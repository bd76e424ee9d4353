//! Sampling of the world along shapes and through the months of a year. Knows no HTTP.

mod sample;
mod times;
mod wkt;

pub(crate) use sample::{POINTS_MAX, Sample, SampleError, Sampling};
pub(crate) use times::Times;
pub(crate) use wkt::{Shape, Vertex};
