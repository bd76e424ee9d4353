//! Ports: evidence of a harbour, without dates; a name the catalogue doubts is conjectured.

use super::gazetteer::citation;
use super::{Item, LeftOut, Setting, Taken, bare, kept, plain_name};
use geo_types::Geometry;
use tessera_world::{Certainty, Feature};

pub const METHOD: &str = "The catalogue's point; undated, so it holds in every year; a name or a site with \
     a question mark is conjectured.";

/// The catalogue writes essays where a modern name should be; a title is what comes before the first of these.
const TITLE_ENDS: [char; 5] = [',', '(', '?', ';', ':'];
const TITLE_CHARS_MAX: usize = 80;
/// Enough for every remark but an essay.
const NOTE_CHARS_MAX: usize = 500;

/// Roles: `name`, `modern`, `latitude`, `longitude`, `keep.*`.
pub fn features<'a>(items: impl IntoIterator<Item = Item<'a>>, setting: Setting<'_>) -> Taken {
    Taken::of(items, |item| feature(item, setting))
}

fn feature(item: &Item<'_>, setting: Setting<'_>) -> Result<Feature, LeftOut> {
    let Setting { fields, world, gazetteer, provenance } = setting;
    let point = item.point(fields)?;
    let zone = world.zone(item.row, point)?;
    let (id, own) = fields.id(item);
    let ancient = fields.text(item, "name").unwrap_or_default();
    let remark = fields.text(item, "modern").unwrap_or_default();
    let modern = title(&remark);
    let mut feature = bare("ports", id, item, provenance);
    feature.properties = kept(item, fields);
    if let Some(modern) = &modern {
        feature.properties.insert("modern".to_owned(), modern.clone().into());
    }
    for (key, text) in [("names", &ancient), ("note", &remark)] {
        if !text.is_empty() {
            let cut: String = text.chars().take(NOTE_CHARS_MAX).collect();
            feature.properties.insert(key.to_owned(), cut.into());
        }
    }
    feature.latin = title(&ancient).filter(|name| !name.starts_with("R "));
    feature.title = title(&ancient)
        .or(modern)
        .ok_or_else(|| (item.row, "feature_kind", "it has no name".to_owned()))?;
    if ancient.contains('?') || remark.contains('?') {
        feature.certainty = Certainty::Conjectured;
    }
    feature.citation = citation(own, gazetteer.same([ancient.as_str(), remark.as_str()], point));
    Ok(Feature { geometry: Geometry::Point(point), zone: Some(zone), ..feature })
}

fn title(text: &str) -> Option<String> {
    let head = text.split(TITLE_ENDS).map(str::trim).find(|part| !part.is_empty())?;
    plain_name(&head.chars().take(TITLE_CHARS_MAX).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::Fields;
    use crate::layers::features::Gazetteer;
    use crate::layers::features::item::tests::{item, mediterranean, row};
    use serde_json::json;
    use tessera_world::ProvenanceId;

    #[test]
    fn a_question_mark_makes_a_port_conjectured_and_an_essay_a_note() {
        let maps = [
            row(
                json!({"NAME": "Ostia, Portus Ostiensis", "NAME_MOD": "Ostia Antica", "LATITUDE": 41.75, "LONGITUDE": 12.28}),
            ),
            row(
                json!({"NAME": "R Visurgis", "NAME_MOD": "Statio? at Bremen, on R Weser", "LATITUDE": 53.1, "LONGITUDE": 8.7}),
            ),
            row(
                json!({"NAME": "Salamis", "NAME_MOD": "Cyprus", "LATITUDE": null, "LONGITUDE": null}),
            ),
        ];
        let items = maps.iter().enumerate().map(|(index, map)| item(index as u64 + 2, map));
        let fields = Fields::new(&[
            ("namespace", "=degraauw"),
            ("name", "NAME"),
            ("modern", "NAME_MOD"),
            ("latitude", "LATITUDE"),
            ("longitude", "LONGITUDE"),
        ]);
        let none = Gazetteer::default();
        let taken = features(
            items,
            Setting {
                fields: &fields,
                world: mediterranean(),
                gazetteer: &none,
                provenance: ProvenanceId(1),
            },
        );
        let seen: Vec<_> = taken
            .features
            .iter()
            .map(|f| (f.id.as_str(), f.title.as_str(), f.latin.as_deref(), f.certainty))
            .collect();
        assert_eq!(
            seen,
            [
                ("degraauw-row-2", "Ostia", Some("Ostia"), Certainty::Certain),
                ("degraauw-row-3", "R Visurgis", None, Certainty::Conjectured),
            ]
        );
        assert_eq!(
            taken.left_out,
            [(4, "feature_position_missing", "LATITUDE is empty".to_owned())]
        );
    }
}
