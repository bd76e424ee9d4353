//! Zones and places as JSON, each fact with its provenance spelled out.

use serde::{Deserialize, Serialize};
use tessera_grid::Zone;
use tessera_world::{Certainty, Harbour, ReleaseId, SurfaceKind};
use utoipa::ToSchema;

/// Who says so: what stands behind one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProvenanceView {
    /// Id of a source of the release.
    #[schema(example = "etopo5")]
    pub source: String,
    pub licence: String,
    #[schema(value_type = String, example = "conjectured")]
    pub certainty: Certainty,
    /// One sentence: how the fact was put on the zone.
    pub method: String,
    /// Astronomical years; absent where no bound is known.
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
}

/// A dataset behind the release, as its publisher ships it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceView {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub licence: String,
    pub attribution: String,
    pub edition: String,
    /// Of the file as it was read.
    pub sha256: String,
    /// Where a person finds it; empty where it has no page of its own.
    pub url: String,
}

/// WGS 84, degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

/// One zone with what each layer says of it; a layer that says nothing is `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CellView {
    /// H3 index, 15 hexadecimal digits.
    #[schema(value_type = String, example = "851e8053fffffff")]
    pub zone: Zone,
    pub centre: Point,
    pub surface: Option<SurfaceView>,
    pub terrain: Option<TerrainView>,
    pub bathymetry: Option<BathymetryView>,
    pub climate: Option<ClimateView>,
    pub land_cover: Option<LandCoverView>,
    pub river: Option<RiverView>,
    pub lake: Option<LakeView>,
    pub wind: Option<FlowView>,
    pub current: Option<FlowView>,
    pub rain: Option<RainView>,
    pub temperature: Option<TemperatureView>,
    pub crust: Option<RegionView>,
    pub orogen: Option<RegionView>,
    /// Where sources disagree about this zone.
    pub conflicts: Vec<ConflictView>,
}

/// Metres against mean sea level; of the sea floor under water.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TerrainView {
    pub elevation_mean_m: i32,
    pub elevation_min_m: i32,
    pub elevation_max_m: i32,
    /// Mean rise over run, thousandths.
    pub slope_permille: u32,
    /// Standard deviation of the samples.
    pub ruggedness_m: u32,
    pub provenance: ProvenanceView,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurfaceView {
    /// `sea`, `coast` (holds both) or `land`.
    #[schema(value_type = String, example = "coast")]
    pub kind: SurfaceKind,
    /// Share of the zone that is land, thousandths.
    pub land_permille: u16,
    pub provenance: ProvenanceView,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiverView {
    pub latin: Option<String>,
    pub modern: Option<String>,
    /// Area drained through the zone.
    pub upstream_km2: Option<u32>,
    /// Strahler's order: 1 at a spring.
    pub strahler: Option<u8>,
    pub navigable: bool,
    /// The neighbouring zone the water goes to; `null` at a mouth, or unknown.
    #[schema(value_type = Option<String>)]
    pub downstream: Option<Zone>,
    pub provenance: ProvenanceView,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClimateView {
    /// Köppen-Geiger class.
    #[schema(example = "Csa")]
    pub koppen: String,
    pub provenance: ProvenanceView,
}

/// Monthly mean wind, or current of the sea's surface, January first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowView {
    pub months: Vec<FlowMonth>,
    pub provenance: ProvenanceView,
}

/// Where the air or the water goes to, cm/s: `u` to the east, `v` to the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowMonth {
    pub u_cm_s: i16,
    pub v_cm_s: i16,
}

/// Depth of the water, where there is any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BathymetryView {
    pub depth_mean_m: u32,
    pub depth_max_m: u32,
    pub provenance: ProvenanceView,
}

/// What covers most of the zone today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LandCoverView {
    /// Class of the IGBP legend, 0 (water) to 16 (barren).
    pub igbp: u8,
    #[schema(example = "cropland")]
    pub name: String,
    pub provenance: ProvenanceView,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LakeView {
    pub latin: Option<String>,
    pub modern: Option<String>,
    /// Share of the zone that is its water, thousandths.
    pub water_permille: u16,
    pub provenance: ProvenanceView,
}

/// Monthly sum, mm, January first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RainView {
    pub months_mm: Vec<u16>,
    pub provenance: ProvenanceView,
}

/// Monthly mean of the air, tenths of a degree Celsius, January first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemperatureView {
    pub months_tenths_c: Vec<i16>,
    pub provenance: ProvenanceView,
}

/// That the zone lies in something that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegionView {
    pub name: String,
    pub provenance: ProvenanceView,
}

/// Two sources that disagree, what was chosen and by which rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConflictView {
    pub layer: String,
    pub rule: String,
    pub chosen: String,
    pub chosen_value: f64,
    pub other: String,
    pub other_value: f64,
}

/// An ancient port or city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlaceView {
    /// Stable for ever.
    #[schema(example = "ostia")]
    pub id: String,
    pub latin: String,
    pub modern: String,
    pub position: Point,
    #[schema(value_type = String)]
    pub zone: Zone,
    /// The zone its ships lie in; `null` without a sea harbour.
    #[schema(value_type = Option<String>)]
    pub water_zone: Option<Zone>,
    pub province: String,
    /// `sea`, `river` or `none`.
    #[schema(value_type = String, example = "sea")]
    pub harbour: Harbour,
    /// 1 (Rome, Alexandria) to 5 (a small port).
    pub rank: u8,
    /// People, about AD 150.
    pub population: Option<u32>,
    #[schema(value_type = String, example = "certain")]
    pub certainty: Certainty,
    /// Where the location is argued.
    #[schema(example = "pleiades:422995")]
    pub citation: String,
    /// Astronomical years; absent where no bound is known.
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
    pub note: String,
    pub provenance: ProvenanceView,
}

/// Every place of a release, by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlaceList {
    #[schema(value_type = String)]
    pub release: ReleaseId,
    pub places: Vec<PlaceView>,
}

/// One page of zones, ascending; a page without `next` link is the last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CellPage {
    /// Every page of one walk comes from this release.
    #[schema(value_type = String)]
    pub release: ReleaseId,
    pub number_matched: u64,
    pub number_returned: u64,
    pub cells: Vec<CellView>,
    pub links: Vec<Link>,
}

/// A link as OGC API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    pub href: String,
    #[schema(example = "next")]
    pub rel: String,
    #[serde(rename = "type")]
    pub media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}
