//! Places known to several gazetteers: the same if an id says so, or if a name agrees and they lie near.
//!
//! Names alone never join two places (there are nine Antiochs), nearness alone neither.

use super::plain_name;
use geo_types::Point;
use std::collections::HashMap;
use tessera_grid::Position;

/// How far two gazetteers may put one place apart: a Barrington square's half, at most.
pub const REACH_KM: f64 = 10.0;

/// Citations by every name a place bears.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    by_name: HashMap<String, Vec<(Point, String)>>,
}

impl Gazetteer {
    /// Makes a place known under its names, cited as `pleiades:423025`.
    pub fn add<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, at: Point, citation: &str) {
        for key in keys(names) {
            let known = self.by_name.entry(key).or_default();
            if !known.iter().any(|(_, other)| other == citation) {
                known.push((at, citation.to_owned()));
            }
        }
    }

    /// Citations of the nearest place of each gazetteer that bears one of the names within [`REACH_KM`].
    pub fn same<'a>(&self, names: impl IntoIterator<Item = &'a str>, at: Point) -> Vec<String> {
        let mut nearest: HashMap<&str, (f64, &str)> = HashMap::new();
        for key in keys(names) {
            for (other, citation) in self.by_name.get(&key).into_iter().flatten() {
                let Some(km) = distance_km(at, *other).filter(|km| *km <= REACH_KM) else {
                    continue;
                };
                let namespace = citation.split(':').next().unwrap_or_default();
                let best = nearest.entry(namespace).or_insert((km, citation));
                if (km, citation.as_str()) < (best.0, best.1) {
                    *best = (km, citation);
                }
            }
        }
        let mut found: Vec<String> = nearest.into_values().map(|(_, c)| c.to_owned()).collect();
        found.sort_unstable();
        found
    }

    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}

fn distance_km(a: Point, b: Point) -> Option<f64> {
    let position = |point: Point| Position::new(point.y(), point.x()).ok();
    Some(position(a)?.distance_km(position(b)?))
}

/// All citations of a place, its own first, each once.
pub(super) fn citation(own: Option<String>, others: impl IntoIterator<Item = String>) -> String {
    let mut all: Vec<String> = own.into_iter().collect();
    for other in others {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all.join("; ")
}

/// Names as they are compared: letters alone, without accents, in lower case, Latin endings alike.
fn keys<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut keys: Vec<String> = names
        .into_iter()
        .flat_map(|name| name.split(['/', ',', ';']).map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|name| plain_name(&name))
        .map(|name| key(without_title(&name)))
        .filter(|key| key.len() >= KEY_LETTERS_LEAST)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A colony is called with its title in one gazetteer and without it in the next.
fn without_title(name: &str) -> &str {
    const TITLES: [&str; 5] = ["Col.", "Colonia", "Mun.", "Municipium", "Civitas"];
    TITLES.iter().find_map(|title| name.strip_prefix(title)?.strip_prefix(' ')).unwrap_or(name)
}

/// Shorter names ("Tor") agree by chance.
const KEY_LETTERS_LEAST: usize = 3;

/// A name's letters: `Αthēnai` and `Athenae` agree, so do `Ephesos` and `Ephesus`.
pub(crate) fn key(name: &str) -> String {
    let letters: String = name.to_lowercase().chars().flat_map(plain_letters).collect();
    let ending = [("os", "us"), ("on", "um"), ("ai", "ae"), ("eia", "ia"), ("oi", "i")];
    for (greek, latin) in ending {
        if let Some(stem) = letters.strip_suffix(greek) {
            return format!("{stem}{latin}");
        }
    }
    letters
}

fn plain_letters(letter: char) -> impl Iterator<Item = char> {
    let plain: &str = match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ě' | 'ė' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' | 'j' => "i",
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ō' | 'ø' => "o",
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' | 'v' => "u",
        'ç' | 'ć' | 'č' | 'k' => "c",
        'ñ' | 'ń' | 'ň' => "n",
        'š' | 'ş' | 'ś' | 'ș' => "s",
        'ž' | 'ź' | 'ż' => "z",
        'ý' => "y",
        'ğ' => "g",
        'ř' => "r",
        'ł' => "l",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => "",
    };
    let own = (plain.is_empty() && letter.is_alphanumeric()).then_some(letter);
    plain.chars().chain(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_agree() {
        assert_eq!(key("Ephesos"), key("Ephesus"));
        assert_eq!(key("Athēnai"), key("Athenae"));
        assert_eq!(key("Colonia Iulia"), key("colonia JVLIA"));
        assert_ne!(key("Roma"), key("Romula"));
    }

    #[test]
    fn a_place_is_the_same_by_name_and_nearness_alone_together() {
        let mut gazetteer = Gazetteer::default();
        gazetteer.add(["Ephesos", "Ephesus"], Point::new(27.34, 37.94), "pleiades:599612");
        gazetteer.add(["Ephesus"], Point::new(27.35, 37.95), "dare:29");
        gazetteer.add(["Antiochia"], Point::new(36.16, 36.2), "pleiades:658381");
        let at = Point::new(27.34, 37.95);
        assert_eq!(gazetteer.same(["Ephesus*"], at), ["dare:29", "pleiades:599612"]);
        assert_eq!(gazetteer.same(["Antiochia"], at), [""; 0]);
        assert_eq!(gazetteer.same(["Miletus"], at), [""; 0]);
        assert_eq!(
            citation(Some("hanson:1".into()), ["dare:29".into(), "hanson:1".into()]),
            "hanson:1; dare:29"
        );
    }
}
