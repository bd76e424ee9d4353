// Where a ship is on its path at a moment of the server's clock.
import type { Voyage } from '../api/types';

export type LonLat = [number, number];

export function progress(voyage: Pick<Voyage, 'departed_at' | 'anchors_at'>, nowMs: number): number {
  const departed = Date.parse(voyage.departed_at);
  const anchors = Date.parse(voyage.anchors_at);
  if (anchors <= departed) return 1;
  return Math.min(1, Math.max(0, (nowMs - departed) / (anchors - departed)));
}

const RADIANS = Math.PI / 180;

/** Length of one step on a plane squeezed by latitude: exact enough to share out a path that is drawn, not measured. */
function stepLength([lon0, lat0]: LonLat, [lon1, lat1]: LonLat): number {
  const squeeze = Math.cos(((lat0 + lat1) / 2) * RADIANS);
  return Math.hypot((lon1 - lon0) * squeeze, lat1 - lat0);
}

export type Along = { at: LonLat; westward: boolean; sailed: LonLat[] };

/** The point a fraction of the way along, which way the bow looks, and the water left behind. */
export function along(path: readonly LonLat[], fraction: number): Along | null {
  const first = path[0];
  const last = path[path.length - 1];
  if (!first || !last) return null;
  const lengths = path.slice(1).map((point, index) => stepLength(path[index] ?? point, point));
  let left = lengths.reduce((sum, length) => sum + length, 0) * Math.min(1, Math.max(0, fraction));
  const sailed: LonLat[] = [first];
  for (const [index, length] of lengths.entries()) {
    const from = path[index] ?? first;
    const to = path[index + 1] ?? last;
    if (left <= length && length > 0) {
      const share = left / length;
      const at: LonLat = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
      return { at, westward: to[0] < from[0], sailed: [...sailed, at] };
    }
    left -= length;
    sailed.push(to);
  }
  const before = path[path.length - 2] ?? last;
  return { at: last, westward: last[0] < before[0], sailed };
}

/** The wire carries pairs as plain number arrays. */
export const lonLats = (path: readonly (readonly number[])[]): LonLat[] =>
  path.flatMap(([lon, lat]) => (lon === undefined || lat === undefined ? [] : [[lon, lat] as LonLat]));
