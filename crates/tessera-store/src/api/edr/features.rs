//! EDR GeoJSON: a point a place, with what was found there in its properties.

use super::{
    super::{
        answer::{GEOJSON, JSON},
        landing::link,
    },
    covjson::moment,
    query::{Sampled, Samples},
};
use crate::edr::{Sample, Times};
use serde_json::{Map, Value, json};

/// `own` is the address that was asked, `endpoint` the collection's.
pub(super) fn write(sampled: &Sampled, own: &str, endpoint: &str) -> Value {
    let samples: Vec<&Sample> = match &sampled.samples {
        Samples::Points(samples) | Samples::Cloud(samples) => samples.iter().collect(),
        Samples::Ways(ways) => ways.iter().flatten().collect(),
    };
    let parameters: Map<String, Value> = sampled
        .quantities
        .iter()
        .map(|quantity| (quantity.id.to_owned(), super::parameter(quantity, "label")))
        .collect();
    let features: Vec<Value> = samples
        .iter()
        .enumerate()
        .map(|(index, sample)| feature(sampled, sample, index, endpoint))
        .collect();
    let links = [
        link("self", GEOJSON, own.to_owned(), "These samples"),
        link("collection", JSON, endpoint.to_owned(), "The collection"),
    ];
    json!({"type": "FeatureCollection", "parameters": parameters, "links": links,
           "numberReturned": features.len(), "features": features})
}

fn feature(sampled: &Sampled, sample: &Sample, index: usize, endpoint: &str) -> Value {
    let said = sample.seconds.and_then(moment);
    let months = match &said {
        Some((month, _)) => vec![*month],
        None => sampled.months.clone(),
    };
    let label = |month: Option<&usize>| {
        month.map(|month| Times::label(sampled.year, *month)).unwrap_or_default()
    };
    let datetime = match (&said, months.as_slice()) {
        (Some((_, text)), _) => text.clone(),
        (None, [only]) => label(Some(only)),
        (None, many) => format!("{}/{}", label(many.first()), label(many.last())),
    };
    let ids: Vec<&str> = sampled.quantities.iter().map(|quantity| quantity.id).collect();
    let mut properties: Map<String, Value> = Map::new();
    for quantity in &sampled.quantities {
        let number =
            |month: &usize| sample.cell.as_ref().and_then(|cell| (quantity.get)(cell, *month));
        let value = match months.as_slice() {
            many if quantity.monthly && many.len() > 1 => {
                json!(many.iter().map(number).collect::<Vec<_>>())
            }
            months => json!(months.first().and_then(number)),
        };
        properties.insert(quantity.id.to_owned(), value);
    }
    let more = [
        ("datetime", json!(datetime)),
        ("label", json!(sample.zone.to_string())),
        ("edrqueryendpoint", json!(endpoint)),
        ("parameter-name", json!(ids)),
    ];
    properties.extend(more.map(|(name, value)| (name.to_owned(), value)));
    let at = sample.position;
    json!({"type": "Feature", "id": format!("{}-{index}", sample.zone),
           "geometry": {"type": "Point", "coordinates": [at.longitude(), at.latitude()]},
           "properties": properties})
}
