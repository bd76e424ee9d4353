//! Rules about the table of places.

use super::{Rule, rule};
use crate::finding::Severity::{Error, Note, Warning};

pub(super) const RULES: &[Rule] = &[
    rule(
        "place_row",
        Warning,
        "place",
        "A row of the table of places is complete, its words are known words.",
        "A place without a name or a source cannot be argued about.",
    ),
    rule(
        "place_number",
        Warning,
        "place",
        "Numbers are numbers.",
        "Publishers write 7.867799. with two points.",
    ),
    rule(
        "place_position_unknown",
        Warning,
        "place",
        "No place lies at 0, 0.",
        "It means unknown, and would be a town in the Gulf of Guinea.",
    ),
    rule(
        "place_outside",
        Note,
        "place",
        "Places lie in the world's box.",
        "A place of a larger world, or one whose latitude and longitude are swapped.",
    ),
    rule(
        "place_duplicate",
        Warning,
        "place",
        "A place stands once: one id, and one spot for one name.",
        "Twice the market would be half the price.",
    ),
    rule(
        "place_years",
        Warning,
        "place",
        "A place begins before it ends, within ten thousand years.",
        "Years before our era are negative; a sign lost turns a life around.",
    ),
    rule(
        "place_year_future",
        Warning,
        "place",
        "No year is after 2000.",
        "2000 stands for 'still there'; anything later is a slip.",
    ),
    rule(
        "place_port_inland",
        Warning,
        "place",
        "A sea harbour has sea within 40 km.",
        "Ships would have nowhere to lie; silting explains 25 km, not more.",
    ),
    rule(
        "place_in_sea",
        Warning,
        "place",
        "A place without a sea harbour does not lie in a zone that is all sea.",
        "An island too small for the coast's scale, or a slip in the coordinates.",
    ),
    rule(
        "place_link",
        Error,
        "place",
        "A place's zone holds its position; its ships' zone has sea.",
        "A port linked to the wrong zone sends its ships overland.",
    ),
    rule(
        "place_none",
        Error,
        "place",
        "There is at least one place.",
        "A world without a port has no game.",
    ),
    rule(
        "place_population",
        Warning,
        "place",
        "A place has as many people as its rank allows: at least 50,000 for Rome and its like, at most 60,000 for a small port, never more than 1.5 million.",
        "A zero too many makes a market that eats all the grain of Egypt.",
    ),
    rule(
        "place_river_missing",
        Warning,
        "place",
        "A river harbour has a river, a lake or the sea within two zones.",
        "A river left out, or a place put into the wrong valley.",
    ),
    rule(
        "text_garbled",
        Warning,
        "place",
        "Names have the letters that were written.",
        "Text written in one encoding and read in another shows as Ã© or as a replacement character.",
    ),
];
