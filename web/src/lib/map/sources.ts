// Where the map's data comes from: our own tiles, pinned to the release that the game plays on.
import type { SourceSpecification } from 'maplibre-gl';
import { lettering } from './names';

/** The region the release covers, west, south, east, north; outside it there is only paper. */
export const WORLD_BOUNDS: [number, number, number, number] = [-12, 4, 82, 60];
const WORLD_ZOOM_MAX = 7;
const RELIEF_ZOOM_MAX = 6;
const RELIEF_TILE_PX = 256;

const [WEST, SOUTH, EAST, NORTH] = WORLD_BOUNDS;
const edge = [
  [WEST, SOUTH],
  [EAST, SOUTH],
  [EAST, NORTH],
  [WEST, NORTH],
  [WEST, SOUTH],
];
const everything = [
  [-180, -85],
  [180, -85],
  [180, 85],
  [-180, 85],
  [-180, -85],
];
const single = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({
  type: 'Feature',
  geometry,
  properties: {},
});

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

export function sources(origin: string, release: string): Record<string, SourceSpecification> {
  const tiles = (tileset: string) => [`${origin}/api/v1/releases/${release}/tiles/${tileset}/{z}/{y}/{x}`];
  return {
    world: { type: 'vector', tiles: tiles('world'), bounds: WORLD_BOUNDS, maxzoom: WORLD_ZOOM_MAX },
    relief: {
      type: 'raster-dem',
      tiles: tiles('relief'),
      bounds: WORLD_BOUNDS,
      maxzoom: RELIEF_ZOOM_MAX,
      tileSize: RELIEF_TILE_PX,
      encoding: 'terrarium',
    },
    paper: { type: 'geojson', data: single({ type: 'Polygon', coordinates: [everything, edge] }) },
    frame: { type: 'geojson', data: single({ type: 'LineString', coordinates: edge }) },
    lettering: { type: 'geojson', data: lettering },
    route: { type: 'geojson', data: EMPTY },
    selection: { type: 'geojson', data: EMPTY },
  };
}
