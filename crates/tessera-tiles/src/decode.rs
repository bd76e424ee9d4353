//! A reader of vector tiles for the tests, written from the format's text and sharing nothing with the
//! writer: protocol buffer fields by hand, geometry commands by hand.

use std::{collections::BTreeMap, io::Read};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Feature {
    /// 1 points, 2 lines, 3 rings.
    pub(super) kind: u64,
    pub(super) attributes: BTreeMap<String, String>,
    /// Lines and rings as drawn; every point of a point feature is a part of its own.
    pub(super) parts: Vec<Vec<(i64, i64)>>,
}

pub(super) type Layers = BTreeMap<String, Vec<Feature>>;

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return value;
        }
    }
    panic!("a varint of more than ten bytes");
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)),
            2 => {
                let length = varint(&mut bytes) as usize;
                let (head, rest) = bytes.split_at(length);
                bytes = rest;
                Field::Bytes(head)
            }
            other => panic!("wire type {other}"),
        };
        fields.push((key >> 3, field));
    }
    fields
}

fn packed(mut bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes));
    }
    numbers
}

/// The layers of a tile as it lies in the release.
pub(super) fn layers(gzipped: &[u8]) -> Layers {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(gzipped).read_to_end(&mut bytes).unwrap();
    fields(&bytes)
        .into_iter()
        .map(|field| match field {
            (3, Field::Bytes(layer)) => read_layer(layer),
            (number, _) => panic!("field {number} in a tile"),
        })
        .collect()
}

fn read_layer(bytes: &[u8]) -> (String, Vec<Feature>) {
    let (mut name, mut keys, mut values, mut raw) =
        (String::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut version, mut extent) = (0, 0);
    for field in fields(bytes) {
        match field {
            (1, Field::Bytes(text)) => name = String::from_utf8(text.to_vec()).unwrap(),
            (2, Field::Bytes(feature)) => raw.push(feature),
            (3, Field::Bytes(key)) => keys.push(String::from_utf8(key.to_vec()).unwrap()),
            (4, Field::Bytes(value)) => values.push(read_value(value)),
            (5, Field::Number(number)) => extent = number,
            (15, Field::Number(number)) => version = number,
            (number, _) => panic!("field {number} in a layer"),
        }
    }
    assert_eq!((version, extent), (2, 4096));
    (name, raw.into_iter().map(|feature| read_feature(feature, &keys, &values)).collect())
}

fn read_value(bytes: &[u8]) -> String {
    match fields(bytes).as_slice() {
        [(1, Field::Bytes(text))] => String::from_utf8(text.to_vec()).unwrap(),
        [(4 | 5, Field::Number(number))] => number.to_string(),
        _ => panic!("a value that is neither text nor whole number"),
    }
}

fn read_feature(bytes: &[u8], keys: &[String], values: &[String]) -> Feature {
    let mut feature = Feature { kind: 0, attributes: BTreeMap::new(), parts: Vec::new() };
    for field in fields(bytes) {
        match field {
            (2, Field::Bytes(tags)) => {
                for pair in packed(tags).chunks_exact(2) {
                    let (key, value) = (&keys[pair[0] as usize], &values[pair[1] as usize]);
                    feature.attributes.insert(key.clone(), value.clone());
                }
            }
            (3, Field::Number(kind)) => feature.kind = kind,
            (4, Field::Bytes(geometry)) => feature.parts = read_geometry(&packed(geometry)),
            (number, _) => panic!("field {number} in a feature"),
        }
    }
    feature
}

fn read_geometry(codes: &[u64]) -> Vec<Vec<(i64, i64)>> {
    let mut codes = codes.iter().copied();
    let mut parts: Vec<Vec<(i64, i64)>> = Vec::new();
    let (mut x, mut y) = (0, 0);
    let mut closed = true;
    while let Some(command) = codes.next() {
        for _ in 0..command >> 3 {
            match command & 7 {
                7 => {
                    closed = true;
                    continue;
                }
                1 => parts.push(Vec::new()),
                2 => assert!(
                    !closed || parts.last().unwrap().len() == 1,
                    "a line that begins nowhere"
                ),
                other => panic!("command {other}"),
            }
            closed = command & 7 == 1;
            let mut delta = || {
                let raw = codes.next().unwrap();
                (raw >> 1).cast_signed() ^ -(raw & 1).cast_signed()
            };
            x += delta();
            y += delta();
            parts.last_mut().unwrap().push((x, y));
        }
    }
    parts
}
