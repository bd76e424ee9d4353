//! The `.shp` part: shapes as bytes, each record by its own length.
//!
//! Written here because a header that lies about its number of points must not decide how much memory is
//! taken: all counts are held against the bytes of their record before anything is allocated.

/// What a record holds: parts of points, as the file's type says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Null,
    Point((f64, f64)),
    Points(Vec<(f64, f64)>),
    Lines(Vec<Vec<(f64, f64)>>),
    Rings(Vec<Vec<(f64, f64)>>),
}

pub(super) const HEADER_BYTES: usize = 100;
const MAGIC: [u8; 4] = 9994_u32.to_be_bytes();

/// The type all shapes of a file have; `Err` with a sentence where it is no shapefile or of a type not read.
pub(super) fn header(bytes: &[u8]) -> Result<u32, String> {
    let header: &[u8] = bytes.get(..HEADER_BYTES).ok_or("its header is cut")?;
    if !header.starts_with(&MAGIC) {
        return Err("it does not begin like a shapefile".to_owned());
    }
    let kind = le_u32(header, 32).unwrap_or(u32::MAX);
    match kind {
        0 | 1 | 3 | 5 | 8 | 11 | 13 | 15 | 18 | 21 | 23 | 25 | 28 => Ok(kind),
        other => Err(format!("its shapes are of the type {other}, which is not read")),
    }
}

/// A record's contents and the bytes after it.
type Split<'b> = (&'b [u8], &'b [u8]);

/// Contents of the record at the front and what follows it; `None` at the end, `Err` where it is cut.
pub(super) fn next(bytes: &[u8]) -> Result<Option<Split<'_>>, String> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let words = be_u32(bytes, 4).ok_or("a record's head is cut")?;
    let length = (words as usize).saturating_mul(2);
    let content = bytes.get(8..).unwrap_or_default();
    match content.split_at_checked(length) {
        Some((content, rest)) => Ok(Some((content, rest))),
        None => Err(format!("a record says {length} bytes and {} are left", content.len())),
    }
}

/// The shape in a record's contents.
pub(super) fn shape(content: &[u8]) -> Result<Shape, String> {
    let kind = le_u32(content, 0).ok_or("it has no type")?;
    match kind {
        0 => Ok(Shape::Null),
        1 | 11 | 21 => Ok(Shape::Point(points(content, 4, 1)?[0])),
        8 | 18 | 28 => {
            let count = le_u32(content, 36).ok_or("its number of points is missing")?;
            Ok(Shape::Points(points(content, 40, count as usize)?))
        }
        3 | 13 | 23 => Ok(Shape::Lines(parts(content)?)),
        5 | 15 | 25 => Ok(Shape::Rings(parts(content)?)),
        other => Err(format!("the type {other} is not read")),
    }
}

fn parts(content: &[u8]) -> Result<Vec<Vec<(f64, f64)>>, String> {
    let parts = le_u32(content, 36).ok_or("its number of parts is missing")? as usize;
    let count = le_u32(content, 40).ok_or("its number of points is missing")? as usize;
    let starts = content
        .get(44..44_usize.saturating_add(parts.saturating_mul(4)))
        .ok_or_else(|| format!("{parts} parts do not fit into its {} bytes", content.len()))?;
    let all = points(content, 44 + parts * 4, count)?;
    let starts: Vec<usize> =
        starts.as_chunks::<4>().0.iter().map(|&start| u32::from_le_bytes(start) as usize).collect();
    let mut out = Vec::with_capacity(parts);
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(count);
        let part = all
            .get(start..end)
            .ok_or_else(|| format!("part {start} to {end} is not within its {count} points"))?;
        out.push(part.to_vec());
    }
    Ok(out)
}

fn points(content: &[u8], from: usize, count: usize) -> Result<Vec<(f64, f64)>, String> {
    let bytes = content
        .get(from..from.saturating_add(count.saturating_mul(16)))
        .ok_or_else(|| format!("{count} points do not fit into its {} bytes", content.len()))?;
    let (pairs, _) = bytes.as_chunks::<16>();
    Ok(pairs
        .iter()
        .map(|pair| {
            let (x, y) = pair.split_at(8);
            (number(x), number(y))
        })
        .collect())
}

fn number(bytes: &[u8]) -> f64 {
    bytes.first_chunk::<8>().map_or(f64::NAN, |&bytes| f64::from_le_bytes(bytes))
}

fn le_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|&bytes| u32::from_le_bytes(bytes))
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|&bytes| u32::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(kind in 0u32..32, rest in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut content = kind.to_le_bytes().to_vec();
            content.extend(rest);
            drop(shape(&content));
            drop(next(&content));
            drop(header(&content));
        }

        #[test]
        fn lines_are_read_back(lines in proptest::collection::vec(
            proptest::collection::vec((-180.0..180.0f64, -90.0..90.0f64), 0..9), 0..5)
        ) {
            let mut content = 3_u32.to_le_bytes().to_vec();
            content.extend([0; 32]);
            let count: usize = lines.iter().map(Vec::len).sum();
            content.extend((lines.len() as u32).to_le_bytes());
            content.extend((count as u32).to_le_bytes());
            let mut start = 0_u32;
            for line in &lines {
                content.extend(start.to_le_bytes());
                start += line.len() as u32;
            }
            for (x, y) in lines.iter().flatten() {
                content.extend(x.to_le_bytes());
                content.extend(y.to_le_bytes());
            }
            prop_assert_eq!(shape(&content), Ok(Shape::Lines(lines)));
        }
    }
}
