// What the journeys share: a browser, a wait that polls for a fact, and the API as the page's own cookie sees it.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const BASE_URL = process.env.BASE_URL ?? 'http://localhost:3000';
const KEEP_DIR = process.env.KEEP_DIR ?? '.';
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** No single fact takes longer: a voyage of weeks is seconds at the rate that tests run at. */
export const PATIENCE_MS = 120_000;
const POLL_MS = 250;

export async function browser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page in a context of its own where nothing moves; what fails on it is told in `failures`. */
export async function calmPage(chromium, failures, options = {}) {
  const context = await chromium.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => failures.push(error.message));
  return page;
}

/** Asks until the answer is truthy; what is still missing is named when patience ends. */
export async function until(what, ask) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export async function get(page, address) {
  const response = await page.request.get(`${BASE_URL}/api/v1${address}`);
  if (!response.ok()) throw new Error(`GET ${address}: ${response.status()} ${await response.text()}`);
  return response.json();
}

/** Every moment of the life, in order. */
export async function moments(page) {
  const all = [];
  for (let after = 0; after !== null; ) {
    const { moments: some, next } = await get(page, `/moments?after=${after}`);
    all.push(...some);
    after = next ?? null;
  }
  return all;
}

export const fileOf = (name) => path.join(KEEP_DIR, name);
export const keep = (name, value) => writeFile(fileOf(name), `${JSON.stringify(value, null, 2)}\n`);
export const kept = async (name) => JSON.parse(await readFile(fileOf(name), 'utf8'));
export const sessionFile = () => fileOf('session.json');
export const picture = (page, name) => page.screenshot({ path: fileOf(`${name}.png`) });

export async function openPanel(page, name) {
  const button = page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name });
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  return page.getByRole('region', { name });
}

/** From the first page to the harbour; the words are counted on the way. */
export async function beginLife(page) {
  await page.goto(BASE_URL);
  await page.getByRole('button', { name: 'Begin a life' }).click();
  await keepWords(page);
}

export async function keepWords(page) {
  const words = page.getByRole('main').getByRole('listitem');
  await words.first().waitFor();
  assert.equal(await words.count(), 12);
  await page.getByRole('checkbox', { name: 'I have kept them safe' }).check();
  await page.getByRole('button', { name: 'Go to the harbour' }).click();
  await page.getByRole('navigation', { name: 'Panels' }).waitFor();
}

/** A good's line in the market, by both its names: salt is not salt fish. */
export function stall(market, { english, latin }) {
  return market.getByRole('button', { name: new RegExp(`^${english}\\s+${latin}\\b`, 'i') });
}

/** Plans the voyage in its panel, sets sail, and is there when this returns. */
export async function sailTo(page, destination) {
  const voyage = await openPanel(page, 'Voyage');
  await voyage.getByRole('searchbox').fill(destination.latin);
  await voyage
    .getByRole('listitem')
    .getByRole('button', { name: new RegExp(`^${destination.latin}\\b`) })
    .first()
    .click();
  await voyage.getByRole('button', { name: 'Set sail' }).click();
  await until('the arrival', async () => (await get(page, '/me')).place === destination.id);
  await page.getByRole('button', { name: `At ${destination.latin}` }).waitFor();
}

/** Harbours nearer than this lie in the same waters, and no voyage leads from one to the other. */
const NEXT_DOOR_DEGREES = 0.5;

/** The harbours that are soonest reached first, so that a test waits as little as the world allows. */
export async function nearbyHarbours(page) {
  const me = await get(page, '/me');
  const places = await get(page, '/places');
  const here = places.find(({ id }) => id === me.place);
  const away = ({ latitude, longitude }) => Math.hypot(latitude - here.latitude, longitude - here.longitude);
  return places
    .filter((place) => place.harbour === 'sea' && away(place) >= NEXT_DOOR_DEGREES)
    .sort((a, b) => away(a) - away(b));
}
