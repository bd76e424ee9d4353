//! CoverageJSON (OGC 21-069): a series a place, one cloud of places, or a way a month.

use super::{
    parameter,
    query::{Sampled, Samples},
};
use crate::{
    edr::{Sample, Times},
    quantities::Quantity,
};
use serde_json::{Map, Value, json};

pub(super) fn write(sampled: &Sampled) -> Value {
    let parameters: Map<String, Value> = sampled
        .quantities
        .iter()
        .map(|quantity| (quantity.id.to_owned(), parameter(quantity, "en")))
        .collect();
    let mut coverages: Vec<Value> = match &sampled.samples {
        Samples::Points(samples) => samples.iter().map(|sample| series(sampled, sample)).collect(),
        Samples::Cloud(samples) => vec![cloud(sampled, samples)],
        Samples::Ways(ways) => ways.iter().flat_map(|way| journeys(sampled, way)).collect(),
    };
    if coverages.len() == 1
        && let Some(Value::Object(mut only)) = coverages.pop()
    {
        only.insert("parameters".to_owned(), Value::Object(parameters));
        return Value::Object(only);
    }
    json!({"type": "CoverageCollection", "parameters": parameters, "coverages": coverages})
}

fn coverage(domain: &str, axes: &Value, ranges: &Map<String, Value>) -> Value {
    let place = json!({"coordinates": ["x", "y"], "system":
        {"type": "GeographicCRS", "id": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}});
    let time =
        json!({"coordinates": ["t"], "system": {"type": "TemporalRS", "calendar": "Gregorian"}});
    json!({
        "type": "Coverage",
        "domain": {"type": "Domain", "domainType": domain, "axes": axes, "referencing": [place, time]},
        "ranges": ranges,
    })
}

fn ranges(
    quantities: &[&'static Quantity],
    axes: &[&str],
    shape: &[usize],
    values: impl Fn(&Quantity) -> Vec<Option<f64>>,
) -> Map<String, Value> {
    let range = |quantity: &&'static Quantity| {
        let array = json!({"type": "NdArray", "dataType": "float", "axisNames": axes, "shape": shape,
                           "values": values(quantity)});
        (quantity.id.to_owned(), array)
    };
    quantities.iter().map(range).collect()
}

fn number(quantity: &Quantity, sample: &Sample, month: usize) -> Option<f64> {
    sample.cell.as_ref().and_then(|cell| (quantity.get)(cell, month))
}

fn times(sampled: &Sampled) -> Vec<String> {
    sampled.months.iter().map(|month| Times::label(sampled.year, *month)).collect()
}

fn series(sampled: &Sampled, sample: &Sample) -> Value {
    let at = sample.position;
    let axes = json!({"x": {"values": [at.longitude()]}, "y": {"values": [at.latitude()]},
                      "t": {"values": times(sampled)}});
    let ranges = ranges(&sampled.quantities, &["t"], &[sampled.months.len()], |quantity| {
        sampled.months.iter().map(|month| number(quantity, sample, *month)).collect()
    });
    coverage("PointSeries", &axes, &ranges)
}

fn cloud(sampled: &Sampled, samples: &[Sample]) -> Value {
    let places: Vec<[f64; 2]> = samples
        .iter()
        .map(|sample| [sample.position.longitude(), sample.position.latitude()])
        .collect();
    let axes = json!({"t": {"values": times(sampled)},
                      "composite": {"dataType": "tuple", "coordinates": ["x", "y"], "values": places}});
    let shape = [sampled.months.len(), samples.len()];
    let ranges = ranges(&sampled.quantities, &["t", "composite"], &shape, |quantity| {
        let month = |month: &usize| {
            samples.iter().map(|sample| number(quantity, sample, *month)).collect::<Vec<_>>()
        };
        sampled.months.iter().flat_map(month).collect()
    });
    coverage("MultiPointSeries", &axes, &ranges)
}

/// One a month; one alone where the way says itself when it is where.
fn journeys(sampled: &Sampled, way: &[Sample]) -> Vec<Value> {
    let timed = way.iter().all(|sample| sample.seconds.is_some());
    let months: &[usize] = if timed { &[0] } else { &sampled.months };
    months.iter().map(|month| journey(sampled, way, *month)).collect()
}

fn journey(sampled: &Sampled, way: &[Sample], month: usize) -> Value {
    let when = |sample: &Sample| sample.seconds.and_then(moment);
    let month_of = |sample: &Sample| when(sample).map_or(month, |(month, _)| month);
    let stop = |sample: &Sample| {
        let time = when(sample).map_or_else(|| Times::label(sampled.year, month), |(_, text)| text);
        json!([time, sample.position.longitude(), sample.position.latitude()])
    };
    let stops: Vec<Value> = way.iter().map(stop).collect();
    let axes = json!({"composite": {"dataType": "tuple", "coordinates": ["t", "x", "y"], "values": stops}});
    let ranges = ranges(&sampled.quantities, &["composite"], &[way.len()], |quantity| {
        way.iter().map(|sample| number(quantity, sample, month_of(sample))).collect()
    });
    coverage("Trajectory", &axes, &ranges)
}

/// The month of a Unix time, and the time in words.
pub(super) fn moment(seconds: f64) -> Option<(usize, String)> {
    let time = jiff::Timestamp::from_second(seconds as i64).ok()?;
    let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
    Some((usize::try_from(date.month()).ok()?.checked_sub(1)?, time.to_string()))
}
