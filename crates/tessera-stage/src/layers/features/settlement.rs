//! Places of the Digital Atlas of the Roman Empire: its type codes say which collection a place goes to.
//!
//! A place of unknown years holds in every year and says so by having none. A mine is a mine, not a town;
//! what is no work of man (a rapid, a pass, a spring) is left out.

use super::gazetteer::{Gazetteer, citation};
use super::{Fields, Item, LeftOut, Setting, Taken, bare, doubtful, kept, plain_name, weaker};
use geo_types::Geometry;
use serde_json::Value;
use tessera_world::{Certainty, Feature};

pub const METHOD: &str = "The gazetteer's point, certain if known to 200 m; years as it gives them, 0 is \
     unknown; the same place of another gazetteer is cited where a name agrees within 10 km.";

/// A point known no better is conjectured, metres.
const ACCURACY_CERTAIN_M: f64 = 200.0;

/// Code, collection, kind. Codes that are missing here name nothing a person built.
const TYPES: [(&str, &str, &str); 40] = [
    ("11", "settlements", "city"),
    ("12", "settlements", "settlement"),
    ("13", "settlements", "civitas capital"),
    ("14", "settlements", "villa"),
    ("15", "settlements", "military camp"),
    ("16", "settlements", "road station"),
    ("17", "settlements", "legionary fort"),
    ("18", "settlements", "fort"),
    ("19", "settlements", "oasis"),
    ("21", "settlements", "monastery"),
    ("24", "monuments", "church"),
    ("31", "settlements", "hill fort"),
    ("32", "monuments", "tumulus"),
    ("34", "settlements", "minor settlement"),
    ("35", "settlements", "late hill settlement"),
    ("51", "monuments", "bridge"),
    ("52", "monuments", "waterworks"),
    ("53", "settlements", "fortlet"),
    ("55", "monuments", "milestone or road"),
    ("56", "ports", "harbour works"),
    ("57", "mines", "mine or quarry"),
    ("58", "settlements", "production site"),
    ("59", "monuments", "amphitheatre"),
    ("60", "monuments", "theatre"),
    ("61", "monuments", "sanctuary"),
    ("63", "monuments", "cemetery"),
    ("64", "monuments", "monument"),
    ("65", "monuments", "forum"),
    ("66", "monuments", "bath"),
    ("67", "monuments", "basilica"),
    ("68", "monuments", "excavated quarter"),
    ("69", "monuments", "circus"),
    ("70", "monuments", "stadium"),
    ("71", "monuments", "odeum"),
    ("72", "monuments", "council house"),
    ("74", "monuments", "house or store"),
    ("76", "monuments", "lighthouse"),
    ("98", "monuments", "archaeological site"),
    ("99", "monuments", "building"),
    ("128", "monuments", "church"),
];

/// Roles: `id`, `latin`, `modern`, `greek`, `type`, `accuracy` (metres), `from`, `to`, `keep.*`.
pub fn features<'a>(items: impl IntoIterator<Item = Item<'a>>, setting: Setting<'_>) -> Taken {
    Taken::of(items, |item| feature(item, setting))
}

/// Makes the places known to a gazetteer, so that others may cite them.
pub fn enlist<'a>(
    gazetteer: &mut Gazetteer,
    items: impl IntoIterator<Item = Item<'a>>,
    fields: &Fields,
) {
    for item in items {
        let towns = fields.text(&item, "type").is_none_or(|code| {
            TYPES.iter().any(|(known, to, _)| *known == code && *to == "settlements")
        });
        if let (true, Ok(point), Some(citation)) = (towns, item.point(fields), fields.id(&item).1) {
            let names = ["latin", "modern", "greek"].map(|role| fields.text(&item, role));
            gazetteer.add(names.iter().flatten().map(String::as_str), point, &citation);
        }
    }
}

