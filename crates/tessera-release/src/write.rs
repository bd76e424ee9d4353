//! Writing a release, once, from the first row to the last.

use crate::{
    Error, RELEASE_FILE, TileAddress, Tileset,
    count::{CellCounts, Collections, Layers},
    rose, shape,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use tessera_grid::{Resolution, Zone};
use tessera_world::{
    Cell, Coarse, Conflict, Feature, FlowVector, Lake, Place, Provenance, ProvenanceId, ReleaseId,
    ReleaseInfo, River, Source, SurfaceInterval, Weather,
};
use theron_sqlite::rusqlite::{Connection, ToSql, params, params_from_iter};

const SCHEMA: &str = include_str!("schema.sql");

/// Statements kept prepared: every table has one, and none is prepared twice.
const STATEMENTS_MAX: usize = 32;

/// A finished release on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseFile {
    pub path: PathBuf,
    pub id: ReleaseId,
    pub sha256: String,
    pub bytes: u64,
}

/// Takes rows in the order of their keys, table by table; nothing is a release before
/// [`ReleaseWriter::finish`].
pub struct ReleaseWriter {
    connection: Connection,
    path: PathBuf,
    resolution: Resolution,
    coarse_resolution: Resolution,
    last_cell: Option<Zone>,
    last_coarse: Option<Zone>,
    last_interval: Option<SurfaceInterval>,
    last_feature: Option<(String, String)>,
    layers: Layers,
    cells: CellCounts,
    collections: Collections,
}

impl ReleaseWriter {
    /// Starts a release in a new file.
    pub fn create(path: &Path, info: &ReleaseInfo) -> Result<Self, Error> {
        if path.exists() {
            return Err(Error::File(theron_sqlite::Error::Exists(path.to_owned())));
        }
        let connection = theron_sqlite::create_immutable(path, RELEASE_FILE, SCHEMA)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        let writer = Self {
            connection,
            path: path.to_owned(),
            resolution: info.resolution,
            coarse_resolution: info.coarse_resolution,
            last_cell: None,
            last_coarse: None,
            last_interval: None,
            last_feature: None,
            layers: Layers::default(),
            cells: CellCounts::new(info.resolution),
            collections: Collections::default(),
        };
        writer.execute("BEGIN", &[])?;
        let [west, south, east, north]: [f64; 4] = info.bbox.into();
        for (key, value) in [
            ("bbox", json!([west, south, east, north]).to_string()),
            ("coarse_resolution", info.coarse_resolution.to_string()),
            ("epoch", info.epoch.to_string()),
            ("epochs", json!(info.epochs).to_string()),
            ("places", info.places.to_string()),
            ("resolution", info.resolution.to_string()),
            ("title", info.title.clone()),
            ("zones", info.zones.to_string()),
        ] {
            writer.execute("INSERT INTO meta VALUES (?1, ?2)", &[&key, &value])?;
        }
        Ok(writer)
    }

    pub fn source(&mut self, source: &Source) -> Result<(), Error> {
        let Source { id, title, publisher, licence, attribution, edition, sha256, url } = source;
        self.execute(
            "INSERT INTO source VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &[id, title, publisher, licence, attribution, edition, sha256, url],
        )
    }

