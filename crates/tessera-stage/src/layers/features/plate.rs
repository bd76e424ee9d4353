//! Boundaries of plates: lines between two plates, under the publisher's name for the pair.
//!
//! The name is a pair with a mark between, `EU/AF`, `NZ\SA`, `AF-AN`: the mark says which plate goes under the other,
//! so the name stays as it is written, where that of a road with a stroke in it has two forms.

use super::{Item, LeftOut, Setting, Taken, shape};
use geo_types::Geometry;
use tessera_world::Feature;

pub const METHOD: &str = "The publisher's line, in WGS 84, under his name for the two plates; the boundaries are those \
     of today, which in historical times have moved by some hundred metres at most.";

const COLLECTION: &str = "plate_boundaries";

/// Roles as of a shape; `class` is what happens along the line, where the publisher says it.
pub fn features<'a>(items: impl IntoIterator<Item = Item<'a>>, setting: Setting<'_>) -> Taken {
    Taken::of(items, |item| feature(item, setting))
}

fn feature(item: &Item<'_>, setting: Setting<'_>) -> Result<Feature, LeftOut> {
    if !matches!(item.geometry, Some(Geometry::LineString(_) | Geometry::MultiLineString(_))) {
        return Err((item.row, "feature_geometry", "it is no line".to_owned()));
    }
    let mut feature = shape::feature(COLLECTION, item, setting)?;
    if let Some(pair) = setting.fields.text(item, "name") {
        feature.title = pair;
    }
    Ok(feature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::{mediterranean, row};
    use crate::layers::features::{Fields, Gazetteer};
    use geo_types::LineString;
    use serde_json::json;
    use tessera_world::ProvenanceId;

    /// The rectangle around the second meets the world, its line does not.
    #[test]
    fn a_boundary_that_goes_round_the_world_is_left_out() {
        let across: Geometry<f64> = LineString::from(vec![(40.0, 10.0), (60.0, 30.0)]).into();
        let around: Geometry<f64> = LineString::from(vec![(40.0, 10.0), (70.0, 30.0)]).into();
        let map = row(json!({"Name": "AR/IN"}));
        let item = |row, geometry| Item { row, id: None, geometry: Some(geometry), fields: &map };
        let fields = Fields::new(&[("namespace", "=pb2002"), ("name", "Name")]);
        let setting = Setting {
            fields: &fields,
            world: mediterranean(),
            gazetteer: &Gazetteer::default(),
            provenance: ProvenanceId(1),
        };
        let taken = features([item(1, &across), item(2, &around)], setting);
        assert_eq!(taken.features.len(), 1);
        let outside = (2, "feature_outside", "it lies outside the world's box".to_owned());
        assert_eq!(taken.left_out, [outside]);
    }

    #[test]
    fn a_boundary_keeps_the_mark_between_its_plates_and_is_a_line() {
        let line: Geometry<f64> = LineString::from(vec![(21.0, 36.0), (25.0, 34.0)]).into();
        let point: Geometry<f64> = Geometry::Point((21.0, 36.0).into());
        let map = row(json!({"Name": "EU\\AF", "Type": "subduction"}));
        let item = |row, geometry| Item { row, id: None, geometry: Some(geometry), fields: &map };
        let fields = Fields::new(&[("namespace", "=pb2002"), ("name", "Name"), ("class", "Type")]);
        let setting = Setting {
            fields: &fields,
            world: mediterranean(),
            gazetteer: &Gazetteer::default(),
            provenance: ProvenanceId(1),
        };
        let taken = features([item(1, &line), item(2, &point)], setting);
        let boundary = &taken.features[0];
        assert_eq!((boundary.title.as_str(), boundary.id.as_str()), ("EU\\AF", "pb2002-row-1"));
        assert_eq!(
            serde_json::Value::Object(boundary.properties.clone()),
            json!({"kind": "plate boundary", "class": "subduction"})
        );
        assert_eq!(taken.left_out, [(2, "feature_geometry", "it is no line".to_owned())]);
    }
}
