//! Cities with rank and population: an estimate says what it rests on.
//!
//! The model gives every city a number; where no inhabited area is known it is the model's floor or a number
//! from the rank alone, and that is hypothetical.

use super::gazetteer::citation;
use super::{Fields, Item, LeftOut, Setting, Taken, bare, doubtful, kept, plain_name, weaker};
use geo_types::Geometry;
use serde_json::Value;
use tessera_world::{Certainty, Feature};

pub const METHOD: &str = "The publisher's point; population from his model of the inhabited area, and \
     hypothetical where no area is known; of a rank such as \"4 or 5\" the higher is the number.";

/// Roles: `id`, `latin`, `modern`, `wkt` or `latitude` and `longitude`, `from`, `to`, `rank`, `population`,
/// `area`, `status` and `buildings` (lists as Python writes them), `keep.*`.
pub fn features<'a>(items: impl IntoIterator<Item = Item<'a>>, setting: Setting<'_>) -> Taken {
    Taken::of(items, |item| feature(item, setting))
}

fn feature(item: &Item<'_>, setting: Setting<'_>) -> Result<Feature, LeftOut> {
    let Setting { fields, world, gazetteer, provenance } = setting;
    let point = item.point(fields)?;
    let zone = world.zone(item.row, point)?;
    let (valid_from, valid_to) = fields.years(item)?;
    let (id, own) = fields.id(item);
    let latin = fields.text(item, "latin");
    let modern = fields.text(item, "modern");
    let area_ha = fields.number(item, "area")?.filter(|area| *area > 0.0);
    let mut feature = bare("cities", id, item, provenance);
    feature.properties = kept(item, fields);
    let properties = &mut feature.properties;
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            properties.insert(key.to_owned(), value);
        }
    };
    put("modern", modern.clone().map(Value::from));
    put("rank", rank(item, fields).map(Value::from));
    put("rank_as_written", fields.text(item, "rank").map(Value::from));
    put("area_ha", area_ha.map(Value::from));
    if let Some(people) = fields.number(item, "population")?.filter(|people| *people >= 1.0) {
        put("population", Some(Value::from(people.round() as u64)));
        let (basis, certainty) = match area_ha {
            Some(_) => ("inhabited area", Certainty::Conjectured),
            None => ("rank alone", Certainty::Hypothetical),
        };
        put("population_basis", Some(basis.into()));
        put("population_certainty", Some(certainty.as_str().into()));
    }
    for role in ["status", "buildings"] {
        let list = fields.text(item, role).map(|text| python_list(&text)).unwrap_or_default();
        put(role, (!list.is_empty()).then(|| list.join("; ").into()));
    }
    let doubt = latin.as_deref().is_some_and(doubtful);
    let certainty = if doubt { Certainty::Conjectured } else { Certainty::Certain };
    let names = [&latin, &modern].map(|name| name.as_deref().unwrap_or_default());
    feature.citation = citation(own, gazetteer.same(names, point));
    feature.latin = latin.as_deref().and_then(plain_name);
    feature.title = feature
        .latin
        .clone()
        .or(modern)
        .ok_or_else(|| (item.row, "feature_kind", "it has no name".to_owned()))?;
    feature.certainty = weaker(feature.certainty, certainty);
    Ok(Feature {
        geometry: Geometry::Point(point),
        zone: Some(zone),
        valid_from,
        valid_to,
        ..feature
    })
}

/// `3`, or the higher of `4 or 5`; `-` is none.
fn rank(item: &Item<'_>, fields: &Fields) -> Option<u64> {
    let text = fields.text(item, "rank")?;
    text.split_whitespace().find_map(|word| word.parse().ok())
}

/// The texts of `['Colonia', "Augustus' arch"]`, each once; a list is what a publisher's script printed.
fn python_list(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut quoted: Option<(char, String)> = None;
    let mut escaped = false;
    for letter in text.chars() {
        match &mut quoted {
            None if letter == '\'' || letter == '"' => quoted = Some((letter, String::new())),
            None => {}
            Some((_, inner)) if escaped => {
                inner.push(letter);
                escaped = false;
            }
            Some(_) if letter == '\\' => escaped = true,
            Some((quote, inner)) if letter == *quote => {
                if !inner.is_empty() && !found.contains(inner) {
                    found.push(std::mem::take(inner));
                }
                quoted = None;
            }
            Some((_, inner)) => inner.push(letter),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::features::Gazetteer;
    use crate::layers::features::item::tests::{item, mediterranean, row};
    use serde_json::json;
    use tessera_world::ProvenanceId;

    fn fields() -> Fields {
        Fields::new(&[
            ("namespace", "=hanson"),
            ("id", "Primary Key"),
            ("latin", "Ancient Toponym"),
            ("modern", "Modern Toponym"),
            ("wkt", "geometry"),
            ("from", "Start Date"),
            ("to", "End Date"),
            ("rank", "Barrington Atlas Rank"),
            ("population", "pop_est"),
            ("area", "Area"),
            ("status", "Civic Status"),
        ])
    }

    #[test]
    fn a_city_says_what_its_population_rests_on() {
        let maps = [
            row(json!({"Primary Key": "Hanson2016_4", "Ancient Toponym": "Aegina",
                "Modern Toponym": "Aigina", "geometry": "POINT (23.4285 37.750074)",
                "Start Date": "-600", "End Date": "", "Barrington Atlas Rank": "4 or 5",
                "pop_est": "8209.0", "Area": "52.0",
                "Civic Status": "['Colonia', 'Municipium', 'Colonia']"})),
            row(json!({"Primary Key": "Hanson2016_2", "Ancient Toponym": "Acharnae?",
                "Modern Toponym": "Acharnes", "geometry": "POINT (23.734 38.083)",
                "Start Date": "-600", "End Date": "", "Barrington Atlas Rank": "-",
                "pop_est": "1000.0", "Area": "", "Civic Status": ""})),
        ];
        let items = maps.iter().enumerate().map(|(index, map)| item(index as u64 + 1, map));
        let mut gazetteer = Gazetteer::default();
        gazetteer.add(["Aegina"], geo_types::Point::new(23.43, 37.75), "pleiades:579844");
        let taken = features(
            items,
            Setting {
                fields: &fields(),
                world: mediterranean(),
                gazetteer: &gazetteer,
                provenance: ProvenanceId(1),
            },
        );
        let (acharnae, aegina) = (&taken.features[0], &taken.features[1]);
        assert_eq!(aegina.citation, "hanson:Hanson2016_4; pleiades:579844");
        assert_eq!((aegina.valid_from, aegina.valid_to), (Some(-599), None));
        assert_eq!(
            Value::Object(aegina.properties.clone()),
            json!({"modern": "Aigina", "rank": 4, "rank_as_written": "4 or 5", "area_ha": 52.0,
                "population": 8209, "population_basis": "inhabited area",
                "population_certainty": "conjectured", "status": "Colonia; Municipium"})
        );
        assert_eq!(acharnae.certainty, Certainty::Conjectured);
        assert_eq!(acharnae.properties.get("population_certainty"), Some(&json!("hypothetical")));
        assert_eq!(acharnae.properties.get("rank"), None);
    }

    #[test]
    fn a_list_as_python_writes_it_may_hold_apostrophes() {
        assert_eq!(python_list(r#"['Walls', "Nero's bath", 'Walls']"#), ["Walls", "Nero's bath"]);
        assert_eq!(python_list(r"['Temple of \'Minerva\'']"), ["Temple of 'Minerva'"]);
        assert!(python_list("").is_empty());
    }
}
