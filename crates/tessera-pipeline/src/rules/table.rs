use crate::finding::Severity;
use Severity::{Error, Note, Warning};

/// What must hold, and why.
#[derive(Debug)]
pub struct Rule {
    pub code: &'static str,
    pub severity: Severity,
    pub layer: &'static str,
    /// What holds where the rule is kept.
    pub sentence: &'static str,
    pub why: &'static str,
}

const fn rule(
    code: &'static str,
    severity: Severity,
    layer: &'static str,
    sentence: &'static str,
    why: &'static str,
) -> Rule {
    Rule { code, severity, layer, sentence, why }
}

/// Every rule, in the order in which a run can break them.
pub const TABLE: &[Rule] = &[
    // Files and datasets.
    rule("file_missing", Error, "file", "Every file of a dataset is there.", "A Shapefile without its .prj or .dbf is not the publisher's dataset."),
    rule("checksum", Error, "file", "A file's SHA-256 is the one in sources.toml.", "Another edition, or a damaged download, would change the world unseen."),
    rule("file_truncated", Error, "file", "A file is as long as its header says.", "A download that broke off must never become half a continent."),
    rule("file_unreadable", Error, "file", "A file has the format its adapter reads.", "Guessing at a format makes numbers that look right."),
    rule("schema", Error, "file", "A file has the variables, columns and shapes its adapter asks for.", "A column moved or renamed would shift facts silently."),
    rule("projection", Error, "file", "Vector files are in geographic WGS 84, and say so.", "Metres read as degrees put the land in the sea."),
    rule("axis_irregular", Error, "file", "Latitude and longitude axes are regular, within a quarter of a step.", "Positions are computed from the step; a swapped or broken axis would move everything."),
    rule("axis_drift", Warning, "file", "An axis strays less than a hundredth of its step from a regular one.", "ETOPO5's step is rounded to 0.08333411; regular axes are used, and by how much they differ is said."),
    rule("time_axis", Error, "file", "A monthly series begins in January, has whole years and one step a month.", "Months are taken by index; a series that begins in April would blow April's wind in January."),
    rule("picture_shape", Error, "file", "A class picture shows the whole globe in square pixels.", "It has no georeference of its own; the shape is all that can be checked."),
    rule("coverage_source", Error, "file", "A dataset reaches the world's box.", "A file of another region would leave the layer empty."),
    rule("dataset_missing", Error, "file", "There is a dataset for every layer.", "A world without winds or without land is no world."),
    rule("licence_missing", Error, "file", "Every dataset names its licence.", "Facts that nobody may pass on must not enter a release."),
    rule("quarantine_share", Error, "file", "At most one row in fifty is in quarantine.", "More than that is not a slip in a row but a fault in the file."),
    // Rows.
    rule("geometry", Warning, "row", "A polygon's rings make a polygon.", "A hole without a shore cannot be cut into land."),
    rule("position_range", Warning, "row", "Positions lie on the globe.", "Latitude 95 is a typing error, or a longitude in the wrong column."),
    rule("value_unknown", Warning, "row", "A value that is needed is there.", "Unknown is not 0."),
    rule("place_row", Warning, "place", "A row of the table of places is complete, its words are known words.", "A place without a name or a source cannot be argued about."),
    rule("place_number", Warning, "place", "Numbers are numbers.", "Publishers write 7.867799. with two points."),
    rule("place_position_unknown", Warning, "place", "No place lies at 0, 0.", "It means unknown, and would be a town in the Gulf of Guinea."),
    rule("place_outside", Warning, "place", "Places lie in the world's box.", "Latitude and longitude swapped, or a place of another world."),
    rule("place_duplicate", Warning, "place", "A place stands once: one id, and one spot for one name.", "Twice the market would be half the price."),
    rule("place_years", Warning, "place", "A place begins before it ends, within ten thousand years.", "Years before our era are negative; a sign lost turns a life around."),
    rule("place_year_future", Warning, "place", "No year is after 2000.", "2000 stands for 'still there'; anything later is a slip."),
    rule("place_port_inland", Warning, "place", "A sea harbour has sea within 40 km.", "Ships would have nowhere to lie; silting explains 25 km, not more."),
    // The whole world.
    rule("coverage_hole", Error, "grid", "Every zone centred in the box is there, and every layer speaks of every zone it must.", "A hole in the sea is a rock, a hole in the wind a ship that never arrives."),
    rule("coverage_duplicate", Error, "grid", "Zones ascend, each once.", "Two answers for one zone are none."),
    rule("coverage_outside", Error, "grid", "Every zone is centred in the box.", "Facts outside the box come from axes swapped or shifted."),
    rule("provenance_missing", Error, "grid", "Every fact names a provenance, every provenance a source and a licence that are there.", "A fact that nobody vouches for is a rumour."),
    rule("terrain_range", Error, "terrain", "Heights lie between the deepest trench and the highest summit, lowest below mean below highest.", "Feet read as metres, or a fill value read as a height."),
    rule("terrain_unknown", Warning, "terrain", "Every node of the raster has a height.", "Unknown values are counted and left out, never read as 0."),
    rule("terrain_sign_share", Error, "terrain", "Sea floor is below 0 and land is not in at least nine zones of ten.", "A raster flipped, shifted or with its axes swapped has mountains in the sea."),
    rule("terrain_sign", Warning, "terrain", "A zone that is all sea lies below 0, a zone that is all land above -20 m (known depressions lie lower).", "Two sources disagree where the coast is; such zones are shown, the coast's source decides."),
    rule("terrain_sign_nodes", Warning, "terrain", "The raster's sign and the land polygons agree in at least 99 nodes of 100.", "ETOPO5 is off by up to a few kilometres; how much is said once for the whole world."),
    rule("terrain_tile_edge", Warning, "terrain", "No row after row drops along one meridian by more than the ground around it explains.", "Rasters are glued from tiles; at a bad seam a mountain such as Etna is cut off."),
    rule("terrain_spike", Warning, "terrain", "No single node towers over all its neighbours by more than 2,500 m.", "A slip in one number is a needle in the landscape."),
    rule("terrain_benchmark", Warning, "terrain", "Places whose height is published have it, within what a 9 km raster can show.", "Known summits, depressions and harbours are the quickest test of a height model."),
    rule("surface_kind", Error, "surface", "Sea, coast and land follow from the share of land.", "A ship is let in by the kind, a map drawn by the share."),
    rule("surface_share", Error, "surface", "Between one tenth and nine tenths of the world are land, or the box is small.", "A world all sea or all land has lost its coast."),
    rule("river_downstream", Error, "river", "Water goes to a neighbouring zone.", "A river that jumps has been traced with a gap."),
    rule("river_loop", Error, "river", "Following the water from any zone ends.", "A barge that follows a circle never arrives."),
    rule("river_loop_cut", Warning, "river", "River lines lead no water in a circle.", "Where they do, the loop is cut at its lowest zone: one of the lines runs the wrong way."),
    rule("river_uphill", Warning, "river", "Water does not climb more than 150 m from one zone to the next.", "Uphill means that the direction, or the height, is wrong; gorges in a coarse raster explain less."),
    rule("river_uphill_share", Error, "river", "At most one river zone in twenty runs uphill.", "More than that and the rivers run backwards."),
    rule("river_turned", Note, "river", "Lines are drawn the way their water runs.", "Where mouth, area drained and height say otherwise the line is turned; how many is said."),
    rule("river_name_lost", Note, "river", "Names have all their letters.", "A name with question marks was written in an encoding that is lost; it is left out."),
    rule("wind_speed", Error, "wind", "Monthly mean winds stay below 25 m/s.", "Knots read as metres per second, or a fill value averaged in."),
    rule("wind_calm", Error, "wind", "No zone is calm in all twelve months.", "Zero everywhere is a missing file, not a doldrum."),
    rule("wind_etesian", Error, "wind", "The July wind of the Aegean comes from the north.", "It has since Homer; if it does not, u and v, or north and south, are swapped."),
    rule("koppen_unknown", Error, "climate", "Every class number of the picture is in its legend.", "A number nobody names is a damaged picture or another legend."),
    rule("climate_latitude_share", Error, "climate", "At most one zone in a hundred has a climate that its latitude forbids.", "A picture read upside down, or shifted by its height, has that nearly everywhere."),
    rule("climate_latitude", Warning, "climate", "No tropical climate lies north of 40 degrees, no polar one south of 20 below 3,000 m.", "A picture read upside down grows palms in Norway."),
    rule("place_in_sea", Warning, "place", "A place without a sea harbour does not lie in a zone that is all sea.", "An island too small for the coast's scale, or a slip in the coordinates."),
    rule("place_link", Error, "place", "A place's zone holds its position; its ships' zone has sea.", "A port linked to the wrong zone sends its ships overland."),
    rule("place_none", Error, "place", "There is at least one place.", "A world without a port has no game."),
];
