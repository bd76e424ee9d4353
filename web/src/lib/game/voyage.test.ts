import { expect, test } from 'vitest';
import { along, type LonLat, lonLats, progress } from './voyage';

const voyage = { departed_at: '2026-01-01T00:00:00Z', anchors_at: '2026-01-01T00:10:00Z' };
const at = (minute: number) => Date.parse('2026-01-01T00:00:00Z') + minute * 60_000;
const path: LonLat[] = [
  [10, 0],
  [12, 0],
  [12, 2],
];

test('progress is the share of the time and stays between the harbours', () => {
  expect([-1, 0, 5, 10, 99].map((minute) => progress(voyage, at(minute)))).toEqual([0, 0, 0.5, 1, 1]);
});

test('a voyage without duration has arrived', () => {
  expect(progress({ departed_at: voyage.anchors_at, anchors_at: voyage.anchors_at }, at(0))).toBe(1);
});

test('the ship is where its share of the way lies', () => {
  const point = along(path, 0.25);
  expect(point?.at[0]).toBeCloseTo(11, 3);
  expect(point?.at[1]).toBe(0);
  expect(point?.westward).toBe(false);
  expect(point?.sailed).toHaveLength(2);
});

test('both ends of the way are reached exactly', () => {
  expect(along(path, 0)?.at).toEqual([10, 0]);
  expect(along(path, 1)?.at).toEqual([12, 2]);
});

test('the bow looks west on a way back', () => {
  expect(along([...path].reverse(), 0.9)?.westward).toBe(true);
});

test('a path of one point or none does not stop the game', () => {
  expect(along([[1, 2]], 0.5)?.at).toEqual([1, 2]);
  expect(along([], 0.5)).toBeNull();
});

test('half a coordinate is dropped', () => {
  expect(lonLats([[1, 2], [3], [4, 5]])).toEqual([
    [1, 2],
    [4, 5],
  ]);
});
