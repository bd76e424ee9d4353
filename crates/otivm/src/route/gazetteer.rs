//! From what a person writes to a place: a name in any spelling, an id, or degrees.

use tessera_grid::Position;
use tessera_world::Place;

/// Where a way begins or ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) name: String,
    pub(super) position: Position,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum UnknownPlace {
    #[error("no place is called {0:?}; write a Latin or modern name, an id, or lat,lon")]
    NoSuch(String),
    #[error("{name:?} may be {}; write its id or lat,lon", .ids.join(" or "))]
    Ambiguous { name: String, ids: Vec<String> },
    #[error("{text:?} is not a position: {why}")]
    OffTheGlobe { text: String, why: String },
}

impl UnknownPlace {
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::NoSuch(_) => "no_such_place",
            Self::Ambiguous { .. } => "ambiguous_place",
            Self::OffTheGlobe { .. } => "bad_position",
        }
    }
}

pub(super) fn find(places: &[Place], text: &str) -> Result<Spot, UnknownPlace> {
    if let Some(position) = degrees(text) {
        return position.map(|position| Spot { name: text.trim().to_owned(), position });
    }
    let wanted = folded(text);
    let called = |name: &str| {
        folded(name) == wanted
            || name.split(['/', ',', '(', ')']).any(|part| folded(part) == wanted)
    };
    let spot = |place: &Place| Spot { name: place.latin.clone(), position: place.position };
    let known: [fn(&Place) -> &str; 3] =
        [|place| &place.id, |place| &place.latin, |place| &place.modern];
    for of in known {
        let found: Vec<&Place> =
            places.iter().filter(|place| !wanted.is_empty() && called(of(place))).collect();
        match found.as_slice() {
            [] => {}
            [place] => return Ok(spot(place)),
            several => {
                let ids = several.iter().map(|place| place.id.clone()).collect();
                return Err(UnknownPlace::Ambiguous { name: text.to_owned(), ids });
            }
        }
    }
    Err(UnknownPlace::NoSuch(text.to_owned()))
}

/// `lat,lon`; `None` where the text is no pair of numbers.
fn degrees(text: &str) -> Option<Result<Position, UnknownPlace>> {
    let (latitude, longitude) = text.split_once(',')?;
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let position = Position::new(number(latitude)?, number(longitude)?);
    let off = |error: tessera_grid::PositionError| UnknownPlace::OffTheGlobe {
        text: text.to_owned(),
        why: error.to_string(),
    };
    Some(position.map_err(off))
}

/// Lower case, without accents or anything that is no letter or digit.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(plain).collect()
}

/// The letter beneath the accents of the languages in which our places have names.
fn plain(letter: char) -> Option<char> {
    let plain = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ắ' | 'ạ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' | 'ḍ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'ḥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ī' | 'ı' | 'i' => 'i',
        'ł' | 'ļ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' | 'ṣ' => 's',
        'ţ' | 'ț' | 'ť' | 'ṭ' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    };
    plain.is_alphanumeric().then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_as_degrees_and_refused_beyond_the_poles() {
        let spot = find(&[], " 41.75, 12.28").unwrap();
        assert_eq!(spot.position, Position::new(41.75, 12.28).unwrap());
        let error = find(&[], "95,12").unwrap_err();
        assert_eq!(error.code(), "bad_position");
    }

    #[test]
    fn accents_case_and_spaces_do_not_matter() {
        assert_eq!(folded("Çanakkale (Nara)"), "canakkalenara");
        assert_eq!(folded("İzmir"), folded("izmir"));
        assert_eq!(folded("Portus  Magnus"), "portusmagnus");
    }

    #[test]
    fn an_unknown_name_is_refused_by_name() {
        assert_eq!(find(&[], "Atlantis"), Err(UnknownPlace::NoSuch("Atlantis".to_owned())));
    }
}