    pub fn provenance(&mut self, provenance: &Provenance) -> Result<(), Error> {
        self.execute(
            "INSERT INTO provenance VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &[
                &provenance.id.0,
                &provenance.layer,
                &provenance.source,
                &provenance.licence,
                &provenance.certainty.as_str(),
                &provenance.method,
                &provenance.valid_from,
                &provenance.valid_to,
            ],
        )
    }

    /// One zone with the layers of the world's own resolution, its river, its lake and its conflicts; zones
    /// ascend. What a cell has of the coarse layers is not written here: see [`Self::coarse`].
    pub fn cell(&mut self, cell: &Cell) -> Result<(), Error> {
        follows(self.last_cell, cell.zone, self.resolution)?;
        self.last_cell = Some(cell.zone);
        self.cells.count(cell.zone);
        self.layers.count(cell);
        let (surface, terrain) = (cell.surface.as_ref(), cell.terrain.as_ref());
        let (bathymetry, climate) = (cell.bathymetry.as_ref(), cell.climate.as_ref());
        let land_cover = cell.land_cover.as_ref();
        self.execute(
            "INSERT INTO cell VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            params![
                cell.zone.to_i64(),
                surface.map(|s| s.kind.as_str()),
                surface.map(|s| s.land_permille),
                surface.map(|s| s.provenance.0),
                terrain.map(|t| t.elevation_mean_m),
                terrain.map(|t| t.elevation_min_m),
                terrain.map(|t| t.elevation_max_m),
                terrain.map(|t| t.slope_permille),
                terrain.map(|t| t.ruggedness_m),
                terrain.map(|t| t.provenance.0),
                bathymetry.map(|b| b.depth_mean_m),
                bathymetry.map(|b| b.depth_max_m),
                bathymetry.map(|b| b.provenance.0),
                climate.map(|c| c.koppen.as_str()),
                climate.map(|c| c.provenance.0),
                land_cover.map(|l| u8::from(l.igbp)),
                land_cover.map(|l| l.provenance.0),
            ],
        )?;
        if let Some(river) = &cell.river {
            self.river(cell.zone, river)?;
        }
        if let Some(lake) = &cell.lake {
            self.lake(cell.zone, lake)?;
        }
        cell.conflicts.iter().try_for_each(|conflict| self.conflict(cell.zone, conflict))
    }

    fn river(&self, zone: Zone, river: &River) -> Result<(), Error> {
        self.execute(
            "INSERT INTO river VALUES (?,?,?,?,?,?,?,?)",
            params![
                zone.to_i64(),
                river.latin,
                river.modern,
                river.upstream_km2,
                river.strahler,
                river.navigable,
                river.downstream.map(Zone::to_i64),
                river.provenance.0
            ],
        )
    }

    fn lake(&self, zone: Zone, lake: &Lake) -> Result<(), Error> {
        self.execute(
            "INSERT INTO lake VALUES (?,?,?,?,?)",
            params![zone.to_i64(), lake.latin, lake.modern, lake.water_permille, lake.provenance.0],
        )
    }

    fn conflict(&self, zone: Zone, conflict: &Conflict) -> Result<(), Error> {
        self.execute(
            "INSERT INTO conflict VALUES (?,?,?,?,?,?,?)",
            params![
                zone.to_i64(),
                conflict.layer,
                conflict.rule,
                conflict.chosen,
                conflict.chosen_value,
                conflict.other,
                conflict.other_value
            ],
        )
    }

    /// What the surface of a zone was in some years; ascending by zone and year, without overlap.
    pub fn surface_interval(&mut self, interval: &SurfaceInterval) -> Result<(), Error> {
        let SurfaceInterval { zone, valid_from, valid_to, surface } = interval;
        if let Some(last) = &self.last_interval {
            if last.zone > *zone {
                return Err(Error::Order { zone: *zone, previous: last.zone });
            }
            if last.zone == *zone && last.valid_to >= *valid_from {
                return Err(Error::Overlap { zone: *zone, valid_from: *valid_from });
            }
        }
        self.last_interval = Some(*interval);
        self.execute(
            "INSERT INTO surface_interval VALUES (?,?,?,?,?,?)",
            params![
                zone.to_i64(),
                valid_from,
                valid_to,
                surface.kind.as_str(),
                surface.land_permille,
                surface.provenance.0
            ],
        )
    }

    /// One zone of the coarse resolution with its layers; zones ascend.
    pub fn coarse(&mut self, coarse: &Coarse) -> Result<(), Error> {
        follows(self.last_coarse, coarse.zone, self.coarse_resolution)?;
        self.last_coarse = Some(coarse.zone);
        self.layers.count_coarse(coarse);
        let zone = coarse.zone.to_i64();
        if let Some(wind) = &coarse.wind {
            self.flow("wind", zone, &wind.months, wind.provenance)?;
        }
        if let Some(current) = &coarse.current {
            self.flow("current", zone, &current.months, current.provenance)?;
        }
        if let Some(weather) = &coarse.weather {
            self.weather(zone, weather)?;
        }
        if let Some(rose) = &coarse.wind_rose {
            self.execute(
                "INSERT INTO wind_rose VALUES (?,?,?)",
                params![zone, rose::to_bytes(&rose.months), rose.provenance.0],
            )?;
        }
        if let Some(geology) = &coarse.geology {
            let (crust, orogen) = (geology.crust.as_ref(), geology.orogen.as_ref());
            self.execute(
                "INSERT INTO geology VALUES (?,?,?,?,?)",
                params![
                    zone,
                    crust.map(|region| &region.name),
                    crust.map(|region| region.provenance.0),
                    orogen.map(|region| &region.name),
                    orogen.map(|region| region.provenance.0)
                ],
            )?;
        }
        Ok(())
    }

    fn flow(
        &self,
        table: &str,
        zone: i64,
        months: &[FlowVector; 12],
        provenance: ProvenanceId,
    ) -> Result<(), Error> {
        let values = std::iter::once(zone)
            .chain(months.iter().flat_map(|m| [i64::from(m.u_cm_s), i64::from(m.v_cm_s)]))
            .chain([i64::from(provenance.0)]);
        self.row(table, 26, values)
    }

    fn weather(&self, zone: i64, weather: &Weather) -> Result<(), Error> {
        let rain = |month: usize| weather.rain.map(|rain| i64::from(rain.months_mm[month]));
        let tenths =
            |month: usize| weather.temperature.map(|warm| i64::from(warm.months_tenths_c[month]));
        let values = std::iter::once(Some(zone))
            .chain((0..12).map(rain))
            .chain([weather.rain.map(|rain| i64::from(rain.provenance.0))])
            .chain((0..12).map(tenths))
            .chain([weather.temperature.map(|warm| i64::from(warm.provenance.0))]);
        self.row("weather", 27, values)
    }

    pub fn place(&mut self, place: &Place) -> Result<(), Error> {
        self.execute(
            "INSERT INTO place VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)",
            params![
                place.id,
                place.latin,
                place.modern,
                place.position.latitude(),
                place.position.longitude(),
                place.zone.to_i64(),
                place.water_zone.map(Zone::to_i64),
                place.province,
                place.harbour.as_str(),
                place.rank,
                place.population,
                place.certainty.as_str(),
                place.citation,
                place.valid_from,
                place.valid_to,
                place.note,
                place.provenance.0
            ],
        )
    }

    /// One feature; ascending by collection, then by id.
    pub fn feature(&mut self, feature: &Feature) -> Result<(), Error> {
        let key = (feature.collection.clone(), feature.id.clone());
        if let Some(previous) = self.last_feature.as_ref().filter(|last| **last >= key) {
            let previous = previous.clone();
            return Err(Error::FeatureOrder { collection: key.0, id: key.1, previous });
        }
        let refuse = |what| Error::Feature {
            collection: feature.collection.clone(),
            id: feature.id.clone(),
            what,
        };
        let bounds = shape::bounds(&feature.geometry)
            .ok_or_else(|| refuse("is empty, or lies beyond the globe"))?;
        let geometry = shape::to_wkb(&feature.geometry)
            .ok_or_else(|| refuse("has a shape that WKB cannot hold"))?;
        if !self.collections.takes(feature) {
            return Err(refuse("is not of points, lines or areas as its collection is"));
        }
        self.last_feature = Some(key);
        let fid = self.collections.count(feature, bounds);
        self.execute(
            "INSERT INTO feature VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            params![
                fid,
                feature.collection,
                feature.id,
                feature.title,
                feature.latin,
                geometry,
                feature.zone.map(Zone::to_i64),
                json!(feature.properties).to_string(),
                feature.certainty.as_str(),
                feature.citation,
                feature.valid_from,
                feature.valid_to,
                feature.provenance.0
            ],
        )?;
        let (min, max) = (bounds.min(), bounds.max());
        self.execute(
            "INSERT INTO feature_box VALUES (?,?,?,?,?)",
            params![fid, min.x, max.x, min.y, max.y],
        )
    }

    pub fn tile(&mut self, tileset: Tileset, at: TileAddress, data: &[u8]) -> Result<(), Error> {
        self.execute(
            "INSERT INTO tile VALUES (?1, ?2, ?3, ?4, ?5)",
            params![tileset.as_str(), at.z, at.row, at.col, data],
        )
    }

    /// Seals the file, brings it to the disk and names it by its content.
    pub fn finish(self) -> Result<ReleaseFile, Error> {
        for (id, zones, coarse) in self.layers.counted() {
            let resolution = if coarse { self.coarse_resolution } else { self.resolution };
            self.execute(
                "INSERT INTO layer VALUES (?,?,?)",
                params![id, zones.cast_signed(), u8::from(resolution)],
            )?;
        }
        for (zone, cells) in self.cells.all() {
            self.execute(
                "INSERT INTO cell_count VALUES (?,?)",
                params![zone.to_i64(), cells.cast_signed()],
            )?;
        }
        for (id, collection) in self.collections.all() {
            let [west, south, east, north]: [f64; 4] = collection.bbox().into();
            let (features, first_fid) = (collection.features.cast_signed(), collection.first_fid);
            let (first, last) = (collection.first_year(), collection.last_year());
            self.execute(
                "INSERT INTO collection VALUES (?,?,?,?,?,?,?,?,?)",
                params![id, features, first_fid, west, south, east, north, first, last],
            )?;
        }
        self.execute("INSERT INTO meta VALUES ('finished', '1')", &[])?;
        self.execute("COMMIT", &[])?;
        let Self { connection, path, .. } = self;
        connection
            .close()
            .map_err(|(_connection, source)| Error::Sqlite { path: path.clone(), source })?;
        let io = |source| Error::Io { path: path.clone(), source };
        File::open(&path).and_then(|file| file.sync_all()).map_err(io)?;
        let (sha256, bytes) = checksum(&path).map_err(io)?;
        let id = ReleaseId::from_sha256(&sha256)
            .map_err(|refusal| Error::Broken { path: path.clone(), what: refusal.to_string() })?;
        Ok(ReleaseFile { path, id, sha256, bytes })
    }

    fn row<T: ToSql>(
        &self,
        table: &str,
        columns: usize,
        values: impl Iterator<Item = T>,
    ) -> Result<(), Error> {
        let sql = format!("INSERT INTO {table} VALUES (?{})", ",?".repeat(columns - 1));
        let mut statement =
            self.connection.prepare_cached(&sql).map_err(|source| self.within(source))?;
        statement.execute(params_from_iter(values)).map_err(|source| self.within(source))?;
        Ok(())
    }

    fn execute(&self, sql: &str, values: &[&dyn ToSql]) -> Result<(), Error> {
        let mut statement =
            self.connection.prepare_cached(sql).map_err(|source| self.within(source))?;
        statement.execute(values).map_err(|source| self.within(source))?;
        Ok(())
    }

    fn within(&self, source: theron_sqlite::rusqlite::Error) -> Error {
        Error::Sqlite { path: self.path.clone(), source }
    }
}

/// Whether a zone may be written after the last one of its table.
fn follows(last: Option<Zone>, zone: Zone, expected: Resolution) -> Result<(), Error> {
    if zone.resolution() != expected {
        return Err(Error::Resolution { zone, expected });
    }
    match last.filter(|last| *last >= zone) {
        Some(previous) => Err(Error::Order { zone, previous }),
        None => Ok(()),
    }
}

/// SHA-256 of a file, lower-case hexadecimal, and its length in bytes.
pub fn checksum(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((hex::encode(hasher.finalize()), bytes));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}
