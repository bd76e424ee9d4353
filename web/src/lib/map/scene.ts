// What the map shows of a life, as data: `WorldMap.svelte` is told a scene and makes the map look like it.

import type { Me } from '../api/types';
import type { ServerClock } from '../game/clock';
import { serverNow } from '../game/clock';
import type { Line } from '../game/select';
import { type Along, along, type LonLat, progress } from '../game/voyage';

export type Scene = {
  release: string;
  clock: ServerClock;
  me: Me | null;
  line: Line | null;
  selected: LonLat | null;
};

export type ShipPosition = Along & { sailing: boolean };

/** Where to draw the ship at a moment of the browser's monotonic counter. */
export function shipAt(scene: Scene, monotonicMs: number): ShipPosition | null {
  const { me, line } = scene;
  if (!me) return null;
  if (me.voyage && line?.kind === 'sailing') {
    const point = along(line.path, progress(me.voyage, serverNow(scene.clock, monotonicMs)));
    if (point) return { ...point, sailing: true };
  }
  if (!me.position) return null;
  const at: LonLat = [me.position.lon, me.position.lat];
  return { at, westward: false, sailed: [], sailing: false };
}

export const lineFeature = (coordinates: LonLat[], part: string): GeoJSON.Feature => ({
  type: 'Feature',
  geometry: { type: 'LineString', coordinates },
  properties: { part },
});

export function routeFeatures(line: Line | null, sailed: LonLat[]): GeoJSON.FeatureCollection {
  const features = line ? [lineFeature(line.path, 'ahead')] : [];
  if (line?.kind === 'sailing' && sailed.length > 1) features.push(lineFeature(sailed, 'sailed'));
  return { type: 'FeatureCollection', features };
}

export const pointFeature = (at: LonLat | null): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: at ? [{ type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties: {} }] : [],
});

/** West, south, east, north of a line. */
export function bounds(path: readonly LonLat[]): [number, number, number, number] | null {
  if (path.length === 0) return null;
  const lons = path.map(([lon]) => lon);
  const lats = path.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