fn feature(item: &Item<'_>, setting: Setting<'_>) -> Result<Feature, LeftOut> {
    let Setting { fields, world, gazetteer, provenance } = setting;
    let code = fields.text(item, "type").unwrap_or_default();
    let Some(&(_, collection, kind)) = TYPES.iter().find(|(known, _, _)| *known == code) else {
        return Err((
            item.row,
            "feature_kind",
            format!("type {code:?} is no work of man the layer takes"),
        ));
    };
    let point = item.point(fields)?;
    let zone = world.zone(item.row, point)?;
    let (valid_from, valid_to) = fields.years(item)?;
    let (id, own) = fields.id(item);
    let [latin, modern, greek] = ["latin", "modern", "greek"].map(|role| fields.text(item, role));
    let mut feature = bare(collection, id, item, provenance);
    feature.properties = kept(item, fields);
    feature.properties.insert("kind".to_owned(), kind.into());
    for (key, name) in [("modern", &modern), ("greek", &greek)] {
        if let Some(name) = name {
            feature.properties.insert(key.to_owned(), name.clone().into());
        }
    }
    if let Some(metres) = fields.number(item, "accuracy")? {
        feature.properties.insert("accuracy_m".to_owned(), Value::from(metres.round() as i64));
        if metres > ACCURACY_CERTAIN_M {
            feature.certainty = Certainty::Conjectured;
        }
    }
    if latin.as_deref().is_some_and(doubtful) {
        feature.certainty = weaker(feature.certainty, Certainty::Conjectured);
    }
    let names = [&latin, &modern, &greek].map(|name| name.as_deref().unwrap_or_default());
    // Many monuments bear their town's name; only a town is the town.
    let linked =
        if collection == "settlements" { gazetteer.same(names, point) } else { Vec::new() };
    let linked = linked.into_iter().filter(|citation| !citation.starts_with("dare:"));
    feature.citation = citation(own, linked);
    feature.latin = latin.as_deref().and_then(plain_name);
    feature.title = feature
        .latin
        .clone()
        .or_else(|| modern.as_deref().and_then(plain_name))
        .unwrap_or_else(|| kind.to_owned());
    Ok(Feature {
        geometry: Geometry::Point(point),
        zone: Some(zone),
        valid_from,
        valid_to,
        ..feature
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::item::tests::{mediterranean, row};
    use serde_json::{Map, json};
    use tessera_world::ProvenanceId;

    fn taken(rows: Vec<Value>, gazetteer: &Gazetteer) -> Taken {
        let maps: Vec<Map<String, Value>> = rows.into_iter().map(row).collect();
        let point = Geometry::Point((6.64, 49.76).into());
        let items = maps.iter().enumerate().map(|(index, fields)| Item {
            row: index as u64 + 1,
            id: None,
            geometry: Some(&point),
            fields,
        });
        features(
            items,
            Setting {
                fields: &fields(),
                world: mediterranean(),
                gazetteer,
                provenance: ProvenanceId(1),
            },
        )
    }

    fn fields() -> Fields {
        let roles = ["id", "latin", "modern", "greek", "type", "accuracy"].map(|role| (role, role));
        let years = [("from", "startyear"), ("to", "endyear"), ("namespace", "=dare")];
        Fields::new(&[roles.as_slice(), years.as_slice()].concat())
    }

    #[test]
    fn a_town_cites_its_gazetteers_and_a_mine_goes_to_the_mines() {
        let mut gazetteer = Gazetteer::default();
        gazetteer.add(["Augusta Treverorum"], (6.65, 49.75).into(), "pleiades:108894");
        let taken = taken(
            vec![
                json!({"id": "2", "latin": "Augusta Treverorum", "modern": "Trier", "greek": "", "type": "11",
                    "accuracy": 20, "startyear": -30, "endyear": 640}),
                json!({"id": "9", "latin": "*Metalla", "modern": "Butzweiler", "greek": "", "type": "57",
                    "accuracy": 2000, "startyear": "0", "endyear": "0"}),
                json!({"id": "10", "latin": "Cataracta Prima", "modern": "First Cataract", "greek": "",
                    "type": "43", "accuracy": 200, "startyear": 0, "endyear": 0}),
            ],
            &gazetteer,
        );
        let (mine, town) = (&taken.features[0], &taken.features[1]);
        assert_eq!(town.citation, "dare:2; pleiades:108894");
        assert_eq!((town.valid_from, town.valid_to), (Some(-29), Some(640)));
        assert_eq!((town.collection.as_str(), town.certainty), ("settlements", Certainty::Certain));
        assert_eq!((mine.collection.as_str(), mine.title.as_str()), ("mines", "Metalla"));
        assert_eq!((mine.valid_from, mine.certainty), (None, Certainty::Conjectured));
        assert_eq!(
            taken.left_out.iter().map(|l| (l.0, l.1)).collect::<Vec<_>>(),
            [(3, "feature_kind")]
        );
    }

    #[test]
    fn the_second_row_of_an_id_is_left_out() {
        let twice =
            json!({"id": "2", "modern": "Trier", "type": "11", "startyear": 0, "endyear": 0});
        let taken = taken(vec![twice.clone(), twice], &Gazetteer::default());
        assert_eq!((taken.features.len(), taken.left_out[0].1), (1, "feature_duplicate"));
    }
}
