import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const style = readFileSync(new URL('../../app.css', import.meta.url), 'utf8');
/** Of the names on bars, in TimelinePanel and LifeLanes. */
const LETTERS = '#fdf6e2';
const READABLE = 4.5;

/** WCAG 2.2: relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const share = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
const contrast = (light: string, dark: string) => (luminance(light) + 0.05) / (luminance(dark) + 0.05);
const named = (name: string) => style.match(new RegExp(`${name}: (#\\w{6});`))?.[1] ?? '';
const colour = (value: string) => (value.startsWith('#') ? value : named(value.slice('var('.length, -1)));

test('the letters on every lane of the timeline can be read', () => {
  const lanes = [...style.matchAll(/\[data-lane(?:="(\w+)")?\] \{\s*--tone: ([^;]+);/g)];
  expect(lanes).toHaveLength(9);
  const faint = lanes.filter(([, , tone = '']) => contrast(LETTERS, colour(tone)) < READABLE);
  expect(faint.map(([, lane]) => lane)).toEqual([]);
});
