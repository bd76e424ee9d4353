// What both journeys share: a browser, a wait that polls for a fact, and the API as the page's own cookie sees it.
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
