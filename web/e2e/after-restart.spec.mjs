// Run after every service was killed and started again: the browser of life.spec.mjs finds the life it left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  BASE_URL,
  browser,
  get,
  kept,
  moments,
  openPanel,
  PATIENCE_MS,
  picture,
  sessionFile,
} from './player.mjs';

let chromium;
let page;
let life;

before(async () => {
  life = await kept('life.json');
  chromium = await browser();
  const context = await chromium.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    storageState: sessionFile(),
  });
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
});

after(async () => {
  await chromium?.close();
});

test('the same player finds every acknowledged moment, and none besides but what fell due', async () => {
  const found = await moments(page);
  assert.deepEqual(found.slice(0, life.moments.length), life.moments);
  assert.deepEqual(
    found.slice(life.moments.length).filter(({ kind }) => kind === 'action'),
    [],
  );
});

test('the page opens where the merchant stood, on a phone as well', async () => {
  await page.goto(BASE_URL);
  await page.getByRole('button', { name: `At ${life.place.latin}` }).waitFor();
  const journal = await openPanel(page, 'Journal');
  await journal.getByRole('listitem').getByText(life.entry).waitFor();
  await picture(page, 'after-restart');
});

test('the timeline still has every label', async () => {
  const { labels } = await get(page, '/timeline');
  assert.ok(labels.length >= life.labels, `${labels.length} labels, ${life.labels} before`);
  const timeline = await openPanel(page, 'Timeline');
  for (const lane of ['Voyage', 'Otium', 'Journal']) {
    await timeline.getByRole('group', { name: lane }).getByRole('button').first().waitFor();
  }
});
